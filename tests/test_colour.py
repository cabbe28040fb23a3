"""No cast: the formula against its published values, and skies filled by the engine against what goes on round them."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from app.imaging.arrays import Hole
from app.imaging.colour_difference import cast, ciede2000
from app.imaging.compose import without_cast
from app.imaging.depth import widened
from app.imaging.surroundings import surroundings_of
from app.inference.engine import Engine
from app.inference.request import DeviceChoice, InpaintOptions, InpaintRequest, StageResult
from tests.networks import write_tiny_weights

FAST = InpaintOptions(coarse="telea", working_size=192, device=DeviceChoice.CPU)
SKIES = {
    "noon": ((60, 110, 190), (150, 190, 235)),
    "dusk": ((240, 150, 90), (210, 90, 70)),
    "overcast": ((180, 180, 182), (200, 200, 200)),
    "night": ((10, 14, 30), (20, 26, 48)),
}

SMALL, LARGE = (150, 200), (400, 560)
CASES = [*((name, coarse, SMALL) for name in SKIES for coarse in ("telea", "ns", "lgnet")), ("noon", "telea", LARGE)]


def sky(name: str, height: int, width: int, noise: float = 2.0) -> npt.NDArray[np.uint8]:
    """From the first colour above to the second below, a little brighter to the right, with grain."""
    first, second = (np.array(colour, np.float64) for colour in SKIES[name])
    y, x = np.mgrid[0:height, 0:width]
    base = first + (second - first) * (y / height)[..., None] + (6 * x / width)[..., None]
    return np.clip(np.rint(base + np.random.default_rng(0).normal(0, noise, base.shape)), 0, 255).astype(np.uint8)


def ellipse(height: int, width: int) -> Hole:
    area = np.zeros((height, width), np.uint8)
    cv2.ellipse(area, (width // 2, height // 2), (width // 6, height // 5), 20, 0, 360, 1, -1)
    return area > 0


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((50, -0.001, 2.49), (50, 0.0012, -2.49), 4.7461),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_the_published_differences(first: tuple[float, ...], second: tuple[float, ...], expected: float) -> None:
    a, b = np.array(first, np.float64), np.array(second, np.float64)
    assert float(ciede2000(a, b)) == pytest.approx(expected, abs=1e-4)
    assert float(ciede2000(b, a)) == pytest.approx(expected, abs=1e-4)


def test_a_cast_is_measured_and_an_untouched_sky_has_none() -> None:
    image, hole = sky("noon", 150, 200), ellipse(150, 200)
    assert cast(image, hole) < 0.4
    assert cast(widened(image), hole) == pytest.approx(cast(image, hole), abs=1e-3)
    tinted = image.copy()
    tinted[hole] = np.clip(tinted[hole].astype(int) + np.array([14, 0, -8]), 0, 255)
    assert cast(tinted, hole) > 3
    assert cast(image, np.zeros_like(hole)) == 0


@pytest.mark.parametrize(("name", "coarse", "size"), CASES)
def test_skies_have_no_cast_at_any_stage(engine: Engine, name: str, coarse: str, size: tuple[int, int]) -> None:
    image, hole = sky(name, *size), ellipse(*size)
    mask = hole.astype(np.uint8) * np.uint8(255)
    for event in engine.run(InpaintRequest(image, mask, replace(FAST, coarse=coarse))):
        if isinstance(event, StageResult):
            assert cast(event.laid_over(image), hole) < 1.5


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return Engine(write_tiny_weights(tmp_path_factory.mktemp("weights")))


def test_colour_matching_can_be_left_out(engine: Engine) -> None:
    image, hole = sky("noon", 150, 200), ellipse(150, 200)
    mask = hole.astype(np.uint8) * np.uint8(255)
    options = replace(FAST, coarse="lgnet", colour_match=False)
    results = [event for event in engine.run(InpaintRequest(image, mask, options)) if isinstance(event, StageResult)]
    assert cast(results[0].laid_over(image), hole) > 3


def test_structure_round_a_hole_leaves_its_colours_alone() -> None:
    rng = np.random.default_rng(0)
    image = cv2.resize(rng.integers(0, 256, (15, 20, 3), dtype=np.uint8), (200, 150), interpolation=cv2.INTER_CUBIC)
    np.testing.assert_array_equal(without_cast(image, ellipse(150, 200), 16), image)


def test_only_the_hole_changes_and_parts_are_judged_by_themselves() -> None:
    image, hole = sky("noon", 160, 240), np.zeros((160, 240), bool)
    image[:, 140:] = np.random.default_rng(1).integers(0, 256, (160, 100, 3))
    hole[40:90, 30:80] = hole[40:90, 165:215] = True
    made = image.copy()
    made[hole] = (200, 100, 50)
    result = without_cast(made, hole, 16)
    np.testing.assert_array_equal(result[~hole], made[~hole])
    np.testing.assert_array_equal(result[:, 140:], made[:, 140:])
    inside, before = (each[60:70, 50:60].mean(axis=(0, 1)) for each in (result, image))
    assert np.abs(inside - before).max() < 3


def test_a_hole_at_the_border_gets_colours_near_its_rings() -> None:
    image, hole = sky("noon", 160, 240), np.zeros((160, 240), bool)
    hole[:110, :170] = True
    around = surroundings_of(image.astype(np.float32), hole, 16, 5.0)
    assert around is not None
    ring = image[:130, :190][~hole[:130, :190]]
    assert (around.surface[hole] > ring.min(axis=0) - 25.0).all()
    assert (around.surface[hole] < ring.max(axis=0) + 25.0).all()
    assert surroundings_of(image.astype(np.float32), np.ones_like(hole), 16, 5.0) is None
