"""Draws the visible part of an image, stage patches laid over it, from the pyramid level that suits the zoom.

A picture that would take longer than a frame is drawn roughly first, as squares of the level below the zoom's, and
`ImageLayer.paint` tells which part of it is to be painted again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap, QRegion

from app.imaging.arrays import extent_of
from app.imaging.geometry import Extent, Rect
from app.imaging.pyramid import Pyramid
from app.imaging.squares import as_squares, shown_length
from app.ui.patch_set import PatchSet, level_rect
from app.ui.qimages import Premultiplied, ScreenBuffer, to_premultiplied, wrap_opaque, wrap_premultiplied
from app.ui.screen_tiles import HEIGHT, REACH, WIDTH, ScreenTiles, keys
from app.ui.viewport import ViewTransform

CRISP_FROM = 2.0
"""From this zoom on, image pixels are drawn as squares; below it, smoothly."""

AT_ONCE = 1_700_000
"""View pixels that are drawn smoothly within a frame; of more, all are drawn roughly."""

_PATCHES_AT_ONCE = AT_ONCE // 4
"""The same for the patches of a pane, which has three beside it."""

_TILES_AT_ONCE = 6
"""Tiles drawn smoothly within a frame; the rest is drawn roughly."""

_STRIP = 480_000
"""View pixels drawn at once: few enough that they stay in the cache, enough to be drawn on several cores."""

_MARGIN = 2
"""Level pixels round a strip that smoothing may read."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the last pane drew, for the panes beside it, which look at the same place."""

    image: QImage
    view: ViewTransform
    shown: QRect
    """The part of the view that `image` shows."""
    is_rough: bool

    def is_of_use(self, view: ViewTransform, exposed: QRect) -> bool:
        """Whether a pane can copy what it exposes; a small part is better drawn smoothly."""
        is_there = view == self.view and self.shown.contains(exposed)
        return is_there and (not self.is_rough or _area(exposed) > AT_ONCE)


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
        self._frame: _Frame | None = None
        self._view: ViewTransform | None = None
        self._paintings = 0
        """How often the image was painted as it lies in `_view`."""
        self._has_panes = False
        """True where the view before was painted several times, as it is where panes share the image."""

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
        self._frame = None

    def paint(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None = None) -> QRegion:
        """Draw what lies in `exposed`, with `patches` laid over; `painter` counts view pixels.

        Returns where the picture is rough: paint that again, in parts of at most `AT_ONCE` pixels, when nothing moves.
        """
        exposed = exposed.intersected(self.bounds(view))
        if exposed.isEmpty():
            return QRegion()
        self._count(view)
        painter.save()
        painter.setClipRect(exposed, Qt.ClipOperation.IntersectClip)
        if self._alpha is not None:
            painter.fillRect(exposed, _checkerboard())
            rough = self._draw_strips(painter, view, exposed, patches, AT_ONCE)
        else:
            rough = self._paint_opaque(painter, view, exposed, patches)
        painter.restore()
        return rough

    def _count(self, view: ViewTransform) -> None:
        if view != self._view:
            self._has_panes, self._view, self._paintings = self._paintings > 1, view, 0
        self._paintings += 1

    def _paint_opaque(
        self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None
    ) -> QRegion:
        """Copy what is known already. At a new zoom, patches are drawn over what the panes have in common."""
        from_corner = exposed.translated(-view.x, -view.y)
        is_kept = self._tiles.begin(view.scale, from_corner)
        if patches is None:
            return self._paint_common(painter, view, exposed, is_kept)
        if patches.tiles.begin(view.scale, from_corner) and is_kept:
            return self._copy_tiles(painter, view, exposed, patches)
        patched = exposed.intersected(view.covering(patches.rect, REACH))
        rough = QRegion()
        if patched != exposed:
            rough = self._paint_common(painter, view, exposed, is_kept) - QRegion(patched)
        return rough + self._draw_strips(painter, view, patched, patches, _PATCHES_AT_ONCE)

    def _paint_common(self, painter: QPainter, view: ViewTransform, exposed: QRect, is_kept: bool) -> QRegion:
        frame = self._frame
        if frame is not None and frame.is_of_use(view, exposed):
            painter.drawImage(exposed, frame.image, exposed.translated(-frame.shown.topLeft()))
            return QRegion(exposed) if frame.is_rough else QRegion()
        if is_kept:
            return self._copy_tiles(painter, view, exposed, None)
        if self._has_panes:
            return self._paint_frame(painter, view, exposed)
        return self._draw_strips(painter, view, exposed, None, AT_ONCE)

    def _paint_frame(self, painter: QPainter, view: ViewTransform, exposed: QRect) -> QRegion:
        """Draw it where the other panes can copy it from."""
        last = self._frame
        is_of_use = last is not None and last.shown.size() == exposed.size()
        image = last.image if last and is_of_use else QImage(exposed.size(), QImage.Format.Format_RGB32)
        self._frame = last = None
        onto = QPainter(image)
        moved = ViewTransform(view.scale, view.x - exposed.x(), view.y - exposed.y())
        rough = self._draw_strips(onto, moved, image.rect(), None, AT_ONCE)
        onto.end()
        self._frame = _Frame(image, view, exposed, not rough.isEmpty())
        painter.drawImage(exposed.topLeft(), image)
        return rough.translated(exposed.topLeft())

    def _copy_tiles(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> QRegion:
        """Copy the tiles, those in which patches lie from theirs; of the unknown ones draw as many as time allows."""
        if self._frame is not None and self._frame.is_rough:
            self._frame = None
        patched = QRect()
        if patches is not None:
            patched = ViewTransform(view.scale, 0, 0).covering(patches.rect, REACH)
        late, unknown = QRegion(), 0
        found = []
        for key in keys(exposed.translated(-view.x, -view.y)):
            is_patched = patches is not None and patched.intersects(QRect(*key, WIDTH, HEIGHT))
            tiles = patches.tiles if patches is not None and is_patched else self._tiles
            unknown += key not in tiles
            if key in tiles or unknown <= _TILES_AT_ONCE or self._is_quick(view):
                found.append((key, tiles.tile(key, partial(self._draw, patches=patches if is_patched else None))))
            else:
                late = late + QRegion(key[0] + view.x, key[1] + view.y, WIDTH, HEIGHT)
        late = late.intersected(QRegion(exposed))
        if not late.isEmpty():
            for strip in _strips(late.boundingRect()):
                self._draw(painter, view, strip, patches, is_rough=True)
        for key, image in found:
            painter.drawImage(key[0] + view.x, key[1] + view.y, image)
        return late

    def _draw_strips(
        self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None, at_once: int
    ) -> QRegion:
        """Draw `exposed`, roughly where it has more than `at_once` pixels; returns what is rough."""
        is_rough = _area(exposed) > at_once and not self._is_quick(view)
        for strip in _strips(exposed):
            self._draw(painter, view, strip, patches, is_rough=is_rough)
        return QRegion(exposed) if is_rough else QRegion()

    def _is_quick(self, view: ViewTransform) -> bool:
        """True where nothing has to be smoothed."""
        return view.scale >= CRISP_FROM or view.scale * self.pyramid.level_for(view.scale)[1] == 1.0

    def _draw(
        self,
        painter: QPainter,
        view: ViewTransform,
        shown: QRect,
        patches: PatchSet | None = None,
        *,
        is_rough: bool = False,
    ) -> None:
        """Draw what lies in `shown`, where the image lies."""
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
        if self._alpha is None:
            return self._buffer.to_screen(pixels, [] if patches is None else patches.pieces(area, factor))
        if patches is not None:
            pixels = patches.laid_over(pixels, area, factor)
        return to_premultiplied(pixels, self._alpha.levels[index][area.slices])

    def _wrapped(self, pixels: Premultiplied) -> QImage:
        return wrap_opaque(pixels) if self.is_opaque else wrap_premultiplied(pixels)


def _area(rect: QRect) -> int:
    return rect.width() * rect.height()


def _strips(rect: QRect) -> Iterator[QRect]:
    bottom = rect.y() + rect.height()
    height = max(_STRIP // max(rect.width(), 1), 1)
    for y in range(rect.y(), bottom, height):
        yield QRect(rect.x(), y, rect.width(), min(height, bottom - y))


def _checkerboard() -> QBrush:
    """Squares of 8 view pixels."""
    tile = QPixmap(16, 16)
    tile.fill(QColor(204, 204, 204))
    painter = QPainter(tile)
    painter.fillRect(0, 0, 8, 8, QColor(255, 255, 255))
    painter.fillRect(8, 8, 8, 8, QColor(255, 255, 255))
    painter.end()
    return QBrush(tile)
