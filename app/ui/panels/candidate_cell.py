"""One of several fillings of a hole: its picture and how it was made."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui.look.theme import GRID

ASPECT = 1.6
"""Of a picture: width to height."""

_WIDEST, _NARROWEST = 26 * GRID, 9 * GRID
_PICTURE = 12 * GRID
"""Its height, pixels."""
_GAP = GRID // 2


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen of a candidate."""

    name: str
    """Its letter; empty for one that is still to come."""
    scale: str
    """Of its context box."""
    seed: str
    detail: str
    """Its time, or how far it is."""
    tip: str = ""
    picture: QPixmap | None = None


class CandidateCell(QAbstractButton):
    """A click shows the candidate large. Keys that step are left to the strip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = Look("", "", "", "")
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(_WIDEST)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def look(self) -> Look:
        """What it shows."""
        return self._look

    def show_look(self, look: Look, *, is_shown: bool) -> None:
        """Show another candidate, or another state of it; `is_shown` marks the one that is looked at."""
        self.setChecked(is_shown)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if is_shown else Qt.FocusPolicy.NoFocus)
        self.setEnabled(bool(look.name))
        if look != self._look:
            self._look = look
            self.setToolTip(look.tip)
            self.setAccessibleName(" · ".join(part for part in (look.name, look.scale, look.seed, look.detail) if part))
            self.update()

    def sizeHint(self) -> QSize:
        """The picture and two lines below it."""
        return QSize(_WIDEST, 2 * GRID + _PICTURE + _GAP + 2 * self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """It may become narrow, not low."""
        return QSize(_NARROWEST, self.sizeHint().height())

    def nextCheckState(self) -> None:
        """A click asks to be looked at; `show_look` is what marks it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """All keys but Space are the strip's."""
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The one that is looked at is framed and lit."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        lit = self.isChecked() or (self.underMouse() and self.isEnabled())
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.palette().color(QPalette.ColorRole.Light))
            painter.drawRoundedRect(self.rect(), 6, 6)
        room = QRect(_GAP, GRID, self.width() - 2 * _GAP, _PICTURE)
        self._paint_picture(painter, room)
        if self.isChecked():
            _frame(painter, room.adjusted(-2, -2, 2, 2), self.palette().color(QPalette.ColorRole.Accent), 2)
        if self.hasFocus():
            _frame(painter, self.rect().adjusted(1, 1, -1, -1), self.palette().color(QPalette.ColorRole.WindowText), 2)
        self._paint_words(painter, room)
        painter.end()

    def _paint_picture(self, painter: QPainter, room: QRect) -> None:
        """Fills its room; what does not fit is left out on both sides."""
        painter.fillRect(room, self.palette().color(QPalette.ColorRole.Dark))
        picture = self._look.picture
        if picture is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            text = self._look.detail if self._look.name else "…"
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
            return
        size = room.size().scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
        part = QRect((picture.width() - size.width()) // 2, (picture.height() - size.height()) // 2, 0, 0)
        part.setSize(size)
        painter.drawPixmap(room, picture, part)

    def _paint_words(self, painter: QPainter, room: QRect) -> None:
        height = self.fontMetrics().height()
        upper = QRect(room.x(), room.bottom() + 1 + _GAP, room.width(), height)
        letter = QFont(self.font())
        letter.setWeight(QFont.Weight.DemiBold)
        muted = self.palette().color(QPalette.ColorRole.PlaceholderText)
        painter.setFont(letter)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft, self._look.name)
        beside = painter.fontMetrics().horizontalAdvance(self._look.name + "  ")
        painter.setFont(self.font())
        painter.setPen(muted)
        parts = self._look.seed, self._look.detail if self._look.picture is not None else ""
        for line, text in (
            (upper.adjusted(beside, 0, 0, 0), self._look.scale),
            (upper.translated(0, height), " · ".join(part for part in parts if part)),
        ):
            elided = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, elided)


def _frame(painter: QPainter, rect: QRect, colour: QColor, width: int) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width))
    painter.drawRoundedRect(rect, 4, 4)
