"""Edits: the only way in which a document's image and mask change.

An edit knows whether it is in effect. Applying one that is, or reverting one that is not, changes nothing, so a stroke
that was painted live is pushed with the same `Document.apply` as any other edit.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from app.document.recorder import Recorder
from app.imaging.arrays import KEEP, DeepImage, Mask
from app.imaging.geometry import EMPTY, Rect, bounding_rect, united
from app.imaging.mixing import PixelPatch, changed
from app.imaging.patches import Patch, Pixels, difference, tiles_of

if TYPE_CHECKING:
    from app.document.document import Document


class Edit(Protocol):
    """One reversible change, one line in the history."""

    @property
    def name(self) -> str:
        """The words the history shows."""

    @property
    def nbytes(self) -> int:
        """Memory it takes once applied, in bytes."""

    @property
    def rect(self) -> Rect:
        """The smallest rectangle round everything that it changes; may be empty until first applied."""

    @property
    def changes_image(self) -> bool:
        """True where pixels of the image change, not only the mask."""

    def apply(self, document: Document) -> Rect:
        """Bring the change into effect; return the rectangle of image or mask that changed."""

    def revert(self, document: Document) -> Rect:
        """Take the change back, bit for bit; return the same rectangle."""


class PatchEdit(ABC):
    """A change of one of the document's arrays, kept as patches."""

    def __init__(self, name: str, patches: Sequence[Patch], *, in_effect: bool = False) -> None:
        """`in_effect` says that the document already shows what `patches` change."""
        self.name = name
        self.rect = united(patch.rect for patch in patches)
        """The smallest rectangle round everything that changes."""
        self.nbytes = sum(patch.nbytes for patch in patches)
        self._patches = tuple(patches)
        self._in_effect = in_effect

    @property
    def patches(self) -> tuple[Patch, ...]:
        """What changes, of the image or of the mask."""
        return self._patches

    def apply(self, document: Document) -> Rect:
        """See `Edit.apply`."""
        return self._switch(document, True)

    def revert(self, document: Document) -> Rect:
        """See `Edit.revert`."""
        return self._switch(document, False)

    @abstractmethod
    def _target(self, document: Document) -> Pixels:
        """The array that changes."""

    def _switch(self, document: Document, in_effect: bool) -> Rect:
        if self._in_effect != in_effect:
            for patch in self._patches:
                patch.toggle(self._target(document))
            self._in_effect = in_effect
        return self.rect


class ImageEdit(PatchEdit):
    """A change of the image alone."""

    changes_image = True

    def _target(self, document: Document) -> Pixels:
        return document.writable_image


class MaskEdit(PatchEdit):
    """A change of the mask."""

    changes_image = False

    @classmethod
    def between(cls, name: str, before: Mask, after: Mask) -> MaskEdit | None:
        """The edit that turns `before`, which must be the document's mask, into `after`; None where they are equal.

        Keeps neither array. Touches no document, so any thread may call it.
        """
        return cls.within(name, Rect.of_array(before), before, after)

    @classmethod
    def within(cls, name: str, rect: Rect, before: Mask, after: Mask) -> MaskEdit | None:
        """As `between`, for the part of the mask in `rect`, of which `before` and `after` have the size."""
        patches = difference(rect, before, after)
        return cls(name, patches) if patches else None

    def _target(self, document: Document) -> Pixels:
        return document.writable_mask


class AvoidEdit(PatchEdit):
    """A change of what is not to be used."""

    changes_image = False

    def _target(self, document: Document) -> Pixels:
        return document.writable_avoid


class ResultEdit:
    """An accepted result: its pixels go into the image and the hole they fill leaves the mask, as one edit.

    Where patches overlap, a pixel that one of them leaves as the image has it is left to the others; where several
    change the same pixel, the last wins.
    """

    changes_image = True

    def __init__(self, name: str, patches: Sequence[PixelPatch], hole: Mask | None = None) -> None:
        """`hole` is the run's mask ``(H, W)``: where it is not 0 the document's mask is cleared.

        Without it the mask is cleared in the rectangles of all patches. The arrays are only read, and let go at the
        first `apply`; from then on the edit keeps differences.
        """
        self.name = name
        self.rect = EMPTY
        """The smallest rectangle round everything that changes; empty until first applied."""
        self._new: tuple[Sequence[PixelPatch], Mask | None] | None = (patches, hole)
        self._image_patches: tuple[Patch, ...] = ()
        self._mask_patches: tuple[Patch, ...] = ()
        self._in_effect = False

    @classmethod
    def recorded(
        cls, name: str, image: Sequence[Patch], mask: Sequence[Patch], *, in_effect: bool = False
    ) -> ResultEdit:
        """The edit that left `image_patches` and `mask_patches`; `in_effect`: the document already shows it."""
        edit = cls(name, ())
        edit._new, edit._in_effect = None, in_effect
        edit._image_patches, edit._mask_patches = tuple(image), tuple(mask)
        edit.rect = united(patch.rect for patch in edit._image_patches + edit._mask_patches)
        return edit

    @property
    def image_patches(self) -> tuple[Patch, ...]:
        """What changes of the image; empty until first applied."""
        return self._image_patches

    @property
    def mask_patches(self) -> tuple[Patch, ...]:
        """What changes of the mask; empty until first applied."""
        return self._mask_patches

    @property
    def nbytes(self) -> int:
        """See `Edit.nbytes`; 0 until first applied."""
        return sum(patch.nbytes for patch in self._image_patches + self._mask_patches)

    def apply(self, document: Document) -> Rect:
        """See `Edit.apply`. At first the mask that is filled becomes the document's last mask."""
        if self._new is None:
            return self._switch(document, True)
        patches, hole = self._new
        document.remember_mask(document.mask if hole is None else hole)
        self._image_patches = _lay(patches, document.writable_image)
        self._mask_patches = _clear([patch.rect for patch in patches], hole, document.writable_mask)
        self.rect = united(patch.rect for patch in self._image_patches + self._mask_patches)
        self._new, self._in_effect = None, True
        return self.rect

    def revert(self, document: Document) -> Rect:
        """See `Edit.revert`."""
        return self._switch(document, False)

    def _switch(self, document: Document, in_effect: bool) -> Rect:
        if self._in_effect != in_effect:
            for patch in self._image_patches:
                patch.toggle(document.writable_image)
            for patch in self._mask_patches:
                patch.toggle(document.writable_mask)
            self._in_effect = in_effect
        return self.rect


def _lay(patches: Sequence[PixelPatch], image: DeepImage) -> tuple[Patch, ...]:
    """Write `patches` into `image`; return what changed."""
    recorder = Recorder(image)
    differing = [changed(image[patch.rect.slices], patch.pixels) for patch in patches]
    for patch, where in zip(patches, differing, strict=True):
        recorder.save(patch.rect)
        np.copyto(image[patch.rect.slices], patch.pixels, where=where[..., np.newaxis])
    return recorder.changes()


def _clear(rects: Sequence[Rect], hole: Mask | None, mask: Mask) -> tuple[Patch, ...]:
    """Clear `mask` where `hole` is not 0, or without it in `rects`; return what changed."""
    recorder = Recorder(mask)
    for rect in rects if hole is None else tiles_of(bounding_rect(hole)):
        recorder.save(rect)
        if hole is None:
            mask[rect.slices] = KEEP
        else:
            mask[rect.slices][hole[rect.slices] != 0] = KEEP
    return recorder.changes()
