"""Evaluation: samples, methods that share work, and the command round them."""

import json
import sys

import cv2
import numpy as np
import pytest
import torch

from app.atomic import WriteError
from app.cli.main import main
from app.errors import LacunaError
from app.imaging.files import write_image
from app.imaging.random_masks import AREA_BINS
from app.inference.coarse import Diffusion
from app.inference.engine import Engine
from app.inference.networks import StageNetworks
from app.inference.request import DeviceChoice, Stage
from app.models.lgnet import LGNet
from app.training.evaluate import Sample, read_samples
from app.training.methods import METHODS, find_methods
from app.training.native import EngineSolver
from app.training.sheet import Sheet
from app.training.solvers import BareSolver
from tests.evaluating import sample
from tests.networks import TINY, write_tiny_weights

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return write_tiny_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def networks(weights):
    return StageNetworks(weights, CPU)


@pytest.fixture
def photographs(tmp_path):
    """Seven photographs, one of them broken, one in a folder below."""
    folder = tmp_path / "photographs"
    (folder / "more").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for index in range(6):
        name = f"more/{index}.png" if index == 5 else f"{index}.png"
        write_image(folder / name, rng.integers(0, 256, (70, 96, 3), dtype=np.uint8))
    (folder / "1b.png").write_bytes(b"no photograph")
    return folder


# Samples


def test_seeded_holes_go_through_the_bins_and_stay_when_a_photograph_is_left_out(photographs, caplog):
    samples = list(read_samples(photographs, 64, None, 3))
    assert [entry.name for entry in samples] == ["0.png", "1.png", "2.png", "3.png", "4.png", "more/5.png"]
    assert caplog.text.count("1b.png") == 1
    for entry in samples:
        low, high = AREA_BINS[entry.bin_index]
        assert entry.image.shape == (64, 64, 3)
        assert low <= entry.hole.mean() <= high
    assert [entry.bin_index for entry in samples] == [0, 1, 3, 4, 5, 0], "the broken one's bin stays its own"
    again = list(read_samples(photographs, 64, None, 3, limit=2))
    assert len(again) == 2
    assert np.array_equal(again[1].hole, samples[1].hole)


def test_given_masks_are_found_by_path_and_stem(photographs, tmp_path, caplog):
    (photographs / "1b.png").unlink()
    masks = tmp_path / "masks"
    (masks / "more").mkdir(parents=True)
    mask = np.zeros((70, 96), np.uint8)
    mask[20:40, 30:60] = 255
    for name in ("0.png", "1_mask.png", "2.PNG", "3.png", "more/5_mask.png"):
        write_image(masks / name, mask)
    with pytest.raises(LacunaError, match=r"no mask there for 4\.png"):
        next(read_samples(photographs, None, masks, 0))
    outside = np.zeros((70, 96), np.uint8)
    outside[:, :5] = 255
    write_image(masks / "4.png", outside)
    samples = list(read_samples(photographs, 64, masks, 0))
    assert [entry.name for entry in samples] == ["0.png", "1.png", "2.png", "3.png", "more/5.png"]
    assert "4.png: no hole inside the central square" in caplog.text
    native = list(read_samples(photographs, None, masks, 0))
    assert len(native) == 6
    assert np.array_equal(native[0].hole, mask > 0)


def test_masks_may_lie_beside_the_photographs(photographs):
    """A photograph is never taken for its own mask."""
    mask = np.zeros((70, 96), np.uint8)
    mask[20:40, 30:60] = 255
    write_image(photographs / "0_mask.png", mask)
    first = next(read_samples(photographs, None, photographs, 0, limit=1))
    assert np.array_equal(first.hole, mask > 0)


def test_nothing_to_evaluate_is_an_error(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"nothing")
    with pytest.raises(LacunaError, match="no photograph there"):
        list(read_samples(tmp_path, 64, None, 0))


# Methods and solvers


def test_methods_are_named_once_and_unknown_ones_listed():
    assert [method.name for method in find_methods(" lgnet, telea ,lgnet")] == ["lgnet", "telea"]
    assert METHODS["lgnet-nolocal"].skipped == {Stage.LOCAL}
    with pytest.raises(LacunaError, match=r"no method is called magic: choose from lgnet-coarse.*telea\+refine"):
        find_methods("lgnet,magic")
    with pytest.raises(LacunaError, match="no method is named"):
        find_methods(" ,")


def test_a_skipped_refinement_hands_on_what_it_got():
    torch.manual_seed(0)
    network = LGNet(TINY).eval()
    image, mask = torch.rand(1, 3, 32, 32) * 2 - 1, torch.zeros(1, 1, 32, 32)
    mask[..., 8:20, 8:20] = 1
    with torch.inference_mode():
        coarse, local, globe = network.stages(image, mask, skip={"local"})
        _, second, third = network.stages(image, mask, coarse.raw, skip={"local", "global"})
        expected = network.globe(torch.cat([coarse.composite, mask], 1))
    assert local.name == "local"
    assert torch.equal(local.composite, coarse.composite)
    assert torch.equal(globe.raw, expected)
    assert torch.equal(third.composite, coarse.composite)
    assert torch.equal(second.raw, coarse.raw)


def solved(solver, samples):
    return [[(s.method.name, s.picture, s.seconds) for s in solutions] for _, solutions in solver.solve(samples)]


NAMES = "lgnet-coarse,lgnet-local,lgnet,lgnet-nolocal,lgnet-noglobal,telea,telea+refine,ns"


def test_bare_methods_equal_the_stages_run_one_by_one(networks):
    given = sample()
    (solutions,) = solved(BareSolver(find_methods(NAMES), networks), [given])
    pictures = {name: picture for name, picture, _ in solutions}
    assert list(pictures) == NAMES.split(",")
    stages = [p.composite for p in networks.stages(given.image, given.hole, full_precision=True)]
    for name, expected in zip(("lgnet-coarse", "lgnet-local", "lgnet"), stages, strict=True):
        assert np.array_equal(pictures[name], expected), name
    assert np.array_equal(pictures["lgnet-noglobal"], pictures["lgnet-local"])
    assert not np.array_equal(pictures["lgnet-nolocal"], pictures["lgnet"])
    assert np.array_equal(pictures["telea"], Diffusion(cv2.INPAINT_TELEA).fill(given.image, given.hole).picture)
    refined = [p.composite for p in networks.stages(given.image, given.hole, pictures["telea"], full_precision=True)]
    assert np.array_equal(pictures["telea+refine"], refined[-1])
    for picture in pictures.values():
        assert np.array_equal(picture[~given.hole], given.image[~given.hole])


def test_shared_work_is_done_once_and_counted_for_each(networks, monkeypatch):
    fills, calls = [], []
    fill, stages = Diffusion.fill, StageNetworks.stages
    monkeypatch.setattr(Diffusion, "fill", lambda self, *a: (fills.append(1), fill(self, *a))[1])
    monkeypatch.setattr(StageNetworks, "stages", lambda self, *a, **k: (calls.append(1), stages(self, *a, **k))[1])
    (solutions,) = solved(BareSolver(find_methods(NAMES), networks), [sample()])
    assert len(fills) == 2, "Telea and Navier–Stokes, once each"
    assert len(calls) == 3, "LGNet, LGNet without local, Telea refined"
    seconds = {name: value for name, _, value in solutions}
    assert 0 < seconds["lgnet-coarse"] < seconds["lgnet-local"] < seconds["lgnet"]
    assert seconds["telea"] < seconds["telea+refine"]
    assert seconds["lgnet-noglobal"] == seconds["lgnet-local"]


def test_threads_change_nothing_but_the_time(networks):
    samples = [sample(seed) for seed in range(9)]
    one, three = (solved(BareSolver(find_methods("telea,ns,ns+refine"), networks, n), samples) for n in (1, 3))
    assert len(one) == len(three) == 9
    for mine, other in zip(one, three, strict=True):
        for (name, first, _), (_, second, _) in zip(mine, other, strict=True):
            assert np.array_equal(first, second), name


def test_without_networks_nothing_is_loaded():
    (solutions,) = solved(BareSolver(find_methods("telea,ns"), None), [sample()])
    assert [name for name, _, _ in solutions] == ["telea", "ns"]


def test_native_methods_share_runs_and_keep_what_is_known(weights):
    rng = np.random.default_rng(1)
    hole = np.zeros((150, 200), bool)
    hole[60:90, 80:120] = True
    large = Sample("large.png", rng.integers(90, 160, (150, 200, 3), dtype=np.uint8), hole, 0)
    solver = EngineSolver(find_methods(NAMES), weights, DeviceChoice.CPU)
    (solutions,) = solved(solver, [large])
    pictures = {name: picture for name, picture, _ in solutions}
    assert list(pictures) == NAMES.split(",")
    far = np.ones_like(hole)
    far[50:100, 70:130] = False
    for name, picture in pictures.items():
        assert np.array_equal(picture[far], large.image[far]), name
        assert not np.array_equal(picture[hole], large.image[hole]), name
    assert np.array_equal(pictures["lgnet-noglobal"], pictures["lgnet-local"])
    assert not np.array_equal(pictures["lgnet-nolocal"], pictures["lgnet"])


def test_every_native_result_with_detail_has_a_run_of_its_own(weights, monkeypatch):
    """The global stage and stages on top of real texture get detail, built on the method's own last stage."""
    runs = []
    run = Engine.run

    def remembered(self, request):
        runs.append(request.options)
        return run(self, request)

    monkeypatch.setattr(Engine, "run", remembered)
    rng = np.random.default_rng(1)
    hole = np.zeros((150, 200), bool)
    hole[60:80, 80:110] = True
    large = Sample("large.png", rng.integers(90, 160, (150, 200, 3), dtype=np.uint8), hole, 0)
    names = "telea,telea+refine,exemplar,exemplar+refine,lgnet-coarse,lgnet-local"
    (solutions,) = solved(EngineSolver(find_methods(names), weights, DeviceChoice.CPU), [large])
    assert [(each.coarse, each.last_stage, each.detail) for each in runs] == [
        ("telea", Stage.GLOBAL, True),
        ("exemplar", Stage.COARSE, True),
        ("exemplar", Stage.GLOBAL, True),
        ("lgnet", Stage.LOCAL, False),
    ]
    assert [name for name, _, _ in solutions] == names.split(",")


# The command


def test_the_command_reports_settings_gains_and_sheets(photographs, weights, tmp_path, capfd, caplog):
    command = ["evaluate", "--images", str(photographs), "--weights", str(weights), "--device", "cpu"]
    command += ["--methods", "lgnet-coarse,lgnet,telea,telea+refine", "--limit", "4", "--threads", "1", "--json"]
    sheet = tmp_path / "sheet.png"
    assert main([*command, "--sheet", str(sheet), "--sheet-rows", "2", "--sheet-worst", "lgnet"]) == 0
    out = capfd.readouterr().out
    content = json.loads(out)
    assert out.count("\n") == 1
    assert content["settings"] == {"photographs": 3, "size": "256", "seed": 0, "device": "cpu", "threads": 1}
    assert list(content["gains"]) == ["lgnet over lgnet-coarse", "telea+refine over telea", "lgnet over telea"]
    assert "1b.png" in caplog.text
    assert sheet.exists()
    assert (tmp_path / "sheet-2.png").exists()
    again = [main(command), capfd.readouterr().out][1]
    assert drop_seconds(json.loads(again)["methods"]) == drop_seconds(content["methods"]), "seeded: always the same"


def drop_seconds(methods):
    return {name: {k: v for k, v in entry["all"].items() if k != "seconds"} for name, entry in methods.items()}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--methods", "magic"], "no method is called magic"),
        (["--methods", "telea", "--sheet-worst", "ns"], "--sheet-worst ns: not among the methods telea"),
        (["--methods", "telea", "--sheet", "sheet.xyz"], "sheet.xyz: files of this kind"),
        (["--methods", "telea", "--sheet", "/nowhere/at/all/sheet.png"], "its folder does not exist"),
        (["--methods", "telea", "--perceptual", "none.safetensors"], "none.safetensors"),
    ],
)
def test_bad_input_is_one_sentence(photographs, capfd, words, sentence):
    assert main(["evaluate", "--images", str(photographs), *words]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert sentence in err.splitlines()[-1]
    assert err.splitlines()[-1].startswith("lacuna: error: ")


def test_native_size_without_its_compiler_says_so(photographs, weights, monkeypatch, capfd):
    for name in [name for name in sys.modules if name.startswith(("app.training.native", "numba"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "numba", None)
    for name in ("engine", "detail", "correspondence", "region_job"):
        monkeypatch.delitem(sys.modules, f"app.inference.{name}", raising=False)
    for name in ("correspondence", "patch_kernels"):
        monkeypatch.delitem(sys.modules, f"app.imaging.{name}", raising=False)
    words = ["--size", "native", "--methods", "telea", "--weights", str(weights)]
    assert main(["evaluate", "--images", str(photographs), *words]) == 1
    assert "--size native needs the package numba" in capfd.readouterr().err


# What is written besides the table


@pytest.fixture
def unsolved(monkeypatch):
    """Nothing may be filled."""

    def too_late(*_):
        raise AssertionError("photographs are filled")

    monkeypatch.setattr("app.cli.evaluate._scores", too_late)


def evaluate(photographs, *more):
    words = ["evaluate", "--images", photographs, "--methods", "telea", "--limit", "1", "--device", "cpu", *more]
    return main([str(word) for word in words])


@pytest.mark.usefixtures("unsolved")
def test_what_figures_cannot_be_recorded_in_shows_before_anything_is_filled(photographs, tmp_path, monkeypatch, capfd):
    assert evaluate(photographs, "--record") == 1
    assert capfd.readouterr().err == (
        "lacuna: error: --record: name the folder whose model card takes the figures with --weights\n"
    )
    mine = write_tiny_weights(tmp_path)
    card = mine / "model.json"
    content = card.read_bytes()

    def refused(*_):
        raise WriteError("cannot save model.json: the disk is read-only")

    with monkeypatch.context() as patch:
        patch.setattr("app.training.card.write_bytes", refused)
        assert evaluate(photographs, "--record", "--weights", mine) == 1
    assert "cannot save model.json" in capfd.readouterr().err
    assert card.read_bytes() == content
    for damaged in ("[1]", "{"):
        card.write_text(damaged)
        assert evaluate(photographs, "--record", "--weights", mine) == 1
    card.unlink()
    assert evaluate(photographs, "--record", "--weights", mine) == 1
    assert capfd.readouterr().err.count("model.json: no model card to write the figures into") == 3


@pytest.mark.parametrize("as_json", [True, False])
def test_a_table_is_printed_whatever_becomes_of_sheet_and_card(photographs, tmp_path, monkeypatch, capfd, as_json):
    def refused(*_):
        raise WriteError("cannot save sheet.png: the disk is full")

    monkeypatch.setattr(Sheet, "write", refused)
    mine = write_tiny_weights(tmp_path)
    more = ("--sheet", tmp_path / "sheet.png", "--record", "--weights", mine, *(["--json"] if as_json else []))
    assert evaluate(photographs, *more) == 1
    done = capfd.readouterr()
    assert "lacuna: error: cannot save sheet.png: the disk is full" in done.err
    assert list(json.loads(done.out)["methods"]) == ["telea"] if as_json else "telea" in done.out
    assert list(json.loads((mine / "model.json").read_text())["figures"]["methods"]) == ["telea"]
