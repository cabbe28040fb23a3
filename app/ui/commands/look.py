"""How closely, at which angle and beside what the photograph is looked at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt

from app.ui.settings import declared
from app.ui.settings.declared import WheelAction
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView

TURN = 15.0
"""Degrees that a key turns the view by."""


class LookCommands(QObject):
    """Zoom, turn, before and after. Keys zoom and turn about the pointer where it is over the photo."""

    def __init__(self, view: StageView, settings: Settings) -> None:
        super().__init__()
        self._view, self._settings = view, settings
        self._viewport = view.viewport
        settings.changed.connect(self._setting_changed)
        self._apply()

    def zoom_in(self) -> None:
        """One step closer."""
        self._viewport.zoom_step(1, self._view.pointer)

    def zoom_out(self) -> None:
        """One step back."""
        self._viewport.zoom_step(-1, self._view.pointer)

    def fit(self) -> None:
        """The whole photo."""
        self._viewport.fit()

    def fill(self) -> None:
        """As much of the photo as leaves none of the view empty."""
        self._viewport.fill()

    def zoom_to(self, scale: float) -> None:
        """`scale` pixels of the screen for one of the photo."""
        self._viewport.set_scale(scale, self._view.pointer)

    def turn(self, degrees: float) -> None:
        """Turn the view clockwise; the photo stays as it is."""
        self._viewport.turn_by(degrees, self._view.pointer)

    def turn_back(self) -> None:
        """Upright again."""
        self._viewport.set_angle(0.0, self._view.pointer)

    def is_turned(self) -> bool:
        """The view is turned."""
        return self._viewport.angle != 0.0

    def is_compared(self) -> bool:
        """A line parts before and after."""
        return self._view.divider.is_on

    def toggle_divider(self) -> None:
        """Draw a line between before and after, in one large pane, or take it away."""
        self._view.divider.set_on(not self._view.divider.is_on)
        if self._view.divider.is_on:
            if self._view.current is None:
                self._view.show_pane(self._newest())
            self._view.focus_divider()

    def is_divider_upright(self) -> bool:
        """The line goes from the top to the bottom."""
        return self._view.divider.orientation is Qt.Orientation.Vertical

    def turn_divider(self) -> None:
        """Before beside after, or above it."""
        self._view.divider.turn()

    def move_divider(self, share: float) -> None:
        """Show more of what was before, by a share of the pane, or less."""
        self._view.divider.move_to(self._view.divider.share + share)

    def hold_original(self) -> None:
        """Leave the results out until `release_original`."""
        self._view.show_original(True)

    def release_original(self) -> None:
        """Show the results again."""
        self._view.show_original(False)

    def has_grid(self) -> bool:
        """Lines part the photo's pixels where they are large."""
        return self._settings.get(declared.PIXEL_GRID)

    def toggle_grid(self) -> None:
        """Draw these lines, or no longer."""
        self._settings.set(declared.PIXEL_GRID, not self.has_grid())

    def _newest(self) -> Pane:
        """The pane of the last stage that is there."""
        return self._view.ready[-1]

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in (declared.PIXEL_GRID, declared.WHEEL, declared.TURN_BY_TOUCH):
            self._apply()

    def _apply(self) -> None:
        self._viewport.wheel_zooms = self._settings.get(declared.WHEEL) is WheelAction.ZOOM
        self._viewport.turns_by_touch = self._settings.get(declared.TURN_BY_TOUCH)
        self._view.set_pixel_grid(self.has_grid())
