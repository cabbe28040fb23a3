"""Which file a photo belongs to, whether that is still the file it was, and what a new one is called."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial
from pathlib import Path

from app.atomic import is_same_file
from app.imaging.files import READ_ONLY_SUFFIXES, SAVE_SUFFIXES
from app.imaging.save_options import AS_SOURCE, SaveOptions
from app.ui.session.jobs import PATIENCE, answer_within


@dataclass(frozen=True, slots=True)
class Stamp:
    """By which a file is known again as the one it was."""

    modified: int
    """Nanoseconds."""
    size: int

    @classmethod
    def of(cls, path: Path) -> Stamp | None:
        """Of the file as it is now; None where there is none."""
        try:
            known = path.stat()
        except OSError:
            return None
        return cls(known.st_mtime_ns, known.st_size)

    def became(self, now: Stamp | None) -> DiskState:
        """What became of a file that had this one and has `now`."""
        return DiskState.GONE if now is None else DiskState.SAME if now == self else DiskState.CHANGED


class DiskState(Enum):
    """What became of a file since it was read or written here."""

    SAME = auto()
    CHANGED = auto()
    GONE = auto()


@dataclass(slots=True, eq=False)
class FileRecord:
    """Which file a photo belongs to. `path` is what *save* writes, `source` what was read; None where there is none."""

    path: Path | None = None
    source: Path | None = None
    name: str = ""
    own: set[Path] = field(default_factory=set)
    """Files written here, which may be replaced without consent."""
    stamp: Stamp | None = None
    """Of `path`, or else of `source`, as last read or written."""
    opened: Stamp | None = None
    """Of `source` as it was read."""
    options: SaveOptions = AS_SOURCE
    """Those it was last saved with."""
    is_sample: bool = False
    """What was read is the program's own, and never written to."""
    is_saving: bool = False
    session: Path | None = None
    """The session file that holds what was done to the photo."""
    embeds: bool = False
    """That file holds the photo, too."""

    @property
    def title(self) -> str:
        """What the window is called."""
        return self.name if self.session is None else f"{self.name} · {self.session.name}"

    @property
    def place(self) -> Path | None:
        """The user's file that shows this photo, saved or not."""
        return self.path or (None if self.is_sample else self.source)

    def source_as_opened(self) -> Path | None:
        """The user's file that was read, where it still is as it was then."""
        if self.source is None or self.is_sample or self.opened is None:
            return None
        return self.source if Stamp.of(self.source) == self.opened else None

    def read(self, stamp: Stamp | None) -> None:
        """The photo was read from the file it belongs to, which had `stamp`: whatever was known of another is over."""
        self.source = self.path or self.source
        self.stamp = self.opened = stamp
        self.own = {each for each in self.own if each != self.source}
        self.session, self.embeds = None, False

    def come_from(self, session: Path, name: str, photo: Path | None, stamp: Stamp | None, *, embeds: bool) -> None:
        """The photo called `name` was opened with the `session`; `photo` is its own file, which had `stamp`."""
        self.session, self.name, self.embeds = session, name, embeds
        self.source, self.stamp, self.opened = photo, stamp, stamp
        self.path = photo if photo is not None and photo.suffix.lower() in SAVE_SUFFIXES else None

    def disk_state(self) -> DiskState:
        """What became of its file meanwhile."""
        if self.place is None or self.stamp is None:
            return DiskState.SAME
        return self.stamp.became(Stamp.of(self.place))


def record_of(path: Path, *, own: bool = True) -> FileRecord:
    """Of a photo that is to be read from `path`; without `own` it can't be saved over."""
    if not own:
        return FileRecord(source=path, name=path.name, is_sample=True)
    return FileRecord(path if path.suffix.lower() in SAVE_SUFFIXES else None, path, path.name)


def is_same_now(one: Path, other: Path) -> bool:
    """True where both are the same file, as `is_same_file` has it; by their names alone where no disk answers soon."""
    by_name = one.absolute() == other.absolute()
    return by_name or answer_within(PATIENCE, partial(is_same_file, one, other), False)


def suggested_name(path: Path | None, name: str, folder: Path) -> Path:
    """Where *save as* starts: beside the original, or in `folder`, as ``photo-edited.jpg``; never an existing file.

    What is only read, such as a camera raw file, becomes a TIFF, which holds 16 bits; what has no file yet keeps its
    name where that is free.
    """
    original = path or folder / name
    suffix = original.suffix.lower()
    if suffix not in SAVE_SUFFIXES and suffix not in _WRITTEN_AS:
        unsaved = original.with_name(f"{original.name}.png")
        return free_name(unsaved) if unsaved.exists() else unsaved
    original = original.with_suffix(_WRITTEN_AS.get(suffix, original.suffix))
    stem = original.stem if original.stem.endswith("-edited") else f"{original.stem}-edited"
    return free_name(original.with_stem(stem))


def free_name(path: Path) -> Path:
    """`path`, or the first of ``name-2``, ``name-3``… that does not exist."""
    candidate, number = path, 2
    while candidate.exists():
        candidate, number = path.with_stem(f"{path.stem}-{number}"), number + 1
    return candidate


_WRITTEN_AS = {".mpo": ".jpg", ".apng": ".png", **dict.fromkeys(READ_ONLY_SUFFIXES, ".tif")}
"""By the endings of what is read but not written."""
