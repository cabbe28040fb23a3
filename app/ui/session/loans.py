"""Work on the document that takes longer than a frame: it is lent to the pool, one job at a time.

A 60-megapixel copy, a whole-mask edit or an undo over many of them would hold up the window. While the document is
lent nobody else writes to it: what is asked for meanwhile waits its turn, in order.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeVar

from app.ui.session.busy import Busy
from app.ui.session.jobs import Err, JobRunner, Ok

T = TypeVar("T")


class Loans:
    """Keeps the order between what happens at once and what happens on the pool. Lives on the GUI thread."""

    def __init__(self, runner: JobRunner, busy: Busy) -> None:
        self._runner = runner
        self._busy = busy
        self._loan: object | None = None
        self._waiting: deque[Callable[[], None]] = deque()

    @property
    def is_lent(self) -> bool:
        """True while a job has the document."""
        return self._loan is not None

    def in_turn(self, verb: Callable[[], None]) -> None:
        """Call `verb` now, or as soon as the document is back and all that was asked for before is done."""
        self._waiting.append(verb)
        self._catch_up()

    def lend(
        self, work: Callable[[], T], then: Callable[[T], None], on_error: Callable[[Exception], None], words: str
    ) -> None:
        """Call `work` on the pool, then `then` with its value, or `on_error`, here; `words` say so. Only in turn."""
        loan = self._loan = self._busy.begin(words)

        def returned(outcome: Ok[T] | Err) -> None:
            self._busy.end(loan)
            if self._loan is not loan:
                return
            self._loan = None
            try:
                if isinstance(outcome, Err):
                    on_error(outcome.error)
                else:
                    then(outcome.value)
            finally:
                self._catch_up()

        self._runner.submit(work, returned)

    def forget(self) -> None:
        """Another document is on the desk: drop what waits and whatever a job still returns."""
        self._waiting.clear()
        self._loan = None

    def _catch_up(self) -> None:
        while self._waiting and not self.is_lent:
            self._waiting.popleft()()
