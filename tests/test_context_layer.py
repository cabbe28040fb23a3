"""Context boxes on the canvas: legible on anything, captions apart, and only their lines repainted."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from app.imaging.geometry import Rect
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.viewport import ViewTransform
from app.ui.contexts.layer import ContextLayer, ContextMark, Tone
from tests.canvases import make_canvas, picture, pixels

pytestmark = pytest.mark.usefixtures("qapp")
MARK = ContextMark(Rect(20, 16, 50, 30), "0.42×", is_solid=True)


@pytest.mark.parametrize("grey", [0, 128, 255])
@pytest.mark.parametrize("mark", [MARK, ContextMark(MARK.rect, "0.42×"), ContextMark(MARK.rect, "", Tone.WARNING)])
def test_a_line_shows_on_any_ground(grey: int, mark: ContextMark) -> None:
    canvas = make_canvas(np.full((64, 96, 3), grey, np.uint8))
    before = pixels(canvas).astype(int)
    canvas.set_contexts([mark])
    outline = canvas.transform().covering(mark.rect)
    difference = np.abs(pixels(canvas).astype(int) - before).max(axis=2)
    top = difference[outline.y() - 1 : outline.y() + 2, outline.x() + 60 : outline.right() - 5]
    seen = float((top.max(axis=0) > 70).mean())
    assert seen == 1.0 if mark.is_solid else seen > 0.4, "the dashes' other half may be the ground's own colour"


def test_inside_and_outside_nothing_changes() -> None:
    canvas = make_canvas(picture())
    before = pixels(canvas)
    canvas.set_contexts([MARK])
    after = pixels(canvas)
    outline = canvas.transform().covering(MARK.rect)
    inner = outline.adjusted(25, 25, -3, -3)
    rows, columns = slice(inner.y(), inner.bottom()), slice(inner.x(), inner.right())
    assert np.array_equal(after[rows, columns], before[rows, columns])
    assert np.array_equal(after[outline.bottom() + 4 :], before[outline.bottom() + 4 :])
    canvas.set_contexts([])
    assert np.array_equal(pixels(canvas), before)


def test_every_pixel_drawn_lies_in_the_bounds() -> None:
    canvas = make_canvas(np.full((64, 96, 3), 128, np.uint8), size=(400, 300))
    marks = [
        ContextMark(Rect(20, 16, 50, 30), "0.42×", has_handles=True),
        ContextMark(Rect(0, 0, 96, 64), "0.10×", Tone.WARNING),
        ContextMark(Rect(4, 50, 6, 5), "1.00×", Tone.AT_WORK, is_solid=True),
    ]
    before = pixels(canvas)
    canvas.set_contexts(marks)
    changed = (pixels(canvas) != before).any(axis=2)
    inside = np.zeros(changed.shape, bool)
    bounds = ContextLayer(tuple(marks)).bounds(canvas.transform(), QSize(400, 300), canvas.font(), 1.0)
    for rect in bounds:
        inside[max(rect.y(), 0) : rect.bottom() + 1, max(rect.x(), 0) : rect.right() + 1] = True
    assert changed.any()
    assert not (changed & ~inside).any()


class Watched(Canvas):
    """Remembers how many pixels it was asked to repaint."""

    painted = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        region: QRegion = event.region()
        self.painted += sum(rect.width() * rect.height() for rect in region)  # type: ignore[attr-defined]
        super().paintEvent(event)


def test_only_lines_and_captions_are_repainted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.canvases.Canvas", Watched)
    canvas = make_canvas(picture(960, 640), size=(980, 660))
    assert isinstance(canvas, Watched)
    canvas.repaint()
    canvas.painted = 0
    canvas.set_contexts([ContextMark(Rect(100, 100, 700, 400), "0.42×")])
    QApplication.processEvents()
    assert 0 < canvas.painted < 0.05 * 980 * 660


@pytest.mark.parametrize(
    "rect", [Rect(20, 16, 50, 30), Rect(0, 0, 96, 64), Rect(-40, -40, 500, 300), Rect(60, 0, 36, 64)]
)
def test_captions_stay_in_the_pane(rect: Rect) -> None:
    layer = ContextLayer((ContextMark(rect, "0.42×"),))
    plate = layer.bounds(ViewTransform(2.0, 0, 0), QSize(200, 140), QFont(), 1.0)[-1]
    assert QRect(0, 0, 200, 140).contains(plate)


def test_captions_do_not_lie_over_each_other() -> None:
    marks = tuple(ContextMark(Rect(50, 40, 100 + 9 * index, 90), f"0.{index}0×") for index in range(4))
    plates = ContextLayer(marks).bounds(ViewTransform(2.0, 0, 0), QSize(600, 400), QFont(), 1.0)[-4:]
    assert not any(one.intersects(other) for one in plates for other in plates if one is not other)


def test_a_box_outside_the_pane_has_no_caption() -> None:
    layer = ContextLayer((ContextMark(Rect(500, 500, 50, 50), "0.42×"),))
    view, size = ViewTransform(2.0, 0, 0), QSize(200, 140)
    assert len(layer.bounds(view, size, QFont(), 1.0)) == 4
