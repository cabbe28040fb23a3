"""Tiles of the screen drawn once and copied from then on, as long as the zoom stays."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter

from app.imaging.geometry import Rect
from app.ui.canvas.viewport import ViewTransform

WIDTH, HEIGHT = 512, 128
"""View pixels. Tall enough for the raster engine to draw a tile on several cores."""

_KEPT = 320
"""Tiles kept, 84 MB: twice what a 4K view shows."""

REACH = 4
"""View pixels beyond a changed rectangle that smoothing may change."""

Key = tuple[int, int]
"""Where a tile lies from the image's corner, view pixels: stays the same when the image is panned."""

Draw = Callable[[QPainter, ViewTransform, QRect], None]
"""Draws what a rectangle of the view shows."""


class ScreenTiles:
    """What was drawn at one zoom. The first picture at a new zoom is not kept: while zooming no two are alike."""

    def __init__(self) -> None:
        self._scale = 0.0
        self._keeps = False
        self._tiles: dict[Key, QImage] = {}

    def begin(self, scale: float, exposed: QRect) -> bool:
        """A picture at `scale` of `exposed`, counted from the image's corner, is painted: whether tiles are kept."""
        self._keeps = scale == self._scale
        if not self._keeps:
            self._scale = scale
            self._tiles.clear()
        elif len(self._tiles) > _KEPT:
            self._tiles = {key: tile for key, tile in self._tiles.items() if _rect(key).intersects(exposed)}
        return self._keeps

    def __contains__(self, key: Key) -> bool:
        """Whether the tile at `key` is known."""
        return key in self._tiles

    def tile(self, key: Key, draw: Draw) -> QImage:
        """The tile at `key`, drawn with `draw` where it is not known."""
        image = self._tiles.get(key)
        if image is None:
            image = self._tiles[key] = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
            painter = QPainter(image)
            draw(painter, ViewTransform(self._scale, -key[0], -key[1]), image.rect())
            painter.end()
        return image

    def forget(self, rect: Rect) -> None:
        """The image changed in `rect` (image pixels)."""
        changed = ViewTransform(self._scale, 0, 0).covering(rect, REACH)
        self._tiles = {key: tile for key, tile in self._tiles.items() if not _rect(key).intersects(changed)}


def keys(exposed: QRect) -> list[Key]:
    """The tiles that `exposed`, counted from the image's corner, touches."""
    right, bottom = exposed.x() + exposed.width(), exposed.y() + exposed.height()
    columns = range(exposed.x() // WIDTH * WIDTH, right, WIDTH)
    return [(x, y) for y in range(exposed.y() // HEIGHT * HEIGHT, bottom, HEIGHT) for x in columns]


def _rect(key: Key) -> QRect:
    return QRect(*key, WIDTH, HEIGHT)
