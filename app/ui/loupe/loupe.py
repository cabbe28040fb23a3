"""What the loupe is set to, wherever it lies: on or off, its zoom, its size, and the stage that is swapped into it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent

from app.ui.canvas.navigation import Notches
from app.ui.canvas.viewport import MAX_SCALE
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane

_CLOSER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
"""Held while the wheel changes its zoom."""


class Loupe(QObject):
    """Zoom, size and whether it lies in all panes are remembered."""

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._is_on = False
        self._swapped: Pane | None = None
        self._notches = Notches()
        settings.changed.connect(self._setting_changed)

    @property
    def is_on(self) -> bool:
        """It follows the pointer."""
        return self._is_on

    def set_on(self, on: bool) -> None:
        """Take it in hand, or put it down: then it forgets which stage was swapped into it."""
        if on != self._is_on:
            self._is_on, self._swapped = on, None
            self.changed.emit()

    @property
    def side(self) -> int:
        """Of the glass, in pixels of the window."""
        return self._settings.get(declared.LOUPE_SIZE)

    @property
    def is_in_all_panes(self) -> bool:
        """Where panes stand side by side each has a glass, at the same place of the photo."""
        return self._settings.get(declared.LOUPE_IN_ALL_PANES)

    def zoom_over(self, scale: float) -> float | None:
        """Its zoom over a view at `scale`, screen pixels for one of the photo: as set, doubled until it enlarges.

        None where nothing is left to enlarge.
        """
        zoom = self._settings.get(declared.LOUPE_ZOOM) / 100
        while zoom <= scale:
            zoom *= 2
        return zoom if zoom <= MAX_SCALE else None

    def step_zoom(self, steps: int) -> None:
        """Closer, or further away; stops at the ends."""
        zooms = declared.LOUPE_ZOOMS
        index = zooms.index(self._settings.get(declared.LOUPE_ZOOM)) + steps
        self._settings.set(declared.LOUPE_ZOOM, zooms[min(max(index, 0), len(zooms) - 1)])

    def wheel(self, event: QWheelEvent) -> bool:
        """While it is on, the wheel with Ctrl and Shift changes its zoom; returns whether it was meant for that."""
        if not self._is_on or event.modifiers() & _CLOSER != _CLOSER:
            return False
        self.step_zoom(self._notches.turn(event.angleDelta().y() or event.angleDelta().x()))
        event.accept()
        return True

    def cycle_zoom(self) -> None:
        """Closer, and from the closest back to the first."""
        zooms = declared.LOUPE_ZOOMS
        index = zooms.index(self._settings.get(declared.LOUPE_ZOOM)) + 1
        self._settings.set(declared.LOUPE_ZOOM, zooms[index % len(zooms)])

    def shown(self, own: Pane, there: Sequence[Pane]) -> Pane:
        """The stage in the glass over the pane `own`, where those in `there` can be shown."""
        return own if self._swapped not in there or self._swapped is None else self._swapped

    def swap(self, own: Pane, there: Sequence[Pane], step: int) -> None:
        """Swap the stage `step` further on into the glass over `own`; back at `own`, it goes by the pane again."""
        shown = self.shown(own, there)
        if shown in there:
            shown = there[(there.index(shown) + step) % len(there)]
            self._swapped = None if shown is own else shown
            self.changed.emit()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in (declared.LOUPE_SIZE, declared.LOUPE_ZOOM, declared.LOUPE_IN_ALL_PANES):
            self.changed.emit()
