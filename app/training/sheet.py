"""The picture sheets of an evaluation: a row a sample, every cell a crop at 100 %."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont

from app.imaging.arrays import Hole, Image
from app.imaging.files import write_image
from app.imaging.geometry import Rect, bounding_rect
from app.training.evaluate import Sample, bin_name
from app.training.scores import Score

_GAP = 4
_TITLE, _CAPTION = 26, 20
_TEXT = 13
_GROUND, _INK, _DIM = (24, 24, 24), (235, 235, 235), (160, 160, 160)


@dataclass(frozen=True, slots=True)
class _Row:
    """One sample's cells, already cropped."""

    badness: float
    captions: tuple[str, ...]
    cells: tuple[Image, ...]


class Sheet:
    """Collects rows (masked, one column a method, truth) and writes them as pictures of a limited number of rows.

    Only crops are kept: some 200 KB a cell of 256 pixels.
    """

    def __init__(self, methods: Sequence[str], crop: int, rows: int = 24, worst: str | None = None) -> None:
        """Cells of `crop` × `crop` pixels, `rows` a picture; the worst of the method called `worst` first, if given."""
        self._columns = ("masked", *methods, "truth")
        self._methods = tuple(methods)
        self._crop = crop
        self._most = rows
        self._worst = worst
        self._rows: list[_Row] = []

    def crop_of(self, picture: Image, hole: Hole) -> Image:
        """The part of `picture` that this sheet shows, a copy: keep this instead of a large picture."""
        return picture[_view(hole, self._crop).slices].copy()

    def add(self, sample: Sample, crops: Sequence[Image], scores: Sequence[Score]) -> None:
        """Append a row; `crops` are the methods' results through `crop_of`, in the columns' order."""
        view = _view(sample.hole, self._crop).slices
        truth = sample.image[view].copy()
        masked = np.where(sample.hole[view][..., None], np.uint8(255), truth)
        name = f"{sample.name}   {bin_name(sample.bin_index)}"
        captions = (name, *(_caption(entry) for entry in scores), "")
        badness = next((_badness(entry) for entry in scores if entry.method == self._worst), 0.0)
        self._rows.append(_Row(badness, captions, (masked, *crops, truth)))

    def pictures(self) -> Iterator[Image]:
        """The sheets, each with the columns' names on top; nothing where no row was added."""
        rows = sorted(self._rows, key=lambda row: row.badness, reverse=True) if self._worst else self._rows
        for start in range(0, len(rows), self._most):
            yield self._picture(rows[start : start + self._most])

    def write(self, path: Path) -> list[Path]:
        """Write ``OUT.png``, ``OUT-2.png`` and so on; returns what was written. Raises `LacunaError` where it can't."""
        written = []
        for number, picture in enumerate(self.pictures(), start=1):
            target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            write_image(target, picture)
            written.append(target)
        return written

    def _picture(self, rows: Sequence[_Row]) -> Image:
        step = self._crop + _GAP
        height = _TITLE + len(rows) * (_CAPTION + step)
        sheet = PIL.Image.new("RGB", (step * len(self._columns), height), _GROUND)
        draw, font = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(_TEXT)
        for column, name in enumerate(self._columns):
            draw.text((column * step + 4, 5), _fitted(name, font, self._crop), _INK, font)
        for index, row in enumerate(rows):
            top = _TITLE + index * (_CAPTION + step)
            for column, (caption, cell) in enumerate(zip(row.captions, row.cells, strict=True)):
                draw.text((column * step + 4, top + 2), _fitted(caption, font, self._crop), _DIM, font)
                sheet.paste(PIL.Image.fromarray(cell), (column * step, top + _CAPTION))
        return np.asarray(sheet)


def _badness(entry: Score) -> float:
    """More is worse: the feature distance or, where nobody took it, the hole PSNR turned round."""
    return -entry.hole_psnr if entry.lpips is None else entry.lpips


def _caption(entry: Score) -> str:
    distance = "" if entry.lpips is None else f"   feature {entry.lpips * 1000:.0f}"
    return f"{entry.hole_psnr:.1f} dB{distance}"


def _fitted(text: str, font: PIL.ImageFont.ImageFont | PIL.ImageFont.FreeTypeFont, width: int) -> str:
    """`text`, its beginning cut off where it is longer than `width` pixels."""
    if font.getlength(text) <= width - 8:
        return text
    while text and font.getlength("…" + text) > width - 8:
        text = text[1:]
    return "…" + text


def _view(hole: Hole, crop: int) -> Rect:
    """The square of `crop` pixels, or as much of it as there is, round the hole pixel nearest to the hole's middle."""
    box = bounding_rect(hole)
    rows, columns = np.nonzero(hole[box.slices])
    nearest = int(np.argmin(np.abs(rows - np.median(rows)) + np.abs(columns - np.median(columns))))
    y, x = box.y + int(rows[nearest]) - crop // 2, box.x + int(columns[nearest]) - crop // 2
    height, width = hole.shape
    y, x = min(max(y, 0), max(height - crop, 0)), min(max(x, 0), max(width - crop, 0))
    return Rect(x, y, min(crop, width), min(crop, height))
