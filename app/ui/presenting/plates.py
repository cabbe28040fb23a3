"""Words on the presented photo, on dark plates, in sizes that go by the screen. Each lets the pointer through."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.palette import DARK, PRESENTED

_WORDS, _SMALL = 3.2, 2.3
"""Heights of letters, in hundredths of the screen's height."""

_PAD = 2.0
"""Round the words, in the same unit."""

_GROUND, _DENSE = 170, 220
"""Of 255, how opaque plates are, those of a few words and those of many."""


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
        ground = QColor(PRESENTED)
        ground.setAlpha(self.ground)
        painter.setBrush(ground)
        painter.drawRoundedRect(self.rect(), self.pad() / 2, self.pad() / 2)


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
