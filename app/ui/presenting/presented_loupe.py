"""The loupe over the presented photo: of the step on the screen, or of the stage that is swapped into it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF

from app.imaging.geometry import Point
from app.ui.loupe.glass import Glass
from app.ui.loupe.loupe import Loupe
from app.ui.loupe.sight import Hold, Sight, enlarged, framed
from app.ui.numbers import per_cent
from app.ui.presenting.slides import Slides
from app.ui.presenting.steps import Step
from app.ui.presenting.wipe_canvas import WipeCanvas
from app.ui.stages.panes import Pane

_SIDE = 0.4
"""Of the screen's height, what the glass takes at least."""

_LETTERS = 1 / 180
"""Times the glass's side in pixels, the size of its words beside that on other plates."""


class PresentedLoupe(QObject):
    """Lies at the pointer; before that has moved, on the hole, or in the middle of the screen."""

    def __init__(self, loupe: Loupe, canvas: WipeCanvas, slides: Slides, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loupe, self._canvas, self._slides = loupe, canvas, slides
        self._at: QPointF | None = None
        self.glass = Glass(canvas)
        for signal in (loupe.changed, canvas.viewport.changed, canvas.resized, slides.turned, slides.refreshed):
            signal.connect(self.refresh)
        self.refresh()

    def point_at(self, position: QPointF) -> None:
        """The pointer is at `position` of the canvas."""
        self._at = position
        if self._loupe.is_on:
            self.refresh()

    def swap(self, step: int) -> None:
        """Show the stage `step` further on in the glass."""
        self._loupe.swap(self._slides.current.pane, self._there(), step)

    def refresh(self) -> None:
        """Show what lies under the pointer now."""
        self.glass.take(self._loupe.is_on)
        if self._loupe.is_on:
            self.glass.show_sight(self._sight())

    def _there(self) -> tuple[Pane, ...]:
        return tuple(dict.fromkeys(step.pane for step in self._slides.ready))

    def _resting(self) -> QPointF:
        hole, canvas = self._slides.hole, self._canvas
        middle = canvas.from_image(Point(hole.x + hole.width / 2, hole.y + hole.height / 2))
        is_seen = not hole.is_empty and canvas.rect().contains(middle.toPoint())
        return middle if is_seen else QPointF(canvas.rect().center())

    def _sight(self) -> Sight | None:
        canvas, own = self._canvas, self._slides.current
        at = self._resting() if self._at is None else self._at
        point, zoom = canvas.to_image(at), self._loupe.zoom_over(canvas.transform().scale)
        if zoom is None or not canvas.viewport.contains(Point(*point)):
            return None
        pane = self._loupe.shown(own.pane, self._there())
        step = own if pane is own.pane else Step.of(pane)
        side = max(self._loupe.side, round(_SIDE * canvas.height()))
        frame, angle, letters = framed(canvas, at, Hold(side)), canvas.viewport.angle, _LETTERS * side
        view, words = enlarged(frame, point, zoom, angle), f"{step.title} · {per_cent(zoom)}"
        scene = self._slides.scene(step)
        style, is_swapped = canvas.overlay_style, step is not own
        return Sight(frame, view, scene, style, words, is_swapped=is_swapped, letters=letters)
