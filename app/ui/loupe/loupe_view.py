"""The loupe over the panes: under the pointer, and at the same place of the photo in the panes beside."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPointF
from PySide6.QtGui import QWheelEvent

from app.imaging.geometry import Point, united
from app.ui.language import tr
from app.ui.loupe.glass import Glass
from app.ui.loupe.loupe import Loupe
from app.ui.loupe.sight import Hold, Sight, enlarged, framed
from app.ui.numbers import per_cent
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView


class LoupeView(QObject):
    """Follows the pointer over the panes of `view`. Switched on while it is elsewhere, the glass lies on the hole."""

    def __init__(self, loupe: Loupe, view: StageView) -> None:
        super().__init__(view)
        self._loupe, self._view = loupe, view
        self._over: tuple[Pane, Point] | None = None
        """Where the pointer is."""
        self._rests = False
        """It was switched on by a key, and the pointer has been over no pane since."""
        self._glasses = {pane: Glass(view.canvas(pane)) for pane in Pane}
        for pane in Pane:
            view.canvas(pane).cursor_moved.connect(partial(self._moved, pane))
            view.pane(pane).state_changed.connect(self.refresh)
        for signal in (view.viewport.changed, view.image_shown, view.original_held, view.divider.changed):
            signal.connect(self.refresh)
        view.pane_shown.connect(self._pane_shown)
        loupe.changed.connect(self._taken)

    def glass(self, pane: Pane) -> Glass:
        """The glass over `pane`."""
        return self._glasses[pane]

    @property
    def own(self) -> Pane:
        """The pane that the glass in hand lies over."""
        return self._over[0] if self._over is not None else self._view.current or Pane.ORIGINAL

    def swap(self, step: int) -> None:
        """Show the stage `step` further on in the glass under the pointer."""
        self._loupe.swap(self.own, self._view.ready, step)

    def refresh(self) -> None:
        """Show what lies under the pointer now."""
        if not self._loupe.is_on:
            return
        place = self._place()
        for pane, glass in self._glasses.items():
            glass.show_sight(None if place is None else self._sight(pane, *place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The wheel with Ctrl and Shift changes its zoom."""
        if isinstance(event, QWheelEvent) and self._loupe.wheel(event):
            return True
        return super().eventFilter(watched, event)

    def _taken(self) -> None:
        """In hand, or put down."""
        is_on = self._loupe.is_on
        if is_on == self._glasses[Pane.ORIGINAL].isHidden():
            self._rests = is_on and self._over is None
            for pane, glass in self._glasses.items():
                canvas = self._view.canvas(pane)
                glass.take(is_on)
                canvas.set_glass(is_on)
                (canvas.installEventFilter if is_on else canvas.removeEventFilter)(self)
        self.refresh()

    def _moved(self, pane: Pane, position: QPointF | None) -> None:
        if position is not None:
            self._over, self._rests = (pane, Point(position.x(), position.y())), False
        elif self._over is not None and self._over[0] is pane:
            self._over = None
        self.refresh()

    def _pane_shown(self) -> None:
        """The pointer will tell when it is over another pane."""
        self._over = None
        self.refresh()

    def _place(self) -> tuple[Pane, Point] | None:
        """The pane in which the glass is held, and the image point in its middle."""
        if self._over is None:
            return (self.own, self._resting()) if self._rests else None
        return self._over if self._view.viewport.contains(self._over[1]) else None

    def _resting(self) -> Point:
        """Where the results differ, as far as there are any and that is in view; else the middle of the view."""
        viewport = self._view.viewport
        rect = united(self._view.canvas(pane).scene.patch_rect for pane in Pane)
        if rect.is_empty or not viewport.is_fit:
            return viewport.centre
        return Point(rect.x + rect.width / 2, rect.y + rect.height / 2)

    def _sight(self, pane: Pane, held: Pane, point: Point) -> Sight | None:
        """What the glass over `pane` shows while the pointer is over the pane `held`."""
        is_held, canvas, there = pane is held, self._view.canvas(pane), self._view.ready
        is_beside = self._view.current is None and self._loupe.is_in_all_panes
        zoom = self._loupe.zoom_over(canvas.transform().scale)
        if not (is_held or is_beside) or pane not in there or zoom is None or not canvas.isVisible():
            return None
        shown = self._loupe.shown(pane, there) if is_held else pane
        hold, at = self._hold(held), canvas.from_image(point)
        frame = framed(canvas, at, hold)
        is_before = shown is pane and self._view.pane(pane).is_before(at)
        title = tr("Before") if is_before else shown.title
        return Sight(
            frame,
            enlarged(frame, point, zoom, self._view.viewport.angle),
            self._view.canvas(shown).scene,
            self._view.canvas(Pane.ORIGINAL).overlay_style,
            f"{title} · {per_cent(zoom)}",
            is_swapped=shown is not pane,
            is_before=is_before,
            ring=canvas.ring(),
            has_cross=not is_held or hold.clear is not None,
        )

    def _hold(self, pane: Pane) -> Hold:
        """Where one paints the glass moves aside."""
        canvas = self._view.canvas(pane)
        if not canvas.has_tool or self._rests:
            return Hold(self._loupe.side)
        ring, ratio = canvas.ring(), canvas.devicePixelRatioF()
        radius = 0.0 if ring is None else ring.diameter * canvas.transform().scale / 2 / ratio
        return Hold(self._loupe.side, radius)
