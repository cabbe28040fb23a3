"""Edits as plain values, for files: what a session file and a journal keep of each.

A record's patches are those of the edit: bitwise differences, right only on the arrays they were made from. An edit
made of a record is not in effect until it is applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.document.edits import AvoidEdit, Edit, ImageEdit, MaskEdit, ResultEdit
from app.document.keep_edit import KeepEdit
from app.imaging.patches import Patch
from app.imaging.stage_map import LayerPatches


class EditKind(StrEnum):
    """Which kind of edit a record is of."""

    MASK = "mask"
    IMAGE = "image"
    RESULT = "result"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class EditRecord:
    """One edit: its line in the history and what it changes in image and mask."""

    kind: EditKind
    name: str
    image: tuple[Patch, ...] = ()
    mask: tuple[Patch, ...] = ()
    avoid: tuple[Patch, ...] = ()
    """What changes of what is not to be used: of kind MASK, which changes no mask then. To a Lacuna that knows no such
    edits it is one that changes nothing."""
    kept: LayerPatches = ()
    """What changes of what is kept of a run's results."""
    run: int = 0
    """That run's number."""

    @property
    def nbytes(self) -> int:
        """Memory its patches take, in bytes."""
        every = (self.image, self.mask, self.avoid, *self.kept)
        return sum(patch.nbytes for patches in every for patch in patches)


def record_of(edit: Edit) -> EditRecord:
    """The record of `edit`, which was applied at least once. It shares the edit's patches, which never change."""
    match edit:
        case MaskEdit():
            return EditRecord(EditKind.MASK, edit.name, mask=edit.patches)
        case AvoidEdit():
            return EditRecord(EditKind.MASK, edit.name, avoid=edit.patches)
        case ImageEdit():
            return EditRecord(EditKind.IMAGE, edit.name, image=edit.patches)
        case ResultEdit():
            return EditRecord(EditKind.RESULT, edit.name, edit.image_patches, edit.mask_patches)
        case KeepEdit():
            return EditRecord(EditKind.KEEP, edit.name, kept=edit.changes, run=edit.run)
        case _:
            raise TypeError(f"no record is made of a {type(edit).__name__}")


def edit_of(record: EditRecord, *, in_effect: bool = False) -> Edit:
    """The edit that `record` was made of; `in_effect` says that the document shows it already."""
    if record.avoid:
        return AvoidEdit(record.name, record.avoid, in_effect=in_effect)
    match record.kind:
        case EditKind.MASK:
            return MaskEdit(record.name, record.mask, in_effect=in_effect)
        case EditKind.IMAGE:
            return ImageEdit(record.name, record.image, in_effect=in_effect)
        case EditKind.RESULT:
            return ResultEdit.recorded(record.name, record.image, record.mask, in_effect=in_effect)
        case EditKind.KEEP:
            return KeepEdit(record.name, record.run, record.kept, in_effect=in_effect)
