"""Draws the visible part of an image, stage patches laid over it, from the pyramid level that suits the zoom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, partial

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

from app.imaging.arrays import Image, extent_of
from app.imaging.geometry import Extent, Rect, united
from app.imaging.pyramid import Pyramid
from app.imaging.squares import as_squares, shown_length
from app.inference.request import RegionPatch
from app.ui.qimages import Premultiplied, ScreenBuffer, to_premultiplied, wrap_opaque, wrap_premultiplied
from app.ui.screen_tiles import HEIGHT, REACH, WIDTH, ScreenTiles, keys
from app.ui.viewport import ViewTransform

CRISP_FROM = 2.0
"""From this zoom on, image pixels are drawn as squares; below it, smoothly."""

_STRIP = 128
"""View rows drawn at once: few enough that they stay in the cache, enough to be drawn on several cores."""

_MARGIN = 2
"""Level pixels round a strip that smoothing may read."""


class PatchSet:
    """A stage's patches at every level of the base image's pyramid.

    Each patch is cut out of the image with the patches pasted in, on a grid that all levels share. So its levels
    equal those of the full composite bit for bit, and its border can't show at any zoom.
    """

    def __init__(self, patches: Sequence[RegionPatch], base: Pyramid) -> None:
        self._patches = tuple(patches)
        self._base = base
        self.tiles = ScreenTiles()
        """What was drawn of the image with the patches in it."""
        self._blocks = [_Block(patch.rect, self._patches, base) for patch in self._patches]

    @property
    def rect(self) -> Rect:
        """A rectangle round all patches, image pixels."""
        return united(patch.rect for patch in self._patches)

    def laid_over(self, pixels: Image, area: Rect, factor: int) -> Image:
        """`pixels`, which show `area` of the base's level of `factor`, with the patches in them; copied if changed."""
        pieces = list(self.pieces(area, factor))
        pixels = pixels.copy() if pieces else pixels
        for where, piece in pieces:
            pixels[where.slices] = piece
        return pixels

    def pieces(self, area: Rect, factor: int) -> Iterator[tuple[Rect, Image]]:
        """What lies in `area` of the base's level of `factor`: where, counted from its corner, and the pixels there."""
        for block in self._blocks:
            where = level_rect(block.rect, factor)
            common = where.intersected(area)
            if not common.is_empty:
                level = block.pyramid.levels[factor.bit_length() - 1]
                yield common.moved(-area.x, -area.y), level[common.moved(-where.x, -where.y).slices]

    def refresh(self, rect: Rect) -> None:
        """The base image changed in `rect`: build the blocks there anew when they are next drawn."""
        self.tiles.forget(rect)
        self._blocks = [
            block if block.rect.intersected(rect).is_empty else _Block(block.patch_rect, self._patches, self._base)
            for block in self._blocks
        ]


class _Block:
    """One patch with as much of the image round it as fills whole pixels of the coarsest level."""

    def __init__(self, patch_rect: Rect, patches: tuple[RegionPatch, ...], base: Pyramid) -> None:
        self.patch_rect = patch_rect
        self._patches = patches
        self._base = base
        unit = 2 ** (len(base.levels) - 1)
        x, y = patch_rect.x // unit * unit, patch_rect.y // unit * unit
        right, bottom = -(-patch_rect.right // unit) * unit, -(-patch_rect.bottom // unit) * unit
        self.rect = Rect(x, y, right - x, bottom - y).intersected(Rect.of_array(base.levels[0]))

    @cached_property
    def pyramid(self) -> Pyramid:
        """The levels, built when first drawn; level 0 is the patch's own memory where it needs nothing else."""
        near = [patch for patch in self._patches if not patch.rect.intersected(self.rect).is_empty]
        if len(near) == 1 and near[0].rect == self.rect:
            return Pyramid(self._base.shown(near[0].pixels), len(self._base.levels))
        pixels = self._base.levels[0][self.rect.slices].copy()
        for patch in near:
            common = patch.rect.intersected(self.rect)
            source = self._base.shown(patch.pixels[common.moved(-patch.rect.x, -patch.rect.y).slices])
            pixels[common.moved(-self.rect.x, -self.rect.y).slices] = source
        return Pyramid(pixels, len(self._base.levels))


class ImageLayer:
    """An image on the screen. All panes share one; what differs between them is the patches."""

    def __init__(self, pyramid: Pyramid, alpha: Pyramid | None = None) -> None:
        """Show `pyramid`, of an ``(H, W, 3)`` image; `alpha`, of ``(H, W)``, lets a checkerboard shine through.

        Both stay the caller's, who keeps them up to date.
        """
        self.pyramid = pyramid
        self._alpha = alpha
        self._tiles = ScreenTiles()
        self._buffer = ScreenBuffer()
        self._squares = ScreenBuffer()

    @property
    def extent(self) -> Extent:
        """The size of the image."""
        return extent_of(self.pyramid.levels[0])

    @property
    def is_opaque(self) -> bool:
        """True where nothing shines through."""
        return self._alpha is None

    def refresh(self, rect: Rect) -> None:
        """The image changed in `rect` (image pixels), its pyramid is up to date."""
        self._tiles.forget(rect)

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None = None) -> None:
        """Draw what lies in `exposed`, with `patches` laid over; `painter` counts view pixels."""
        exposed = exposed.intersected(self.bounds(view))
        if exposed.isEmpty():
            return
        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        if self._alpha is not None:
            painter.fillRect(exposed, _checkerboard())
            self._draw_strips(painter, view, exposed, patches)
        elif self._are_kept(view, exposed, patches):
            self._copy_tiles(painter, view, exposed, patches)
        else:
            self._draw_strips(painter, view, exposed, patches)
        painter.restore()

    def _are_kept(self, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> bool:
        from_corner = exposed.translated(-view.x, -view.y)
        is_kept = self._tiles.begin(view.scale, from_corner)
        return is_kept if patches is None else patches.tiles.begin(view.scale, from_corner)

    def _copy_tiles(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> None:
        """Copy what is known already; tiles that patches reach into are theirs."""
        patched = QRect()
        if patches is not None:
            patched = ViewTransform(view.scale, 0, 0).covering(patches.rect, REACH)
        for key in keys(exposed.translated(-view.x, -view.y)):
            if patches is not None and patched.intersects(QRect(*key, WIDTH, HEIGHT)):
                image = patches.tiles.tile(key, partial(self._draw, patches=patches))
            else:
                image = self._tiles.tile(key, self._draw)
            painter.drawImage(key[0] + view.x, key[1] + view.y, image)

    def _draw_strips(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> None:
        for strip in _strips(exposed):
            self._draw(painter, view, strip, patches)

    def _draw(self, painter: QPainter, view: ViewTransform, shown: QRect, patches: PatchSet | None = None) -> None:
        """Draw what lies in `shown`, where the image lies."""
        level, factor = self.pyramid.level_for(view.scale)
        visible = level_rect(view.visible(shown, self.extent), factor)
        area = visible.grown(_MARGIN).intersected(Rect.of_array(level))
        pixels = self._pixels(area, factor, patches)
        if view.scale >= CRISP_FROM:
            part = Rect(shown.x() - view.x, shown.y() - view.y, shown.width(), shown.height())
            squares = self._squares.empty(part.height, part.width)
            as_squares(pixels, area, self.extent, part, view.scale, out=squares)
            painter.drawImage(shown.topLeft(), self._wrapped(squares))
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(shown, Qt.ClipOperation.IntersectClip)
        painter.translate(view.x, view.y)
        painter.scale(view.scale * factor, view.scale * factor)
        painter.drawImage(QPointF(area.x, area.y), self._wrapped(pixels))
        painter.restore()

    def bounds(self, view: ViewTransform) -> QRect:
        """The view pixels the image covers."""
        return QRect(view.x, view.y, *(shown_length(side, view.scale) for side in self.extent))

    def _pixels(self, area: Rect, factor: int, patches: PatchSet | None) -> Premultiplied:
        """`area` of the level of `factor`; to be drawn before the next call."""
        index = factor.bit_length() - 1
        pixels = self.pyramid.levels[index][area.slices]
        if self._alpha is None:
            return self._buffer.to_screen(pixels, [] if patches is None else patches.pieces(area, factor))
        if patches is not None:
            pixels = patches.laid_over(pixels, area, factor)
        return to_premultiplied(pixels, self._alpha.levels[index][area.slices])

    def _wrapped(self, pixels: Premultiplied) -> QImage:
        return wrap_opaque(pixels) if self.is_opaque else wrap_premultiplied(pixels)


def level_rect(rect: Rect, factor: int) -> Rect:
    """The pixels of the level of `factor` that show any part of `rect` (image pixels)."""
    x, y = rect.x // factor, rect.y // factor
    return Rect(x, y, -(-rect.right // factor) - x, -(-rect.bottom // factor) - y)


def _strips(rect: QRect) -> Iterator[QRect]:
    bottom = rect.y() + rect.height()
    for y in range(rect.y(), bottom, _STRIP):
        yield QRect(rect.x(), y, rect.width(), min(_STRIP, bottom - y))


def _checkerboard() -> QBrush:
    """Squares of 8 view pixels."""
    tile = QPixmap(16, 16)
    tile.fill(QColor(204, 204, 204))
    painter = QPainter(tile)
    painter.fillRect(0, 0, 8, 8, QColor(255, 255, 255))
    painter.fillRect(8, 8, 8, 8, QColor(255, 255, 255))
    painter.end()
    return QBrush(tile)
