"""Work of which only the newest result counts, such as what a preview shows."""

from __future__ import annotations

from collections.abc import Callable
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
        self._under_way: _Wish | None = None

    @property
    def is_waiting(self) -> bool:
        """True while a result is still wanted."""
        return self._newest is not None

    def ask(self, work: Callable[[Wanted], T], then: Callable[[T], None]) -> None:
        """Forget what was asked for before; call `work` on the pool and `then` with its value here, if still wanted."""
        self._newest = _Wish(work, then)
        if self._under_way is None:
            self._begin(self._newest)

    def drop(self) -> None:
        """Nothing is wanted any longer."""
        self._newest = None

    def _begin(self, wish: _Wish) -> None:
        self._under_way = wish
        self._runner.submit(partial(wish.work, lambda: wish is self._newest), partial(self._returned, wish))

    def _returned(self, wish: _Wish, outcome: Ok[Any] | Err) -> None:
        self._under_way = None
        if wish is self._newest:
            self._newest = None
            if isinstance(outcome, Err):
                self._on_error(outcome.error)
            else:
                wish.then(outcome.value)
        elif self._newest is not None:
            self._begin(self._newest)


class _Wish:
    """What was asked for."""

    def __init__(self, work: Callable[[Wanted], Any], then: Callable[[Any], None]) -> None:
        self.work, self.then = work, then
