"""The small pictures of a batch's rows, decoded when they are looked at."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QPixmap

from app.errors import LacunaError
from app.imaging.photo_thumbnails import decoded_thumbnail
from app.ui.canvas.qimages import to_pixmap

_AT_HAND = 200


class Pictures:
    """Keeps those decoded last. GUI thread."""

    def __init__(self) -> None:
        self._made: OrderedDict[bytes, QPixmap] = OrderedDict()

    def of(self, jpeg: bytes) -> QPixmap | None:
        """The picture whose file is `jpeg`; None where that is empty or no picture."""
        if not jpeg:
            return None
        picture = self._made.get(jpeg)
        if picture is None:
            picture = self._made[jpeg] = _decoded(jpeg)
            if len(self._made) > _AT_HAND:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(jpeg)
        return None if picture.isNull() else picture


def _decoded(jpeg: bytes) -> QPixmap:
    try:
        return to_pixmap(decoded_thumbnail(jpeg))
    except LacunaError:
        return QPixmap()
