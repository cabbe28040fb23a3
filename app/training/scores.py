"""One method's figures on one sample, and their means by method and mask-area bin."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TypedDict

import numpy as np

from app.imaging.arrays import Image
from app.imaging.metrics import l1, psnr, ssim
from app.inference.distance import FeatureJudge
from app.training.evaluate import Sample, bin_name


@dataclass(frozen=True, slots=True)
class Score:
    """One method on one sample. `psnr` is over the image, `hole_psnr` over the hole, both in dB; `ssim` and `l1` over
    the image, 0…1; `lpips` is the feature distance, None where no extractor is given."""

    method: str
    bin_index: int
    psnr: float
    hole_psnr: float
    ssim: float
    l1: float
    lpips: float | None
    seconds: float


FIGURES = ("psnr", "hole_psnr", "ssim", "l1", "lpips", "seconds")


def score(method: str, sample: Sample, result: Image, seconds: float, judge: FeatureJudge | None) -> Score:
    """The figures of `result`, what `method` made of `sample` in `seconds`."""
    return Score(
        method,
        sample.bin_index,
        psnr(result, sample.image),
        psnr(result, sample.image, sample.hole),
        ssim(result, sample.image),
        l1(result, sample.image),
        None if judge is None else judge.distance(result, sample.image, sample.hole),
        seconds,
    )


Means = dict[str, float | None]


class Entry(TypedDict):
    """One method's means: over all samples, and by the bin of the hole's area."""

    all: Means
    bins: dict[str, Means]


Table = dict[str, Entry]


def summary(scores: list[Score]) -> Table:
    """Every method's means, in the order the methods came; bins without a sample are left out."""
    table: Table = {}
    for method in dict.fromkeys(entry.method for entry in scores):
        mine = [entry for entry in scores if entry.method == method]
        bins = {
            bin_name(index): _means([entry for entry in mine if entry.bin_index == index])
            for index in sorted({entry.bin_index for entry in mine})
        }
        table[method] = {"all": _means(mine), "bins": bins}
    return table


def means_of(table: Table, method: str, area_bin: str | None) -> Means | None:
    """The means of `method` in the bin called `area_bin` (None: over all samples); None where it has no sample."""
    return table[method]["all"] if area_bin is None else table[method]["bins"].get(area_bin)


def _means(scores: list[Score]) -> Means:
    rows = [asdict(entry) for entry in scores]
    means: Means = {}
    for figure in FIGURES:
        values = [float(row[figure]) for row in rows if row[figure] is not None]
        means[figure] = float(np.mean(values)) if values else None
    return means
