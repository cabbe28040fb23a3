"""One file to be opened, and what may come of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What the program is told that a file is."""

    PHOTO = "photo"
    MASK = "mask"
    WEIGHTS = "weights"
    """A folder of weights."""
    CHECKPOINT = "checkpoint"
    FEATURES = "features"
    """The weights of a feature extractor."""
    SESSION = "session"
    PRACTICE = "practice"
    """No file at all, but what the watch has to see."""


Files = dict[str, bytes]
"""Contents by name; the first is the one that is opened, of `Kind.WEIGHTS` the folder round them."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is to be opened; the bytes are made only when it is its turn."""

    name: str
    kind: Kind
    make: Callable[[], Files]


class Fault(StrEnum):
    """What must not happen."""

    CRASH = "crash"
    HANG = "hang"
    CODE = "code executed"
    MEMORY = "memory"
    ERROR = "error that is no sentence"
    PRINTED = "printed"
    UNSAVED = "opened, but could not be saved"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a case."""

    case: str
    kind: Kind
    opened: bool
    seconds: float
    """Of processor time."""
    megabytes: float
    """Taken on top of what the process held before."""
    text: str = ""
    """The sentence, where it was refused."""
    faults: tuple[Fault, ...] = ()
    details: str = field(default="", repr=False)
