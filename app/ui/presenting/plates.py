"""Words on the presented photo, on dark plates, in sizes that go by the screen. Each lets the pointer through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.palette import DARK

_TITLE, _NOTE, _WORDS, _SMALL = 5.2, 2.7, 3.2, 2.3
"""Heights of letters, in hundredths of the screen's height."""

_PAD, _GAP, _BAR = 2.0, 1.0, 0.5
"""Round the words, between lines, and the height of the marks that stand for the steps; in the same unit."""

_WIDE = 0.45
"""Of the screen's width, what words take at most."""

_GROUND, _DENSE = 170, 220
"""Of 255, how opaque plates are, those of a few words and those of many."""

_FAINT = 70
"""The same for the mark of a step that is not there yet."""


class Plate(QWidget):
    """Something on a plate, over its parent."""

    ground = _GROUND

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._screen = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def area(self) -> QRect:
        """Where plates may lie: all of the screen."""
        return self._screen.rect()

    def unit(self) -> float:
        """A hundredth of the screen's height, or of that of a wide screen as wide as this one."""
        area = self.area()
        return min(area.height(), area.width() * 9 / 16) / 100

    def letters(self, height: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The font in a height in units."""
        font = QFont(self.font())
        font.setPixelSize(max(round(height * self.unit()), 9))
        font.setWeight(weight)
        return font

    def pad(self) -> int:
        """Pixels round what stands on the plate."""
        return round(_PAD * self.unit())

    def paint_ground(self, painter: QPainter) -> None:
        """The plate itself."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, self.ground))
        painter.drawRoundedRect(self.rect(), self.pad() / 2, self.pad() / 2)


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
        size, margin = self._size(caption), round(3 * self.unit())
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
        least = round(26 * self.unit())
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


class Message(Plate):
    """A sentence at the foot of the screen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = ""

    @property
    def text(self) -> str:
        """The sentence; empty while there is none."""
        return self._text

    def say(self, text: str, label: QRect) -> None:
        """Say `text`, or nothing; above `label`, where there is no room beside it."""
        self._text = text
        self.setAccessibleName(text)
        area, most = self.area(), round(0.8 * self.area().width())
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        metrics = QFontMetrics(self.letters(_WORDS))
        size = metrics.boundingRect(QRect(0, 0, most, area.height()), flags, text).size()
        size += QSize(2 * self.pad() + 2, 2 * self.pad())
        foot = area.height() - round(6 * self.unit())
        place = QRect((area.width() - size.width()) // 2, foot - size.height(), size.width(), size.height())
        if place.intersects(label):
            place.moveBottom(label.top() - self.pad())
        self.setGeometry(place)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sentence on its plate."""
        painter = QPainter(self)
        self.paint_ground(painter)
        painter.setFont(self.letters(_WORDS))
        painter.setPen(QColor(DARK.on_accent))
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter
        painter.drawText(self.rect().adjusted(self.pad(), 0, -self.pad(), 0), flags, self._text)
        painter.end()


class KeyCard(Plate):
    """The keys, in the middle of the screen, while they are asked for."""

    ground = _DENSE

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, str], ...] = ()
        self.hide()

    def show_rows(self, rows: Sequence[tuple[str, str]]) -> None:
        """Each a text and its keys."""
        self._rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{text}: {keys}" for text, keys in rows))
        metrics = QFontMetrics(self.letters(_SMALL))
        wide = [max(metrics.horizontalAdvance(row[column]) for row in rows) for column in (0, 1)]
        self.resize(sum(wide) + 5 * self.pad(), len(rows) * self._line() + 2 * self.pad())
        self.move(self.area().center() - self.rect().center())
        self.raise_()
        self.show()

    def _line(self) -> int:
        return round(1.6 * QFontMetrics(self.letters(_SMALL)).height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Texts at the left, keys at the right."""
        painter = QPainter(self)
        self.paint_ground(painter)
        painter.setFont(self.letters(_SMALL))
        for index, (text, keys) in enumerate(self._rows):
            line = QRect(2 * self.pad(), self.pad() + index * self._line(), self.width() - 4 * self.pad(), self._line())
            painter.setPen(QColor(DARK.on_accent))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            painter.setPen(QColor(DARK.muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, keys)
        painter.end()


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
