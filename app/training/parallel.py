"""Work spread over threads, in order, with its progress told."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.machine import usable_cores

Progress = Callable[[str, int, int], None]
"""Told what is being made ready, how much of it is done, and of how much; always from the caller's own thread."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def mapped(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    what: str,
    progress: Progress | None = None,
    workers: int | None = None,
) -> Iterator[Result]:
    """`function` of every item, in order. Leaving early, an interruption too, drops what has not begun."""
    pool = ThreadPoolExecutor(workers or usable_cores())
    try:
        futures = deque(pool.submit(function, item) for item in items)
        for done in range(1, len(items) + 1):
            result = futures.popleft().result()
            if progress is not None:
                progress(what, done, len(items))
            yield result
    finally:
        pool.shutdown(cancel_futures=True)
