"""What a batch reports as it runs; frozen, safe to hand between threads and processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.batch.request import FileJob
from app.inference.request import Check, Event, InpaintRequest, Stage

Solve = Callable[[InpaintRequest, Check], Iterator[Event]]
"""What fills a hole: `Engine.run`, or the window's engine."""


class FileState(StrEnum):
    """How a file ended."""

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of a file: one row of the report."""

    name: str
    """`FileJob.name`."""
    state: FileState
    output: Path | None = None
    """The file written."""
    sha256: str = ""
    """Of the bytes written there, hexadecimal."""
    error: str = ""
    """Why it failed, or was left out, in a sentence (`app.words.Words` where the window may translate it)."""
    seconds: dict[str, float] = field(default_factory=dict)
    """By the names in `SECONDS`, those that happened."""
    regions: tuple[tuple[int, int, int, int, float], ...] = ()
    """As of `Region.numbers`."""
    hole_pixels: int = 0
    model: str = ""
    device: str = ""
    warnings: tuple[str, ...] = ()
    extent: tuple[int, int] = (0, 0)
    """Width and height."""
    before: bytes = b""
    """A small JPEG of the photo with its mask laid over it; empty where there is none."""
    after: bytes = b""
    """A small JPEG of the result."""
    is_place_trouble: bool = False
    """It failed because nothing can be written where the result goes: every other file would fail the same way."""
    from_journal: bool = False
    """True where it was done before and is only reported again."""


@dataclass(frozen=True, slots=True)
class FileBegan:
    """It is the turn of a file, which is read already or could not be. One that was done before has no such event."""

    job: FileJob


@dataclass(frozen=True, slots=True)
class FileProgress:
    """How far its filling is: 0…1, and the stage at work."""

    job: FileJob
    fraction: float
    stage: Stage


@dataclass(frozen=True, slots=True)
class FileEnded:
    """A file is on the disk, or has failed. Files end in the order in which they began."""

    job: FileJob
    outcome: FileOutcome


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing is there to be filled at the moment: files are still being read or written."""


BatchEvent = FileBegan | FileProgress | FileEnded | Waiting
