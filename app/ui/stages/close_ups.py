"""Small pictures of results, close to the hole: made on the pool, kept as long as they are looked at."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from app.imaging.arrays import Image
from app.imaging.geometry import Extent, Rect
from app.imaging.pyramid import Pyramid
from app.inference.request import RegionPatch, StageResult
from app.ui.canvas.patch_set import PatchSet, level_rect
from app.ui.canvas.qimages import to_pixmap
from app.ui.session.jobs import Err, Ok
from app.ui.session.session import Session

LONGEST = 448
"""Pixels of a picture's longer side, about, at most twice as many."""

_AROUND, _LEAST = 0.15, 32
"""What is shown on each side of a hole: a share of its longer side, and pixels at least."""


class CloseUps(QObject):
    """Pictures by result; those not yet made are on their way."""

    made = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: dict[int, tuple[StageResult, QPixmap | None]] = {}
        """By the results' identity; None for what is being made."""

    def of(self, result: StageResult, aspect: float) -> QPixmap | None:
        """The picture of `result`, `aspect` times as wide as high where the photo allows; None while it is made."""
        pyramid = self._session.pyramid
        if pyramid is None or not result.patches:
            return None
        known = self._known.get(id(result))
        if known is None:
            self._known[id(result)] = result, None
            area = subject(result.patches, Extent(*reversed(pyramid.levels[0].shape[:2])), aspect)
            self._session.runner.submit(partial(_close_up, result.patches, pyramid, area), partial(self._made, result))
            return None
        return known[1]

    def keep(self, results: Collection[StageResult]) -> None:
        """Forget the pictures of all others."""
        wanted = {id(each) for each in results}
        self._known = {key: known for key, known in self._known.items() if key in wanted}

    def _made(self, result: StageResult, outcome: Ok[Image] | Err) -> None:
        if id(result) not in self._known:
            return
        if isinstance(outcome, Err):
            self._session.fail(outcome.error)
            return
        self._known[id(result)] = result, to_pixmap(outcome.value)
        self.made.emit()


def subject(patches: Collection[RegionPatch], extent: Extent, aspect: float) -> Rect:
    """What a picture shows: the largest of `patches` with something round it, in the form of `aspect`."""
    hole = max((patch.rect for patch in patches), key=lambda rect: rect.area)
    around = max(round(_AROUND * max(hole.width, hole.height)), _LEAST)
    wide = hole.grown(around)
    width, height = max(wide.width, round(wide.height * aspect)), max(wide.height, round(wide.width / aspect))
    return wide.resized(width, height, extent)


def _close_up(patches: tuple[RegionPatch, ...], pyramid: Pyramid, area: Rect) -> Image:
    """`area` of the image with `patches` in it, from the level that suits."""
    level, factor = pyramid.level_for(LONGEST / max(area.width, area.height))
    part = level_rect(area, factor).intersected(Rect.of_array(level))
    return PatchSet(patches, pyramid).laid_over(level[part.slices], part, factor).copy()
