"""A figure beside the one it must reach."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    name: str
    figure: float
    """What counts: a 95th percentile, a worst case, a multiple."""
    bar: float
    """`figure` must not be above this."""
    unit: str = "ms"
    """``ms``, or ``×`` for a multiple."""
    median: float | None = None
    worst: float | None = None

    @property
    def is_reached(self) -> bool:
        """True where the figure is good enough."""
        return self.figure <= self.bar

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"reached": self.is_reached}

    @classmethod
    def of_frames(cls, name: str, seconds: Sequence[float], bar_ms: float) -> Row:
        """The 95th percentile of the times of frames."""
        ordered = sorted(1000 * each for each in seconds)
        at = math.ceil(0.95 * len(ordered)) - 1
        return cls(
            name,
            round(ordered[at], 2),
            bar_ms,
            median=round(ordered[len(ordered) // 2], 2),
            worst=round(ordered[-1], 2),
        )

    @classmethod
    def of_worst(cls, name: str, seconds: Sequence[float], bar_ms: float) -> Row:
        """The worst of some times."""
        ordered = sorted(1000 * each for each in seconds)
        return cls(name, round(ordered[-1], 2), bar_ms, median=round(ordered[len(ordered) // 2], 2))
