"""The part of the options panel that works on the mask as a whole: how far, and the buttons that do it."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.ui.actions.action_set import ActionSet
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.settings import declared
from app.ui.settings.store import Settings


class MaskSection(QWidget):
    """Two numbers, each above the two actions that use it."""

    def __init__(self, settings: Settings, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GRID)
        for setting, ids in _ROWS:
            rows.addWidget(row_for(settings, setting))
            buttons = QHBoxLayout()
            buttons.setSpacing(GRID)
            for id_ in ids:
                buttons.addWidget(_ActionButton(actions[id_]), 1)
            rows.addLayout(buttons)


_ROWS = (
    (declared.MASK_STEP, ("grow_mask", "shrink_mask")),
    (declared.MASK_SOFTNESS, ("feather_mask", "smooth_mask")),
)


class _ActionButton(QPushButton):
    """Does what an action does, where that can be done."""

    def __init__(self, action: QAction) -> None:
        super().__init__(action.iconText())
        self._action = action
        self.setToolTip(action.toolTip())
        self.setAccessibleName(action.iconText())
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setIcon(self._action.icon())
