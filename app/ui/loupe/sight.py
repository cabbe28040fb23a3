"""What a glass shows and where it lies over its view."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QSize

from app.imaging.geometry import Point
from app.ui.canvas.mask_tint import OverlayStyle
from app.ui.canvas.scene import Scene
from app.ui.canvas.view_transform import ViewTransform
from app.ui.canvas.view_widget import ViewWidget
from app.ui.tools.tools import CursorShape

_SHARE = 0.75
"""Of the view's shorter side, what a glass takes at most."""

_LEAST = 64
"""Pixels of the smallest glass."""

_BESIDE = 24
"""Pixels between a glass that has moved aside and the pointer, or its ring."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """Lengths are view (device) pixels."""

    frame: QRect
    view: ViewTransform
    """Where the photo lies in the glass, turned as in the view below; counts from the view's corner."""
    scene: Scene
    style: OverlayStyle
    words: str
    is_swapped: bool = False
    """Another stage than the one below is shown."""
    is_before: bool = False
    """What was before is shown."""
    ring: CursorShape | None = None
    has_cross: bool = False
    """The middle is marked: the pointer is elsewhere."""
    letters: float = 1.25
    """Their size, beside that of words on other plates."""


@dataclass(frozen=True, slots=True)
class Hold:
    """How a glass is held at the pointer."""

    side: int
    """Of the glass, widget pixels."""
    clear: float | None = None
    """Widget pixels round the pointer that stay free of it; None: the glass lies over the pointer."""


def placed(at: QPointF, area: QSize, hold: Hold) -> QRect:
    """Where a glass lies for a pointer `at` in a view of size `area`, widget pixels: wholly in the view.

    Aside it lies above and to the right, or wherever there is room.
    """
    side = max(min(hold.side, math.floor(_SHARE * min(area.width(), area.height()))), _LEAST)
    if hold.clear is None:
        x, y = at.x() - side / 2, at.y() - side / 2
    else:
        gap = min(hold.clear, side / 2) + _BESIDE
        x = at.x() + gap if at.x() + gap + side <= area.width() else at.x() - gap - side
        y = at.y() - gap - side if at.y() - gap - side >= 0 else at.y() + gap
    left = min(max(round(x), 0), max(area.width() - side, 0))
    top = min(max(round(y), 0), max(area.height() - side, 0))
    return QRect(left, top, side, side)


def framed(canvas: ViewWidget, at: QPointF, hold: Hold) -> QRect:
    """As `placed`, over `canvas`, in its view pixels."""
    ratio, place = canvas.devicePixelRatioF(), placed(at, canvas.size(), hold)
    return QRect(*(round(ratio * each) for each in (place.x(), place.y(), place.width(), place.height())))


def enlarged(frame: QRect, point: Point, zoom: float, angle: float) -> ViewTransform:
    """The view that has image point `point` in the middle of `frame`, at `zoom`, turned by `angle`."""
    middle = frame.x() + frame.width() // 2, frame.y() + frame.height() // 2
    x, y = (math.floor(at - along * zoom + 0.5) for at, along in zip(middle, point, strict=True))
    return ViewTransform(zoom, x, y, angle, middle if angle else (0, 0))
