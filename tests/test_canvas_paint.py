"""What the canvas shows: golden pictures, patches against the full composite, dirty repaints against full ones."""

import numpy as np
import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication

from app.imaging.arrays import Image, Mask
from app.imaging.geometry import Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.inference.request import RegionPatch
from app.ui.canvas import qimages
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.viewport import ViewTransform
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from tests.canvases import MaskSink, assert_golden, blank, drag, make_canvas, picture, pixels

pytestmark = pytest.mark.usefixtures("qapp")
SCALES = [0.06, 0.11, 0.25, 0.4, 0.5, 0.77, 1.0, 1.3, 2.0, 5.0, 11.0]


@pytest.fixture
def small_levels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pyramids of tiny images have several levels, too."""
    monkeypatch.setattr("app.imaging.pyramid.SMALLEST", 8)


def hole(image: Image, rect: Rect) -> Mask:
    mask = blank(image)
    mask[rect.slices] = 255
    return mask


def composite(image: Image, patches: list[RegionPatch]) -> Image:
    result = image.copy()
    for patch in patches:
        result[patch.rect.slices] = patch.pixels
    return result


def random_patch(rect: Rect, seed: int) -> RegionPatch:
    pixels_ = np.random.default_rng(seed).integers(0, 256, (rect.height, rect.width, 3), dtype=np.uint8)
    return RegionPatch(rect, pixels_)


# Golden pictures


def test_golden_fit_with_mask() -> None:
    image = picture()
    assert_golden(pixels(make_canvas(image, hole(image, Rect(20, 15, 40, 25)))), "fit_with_mask")


def test_golden_far_in_with_grid() -> None:
    image = picture()
    canvas = make_canvas(image, hole(image, Rect(40, 30, 5, 4)))
    canvas.viewport.set_scale(16)
    assert_golden(pixels(canvas), "pixel_grid")


def test_golden_soft_mask_at_100_percent() -> None:
    image = picture()
    mask = blank(image)
    mask[10:50, 10:80] = np.linspace(0, 255, 70, dtype=np.uint8)
    canvas = make_canvas(image, mask)
    canvas.viewport.set_scale(1.0)
    canvas.set_overlay(True, "#00a0ff", 0.7)
    assert_golden(pixels(canvas), "soft_mask")


def test_golden_transparent() -> None:
    image = picture()
    alpha = np.broadcast_to(np.linspace(0, 255, 96, dtype=np.uint8), (64, 96)).copy()
    assert_golden(pixels(make_canvas(image, None, alpha=alpha)), "transparent")


@pytest.mark.parametrize(("name", "size", "erase"), [("ring", 40, False), ("ring_erase", 30, True), ("tiny", 1, False)])
def test_golden_brush_cursor(name: str, size: float, erase: bool) -> None:
    image = picture()
    canvas = make_canvas(image, blank(image))
    canvas.set_tool(BrushTool(BrushSettings(size, 0.5), MaskSink(blank(image)), erase=erase))
    drag(canvas, (100, 70))
    assert_golden(pixels(canvas), f"cursor_{name}")


# Exactness


def test_100_percent_is_the_image_itself() -> None:
    image = picture()
    canvas = make_canvas(image)
    canvas.viewport.set_scale(1.0)
    view = canvas.transform()
    assert np.array_equal(pixels(canvas)[view.y : view.y + 64, view.x : view.x + 96], image)


def test_whole_zooms_repeat_pixels() -> None:
    image = picture()
    canvas = make_canvas(image)
    canvas.viewport.set_scale(4.0)
    shown = canvas.transform().visible(QRect(0, 0, 200, 140), canvas.viewport.extent)
    assert shown.area < 96 * 64
    enlarged = np.repeat(np.repeat(image, 4, 0), 4, 1)
    view = canvas.transform()
    assert np.array_equal(pixels(canvas), enlarged[-view.y : 140 - view.y, -view.x : 200 - view.x])


def at_centres(view: ViewTransform, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Index ``[rows, columns]`` of the image pixels that a view of `size` shows."""
    columns = np.floor((np.arange(size[0]) + 0.5 - view.x) / view.scale).astype(int)
    rows = np.floor((np.arange(size[1]) + 0.5 - view.y) / view.scale).astype(int)
    return np.ix_(rows, columns)


SQUARES = [2.0, 2.5, 3.33, 8.0]


def noisy_canvas(scale: float, mask: Mask | None = None) -> tuple[Canvas, Image]:
    """Looks into the middle of noise, without lines between its pixels."""
    image = np.random.default_rng(5).integers(0, 256, (340, 460, 3), dtype=np.uint8)
    canvas = make_canvas(image, mask, (700, 300))
    canvas.viewport.set_scale(scale)
    canvas.viewport.centre_on(Point(230, 171))
    return canvas, image


@pytest.mark.parametrize("scale", SQUARES)
def test_squares_are_exact_whole_in_tiles_and_in_parts(scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.canvas.scene.GRID_FROM", 99.0)
    canvas, image = noisy_canvas(scale)
    first = pixels(canvas)
    assert np.array_equal(first, image[at_centres(canvas.transform(), (700, 300))])
    canvas.viewport.pan_by(37, -23)
    tiled = pixels(canvas)
    assert np.array_equal(tiled, image[at_centres(canvas.transform(), (700, 300))])
    for part in (QRect(101, 51, 333, 211), QRect(640, 3, 7, 5)):
        fresh, _ = noisy_canvas(scale)
        fresh.viewport.pan_by(37, -23)
        assert np.array_equal(rendered(fresh, tiled, QRegion(part)), tiled)


@pytest.mark.parametrize("scale", SQUARES)
def test_the_mask_lies_on_the_squares(scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.canvas.scene.GRID_FROM", 99.0)
    mask = np.random.default_rng(6).choice(np.array([0, 255], np.uint8), (340, 460))
    canvas, image = noisy_canvas(scale, mask)
    image[...] = 128
    canvas.set_source(Pyramid(image), MaskLevels(mask))
    canvas.viewport.set_scale(scale)
    canvas.set_overlay(True, "#ff0000", 1.0)
    for _ in range(2):
        looks_like_hole = pixels(canvas)[..., 0] > 200  # red inside and light along the border, grey and dark outside
        assert np.array_equal(looks_like_hole, mask[at_centres(canvas.transform(), (700, 300))] == 255)
        canvas.viewport.pan_by(37, -23)


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize("scale", SCALES)
def test_patches_look_like_the_full_composite(scale: float) -> None:
    image = picture(333, 255)
    patches = [
        random_patch(Rect(13, 17, 101, 93), 1),
        random_patch(Rect(100, 90, 50, 41), 2),
        random_patch(Rect(300, 200, 33, 55), 3),
    ]
    canvas, whole = make_canvas(image), make_canvas(composite(image, patches))
    canvas.set_patches(patches)
    for each in (canvas, whole):
        each.viewport.set_scale(scale)
        each.viewport.centre_on(Point(120, 100))
    assert np.abs(pixels(canvas).astype(int) - pixels(whole)).max() <= 1  # drawn in other strips


@pytest.mark.usefixtures("small_levels")
def test_patches_follow_the_image_below_them() -> None:
    image = picture(200, 150)
    pyramid = Pyramid(image)
    canvas = make_canvas(image)
    canvas.set_source(pyramid, None)
    patch = random_patch(Rect(50, 40, 30, 30), 4)
    canvas.set_patches([patch])
    pixels(canvas)
    image[30:45, 40:60] = 255
    changed = Rect(40, 30, 20, 15)
    pyramid.update(changed)
    canvas.refresh(changed)
    assert np.array_equal(pixels(canvas), pixels(make_canvas(composite(image, [patch]))))


def test_patches_fade_and_hide() -> None:
    image = picture()
    canvas = make_canvas(image)
    before = pixels(canvas)
    canvas.set_patches([RegionPatch(Rect(0, 0, 96, 64), np.full((64, 96, 3), 250, np.uint8))])
    after = pixels(canvas)
    canvas.set_patch_opacity(0.5)
    middle = pixels(canvas).astype(int)
    assert np.abs(middle - (before.astype(int) + after) / 2).max() <= 2
    canvas.set_patch_opacity(1.0)
    canvas.show_original(True)
    assert np.array_equal(pixels(canvas), before)
    canvas.show_original(False)
    assert np.array_equal(pixels(canvas), after)
    canvas.set_patches([])
    assert np.array_equal(pixels(canvas), before)


# Repainting


class Recorder(Canvas):
    """Notes which part of it was asked to be painted."""

    painted = QRegion()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted = self.painted.united(event.region())
        super().paintEvent(event)


def recorder(image: Image, levels: MaskLevels, scale: float) -> Recorder:
    source = make_canvas(image, levels)
    canvas = Recorder(source.viewport)
    canvas.setPalette(source.palette())
    canvas.resize(200, 140)
    canvas.set_source(Pyramid(image), levels)
    canvas.viewport.set_scale(scale)
    canvas.show()
    for _ in range(2):  # the second round paints what the first one laid out
        QApplication.processEvents()
    pixels(canvas)
    canvas.painted = QRegion()
    return canvas


def rendered(canvas: Canvas, onto: Image, region: QRegion) -> Image:
    """`onto` with `region` alone painted anew."""
    screen = qimages.to_screen(onto)
    canvas.render(screen, region.boundingRect().topLeft(), region)
    return qimages.to_rgb(screen)


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize("scale", SCALES)
def test_a_dirty_repaint_of_the_mask_equals_a_full_one(scale: float) -> None:
    image = picture(333, 255)
    mask = hole(image, Rect(90, 60, 80, 70))
    levels = MaskLevels(mask)
    canvas = recorder(image, levels, scale)
    before = pixels(canvas)
    canvas.painted = QRegion()
    changed = Rect(150, 110, 31, 27)
    mask[changed.slices] = 255
    mask[100:105, 160:170] = 0
    dirty = changed.united(Rect(160, 100, 10, 5))
    levels.update(dirty)
    canvas.refresh_mask(dirty)
    QApplication.processEvents()
    region = canvas.painted
    assert not region.isEmpty()
    assert region.boundingRect().width() < 200 or scale > 5
    patched = rendered(canvas, before, region)
    full = pixels(make_like(canvas, image, mask))
    assert np.abs(patched.astype(int) - full).max() <= 3


@pytest.mark.usefixtures("small_levels")
@pytest.mark.parametrize("scale", SCALES)
def test_a_dirty_repaint_of_the_image_equals_a_full_one(scale: float) -> None:
    image = picture(333, 255)
    mask = blank(image)
    canvas = recorder(image, MaskLevels(mask), scale)
    before = pixels(canvas)
    canvas.painted = QRegion()
    changed = Rect(150, 110, 31, 27)
    image[changed.slices] //= 2
    assert canvas.scene.layer is not None
    canvas.scene.layer.pyramid.update(changed)
    canvas.refresh(changed)
    QApplication.processEvents()
    patched = rendered(canvas, before, canvas.painted)
    full = pixels(make_like(canvas, image, mask))
    assert np.abs(patched.astype(int) - full).max() <= 3


def make_like(canvas: Canvas, image: Image, mask: Mask) -> Canvas:
    """A new canvas that looks at the same place of the same image."""
    result = make_canvas(image, mask)
    result.viewport.set_scale(canvas.viewport.scale)
    result.viewport.centre_on(canvas.viewport.centre)
    return result


def test_panning_shows_the_mask_where_it_is() -> None:
    image = picture(333, 255)
    mask = hole(image, Rect(90, 60, 80, 70))
    canvas = make_canvas(image, mask)
    canvas.viewport.set_scale(1.7)
    pixels(canvas)
    canvas.viewport.pan_by(33, -21)
    panned = pixels(canvas).astype(int)
    assert np.abs(panned - pixels(make_like(canvas, image, mask))).max() <= 3


def test_a_stroke_repaints_little() -> None:
    image = picture(333, 255)
    mask = blank(image)
    sink = MaskSink(mask)
    canvas = recorder(image, sink.levels, 1.0)
    canvas.set_tool(BrushTool(BrushSettings(8, 1.0), sink))
    drag(canvas, (50, 50), (54, 50), release=False)
    QApplication.processEvents()
    canvas.painted = QRegion()
    drag(canvas, (58, 52), (60, 52))
    QApplication.processEvents()
    assert mask.any()
    assert 0 < canvas.painted.boundingRect().width() < 60


def test_an_empty_canvas_is_ground_only() -> None:
    canvas = make_canvas(picture())
    canvas.set_source(None, None)
    assert (pixels(canvas) == 0x20).all()


def test_hidden_overlay() -> None:
    image = picture()
    canvas = make_canvas(image, hole(image, Rect(20, 15, 40, 25)))
    canvas.set_overlay(False, "#ff0000", 0.5)
    assert np.array_equal(pixels(canvas), pixels(make_canvas(image)))


# Hi-DPI


class Dense(Canvas):
    """As on a display that scales by two."""

    def devicePixelRatioF(self) -> float:
        return 2.0


def test_100_percent_is_one_device_pixel() -> None:
    image = picture()
    canvas = Dense(make_canvas(image).viewport)
    canvas.resize(100, 70)
    canvas.set_source(Pyramid(image), None)
    canvas.show()
    canvas.viewport.set_scale(1.0)
    screen = qimages.to_screen(np.zeros((140, 200, 3), np.uint8))
    screen.setDevicePixelRatio(2.0)
    canvas.render(screen)
    view = canvas.transform()
    assert canvas.view_size() == (200, 140)
    assert np.array_equal(qimages.to_rgb(screen)[view.y : view.y + 64, view.x : view.x + 96], image)
