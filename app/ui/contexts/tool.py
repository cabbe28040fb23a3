"""The tool that moves and resizes context boxes, by pointer and by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, SignalInstance

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.canvas.viewport import Viewport
from app.ui.contexts.boxes import ContextBoxes
from app.ui.contexts.drag import Bounds, Edges, edges_at, moved, resized, scaled
from app.ui.contexts.plan import ContextBox

REACH = 8.0
"""View pixels from an edge within which a press takes hold of it."""

_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_FAR = 10
"""Pixels that an arrow key goes with Shift."""

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_SHAPES = (
    Qt.CursorShape.SizeHorCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SizeVerCursor,
    Qt.CursorShape.SizeBDiagCursor,
)
"""Along a line at 0°, 45°, 90° and 135° clockwise."""

_EIGHTHS = {
    Edges.LEFT: 0,
    Edges.RIGHT: 0,
    Edges.LEFT | Edges.TOP: 1,
    Edges.RIGHT | Edges.BOTTOM: 1,
    Edges.TOP: 2,
    Edges.BOTTOM: 2,
    Edges.RIGHT | Edges.TOP: 3,
    Edges.LEFT | Edges.BOTTOM: 3,
}
"""In which of these directions edges are dragged while the view is upright."""


@dataclass(frozen=True, slots=True)
class _Drag:
    """What was taken hold of, and where."""

    box: ContextBox
    edges: Edges
    start: Point


class ContextTool:
    """A `tools.Tool`. It paints nothing, so every verb returns an empty rectangle."""

    def __init__(self, boxes: ContextBoxes, viewport: Viewport) -> None:
        self._boxes, self._viewport = boxes, viewport
        self._drag: _Drag | None = None
        self._rect = EMPTY

    @property
    def changed(self) -> SignalInstance:
        """The boxes changed, and with them what lies under the pointer."""
        return self._boxes.changed

    @property
    def busy(self) -> bool:
        """True while a box is dragged."""
        return self._drag is not None

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """Take hold of an edge, a corner or a box."""
        hold = self._hold(point)
        if hold is not None and button == Qt.MouseButton.LeftButton and not self.busy:
            self._boxes.select(hold[0])
            self._drag, self._rect = _Drag(*hold, point), hold[0].rect
        return EMPTY

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """Drag it; Shift keeps its shape."""
        if self._drag is not None:
            self._rect = self._dragged(self._drag, point, keep_shape=bool(modifiers & _SHIFT))
            self._boxes.preview(self._drag.box, self._rect)
        return EMPTY

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """Keep what the last move made of it."""
        drag, self._drag = self._drag, None
        if drag is not None and self._rect != drag.box.rect:
            self._boxes.choose(drag.box, self._rect)
        return EMPTY

    def abort(self) -> Rect:
        """Put it back."""
        self._drag = None
        self._boxes.take_back()
        return EMPTY

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> Qt.CursorShape:
        """What a press would do, or the drag does."""
        if self._drag is not None:
            return self._shape(self._drag.edges)
        hold = self._hold(point)
        return Qt.CursorShape.ArrowCursor if hold is None else self._shape(hold[1])

    def _shape(self, edges: Edges) -> Qt.CursorShape:
        if edges is Edges.NONE:
            return Qt.CursorShape.SizeAllCursor
        return _SHAPES[(_EIGHTHS[edges] + round(self._viewport.angle / 45)) % len(_SHAPES)]

    def double_click(self, point: Point) -> bool:
        """Back to automatic."""
        hold = self._hold(point)
        if hold is not None:
            self._boxes.reset(hold[0])
        return True

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Arrows move the selected box, with Ctrl its lower right corner, with Shift by ten pixels."""
        box, boxes = self._boxes.selected, self._boxes.boxes
        if box is None:
            return False
        if key in _ARROWS:
            self._nudge(box, key, modifiers)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._boxes.reset(box)
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            step = 1 if key == Qt.Key.Key_PageDown else -1
            self._boxes.select(boxes[(boxes.index(box) + step) % len(boxes)])
        else:
            return False
        return True

    def _nudge(self, box: ContextBox, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        step = _FAR if modifiers & _SHIFT else 1
        dx, dy = (step * each for each in _ARROWS[key])
        bounds = self._bounds(box)
        if modifiers & _CONTROL:
            rect = resized(box.rect, Edges.RIGHT | Edges.BOTTOM, dx, dy, bounds)
        else:
            rect = moved(box.rect, dx, dy, bounds)
        if rect != box.rect:
            self._boxes.choose(box, rect)

    def _dragged(self, drag: _Drag, point: Point, *, keep_shape: bool) -> Rect:
        dx, dy = round(point.x - drag.start.x), round(point.y - drag.start.y)
        bounds = self._bounds(drag.box)
        if drag.edges is Edges.NONE:
            return moved(drag.box.rect, dx, dy, bounds)
        return (scaled if keep_shape else resized)(drag.box.rect, drag.edges, dx, dy, bounds)

    def _bounds(self, box: ContextBox) -> Bounds:
        return Bounds(box.least, self._boxes.extent)

    def _hold(self, point: Point) -> tuple[ContextBox, Edges] | None:
        """What a press at `point` takes hold of: an edge rather than a box, the selected rather than a smaller one."""
        reach = REACH / self._viewport.scale
        found = [(box, edges_at(box.rect, point, reach)) for box in self._by_rank()]
        held = [(box, edges) for box, edges in found if edges is not None]
        return next((each for each in held if each[1] is not Edges.NONE), next(iter(held), None))

    def _by_rank(self) -> Sequence[ContextBox]:
        selected = self._boxes.selected
        return sorted(self._boxes.boxes, key=lambda box: (box is not selected, box.rect.area))
