"""A photograph of 16 bits stays one on its way through engine, document and screen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from app.document.document import Document
from app.document.edits import ResultEdit
from app.imaging.arrays import DeepImage, Hole, Mask
from app.imaging.compose import in_depth_of
from app.imaging.depth import fine_grain, levels_of, narrowed, widened, without_steps
from app.imaging.geometry import Rect
from app.imaging.masks import grown
from app.imaging.photo import Metadata, Photo
from app.inference.detail import add_detail
from app.inference.engine import Engine
from app.inference.request import (
    STAGES,
    DeviceChoice,
    InpaintOptions,
    InpaintRequest,
    RegionPatch,
    Stage,
    StageResult,
)
from tests.networks import write_tiny_weights

FAST = InpaintOptions(coarse="telea", working_size=128, device=DeviceChoice.CPU)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(write_tiny_weights(tmp_path_factory.mktemp("weights")))


def sky(height: int, width: int, noise: float = 0.0) -> npt.NDArray[np.uint16]:
    """A gradient of a few grey levels over the whole picture; `noise` in 16-bit steps."""
    y, x = np.mgrid[0:height, 0:width]
    base = 30000 + 2000 * y / height + 500 * x / width
    grain = np.random.default_rng(0).normal(0, noise, (height, width, 3)) if noise else 0
    return np.rint(base[..., None] + [0, 3000, 9000] + grain).astype(np.uint16)


def disc(height: int, width: int, radius: int) -> Hole:
    y, x = np.ogrid[:height, :width]
    return np.asarray((y - height // 2) ** 2 + (x - width // 2) ** 2 <= radius**2)


def as_mask(hole: Hole) -> Mask:
    return hole.astype(np.uint8) * np.uint8(255)


def longest_flat_run(row: npt.NDArray[np.generic]) -> int:
    """Pixels in a row of one value: long where a gradient has steps."""
    edges = np.flatnonzero(np.diff(row.astype(np.int64)) != 0)
    return int(np.diff(np.concatenate([[-1], edges, [len(row) - 1]])).max())


@pytest.mark.parametrize("noise", [0.0, 20.0])
def test_steps_of_8_bits_go_and_the_gradient_stays(noise: float) -> None:
    photo, hole = sky(160, 200, noise), disc(160, 200, 40)
    made = narrowed(photo)
    assert longest_flat_run(widened(made)[50:110, 100, 0]) >= 10
    result = in_depth_of(photo, made, hole)
    assert result.dtype == np.uint16
    assert longest_flat_run(result[50:110, 100, 0]) <= 4
    error = (result.astype(float) - sky(160, 200))[hole]
    assert np.abs(error).mean() < 20 + noise, "an 8-bit step is 257"


def test_what_is_clear_at_8_bits_is_hardly_touched() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (60, 60, 3), dtype=np.uint8)
    levels = without_steps(picture, disc(60, 60, 20), picture.astype(np.float32))
    assert np.abs(levels - picture).max() <= 0.5


def test_noise_below_8_bits_goes_on() -> None:
    photo, hole = sky(120, 120, 40.0), disc(120, 120, 30)
    grain = fine_grain(photo, hole) * 257
    assert 20 < grain[hole].std() < 60
    np.testing.assert_array_equal(grain, fine_grain(photo, hole) * 257)
    assert fine_grain(sky(120, 120), hole).std() * 257 < 10


@pytest.mark.parametrize("scale", [1, 4])
def test_native_detail_is_of_16_bits(scale: int) -> None:
    photo, hole = sky(240, 320, 30.0), disc(240, 320, 50)
    spoilt = photo.copy()
    spoilt[hole] = 0
    guide = narrowed(np.asarray(cv2.resize(photo, (320 // scale, 240 // scale), interpolation=cv2.INTER_AREA)))
    result = add_detail(spoilt, hole, guide) if scale > 1 else in_depth_of(spoilt, guide, hole)
    assert result.dtype == np.uint16
    inside, outside = (
        float(np.abs(cv2.Laplacian(result.astype(np.float32), cv2.CV_32F))[area].mean())
        for area in (disc(240, 320, 45), ~disc(240, 320, 55))
    )
    assert 0.5 < inside / outside < 1.5
    assert np.abs(result.astype(float) - photo)[hole].mean() < 150
    if scale > 1:
        np.testing.assert_array_equal(result[~hole], photo[~hole])


@pytest.mark.parametrize("coarse", ["telea", "lgnet"])
@pytest.mark.parametrize("size", [(110, 120), (400, 500)])
@pytest.mark.parametrize("detail", [True, False])
def test_the_engine_keeps_the_depth(engine: Engine, coarse: str, size: tuple[int, int], detail: bool) -> None:
    photo, mask = sky(*size, 300.0), as_mask(disc(*size, size[0] // 5))
    options = replace(FAST, coarse=coarse, detail=detail)
    results = [event for event in engine.run(InpaintRequest(photo, mask, options)) if isinstance(event, StageResult)]
    outside = grown(mask, FAST.grow) == 0
    assert [result.stage for result in results] == [*STAGES, Stage.DETAIL][: 3 + detail]
    for result in results:
        whole = result.laid_over(photo)
        assert whole.dtype == np.uint16
        np.testing.assert_array_equal(whole[outside], photo[outside])
        assert len(np.unique(whole[~outside] % 257)) > 200, "all 16 bits are in use"


@pytest.mark.parametrize("coarse", ["telea", "ns", "lgnet"])
@pytest.mark.parametrize("size", [(110, 120), (400, 500)])
def test_a_slow_gradient_comes_back_without_steps(engine: Engine, coarse: str, size: tuple[int, int]) -> None:
    photo, mask = sky(*size, 10.0), as_mask(disc(*size, size[0] // 5))
    for event in engine.run(InpaintRequest(photo, mask, replace(FAST, coarse=coarse))):
        if isinstance(event, StageResult):
            whole = event.laid_over(photo)
            error = (whole.astype(float) - sky(*size))[mask > 0]
            assert np.abs(error).mean() < 60, "an 8-bit step is 257"
            assert longest_flat_run(whole[size[0] // 2 - 20 : size[0] // 2 + 20, size[1] // 2, 0]) <= 6


def test_grey_stays_grey_in_16_bits(engine: Engine) -> None:
    photo = np.repeat(sky(110, 120, 300.0)[..., :1], 3, axis=2)
    events = engine.run(InpaintRequest(photo, as_mask(disc(110, 120, 20)), replace(FAST, last_stage=Stage.LOCAL)))
    for event in events:
        if isinstance(event, StageResult):
            whole = event.laid_over(photo)
            assert (whole == whole[..., :1]).all()


def test_exact_leaves_the_depth_of_what_is_kept(engine: Engine) -> None:
    photo, mask = sky(64, 96, 300.0), as_mask(disc(64, 96, 12))
    options = replace(FAST, coarse="lgnet", exact=True)
    deep, flat = (
        [event for event in engine.run(InpaintRequest(image, mask, options)) if isinstance(event, StageResult)]
        for image in (photo, narrowed(photo))
    )
    for one, other in zip(deep, flat, strict=True):
        whole = one.laid_over(photo)
        np.testing.assert_array_equal(whole[mask == 0], photo[mask == 0])
        np.testing.assert_array_equal(whole[mask > 0], widened(other.laid_over(narrowed(photo)))[mask > 0])


def test_a_result_is_accepted_and_taken_back_bit_for_bit() -> None:
    pixels = sky(300, 400, 300.0)
    document = Document(Photo(pixels, None, Metadata("PNG", bits=16), Path("deep.png")))
    new = document.image[100:180, 120:260].copy()
    new[10:70, 10:130] += 1
    document.apply(ResultEdit("Global", [RegionPatch(bounds := Rect(120, 100, 140, 80), new)]))
    assert document.image.dtype == np.uint16
    np.testing.assert_array_equal(document.image[bounds.slices], new)
    document.undo()
    np.testing.assert_array_equal(document.image, pixels)
    document.redo()
    np.testing.assert_array_equal(document.image[bounds.slices], new)


def test_levels_are_the_same_in_both_depths() -> None:
    photo: DeepImage = sky(20, 30, 300.0)
    assert np.abs(levels_of(photo) - levels_of(narrowed(photo))).max() <= 0.51
