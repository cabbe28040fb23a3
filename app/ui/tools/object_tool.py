"""The object tool in the hand: click the object or drag a box round it, more clicks say more, Enter takes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal, SignalInstance

from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.object_cut import Hints
from app.ui.canvas.preview_layer import Preview, Tone
from app.ui.canvas.viewport import Viewport
from app.ui.session.object_work import ObjectWork, box_between
from app.ui.tools.tools import CursorShape

_ALT = Qt.KeyboardModifier.AltModifier
_STILL = 6.0
"""View pixels that a hand may tremble in a click."""
_REACH = 0.12
"""How far round a click an object is looked for at first, as a share of the shorter side of what is seen."""
_NO_COVERAGE = np.zeros((0, 0), np.uint8)


@dataclass(frozen=True, slots=True)
class _Press:
    point: Point
    alt: bool


class ObjectTool(QObject):
    """A `tools.Tool`. It paints through its work, so every verb returns an empty rectangle."""

    shown = Signal(object)
    """The `Preview` to show; None for none."""
    _changed = Signal()

    def __init__(self, work: ObjectWork, viewport: Viewport, visible: Callable[[], Rect], parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._viewport, self._visible = work, viewport, visible
        self._press: _Press | None = None
        self._box = EMPTY
        work.changed.connect(self._show)

    @property
    def changed(self) -> SignalInstance:
        """Never said: the pointer is the system's."""
        return self._changed

    @property
    def busy(self) -> bool:
        """True while pressed."""
        return self._press is not None

    def press(
        self,
        point: Point,
        modifiers: Qt.KeyboardModifier,
        pressure: float = 1.0,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
    ) -> Rect:
        """The beginning of a click or of a box, which may begin beside the photo."""
        if button == Qt.MouseButton.LeftButton and not self.busy:
            self._press, self._box = _Press(point, bool(modifiers & _ALT)), EMPTY
        return EMPTY

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
            self._work.begin(Hints(box=box), erase=press.alt)
        elif not self._viewport.contains(press.point):
            self._show()
        elif self._work.is_pending:
            self._work.add(press.point, inside=not press.alt)
        else:
            reach = _REACH * min(self._visible().width, self._visible().height)
            self._work.begin(Hints((press.point,), reach=reach), erase=press.alt)
        return EMPTY

    def abort(self) -> Rect:
        """No box; what was found before stays."""
        self._press, self._box = None, EMPTY
        self._show()
        return EMPTY

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape | Qt.CursorShape:
        """A cross."""
        return Qt.CursorShape.CrossCursor

    def double_click(self, point: Point) -> bool:
        """Accept what the first of the two clicks found."""
        if self._work.is_pending:
            self._work.accept()
        return self._work.is_pending

    def key_pressed(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        """Enter and Esc are actions; they ask what is pending."""
        return False

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
