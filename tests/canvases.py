"""Tiny pictures, a real document behind the brush, and a canvas on the screen that isn't there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from app.imaging.arrays import Image, Mask
from app.imaging.brush import paint_segment
from app.imaging.geometry import Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.qimages import to_rgb
from app.ui.canvas.viewport import Viewport

GOLDEN = Path(__file__).parent / "golden"
NONE, ALT, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def picture(width: int = 96, height: int = 64) -> Image:
    """Slopes and stripes: every pixel differs from its neighbours."""
    y, x = np.mgrid[:height, :width]
    stripes = np.where((x // 3 + y // 5) % 2, 50, 0)
    return np.stack([x * 2, y * 3, 120 + stripes + (x * y) % 32], axis=2).clip(0, 255).astype(np.uint8)


def blank(image: Image) -> Mask:
    """An empty mask of the image's size."""
    return np.zeros(image.shape[:2], np.uint8)


class MaskSink:
    """A `StrokeSink` that paints a mask and writes down what it was told."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self.levels = MaskLevels(mask)
        self.log: list[tuple[object, ...]] = []
        self._before = mask.copy()
        self._last: Point | None = None
        self._brush = (1.0, 1.0, False)

    def begin_stroke(self, size: float, hardness: float, erase: bool) -> None:
        self.log.append(("begin", size, hardness, erase))
        self._before, self._last, self._brush = self.mask.copy(), None, (size, hardness, erase)

    def stroke_to(self, point: Point, pressure: float = 1.0) -> Rect:
        self.log.append(("to", round(point.x, 3), round(point.y, 3), pressure))
        full, hardness, erase = self._brush
        start, self._last = self._last or point, point
        rect = paint_segment(self.mask, start, point, full * pressure, hardness, erase=erase)
        self.levels.update(rect)
        return rect

    def end_stroke(self) -> None:
        self.log.append(("end",))

    def abort_stroke(self) -> Rect | None:
        self.log.append(("abort",))
        self.mask[...] = self._before
        self.levels.update(Rect.of_array(self.mask))
        return Rect.of_array(self.mask)

    @property
    def verbs(self) -> list[object]:
        """What it was told, without the numbers."""
        return [entry[0] for entry in self.log]


def make_canvas(
    image: Image, mask: Mask | MaskLevels | None = None, size: tuple[int, int] = (200, 140), alpha: Mask | None = None
) -> Canvas:
    """A visible canvas that shows `image` fitted, on a plain grey ground."""
    canvas = Canvas(Viewport())
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Dark, QColor("#202020"))
    canvas.setPalette(palette)
    canvas.resize(*size)
    levels = MaskLevels(mask) if isinstance(mask, np.ndarray) else mask
    canvas.set_source(Pyramid(image), levels, None if alpha is None else Pyramid(alpha))
    canvas.show()
    QApplication.processEvents()
    return canvas


def pixels(widget: QWidget) -> Image:
    """What the widget looks like."""
    return to_rgb(widget.grab().toImage())


def assert_golden(image: Image, name: str) -> None:
    """Compare with ``tests/golden/<name>.png``; with ``LACUNA_UPDATE_GOLDEN=1`` write it instead."""
    from PIL import Image as Pillow

    path = GOLDEN / f"{name}.png"
    if os.environ.get("LACUNA_UPDATE_GOLDEN") == "1":
        Pillow.fromarray(image).save(path)
        return
    golden = np.asarray(Pillow.open(path).convert("RGB")).astype(int)
    assert golden.shape == image.shape
    difference = np.abs(golden - image).max(axis=2)
    far = float((difference > 24).mean())
    assert far < 0.005, f"{far:.1%} of the pixels differ from {path.name}"
    assert difference.mean() < 1.5, f"mean difference {difference.mean():.2f} from {path.name}"


def mouse(
    canvas: QWidget,
    kind: QEvent.Type,
    at: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    """Send one mouse event at a widget position."""
    released = kind == QEvent.Type.MouseButtonRelease
    moved = kind == QEvent.Type.MouseMove
    event = QMouseEvent(
        kind,
        QPointF(*at),
        QPointF(canvas.mapToGlobal(QPointF(*at))),
        Qt.MouseButton.NoButton if moved else button,
        Qt.MouseButton.NoButton if released else button,
        modifiers,
    )
    QApplication.sendEvent(canvas, event)


def drag(
    canvas: QWidget,
    *points: tuple[float, float],
    button: Qt.MouseButton = LEFT,
    modifiers: Qt.KeyboardModifier = NONE,
    release: bool = True,
) -> None:
    """Press at the first point, move through the others, release at the last."""
    mouse(canvas, QEvent.Type.MouseButtonPress, points[0], button, modifiers)
    for point in points[1:]:
        mouse(canvas, QEvent.Type.MouseMove, point, button, modifiers)
    if release:
        mouse(canvas, QEvent.Type.MouseButtonRelease, points[-1], button, modifiers)
