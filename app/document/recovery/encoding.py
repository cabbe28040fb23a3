"""A journal's records as bytes and back. What comes from a file is trusted in nothing."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import asdict, replace
from enum import IntEnum
from itertools import chain
from pathlib import Path
from typing import Any

from app.document.packing import packed, unpacked
from app.document.records import EditKind, EditRecord
from app.document.recovery.records import (
    Base,
    Contexts,
    EditMade,
    FileStatus,
    LastMask,
    MovedTo,
    Opened,
    Record,
    StrokeBegun,
    StrokeOver,
    StrokeTouches,
)
from app.errors import LacunaError
from app.imaging.geometry import Extent, Rect
from app.words import Words


class Kind(IntEnum):
    """Which record it is; the numbers are those in the file."""

    OPENED = 1
    FILE = 2
    BASE = 3
    EDIT = 4
    MOVED = 5
    LAST_MASK = 6
    CONTEXTS = 7
    STROKE = 8
    TOUCHES = 9
    STROKE_OVER = 10


NUMBERS = struct.Struct("<qq")
"""Two numbers before the patches: of an edit, the states before and after it."""
_NUMBER = struct.Struct("<q")
_TOUCH = struct.Struct("<ddd")


def encoded(record: Record) -> tuple[Kind, bytes]:
    """The kind of `record` and its content."""
    match record:
        case EditMade(before, after, edit):
            return Kind.EDIT, NUMBERS.pack(before, after) + packed(edit)
        case Base(state, pruned, image, mask, avoid):
            sum_of_all = EditRecord(EditKind.RESULT, "", image, mask, avoid)
            return Kind.BASE, NUMBERS.pack(state, pruned) + packed(sum_of_all)
        case LastMask(patches):
            return Kind.LAST_MASK, packed(EditRecord(EditKind.MASK, "", mask=patches))
        case MovedTo(state):
            return Kind.MOVED, _NUMBER.pack(state)
        case StrokeTouches(touches):
            return Kind.TOUCHES, b"".join(_TOUCH.pack(*touch) for touch in touches)
        case StrokeOver():
            return Kind.STROKE_OVER, b""
        case Contexts(rects):
            return Kind.CONTEXTS, _json([list(asdict(rect).values()) for rect in rects])
        case FileStatus():
            return Kind.FILE, _json(asdict(record))
        case Opened():
            return Kind.OPENED, _json(asdict(record))
        case StrokeBegun():
            return Kind.STROKE, _json(asdict(record))


def decoded(kind: int, data: bytes, opened: Opened | None) -> Record | None:
    """The record; None for a kind that is not known here. `opened` is the journal's first record, None for that itself.

    Raises `LacunaError` where `data` is none, or does not fit the photo.
    """
    try:
        if kind == Kind.OPENED:
            return _opened(**json.loads(data))
        if opened is None:
            raise ValueError("it does not say what it is of")
        decode = _DECODERS.get(kind)
        return None if decode is None else decode(data, opened)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError, OverflowError, struct.error) as error:
        raise LacunaError(Words("the journal is damaged ({reason})", reason=error)) from error


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), default=str).encode()


def _opened(
    name: str, extent: list[int], itemsize: int, since: float, version: str, stamp: list[int] | None = None, **_: Any
) -> Opened:
    width, height = extent
    if itemsize not in (1, 2) or not (0 < int(width) < 2**31 and 0 < int(height) < 2**31):
        raise ValueError("there is no such photo")
    return Opened(str(name), Extent(int(width), int(height)), itemsize, float(since), str(version), _stamp(stamp))


def _stamp(said: list[int] | None) -> tuple[int, int] | None:
    return None if said is None else (int(said[0]), int(said[1]))


def _file(data: bytes, opened: Opened) -> FileStatus:
    said = json.loads(data)
    return FileStatus(
        _path(said["path"]),
        _path(said["source"]),
        str(said["name"]),
        tuple(Path(str(each)) for each in said["own"]),
        _stamp(said["stamp"]),
        bool(said["is_sample"]),
        dict(said["options"]),
        int(said["saved"]),
        _path(said.get("session")),
        bool(said.get("embeds", False)),
    )


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(str(text))


def _base(data: bytes, opened: Opened) -> Base:
    state, pruned = NUMBERS.unpack_from(data)
    edit = _edit(data, opened)
    return Base(state, max(pruned, 0), edit.image, edit.mask, edit.avoid)


def _edit(data: bytes, opened: Opened) -> EditRecord:
    return unpacked(data[NUMBERS.size :], opened.extent, opened.itemsize)


def _edit_made(data: bytes, opened: Opened) -> EditMade:
    before, after = NUMBERS.unpack_from(data)
    return EditMade(before, after, _edit(data, opened))


def _contexts(data: bytes, opened: Opened) -> Contexts:
    rects = tuple(Rect(*(int(value) for value in each)) for each in json.loads(data))
    whole = Rect(0, 0, *opened.extent)
    return Contexts(tuple(rect for rect in rects if not rect.is_empty and rect.intersected(whole) == rect))


def _stroke(data: bytes, opened: Opened) -> StrokeBegun:
    said = json.loads(data)
    begun = StrokeBegun(**{name: said[name] for name in ("restores", "erases", "size", "hardness")})
    size, hardness = float(begun.size), float(begun.hardness)
    if not (0 < size < 1e6 and 0 <= hardness <= 1):
        raise ValueError("there is no such brush")
    return replace(begun, size=size, hardness=hardness, avoids=said.get("avoids") is True)


def _touches(data: bytes, opened: Opened) -> StrokeTouches:
    touches = tuple((x, y, pressure) for x, y, pressure in _TOUCH.iter_unpack(data))
    if not all(-1e7 < value < 1e7 for value in chain.from_iterable(touches)):
        raise ValueError("no stroke goes that far")
    return StrokeTouches(touches)


_DECODERS: dict[int, Callable[[bytes, Opened], Record]] = {
    Kind.FILE: _file,
    Kind.BASE: _base,
    Kind.EDIT: _edit_made,
    Kind.MOVED: lambda data, opened: MovedTo(*_NUMBER.unpack(data)),
    Kind.LAST_MASK: lambda data, opened: LastMask(unpacked(data, opened.extent, opened.itemsize).mask),
    Kind.CONTEXTS: _contexts,
    Kind.STROKE: _stroke,
    Kind.TOUCHES: _touches,
    Kind.STROKE_OVER: lambda data, opened: StrokeOver(),
}
