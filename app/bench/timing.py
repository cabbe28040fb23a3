"""Taking the time of something done again and again."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

Clock = Callable[[], float]
"""Seconds that only go up."""

LEAST_SECONDS = 2.0
MOST_REPEATS = 50


def repeated(
    once: Callable[[], None], seconds: float = LEAST_SECONDS, most: int = MOST_REPEATS, clock: Clock = time.perf_counter
) -> list[float]:
    """The seconds of each call of `once`: called until `seconds` have passed or `most` times, once at least."""
    spent: list[float] = []
    while not spent or (sum(spent) < seconds and len(spent) < most):
        began = clock()
        once()
        spent.append(clock() - began)
    return spent


def milliseconds(spent: Sequence[float]) -> dict[str, float]:
    """The median and the worst of `spent` seconds, in milliseconds."""
    return {"median_ms": round(1000 * statistics.median(spent), 3), "worst_ms": round(1000 * max(spent), 3)}
