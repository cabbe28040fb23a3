"""How the mask looks: outline, marching ants, and what of them is repainted when they march."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image, Mask
from app.imaging.geometry import Extent, Rect
from app.imaging.masks import feathered
from app.inference.regions import filled_mask
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.edge import Edge, EdgeTask, margin
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.mask_tint import OverlayStyle, Patch, tint_table
from app.ui.canvas.qimages import to_rgb
from app.ui.canvas.viewport import ViewTransform
from tests.canvases import assert_golden, blank, make_canvas, picture, pixels

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(autouse=True)
def put_away(qapp: QApplication) -> Iterator[None]:
    """No canvas is left to be activated, and painted, while it is collected."""
    yield
    for widget in QApplication.topLevelWidgets():
        widget.hide()


def two_holes() -> Mask:
    """A rectangle at the border of the image, and a disc."""
    y, x = np.mgrid[:64, :96]
    mask = np.where(np.hypot(x - 60, y - 30) < 18, 255, 0).astype(np.uint8)
    mask[40:64, 0:30] = 255
    return mask


def shown(look: MaskLook, scale: float | None = None) -> Canvas:
    canvas = make_canvas(picture(), two_holes())
    canvas.ants.set_animated(False)
    if scale is not None:
        canvas.viewport.set_scale(scale)
    canvas.set_overlay(True, "#ff0000", 0.5, look)
    return canvas


def march(canvas: Canvas) -> list[QRect]:
    assert canvas.scene.overlay is not None
    return canvas.scene.overlay.march(canvas.transform(), canvas.rect())


@pytest.mark.parametrize("look", [MaskLook.OUTLINE, MaskLook.ANTS])
def test_golden_looks(look: MaskLook) -> None:
    assert_golden(pixels(shown(look)), f"mask_{look.value}")


def test_golden_ants_far_in() -> None:
    canvas = shown(MaskLook.ANTS, 9.0)
    assert_golden(pixels(canvas), "mask_ants_far_in")


@pytest.mark.parametrize("look", [MaskLook.OUTLINE, MaskLook.ANTS])
def test_only_the_border_is_drawn(look: MaskLook) -> None:
    canvas, plain = shown(look, 2.0), make_canvas(picture())
    plain.viewport.set_scale(2.0)
    changed = (pixels(canvas) != pixels(plain)).any(axis=2)
    middle, beside = canvas.transform().covering(Rect(55, 25, 10, 10)), canvas.transform().covering(Rect(5, 5, 20, 10))
    for area in (middle, beside):
        assert not changed[area.top() : area.bottom(), area.left() : area.right()].any()
    assert changed.any()


@pytest.mark.parametrize("scale", [1.0, 2.6, 9.0])
def test_what_marches_is_all_that_is_repainted(scale: float) -> None:
    canvas = shown(MaskLook.ANTS, scale)
    before = pixels(canvas)
    strips = march(canvas)
    after = pixels(canvas)
    changed = (before != after).any(axis=2)
    assert changed.any()
    for strip in strips:
        assert canvas.rect().contains(strip)
        changed[strip.top() : strip.bottom() + 1, strip.left() : strip.right() + 1] = False
    assert not changed.any()


def test_after_a_whole_dash_the_ants_are_where_they_were() -> None:
    canvas = shown(MaskLook.ANTS)
    before = pixels(canvas)
    for _ in range(8):
        march(canvas)
    assert np.array_equal(pixels(canvas), before)


def test_without_a_border_in_view_nothing_is_repainted() -> None:
    canvas = make_canvas(picture(), blank(picture()))
    canvas.set_overlay(True, "#ff0000", 0.5, MaskLook.ANTS)
    pixels(canvas)
    assert march(canvas) == []


def test_a_tick_repaints_the_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    canvas = shown(MaskLook.ANTS, 2.0)
    pixels(canvas)
    asked = QRegion()

    def note(rect: QRect) -> None:
        nonlocal asked
        asked = asked.united(QRegion(rect))

    monkeypatch.setattr(canvas, "update", note)
    canvas.ants.ticked.emit()
    assert not asked.isEmpty()
    assert asked.boundingRect().height() < canvas.height()
    QApplication.processEvents()


def test_the_clock_runs_only_where_ants_can_be_seen(qtbot: QtBot) -> None:
    canvas = shown(MaskLook.ANTS)
    activate(qtbot, canvas)
    assert not canvas.ants.is_running, "animation is off"
    canvas.ants.set_animated(True)
    assert canvas.ants.is_running
    for visible, look in ((False, MaskLook.ANTS), (True, MaskLook.TINT), (True, MaskLook.OUTLINE)):
        canvas.set_overlay(visible, "#ff0000", 0.5, look)
        assert not canvas.ants.is_running
    canvas.set_overlay(True, "#ff0000", 0.5, MaskLook.ANTS)
    assert canvas.ants.is_running
    activate(qtbot, make_canvas(picture()))
    assert not canvas.ants.is_running


def activate(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.activateWindow()
    qtbot.waitUntil(canvas.isActiveWindow)


# What will be filled beyond the mask


def edge_task(mask: Mask, grow: int, feather: int, *, part: Rect | None = None) -> EdgeTask:
    """At 100 %, of all of the mask or of a part."""
    area = part or Rect.of_array(mask)
    patch = Patch(mask[area.slices], area, 1, Extent(mask.shape[1], mask.shape[0]))
    return EdgeTask(patch, ViewTransform(1.0, 7, 5), QRect(7, 5, 96, 64), grow, feather, OverlayStyle())


@pytest.mark.parametrize(("grow", "feather"), [(4, 4), (9, 3), (2, 7), (0, 6), (5, 0)])
def test_the_edge_is_what_the_engine_fills(grow: int, feather: int) -> None:
    mask = two_holes()
    edge = edge_task(mask, grow, feather).drawn()
    assert edge is not None
    soft = feathered(filled_mask(mask, grow), feather)
    strength = np.where(mask > 0, 0, soft)
    table = tint_table(OverlayStyle().colour, 0.5 * OverlayStyle().opacity)
    expected = table[np.clip(strength, 2, 253) * (strength > 1)]
    seen = np.zeros_like(expected)
    bounds = edge.bounds(ViewTransform(1.0, 7, 5))
    rect = Rect(bounds.x() - 7, bounds.y() - 5, bounds.width(), bounds.height())
    inside = rect.intersected(Rect.of_array(mask))
    seen[inside.slices] = edge.pixels[inside.moved(-rect.x, -rect.y).slices]
    lines = np.isin(seen, (0x78787878, 0x46000000))
    assert lines.any() or grow == 0
    off_by = np.abs((seen[~lines] >> 24).astype(int) - (expected[~lines] >> 24).astype(int))
    assert off_by.max() <= 1


def test_a_part_has_the_edge_of_the_whole() -> None:
    mask = two_holes()
    whole, part = edge_task(mask, 5, 4).drawn(), edge_task(mask, 5, 4, part=Rect(30, 0, 66, 64)).drawn()
    assert whole is not None
    assert part is not None
    columns = slice(30 + margin(5, 4, 1), 80)
    assert np.array_equal(drawn_on(whole)[:, columns], drawn_on(part)[:, columns])


def drawn_on(edge: Edge) -> Image:
    """The edge over grey."""
    image = QImage(96, 64, QImage.Format.Format_RGB32)
    image.fill(0xFF808080)
    painter = QPainter(image)
    edge.paint(painter, ViewTransform(1.0, 0, 0), image.rect())
    painter.end()
    return to_rgb(image)


def test_without_growing_and_feathering_or_a_mask_there_is_no_edge() -> None:
    assert edge_task(two_holes(), 0, 0).drawn() is None
    assert edge_task(blank(picture()), 4, 4).drawn() is None


def test_an_edge_of_another_zoom_is_not_shown() -> None:
    edge = edge_task(two_holes(), 5, 4).drawn()
    assert edge is not None
    assert edge.bounds(ViewTransform(2.0, 0, 0)).isEmpty()


def test_golden_edge() -> None:
    canvas = shown(MaskLook.TINT, 2.0)
    patch = Patch(two_holes(), Rect(0, 0, 96, 64), 1, Extent(96, 64))
    canvas.set_edge(EdgeTask(patch, canvas.transform(), canvas.rect(), 6, 5, canvas.overlay_style).drawn())
    assert_golden(pixels(canvas), "mask_edge")
