"""The slim strip below a pane shown large: a thumbnail of each pane to switch by mouse, and the way back to all."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from app.imaging.geometry import EMPTY, Rect
from app.ui.canvas.mask_tint import OverlayStyle
from app.ui.canvas.viewport import ViewTransform
from app.ui.language import tr
from app.ui.stages.panes import Pane
from app.ui.stages.stage_pane import StagePane

_THUMBNAIL = QSize(72, 48)
_TAB = QSize(196, 64)
_WORDS, _LEAST_THUMBNAIL = 60, 32
"""Widths that five tabs still have in a narrow window, pixels: words go before pictures."""
_MARGINS = 20


class PaneTabs(QWidget):
    """One tab a pane."""

    chosen = Signal(object)
    """The `Pane` to show large; None for all."""

    def __init__(self, panes: Mapping[Pane, StagePane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tabs = {pane: PaneTab(stage_pane, self) for pane, stage_pane in panes.items()}
        self.setAccessibleName(tr("Stages"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(0)
        for pane, tab in self._tabs.items():
            tab.clicked.connect(lambda checked=False, pane=pane: self.chosen.emit(pane))
            layout.addWidget(tab)
        layout.addSpacing(8)
        layout.addStretch(1)
        self.all_button = QPushButton(tr("All"))
        self.all_button.setToolTip(tr("Show all side by side"))
        self.all_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.all_button.clicked.connect(lambda: self.chosen.emit(None))
        layout.addWidget(self.all_button)

    def tab(self, pane: Pane) -> PaneTab:
        """The tab of `pane`."""
        return self._tabs[pane]

    def set_current(self, pane: Pane | None) -> None:
        """Mark the tab of the pane shown large."""
        for each, tab in self._tabs.items():
            tab.setChecked(each is pane)

    def refresh(self, subject: Rect) -> None:
        """Draw the thumbnails anew; they show `subject`, image pixels, where the results differ."""
        for tab in self._tabs.values():
            tab.set_subject(subject)


class PaneTab(QAbstractButton):
    """Thumbnail, name, and time or state of one pane."""

    def __init__(self, pane: StagePane, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pane = pane
        self._subject = EMPTY
        self._thumbnail: QPixmap | None = None
        self.setCheckable(True)
        self.setMinimumWidth(_LEAST_THUMBNAIL + _WORDS + _MARGINS)
        self.setMaximumWidth(_TAB.width())
        self.setFixedHeight(_TAB.height())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setText(pane.pane.title)
        self.setAccessibleName(tr("Show {name} large").format(name=pane.pane.title))
        pane.state_changed.connect(self.refresh)

    def sizeHint(self) -> QSize:
        """Thumbnail and two short lines."""
        return _TAB

    def nextCheckState(self) -> None:
        """A click chooses the pane; `PaneTabs.set_current` is what marks it."""

    def set_subject(self, subject: Rect) -> None:
        """Show this part of the image; an empty one stands for all of it."""
        self._subject = subject
        self.refresh()

    def refresh(self) -> None:
        """Draw the thumbnail anew when next shown."""
        self._thumbnail = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A lit ground and a line in the accent's colour mark the pane shown large."""
        painter = QPainter(self)
        role = QPalette.ColorRole.Midlight if self.isChecked() or self.underMouse() else QPalette.ColorRole.Window
        painter.fillRect(self.rect(), self.palette().color(role))
        if self.isChecked() or self.hasFocus():
            accent = self.palette().color(QPalette.ColorRole.Highlight)
            painter.fillRect(QRect(0, 0, self.width(), 2), accent)
        painter.drawPixmap(8, 8, self._drawn_thumbnail())
        width = self.thumbnail_size().width()
        self._paint_words(painter, QRect(16 + width, 8, self.width() - width - _MARGINS, 48))
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRect) -> None:
        middle = box.y() + box.height() // 2
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        detail = self.fontMetrics().elidedText(self._pane.detail, Qt.TextElideMode.ElideRight, box.width())
        if not detail:
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
            return
        upper, lower = QRect(box), QRect(box)
        upper.setBottom(middle)
        lower.setTop(middle + 2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(lower, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, detail)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The thumbnail takes what the words leave it."""
        self.refresh()

    def thumbnail_size(self) -> QSize:
        """Smaller where the tab is narrow."""
        width = min(_THUMBNAIL.width(), self.width() - _WORDS - _MARGINS)
        return QSize(max(width, _LEAST_THUMBNAIL), _THUMBNAIL.height())

    def _drawn_thumbnail(self) -> QPixmap:
        if self._thumbnail is None:
            self._thumbnail = thumbnail(self._pane, self._subject, self.thumbnail_size(), self.devicePixelRatioF())
        return self._thumbnail


def thumbnail(pane: StagePane, subject: Rect, size: QSize, ratio: float) -> QPixmap:
    """What `pane` shows round `subject`, without the mask, filling `size` at the display's pixel ratio."""
    image = QPixmap(size * ratio)
    image.setDevicePixelRatio(ratio)
    image.fill(pane.palette().color(QPalette.ColorRole.Dark))
    layer = pane.canvas.scene.layer
    if layer is None:
        return image
    width, height = image.width(), image.height()
    whole = Rect(0, 0, *layer.extent)
    if subject.is_empty:
        subject = whole
    fill = max(width / whole.width, height / whole.height)
    scale = max(fill, min(width / subject.width, height / subject.height, 1.0))
    x = _start(subject.x + subject.width / 2, whole.width, width, scale)
    y = _start(subject.y + subject.height / 2, whole.height, height, scale)
    painter = QPainter(image)
    painter.scale(1 / ratio, 1 / ratio)
    view = ViewTransform(scale, x, y)
    pane.canvas.scene.paint(painter, view, QRect(0, 0, width, height), OverlayStyle(visible=False), is_plain=True)
    painter.end()
    return image


def _start(middle: float, length: int, view: int, scale: float) -> int:
    """The offset that brings `middle` to the middle of `view` pixels without leaving any of them empty."""
    return round(min(0.0, max(view - length * scale, view / 2 - middle * scale)))
