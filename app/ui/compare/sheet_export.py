"""The picture and the table of a comparison that are saved. Text is drawn here, whole pictures are made on the pool."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPixmap

from app.imaging.arrays import Image, extent_of, hole_of
from app.imaging.files import write_image
from app.imaging.geometry import Extent, Rect
from app.imaging.picture_sheet import GAP, Colour, Look, cell, composed, look_round
from app.imaging.pyramid import Pyramid
from app.inference.comparison import Subject
from app.inference.request import StageResult
from app.ui.canvas.qimages import to_rgb
from app.ui.compare.figure_words import caption_words
from app.ui.compare.pane import ComparePane
from app.ui.compare.result_model import ResultModel
from app.ui.compare.sheet_view import SheetView
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.numbers import fine_per_cent, whole
from app.ui.session.comparison_parts import Entry, Ground

_LEAST, _MOST = 320, 1600
"""Pixels a side of a cell at 100 %."""
_WIDE = 16 / 9
"""Width over height of a sheet at 100 %, about."""
_EMPTY = 0.15
"""How much another shape an empty place is worth."""
_SMALLEST, _LARGEST = 13, 26
"""Pixels of letters."""


@dataclass(frozen=True, slots=True)
class SheetTask:
    """What makes the picture; holds no widget, so that the pool can do it."""

    ground: Ground
    look: Look
    columns: int
    heading: Image
    cells: tuple[tuple[Image, Callable[[Rect], Image] | None], ...]
    """Each cell's strip and, part by part, its picture, where there is one."""
    colour: Colour

    def write(self, path: Path) -> None:
        """Make the picture and write it as the PNG at `path`; raises `LacunaError` where that fails."""
        size = extent_of(self.ground.subject.image)
        pictures = [(strip, cell(part, size, self.look, self.colour)) for strip, part in self.cells]
        write_image(path, composed(self.heading, pictures, self.columns, self.colour))


def sheet_task(view: SheetView, ground: Ground, palette: Palette, *, at_full_size: bool) -> SheetTask:
    """The panes that are shown, as they are seen or with the hole at 100 %."""
    panes, columns = view.shown, view.columns
    if at_full_size:
        hole, extent = hole_of(ground.subject.mask[ground.hole.slices]), extent_of(ground.subject.image)
        look = look_round(hole, ground.hole, extent, _MOST, _LEAST)
        columns = _columns(len(panes), look.size)
    else:
        viewport = view.viewport_
        look = Look(viewport.centre, viewport.scale, Extent(*panes[0].canvas.view_size()))
    cells = [(_strip(pane, look.size.width, palette), _part(ground, pane)) for pane in panes]
    width = columns * (look.size.width + GAP) - GAP
    heading = _heading(ground, width, _letters(look.size.width), palette)
    return SheetTask(ground, look, columns, heading, tuple(cells), _rgb(palette.canvas))


def _columns(count: int, size: Extent) -> int:
    """In how many columns `count` cells have about the shape of a screen, with few places left empty."""

    def fault(columns: int) -> float:
        rows = -(-count // columns)
        shape = columns * size.width / (rows * size.height)
        return abs(math.log(shape / _WIDE)) + _EMPTY * (columns * rows - count)

    return min(range(1, count + 1), key=fault)


def _part(ground: Ground, pane: ComparePane) -> Callable[[Rect], Image] | None:
    """None where the result is not there: the photo would pass for it."""
    result = None if pane.entry is None else pane.entry.result
    return partial(_shown_part, ground.subject, ground.pyramid, result) if pane.is_ready else None


def _shown_part(subject: Subject, pyramid: Pyramid, result: StageResult | None, rect: Rect) -> Image:
    """On the screen's own terms: 8 bits, sRGB."""
    pixels = subject.image[rect.slices] if result is None else result.part_over(subject.image, rect)
    return pyramid.shown(pixels)


# what is written on it


def _strip(pane: ComparePane, width: int, palette: Palette) -> Image:
    entry = pane.entry
    if entry is None:
        return _text(width, _letters(width), palette, pane.name, "", pane.caption.facts)
    return _text(width, _letters(width), palette, entry.method.name, entry.addition, caption_words(entry))


def _heading(ground: Ground, width: int, size: int, palette: Palette) -> Image:
    extent = extent_of(ground.subject.image)
    share = ground.mask_levels.hole_pixels / (extent.width * extent.height)
    facts = tr("{width} × {height} pixels, hole {share}").format(
        width=whole(extent.width), height=whole(extent.height), share=fine_per_cent(share)
    )
    return _text(width, size, palette, ground.name, "", facts)


def _text(width: int, size: int, palette: Palette, name: str, addition: str, facts: str) -> Image:
    """Two lines in letters of `size` pixels: what is cut off where room is short is the name."""
    bold, plain = QFont(), QFont()
    bold.setWeight(QFont.Weight.DemiBold)
    bold.setPixelSize(size)
    plain.setPixelSize(size)
    line = QFontMetrics(bold).lineSpacing()
    pixmap = QPixmap(width, 2 * line + GRID)
    pixmap.fill(QColor(palette.window))
    painter = QPainter(pixmap)
    painter.setFont(bold)
    painter.setPen(QColor(palette.text))
    metrics = painter.fontMetrics()
    upper = QRect(GRID, GRID // 2, width - 2 * GRID, line)
    room = upper.width() - (metrics.horizontalAdvance(f" {addition}") if addition else 0)
    shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
    painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, f"{shown} {addition}".rstrip())
    painter.setFont(plain)
    painter.setPen(QColor(palette.muted))
    facts = painter.fontMetrics().elidedText(facts, Qt.TextElideMode.ElideRight, upper.width())
    painter.drawText(upper.translated(0, line), Qt.AlignmentFlag.AlignVCenter, facts)
    painter.end()
    return to_rgb(pixmap.toImage())


def _letters(width: int) -> int:
    """Their size on a cell so wide."""
    return min(max(width // 28, _SMALLEST), _LARGEST)


def _rgb(colour: str) -> Colour:
    seen = QColor(colour)
    return seen.red(), seen.green(), seen.blue()


# the table


def table_text(model: ResultModel, ground: Ground, delimiter: str = ",") -> str:
    """All rows in their order as CSV: numbers with a point, whatever the language; empty where there is none."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    options = ("coarse", "result", "built_on", "working_size", "grow", "feather", "detail", "device")
    facts = ("state", "photo", "width", "height", "hole_pixels", "truth_known")
    writer.writerow(("rank", "method", *(each.key for each in model.measures), *options, *facts))
    extent = extent_of(ground.subject.image)
    common = ground.name, extent.width, extent.height, ground.mask_levels.hole_pixels, ground.subject.is_truth
    for entry in model.rows:
        writer.writerow((*_figures(model, entry), *_options(entry), entry.state.name.lower(), *common))
    return text.getvalue()


def _figures(model: ResultModel, entry: Entry) -> Sequence[object]:
    rank = model.rank(entry)
    values = [each.value(entry) for each in model.measures]
    return ("" if rank is None else rank, entry.title, *("" if value is None else f"{value:.6g}" for value in values))


def _options(entry: Entry) -> Sequence[object]:
    chosen = entry.method.options
    return (
        chosen.coarse, entry.stage.value, chosen.built_on.value, chosen.working_size, chosen.grow, chosen.feather,
        chosen.detail, chosen.device.value,
    )  # fmt: skip
