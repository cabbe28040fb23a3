"""What a journal's records amount to, and the document made of them again."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from app.document.document import Document
from app.document.history import DEFAULT_LIMIT
from app.document.live_stroke import LiveStroke
from app.document.records import EditRecord
from app.document.recovery.journal import Journal
from app.document.recovery.records import (
    Base,
    Contexts,
    EditMade,
    FileStatus,
    LastMask,
    MovedTo,
    Opened,
    Record,
    StrokeBegun,
    StrokeOver,
    StrokeTouches,
    Touch,
)
from app.document.restore import RestoreStroke
from app.document.session_state import SessionState, restored
from app.document.stroke import AvoidStroke, Stroke
from app.errors import LacunaError
from app.imaging.arrays import Mask
from app.imaging.geometry import Point, Rect
from app.imaging.photo import Metadata, Photo
from app.words import Words


@dataclass(slots=True)
class Work:
    """The work on one photo, as far as its journal had it."""

    opened: Opened
    file: FileStatus = field(default_factory=FileStatus)
    base: Base = field(default_factory=lambda: Base(0))
    edits: list[EditRecord] = field(default_factory=list)
    states: list[int] = field(default_factory=lambda: [0])
    """The numbers of the states before and after each of them."""
    index: int = 0
    last_mask: LastMask = field(default_factory=lambda: LastMask(()))
    contexts: tuple[Rect, ...] = ()
    stroke: StrokeBegun | None = None
    """A stroke that was under way."""
    touches: list[Touch] = field(default_factory=list)
    is_damaged: bool = False
    """There was more, which can't be read."""

    @property
    def state(self) -> SessionState:
        """What was done to the photo, without the stroke under way, and without what was kept of results: they do not
        outlive a crash.
        """
        saved = self.states.index(self.file.saved) if self.file.saved in self.states else None
        base = self.base
        state = SessionState(
            tuple(self.edits),
            self.index,
            saved,
            base.pruned,
            base.image,
            base.mask,
            self.last_mask.patches,
            base.avoid,
        )
        return state.with_kept_of(())


def replayed(journal: Journal) -> Work:
    """All that `journal` says; where its records do not follow from each other, what was before that."""
    work = Work(journal.opened, is_damaged=journal.is_damaged)
    for record in journal.records:
        try:
            _take(work, record)
        except ValueError:
            work.is_damaged = True
            break
    return work


def made_again(work: Work, photo: Photo, *, history_limit: int = DEFAULT_LIMIT) -> Document:
    """The document as `work` has it, of `photo`, which must be the one as opened; the stroke under way is an edit.

    `LacunaError` where the photo is of another size or depth.
    """
    if photo.extent != work.opened.extent or photo.pixels.itemsize != work.opened.itemsize:
        raise LacunaError(
            Words(
                "{name} is {width}×{height} pixels and no longer the photo that was edited",
                name=work.opened.name,
                width=photo.extent.width,
                height=photo.extent.height,
            )
        )
    document = restored(photo, work.state, history_limit=history_limit)
    stroke = _stroke(document, work)
    if stroke is not None:
        for x, y, pressure in work.touches:
            stroke.to(Point(x, y), pressure)
        edit = stroke.end()
        if edit is not None:
            document.apply(edit)
    return document


def mask_of(work: Work) -> Mask:
    """The mask ``(H, W)`` alone, for which no photo is needed."""
    extent = work.opened.extent
    depth = np.uint8 if work.opened.itemsize == 1 else np.uint16
    black = np.zeros((extent.height, extent.width, 3), depth)
    mask: Mask = made_again(work, Photo(black, None, Metadata("PNG"))).mask
    return mask


def _stroke(document: Document, work: Work) -> LiveStroke | None:
    begun = work.stroke
    if begun is None or not work.touches:
        return None
    if begun.restores:
        return RestoreStroke(document, begun.size, begun.hardness)
    return (AvoidStroke if begun.avoids else Stroke)(document, begun.size, begun.hardness, begun.erases)


def _take(work: Work, record: Record) -> None:
    """Let `work` go on by `record`; ValueError where that does not follow."""
    match record:
        case Base():
            work.base, work.edits, work.states, work.index = record, [], [record.state], 0
        case EditMade(before, after, edit):
            work.index = work.states.index(before)
            del work.edits[work.index :], work.states[work.index + 1 :]
            work.edits.append(edit)
            work.states.append(after)
            work.index, work.stroke = work.index + 1, None
        case MovedTo(state):
            work.index = work.states.index(state)
        case StrokeBegun():
            work.stroke, work.touches = record, []
        case StrokeTouches(touches):
            work.touches += touches
        case StrokeOver():
            work.stroke = None
        case _:
            _note(work, record)


def _note(work: Work, record: Record) -> None:
    match record:
        case FileStatus():
            work.file = record
        case LastMask():
            work.last_mask = record
        case Contexts(rects):
            work.contexts = rects
