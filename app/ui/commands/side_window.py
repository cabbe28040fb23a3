"""What the verbs of a window beside the main one have in common."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from app.ui.asking import Asker
from app.ui.dialogs import QtAsker
from app.ui.look.palette import Palette


class SideWindow(Protocol):
    """A window with a look of its own to keep."""

    def recolour(self, palette: Palette) -> None:
        """Another look."""

    def close_for_good(self) -> None:
        """Close without a question: the main window closes."""

    def deleteLater(self) -> None:
        """See `QObject`."""


W = TypeVar("W", bound=SideWindow)


class SideWindowCommands(QObject, Generic[W]):
    """The window is made, and its code loaded, when it is first shown; it stays until the main window closes."""

    def __init__(self, asker: Asker) -> None:
        super().__init__()
        self._asker = asker
        self._palette: Palette | None = None
        self.window: W | None = None

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._palette = palette
        if self.window is not None:
            self.window.recolour(palette)

    def _made(self) -> W:
        """The window, connected."""
        raise NotImplementedError

    def _window(self) -> W:
        if self.window is None:
            self.window = self._made()
            if self._palette is not None:
                self.window.recolour(self._palette)
        return self.window

    def _shut(self) -> None:
        if self.window is not None:
            self.window.close_for_good()
            self.window.deleteLater()
            self.window = None

    def _asking(self, over: QDialog) -> Asker:
        """What asks over the window, where it is the user who is asked."""
        return QtAsker(over) if isinstance(self._asker, QtAsker) else self._asker
