"""Counts of what may leak: memory, threads, widgets. Taken while nothing is open and nothing under way."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.memory import current_mb

GROWTH = 1.2
"""Memory at the end over memory at the start."""

SLACK = 1.1
"""The same for widgets, of which some are made when they are first shown."""


@dataclass(frozen=True, slots=True)
class Census:
    """At one moment, `minutes` after the beginning."""

    minutes: float
    memory: float
    """Resident, MB."""
    threads: tuple[str, ...]
    """Python's, by name."""
    natives: tuple[tuple[str, int], ...]
    """The system's, by name, where the system tells; those of libraries included."""
    tops: tuple[tuple[str, int], ...]
    """Top-level widgets by class."""
    widgets: tuple[tuple[str, int], ...]
    """All widgets by class."""

    def line(self) -> str:
        """For the curve."""
        return (
            f"{self.minutes:6.1f} min  {self.memory:7.1f} MB  {len(self.threads):2} threads"
            f" ({sum(count for _, count in self.natives)} of the system's)  {sum(n for _, n in self.widgets)} widgets,"
            f" {sum(n for _, n in self.tops)} on top"
        )


def taken(minutes: float) -> Census:
    """Now."""
    return Census(
        minutes,
        current_mb() or 0.0,
        tuple(sorted(each.name for each in threading.enumerate())),
        _natives(),
        _by_class(QApplication.topLevelWidgets()),
        _by_class(QApplication.allWidgets()),
    )


def complaints(first: Census, last: Census) -> list[str]:
    """What `last` has too much of."""
    found = []
    if last.memory > first.memory * GROWTH:
        found.append(f"memory grew from {first.memory:.1f} to {last.memory:.1f} MB")
    if last.threads != first.threads:
        found.append(f"threads: {' '.join(first.threads)} became {' '.join(last.threads)}")
    more = _more(first.tops, last.tops)
    if sum(more.values()) > 2:
        found.append(f"more windows: {dict(more)}")
    more = _more(first.widgets, last.widgets)
    if sum(more.values()) > sum(count for _, count in first.widgets) * (SLACK - 1):
        found.append(f"more widgets: {dict(more.most_common(10))}")
    return found


def _more(first: tuple[tuple[str, int], ...], last: tuple[tuple[str, int], ...]) -> Counter[str]:
    return Counter(dict(last)) - Counter(dict(first))


def _by_class(widgets: list[QWidget]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(type(each).__name__ for each in widgets).items()))


def _natives() -> tuple[tuple[str, int], ...]:
    names: Counter[str] = Counter()
    for task in Path("/proc/self/task").glob("*/comm"):
        try:
            names[task.read_text(encoding="utf-8").strip()] += 1
        except OSError:
            continue
    return tuple(sorted(names.items()))
