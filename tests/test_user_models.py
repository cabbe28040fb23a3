"""Coarse inpainters from the user's own files: what they may be, and that nothing of them runs without consent."""

from __future__ import annotations

import json
import pickle
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from app.cli.main import main
from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.inference.allowed import PROGRAM, WEIGHTS, AllowedFile, NotAllowedError, allowed_file
from app.inference.engine import Engine
from app.inference.request import InpaintOptions, InpaintRequest, RunReport, Stage, StageResult
from app.inference.user_models import UserModel
from tests.known_networks import lama_file, migan_file
from tests.networks import write_tiny_weights
from tests.own_models import Fails, Half, Nothing, Paint, bytes_file, half_file, odd_file, onnx_file, script

pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
CPU = torch.device("cpu")
RED, WHITE = [255, 0, 0], [255, 255, 255]
Loads = list[str]


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Loads:
    """What was loaded by torch and onnxruntime, which do nothing else here."""
    found: Loads = []
    monkeypatch.setattr(torch.jit, "load", lambda *_, **__: found.append("torch"))
    monkeypatch.setattr(torch, "load", lambda *_, **__: found.append("torch"))
    monkeypatch.setattr(onnxruntime, "InferenceSession", lambda *_, **__: found.append("onnx"))
    return found


def picture(height: int = 50, width: int = 70) -> tuple[np.ndarray, np.ndarray]:
    """Random pixels, and a hole in them."""
    image = np.random.default_rng(3).integers(0, 256, (height, width, 3), dtype=np.uint8)
    hole = np.zeros((height, width), bool)
    hole[10:20, 15:30] = True
    return image, hole


def filled_by(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The picture, its hole, and what the model makes of it."""
    image, hole = picture()
    return image, hole, UserModel(allowed_file(path), CPU).fill(image, hole).picture


def assert_fills_the_hole_alone(path: Path, colour: list[int]) -> None:
    """Nothing beyond the hole is taken from the model."""
    image, hole, made = filled_by(path)
    assert (made[hole] == colour).all()
    assert (made[~hole] == image[~hole]).all()


@pytest.mark.parametrize("red", [1.0, 255.0])
def test_a_script_fills_in_0_to_1_and_in_0_to_255(tmp_path: Path, red: float) -> None:
    assert_fills_the_hole_alone(script(tmp_path / "own.pt", Paint(red)), RED)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("size", [("h", "w"), (64, 96)])
def test_an_onnx_model_of_any_or_of_one_size_fills(tmp_path: Path, size: tuple[str, str], swapped: bool) -> None:
    path = onnx_file(tmp_path / "own.onnx", *size, swapped=swapped)
    image, hole, made = filled_by(path)
    assert (made[12:18, 18:27] == WHITE).all()
    assert (made[~hole] == image[~hole]).all()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: script(path, Nothing()), "no numbers"),
        (lambda path: script(path, Half()), "1×3×28×36 values where 1×3×56×72 are wanted"),
        (lambda path: script(path, Fails()), "fails on an image and a mask of 72×56"),
        (lambda path: torch.save({"weight": torch.ones(3)}, path), "no network that is known here"),
        (lambda path: path.write_bytes(b"no model"), "holds no model that can be run"),
    ],
)
def test_scripts_that_do_not_fit_are_one_sentence(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    path = tmp_path / "own.pt"
    make(path)
    with pytest.raises(LacunaError, match=words) as raised:
        filled_by(path)
    assert str(raised.value).startswith("own.pt")


@pytest.mark.parametrize("make", [bytes_file, half_file])
def test_onnx_models_of_bytes_and_of_halves_fill(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    assert_fills_the_hole_alone(make(tmp_path / "own.onnx"), WHITE)


@pytest.mark.parametrize(
    "make",
    [
        lambda path: odd_file(path, [1, "h", "w", 3], [1, "h", "w", 1]),
        lambda path: odd_file(path, [1, 3, "h", "w"], [1, "h", "w"]),
        lambda path: odd_file(path, [1, 4, 512, 512], [1, 1, 512, 512]),
        lambda path: bytes_file(path, onnx.TensorProto.FLOAT),
    ],
)
def test_onnx_inputs_that_are_not_understood_are_told(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(LacunaError, match=r"own\.onnx: the model must take an image \(1, 3, H, W\).*it takes image "):
        filled_by(make(tmp_path / "own.onnx"))


def test_onnx_files_that_do_not_fit_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match=r"must take an image \(1, 3, H, W\) and a mask"):
        filled_by(onnx_file(tmp_path / "one.onnx", inputs=1))
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with pytest.raises(LacunaError, match=r"broken\.onnx cannot be loaded"):
        filled_by(tmp_path / "broken.onnx")


def test_without_onnxruntime_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(LacunaError, match=r"pip install 'lacuna\[onnx\]'"):
        filled_by(onnx_file(tmp_path / "own.onnx"))


def test_pickles_are_told_before_torch_sees_them(tmp_path: Path, loads: Loads) -> None:
    (tmp_path / "own.pt").write_bytes(pickle.dumps({"weight": 1}))
    with pytest.raises(LacunaError, match="no model that can be run"):
        filled_by(tmp_path / "own.pt")
    assert not loads


def test_what_was_changed_since_is_not_loaded(tmp_path: Path, loads: Loads) -> None:
    path = script(tmp_path / "own.pt")
    allowed = allowed_file(path)
    script(path, Paint(0.5))
    with pytest.raises(NotAllowedError, match="changed since you allowed"):
        UserModel(allowed, CPU)
    assert not loads


@pytest.mark.parametrize("name", ["own.ckpt", "own.txt"])
def test_other_kinds_are_refused_unread(tmp_path: Path, name: str) -> None:
    with pytest.raises(LacunaError, match="one of"):
        allowed_file(tmp_path / name)


# in the engine

OPTIONS = InpaintOptions(coarse="custom", last_stage=Stage.COARSE, grow=0, feather=0, colour_match=False, detail=False)


def request(file: AllowedFile | None) -> InpaintRequest:
    """A run of the model alone."""
    image, hole = picture()
    return InpaintRequest(image, hole.astype(np.uint8) * 255, replace(OPTIONS, coarse_file=file))


def test_the_engine_runs_it_and_names_it(tmp_path: Path) -> None:
    wanted = request(allowed_file(script(tmp_path / "own.pt")))
    assert pickle.loads(pickle.dumps(wanted.options)) == wanted.options
    *_, result, report = Engine().run(wanted)
    assert isinstance(result, StageResult)
    assert isinstance(report, RunReport)
    assert (result.laid_over(wanted.image)[wanted.mask > 0] == RED).all()
    assert report.model == "custom (own.pt)"


def test_the_engine_loads_it_once(tmp_path: Path) -> None:
    options = request(allowed_file(script(tmp_path / "own.pt"))).options
    engine = Engine()
    assert engine.coarse(options) is engine.coarse(options)


def test_without_consent_the_engine_loads_nothing(loads: Loads) -> None:
    with pytest.raises(LacunaError, match="your consent"):
        list(Engine().run(request(None)))
    assert not loads


def test_known_networks_run_and_are_refined(tmp_path: Path) -> None:
    engine = Engine(write_tiny_weights(tmp_path))
    for make, name in ((lama_file, "lama"), (migan_file, "migan")):
        path = make(tmp_path / f"{name}.safetensors")
        wanted = request(allowed_file(path))
        wanted = replace(wanted, options=replace(wanted.options, last_stage=Stage.GLOBAL, result_stage=Stage.COARSE))
        results = {event.stage: event for event in engine.run(wanted) if isinstance(event, StageResult)}
        assert list(results) == [Stage.COARSE, Stage.LOCAL, Stage.GLOBAL]
        laid = [result.laid_over(wanted.image) for result in results.values()]
        assert all((each[wanted.mask == 0] == wanted.image[wanted.mask == 0]).all() for each in laid)
        assert (laid[0] != laid[2]).any()
        *_, report = engine.run(wanted)
        assert isinstance(report, RunReport)
        assert report.model == f"{name} ({path.name}) + tiny"


# on the command line


def command(folder: Path, *more: str) -> list[str]:
    """Fill a photo by the model ``own.pt``."""
    image, hole = picture()
    write_image(folder / "photo.png", image)
    write_image(folder / "mask.png", np.repeat(hole[..., None], 3, 2).astype(np.uint8) * 255)
    names = [str(folder / name) for name in ("photo.png", "mask.png", "out.png", "own.pt")]
    exact = ["--stage", "coarse", "--grow", "0", "--feather", "0", "--no-detail", "--no-colour-match"]
    return ["inpaint", names[0], "--mask", names[1], "-o", names[2], "--coarse-file", names[3], *exact, *more]


def test_the_command_runs_nothing_without_consent(
    tmp_path: Path, loads: Loads, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.pt").write_bytes(b"anything")
    assert main(command(tmp_path)) == 1
    told = capsys.readouterr().err.strip()
    assert told.count("\n") == 0
    assert PROGRAM in told
    assert "--allow-model-code" in told
    assert not loads
    assert not (tmp_path / "out.png").exists()


def test_the_command_runs_what_is_allowed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script(tmp_path / "own.pt")
    assert main(command(tmp_path, "--allow-model-code", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "custom (own.pt)"
    assert (read_photo(tmp_path / "out.png").pixels[picture()[1]] == RED).all()


def test_the_command_tells_of_weights_what_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = str(lama_file(tmp_path / "own.safetensors"))
    words = [name if word.endswith("own.pt") else word for word in command(tmp_path)]
    assert main(words) == 1
    assert WEIGHTS in capsys.readouterr().err
    assert main([*words, "--allow-model-code", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["model"] == "lama (own.safetensors)"


def test_models_lists_several(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [lama_file(tmp_path / "lama.safetensors"), migan_file(tmp_path / "migan.pt")]
    given = [word for path in paths for word in ("--coarse-file", str(path))]
    assert main(["models", "--json", *given]) == 0
    rows = [each for each in json.loads(capsys.readouterr().out)["models"] if each["name"] == "custom"]
    assert [row["label"] for row in rows] == ["LaMa (lama.safetensors)", "MI-GAN (migan.pt)"]
    assert [row["file"] for row in rows] == [str(path) for path in paths]


def test_two_coarse_inpainters_are_one_too_many(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command(tmp_path, "--allow-model-code", "--coarse", "telea")) == 1
    assert "leave one out" in capsys.readouterr().err


def test_models_lists_it_unrun(tmp_path: Path, loads: Loads, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.onnx"
    path.write_bytes(b"anything")
    assert main(["models", "--json", "--coarse-file", str(path)]) == 0
    row = next(each for each in json.loads(capsys.readouterr().out)["models"] if each["name"] == "custom")
    assert (row["file"], row["sha256"], row["size"]) == (str(path), allowed_file(path).sha256, 8)
    assert not loads
