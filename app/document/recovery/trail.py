"""What a document has to add to its journal, told by comparing it with what was noted last. Keeps no document."""

from __future__ import annotations

from weakref import ReferenceType, ref

from app.document.document import Document
from app.document.live_stroke import LiveStroke
from app.document.records import record_of
from app.document.recovery.records import (
    NO_STATE,
    Base,
    EditMade,
    LastMask,
    MovedTo,
    Record,
    StrokeBegun,
    StrokeOver,
    StrokeTouches,
)
from app.document.session_state import SessionState
from app.imaging.patches import Patch


class Trail:
    """Follows one document. What it returns shares the edits' patches, which never change, and takes no time."""

    def __init__(self) -> None:
        self._newest = NO_STATE
        self._present = NO_STATE
        self._last_mask: tuple[Patch, ...] = ()
        self._stroke: ReferenceType[LiveStroke] | None = None
        self._noted = 0
        """Touches of that stroke."""

    def whole(self, document: Document, state: SessionState) -> list[Record]:
        """Records that begin a journal: `state`, which is that of `document` now, under the numbers of its states."""
        states = document.history.states
        records: list[Record] = [Base(states[0], state.pruned, state.base_image, state.base_mask, state.base_avoid)]
        records += map(EditMade, states, states[1:], state.records)
        self._newest, self._present = states[-1], states[-1]
        self._last_mask, self._stroke = (), None
        return records + self._moved(document) + self._mask(document) + self.stroke(document)

    def history(self, document: Document) -> list[Record] | None:
        """Edits, undo and redo since; None where they can't be told so that the journal must begin anew.

        Not while anybody else may write to the document.
        """
        states, edits = document.history.states, document.history.edits
        first = len(states)
        while first > 0 and states[first - 1] > self._newest:
            first -= 1
        if first == 0:
            return None  # so much is new that what it follows on was let go
        records: list[Record] = [
            EditMade(states[at - 1], states[at], record_of(edits[at - 1])) for at in range(first, len(states))
        ]
        if records:
            self._newest = self._present = states[-1]
        return records + self._moved(document) + self._mask(document)

    def stroke(self, document: Document) -> list[Record]:
        """What was painted since, as long as a stroke is open."""
        records: list[Record] = []
        stroke, noted = document.open_stroke, None if self._stroke is None else self._stroke()
        stroke = stroke if stroke is not None and stroke.outlives_crash else None
        if self._stroke is not None and (stroke is None or stroke is not noted):
            records.append(StrokeOver())
            self._stroke = None
        if stroke is None:
            return records
        if self._stroke is None:
            records.append(
                StrokeBegun(stroke.changes_image, stroke.erases, stroke.size, stroke.hardness, stroke.avoids)
            )
            self._stroke, self._noted = ref(stroke), 0
        touches = tuple(stroke.touches[self._noted :])
        self._noted += len(touches)
        return [*records, StrokeTouches(touches)] if touches else records

    def _moved(self, document: Document) -> list[Record]:
        if document.history.state == self._present:
            return []
        self._present = document.history.state
        return [MovedTo(self._present)]

    def _mask(self, document: Document) -> list[Record]:
        if document.last_mask_patches is self._last_mask:
            return []
        self._last_mask = document.last_mask_patches
        return [LastMask(self._last_mask)]
