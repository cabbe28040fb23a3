"""A row to choose a colour: named ones, each with a swatch, or one's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import ChoiceRow
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

Ask = Callable[[QColor, QWidget, str], QColor]
"""Asks for a colour, beginning with one; an invalid one stands for no answer."""


class ColourRow(ChoiceRow[str]):
    """The last entry asks for a colour; one that has no name is shown as that entry's swatch."""

    def __init__(self, settings: Settings, setting: Setting[str], ask: Ask = QColorDialog.getColor) -> None:
        self._ask = ask
        super().__init__(settings, setting)

    def _show(self) -> None:
        colour = self._settings.get(self._setting)
        with QSignalBlocker(self._box):
            if self._box.count() == len(self._values):
                self._box.addItem(tr("Other…"))
            for index, value in enumerate((*self._values, colour)):
                self._box.setItemIcon(index, _swatch(value))
            named = colour in self._values
            self._box.setCurrentIndex(self._values.index(colour) if named else len(self._values))

    def _chosen(self, index: int) -> None:
        if index < len(self._values):
            super()._chosen(index)
            return
        colour = self._ask(QColor(self._settings.get(self._setting)), self, tr("Colour of the mask"))
        if colour.isValid():
            self._settings.set(self._setting, colour.name())
        self._show()


def _swatch(colour: str) -> QIcon:
    pixmap = QPixmap(2 * GRID, 2 * GRID)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)
