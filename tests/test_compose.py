"""Blending, colour matching, spreading and the metrics, against what they promise."""

import numpy as np
import pytest

from app.imaging.bands import covered_by
from app.imaging.compose import blended, matched_to_ring, with_texture_of
from app.imaging.metrics import HIGHEST_PSNR, l1, psnr, sharpness_ratio, ssim
from app.imaging.pull_push import spread


def picture(seed=0, shape=(40, 50)):
    return np.random.default_rng(seed).integers(0, 256, (*shape, 3), dtype=np.uint8)


def test_blending_leaves_every_bit_where_the_feather_is_zero():
    image, made = picture(1), picture(2)
    feather = np.zeros((40, 50), np.uint8)
    feather[10:20, 10:20] = 255
    feather[20, 10:20] = 128
    mixed = blended(image, made, feather)
    assert np.array_equal(mixed[feather == 0], image[feather == 0])
    assert np.array_equal(mixed[10:20, 10:20], made[10:20, 10:20])
    half = (image[20, 10:20].astype(float) + made[20, 10:20]) / 2
    assert np.abs(mixed[20, 10:20] - half).max() <= 1.5


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (33, 20)])
def test_spread_keeps_the_known_and_fills_the_rest_in_between(shape):
    rng = np.random.default_rng(0)
    values = rng.uniform(1, 2, (*shape, 3)).astype(np.float32)
    weights = (rng.random(shape) < 0.4).astype(np.float32)
    weights[0, 0] = 1
    filled = spread(values, weights)
    assert np.allclose(filled[weights == 1], values[weights == 1])
    assert filled.min() > 0.9
    assert filled.max() < 2.1


def test_colour_matching_takes_a_slow_error_out():
    known = np.full((80, 80, 3), 120, np.uint8)
    hole = np.zeros((80, 80), bool)
    hole[30:50, 30:50] = True
    ramp = np.linspace(10, 30, 80)[None, :, None]
    made = np.clip(known + ramp, 0, 255).astype(np.uint8)
    matched = matched_to_ring(made, known, hole, 8)
    assert np.abs(matched[hole].astype(int) - 120).max() <= 4


def test_a_small_pixel_that_touches_the_hole_is_hole():
    hole = np.zeros((64, 64), bool)
    hole[31, 17] = True
    small = covered_by(hole, 8, 8)
    assert small.sum() == 1
    assert small[3, 2]


def test_metrics_on_known_values():
    image = np.full((32, 32, 3), 100, np.uint8)
    other = image + np.uint8(10)
    assert psnr(image, image) == HIGHEST_PSNR
    assert psnr(image, other) == pytest.approx(20 * np.log10(25.5), abs=1e-4)
    assert l1(image, other) == pytest.approx(10 / 255)
    assert ssim(picture(), picture()) == pytest.approx(1)
    assert ssim(picture(1), picture(2)) < 0.1
    area = np.zeros((32, 32), bool)
    area[:4] = True
    half = image.copy()
    half[:4] += 10
    assert psnr(image, half, area) == pytest.approx(20 * np.log10(25.5), abs=1e-4)


def test_sharpness_tells_blur():
    image, hole = picture(3, (120, 120)), np.zeros((120, 120), bool)
    hole[40:80, 40:80] = True
    assert sharpness_ratio(image, hole) == pytest.approx(1, abs=0.05)
    image[hole] = 128
    assert sharpness_ratio(image, hole) < 0.2


def test_texture_is_kept_and_structure_taken_over():
    grain, hole = picture(4, (80, 80)), np.zeros((80, 80), bool)
    hole[20:60, 20:60] = True
    smooth = np.where(hole[..., None], np.uint8(200), grain)
    mixed = with_texture_of(grain, smooth, hole, 3.0)
    assert np.array_equal(mixed[~hole], grain[~hole])
    inside = np.s_[30:50, 30:50]
    assert abs(float(mixed[inside].mean()) - 200) < 12, "the slow part is the refined one's"
    assert mixed[inside].std() > 0.6 * grain[inside].std(), "the grain is the textured one's"
