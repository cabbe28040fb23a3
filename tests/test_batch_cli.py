"""`lacuna batch` as its contract words it, with real (if tiny) networks."""

from __future__ import annotations

import csv
import io
import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.batch.request import Existing
from app.cli import batch_output
from app.cli.main import main
from app.cli.output import Terminal
from app.imaging.files import read_photo, write_image
from app.imaging.formats import pillow
from app.imaging.masks import grown
from app.inference.engine import Engine
from tests.batch_folders import Place, damage, hole, make_place
from tests.networks import write_tiny_weights
from tests.own_models import script

KEYS = {
    "file", "state", "error", "output",
    "model", "device", "seconds", "regions", "hole_pixels", "peak_memory_mb", "warnings",
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """``0.png`` to ``2.png`` with their masks, and weights called tiny."""
    write_tiny_weights(tmp_path)
    return make_place(tmp_path / "place", 3)


def lacuna(place: Place, *words: str, masks: bool = True) -> int:
    """The exit code of a batch of the place."""
    pairs = ["--masks", str(place.masks)] if masks else []
    fixed = ["--coarse", "telea", "--weights", str(place.root.parent / "tiny"), "--device", "cpu"]
    try:
        return main(["batch", str(place.photos), "-o", str(place.out), *pairs, *fixed, *words])
    except SystemExit as stop:
        return int(stop.code or 0)


def _rows(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_batch_writes_results_and_one_object_a_file(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert lacuna(place, "--json") == 0
    out, err = capfd.readouterr()
    rows = _rows(out)
    assert [row["file"] for row in rows] == ["0.png", "1.png", "2.png"]
    assert all(row.keys() == KEYS and row["state"] == "done" and row["error"] is None for row in rows)
    assert rows[0]["output"] == str(place.out / "0.png")
    assert rows[0]["model"] == "telea + tiny"
    assert list(rows[0]["seconds"]) == ["load", "coarse", "local", "global", "detail", "save", "total"]
    photo, result = (read_photo(folder / "1.png").pixels for folder in (place.photos, place.out))
    changed = (photo != result).any(axis=2)
    assert changed.any()
    assert not (changed & (grown(hole(), 4) == 0)).any()
    assert err == ""


def test_it_is_what_inpaint_writes(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert lacuna(place, "--limit", "1", "--stages", str(place.root / "stages"), "--stage", "coarse") == 0
    assert capfd.readouterr() == ("", ""), "nothing is printed that was not asked for"
    alone = place.root / "alone.png"
    command = ["inpaint", str(place.photos / "0.png"), "--mask", str(place.masks / "0.png"), "-o", str(alone)]
    options = [
        "--coarse",
        "telea",
        "--weights",
        str(place.root.parent / "tiny"),
        "--device",
        "cpu",
        "--stage",
        "coarse",
    ]
    assert main([*command, *options, "--stages", str(place.root / "one")]) == 0
    assert list(place.written()) == ["0.png"]
    assert place.written()["0.png"] == alone.read_bytes()
    stages = {path.name: path.read_bytes() for path in (place.root / "stages" / "0").iterdir()}
    assert stages == {path.name: path.read_bytes() for path in (place.root / "one").iterdir()}
    assert {"coarse.png", "local.png", "global.png"} <= stages.keys()


def test_exact_and_its_size_rule(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    write_image(place.photos / "1.png", np.zeros((32, 32, 3), np.uint8))
    write_image(place.masks / "1.png", hole()[:, :32].copy())
    assert lacuna(place, "--exact", "--limit", "2") == 1
    assert list(place.written()) == ["1.png"]
    err = capfd.readouterr().err
    assert err.startswith("lacuna: error: 0.png: ")
    assert "multiples of 32" in err


def test_failures_are_a_line_each_after_which_the_others_go_on(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    damage(place.photos / "0.png")
    (place.masks / "1.png").unlink()
    assert lacuna(place, "--json") == 1
    out, err = capfd.readouterr()
    rows = {row["file"]: row for row in _rows(out)}
    assert {name: row["state"] for name, row in rows.items()} == {"0.png": "failed", "1.png": "failed", "2.png": "done"}
    assert all(row.keys() == KEYS for row in rows.values())
    lines = err.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("lacuna: error: ") for line in lines)
    assert "1.png: there is no mask 1" in lines[0], "what was known before the first file comes first"
    assert "0.png is damaged" in lines[1]
    assert rows["0.png"]["error"] in lines[1]


def test_it_goes_on_where_it_was(
    place: Place, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, runs = Engine.run, 0

    def interrupted(self: Engine, *arguments: Any) -> Iterator[Any]:
        nonlocal runs
        runs += 1
        if runs == 2:
            raise KeyboardInterrupt
        return usual(self, *arguments)

    monkeypatch.setattr(Engine, "run", interrupted)
    assert lacuna(place) == 130
    assert list(place.written()) == ["0.png"]
    assert capfd.readouterr() == ("", "")
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("batch-")]
    assert lacuna(place) == 1, "what is there is not overwritten unasked"
    assert capfd.readouterr().err.startswith("lacuna: error: 0.png is there already: resume, overwrite it")
    runs = 10
    (place.out / "2.png").unlink()
    assert lacuna(place, "--resume", "--json") == 0
    assert [row["file"] for row in _rows(capfd.readouterr().out)] == ["0.png", "1.png", "2.png"]
    assert runs == 11
    assert lacuna(place, "--resume", "--grow", "9") == 1
    assert "other settings (grow)" in capfd.readouterr().err


def test_debug_shows_where_a_file_failed(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    damage(place.photos / "0.png")
    level = logging.getLogger("app.batch").level
    try:
        assert lacuna(place, "--debug") == 1
    finally:
        logging.getLogger("app.batch").setLevel(level)
    assert "Traceback" in caplog.text


def test_failures_are_retried_when_asked(place: Place) -> None:
    damage(place.photos / "0.png")
    assert lacuna(place) == 1
    assert lacuna(place, "--resume") == 1
    place.add("0.png")
    assert lacuna(place, "--retry-failed") == 0


@pytest.mark.parametrize(("words", "code"), [(["--existing", "skip"], 0), (["--overwrite"], 0), ([], 1)])
def test_results_that_are_there(place: Place, words: list[str], code: int) -> None:
    place.out.mkdir()
    for number in range(3):
        (place.out / f"{number}.png").write_bytes(b"there")
    assert lacuna(place, *words, "--limit", "1") == code
    replaced = place.written()["0.png"] != b"there"
    assert replaced == ("--overwrite" in words)


def test_dry_run_prints_the_plan_and_writes_nothing(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    (place.masks / "1.png").unlink()
    assert lacuna(place, "--dry-run") == 1
    out, err = capfd.readouterr()
    assert [line.split()[0] for line in out.splitlines()] == ["0.png", "1.png:", "2.png", "2"]
    assert "(48×32)" in out
    assert "no mask 1" in out
    assert "needed" in out.splitlines()[-1]
    assert err == ""
    assert lacuna(place, "--dry-run", "--json") == 1
    rows = _rows(capfd.readouterr().out)
    assert [row["problem"] for row in rows] == [None, "mask missing", None]
    assert rows[0]["size"] == [48, 32]
    assert not place.out.exists()


def test_a_plan_is_printed_where_stdout_knows_few_letters(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(out, "ascii"))
    assert lacuna(place, "--dry-run") == 0
    assert out.getvalue().startswith(b"0.png (48\\xd732) with ")
    assert out.getvalue().count(b"\n") == 4


def test_photos_beyond_the_limit_are_refused(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert lacuna(place, "--dry-run", "--json", "--max-pixels", "0.001") == 1
    rows = _rows(capfd.readouterr().out)
    assert all(row["problem"] == "unreadable" and "0.001 megapixels that open unasked" in row["error"] for row in rows)
    assert lacuna(place, "--dry-run", "--max-pixels", "0.001", "--allow-huge") == 0


def test_the_report_has_every_file(place: Place) -> None:
    (place.masks / "1.png").unlink()
    for suffix in (".json", ".csv", ".html"):
        assert lacuna(place, "--overwrite", "--report", str(place.out / "reports" / f"report{suffix}")) == 1
    reports = place.out / "reports"
    report = json.loads((reports / "report.json").read_text())
    assert [(row["name"], row["state"]) for row in report["files"]] == [
        ("0.png", "done"), ("1.png", "failed"), ("2.png", "done"),
    ]  # fmt: skip
    assert len(report["models"]) >= 3
    rows = list(csv.DictReader(io.StringIO((reports / "report.csv").read_text("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["0.png", "1.png", "2.png"]
    assert "2.png" in (reports / "report.html").read_text()


def test_masks_from_elsewhere(place: Place) -> None:
    assert lacuna(place, "--mask", str(place.masks / "0.png"), masks=False) == 0
    for number in range(3):
        (place.masks / f"{number}.png").rename(place.photos / f"{number}_m.png")
    words = ("--mask-suffix", "_m", "--naming", "{stem} {number}", "--format", "tif")
    assert lacuna(place, *words, masks=False) == 0
    assert set(place.written()) == {"0.png", "1.png", "2.png", "0 1.tif", "1 2.tif", "2 3.tif"}
    assert lacuna(place, "--alpha", "--existing", str(Existing.OVERWRITE), masks=False) == 1


@pytest.mark.parametrize(
    ("words", "masks"),
    [
        ((), False),
        (("--mask", "m.png"), True),
        (("--limit", "0"), True),
        (("--naming", "same"), True),
        (("--format", "xyz"), True),
        (("--report", "report.txt"), True),
        (("--overwrite", "--existing", "skip"), True),
        (("--stage", "detail"), True),
        (("--mask-suffix", ""), False),
    ],
)
def test_wrong_usage_exits_with_two(
    place: Place, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], masks: bool
) -> None:
    assert lacuna(place, *words, masks=masks) == 2
    assert capfd.readouterr().out == ""
    assert not place.out.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--masks", "nowhere"], "nowhere is no folder"),
        (["--weights", "nowhere"], "no weights there"),
        (["--coarse", "magic"], "no coarse inpainter is called magic"),
        (["--device", "mps"], "no mps device"),
    ],
)
def test_what_stops_every_file_is_one_line(
    place: Place, capfd: pytest.CaptureFixture[str], change: list[str], words: str
) -> None:
    assert lacuna(place, *change) == 1
    err = capfd.readouterr().err
    assert err.startswith("lacuna: error: ")
    assert err.count("\n") == 1
    assert words in err
    assert not place.out.exists()


def test_the_limit_of_pixels_is_as_for_one_photo(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    assert lacuna(place, "--max-pixels", "0.001", "--limit", "1") == 1
    assert "more than the 0.001 megapixels" in capfd.readouterr().err
    assert lacuna(place, "--max-pixels", "0.001", "--allow-huge", "--limit", "1") == 0
    write_image(place.photos / "1.png", np.zeros((8, 8, 3), np.uint8))
    assert lacuna(place, "--max-pixels", "0.001", "--overwrite", "--limit", "2", "--json") == 1
    errors = [row["error"] for row in _rows(capfd.readouterr().out)]
    assert all("more than the 0.001 megapixels" in error for error in errors), "the mask of the second"


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_text_make_lines_of_json(place: Place, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    for folder in (place.photos, place.masks):
        (folder / "0.png").rename(folder / os.fsdecode(b"\xff\n0.png"))
    (place.masks / "1.png").rename(place.masks / "x.png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.FileIO(1, "w", closefd=False), "utf-8", "surrogateescape"))
        assert lacuna(place, "--json") == 1
        assert lacuna(place, "--json", "--dry-run", "--resume") == 1
        assert lacuna(place, "--dry-run", "--resume") == 1
    out, err = capfdbinary.readouterr()
    lines = out.splitlines()
    rows = [json.loads(line.decode("utf-8")) for line in lines[:6]]
    assert os.fsdecode(b"\xff\n0.png") in {row["file"] for row in rows}
    assert len(lines) == 6 + 3 + 1
    assert len(err.splitlines()) == 1


def test_a_failure_of_a_name_with_a_line_end_is_one_line(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    for path in place.photos.iterdir():
        path.rename(path.with_name(f"a\n{path.name}"))
    assert lacuna(place) == 1
    assert [line[:15] for line in capfd.readouterr().err.splitlines()] == ["lacuna: error: "] * 3


def test_a_model_of_ones_own_fills_a_folder(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    model = script(place.root / "own.pt")
    words = ["--stage", "coarse", "--coarse", "custom", "--coarse-file", str(model), "--allow-model-code", "--json"]
    assert lacuna(place, *words) == 0
    assert {row["model"] for row in _rows(capfd.readouterr().out)} == {"custom (own.pt)"}
    model.write_bytes(b"no model")
    assert lacuna(place, *words, "--overwrite") == 1
    assert capfd.readouterr().err.count("lacuna: error: ") == 1


def test_a_folder_without_photos(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    for path in place.photos.iterdir():
        path.unlink()
    assert lacuna(place) == 1
    err = capfd.readouterr().err
    assert err.startswith(f"lacuna: error: {place.photos}: no photographs there (--recursive")
    place.photos.rmdir()
    assert lacuna(place) == 1
    assert "photos is no folder" in capfd.readouterr().err


def test_failures_are_told_while_a_decoder_is_silenced(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    """A TIFF is decoded with the process's stderr closed to all; the lines about failures must arrive."""
    (place.masks / "1.png").unlink()
    silenced: list[Any] = []
    usual = batch_output.BatchOutput.tell

    def tell(self: batch_output.BatchOutput, outcome: Any) -> None:
        with pillow.silent():
            silenced.append(outcome)
            usual(self, outcome)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_output.BatchOutput, "tell", tell)
        assert lacuna(place) == 1
    assert len(silenced) == 3
    assert "no mask 1" in capfd.readouterr().err


def test_a_terminal_sees_a_bar(
    place: Place, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Terminal, "isatty", lambda self: True)
    assert lacuna(place) == 0
    out, err = capfd.readouterr()
    assert out == ""
    assert "looking" in err
    assert "0/3" in err
    assert "0.png coarse" in err
