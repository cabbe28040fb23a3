"""Draws the visible part of an image, stage patches laid over it, from the pyramid level that suits the zoom.

A picture that would take longer than a frame is drawn roughly first, as squares of the level below the zoom's, and
`ImageLayer.paint` tells which part of it is to be painted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap, QRegion

from app.imaging.geometry import Extent, Rect
from app.imaging.pyramid import Pyramid
from app.ui.canvas.image_drawer import ImageDrawer, area_of, strips_of
from app.ui.canvas.patch_set import PatchSet
from app.ui.canvas.screen_tiles import HEIGHT, REACH, WIDTH, Key, ScreenTiles, keys
from app.ui.canvas.viewport import ViewTransform

AT_ONCE = 1_700_000
"""View pixels that are drawn smoothly within a frame; of more, all are drawn roughly."""

_PATCHES_AT_ONCE = AT_ONCE // 4
"""The same for the patches of a pane, which has three beside it."""

_TILES_BESIDE = 6
"""Where the unknown tiles show more they are drawn roughly, all but so many: panning sharpens the picture."""


_Place = tuple[Key, ScreenTiles, PatchSet | None]
"""A tile's key, the tiles it is kept in, and what is laid over the image there."""


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
        return is_there and (not self.is_rough or area_of(exposed) > AT_ONCE)


class ImageLayer:
    """An image on the screen. All panes share one; what differs between them is the patches."""

    def __init__(self, pyramid: Pyramid, alpha: Pyramid | None = None) -> None:
        """Show `pyramid`, of an ``(H, W, 3)`` image; `alpha`, of ``(H, W)``, lets a checkerboard shine through.

        Both stay the caller's, who keeps them up to date.
        """
        self.pyramid = pyramid
        self._alpha = alpha
        self._tiles = ScreenTiles()
        self._drawer = ImageDrawer(pyramid, alpha)
        self._frame: _Frame | None = None
        self._view: ViewTransform | None = None
        self._paintings = 0
        """How often the image was painted as it lies in `_view`."""
        self._has_panes = False
        """True where the view before was painted several times, as it is where panes share the image."""

    @property
    def extent(self) -> Extent:
        """The size of the image."""
        return self._drawer.extent

    @property
    def is_opaque(self) -> bool:
        """True where nothing shines through."""
        return self._alpha is None

    def bounds(self, view: ViewTransform) -> QRect:
        """The view pixels the image covers."""
        return self._drawer.bounds(view)

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
            rough = self._drawer.draw_strips(painter, view, exposed, patches, AT_ONCE)
        else:
            rough = self._paint_opaque(painter, view, exposed, patches)
        painter.restore()
        return rough

    def draw(self, painter: QPainter, view: ViewTransform, shown: QRect, patches: PatchSet | None = None) -> None:
        """Draw what lies in `shown` smoothly, keeping nothing: for a picture beside the panes, or over them."""
        shown = shown.intersected(self.bounds(view))
        if shown.isEmpty():
            return
        if self._alpha is not None:
            painter.fillRect(shown, _checkerboard())
        self._drawer.draw(painter, view, shown, patches)

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
        return rough + self._drawer.draw_strips(painter, view, patched, patches, _PATCHES_AT_ONCE)

    def _paint_common(self, painter: QPainter, view: ViewTransform, exposed: QRect, is_kept: bool) -> QRegion:
        frame = self._frame
        if frame is not None and frame.is_of_use(view, exposed):
            painter.drawImage(exposed, frame.image, exposed.translated(-frame.shown.topLeft()))
            return QRegion(exposed) if frame.is_rough else QRegion()
        if is_kept:
            return self._copy_tiles(painter, view, exposed, None)
        if self._has_panes:
            return self._paint_frame(painter, view, exposed)
        return self._drawer.draw_strips(painter, view, exposed, None, AT_ONCE)

    def _paint_frame(self, painter: QPainter, view: ViewTransform, exposed: QRect) -> QRegion:
        """Draw it where the other panes can copy it from."""
        last = self._frame
        is_of_use = last is not None and last.shown.size() == exposed.size()
        image = last.image if last and is_of_use else QImage(exposed.size(), QImage.Format.Format_RGB32)
        self._frame = last = None
        onto = QPainter(image)
        moved = ViewTransform(view.scale, view.x - exposed.x(), view.y - exposed.y())
        rough = self._drawer.draw_strips(onto, moved, image.rect(), None, AT_ONCE)
        onto.end()
        self._frame = _Frame(image, view, exposed, not rough.isEmpty())
        painter.drawImage(exposed.topLeft(), image)
        return rough.translated(exposed.topLeft())

    def _copy_tiles(self, painter: QPainter, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> QRegion:
        """Copy the tiles; of the unknown ones draw as many as time allows, and return where the others lie."""
        if self._frame is not None and self._frame.is_rough:
            self._frame = None  # what is smooth by now must not become rough again
        late, found = QRegion(), []
        places = self._places(view, exposed, patches)
        unknown = [_shown(key, view).intersected(exposed) for key, tiles, _ in places if key not in tiles]
        are_few = sum(map(area_of, unknown)) <= AT_ONCE or self._drawer.is_quick(view)
        left = len(unknown) if are_few else _TILES_BESIDE
        for key, tiles, over in places:
            left -= key not in tiles
            if key in tiles or left >= 0:
                found.append((key, tiles.tile(key, partial(self._drawer.draw, patches=over))))
            else:
                late = late + QRegion(_shown(key, view))
        late = late.intersected(QRegion(exposed))
        for strip in strips_of(late.boundingRect()):
            self._drawer.draw(painter, view, strip, patches, is_rough=True)
        for key, image in found:
            painter.drawImage(key[0] + view.x, key[1] + view.y, image)
        return late

    def _places(self, view: ViewTransform, exposed: QRect, patches: PatchSet | None) -> list[_Place]:
        """The tiles that `exposed` shows; those that patches reach into are theirs."""
        exposed_keys = keys(exposed.translated(-view.x, -view.y))
        if patches is None:
            return [(key, self._tiles, None) for key in exposed_keys]
        reached = ViewTransform(view.scale, 0, 0).covering(patches.rect, REACH)
        return [
            (key, patches.tiles, patches)
            if reached.intersects(QRect(*key, WIDTH, HEIGHT))
            else (key, self._tiles, None)
            for key in exposed_keys
        ]


def _shown(key: Key, view: ViewTransform) -> QRect:
    """The view pixels of the tile at `key`."""
    return QRect(key[0] + view.x, key[1] + view.y, WIDTH, HEIGHT)


def _checkerboard() -> QBrush:
    """Squares of 8 view pixels."""
    tile = QPixmap(16, 16)
    tile.fill(QColor(204, 204, 204))
    painter = QPainter(tile)
    painter.fillRect(0, 0, 8, 8, QColor(255, 255, 255))
    painter.fillRect(8, 8, 8, 8, QColor(255, 255, 255))
    painter.end()
    return QBrush(tile)
