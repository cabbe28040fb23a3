"""The manifest of a session file: JSON that says what the other entries are. `session_file` describes the format."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn

from app.document.photo_reference import PhotoReference
from app.errors import LacunaError
from app.imaging.geometry import Extent, Rect
from app.words import Words

FORMAT = "lacuna-session"
VERSION = 1
"""What is written here; files of every version up to it are read."""
LEAST_VERSION = 1
"""What a reader must know to read what is written here."""
MOST_EDITS = 65_536
MOST_RUNS = 16
MOST_SHELVED = 16
"""States for which what there was to choose from is kept."""
MOST_CONTEXTS = 1_024
_MOST_BITS = (8, 16)


class NewerSessionError(LacunaError):
    """The file needs a newer Lacuna."""


@dataclass(frozen=True, slots=True)
class PhotoEntry:
    """Which photograph the session is of."""

    name: str
    """Of its file, without a folder, or what the window called it."""
    extent: Extent
    bits: int
    """Of a channel of its pixels in memory, 8 or 16."""
    pixels: str
    """`digest` of its pixels as opened: the edits fit no others."""
    embedded: str | None = None
    """The entry that holds its file."""
    reference: PhotoReference | None = None
    """Its file."""
    relative: str | None = None
    """The way from the session's folder to that file, with slashes."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that is said in words and numbers."""

    photo: PhotoEntry
    edits: int = 0
    index: int = 0
    saved_index: int | None = None
    pruned: int = 0
    has_base: bool = False
    has_last_mask: bool = False
    mask: str = ""
    """`digest` of the present mask; empty: not known."""
    contexts: tuple[Rect, ...] = ()
    last_contexts: tuple[Rect, ...] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    runs: tuple[Mapping[str, Any], ...] = ()
    shown_run: int | None = None
    made_runs: int = 0
    program: str = ""
    """What wrote the file."""
    shelf: tuple[Mapping[str, Any], ...] = ()

    def encoded(self) -> bytes:
        """As the file has it."""
        photo = self.photo
        reference = None if photo.reference is None else photo.reference.to_json()
        if reference is not None and photo.relative is not None:
            reference["relative"] = photo.relative
        content = {
            "format": FORMAT,
            "version": VERSION,
            "least_version": LEAST_VERSION,
            "program": self.program,
            "photo": {
                "name": photo.name,
                "width": photo.extent.width,
                "height": photo.extent.height,
                "bits": photo.bits,
                "pixels_sha256": photo.pixels,
                "embedded": photo.embedded,
                "file": reference,
            },
            "history": {
                "edits": self.edits,
                "index": self.index,
                "saved_index": self.saved_index,
                "pruned": self.pruned,
                "base": self.has_base,
            },
            "mask_sha256": self.mask,
            "last_mask": self.has_last_mask,
            "contexts": listed(self.contexts),
            "last_contexts": None if self.last_contexts is None else listed(self.last_contexts),
            "settings": dict(self.settings),
            "results": [dict(run) for run in self.runs],
            "shown_result": self.shown_run,
            "results_made": self.made_runs,
            "shelf": [dict(each) for each in self.shelf],
        }
        return json.dumps(content, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")


def decoded(data: bytes, name: str) -> Manifest:
    """The manifest in `data`, of the session file called `name`; unknown fields are passed over.

    `NewerSessionError` where a newer Lacuna is needed; ValueError, KeyError or TypeError where it can't be.
    """
    content = json.loads(data.decode("utf-8", "surrogatepass"), parse_constant=_refused, parse_float=_finite)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise ValueError("its manifest is none")
    _check_version(content, name)
    history, width = content["history"], content["photo"]["width"]
    extent = Extent(natural(width), natural(content["photo"]["height"]))
    last_contexts, saved, shown = content.get("last_contexts"), history.get("saved_index"), content.get("shown_result")
    return Manifest(
        _photo(content["photo"], extent),
        natural(history["edits"], MOST_EDITS),
        natural(history["index"], MOST_EDITS),
        None if saved is None else natural(saved, MOST_EDITS),
        natural(history.get("pruned", 0)),
        history.get("base") is True,
        content.get("last_mask") is True,
        _text(content.get("mask_sha256", "")),
        rects(content.get("contexts", []), extent),
        None if last_contexts is None else rects(last_contexts, extent),
        _object(content.get("settings", {})),
        tuple(_object(run) for run in _list(content.get("results", []), MOST_RUNS)),
        None if shown is None else natural(shown),
        natural(content.get("results_made", 0)),
        _text(content.get("program", "")),
        tuple(_object(each) for each in _list(content.get("shelf", []), MOST_SHELVED)),
    )


def natural(value: object, most: int = 2**31 - 1) -> int:
    """`value`, where it is a whole number 0…`most`; else ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ValueError(f"{str(value)[:20]} is no number of anything")
    return value


def listed(rects: Iterable[Rect]) -> list[list[int]]:
    """For JSON."""
    return [list(asdict(rect).values()) for rect in rects]


def rects(value: object, extent: Extent, most: int = MOST_CONTEXTS) -> tuple[Rect, ...]:
    """The inverse; ValueError where one of them is empty or not within `extent`, or there are more than `most`."""
    found = []
    for each in _list(value, most):
        rect = Rect(*(natural(number) for number in _list(each, 4)))
        if rect.is_empty or rect.right > extent.width or rect.bottom > extent.height:
            raise ValueError(f"{rect} is not within the image")
        found.append(rect)
    return tuple(found)


def _check_version(content: dict[str, Any], name: str) -> None:
    least = natural(content["least_version"])
    if least > VERSION:
        raise NewerSessionError(
            Words(
                "{name} needs a newer Lacuna, one that reads sessions of version {version} (this one reads {known}):"
                " update Lacuna",
                name=name,
                version=least,
                known=VERSION,
            )
        )


def _photo(content: dict[str, Any], extent: Extent) -> PhotoEntry:
    file, bits = content.get("file"), content["bits"]
    if bits not in _MOST_BITS or 0 in extent:
        raise ValueError("no photograph is like that")
    embedded = content.get("embedded")
    relative = None if file is None else file.get("relative")
    return PhotoEntry(
        plain_name(_text(content["name"])),
        extent,
        bits,
        _text(content["pixels_sha256"]),
        None if embedded is None else _text(embedded),
        None if file is None else PhotoReference.from_json(file),
        None if relative is None else _text(relative),
    )


def plain_name(name: str) -> str:
    """`name` without a way to a folder, or anything that no file system takes or that would spoil a sentence."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(char for char in last if char.isprintable())
    return printable[-200:] or "photo"


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2**15:
        raise ValueError(f"{str(value)[:20]} is no text")
    return value


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{str(value)[:20]} is no object")
    return value


def _list(value: object, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError("a list in it is none, or too long")
    return value


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is no number")
    return value
