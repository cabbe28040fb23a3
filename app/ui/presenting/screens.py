"""Which screen a presentation fills."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QScreen

from app.ui.settings import declared
from app.ui.settings.store import Settings


def chosen_screen(settings: Settings, own: QScreen) -> QScreen:
    """The screen that is set, where it is attached; else `own`, the window's."""
    name = settings.get(declared.PRESENTATION_SCREEN)
    return next((each for each in QGuiApplication.screens() if name and each.name() == name), own)


def next_screen(current: QScreen) -> QScreen:
    """The one after `current`, round and round."""
    screens = QGuiApplication.screens()
    return screens[(screens.index(current) + 1) % len(screens)] if current in screens else current
