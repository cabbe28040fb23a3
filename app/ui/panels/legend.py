"""What the colours of a difference map mean."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.imaging.difference_map import WHOLE, ramp
from app.ui.canvas.qimages import to_pixmap
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import brief

_WIDTH, _LEAST = 30 * GRID, 18 * GRID
_BAR = 12
_LEVELS = 255


class Legend(QWidget):
    """A scale with numbers at both ends and in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._heat = to_pixmap(ramp())
        grey = np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 3, axis=2)
        self._grey = to_pixmap(np.ascontiguousarray(grey))
        self._is_signed = False
        self._marks = "", "", ""
        self.show_scale(1, is_signed=False)

    @property
    def marks(self) -> tuple[str, str, str]:
        """The numbers, from left to right."""
        return self._marks

    def show_scale(self, amplification: int, *, is_signed: bool) -> None:
        """The scale of a map that is so many times amplified."""
        self._is_signed = is_signed
        if is_signed:
            levels = brief(_LEVELS / amplification)
            self._marks = f"−{levels}", "0", f"+{levels}"
            self.setToolTip(tr("Grey is no difference; lighter and darker are grey levels up and down."))
        else:
            end = WHOLE / amplification
            self._marks = "0", brief(end / 2), tr("ΔE {}").format(brief(end))
            self.setToolTip(
                tr("Difference of colour as people see it (CIEDE2000): from 1 on it is seen, from 10 on at a glance.")
            )
        self.setAccessibleName(tr("Scale"))
        self.setAccessibleDescription(tr("From {} to {}").format(self._marks[0], self._marks[2]))
        self.update()

    def sizeHint(self) -> QSize:
        """A bar and a line of numbers."""
        return QSize(_WIDTH, _BAR + GRID // 2 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Narrower."""
        return QSize(_LEAST, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bar, border and numbers."""
        painter = QPainter(self)
        bar = QRect(0, 0, self.width() - 1, _BAR)
        painter.drawPixmap(bar, self._grey if self._is_signed else self._heat)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(bar)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        words = QRect(0, _BAR + GRID // 2, self.width(), self.fontMetrics().height())
        flags = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
        for mark, flag in zip(self._marks, flags, strict=True):
            painter.drawText(words, flag, mark)
        painter.end()
