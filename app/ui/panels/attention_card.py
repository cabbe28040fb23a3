"""A card over the photograph: what the colours of the attention mean, and in words where a place looked."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from app.imaging.heat import heat_ramp
from app.inference.attention_probe import AttentionMap
from app.ui.canvas.qimages import wrap_rgb
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import fine_per_cent, per_cent
from app.ui.panels.pieces import label

_WIDEST = 52 * GRID
_BAR = GRID
"""Height of the colours."""


class AttentionCard(QFrame):
    """Lies at the left foot of `view` and lets the pointer through."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self.setProperty("role", "bubble")
        self.setAccessibleName(tr("Where the global stage looked"))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._legend, self._words, self._hint = _Legend(), label(wraps=True), label(role="hint", wraps=True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        rows.setSpacing(GRID // 2)
        for each in (self._words, self._legend, self._hint):
            rows.addWidget(each)
        view.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        """What is said."""
        return self._words.text()

    @property
    def legend(self) -> str:
        """What the two ends of the colours stand for."""
        return "" if self._legend.isHidden() else self._legend.words

    def show_map(self, looked: AttentionMap) -> None:
        """Say where a place looks."""
        self._legend.set_most(float(looked.heat.max()))
        self._legend.show()
        self._say(words_of(looked), tr("Paint over what it must not use · Enter fills again without it"))

    def show_words(self, words: str, hint: str = "") -> None:
        """Say something else, without a legend."""
        self._legend.hide()
        self._say(words, hint)

    def _say(self, words: str, hint: str) -> None:
        self._words.setText(words)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.setAccessibleDescription(words)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        view = self.parentWidget()
        if view is None:
            return
        width = min(_WIDEST, view.width() - 4 * GRID)
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry(QRect(2 * GRID, view.height() - height - 2 * GRID, width, height))
        self.raise_()


def words_of(looked: AttentionMap) -> str:
    """The shares of what is known and of the hole, in words."""
    words = tr("{known} of the attention is on the known photo, {hole} stayed within the hole.")
    return words.format(known=per_cent(looked.at_known), hole=per_cent(looked.in_hole))


class _Legend(QWidget):
    """The colours from nothing to the most, with their shares at both ends."""

    def __init__(self) -> None:
        super().__init__()
        self._most = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def words(self) -> str:
        """The share of the hottest cell."""
        return tr("{} in one cell").format(fine_per_cent(self._most))

    def set_most(self, most: float) -> None:
        """The share of the hottest cell is another."""
        self._most = most
        self.setToolTip(self.words)
        self.update()

    def sizeHint(self) -> QSize:
        """The colours and a line of text."""
        return QSize(20 * GRID, _BAR + self.fontMetrics().height() + GRID // 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The colours, and below them what their ends stand for."""
        ramp = np.ascontiguousarray(np.broadcast_to(heat_ramp(), (1, *heat_ramp().shape)))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRect(0, 0, self.width(), _BAR), wrap_rgb(ramp))
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        below = self.rect().adjusted(0, _BAR + GRID // 2, 0, 0)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, tr("none"))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, self.words)
        painter.end()
