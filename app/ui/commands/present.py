"""The loupe and the presentation."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.document.document import Document
from app.ui.loupe.loupe import Loupe
from app.ui.loupe.loupe_view import LoupeView
from app.ui.presenting.keys import SharedKeys
from app.ui.presenting.presentation import Presentation
from app.ui.presenting.screens import chosen_screen, next_screen
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.photo_looks import Look, look_again, look_of
from app.ui.stages.stage_strip import StageView
from app.ui.tools.toolbox import Toolbox


class PresentCommands(QObject):
    """Changes nothing but what is seen; only Enter in a presentation fills, where nothing is filled yet."""

    action_wanted = Signal(str)
    """The id of an action whose key was pressed in the presentation."""

    def __init__(
        self, window: QWidget, session: Session, view: StageView, toolbox: Toolbox, settings: Settings
    ) -> None:
        super().__init__()
        self._window, self._session, self._view = window, session, view
        self._toolbox, self._settings = toolbox, settings
        self.loupe = Loupe(settings, self)
        self.loupe_view = LoupeView(self.loupe, view)
        self.shown: Presentation | None = None
        """The presentation under way."""
        self.keys: SharedKeys | None = None
        """The window's keys that mean the same in a presentation."""
        self._before: tuple[Document, Look, bool] | None = None
        view.set_animated(settings.get(declared.ANIMATIONS))
        settings.changed.connect(self._setting_changed)

    # The loupe

    def toggle_loupe(self) -> None:
        """Take the loupe in hand, or put it down."""
        self.loupe.set_on(not self.loupe.is_on)

    def swap_in_loupe(self, step: int) -> None:
        """Show the stage `step` further on in it."""
        if self.loupe.is_on:
            (self.loupe_view if self.shown is None else self.shown.loupe).swap(step)

    def can_swap(self) -> bool:
        """There is another stage to be shown in it."""
        return self.loupe.is_on and len(self._view.ready) > 1

    # The presentation

    def present(self) -> None:
        """Fill a screen with the photo. What is being drawn is finished first."""
        document, keys = self._session.document, self.keys
        if document is None or keys is None or self.shown is not None or self._toolbox.is_busy:
            return
        self._before = document, look_of(self._view), self.loupe.is_on
        shown = self.shown = Presentation(self._window, self._session, self._view, self.loupe, self._settings, keys)
        shown.ended.connect(self._ended)
        shown.action_wanted.connect(self.action_wanted)
        shown.show_on(chosen_screen(self._settings, self._window.screen()))

    def end(self) -> None:
        """End the presentation, if there is one."""
        if self.shown is not None:
            self.shown.close()

    def _ended(self) -> None:
        """All is as it was, where the photo is the same."""
        before, self.shown, self._before = self._before, None, None
        if before is not None and before[0] is self._session.document:
            look_again(self._view, before[1])
        self.loupe.set_on(before is not None and before[2])
        self._window.activateWindow()

    def has_other_screen(self) -> bool:
        """More than one is attached."""
        return len(QGuiApplication.screens()) > 1

    def is_elsewhere(self) -> bool:
        """A presentation would fill another screen than the window's."""
        return chosen_screen(self._settings, self._window.screen()) is not self._window.screen()

    def use_other_screen(self) -> None:
        """Present on the next screen; come round to the window's own, wherever the window is."""
        own = self._window.screen()
        screen = next_screen(chosen_screen(self._settings, own))
        self._settings.set(declared.PRESENTATION_SCREEN, "" if screen is own else screen.name())

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.ANIMATIONS:
            self._view.set_animated(self._settings.get(declared.ANIMATIONS))
