"""How the tools' outlines look, and that what is repainted of them is enough."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from app.imaging.arrays import Image
from app.imaging.pyramid import Pyramid
from app.ui.canvas import qimages
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.dashes import NO_DASHES, cells_of, dashes_of
from app.ui.canvas.viewport import Viewport
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.toolbox import Toolbox, ToolName
from tests.canvases import ALT, NONE, MaskSink, assert_golden, blank, make_canvas, mouse, picture, pixels
from tests.pointers import Mouse, click

pytestmark = pytest.mark.usefixtures("qapp")
SHOWN = QRect(0, 0, 1000, 1000)


class NoSink:
    """Takes shapes and keeps none."""

    def paint_shape(self, name: str, drawn: object, *, erase: bool) -> None:
        assert isinstance(name, str)


class Recorder(Canvas):
    """Notes which part of it was asked to be painted."""

    painted = QRegion()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = self.painted.united(event.region())
        super().paintEvent(event)


def with_tool(canvas: Canvas, tool: ToolName) -> Mouse:
    """Take a tool in hand over `canvas`; words are left out, as every machine has its own letters."""
    image = picture()
    toolbox = Toolbox(BrushSettings(), MaskSink(blank(image)), canvas)
    toolbox.add_shapes(NoSink(), canvas.viewport)
    toolbox.take(tool)
    canvas.set_tool(toolbox.tool)
    return Mouse(canvas)


def wordless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.canvas.outline_layer.paint_plate", lambda *_: None)


def led(pointer: Mouse, tool: ToolName) -> None:
    """Draw a shape, and stop before it is done."""
    if tool is ToolName.POLYGON:
        click(pointer, (12, 10), (70, 14), (60, 50))
        pointer.move((24, 55))
        return
    pointer.press((12, 10))
    angles = np.linspace(3.8, 9.3, 40)
    if tool is ToolName.LASSO:
        for angle in angles:
            pointer.move((45 + 30 * np.cos(angle), 32 + 20 * np.sin(angle)))
    pointer.move((80, 52))


@pytest.mark.parametrize("tool", [ToolName.RECTANGLE, ToolName.ELLIPSE, ToolName.LASSO, ToolName.POLYGON])
def test_golden_outlines(monkeypatch: pytest.MonkeyPatch, tool: ToolName) -> None:
    wordless(monkeypatch)
    canvas = make_canvas(picture(), blank(picture()))
    led(with_tool(canvas, tool), tool)
    assert_golden(pixels(canvas), f"outline_{tool.name.lower()}")


@pytest.mark.parametrize(("name", "hardness"), [("soft", 0.0), ("half", 0.5), ("hard", 1.0)])
def test_golden_rings(name: str, hardness: float) -> None:
    canvas = make_canvas(picture(), blank(picture()))
    canvas.set_tool(BrushTool(BrushSettings(40, hardness), MaskSink(blank(picture()))))
    mouse(canvas, QEvent.Type.MouseMove, (100, 70), modifiers=NONE)
    assert_golden(pixels(canvas), f"ring_{name}")


@pytest.mark.parametrize("scale", [0.7, 2.0, 9.0])
@pytest.mark.parametrize("tool", [ToolName.RECTANGLE, ToolName.ELLIPSE, ToolName.LASSO, ToolName.POLYGON])
def test_what_is_repainted_is_enough(tool: ToolName, scale: float) -> None:
    """After each of several movements, with Alt and without, the picture is that of a full repaint."""
    image = picture(333, 255)
    canvas = Recorder(Viewport())
    canvas.resize(200, 140)
    canvas.set_source(Pyramid(image), None)
    canvas.show()
    canvas.viewport.set_scale(scale)
    pointer = with_tool(canvas, tool)
    shown = canvas.transform().visible(QRect(0, 0, 200, 140), canvas.viewport.extent)
    places = [(shown.x + a * shown.width, shown.y + b * shown.height) for a, b in _WAY]
    click(pointer, places[0]) if tool is ToolName.POLYGON else pointer.press(places[0])
    for index, place in enumerate(places):
        QApplication.processEvents()
        before, canvas.painted = pixels(canvas), QRegion()
        pointer.move(place, ALT if index % 3 == 2 else NONE)
        QApplication.processEvents()
        patched = _rendered(canvas, before, canvas.painted)
        assert np.abs(patched.astype(int) - pixels(canvas)).max() <= 16


_WAY = (0.1, 0.15), (0.5, 0.2), (0.9, 0.8), (0.85, 0.85), (0.3, 0.9), (0.3, 1.4), (0.05, 0.1)


def _rendered(canvas: Canvas, onto: Image, region: QRegion) -> Image:
    screen = qimages.to_screen(onto)
    if not region.isEmpty():
        canvas.render(screen, region.boundingRect().topLeft(), region)
    return qimages.to_rgb(screen)


def test_a_long_lasso_repaints_little() -> None:
    canvas = Recorder(Viewport())
    canvas.resize(600, 400)
    canvas.set_source(Pyramid(picture(600, 400)), None)
    canvas.show()
    canvas.viewport.set_scale(1.0)
    pointer = with_tool(canvas, ToolName.LASSO)
    pointer.press((300, 60))
    for angle in np.linspace(0, 12, 400):
        pointer.move((300 + 130 * np.sin(angle), 190 - 130 * np.cos(angle)))
    QApplication.processEvents()
    canvas.painted = QRegion()
    pointer.move((420, 210))
    QApplication.processEvents()
    assert len(canvas.outline().points) > 300
    assert 0 < canvas.painted.boundingRect().width() <= 256


# Dashes


def test_dashes_and_gaps_alternate_round_a_corner() -> None:
    line, kept = dashes_of(np.array([(0, 0), (12, 0), (12, 13)], float), 5.0, SHOWN)
    assert kept == 0
    assert line.ends.tolist() == [
        [0, 0, 5, 0],
        [5, 0, 10, 0],
        [10, 0, 12, 0],
        [12, 0, 12, 3],
        [12, 3, 12, 8],
        [12, 8, 12, 13],
    ]
    assert line.is_dash.tolist() == [True, False, True, True, False, True]


def test_a_line_that_grows_keeps_its_dashes() -> None:
    points = np.cumsum(np.random.default_rng(3).uniform(1, 9, (60, 2)), axis=0)
    short, _ = dashes_of(points[:40], 5.0, SHOWN)
    grown, kept = dashes_of(points, 5.0, SHOWN, short)
    whole, _ = dashes_of(points, 5.0, SHOWN)
    assert kept == len(short.ends)
    for one, other in zip(grown, whole, strict=True):
        assert one == pytest.approx(other)
    shortened, kept = dashes_of(points[:20], 5.0, SHOWN, grown)
    assert shortened.ends == pytest.approx(dashes_of(points[:20], 5.0, SHOWN)[0].ends)
    assert kept == len(shortened.ends)


def test_what_is_not_shown_has_no_pieces() -> None:
    far = np.array([(-1e6, 50), (1e6, 50), (1e6, -900), (500, -900)])
    line, _ = dashes_of(far, 5.0, SHOWN)
    assert 200 <= len(line.ends) <= 202
    assert line.ends[:, [1, 3]] == pytest.approx(50)
    assert len(dashes_of(np.empty((0, 2)), 5.0, SHOWN, line)[0].ends) == 0
    assert len(dashes_of(far[:1], 5.0, SHOWN, NO_DASHES)[0].ends) == 0


def test_cells_cover_the_pieces_and_do_not_overlap() -> None:
    ends = np.array([(60, 60, 65, 65), (200, 10, 203, 14), (-50, -50, -45, -48), (990, 700, 995, 702)], float)
    cells = cells_of(ends, 3, QSize(900, 600))
    region = QRegion()
    for cell in cells:
        assert not region.intersects(cell)
        region += cell
    assert region.contains(QRect(57, 57, 11, 11))
    assert region.contains(QRect(197, 7, 9, 10))
    assert sum(cell.width() * cell.height() for cell in cells) <= 6 * 64 * 64
