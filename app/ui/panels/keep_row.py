"""The stages to choose among with the keep brush: a button for each, with the colour that shows where it is kept."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from app.inference.request import Stage
from app.ui.language import tr
from app.ui.look.stage_colours import STAGE_COLOURS
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane

_SWATCH = 3 * GRID // 2
_FINE = 3
"""Pixels drawn for each of the swatch's, so that it is crisp on every display."""


class KeepRow(QWidget):
    """Bound both ways to the setting; stages without a result are dimmed."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.setAccessibleName(tr(declared.KEEP_STAGE.name))
        self._group = QButtonGroup(self)
        self._stages = tuple(Stage)
        row = flush(QHBoxLayout(self), GRID // 2)
        for index, stage in enumerate(self._stages):
            button = _button(stage)
            self._group.addButton(button, index)
            row.addWidget(button)
        self._group.idClicked.connect(lambda index: settings.set(declared.KEEP_STAGE, self._stages[index]))
        settings.changed.connect(self._setting_changed)
        self._show()
        self.show_stages((), None)

    def button(self, stage: Stage) -> QToolButton:
        """That of `stage`."""
        button = self._group.button(self._stages.index(stage))
        assert isinstance(button, QToolButton)
        return button

    def show_stages(self, there: Collection[Stage], base: Stage | None) -> None:
        """Of the stages `there` are results; `base` counts where nothing is painted."""
        for stage in self._stages:
            button, name = self.button(stage), Pane.of(stage).title
            button.setEnabled(stage in there)
            if stage not in there:
                button.setToolTip(tr("This run has no result of that stage."))
            elif stage is base:
                button.setToolTip(tr("Keep {}: it is kept wherever nothing is painted.").format(name))
            else:
                button.setToolTip(tr("Keep {} where you paint").format(name))

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.KEEP_STAGE:
            self._show()

    def _show(self) -> None:
        self.button(self._settings.get(declared.KEEP_STAGE)).setChecked(True)


def _button(stage: Stage) -> QToolButton:
    button = QToolButton(checkable=True, focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
    button.setProperty("role", "variant")
    button.setText(Pane.of(stage).title)
    button.setAccessibleName(tr("Keep {}").format(Pane.of(stage).title))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIcon(_swatch(STAGE_COLOURS[stage]))
    button.setIconSize(QSize(_SWATCH, _SWATCH))
    return button


def _swatch(colour: str) -> QIcon:
    """A round spot; the same where the button is dimmed, for its words are."""
    side = _FINE * _SWATCH
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(_FINE, _FINE, side - 2 * _FINE, side - 2 * _FINE)
    painter.end()
    return QIcon(picture)
