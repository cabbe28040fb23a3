"""How figures and pictures of an evaluation are shown."""

from __future__ import annotations

import cv2
import numpy as np

from app.imaging.arrays import Image
from app.imaging.random_masks import AREA_BINS
from app.training.evaluate import Means, Sample, bin_name

_LABEL_HEIGHT = 22
_GAP = 4


def text_table(table: dict[str, dict[str, Means | dict[str, Means]]]) -> str:
    """A line a method: figures over all samples, then hole PSNR (and feature distance) by mask-area bin."""
    lines = [f"{'method':<20}{'PSNR':>8}{'hole':>8}{'SSIM':>8}{'L1 %':>8}{'feat e3':>9}{'s':>8}"]
    for method, entry in table.items():
        means = entry["all"]
        lines.append(f"{method:<20}" + _columns(means))
    bins = [bin_name(index) for index in range(len(AREA_BINS))]
    for title, figure, factor in (("hole PSNR, dB", "hole_psnr", 1.0), ("feature distance e3", "lpips", 1000.0)):
        lines += ["", f"{title:<20}" + "".join(f"{name:>12}" for name in bins)]
        for method, entry in table.items():
            by_bin = entry["bins"]
            cells = [_cell(by_bin.get(name), figure, factor) for name in bins]
            lines.append(f"{method:<20}" + "".join(f"{cell:>12}" for cell in cells))
    return "\n".join(lines)


def _columns(means: object) -> str:
    assert isinstance(means, dict)
    parts = [("psnr", 8, 2, 1.0), ("hole_psnr", 8, 2, 1.0), ("ssim", 8, 4, 1.0), ("l1", 8, 2, 100.0)]
    text = "".join(f"{_number(means[name], factor, digits):>{width}}" for name, width, digits, factor in parts)
    return text + f"{_number(means['lpips'], 1000.0, 0):>9}{_number(means['seconds'], 1.0, 2):>8}"


def _number(value: float | None, factor: float, digits: int) -> str:
    return "–" if value is None else f"{value * factor:.{digits}f}"


def _cell(means: object, figure: str, factor: float) -> str:
    if not isinstance(means, dict):
        return "–"
    return _number(means[figure], factor, 2 if factor == 1.0 else 0)


class Sheet:
    """A grid of pictures: a row a sample (photograph, masked, one column a method), crops at 100 %."""

    def __init__(self, methods: list[str], crop: int = 256, most_rows: int = 12) -> None:
        self._columns = ["photograph", "masked", *methods]
        self._crop = crop
        self._most_rows = most_rows
        self._rows: list[Image] = []

    @property
    def is_full(self) -> bool:
        """True where no more rows are taken."""
        return len(self._rows) >= self._most_rows

    def add(self, sample: Sample, results: list[Image]) -> None:
        """Append a row; ignored once the sheet is full."""
        if self.is_full:
            return
        masked = sample.image.copy()
        masked[sample.hole] = 255
        cells = [self._cropped(picture, sample) for picture in (sample.image, masked, *results)]
        self._rows.append(np.concatenate(cells, axis=1))

    def picture(self) -> Image:
        """The sheet with the column names on top."""
        width = (self._crop + _GAP) * len(self._columns)
        header = np.full((_LABEL_HEIGHT, width, 3), 24, np.uint8)
        for index, name in enumerate(self._columns):
            corner = (index * (self._crop + _GAP) + 4, _LABEL_HEIGHT - 7)
            cv2.putText(header, name, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.45, (230, 230, 230), 1, cv2.LINE_AA)
        return np.concatenate([header, *self._rows], axis=0)

    def _cropped(self, picture: Image, sample: Sample) -> Image:
        """The square of `crop` pixels round the hole's centre at 100 %, with a gap at its right and bottom."""
        rows, columns = np.nonzero(sample.hole)
        half = self._crop // 2
        y = int(np.clip(int(np.median(rows)) - half, 0, max(picture.shape[0] - self._crop, 0)))
        x = int(np.clip(int(np.median(columns)) - half, 0, max(picture.shape[1] - self._crop, 0)))
        cell = np.full((self._crop + _GAP, self._crop + _GAP, 3), 24, np.uint8)
        part = picture[y : y + self._crop, x : x + self._crop]
        cell[: part.shape[0], : part.shape[1]] = part
        return cell
