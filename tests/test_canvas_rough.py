"""What takes longer than a frame is drawn roughly first and smoothly once nothing moves; panes share what they can."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image
from app.imaging.geometry import Point, Rect
from app.imaging.pyramid import Pyramid
from app.inference.request import RegionPatch
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.viewport import Viewport
from tests.canvases import make_canvas, picture, pixels

pytestmark = pytest.mark.usefixtures("qapp")
SMALL = (200, 140)
LARGE = (700, 500)
FEW = 100_000
"""View pixels; more than a band that is repainted has."""


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a view so large that a frame is not enough for it."""
    monkeypatch.setattr("app.ui.canvas.image_layer.AT_ONCE", FEW)
    monkeypatch.setattr("app.ui.canvas.image_layer._TILES_BESIDE", 1)
    monkeypatch.setattr("app.imaging.pyramid.SMALLEST", 8)


def smooth_picture(image: Image, scale: float, centre: Point, size: tuple[int, int]) -> Image:
    """What `image` looks like when there is all the time in the world."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.ui.canvas.image_layer.AT_ONCE", 10**9)
        canvas = make_canvas(image, size=size)
        canvas.viewport.set_scale(scale)
        canvas.viewport.centre_on(centre)
        return pixels(canvas)


def furthest(one: Image, other: Image) -> int:
    """The largest difference; tiles and strips may differ by rounding."""
    return int(np.abs(one.astype(int) - other).max())


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("scale", [0.13, 0.41, 0.77, 1.3])
def test_a_rough_picture_becomes_the_smooth_one(qtbot: QtBot, scale: float) -> None:
    image = picture(1000, 800)
    canvas = make_canvas(image, size=LARGE)
    place = Point(500, 400)
    canvas.viewport.set_scale(scale, place)
    first = pixels(canvas)
    is_large = 1000 * 800 * scale**2 > FEW
    assert canvas.is_rough == is_large
    qtbot.waitUntil(lambda: not canvas.is_rough)
    last = pixels(canvas)
    expected = smooth_picture(image, scale, canvas.viewport.centre, LARGE)
    assert (furthest(first, expected) > 20) == is_large
    assert furthest(last, expected) <= 1


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("scale", [1.0, 2.0, 2.5])
def test_nothing_is_rough_where_nothing_is_to_be_smoothed(scale: float) -> None:
    canvas = make_canvas(picture(1000, 800), size=LARGE)
    canvas.viewport.set_scale(scale)
    pixels(canvas)
    assert not canvas.is_rough


def test_a_picture_drawn_smoothly_stays_so() -> None:
    canvas = make_canvas(picture(1000, 800), size=LARGE)
    canvas.viewport.set_scale(0.77)
    pixels(canvas)
    for _ in range(3):
        assert not canvas.is_rough
        canvas.viewport.pan_by(-11, -6)
        pixels(canvas)
        canvas.set_overlay(True, "#00ff00", 0.4)
        pixels(canvas)


def test_what_comes_into_view_by_panning_is_smooth_at_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.canvas.image_layer.AT_ONCE", FEW)
    image = picture(2000, 1600)
    canvas = make_canvas(image, size=LARGE)
    canvas.viewport.set_scale(0.77)
    pixels(canvas)
    qtbot.waitUntil(lambda: not canvas.is_rough)
    for _ in range(6):
        canvas.viewport.pan_by(-117, -61)
        shown = pixels(canvas)
        assert not canvas.is_rough
    assert furthest(shown, smooth_picture(image, 0.77, canvas.viewport.centre, LARGE)) <= 1


@pytest.mark.usefixtures("slow")
def test_a_view_made_smaller_becomes_smooth(qtbot: QtBot) -> None:
    canvas = make_canvas(picture(1000, 800), size=LARGE)
    canvas.viewport.set_scale(0.77)
    pixels(canvas)
    assert canvas.is_rough
    canvas.resize(350, 200)
    qtbot.waitUntil(lambda: not canvas.is_rough)


@pytest.mark.usefixtures("slow")
def test_panning_sharpens_the_picture(qtbot: QtBot) -> None:
    image = picture(1000, 800)
    canvas = make_canvas(image, size=LARGE)
    canvas.viewport.set_scale(0.77)
    frames = 0
    pixels(canvas)
    while canvas.is_rough and frames < 50:
        canvas.viewport.pan_by(3, -2)
        shown = pixels(canvas)
        frames += 1
    assert frames > 3
    assert furthest(shown, smooth_picture(image, 0.77, canvas.viewport.centre, LARGE)) <= 1


@pytest.mark.usefixtures("slow")
def test_a_transparent_image_becomes_smooth_too(qtbot: QtBot) -> None:
    alpha = np.full((800, 1000), 128, np.uint8)
    canvas = make_canvas(picture(1000, 800), alpha=alpha, size=LARGE)
    canvas.viewport.set_scale(0.77)
    pixels(canvas)
    assert canvas.is_rough
    qtbot.waitUntil(lambda: not canvas.is_rough)


def panes(image: Image, count: int) -> list[Canvas]:
    """Canvases of one layer and one viewport."""
    viewport, layer = Viewport(), ImageLayer(Pyramid(image))
    result = []
    for _ in range(count):
        canvas = Canvas(viewport)
        canvas.setPalette(make_canvas(image).palette())
        canvas.resize(*SMALL)
        canvas.set_layer(layer, None)
        result.append(canvas)
    viewport.set_extent(layer.extent)
    viewport.set_view_size(*SMALL)
    return result


def test_panes_share_what_they_have_in_common() -> None:
    image = picture(333, 255)
    patch = RegionPatch(Rect(100, 90, 50, 41), np.full((41, 50, 3), 200, np.uint8))
    canvases = panes(image, 3)
    canvases[2].set_patches([patch])
    changed = image.copy()
    changed[patch.rect.slices] = patch.pixels
    view = canvases[0].viewport
    for scale in (0.5, 0.77, 1.0, 1.3, 2.5, 3.3, 0.61):
        view.set_scale(scale)
        shown = [pixels(canvas) for canvas in canvases]
        expected = [smooth_picture(each, scale, view.centre, SMALL) for each in (image, image, changed)]
        for one, other in zip(shown, expected, strict=True):
            assert furthest(one, other) <= 1, scale


def test_panes_show_a_changed_image() -> None:
    image = picture(333, 255)
    canvases = panes(image, 2)
    layer = canvases[0].scene.layer
    assert layer is not None
    for scale in (0.5, 0.77):
        canvases[0].viewport.set_scale(scale)
        before = [pixels(canvas) for canvas in canvases]
    changed = Rect(120, 100, 40, 30)
    image[changed.slices] = 255
    layer.pyramid.update(changed)
    for canvas in canvases:
        canvas.refresh(changed)
    after = [pixels(canvas) for canvas in canvases]
    assert furthest(after[0], after[1]) <= 1
    assert furthest(before[1], after[1]) > 100
