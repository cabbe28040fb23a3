"""Work of which only the newest result counts, such as what a preview shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from app.ui.session.jobs import Err, JobRunner, Ok

T = TypeVar("T")

Wanted = Callable[[], bool]
"""Whether anybody still waits; may be asked on any thread."""


class Latest:
    """Runs one piece of work at a time on the pool; of those asked for meanwhile only the last one is done at all."""

    def __init__(self, runner: JobRunner, on_error: Callable[[Exception], None]) -> None:
        self._runner, self._on_error = runner, on_error
        self._newest: _Wish | None = None
        self._then: Callable[[Any], None] | None = None
        self._is_at_work = False

    @property
    def is_waiting(self) -> bool:
        """True while a result is still wanted."""
        return self._newest is not None

    def ask(self, work: Callable[[Wanted], T], then: Callable[[T], None]) -> None:
        """Forget what was asked for before; call `work` on the pool and `then` with its value here, if still wanted."""
        self.drop()
        self._newest, self._then = _Wish(work), then
        if not self._is_at_work:
            self._begin(self._newest)

    def drop(self) -> None:
        """Nothing is wanted any longer."""
        if self._newest is not None:
            self._newest.is_wanted = False
        self._newest = self._then = None

    def _begin(self, wish: _Wish) -> None:
        self._is_at_work = True
        self._runner.submit(wish.result, partial(self._returned, wish))

    def _returned(self, wish: _Wish, outcome: Ok[Any] | Err) -> None:
        self._is_at_work = False
        then = self._then
        if wish is self._newest and then is not None:
            self.drop()
            if isinstance(outcome, Err):
                self._on_error(outcome.error)
            else:
                then(outcome.value)
        elif self._newest is not None:
            self._begin(self._newest)


@dataclass(slots=True, eq=False)
class _Wish:
    """What was asked for. Whom to tell is not part of it, since a worker holds it."""

    work: Callable[[Wanted], Any]
    is_wanted: bool = True

    def result(self) -> Any:
        return self.work(lambda: self.is_wanted)
