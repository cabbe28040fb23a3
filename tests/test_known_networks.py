"""LaMa and MI-GAN: published names and shapes, every operation by plain formulas, weights good and bad."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from app.errors import LacunaError
from app.models.headers import Shapes
from app.models.known import is_weights, known_in, recognised
from app.models.known_names import KnownNetwork
from app.models.known_weights import known_network
from app.models.lama import LaMa
from app.models.lama_layout import LamaConfig, lama_config, lama_shapes
from app.models.migan import MiGan, Upsample
from app.models.migan_layout import is_constant, migan_config, migan_shapes, released
from tests.known_networks import (
    TINY_LAMA,
    TINY_MIGAN,
    apart,
    lama_by_formula,
    lama_file,
    lama_state,
    migan_by_formula,
    migan_file,
    migan_state,
)

HERE = Path("weights.safetensors")


def big_lama() -> dict[str, tuple[int, ...]]:
    """All 989 tensors of the released ``big-lama``, as its weights name them."""
    layers = {
        "model.1": {"l2l": (64, 4, 7, 7)},
        "model.2": {"l2l": (128, 64, 3, 3)},
        "model.3": {"l2l": (256, 128, 3, 3)},
        "model.4": {"l2l": (128, 256, 3, 3), "l2g": (384, 256, 3, 3)},
    }
    inner = {"l2l": (128, 128, 3, 3), "l2g": (384, 128, 3, 3), "g2l": (128, 384, 3, 3)}
    layers |= {f"model.{block}.conv{half}": inner for block in range(5, 23) for half in (1, 2)}
    found: dict[str, tuple[int, ...]] = {}
    norms: dict[str, int] = {}
    for name, paths in layers.items():
        found |= {f"{name}.ffc.conv{path}.weight": shape for path, shape in paths.items()}
        norms[f"{name}.bn_l"] = paths["l2l"][0]
        if "l2g" in paths:
            norms[f"{name}.bn_g"] = 384
        if "g2l" in paths:
            found[f"{name}.ffc.convg2g.conv1.0.weight"] = (192, 384, 1, 1)
            found[f"{name}.ffc.convg2g.fu.conv_layer.weight"] = (384, 384, 1, 1)
            found[f"{name}.ffc.convg2g.conv2.weight"] = (384, 192, 1, 1)
            norms |= {f"{name}.ffc.convg2g.conv1.1": 192, f"{name}.ffc.convg2g.fu.bn": 384}
    for number, inputs in ((24, 512), (27, 256), (30, 128)):
        found |= {f"model.{number}.weight": (inputs, inputs // 2, 3, 3), f"model.{number}.bias": (inputs // 2,)}
        norms[f"model.{number + 1}"] = inputs // 2
    for name, channels in norms.items():
        found |= {f"{name}.{leaf}": (channels,) for leaf in ("weight", "bias", "running_mean", "running_var")}
        found[f"{name}.num_batches_tracked"] = ()
    return found | {"model.34.weight": (3, 64, 7, 7), "model.34.bias": (3,)}


def shapes_by_published_names(network: LaMa) -> dict[str, tuple[int, ...]]:
    names = network.published_names()
    return {names[name]: tuple(value.shape) for name, value in network.state_dict().items()}


def test_lama_has_the_published_names_and_shapes() -> None:
    with torch.device("meta"):
        found = shapes_by_published_names(LaMa(LamaConfig()))
    assert found == big_lama()
    assert len(found) == 989
    assert sum(math.prod(shape) for shape in found.values()) == 51_057_179
    assert {name: shape for name, shape in found.items() if "num_batches" not in name} == lama_shapes(LamaConfig())


@pytest.mark.parametrize(("side", "millions"), [(256, 5.95), (512, 5.98)])
@pytest.mark.parametrize("with_grids", [False, True])
def test_migan_has_the_published_names_and_size(side: int, millions: float, with_grids: bool) -> None:
    shapes = migan_shapes(released(side), with_grids=with_grids)
    with torch.device("meta"):
        network = MiGan(released(side))
    assert {name: tuple(value.shape) for name, value in network.state_dict().items()} == {
        name: shape for name, shape in shapes.items() if not is_constant(name)
    }
    learnt = sum(math.prod(shape) for name, shape in shapes.items() if "_const" not in name)
    assert learnt / 1e6 == pytest.approx(millions, abs=0.011)
    first = {256: 128, 512: 64}[side]
    assert shapes[f"encoder.b{side}.fromrgb.weight"] == (first, 4, 1, 1)
    assert shapes["encoder.b4.conv2.conv2.weight"] == (512, 512, 1, 1)
    assert shapes["synthesis.b8.conv1.noise_const"] == (8, 8)
    assert shapes["synthesis.b8.conv1.noise_strength"] == ()
    name, shape = ("filter_const", (1, 1, 8, 8)) if with_grids else ("insert_zeros.weight", (512, 1, 2, 2))
    assert shapes[f"synthesis.b8.conv1.upsample.{name}"] == shape
    assert shapes[f"synthesis.b{side}.upsample.filter.weight"] == (3, 1, 4, 4)
    assert "synthesis.b4.conv1.noise_const" not in shapes


@pytest.mark.parametrize("size", [(16, 24), (20, 28)])
def test_lama_computes_what_the_formulas_say(tmp_path: Path, size: tuple[int, int]) -> None:
    network = loaded(lama_file(tmp_path / "lama.safetensors"))
    x = torch.rand(1, 4, *size, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        assert torch.allclose(network(x), lama_by_formula(lama_state(), x, TINY_LAMA), atol=2e-5)


def test_migan_computes_what_the_formulas_say(tmp_path: Path) -> None:
    network = loaded(migan_file(tmp_path / "migan.safetensors"))
    x = torch.randn(1, 4, 16, 16, generator=torch.Generator().manual_seed(1)) * 40
    with torch.inference_mode():
        made, wanted = network(x), migan_by_formula(migan_state(), x, TINY_MIGAN)
    assert torch.allclose(made, wanted, atol=1e-4, rtol=1e-4)
    assert wanted.abs().max() > 1


def test_pixels_move_apart_by_any_filter() -> None:
    up = Upsample(3).requires_grad_(False)
    x = torch.rand(1, 3, 5, 4)
    assert torch.allclose(up(x), apart(x, up.filter.weight), atol=1e-6)


# files


def loaded(path: Path) -> LaMa | MiGan:
    return known_network(path, path.read_bytes())


@pytest.mark.parametrize("prefix", ["", "generator.", "module.generator."])
def test_what_stands_before_the_names_is_passed_over(tmp_path: Path, prefix: str) -> None:
    path = lama_file(tmp_path / "any name.safetensors", prefix)
    found = known_in(path)
    assert (found.config, found.prefix, found.network) == (TINY_LAMA, prefix, KnownNetwork.LAMA)
    assert torch.equal(loaded(path).state_dict()["head.bias"], lama_state()["model.14.bias"])


def test_half_precision_and_counts_of_batches_are_no_matter(tmp_path: Path) -> None:
    state = {name: value.half() for name, value in lama_state().items()}
    state["model.1.bn_l.num_batches_tracked"] = torch.tensor(12)
    save_file(state, tmp_path / "half.safetensors")
    network = loaded(tmp_path / "half.safetensors")
    assert {value.dtype for name, value in network.state_dict().items() if "num" not in name} == {torch.float32}


@pytest.mark.parametrize("name", ["migan.safetensors", "migan_16.pt", "migan_16.pth"])
def test_both_releases_of_migan_are_known(tmp_path: Path, name: str) -> None:
    path = migan_file(tmp_path / name)
    assert is_weights(path)
    assert known_in(path).config == TINY_MIGAN
    x = torch.rand(1, 4, 16, 16)
    first = loaded(migan_file(tmp_path / "first.safetensors"))
    with torch.inference_mode():
        assert torch.equal(loaded(path)(x), first(x))


Change = Callable[[dict[str, Tensor]], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda state: state.pop("model.34.weight", None) or state.pop("model.14.weight"),
            r"model\.14\.weight is missing",
        ),
        (lambda state: state.update({"model.14.bias": torch.ones(4)}), r"model\.14\.bias has the shape"),
        (lambda state: state.update({"model.99.bias": torch.ones(4)}), r"unknown tensor model\.99\.bias"),
        (lambda state: state["model.14.bias"].fill_(math.nan), "no numbers"),
        (lambda state: state.pop("model.1.ffc.convl2l.weight"), "no network that is known here"),
        (lambda state: state.update({"model.1.ffc.convl2l.weight": torch.ones(())}), "no network that is known here"),
    ],
)
def test_weights_that_do_not_fit_are_one_sentence(tmp_path: Path, change: Change, words: str) -> None:
    state, path = lama_state(), tmp_path / "lama.safetensors"
    change(state)
    save_file(state, path)
    with pytest.raises(LacunaError, match=words):
        loaded(path)


def test_a_constant_that_is_another_is_told(tmp_path: Path) -> None:
    state, path = migan_state(), tmp_path / "migan.safetensors"
    state["synthesis.b8.upsample.insert_zeros.weight"] += 1
    save_file(state, path)
    with pytest.raises(LacunaError, match=r"insert_zeros\.weight is not what MI-GAN has there"):
        loaded(path)


@pytest.mark.parametrize(
    "shapes",
    [
        {},
        {"weight": (3, 3)},
        {"model.1.ffc.convl2l.weight": (64, 4, 7, 7)},
        {"encoder.b64.fromrgb.weight": (64, 4, 1, 1)},
        {"encoder.b8192.fromrgb.weight": (64, 4, 1, 1)},
        {f"encoder.b{'1' * 10_000}.fromrgb.weight": (64, 4, 1, 1)},
        {"model.1.ffc.convl2l.weight": (64, 4, 7, 7), f"model.{'1' * 10_000}.ffc.convl2l.weight": (1,)},
        {f"model.{number}.ffc.convl2l.weight": (10**9, 4, 7, 7) for number in range(1, 90)},
        {
            "encoder.b8.fromrgb.weight": (),
            "encoder.b8.conv1.conv1.weight": (10**9,),
            "encoder.b4.conv1.conv1.weight": (),
        },
    ],
)
def test_what_is_none_of_them_is_not_built(shapes: Shapes) -> None:
    with pytest.raises(LacunaError, match=r"weights\.safetensors: these are weights of no network"):
        recognised(shapes, HERE)


def test_other_sizes_are_known_by_their_shapes() -> None:
    for lama in (LamaConfig(width=8, downs=3, blocks=9, global_channels=48), LamaConfig(blocks=9)):
        assert lama_config(lama_shapes(lama)) == lama
    assert migan_config(migan_shapes(released(512), with_grids=True)) == released(512)


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_only_archives_without_a_program_are_weights(tmp_path: Path) -> None:
    (tmp_path / "text.pt").write_text("no archive")
    assert not is_weights(tmp_path / "text.pt")
    assert not is_weights(tmp_path / "gone.pt")
    torch.jit.script(torch.nn.ReLU()).save(str(tmp_path / "program.pt"))
    assert not is_weights(tmp_path / "program.pt")
