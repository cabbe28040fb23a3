"""What the program says about itself, and its first steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.ui.session.jobs import JobRunner
from app.ui.settings import declared
from app.ui.settings.store import Settings

if TYPE_CHECKING:
    from app.ui.panels.about import AboutBox


class HelpCommands(QObject):
    """Shows what stands over the window."""

    def __init__(self, window: QWidget, runner: JobRunner, settings: Settings) -> None:
        super().__init__(window)
        self._window, self._runner, self._settings = window, runner, settings
        self._about: AboutBox | None = None

    def show_about(self) -> None:
        """Version, weights, licences and diagnostics, over the window; it goes with Esc."""
        from app.ui.panels.about import AboutBox  # reading about packages would make the start slower

        if self._about is None:
            self._about = AboutBox(self._settings, self._runner, self._window)
        self._about.open()

    def has_seen_steps(self) -> bool:
        """Some of the first steps are not shown any more."""
        return bool(self._settings.get(declared.HINTS_SEEN))

    def show_first_steps(self) -> None:
        """Show all of the first steps again."""
        self._settings.set(declared.HINTS_SEEN, ())
