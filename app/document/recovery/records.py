"""What a journal says, one record at a time, as plain values; `encoding` has them as bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.document.records import EditRecord
from app.imaging.geometry import Extent, Rect
from app.imaging.patches import Patch

NO_STATE = -1
"""The number of no state of a history."""

Touch = tuple[float, float, float]
"""Where a stroke went on to, x and y in image pixels, and the pressure 0…1."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the journal is of; always the first record."""

    name: str
    """What the window calls the photo."""
    extent: Extent
    itemsize: int
    """Bytes of a value of its pixels, 1 or 2."""
    since: float
    """When it was opened, seconds since 1970."""
    version: str
    """Of the program."""
    stamp: tuple[int, int] | None = None
    """Time of change, nanoseconds, and size of the file it was read from."""


@dataclass(frozen=True, slots=True)
class FileStatus:
    """Which file the photo belongs to, and which state of the history is in it."""

    path: Path | None = None
    """What *save* writes."""
    source: Path | None = None
    """What was read."""
    name: str = ""
    own: tuple[Path, ...] = ()
    """Files written since it was opened."""
    stamp: tuple[int, int] | None = None
    """Of `path`, or else of `source`, as last read or written: time of change, nanoseconds, and size."""
    is_sample: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    """How it was last saved."""
    saved: int = NO_STATE
    """The number of the saved state."""
    session: Path | None = None
    """The session file that it belongs to."""
    embeds: bool = False
    """That file holds the photo, too."""

    @property
    def place(self) -> Path | None:
        """The user's file that shows the photo; None where there is none."""
        return self.path or (None if self.is_sample else self.source)


@dataclass(frozen=True, slots=True)
class Base:
    """What went before the oldest edit; the history begins anew here."""

    state: int
    """The number of the oldest state."""
    pruned: int = 0
    image: tuple[Patch, ...] = ()
    mask: tuple[Patch, ...] = ()
    avoid: tuple[Patch, ...] = ()


@dataclass(frozen=True, slots=True)
class EditMade:
    """An edit led from one state to a new one; what was undone by then is gone."""

    before: int
    after: int
    edit: EditRecord


@dataclass(frozen=True, slots=True)
class MovedTo:
    """Undo or redo led to a state."""

    state: int


@dataclass(frozen=True, slots=True)
class LastMask:
    """The mask that was last remembered, as its difference from an empty one."""

    patches: tuple[Patch, ...]


@dataclass(frozen=True, slots=True)
class Contexts:
    """The context boxes chosen."""

    rects: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class StrokeBegun:
    """A stroke is under way; only the newest counts."""

    restores: bool
    """It brings the opened photo back, and leaves the mask."""
    erases: bool
    size: float
    hardness: float
    avoids: bool = False
    """It marks what is not to be used, and leaves the mask."""


@dataclass(frozen=True, slots=True)
class StrokeTouches:
    """Where it went since."""

    touches: tuple[Touch, ...]


@dataclass(frozen=True, slots=True)
class StrokeOver:
    """It is an edit by now, or was taken back."""


Record = (
    Opened | FileStatus | Base | EditMade | MovedTo | LastMask | Contexts | StrokeBegun | StrokeTouches | StrokeOver
)
