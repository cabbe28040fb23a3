"""All there is to say of a batch that has ended, for its report."""

from __future__ import annotations

from dataclasses import dataclass

from app.batch.events import FileOutcome
from app.batch.request import BatchRequest


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What was asked for, what became of every file, and with what."""

    request: BatchRequest
    outcomes: tuple[FileOutcome, ...]
    """In the order of the plan; those done in an earlier run too."""
    began: str
    """When this run began: ISO 8601, local time with its offset."""
    ended: str
    seconds: float
    """What this run took."""
    models: tuple[tuple[str, str, str], ...]
    """Name, file and sha256 (hexadecimal) of each weights file used."""
    versions: dict[str, str]
    """Of Lacuna, Python and the packages that decide over pixels."""
    machine: dict[str, str]
    """What it ran on."""
