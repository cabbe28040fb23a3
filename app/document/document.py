"""The photograph being edited: its image, its mask, and what was done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from weakref import WeakValueDictionary

import numpy as np
import numpy.typing as npt

from app.document.edits import AvoidEdit, Edit
from app.document.history import DEFAULT_LIMIT, History
from app.document.keep_edit import KeepEdit
from app.imaging import masks
from app.imaging.arrays import DeepImage, Mask, check_deep_image, extent_of
from app.imaging.geometry import EMPTY, Extent, Rect, bounding_rect
from app.imaging.patches import Patch, difference
from app.imaging.twins import writable_twin

if TYPE_CHECKING:
    from app.document.kept import Kept
    from app.document.live_stroke import LiveStroke
    from app.imaging.photo import Photo

_Scalar = TypeVar("_Scalar", bound=np.generic)


class Document:
    """An image and a mask of the same size, and what is not to be used of the image, changed by edits alone.

    The document owns the arrays. `image`, `mask` and `avoid` are live, read-only views of them: they show every later
    change, so hand *copies* to whoever works while the document may change. Only edits and strokes use the writable
    ones. A document may be lent to another thread but is used by one at a time.

    While a stroke is open (`is_painting`) nothing else may change the document: `apply`, `undo`, `redo` and `jump`
    then raise RuntimeError and change nothing.
    """

    def __init__(self, photo: Photo, *, history_limit: int = DEFAULT_LIMIT) -> None:
        """A clean document that shows `photo`, of whose pixels it makes the one full copy, and an empty mask.

        `history_limit` is in bytes.
        """
        self.photo = photo
        """Where the image came from: the file's metadata and alpha, the pixels as opened."""
        self.writable_image: DeepImage = writable_twin(check_deep_image(photo.pixels))
        self.writable_mask: Mask = masks.blank(extent_of(photo.pixels))
        self.writable_avoid: Mask = masks.blank(extent_of(photo.pixels))
        self.history: History[Edit] = History(history_limit)
        self.open_stroke: LiveStroke | None = None
        """Set and cleared by the stroke."""
        self._image = _read_only(self.writable_image)
        self._mask = _read_only(self.writable_mask)
        self._avoid = _read_only(self.writable_avoid)
        self.last_mask_patches: tuple[Patch, ...] = ()
        """`last_mask` as its difference from an empty one; set where a document is made again."""
        self.kept: WeakValueDictionary[int, Kept] = WeakValueDictionary()
        """What is kept of the results of runs that somebody still holds, by their numbers."""
        self._revision = 0
        self._image_revision = 0
        self._avoid_revision = 0
        self._kept_revision = 0

    @property
    def image(self) -> DeepImage:
        """The image as edited, ``(H, W, 3)`` RGB in the photo's own depth; read-only and live."""
        return self._image

    @property
    def mask(self) -> Mask:
        """The mask, ``(H, W)`` uint8, 255 = fill; read-only and live."""
        return self._mask

    @property
    def avoid(self) -> Mask:
        """What of the image is not to be used, ``(H, W)`` uint8, not 0 there; read-only and live.

        While nothing is marked it takes no memory: read it only where something is.
        """
        return self._avoid

    @property
    def extent(self) -> Extent:
        """The size of image and mask."""
        return extent_of(self._image)

    @property
    def revision(self) -> int:
        """Goes up at every change of image or mask, undo and redo included (an open stroke counts when it ends)."""
        return self._revision

    @property
    def image_revision(self) -> int:
        """Goes up at every change of the image; a change of the mask alone leaves it. 0: it is the photo as opened."""
        return self._image_revision

    @property
    def avoid_revision(self) -> int:
        """Goes up at every change of what is not to be used; 0 as long as there was none."""
        return self._avoid_revision

    @property
    def kept_revision(self) -> int:
        """Goes up at every change of what is kept of results, which `revision` counts, too."""
        return self._kept_revision

    @property
    def picture_state(self) -> int:
        """The number of the history's state in which image and mask, and what is not to be used, became what they are.

        Unlike ``history.state`` it stays the same while only what is kept of results changes.
        """
        return self.picture_states(self.history.index)[0]

    def picture_states(self, index: int) -> tuple[int, ...]:
        """The numbers of the history's states of one `picture_state`, which is the first: that after `index` edits, and
        all that differ from it in nothing but what is kept of results.
        """
        edits, first, last = self.history.edits, index, index
        while first and isinstance(edits[first - 1], KeepEdit):
            first -= 1
        while last < len(edits) and isinstance(edits[last], KeepEdit):
            last += 1
        return self.history.states[first : last + 1]

    def new_kept_number(self) -> int:
        """A number that neither what is kept of results nor an edit of it has."""
        used = {edit.run for edit in self.history.edits if isinstance(edit, KeepEdit)}
        return max(used | set(self.kept), default=0) + 1

    @property
    def is_painting(self) -> bool:
        """True while a stroke is open."""
        return self.open_stroke is not None

    def apply(self, edit: Edit) -> Rect:
        """Bring `edit` into effect and push it onto the history; return the rectangle that changed."""
        self._check_not_painting()
        rect = edit.apply(self)
        self.history.push(edit)
        self._count(edit)
        return rect

    def undo(self) -> Rect | None:
        """Revert the last edit in effect; return the rectangle that changed, None where there is nothing to undo."""
        self._check_not_painting()
        edit = self.history.previous
        if edit is None:
            return None
        rect = edit.revert(self)
        self.history.undo()
        self._count(edit)
        return rect

    def redo(self) -> Rect | None:
        """Apply the last undone edit again; return the rectangle that changed, None where there is none."""
        self._check_not_painting()
        edit = self.history.next
        if edit is None:
            return None
        rect = edit.apply(self)
        self.history.redo()
        self._count(edit)
        return rect

    def jump(self, index: int) -> Rect:
        """Undo or redo until `index` edits of the history are in effect; return the rectangle that changed.

        IndexError where `index` is not in ``0 … len(history)``.
        """
        if not 0 <= index <= len(self.history):
            raise IndexError(f"the history has the states 0 to {len(self.history)}, not {index}")
        changed = EMPTY
        while self.history.index != index:
            rect = self.undo() if self.history.index > index else self.redo()
            changed = changed.united(rect or EMPTY)
        return changed

    @property
    def is_modified(self) -> bool:
        """True where the document is not as it was opened or last saved. Strokes count: they are work, too.

        If the saved state can no longer be reached by undo, it stays true until the next `mark_saved`.
        """
        return not self.history.is_clean

    @property
    def is_untouched(self) -> bool:
        """True where nothing was done since the photo was opened that undo, or nobody any longer, could take back."""
        history = self.history
        return not len(history) and not history.pruned and history.is_clean

    def mark_saved(self, state: int | None = None) -> None:
        """Note that a state was saved: ``history.state`` as it was when the copy to save was made; default: now."""
        self.history.mark_clean(state)

    @property
    def has_last_mask(self) -> bool:
        """True where `last_mask` is not None."""
        return bool(self.last_mask_patches)

    @property
    def last_mask(self) -> Mask | None:
        """A new copy of the mask last remembered, for running again; None where there was none or it was empty."""
        if not self.last_mask_patches:
            return None
        mask = masks.blank(self.extent)
        for patch in self.last_mask_patches:
            patch.toggle(mask)
        return mask

    def remember_mask(self, mask: Mask) -> None:
        """Keep `mask` ``(H, W)`` as the last one, compressed; undo does not take that back."""
        rect = bounding_rect(mask)
        used = mask[rect.slices]
        self.last_mask_patches = difference(rect, np.broadcast_to(np.uint8(0), used.shape), used)

    def image_restored(self) -> None:
        """The image was changed as the document was made again: it is no longer the photo as opened."""
        self._image_revision += 1

    def avoid_restored(self) -> None:
        """What is not to be used was changed as the document was made again."""
        self._avoid_revision += 1

    def _count(self, edit: Edit) -> None:
        self._revision += 1
        self._image_revision += edit.changes_image
        self._avoid_revision += isinstance(edit, AvoidEdit)
        self._kept_revision += isinstance(edit, KeepEdit)

    def _check_not_painting(self) -> None:
        if self.is_painting:
            raise RuntimeError("a stroke is open: end or abort it first")


def _read_only(array: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    view = array.view()
    view.flags.writeable = False
    return view
