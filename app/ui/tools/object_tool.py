"""The object tool in the hand: click the object or drag a box round it, more clicks say more, Enter takes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Qt

from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.object_cut import Hints
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.canvas.viewport import Viewport
from app.ui.session.object_work import ObjectWork, box_between
from app.ui.tools.preview_tool import Press, PreviewTool

_STILL = 6.0
"""View pixels that a hand may tremble in a click."""
_REACH = 0.12
"""How far round a click an object is looked for at first, as a share of the shorter side of what is seen."""
_NO_COVERAGE = np.zeros((0, 0), np.uint8)


class ObjectTool(PreviewTool):
    """A `tools.Tool`. A box may begin beside the photo."""

    def __init__(self, work: ObjectWork, viewport: Viewport, visible: Callable[[], Rect], parent: QObject) -> None:
        super().__init__(viewport, parent)
        self._work, self._visible = work, visible
        self._box = EMPTY
        work.changed.connect(self._show)

    def move(self, point: Point, modifiers: Qt.KeyboardModifier, pressure: float = 1.0) -> Rect:
        """Draw the box."""
        press = self._press
        if press is None:
            return EMPTY
        way = max(abs(point.x - press.point.x), abs(point.y - press.point.y)) * self._viewport.scale
        if way > _STILL or not self._box.is_empty:
            self._box = box_between(press.point, point).intersected(Rect(0, 0, *self._viewport.extent))
            self._show()
        return EMPTY

    def release(self, point: Point, modifiers: Qt.KeyboardModifier) -> Rect:
        """Look for what is in the box, or at the click."""
        press, self._press = self._press, None
        box, self._box = self._box, EMPTY
        if press is None:
            return EMPTY
        if not box.is_empty:
            self._work.begin(Hints(box=box), erase=press.erase)
        elif not self._viewport.contains(press.point):
            self._show()
        elif self._work.is_pending:
            self._work.add(press.point, inside=not press.erase)
        else:
            reach = _REACH * min(self._visible().width, self._visible().height)
            self._work.begin(Hints((press.point,), reach=reach), erase=press.erase)
        return EMPTY

    def abort(self) -> Rect:
        """No box; what was found before stays."""
        self._press, self._box = None, EMPTY
        self._show()
        return EMPTY

    def double_click(self, point: Point) -> bool:
        """Accept what the first of the two clicks found."""
        if self._work.is_pending:
            self._work.accept()
        return self._work.is_pending

    def _pressed(self, press: Press) -> None:
        self._box = EMPTY

    def _show(self) -> None:
        hints, found = self._work.hints, self._work.found
        if not self._box.is_empty:
            self.shown.emit(Preview(_NO_COVERAGE, box=self._box))
        elif hints is None:
            self.shown.emit(None)
        else:
            tone = Tone.REMOVE if self._work.erases else Tone.ADD
            coverage, area = (_NO_COVERAGE, EMPTY) if found is None else (found.coverage, found.rect)
            box = EMPTY if hints.box is None else hints.box
            self.shown.emit(Preview(coverage, area, 1, tone, box, hints.inside, hints.outside))
