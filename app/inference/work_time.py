"""How long something was worked at, on however many threads. Loads no torch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


class WorkTime:
    """Counts the time in which one thread at least was at it: not the pauses, and what goes on at once but once."""

    def __init__(self) -> None:
        self._spans: list[tuple[float, float]] = []

    @contextmanager
    def measured(self) -> Iterator[None]:
        """What happens within is work; any thread may be in it, several at the same time."""
        began = perf_counter()
        try:
            yield
        finally:
            self._spans.append((began, perf_counter()))

    def spent_on(self, work: Callable[..., T], *arguments: object) -> T:
        """What `work` returns, whose time counts."""
        with self.measured():
            return work(*arguments)

    @property
    def seconds(self) -> float:
        """Of all that is done by now."""
        total, until = 0.0, float("-inf")
        for began, ended in sorted(self._spans):
            total += max(ended - max(began, until), 0.0)
            until = max(until, ended)
        return total
