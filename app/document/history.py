"""The list of edits done and undone. It only moves a position in that list: the document applies and reverts."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Generic, Protocol, TypeVar

DEFAULT_LIMIT = 512 * 2**20
"""Bytes of edits kept."""


_NO_STATE = -1


class Entry(Protocol):
    """What the history needs to know of an edit."""

    @property
    def name(self) -> str:
        """The words the history shows."""

    @property
    def nbytes(self) -> int:
        """Memory it takes; fixed once it was pushed."""


E = TypeVar("E", bound=Entry)


class History(Generic[E]):
    """Edits in order, a position among them, and which state is the saved one.

    `index` edits are in effect, the others are undone. Every state has a number that is never used twice, so a saved
    state that was pruned away or replaced is never mistaken for another one: the history is then not clean until
    `mark_clean` is called.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        """An empty, clean history that keeps at most `limit` bytes, the newest edit always."""
        self._limit = limit
        self._numbers = count()
        self._edits: list[E] = []
        self._states = [next(self._numbers)]
        self._index = 0
        self._clean = self._states[0]
        self._pruned = 0

    def __len__(self) -> int:
        """Edits kept, done and undone."""
        return len(self._edits)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all edits kept, the oldest first; the first `index` of them are in effect."""
        return tuple(edit.name for edit in self._edits)

    @property
    def edits(self) -> tuple[E, ...]:
        """All edits kept, the oldest first."""
        return tuple(self._edits)

    @property
    def states(self) -> tuple[int, ...]:
        """The numbers of all states kept, one more than there are edits; that of `index` is the present one."""
        return tuple(self._states)

    @property
    def saved_index(self) -> int | None:
        """How many edits are in effect in the saved state; None where that can no longer be reached."""
        return self._states.index(self._clean) if self._clean in self._states else None

    @property
    def limit(self) -> int:
        """Bytes of edits kept at most."""
        return self._limit

    @property
    def index(self) -> int:
        """How many of the kept edits are in effect."""
        return self._index

    @property
    def pruned(self) -> int:
        """How many old edits were let go for good; they stay in effect."""
        return self._pruned

    @property
    def nbytes(self) -> int:
        """Memory of all edits kept."""
        return sum(edit.nbytes for edit in self._edits)

    @property
    def previous(self) -> E | None:
        """The edit that `undo` steps back over."""
        return self._edits[self._index - 1] if self._index else None

    @property
    def next(self) -> E | None:
        """The edit that `redo` steps over."""
        return self._edits[self._index] if self._index < len(self._edits) else None

    @property
    def can_undo(self) -> bool:
        """True where an edit is in effect that can be undone."""
        return self.previous is not None

    @property
    def can_redo(self) -> bool:
        """True where an undone edit can be done again."""
        return self.next is not None

    def push(self, edit: E) -> None:
        """Add an edit that is now in effect. Undone ones are dropped, old ones pruned to keep within the limit."""
        del self._edits[self._index :]
        del self._states[self._index + 1 :]
        self._edits.append(edit)
        self._states.append(next(self._numbers))
        self._index += 1
        self._prune()

    def undo(self) -> E | None:
        """Step back; return the edit stepped over, None at the beginning."""
        edit = self.previous
        if edit is not None:
            self._index -= 1
        return edit

    def redo(self) -> E | None:
        """Step forward; return the edit stepped over, None at the end."""
        edit = self.next
        if edit is not None:
            self._index += 1
        return edit

    @property
    def state(self) -> int:
        """The number of the current state: equal numbers, equal image, mask and marks of what is not to be used."""
        return self._states[self._index]

    @property
    def is_clean(self) -> bool:
        """True where the current state is the saved one (at first: the opened one)."""
        return self.state == self._clean

    def mark_clean(self, state: int | None = None) -> None:
        """Call `state` the saved one: the number that `state` had when the saved copy was made; default: now."""
        self._clean = self.state if state is None else state

    def resume(self, edits: Iterable[E], index: int, saved_index: int | None, pruned: int) -> None:
        """Go on where another history was left, whose `edits` these are, `index` of them in effect; only on a new one.

        `saved_index` is that of the saved state, None where there is none any longer.
        """
        self._edits = list(edits)
        self._states = [next(self._numbers) for _ in range(len(self._edits) + 1)]
        self._index, self._pruned = index, pruned
        self._clean = _NO_STATE if saved_index is None else self._states[saved_index]

    def _prune(self) -> None:
        """Let the oldest edits go. Only called after a push, so all edits are in effect."""
        excess = self.nbytes - self._limit
        while excess > 0 and len(self._edits) > 1:
            excess -= self._edits.pop(0).nbytes
            del self._states[0]
            self._index -= 1
            self._pruned += 1
