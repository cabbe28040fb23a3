"""What is said of the step on the screen: its name in large letters, time and number, and a mark for each step."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.palette import DARK
from app.ui.presenting.plates import Plate

_TITLE, _NOTE = 5.2, 2.7
"""Heights of letters, in hundredths of the screen's height."""

_MARGIN, _GAP, _BAR = 3.0, 1.0, 0.5
"""Round the plate, between lines, and the height of the marks that stand for the steps; in the same unit."""

_LEAST, _WIDE = 26, 0.45
"""How wide the words are at least, in the same unit, and at most, of the screen's width."""

_FAINT = 70
"""Of 255, how opaque the mark of a step is that is not there yet."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is said of the step on the screen."""

    titles: tuple[str, ...]
    """Of all steps."""
    index: int
    """Of the one on the screen."""
    ready: int
    """How many of them there are by now."""
    notes: tuple[str, ...]
    """Of all steps: their times, say."""

    @property
    def note(self) -> str:
        """Of the one on the screen."""
        return self.notes[self.index]

    @property
    def words(self) -> str:
        """All of it, for who listens."""
        return ", ".join(each for each in (self.titles[self.index], self.note, self.count) if each)

    @property
    def count(self) -> str:
        """Which step of how many."""
        return f"{self.index + 1} / {len(self.titles)}"


class StepLabel(Plate):
    """Name, time and number of the step, and a mark for each."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._caption: Caption | None = None

    @property
    def caption(self) -> Caption | None:
        """What it says."""
        return self._caption

    def set_caption(self, caption: Caption, photo: QRect, avoid: QRect) -> None:
        """Say this, in the first corner where nothing of `avoid` is covered: beside `photo`, or wholly on it."""
        self._caption = caption
        size, margin = self._size(caption), round(_MARGIN * self.unit())
        inner = _inner(self.area(), photo, size, margin)
        self.setGeometry(_corner(inner, size, avoid))
        self.setAccessibleName(caption.words)
        self.update()

    def _size(self, caption: Caption) -> QSize:
        """As wide for every step, so that it rests."""
        title, note = QFontMetrics(self._title()), QFontMetrics(self.letters(_NOTE))
        wide = max(title.horizontalAdvance(each) for each in caption.titles)
        below = max(note.horizontalAdvance(f"{each}    {caption.count}") for each in caption.notes)
        most = round(_WIDE * self.area().width())
        height = title.height() + note.height() + round((2 * _GAP + _BAR) * self.unit())
        least = round(_LEAST * self.unit())
        return QSize(min(max(wide, below, least), most) + 2 * self.pad(), height + 2 * self.pad())

    def _title(self) -> QFont:
        return self.letters(_TITLE, QFont.Weight.DemiBold)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Three lines: the name, time and number, the marks."""
        caption = self._caption
        if caption is None:
            return
        painter = QPainter(self)
        self.paint_ground(painter)
        inner = self.rect().adjusted(self.pad(), self.pad(), -self.pad(), -self.pad())
        painter.setFont(self._title())
        painter.setPen(QColor(DARK.on_accent))
        metrics = painter.fontMetrics()
        title = metrics.elidedText(caption.titles[caption.index], Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, title)
        below = inner.adjusted(0, metrics.height() + round(_GAP * self.unit() / 2), 0, 0)
        painter.setFont(self.letters(_NOTE))
        painter.setPen(QColor(DARK.muted))
        painter.drawText(below, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, caption.count)
        painter.setPen(QColor(DARK.text))
        painter.drawText(below, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, caption.note)
        self._paint_marks(painter, inner, caption)
        painter.end()

    def _paint_marks(self, painter: QPainter, inner: QRect, caption: Caption) -> None:
        count, height = len(caption.titles), max(round(_BAR * self.unit()), 2)
        gap = round(0.6 * self.unit())
        width = (inner.width() - (count - 1) * gap) / count
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(count):
            colour = QColor(DARK.on_accent if index <= caption.index else DARK.disabled)
            colour.setAlpha(255 if index < caption.ready else _FAINT)
            painter.setBrush(colour)
            left, right = (round(inner.x() + each) for each in (index * (width + gap), index * (width + gap) + width))
            painter.drawRect(QRect(left, inner.bottom() + 1 - height, right - left, height))


def _inner(area: QRect, photo: QRect, size: QSize, margin: int) -> QRect:
    """Where something of `size` may lie: on a side of `photo` where it has room it may leave it, on the others not."""
    seen = photo.intersected(area)
    sides = (seen.left(), seen.top(), area.right() - seen.right(), area.bottom() - seen.bottom())
    lengths = (size.width(), size.height()) * 2
    free = [0 if side >= length + 2 * margin else side for side, length in zip(sides, lengths, strict=True)]
    return area.adjusted(free[0] + margin, free[1] + margin, -free[2] - margin, -free[3] - margin)


def _corner(inner: QRect, size: QSize, avoid: QRect) -> QRect:
    """A place of `size` in a corner of `inner`, below before above, that leaves `avoid` free; else the first."""
    places = []
    for top in (inner.bottom() + 1 - size.height(), inner.top()):
        for left in (inner.left(), inner.right() + 1 - size.width()):
            places.append(QRect(left, top, size.width(), size.height()))
    return next((place for place in places if not place.intersects(avoid)), places[0])
