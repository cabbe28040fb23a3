"""A region of the photograph at one scale: what is solved there, what of it is unknown, and the way back."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from app.imaging.arrays import DeepImage, Hole, Image, Picture
from app.imaging.bands import covered_by
from app.imaging.compose import cast_of, shrunk_image, without_cast
from app.imaging.correspondence import own_places
from app.imaging.depth import is_deep, levels_of, narrowed, rounded, without_steps
from app.imaging.geometry import Rect, bounding_rect
from app.inference.coarse import CoarseFill
from app.inference.contexts import size_at

NEAR = 96
"""A foreign coarse inpainter sees this many working pixels round a hole, or as many as the hole is long."""

FLAT_RING = 16
"""Working pixels round the hole that decide whether it lies in something flat."""

Share = tuple[float, float, float, float]
"""Left, top, right, bottom of a part of a region, 0…1 of its sides."""


class RegionView:
    """The region at one scale: what is solved there, and what of it is unknown."""

    def __init__(self, photo: DeepImage, hole: Hole, scale: float, avoided: Hole | None = None) -> None:
        height, width = size_at(hole.shape[0], hole.shape[1], scale)
        small = shrunk_image(photo, width, height) if scale < 1 else photo
        self.picture: Image = narrowed(small)
        self.hole: Hole = covered_by(hole, height, width) if scale < 1 else hole
        self.fine = levels_of(small) if is_deep(small) else None
        """In grey levels, where the photograph is finer than 8 bits."""
        small_avoided = avoided if avoided is None or scale >= 1 else covered_by(avoided, height, width)
        self.avoided: Hole | None = None if small_avoided is None else small_avoided & ~self.hole
        """Known pixels that are not to be used."""

    def shrunk(self, image: Image) -> Image:
        """`image`, a larger version of the region, at this size."""
        height, width = self.hole.shape
        return image if image.shape == self.picture.shape else np.asarray(shrunk_image(image, width, height), np.uint8)

    def without_cast(self, solved: Image) -> Picture:
        """`solved` without a colour cast; in grey levels where the photograph is finer than 8 bits."""
        levels = without_cast(solved, self.hole, FLAT_RING, self.fine)
        return rounded(levels) if self.fine is None else levels

    @property
    def unusable(self) -> Hole:
        """What nothing can be copied from."""
        return self.hole if self.avoided is None else self.hole | self.avoided

    def filled(
        self,
        fill: Callable[[Image, Hole, Share, Hole | None], CoarseFill],
        can_copy: Callable[[Hole], bool] | None = None,
    ) -> CoarseFill:
        """The region filled by `fill`, which sees no more round a small hole than it needs.

        Beside that part and its hole it is told which share of the region it sees, and what of it is not to be used.
        Where it copies, `can_copy` says whether enough is left beside what is unusable of a part.
        """
        near, whole = self._near(can_copy), Rect.of_array(self.hole)
        share = near.x / whole.width, near.y / whole.height, near.right / whole.width, near.bottom / whole.height
        part = np.ascontiguousarray(self.picture[near.slices])
        avoided = None if self.avoided is None else np.ascontiguousarray(self.avoided[near.slices])
        done = fill(part, np.ascontiguousarray(self.hole[near.slices]), share, avoided)
        filled = self.picture.copy()
        filled[near.slices] = done.picture
        if done.matches is None:
            return CoarseFill(filled)
        matches = own_places(*self.hole.shape)
        matches[near.slices] = done.matches + np.array([near.y, near.x], np.int32)
        return CoarseFill(filled, matches)

    def _near(self, can_copy: Callable[[Hole], bool] | None) -> Rect:
        """The part of the region that is seen: more of it where too much near the hole is not to be used.

        The usual part where even the whole region would not do.
        """
        hole, whole = bounding_rect(self.hole), Rect.of_array(self.hole)
        reach = max(hole.width, hole.height, NEAR)
        near = usual = hole.grown(reach).intersected(whole)
        if self.avoided is None or can_copy is None:
            return usual
        unusable = self.unusable
        while not can_copy(unusable[near.slices]):
            if near == whole:
                return usual
            reach *= 2
            near = hole.grown(reach).intersected(whole)
        return near

    def without_cast_of(self, solved: Image, smaller: RegionView) -> Picture:
        """`without_cast`, with the cast looked for in the `smaller` view of the region."""
        if smaller is self:
            return self.without_cast(solved)
        shift = cast_of(smaller.shrunk(solved), smaller.hole, FLAT_RING, smaller.fine)
        height, width = self.hole.shape
        enlarged = cv2.resize(shift, (width, height), interpolation=cv2.INTER_LINEAR)
        levels = solved.astype(np.float32) if self.fine is None else without_steps(solved, self.hole, self.fine)
        levels[self.hole] += enlarged[self.hole]
        return rounded(levels) if self.fine is None else np.clip(levels, 0, 255)
