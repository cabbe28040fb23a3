"""What was done to a photograph, as plain values: enough to make the same document of the same photo again.

Patches are bitwise differences, so their order does not matter: what old edits did that are no longer in the history
is one difference, the *base*, between the photo as opened and the oldest state that is kept.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from app.document.document import Document
from app.document.edits import Edit
from app.document.history import DEFAULT_LIMIT
from app.document.records import EditKind, EditRecord, edit_of, record_of
from app.imaging.geometry import Rect
from app.imaging.patches import Patch, Pixels, difference
from app.imaging.photo import Photo


@dataclass(frozen=True, slots=True)
class SessionState:
    """A document without its photo. Its patches belong to that photo's pixels and to no others."""

    records: tuple[EditRecord, ...] = ()
    """The history, the oldest edit first."""
    index: int = 0
    """How many of them are in effect."""
    saved_index: int | None = 0
    """How many of them are in effect in the saved state; None where that can no longer be reached."""
    pruned: int = 0
    """How many edits went before the oldest one kept."""
    base_image: tuple[Patch, ...] = ()
    """What those changed in the image, all together."""
    base_mask: tuple[Patch, ...] = ()
    """The same of the mask, which is empty when a photo is opened."""
    last_mask: tuple[Patch, ...] = ()
    """The mask last remembered, as its difference from an empty one."""
    base_avoid: tuple[Patch, ...] = ()
    """What the edits before the oldest one kept marked as not to be used."""

    def __post_init__(self) -> None:
        """Raises ValueError where the numbers are of no history."""
        for index in (self.index, self.saved_index or 0):
            if not 0 <= index <= len(self.records):
                raise ValueError(f"{index} is no state of a history of {len(self.records)} edits")
        if self.pruned < 0:
            raise ValueError(f"{self.pruned} edits cannot be gone")

    def with_kept_of(self, runs: Collection[int]) -> SessionState:
        """This without the edits of what was kept of other runs than `runs`, whose results are gone: nothing of the
        picture depends on them.
        """
        stays = [record.kind is not EditKind.KEEP or record.run in runs for record in self.records]
        if all(stays):
            return self
        saved = self.saved_index
        records = tuple(record for record, is_here in zip(self.records, stays, strict=True) if is_here)
        return replace(
            self,
            records=records,
            index=sum(stays[: self.index]),
            saved_index=None if saved is None else sum(stays[:saved]),
        )

    @property
    def is_untouched(self) -> bool:
        """True where the photo is as it was opened, without a past."""
        return not (self.records or self.base_image or self.base_mask or self.base_avoid)


def state_of(document: Document) -> SessionState:
    """The state of `document`, in which no stroke is open. It shares the document's patches, which never change.

    Takes no time, unless old edits were let go: then it is the work, and for a while the memory, of a copy of the
    image.
    """
    history = document.history
    records = tuple(record_of(edit) for edit in history.edits)
    base_image: tuple[Patch, ...] = ()
    base_mask: tuple[Patch, ...] = ()
    base_avoid: tuple[Patch, ...] = ()
    if history.pruned:
        in_effect = records[: history.index]
        image = np.bitwise_xor(document.image, document.photo.pixels)
        base_image = _without(image, [patch for record in in_effect for patch in record.image])
        base_mask = _without(document.mask.copy(), [patch for record in in_effect for patch in record.mask])
        if document.avoid_revision:
            base_avoid = _without(document.avoid.copy(), [patch for record in in_effect for patch in record.avoid])
    return SessionState(
        records,
        history.index,
        history.saved_index,
        history.pruned,
        base_image,
        base_mask,
        document.last_mask_patches,
        base_avoid,
    )


def restored(photo: Photo, state: SessionState, *, history_limit: int = DEFAULT_LIMIT) -> Document:
    """A new document of `photo` that is as `state` says, at every step of its history.

    `state` must be of a document of these very pixels. ValueError where a patch does not fit them.
    """
    document = Document(photo, history_limit=history_limit)
    for patch in state.base_image:
        patch.toggle(document.writable_image)
    for patch in state.base_mask:
        patch.toggle(document.writable_mask)
    for patch in state.base_avoid:
        patch.toggle(document.writable_avoid)
    edits: list[Edit] = [edit_of(record) for record in state.records]
    for edit in edits[: state.index]:
        edit.apply(document)
    if state.base_image or any(edit.changes_image for edit in edits[: state.index]):
        document.image_restored()
    if state.base_avoid or any(record.avoid for record in state.records):
        document.avoid_restored()
    has_base = bool(state.base_image or state.base_mask or state.base_avoid)
    document.history.resume(edits, state.index, state.saved_index, max(state.pruned, int(has_base)))
    document.last_mask_patches = state.last_mask
    return document


def _without(delta: Pixels, patches: list[Patch]) -> tuple[Patch, ...]:
    """What is left of `delta`, a difference of the whole array, when `patches` are taken from it; it is written to."""
    for patch in patches:
        patch.toggle(delta)
    nothing = np.broadcast_to(delta.dtype.type(0), delta.shape)
    return difference(Rect.of_array(delta), nothing, delta)
