"""Reports of a batch: complete for programs, harmless in spreadsheets, and a page that no file name can break."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.atomic import WriteError
from app.batch import provenance
from app.batch.events import FileOutcome, FileState
from app.batch.report import COLUMNS, check_report_path, write_report
from app.batch.report_html import duration
from app.batch.request import BatchRequest, MaskOrigin, MaskSource
from app.batch.summary import BatchReport
from app.errors import LacunaError
from app.inference.allowed import AllowedFile
from app.inference.request import InpaintOptions, Stage
from tests.networks import write_tiny_weights

EVIL = '"><script>alert(1)</script>\u202egnp.jpg'
SECONDS = {"load": 0.25, "global": 1.5, "save": 0.125, "total": 2.0}


def outcomes(folder: Path) -> tuple[FileOutcome, ...]:
    done = FileOutcome(
        name="Küste/a.jpg",
        state=FileState.DONE,
        output=folder / "Küste" / "a b%.jpg",
        sha256="ab" * 32,
        seconds=SECONDS,
        regions=((1, 2, 30, 40, 0.5),),
        hole_pixels=1234,
        model="lgnet-small",
        device="cpu",
        warnings=("soft <b>",),
        extent=(400, 300),
        before=b"before",
        after=b"after",
    )
    return (
        done,
        FileOutcome("b.jpg", FileState.SKIPPED, error="there is a result already"),
        FileOutcome(EVIL, FileState.FAILED, error='the mask "<img src=x onerror=alert(2)>" is too small, & old'),
        replace(done, name="c.jpg", output=folder / "javascript:alert(3).jpg", from_journal=True),
    )


@pytest.fixture
def report(tmp_path: Path) -> BatchReport:
    request = BatchRequest(tmp_path / "photos", tmp_path / "out", MaskSource(MaskOrigin.FOLDER, tmp_path / "masks"))
    return BatchReport(
        request,
        outcomes(tmp_path / "out"),
        "2026-05-04T10:00:00+02:00",
        "2026-05-04T10:03:20+02:00",
        200.0,
        (("lgnet global", "global.safetensors", "12" * 32),),
        {"lacuna": "0.5.0"},
        {"cpu": "A Fast One"},
    )


def written(report: BatchReport, path: Path) -> bytes:
    write_report(path, report)
    return path.read_bytes()


def rows_of(report: BatchReport, path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(report, path).decode("utf-8-sig"), newline="")))


# Paths


def test_the_suffix_decides_and_others_are_refused(tmp_path: Path, report: BatchReport) -> None:
    assert written(report, tmp_path / "REPORT.JSON").startswith(b"{")
    for name in ("report.xls", "report"):
        with pytest.raises(LacunaError, match=r"a report ends in \.json, \.csv, \.html"):
            write_report(tmp_path / name, report)
    check_report_path(tmp_path / "none" / "report.html")
    with pytest.raises(WriteError):
        write_report(tmp_path / "none" / "report.html", report)


def test_a_failure_half_way_leaves_the_old_report(tmp_path: Path, report: BatchReport) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(b"old")
    broken = replace(report, outcomes=(*report.outcomes, None))  # type: ignore[arg-type]
    for each in (path, path.with_suffix(".json")):
        with pytest.raises(AttributeError):
            write_report(each, broken)
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["report.html"]
    assert path.read_bytes() == b"old"


# JSON


def test_json_has_everything(tmp_path: Path, report: BatchReport) -> None:
    content = json.loads(written(report, tmp_path / "report.json"))
    assert (content["format"], content["version"]) == ("lacuna-batch-report", 1)
    assert content["counts"] == {"photos": 4, "done": 2, "failed": 1, "skipped": 1, "before": 1}
    assert content["settings"].keys() == {field.name for field in fields(BatchRequest)}
    assert content["settings"]["masks"] == {
        "origin": "folder",
        "path": str(tmp_path / "masks"),
        "suffix": "_mask",
    }
    assert content["settings"]["options"].keys() == {field.name for field in fields(InpaintOptions)}
    assert content["models"] == [{"name": "lgnet global", "file": "global.safetensors", "sha256": "12" * 32}]
    assert (content["versions"], content["machine"]) == ({"lacuna": "0.5.0"}, {"cpu": "A Fast One"})
    assert (content["began"], content["seconds"]) == (report.began, 200.0)
    first = content["files"][0]
    assert first == {
        "name": "Küste/a.jpg",
        "state": "done",
        "error": "",
        "output": str(tmp_path / "out" / "Küste" / "a b%.jpg"),
        "sha256": "ab" * 32,
        "width": 400,
        "height": 300,
        "hole_pixels": 1234,
        "model": "lgnet-small",
        "device": "cpu",
        "seconds": SECONDS,
        "regions": [[1, 2, 30, 40, 0.5]],
        "warnings": ["soft <b>"],
        "from_journal": False,
    }
    assert content["files"][2]["name"] == EVIL


def test_names_that_are_no_unicode(tmp_path: Path, report: BatchReport) -> None:
    name = os.fsdecode(b"\xff.jpg")
    odd = replace(report, outcomes=(FileOutcome(name, FileState.DONE, tmp_path / name),))
    assert json.loads(written(odd, tmp_path / "report.json"))["files"][0]["name"] == name
    assert rows_of(odd, tmp_path / "report.csv")[0]["name"] == "?.jpg"
    assert 'href="./%FF.jpg"><bdi>?.jpg</bdi>' in written(odd, tmp_path / "report.html").decode()


# CSV


def test_csv_has_a_row_a_photo(tmp_path: Path, report: BatchReport) -> None:
    data = written(report, tmp_path / "report.csv")
    assert data.startswith(b"\xef\xbb\xbfname,state,")
    assert data.count(b"\r\n") == 5
    first, _, evil, before = rows_of(report, tmp_path / "report.csv")
    assert tuple(first) == COLUMNS
    assert (first["name"], first["state"], first["hole_pixels"]) == ("Küste/a.jpg", "done", "1234")
    assert (first["global_seconds"], first["local_seconds"], first["total_seconds"]) == ("1.5", "", "2.0")
    assert (evil["name"], evil["output"]) == (EVIL, "")
    assert (first["from_journal"], before["from_journal"]) == ("no", "yes")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " =", "＝", "\n="])
def test_no_cell_is_a_formula(tmp_path: Path, report: BatchReport, start: str) -> None:
    text = start + 'HYPERLINK("http://x","y")'
    odd = replace(report, outcomes=(FileOutcome(text, FileState.FAILED, error=text, warnings=(text,)),))
    (row,) = rows_of(odd, tmp_path / "report.csv")
    assert row["name"] == row["error"] == row["warnings"] == "'" + text


# HTML


class Page(HTMLParser):
    """What a browser would find."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.texts[self._inside[-1]] = self.texts.get(self._inside[-1], "") + data

    def all(self, tag: str, attribute: str) -> list[str]:
        return [found[attribute] or "" for name, found in self.tags if name == tag and attribute in found]


@pytest.fixture
def page(tmp_path: Path, report: BatchReport) -> Page:
    return Page(written(report, tmp_path / "report.html").decode())


def test_no_file_name_breaks_the_page(page: Page) -> None:
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    handlers = [name for _, found in page.tags for name in found if name.startswith("on")]
    assert not handlers
    assert '"><script>alert(1)</script>' in page.texts["bdi"]
    assert "\u202e" not in page.texts["bdi"], "a name can't show itself backwards"
    assert "<img src=x onerror=alert(2)>" in page.texts["small"]
    assert EVIL.replace("\u202e", "\ufffd") in page.all("tr", "data-name")


def test_the_page_needs_nothing_else(page: Page) -> None:
    sources = [found[name] or "" for tag, found in page.tags for name in ("src", "srcset", "data") if name in found]
    pictures = [base64.b64encode(each).decode() for each in (b"before", b"after")]
    assert sources == [f"data:image/jpeg;base64,{each}" for each in pictures * 2]
    assert not any(tag in {"link", "iframe", "object", "base"} for tag, _ in page.tags)
    assert not re.search(r"url\(|@import|https?:", page.texts["style"] + page.texts["script"])


def test_only_its_own_script_and_style_are_let_run(page: Page) -> None:
    (policy,) = [value for value in page.all("meta", "content") if "default-src" in value]
    assert policy.startswith("default-src 'none'; img-src data:;")
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.texts[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_failures_come_first_and_each_state_has_its_filter(page: Page) -> None:
    assert page.all("tr", "data-state") == ["failed", "skipped", "done", "done"]
    assert page.all("input", "id") == ["show-all", "show-done", "show-failed", "show-skipped"]
    assert page.texts["b"] == "4211"
    for state in FileState:
        assert f"#show-{state.value}:checked" in page.texts["style"]


def test_results_are_linked_from_where_the_report_lies(page: Page) -> None:
    assert page.all("a", "href") == ["./out/K%C3%BCste/a%20b%25.jpg", "./out/javascript%3Aalert%283%29.jpg"]
    assert "Küste/a.jpga b%.jpg" in page.texts["bdi"], "and named where they are called otherwise"


def test_the_page_says_with_what_and_how_long(page: Page) -> None:
    assert page.texts["h2"] == "SettingsWeightsVersionsMachine"
    assert "2026-05-04 10:00:00 to 2026-05-04 10:03:20: 3 min 20 s, 200.0 s a photo" in page.texts["p"]
    assert "global.safetensors\n" + "12" * 32 in page.texts["dd"]
    assert "A Fast One" in page.texts["dd"]


def test_durations_read_well() -> None:
    assert [duration(seconds) for seconds in (4.21, 59.9, 60, 3599, 7500)] == [
        "4.2 s",
        "59.9 s",
        "1 min 0 s",
        "59 min 59 s",
        "2 h 5 min",
    ]


# With what it was made


def test_the_weights_that_ran_are_named(tmp_path: Path, report: BatchReport) -> None:
    weights = write_tiny_weights(tmp_path)
    request = replace(report.request, weights=weights)
    own = provenance.models_used(request)
    assert [name for name, _, _ in own] == ["lgnet coarse", "lgnet local", "lgnet global"]
    for _, file, sha256 in own:
        assert hashlib.sha256(Path(file).read_bytes()).hexdigest() == sha256
    telea = replace(request, options=InpaintOptions(coarse="telea", last_stage=Stage.LOCAL))
    assert [name for name, _, _ in provenance.models_used(telea)] == ["telea", "lgnet local"]
    alone = replace(request, options=InpaintOptions(coarse="telea", last_stage=Stage.COARSE))
    assert provenance.models_used(alone) == (("telea", "", ""),)
    own_model = AllowedFile(tmp_path / "own.pt", "ab" * 32)
    custom = replace(alone, options=replace(alone.options, coarse="custom", coarse_file=own_model))
    assert provenance.models_used(custom) == (("custom", str(tmp_path / "own.pt"), "ab" * 32),)


def test_versions_and_machine_are_plain_words(isolated_user: Path) -> None:
    assert {"lacuna", "python", "torch", "numpy", "opencv", "pillow"} <= provenance.versions().keys()
    assert "–" not in provenance.versions().values()
    assert provenance.machine().keys() == {"system", "cpu", "cores", "memory"}
    assert all(isinstance(value, str) and value for value in provenance.machine().values())
