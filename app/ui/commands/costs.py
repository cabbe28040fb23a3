"""Whether the panel with what the stages cost is among those that are shown."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.commands.view import Window
from app.ui.costs.counting import RunCosts
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

PANEL = "costs"
"""Its name in the frame."""


class CostCommands(QObject):
    """Remembered; nothing is counted while it is closed."""

    def __init__(self, costs: RunCosts, settings: Settings, window: Window) -> None:
        super().__init__()
        self._costs, self._settings, self._window = costs, settings, window
        settings.changed.connect(self._setting_changed)

    def is_shown(self) -> bool:
        """It can be seen."""
        return self._settings.get(declared.COSTS) and self._window.are_panels_shown()

    def toggle(self) -> None:
        """Show it, with the other panels where these are hidden, or close it."""
        on = not self.is_shown()
        self._settings.set(declared.COSTS, on)
        if on:
            self._window.show_panels(True)

    def restore(self) -> None:
        """Show it as it was left."""
        wanted = self._settings.get(declared.COSTS)
        self._window.set_panel_wanted(PANEL, wanted)
        self._costs.set_wanted(wanted)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.COSTS:
            self.restore()
