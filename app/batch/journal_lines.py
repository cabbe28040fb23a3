"""The journal's lines: one JSON object each, of what happened to a file, or of the run that begins with it.

What cannot be read, such as a last line that a power cut left half-written, counts as not there.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.batch.events import FileOutcome, FileState
from app.batch.settings import Values

VERSION = 1
_VERSION_KEY = "lacuna-batch"

Stamp = tuple[int, ...]
"""Size and time of change of the photo's file and its mask's: by this they are known to be the same still."""

Span = tuple[int, int]
"""Where a picture lies in the journal's file of pictures: its first byte, how many there are."""


class Step(StrEnum):
    """How far a file has come."""

    BEGUN = "begun"
    """Somebody works on it, perhaps on another machine."""
    WRITING = "writing"
    """The bytes with the outcome's hash are about to be put in place."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Header:
    """A run began."""

    version: int
    settings: Values
    resumes: bool
    """False: what had failed before counts no more."""
    began: str
    """ISO 8601."""
    program: str
    """Lacuna's version."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file took a step."""

    step: Step
    stamp: Stamp
    outcome: FileOutcome
    """Without its pictures."""
    before: Span = (0, 0)
    after: Span = (0, 0)


def header_line(header: Header) -> bytes:
    """With its line end."""
    return _line(
        {
            _VERSION_KEY: header.version,
            "program": header.program,
            "began": header.began,
            "resumes": header.resumes,
            "settings": header.settings,
        }
    )


def entry_line(entry: Entry, folder: Path) -> bytes:
    """With its line end; the output is written relative to the output folder `folder`, in which it lies."""
    outcome = entry.outcome
    values: Values = {"file": outcome.name, "step": str(entry.step), "stamp": entry.stamp}
    values["output"] = None if outcome.output is None else outcome.output.relative_to(folder).as_posix()
    if entry.step is not Step.BEGUN:
        values |= {
            "state": str(outcome.state),
            "sha256": outcome.sha256,
            "error": str(outcome.error),
            "seconds": {name: round(value, 4) for name, value in outcome.seconds.items()},
            "regions": outcome.regions,
            "hole_pixels": outcome.hole_pixels,
            "model": outcome.model,
            "device": outcome.device,
            "warnings": [str(text) for text in outcome.warnings],
            "extent": outcome.extent,
            "before": entry.before,
            "after": entry.after,
        }
    return _line(values)


def read_line(line: bytes, folder: Path) -> Header | Entry | None:
    """The inverse of both; None where the line cannot be read."""
    try:
        values = json.loads(line)
        return _header(values) if _VERSION_KEY in values else _entry(values, folder)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None


def _line(values: Values) -> bytes:
    try:
        return json.dumps(values, ensure_ascii=False, allow_nan=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # a name that is no text on this system
        return json.dumps(values, allow_nan=False).encode("ascii") + b"\n"


def _header(values: Any) -> Header:
    return Header(
        int(values[_VERSION_KEY]),
        dict(values["settings"]),
        bool(values["resumes"]),
        str(values["began"]),
        str(values["program"]),
    )


def _entry(values: Any, folder: Path) -> Entry:
    step, output = Step(values["step"]), values["output"]
    state = FileState(values.get("state", FileState.FAILED))
    outcome = FileOutcome(str(values["file"]), state, None if output is None else _below(folder, output))
    stamp = tuple(int(number) for number in values["stamp"])
    if step is Step.BEGUN:
        return Entry(step, stamp, outcome)
    return Entry(step, stamp, _full(outcome, values), _span(values["before"]), _span(values["after"]))


def _full(bare: FileOutcome, values: Any) -> FileOutcome:
    width, height = values["extent"]
    return FileOutcome(
        bare.name,
        bare.state,
        bare.output,
        str(values["sha256"]),
        str(values["error"]),
        {str(name): _finite(value) for name, value in values["seconds"].items()},
        tuple((int(x), int(y), int(w), int(h), _finite(scale)) for x, y, w, h, scale in values["regions"]),
        int(values["hole_pixels"]),
        str(values["model"]),
        str(values["device"]),
        tuple(str(text) for text in values["warnings"]),
        (int(width), int(height)),
    )


def _span(value: Any) -> Span:
    start, length = value
    return int(start), int(length)


def _finite(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} is no number")
    return number


def _below(folder: Path, output: str) -> Path:
    """Where `output`, as the line has it, lies; ValueError where that is elsewhere: what is named may be replaced."""
    place = folder / output
    if ".." in place.relative_to(folder).parts:
        raise ValueError(f"{output} is not below the output folder")
    return place
