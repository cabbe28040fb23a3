"""Draws any part of an image from the pyramid level that suits the zoom: smoothly, as squares, or roughly."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QRegion

from app.imaging.arrays import extent_of
from app.imaging.geometry import Extent, Rect
from app.imaging.pyramid import Pyramid
from app.imaging.squares import as_squares, shown_length
from app.ui.canvas.patch_set import PatchSet, level_rect
from app.ui.canvas.qimages import Premultiplied, ScreenBuffer, to_premultiplied, wrap_opaque, wrap_premultiplied
from app.ui.canvas.viewport import ViewTransform

CRISP_FROM = 2.0
"""From this zoom on, image pixels are drawn as squares; below it, smoothly."""

_STRIP = 480_000
"""View pixels drawn at once: few enough that they stay in the cache, enough to be drawn on several cores."""

_MARGIN = 2
"""Level pixels round a strip that smoothing may read."""


class ImageDrawer:
    """Draws parts of an image, `PatchSet`s laid over it, each as if it were part of the whole."""

    def __init__(self, pyramid: Pyramid, alpha: Pyramid | None) -> None:
        """Of `pyramid`, of an ``(H, W, 3)`` image; with `alpha`, of ``(H, W)``, it is blended over what lies below."""
        self.pyramid = pyramid
        self.alpha = alpha
        self._buffer = ScreenBuffer()
        self._squares = ScreenBuffer()

    @property
    def extent(self) -> Extent:
        """The size of the image."""
        return extent_of(self.pyramid.levels[0])

    def draw_strips(
        self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None, at_once: int
    ) -> QRegion:
        """Draw `exposed`, roughly where it has more than `at_once` pixels; returns what is rough."""
        is_rough = area_of(exposed) > at_once and not self.is_quick(view)
        for strip in strips_of(exposed):
            self.draw(painter, view, strip, patches, is_rough=is_rough)
        return QRegion(exposed) if is_rough else QRegion()

    def is_quick(self, view: ViewTransform) -> bool:
        """True where nothing has to be smoothed."""
        return view.scale >= CRISP_FROM or view.scale * self.pyramid.level_for(view.scale)[1] == 1.0

    def draw(
        self,
        painter: QPainter,
        view: ViewTransform,
        shown: QRect,
        patches: PatchSet | None = None,
        *,
        is_rough: bool = False,
    ) -> None:
        """Draw what lies in `shown`, where the image lies; roughly, as squares of the level below the zoom's."""
        level, factor = self.pyramid.level_for(view.scale / 2 if is_rough else view.scale)
        visible = level_rect(view.visible(shown, self.extent), factor)
        area = visible.grown(_MARGIN).intersected(Rect.of_array(level))
        pixels, scale = self._pixels(area, factor, patches), view.scale * factor
        if is_rough or view.scale >= CRISP_FROM:
            part = Rect(shown.x() - view.x, shown.y() - view.y, shown.width(), shown.height())
            squares = self._squares.empty(part.height, part.width)
            as_squares(pixels, area, extent_of(level), part, scale, out=squares)
            painter.drawImage(shown.topLeft(), self._wrapped(squares))
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(shown, Qt.ClipOperation.IntersectClip)
        painter.translate(view.x, view.y)
        painter.scale(scale, scale)
        painter.drawImage(QPointF(area.x, area.y), self._wrapped(pixels))
        painter.restore()

    def bounds(self, view: ViewTransform) -> QRect:
        """The view pixels the image covers."""
        return QRect(view.x, view.y, *(shown_length(side, view.scale) for side in self.extent))

    def _pixels(self, area: Rect, factor: int, patches: PatchSet | None) -> Premultiplied:
        """`area` of the level of `factor`; to be drawn before the next call."""
        index = factor.bit_length() - 1
        pixels = self.pyramid.levels[index][area.slices]
        if self.alpha is None:
            return self._buffer.to_screen(pixels, [] if patches is None else patches.pieces(area, factor))
        if patches is not None:
            pixels = patches.laid_over(pixels, area, factor)
        return to_premultiplied(pixels, self.alpha.levels[index][area.slices])

    def _wrapped(self, pixels: Premultiplied) -> QImage:
        return wrap_opaque(pixels) if self.alpha is None else wrap_premultiplied(pixels)


def area_of(rect: QRect) -> int:
    """Pixels in `rect`."""
    return rect.width() * rect.height()


def strips_of(rect: QRect) -> Iterator[QRect]:
    """`rect` in pieces that are drawn at once, from top to bottom."""
    bottom = rect.y() + rect.height()
    height = max(_STRIP // max(rect.width(), 1), 1)
    for y in range(rect.y(), bottom, height):
        yield QRect(rect.x(), y, rect.width(), min(height, bottom - y))
