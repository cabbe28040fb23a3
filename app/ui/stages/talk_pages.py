"""Pictures of the stages with words: labels in the frames of a film, and strips for slides and papers.

Nothing here is a widget: it draws on any thread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.imaging.arrays import Image
from app.ui.canvas.plates import paint_plate
from app.ui.canvas.qimages import to_rgb, to_screen

_INK, _PAPER = QColor("#111111"), 255

_LABEL, _LEAST_LABEL = 0.045, 14
"""Height of a frame's letters, as a share of its shorter side, and in pixels."""

_GAP, _LETTERS, _FOOT = 0.03, 0.055, 1.9
"""Of a strip: gaps and letters as shares of a picture's longer side; the height of the words' line in letters."""
_LEAST_LETTERS = 13

_WIDTH_MM, _DPI = 180, 600
"""Of a strip as PDF: what two columns of a journal's page take, and how finely it is laid out."""


class Columns(Enum):
    """How the pictures of a strip stand."""

    ROW = 1
    TWO_ROWS = 2
    COLUMN = 0

    def count(self, pictures: int) -> int:
        """How many stand side by side."""
        return 1 if self is Columns.COLUMN else math.ceil(pictures / self.value)


class Panel(NamedTuple):
    """A picture ``(H, W, 3)`` uint8 and what it is."""

    picture: Image
    words: str


def labelled(picture: Image, words: str, font: QFont) -> Image:
    """A copy of `picture` with a plate that says `words` in its lower left corner."""
    drawn = to_screen(picture)
    letters = max(round(_LABEL * min(drawn.width(), drawn.height())), _LEAST_LABEL)
    font = _sized(font, letters)
    metrics, pad = QFontMetricsF(font), letters // 2
    width, height = math.ceil(metrics.horizontalAdvance(words)) + 2 * pad, math.ceil(metrics.height()) + pad
    painter = QPainter(drawn)
    painter.setFont(font)
    ratio = letters / 11
    plate = QRect(letters, drawn.height() - height - letters, width, height)
    paint_plate(painter, plate, words, QColor(Qt.GlobalColor.white), ratio)
    painter.end()
    return to_rgb(drawn)


@dataclass(frozen=True)
class Strip:
    """Pictures of one size side by side, each with its words below, on white."""

    panels: Sequence[Panel]
    columns: Columns
    font: QFont

    def to_picture(self) -> Image:
        """As pixels, each picture pixel for pixel."""
        width, height = self._size
        page = to_screen(np.full((height, width, 3), _PAPER, np.uint8))
        painter = QPainter(page)
        self._paint(painter)
        painter.end()
        return to_rgb(page)

    def to_pdf(self) -> bytes:
        """As a PDF of one page, as wide as a page of a journal; pictures without loss."""
        width, height = self._size
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setResolution(_DPI)
        size = QPageSize(QSizeF(_WIDTH_MM, _WIDTH_MM * height / width), QPageSize.Unit.Millimeter)
        writer.setPageSize(size)
        writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
        writer.setCreator("Lacuna")
        painter = QPainter(writer)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        scale = writer.width() / width
        painter.scale(scale, scale)
        self._paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    @property
    def _picture(self) -> tuple[int, int]:
        height, width = self.panels[0].picture.shape[:2]
        return width, height

    @property
    def _letters(self) -> int:
        """Pixels: as large as is asked for, smaller where the longest words would not fit."""
        wanted = max(round(_LETTERS * max(self._picture)), _LEAST_LETTERS)
        metrics = QFontMetricsF(_sized(self.font, wanted))
        longest = max(metrics.horizontalAdvance(panel.words) for panel in self.panels)
        return max(math.floor(wanted * min(1.0, self._picture[0] / max(longest, 1))), 1)

    @property
    def _gap(self) -> int:
        return max(round(_GAP * max(self._picture)), 4)

    @property
    def _size(self) -> tuple[int, int]:
        columns = self.columns.count(len(self.panels))
        rows = math.ceil(len(self.panels) / columns)
        width, height = self._cell
        return columns * width + self._gap, rows * height + self._gap

    @property
    def _cell(self) -> tuple[int, int]:
        """Of a picture with its words and what parts it from the ones before."""
        width, height = self._picture
        return width + self._gap, height + self._gap + round(_FOOT * self._letters)

    def _paint(self, painter: QPainter) -> None:
        columns, (width, height) = self.columns.count(len(self.panels)), self._picture
        font = _sized(self.font, self._letters)
        painter.setFont(font)
        painter.setPen(_INK)
        for index, panel in enumerate(self.panels):
            left = self._gap + index % columns * self._cell[0]
            top = self._gap + index // columns * self._cell[1]
            painter.drawImage(QRectF(left, top, width, height), to_screen(panel.picture))
            foot = QRectF(left, top + height, width, self._cell[1] - height - self._gap)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, panel.words)


def _sized(font: QFont, pixels: int) -> QFont:
    result = QFont(font)
    result.setPixelSize(pixels)
    result.setWeight(QFont.Weight.Medium)
    return result
