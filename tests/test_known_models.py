"""LaMa and MI-GAN as coarse inpainters: what they are given, at what size, and how they can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from app.errors import LacunaError
from app.inference import solvers
from app.inference.allowed import NotAllowedError, allowed_file
from app.inference.catalog import LAMA_SIDE, solving_side
from app.inference.regions import plan_for
from app.inference.request import InpaintOptions, RunCancelled, Stage
from app.inference.user_models import UserModel
from app.models.known_names import KnownNetwork
from app.models.lama import LaMa
from app.models.migan import MiGan
from tests.known_networks import lama_file, lama_state, migan_file

CPU = torch.device("cpu")
GREY = 128


@pytest.fixture
def picture() -> tuple[np.ndarray, np.ndarray]:
    """50×70 random pixels, and a hole in them."""
    image = np.random.default_rng(3).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    hole = np.zeros((50, 70), bool)
    hole[10:20, 15:30] = True
    return image, hole


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """What the networks are given; they make a middle grey of it."""
    found: list[Tensor] = []

    def half(_network: LaMa, x: Tensor, _between: Callable[[], None]) -> Tensor:
        found.append(x)
        return torch.full_like(x[:, :3], 0.5)

    def nothing(_network: MiGan, x: Tensor, _between: Callable[[], None]) -> Tensor:
        found.append(x)
        return torch.zeros_like(x[:, :3])

    monkeypatch.setattr(LaMa, "forward", half)
    monkeypatch.setattr(MiGan, "forward", nothing)
    return found


def lama(folder: Path) -> UserModel:
    return UserModel(allowed_file(lama_file(folder / "lama.safetensors")), CPU)


def migan(folder: Path) -> UserModel:
    return UserModel(allowed_file(migan_file(folder / "migan.pt")), CPU)


def test_lama_is_given_the_image_black_in_the_hole_then_the_mask(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], given: list[Tensor]
) -> None:
    image, hole = picture
    made = lama(tmp_path).fill(image, hole).picture
    (x,) = given
    assert x.shape == (1, 4, 52, 72)
    wanted = np.where(hole[..., None], 0, image) / 255
    assert np.allclose(x[0, :3, :50, :70].permute(1, 2, 0).numpy(), wanted, atol=1e-6)
    assert (x[0, 3, :50, :70].numpy() == hole).all()
    assert torch.equal(x[..., 50:, :], x[..., 48:50, :].flip(-2))
    assert torch.equal(x[..., 70:], x[..., 68:70].flip(-1))
    assert (made[hole] == GREY).all()
    assert (made[~hole] == image[~hole]).all()


def test_migan_is_given_what_is_known_less_a_half_then_the_image_about_0(tmp_path: Path, given: list[Tensor]) -> None:
    image, hole = np.full((16, 16, 3), 255, np.uint8), np.zeros((16, 16), bool)
    image[:, 8:] = 0
    hole[4:8, 4:12] = True
    made = migan(tmp_path).fill(image, hole).picture
    x = given[0][0].numpy()
    assert (x[0] == np.where(hole, -0.5, 0.5)).all()
    assert (x[1:, hole] == 0).all()
    assert (x[1:, ~hole] == np.where(image[~hole].T > 0, 1.0, -1.0)).all()
    assert (made[hole] == GREY).all()


def test_migan_sees_the_picture_fitted_into_its_size_and_mirrored(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], given: list[Tensor]
) -> None:
    image, hole = picture
    made = migan(tmp_path).fill(image, hole).picture
    (x,) = given
    assert x.shape == (1, 4, 16, 16)
    assert torch.equal(x[..., 11:, :], x[..., 6:11, :].flip(-2))
    unknown = x[0, 0, :11].numpy() < 0
    assert unknown[2:4, 4:6].all()
    assert not unknown[:, 8:].any()
    assert made.shape == image.shape
    assert (made[~hole] == image[~hole]).all()
    assert (made[hole] == GREY).all()


def test_large_pictures_are_made_smaller_for_lama(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], given: list[Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solvers, "LAMA_LONGEST", 35)
    image, hole = picture
    made = lama(tmp_path).fill(image, hole).picture
    (x,) = given
    assert x.shape == (1, 4, 28, 36)
    covered = x[0, 3, :25, :35].numpy() > 0
    assert covered[5:10, 8:15].all()
    assert (x[0, :3, :25, :35].numpy()[:, covered] == 0).all()
    assert made.shape == image.shape


@pytest.mark.parametrize("size", [(1, 1), (3, 9)])
def test_tiny_pictures_are_filled(tmp_path: Path, size: tuple[int, int]) -> None:
    image, hole = np.zeros((*size, 3), np.uint8), np.zeros(size, bool)
    hole[0, 0] = True
    for model in (lama(tmp_path), migan(tmp_path)):
        assert model.fill(image, hole).picture.shape == image.shape


@pytest.mark.parametrize("make", [lama, migan])
def test_a_check_ends_it_between_two_parts(
    tmp_path: Path, picture: tuple[np.ndarray, np.ndarray], make: Callable[[Path], UserModel]
) -> None:
    asked = 0

    def check() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise RunCancelled

    with pytest.raises(RunCancelled):
        make(tmp_path).fill(*picture, check)
    assert asked == 3


def test_their_texture_is_kept_and_they_are_named(tmp_path: Path) -> None:
    assert (lama(tmp_path).name, lama(tmp_path).has_texture) == ("lama (lama.safetensors)", True)
    assert (migan(tmp_path).name, migan(tmp_path).has_texture) == ("migan (migan.pt)", True)


def test_weights_that_were_changed_are_not_used(tmp_path: Path) -> None:
    path = lama_file(tmp_path / "lama.safetensors")
    file = allowed_file(path)
    assert file.network is KnownNetwork.LAMA
    lama_file(path, seed=6)
    with pytest.raises(NotAllowedError, match="was changed since you allowed it") as raised:
        UserModel(file, CPU)
    assert raised.value.path == path


def test_what_is_gone_or_no_weights_any_more_is_told(tmp_path: Path) -> None:
    path = lama_file(tmp_path / "lama.safetensors")
    file = allowed_file(path)
    with path.open("wb") as stream:
        stream.truncate(2**40)
    with pytest.raises(LacunaError, match=r"lama\.safetensors: not a readable weights file"):
        UserModel(file, CPU)
    path.unlink()
    with pytest.raises(LacunaError, match=r"lama\.safetensors cannot be read: check the model's file"):
        UserModel(file, CPU)


def test_lama_works_larger_where_its_own_result_is_wanted(tmp_path: Path) -> None:
    options = InpaintOptions("custom", allowed_file(lama_file(tmp_path / "a.safetensors")), result_stage=Stage.COARSE)
    assert solving_side(options) == LAMA_SIDE
    assert solving_side(replace(options, working_size=256)) == 768
    assert solving_side(replace(options, working_size=2048)) == 2048
    assert solving_side(replace(options, result_stage=Stage.GLOBAL)) == 512
    other = replace(options, coarse_file=allowed_file(migan_file(tmp_path / "b.safetensors")))
    assert solving_side(other) == 512
    mask = np.zeros((3000, 4000), np.uint8)
    mask[500:2000, 500:2500] = 255
    (region,) = plan_for(mask, options).regions
    assert max(region.rect.width, region.rect.height) * region.scale == pytest.approx(LAMA_SIDE, abs=1)


def test_all_numbers_of_the_files_are_used(tmp_path: Path) -> None:
    model = lama(tmp_path)
    image, hole = np.zeros((16, 16, 3), np.uint8), np.ones((16, 16), bool)
    first = model.fill(image, hole).picture
    other = UserModel(allowed_file(lama_file(tmp_path / "other.safetensors", seed=6)), CPU).fill(image, hole).picture
    assert lama_state(seed=6).keys() == lama_state().keys()
    assert (first != other).any()
