"""The navigator: the whole photo, small, and the zoom below it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QSpinBox, QToolButton, QVBoxLayout, QWidget

from app.ui.canvas.viewport import MAX_SCALE, MIN_SCALE
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import LogScale, field_width
from app.ui.panels.overview import Overview
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView

_STEPS = 1000
"""Positions of the slider, as `LogScale` counts them."""


class NavigatorPanel(QWidget):
    """The overview, and a row with less, a slider, more, the zoom in per cent, and the way back to upright."""

    def __init__(self, view: StageView) -> None:
        super().__init__()
        self._view, self._viewport = view, view.viewport
        self.overview = Overview(view.viewport)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.field = QSpinBox(minimum=round(100 * MIN_SCALE), maximum=round(100 * MAX_SCALE), suffix=" %")
        self.less, self.more, self.upright = QToolButton(), QToolButton(), QToolButton()
        self._lay_out()
        self.slider.valueChanged.connect(self._slid)
        self.field.valueChanged.connect(lambda value: self._viewport.set_scale(value / 100))
        self.less.clicked.connect(lambda: self._viewport.zoom_step(-1))
        self.more.clicked.connect(lambda: self._viewport.zoom_step(1))
        self.upright.clicked.connect(lambda: self._viewport.set_angle(0.0))
        view.image_shown.connect(self._image_shown)
        view.viewport.changed.connect(self._show)
        self._fit_field()
        self._image_shown()
        self._show()

    def _lay_out(self) -> None:
        self.slider.setRange(0, _STEPS)
        self.slider.setMinimumWidth(6 * GRID)  # it gives way to the button of a turned view, not the dock
        self.field.setKeyboardTracking(False)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.less.setText("−")
        self.more.setText("+")
        for button in (self.less, self.more, self.upright):
            button.setAutoRaise(button is not self.upright)
            button.setMinimumSize(3 * GRID, 3 * GRID)
        row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        for widget, name in (
            (self.less, tr("Zoom out")),
            (self.slider, tr("Zoom")),
            (self.more, tr("Zoom in")),
            (self.field, tr("Zoom")),
            (self.upright, tr("Turn the view back upright")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus if widget is not self.field else Qt.FocusPolicy.StrongFocus)
            row.addWidget(widget, int(widget is self.slider))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addWidget(self.overview)
        column.addLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def changeEvent(self, event: QEvent) -> None:
        """In larger letters the field takes more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_field()

    def _fit_field(self) -> None:
        """The slider takes what the longest number leaves."""
        self.field.setFixedWidth(field_width(self.field))

    def _image_shown(self) -> None:
        layer = self._view.canvas(Pane.ORIGINAL).scene.layer
        self.overview.set_layer(layer)
        self.setEnabled(layer is not None)

    def _slid(self, position: int) -> None:
        self._viewport.set_scale(LogScale().value(position, MIN_SCALE, MAX_SCALE))

    def _show(self) -> None:
        scale, angle = self._viewport.scale, self._viewport.angle
        with QSignalBlocker(self.slider), QSignalBlocker(self.field):
            self.slider.setValue(LogScale().position(scale, MIN_SCALE, MAX_SCALE))
            self.field.setValue(round(100 * scale))
        self.upright.setText(f"{angle:.0f}°".replace("-", "−"))
        self.upright.setVisible(angle != 0.0)
