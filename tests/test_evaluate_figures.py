"""Evaluation: figures, tables and sheets."""

import numpy as np
import pytest
import torch

from app.imaging.files import read_photo
from app.imaging.metrics import l1, psnr, ssim
from app.inference import distance as distance_module
from app.inference.distance import FeatureJudge, feature_windows
from app.models.features import feature_distance
from app.training.evaluate import Sample, bin_name
from app.training.report import gains, text_table
from app.training.scores import Score, score, summary
from app.training.sheet import Sheet
from tests.evaluating import sample
from tests.samplers import few_maps as few_features

CPU = torch.device("cpu")


# Figures


def test_metrics_in_bands_equal_the_whole(monkeypatch):
    rng = np.random.default_rng(0)
    first, second = (rng.integers(0, 256, (90, 70, 3), dtype=np.uint8) for _ in range(2))
    area = rng.random((90, 70)) < 0.3
    whole = psnr(first, second), psnr(first, second, area), ssim(first, second), l1(first, second)
    monkeypatch.setattr("app.imaging.metrics._BAND_PIXELS", 70 * 7)
    bands = psnr(first, second), psnr(first, second, area), ssim(first, second), l1(first, second)
    assert bands == pytest.approx(whole, rel=1e-6)
    error = (first[area].astype(float) - second[area]) ** 2
    assert whole[1] == pytest.approx(10 * np.log10(255**2 / error.mean()))
    assert whole[3] == pytest.approx(np.abs(first.astype(float) - second).mean() / 255)


def test_the_judge_takes_the_truths_features_once():
    seen = []

    def counting(images):
        seen.append(images.shape)
        return few_features(images)

    given, judge = sample(), FeatureJudge(counting, CPU)
    other = sample(5).image
    first = judge.distance(other, given.image, given.hole)
    assert judge.distance(given.image, given.image, given.hole) == 0
    assert len(seen) == 3
    pair = [torch.from_numpy(p.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1 for p in (other, given.image)]
    assert first == pytest.approx(float(feature_distance(few_features, *pair)[0]))


def test_large_pictures_are_compared_in_windows_over_the_hole(monkeypatch):
    hole = np.zeros((1500, 2000), bool)
    hole[700:760, 900:980] = True
    (window,) = feature_windows(hole)
    assert (window.width, window.height) == (512, 512)
    assert hole[window.slices].sum() == hole.sum()
    hole[100:1400, 100:1900] = True
    windows = feature_windows(hole)
    assert len(windows) == distance_module.MOST_WINDOWS
    assert len(set(windows)) == len(windows)
    assert all(w.x >= 0 and w.y >= 0 and w.right <= 2000 and w.bottom <= 1500 for w in windows)
    small = np.ones((300, 512), bool)
    assert [(w.width, w.height) for w in feature_windows(small)] == [(512, 300)]
    corner = np.zeros((600, 700), bool)
    corner[599, 699] = True
    assert [(w.right, w.bottom) for w in feature_windows(corner)] == [(700, 600)]


def scored(method, bin_index, hole_psnr, lpips=None):
    return Score(method, bin_index, hole_psnr + 6, hole_psnr, 0.8, 0.03, lpips, 0.1)


def test_table_means_and_gains():
    scores = [
        scored("telea", 0, 20.0, 0.4), scored("telea+refine", 0, 21.0, 0.3),
        scored("telea", 2, 10.0, 0.8), scored("telea+refine", 2, 12.0, 0.9),
    ]  # fmt: skip
    table = summary(scores)
    assert table["telea"]["all"]["hole_psnr"] == 15
    assert list(table["telea"]["bins"]) == [bin_name(0), bin_name(2)]
    gained = gains(table)["telea+refine over telea"]
    assert gained["all"] == {"hole_psnr_db": pytest.approx(1.5), "lpips_percent": pytest.approx(0.0)}
    assert gained[bin_name(0)] == {"hole_psnr_db": pytest.approx(1.0), "lpips_percent": pytest.approx(-25.0)}
    assert gained[bin_name(2)]["lpips_percent"] == pytest.approx(12.5)
    text = text_table(table)
    blocks = [block.splitlines() for block in text.split("\n\n")]
    for block in blocks[:-1]:
        assert len({len(line) for line in block}) == 1, "columns are aligned"
    assert "+1.50" in text
    assert "-25.0" in text
    assert "truncates" in blocks[-1][0]


def test_without_an_extractor_nothing_is_said_of_features():
    table = summary([scored("telea", 0, 20.0), scored("telea+refine", 0, 21.0)])
    text = text_table(table)
    assert "feature dist" not in text
    assert gains(table)["telea+refine over telea"]["all"]["lpips_percent"] is None
    assert "+1.00" in text


def test_a_score_says_how_far_a_picture_is_from_the_truth():
    given = sample()
    perfect = score("x", given, given.image.copy(), 0.5, FeatureJudge(few_features, CPU))
    assert (perfect.psnr, perfect.hole_psnr, perfect.l1, perfect.lpips, perfect.seconds) == (99, 99, 0, 0, 0.5)
    off = np.where(given.hole[..., None], given.image ^ 128, given.image)
    worse = score("x", given, off, 0.5, None)
    assert worse.hole_psnr == pytest.approx(10 * np.log10(255**2 / 128**2))
    assert worse.psnr > worse.hole_psnr
    assert worse.lpips is None


# Sheets


def test_sheets_are_split_and_sorted_worst_first(tmp_path):
    sheet = Sheet(["telea"], crop=64, rows=2, worst="telea")
    for index, distance in enumerate((0.2, 0.9, 0.5)):
        given = sample(index, name=f"{index}.png")
        crop = np.full((64, 64, 3), index * 100, np.uint8)
        sheet.add(given, [crop], [scored("telea", 1, 20.0, distance)])
    paths = sheet.write(tmp_path / "sheet.png")
    assert [path.name for path in paths] == ["sheet.png", "sheet-2.png"]
    first, second = (read_photo(path).pixels for path in paths)
    assert first.shape[1] == second.shape[1] == 3 * 68
    assert first.shape[0] > second.shape[0]
    greys = [int(page[y, 68 + 32, 0]) for page in (first, second) for y in (26 + 20 + 32, 26 + 88 + 20 + 32)
             if y < page.shape[0]]  # fmt: skip
    assert greys == [100, 200, 0]


def test_cells_are_crops_at_full_size_round_the_hole():
    rng = np.random.default_rng(0)
    hole = np.zeros((300, 400), bool)
    hole[200:220, 350:390] = True
    given = Sample("large.png", rng.integers(0, 255, (300, 400, 3), dtype=np.uint8), hole, 0)
    sheet = Sheet(["telea"], crop=96)
    crop = sheet.crop_of(given.image, hole)
    assert np.array_equal(crop, given.image[161:257, 304:400])
    sheet.add(given, [crop], [scored("telea", 0, 20.0)])
    (page,) = sheet.pictures()
    truth = page[46 : 46 + 96, 200 : 200 + 96]
    assert np.array_equal(truth, crop)
    masked = page[46 : 46 + 96, :96]
    assert (masked[hole[161:257, 304:400]] == 255).all()
    assert np.array_equal(masked[~hole[161:257, 304:400]], crop[~hole[161:257, 304:400]])


def test_cells_show_some_hole_where_it_is_in_pieces():
    hole = np.zeros((300, 900), bool)
    hole[100:120, 20:60] = hole[200:230, 840:890] = True
    sheet = Sheet(["telea"], crop=96)
    assert sheet.crop_of(np.repeat(hole[..., None], 3, 2).astype(np.uint8), hole).any()
