"""The command line as its contract words it: exit codes, one line of error, JSON, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli.main import main
from app.imaging.files import read_photo, write_image
from app.imaging.masks import grown
from tests.networks import write_tiny_weights

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path):
    """photo.png, mask.png, exact.png (sides of 64) and weights."""
    rng = np.random.default_rng(0)
    write_image(tmp_path / "photo.png", rng.integers(0, 256, (90, 120, 3), dtype=np.uint8))
    write_image(tmp_path / "exact.png", rng.integers(0, 256, (64, 64, 3), dtype=np.uint8))
    mask = np.zeros((90, 120), np.uint8)
    mask[30:50, 40:70] = 255
    write_image(tmp_path / "mask.png", mask)
    write_image(tmp_path / "exact_mask.png", mask[:64, :64])
    write_tiny_weights(tmp_path)
    return tmp_path


def lacuna(folder, *words):
    arguments = [str(folder / word) if "." in word or word in {"tiny", "out"} else word for word in words]
    try:
        return main(arguments)
    except SystemExit as stop:
        return stop.code


INPAINT = ("inpaint", "photo.png", "--mask", "mask.png", "-o", "result.png", "--coarse", "telea", "--weights", "tiny")


def test_inpaint_writes_the_result_and_one_json_object(folder, capfd):
    assert lacuna(folder, *INPAINT, "--json") == 0
    out, err = capfd.readouterr()
    summary = json.loads(out)
    assert out.count("\n") == 1
    assert summary.keys() == {"model", "device", "seconds", "regions", "hole_pixels", "peak_memory_mb", "warnings"}
    assert list(summary["seconds"]) == ["load", "coarse", "local", "global", "detail", "save", "total"]
    assert summary["regions"] == [[0, 0, 120, 90, 1.0]]
    photo, result = read_photo(folder / "photo.png").pixels, read_photo(folder / "result.png").pixels
    mask = np.zeros((90, 120), np.uint8)
    mask[30:50, 40:70] = 255
    changed = (photo != result).any(axis=2)
    assert changed.any()
    assert not (changed & (grown(mask, 4) == 0)).any()
    assert err == ""


def test_inpaint_is_silent_without_json(folder, capfd):
    assert lacuna(folder, *INPAINT) == 0
    assert capfd.readouterr() == ("", "")


def test_stages_are_written_whole_whatever_stage_is_asked_for(folder):
    assert lacuna(folder, *INPAINT, "--stage", "coarse", "--no-detail", "--stages", "out") == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["coarse.png", "global.png", "local.png"]
    coarse, result = (read_photo(folder / name).pixels for name in ("out/coarse.png", "result.png"))
    assert np.array_equal(coarse, result)
    assert lacuna(folder, *INPAINT, "--stage", "coarse", "--stages", "out") == 0
    names = [path.stem for path in (folder / "out").iterdir()]
    assert sorted(names) == ["coarse", "detail", "global", "local"], "what diffusion made is soft at any size"
    detail, result = (read_photo(folder / name).pixels for name in ("out/detail.png", "result.png"))
    assert np.array_equal(detail, result)
    assert not np.array_equal(detail, coarse)


def test_detail_is_what_is_written_and_a_stage_of_its_own(folder, capfd):
    large = read_photo(folder / "photo.png").pixels.repeat(2, axis=0).repeat(2, axis=1)
    mask = np.zeros(large.shape[:2], np.uint8)
    mask[60:100, 80:140] = 255
    write_image(folder / "photo.png", large)
    write_image(folder / "mask.png", mask)
    small = ("--working-size", "128", "--json")
    assert lacuna(folder, *INPAINT, "--stage", "coarse", *small) == 0
    seconds = json.loads(capfd.readouterr().out)["seconds"]
    assert seconds["detail"] > 0
    assert seconds["local"] == seconds["global"] == 0, "the stages after the one asked for are not run"
    alone = read_photo(folder / "result.png").pixels
    assert lacuna(folder, *INPAINT, "--stage", "coarse", *small, "--stages", "out") == 0
    assert json.loads(capfd.readouterr().out)["seconds"]["global"] > 0
    written = {path.stem: read_photo(path).pixels for path in (folder / "out").iterdir()}
    assert sorted(written) == ["coarse", "detail", "global", "local"]
    result = read_photo(folder / "result.png").pixels
    assert np.array_equal(result, written["detail"])
    assert np.array_equal(result, alone)
    assert lacuna(folder, *INPAINT, "--stage", "coarse", *small, "--no-detail") == 0
    assert json.loads(capfd.readouterr().out)["seconds"]["detail"] == 0
    assert np.array_equal(read_photo(folder / "result.png").pixels, written["coarse"])


def test_seed_and_context_scale_make_other_results(folder, capfd):
    large = np.random.default_rng(2).integers(40, 200, (240, 320, 3), dtype=np.uint8)
    mask = np.zeros(large.shape[:2], np.uint8)
    mask[100:130, 140:180] = 255
    write_image(folder / "photo.png", large)
    write_image(folder / "mask.png", mask)
    results, regions = [], []
    for more in ((), ("--seed", "1"), ("--context-scale", "2"), ("--seed", "1")):
        assert lacuna(folder, *INPAINT, "--stage", "coarse", "--working-size", "128", "--json", *more) == 0
        regions.append(json.loads(capfd.readouterr().out)["regions"][0])
        results.append(read_photo(folder / "result.png").pixels)
    assert regions[0] == regions[1]
    assert regions[2][2] > regions[0][2]
    assert not np.array_equal(results[0], results[1])
    assert np.array_equal(results[1], results[3])
    for bad in (("--seed", "-1"), ("--context-scale", "9"), ("--context-scale", "nan")):
        assert lacuna(folder, *INPAINT, *bad) == 2


def test_exact_and_its_size_rule(folder, capfd):
    common = ("-o", "result.png", "--exact", "--weights", "tiny")
    assert lacuna(folder, "inpaint", "exact.png", "--mask", "exact_mask.png", *common, "--json") == 0
    assert json.loads(capfd.readouterr().out)["model"] == "tiny"
    assert lacuna(folder, "inpaint", "photo.png", "--mask", "mask.png", *common) == 1
    assert "multiples of 32" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"photo.png": "missing.png"}, "missing.png"),
        ({"photo.png": "broken.png"}, "broken.png"),
        ({"photo.png": "folder.d"}, "folder.d"),
        ({"mask.png": "small.png"}, "8×8"),
        ({"mask.png": "empty.png"}, "empty.png: the mask is empty"),
        ({"mask.png": "full.png"}, "whole photograph"),
        ({"result.png": "result.xyz"}, "result.xyz"),
        ({"result.png": "nowhere.d/result.png"}, "folder does not exist"),
        ({"telea": "magic"}, "no coarse inpainter is called magic"),
        ({"tiny": "none.d"}, "no weights there"),
    ],
)
def test_bad_input_is_one_line_that_names_it(folder, capfd, change, words):
    (folder / "broken.png").write_bytes((folder / "photo.png").read_bytes()[:3000])
    (folder / "folder.d").mkdir()
    write_image(folder / "small.png", np.full((8, 8), 255, np.uint8))
    write_image(folder / "empty.png", np.zeros((90, 120), np.uint8))
    write_image(folder / "full.png", np.full((90, 120), 255, np.uint8))
    before = sorted(path.name for path in folder.iterdir())
    assert lacuna(folder, *(change.get(word, word) for word in INPAINT)) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("lacuna: error: ")
    assert err.count("\n") == 1
    assert words in err
    assert sorted(path.name for path in folder.iterdir()) == before, "nothing is left half-written"


def test_wrong_usage_exits_with_two(folder, capfd):
    assert lacuna(folder, "inpaint", "photo.png") == 2
    assert lacuna(folder, *INPAINT, "--stage", "fine") == 2
    assert lacuna(folder, *INPAINT, "--stage", "detail") == 2
    assert lacuna(folder, *INPAINT, "--grow", "-3") == 2
    capfd.readouterr()


def test_ctrl_c_exits_with_130(folder, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli.inpaint.write_photo", interrupted)
    assert lacuna(folder, *INPAINT) == 130
    assert not (folder / "result.png").exists()


def test_models_lists_inpainters_and_weights(folder, capfd):
    assert lacuna(folder, "models", "--json", "--weights", "tiny") == 0
    models = json.loads(capfd.readouterr().out)["models"]
    names = [model["name"] for model in models]
    assert {"lgnet", "telea", "ns", "patchmatch", "criminisi", "biharmonic", "lgnet-local", "lgnet-global"} <= set(
        names
    )
    for model in models:
        assert {"name", "file", "sha256", "licence", "source", "size", "device"} <= model.keys()
    weights = [model for model in models if model["file"]]
    assert all(len(model["sha256"]) == 64 and Path(model["file"]).is_file() for model in weights)


def test_evaluate_prints_table_json_and_sheet(folder, capfd):
    images = folder / "photos"
    images.mkdir()
    rng = np.random.default_rng(2)
    for index in range(3):
        write_image(images / f"{index}.png", rng.integers(0, 256, (80, 96, 3), dtype=np.uint8))
    command = [
        "evaluate",
        "--images",
        str(images),
        "--weights",
        str(folder / "tiny"),
        "--methods",
        "lgnet,telea,telea+refine",
    ]
    assert main([*command, "--json", "--sheet", str(folder / "sheet.png")]) == 0
    methods = json.loads(capfd.readouterr().out)["methods"]
    assert list(methods) == ["lgnet", "telea", "telea+refine"]
    assert {"psnr", "hole_psnr", "ssim", "l1", "lpips", "seconds"} <= methods["lgnet"]["all"].keys()
    assert list(methods["lgnet"]["bins"]) == ["0.01-0.10", "0.10-0.20", "0.20-0.30"]
    assert read_photo(folder / "sheet.png").pixels.shape[1] == 5 * 260
    assert main([*command, "--record"]) == 0
    assert "telea+refine" in capfd.readouterr().out
    card = json.loads((folder / "tiny" / "model.json").read_text())
    assert card["figures"]["photographs"] == 3
    assert list(card["figures"]["methods"]) == ["lgnet", "telea", "telea+refine"]
    assert main(["evaluate", "--images", str(images), "--methods", "magic"]) == 1


def test_train_writes_weights_that_inpaint_uses_and_resumes(folder, capfd):
    config = folder / "quick.json"
    config.write_text(
        '{"foreign_pool": 0, "network": {"width": 4, "channel_cap": 4, "levels": 5},'
        ' "phases": [{"start": 0, "size": 32, "batch": 2}],'
        ' "steps": 2, "bf16": false}'
    )
    command = ["train", "--data", str(folder), "--out", str(folder / "run"), "--config", str(config), "--json"]
    assert main(command) == 0
    assert json.loads(capfd.readouterr().out)["steps"] == 2
    assert main(command) == 1
    assert "--resume" in capfd.readouterr().err
    (folder / "sources.csv").write_text("file,source,licence\na.png,us,MIT\nb.png,us,MIT\n")
    assert main([*command, "--steps", "3", "--resume", "--sources", str(folder / "sources.csv")]) == 0
    card = json.loads((folder / "run" / "weights" / "model.json").read_text())
    assert card["data"]["sources"] == [{"source": "us", "licence": "MIT", "photographs": 2}]
    assert card["training"]["config"]["network"]["width"] == 4
    assert json.loads(capfd.readouterr().out)["steps"] == 3
    trained = [word if word != "tiny" else "run/weights" for word in INPAINT]
    trained[trained.index("run/weights")] = str(folder / "run" / "weights")
    assert lacuna(folder, *trained) == 0


def test_the_editor_without_a_display_names_the_headless_commands(folder):
    environment = {k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}}
    command = [sys.executable, "main.py", str(folder / "photo.png")]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no display" in done.stderr
    assert all(f"lacuna {command}" in done.stderr for command in ("inpaint", "batch", "evaluate", "train", "models"))
    assert done.stderr.count("\n") == 1


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    for command in ("inpaint", "batch", "evaluate", "train", "models"):
        assert f"lacuna {command}" in out


def test_what_is_to_be_avoided_changes_the_result_and_must_fit(folder, capfd):
    avoid = np.zeros((90, 120), np.uint8)
    avoid[:, 75:] = 255
    write_image(folder / "avoid.png", avoid)
    common = ("--mask", "mask.png", "--coarse", "lgnet", "--weights", "tiny", "--no-detail")
    assert lacuna(folder, "inpaint", "photo.png", *common, "-o", "plain.png") == 0
    assert lacuna(folder, "inpaint", "photo.png", *common, "-o", "choosy.png", "--avoid", "avoid.png") == 0
    plain, choosy = (read_photo(folder / name).pixels for name in ("plain.png", "choosy.png"))
    assert not np.array_equal(plain, choosy)
    assert lacuna(folder, "inpaint", "photo.png", *common, "-o", "no.png", "--avoid", "exact_mask.png") == 1
    assert capfd.readouterr().err.count("lacuna: error:") == 1
