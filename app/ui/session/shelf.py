"""Results that were chosen from, put aside with the state of the picture in which they could be accepted.

Taking an accepted result back leads to that state again, and there all of them are to be had once more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from app.imaging.geometry import Rect
from app.ui.session import variants as bounds
from app.ui.session.keeping import is_mixed
from app.ui.session.runs import RunPhase, RunsState
from app.ui.session.variants import Variant, memory_of


@dataclass(frozen=True, slots=True, eq=False)
class Shelved:
    """What there was to choose from in one state."""

    variants: tuple[Variant, ...]
    """Each with results; the oldest first."""
    shown: Variant
    made: int
    """How many runs there were of that image."""
    contexts: tuple[Rect, ...] = ()
    """The context boxes that were chosen then."""
    gone: tuple[Variant, ...] = ()
    """Those that had to make room, without their results."""

    @classmethod
    def of(cls, state: RunsState, contexts: tuple[Rect, ...]) -> Shelved | None:
        """What is worth keeping of `state`: None unless there is something to choose from."""
        found = tuple(each for each in state.variants if each.results)
        shown = state.shown if state.shown in found else None
        is_choice = len(found) > 1 or any(map(is_mixed, found))
        return cls(found, shown or found[-1], state.made, contexts, tuple(state.gone)) if is_choice else None

    @property
    def nbytes(self) -> int:
        """Memory it takes, in bytes."""
        return memory_of(self.variants)

    def complete(self) -> None:
        """Mix what is kept of them, where that was not done yet; the image must be the one that they answer."""
        for each in self.variants:
            if each.kept is not None:
                each.kept.complete()

    def brought_back(self, revision: int) -> RunsState:
        """To be put on the desk again, on which the image has the `revision` now."""
        again = {each: _again(each, revision) for each in self.variants}
        gone = [each.without_results() for each in self.gone]
        return RunsState(RunPhase.READY, list(again.values()), self.made, again[self.shown], gone=gone)


class Shelf:
    """Keeps them by `Document.picture_state`, the newest ones within a bound of memory."""

    def __init__(self) -> None:
        self._kept: dict[int, Shelved] = {}

    def __iter__(self) -> Iterator[tuple[int, Shelved]]:
        """State and what is kept for it, the longest unused first."""
        return iter(tuple(self._kept.items()))

    def __contains__(self, state: int) -> bool:
        """There is something to choose from in `state`."""
        return state in self._kept

    def put(self, state: int, kept: Shelved) -> None:
        """Keep `kept` for `state`; the longest unused make room."""
        self._kept.pop(state, None)
        self._kept[state] = kept
        held = sum(each.nbytes for each in self._kept.values())
        while held > bounds.MOST_BYTES and len(self._kept) > 1:
            held -= self._kept.pop(next(iter(self._kept))).nbytes

    def get(self, state: int) -> Shelved | None:
        """What is kept for `state`."""
        return self._kept.get(state)

    def keep_only(self, states: Collection[int]) -> None:
        """Forget what belongs to states other than `states`: nothing leads there any longer."""
        self._kept = {state: kept for state, kept in self._kept.items() if state in states}


def _again(variant: Variant, revision: int) -> Variant:
    results = {stage: replace(result, revision=revision) for stage, result in variant.results.items()}
    return replace(variant, results=results, progress=None)
