"""How long the canvas takes to draw a frame of a photograph of 60 megapixels, off screen."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from app.bench.options import BenchOptions
from app.bench.pictures import large_photograph
from app.bench.timing import milliseconds
from app.errors import LacunaError
from app.imaging.brush import paint_segment
from app.imaging.geometry import Point
from app.imaging.pyramid import Pyramid
from app.memory import peak_mb

SIZE, QUICK_SIZE = (9488, 6324), (900, 600)
VIEW = (1600, 1000)
_FRAMES = 30
_BRUSH = 120.0

Frame = Callable[[int], None]
"""Changes what the canvas shows, for the frame of that number, and draws it."""


def measure_canvas(options: BenchOptions) -> dict[str, Any]:
    """Median and worst milliseconds a frame: panning and zooming (whole frames), a stroke's segments (what changed).

    Raises `LacunaError` without PySide6.
    """
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise LacunaError(f"the canvas needs PySide6, which does not load here ({error})") from error
    from app.ui.canvas import Canvas
    from app.ui.overlay import REACH
    from app.ui.viewport import Viewport

    application = QApplication.instance() or QApplication(["bench"])
    size = QUICK_SIZE if options.quick else SIZE
    image, mask = large_photograph(*size)
    began = time.perf_counter()
    pyramid = Pyramid(image)
    built = time.perf_counter() - began
    view = Viewport()
    canvas = Canvas(view)
    canvas.resize(*VIEW)
    canvas.set_source(pyramid, mask)
    canvas.show()
    application.processEvents()
    middle = Point(size[0] / 2, size[1] / 2)

    def pan(index: int) -> None:
        view.pan_by(-37 if index % 2 else 53, 11 if index % 3 else -29)
        canvas.repaint()

    def zoom(index: int) -> None:
        view.zoom_step(1 if index % 10 < 5 else -1, middle)
        canvas.repaint()

    def stroke(index: int) -> None:
        start = Point(view.centre.x + 40 * index, view.centre.y + 25 * (index % 5))
        rect = paint_segment(mask, start, Point(start.x + 40, start.y + 25), _BRUSH, 0.8, erase=False)
        canvas.refresh_mask(rect)
        canvas.repaint(canvas.transform().covering(rect, REACH))

    frames = 3 if options.quick else _FRAMES
    figures = {"stroke_fitted": _timed(stroke, frames), "pan_fitted": _timed(pan, frames)}
    view.set_scale(1.0, middle)
    canvas.repaint()
    figures |= {"pan_100": _timed(pan, frames), "stroke_100": _timed(stroke, frames), "zoom": _timed(zoom, frames)}
    canvas.close()
    return {
        "megapixels": round(size[0] * size[1] / 1e6, 2),
        "view": list(VIEW),
        "pyramid_ms": round(1000 * built, 1),
        "frames": figures,
        "hole_share": round(float(np.mean(mask > 0)), 4),
        "peak_memory_mb": peak_mb(),
    }


def _timed(frame: Frame, frames: int) -> dict[str, float]:
    spent = []
    for index in range(frames):
        began = time.perf_counter()
        frame(index)
        spent.append(time.perf_counter() - began)
    return milliseconds(spent)
