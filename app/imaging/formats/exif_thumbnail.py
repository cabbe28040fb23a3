"""The small preview inside an EXIF block: it still shows what an edit removes, so it is made anew or has to go."""

from __future__ import annotations

import io
from bisect import bisect_left

import cv2
import numpy as np
import PIL.Image

from app.imaging.arrays import Image
from app.imaging.formats import ifd
from app.imaging.formats.ifd import Directory, Layout

Span = tuple[int, int]

_DATA_TAGS = ((0x0201, 0x0202), (0x0111, 0x0117))
"""(place, size) tags of the preview's pixels: as a JPEG, as strips."""


_PLACE, _SIZE = _DATA_TAGS[0]
_QUALITIES = range(92, 10, -8)
"""Tried in turn until the new preview fits into the old one's place."""


def refresh_thumbnail(data: bytearray, form: Layout, main: Directory, picture: Image) -> None:
    """Put a preview of `picture` ``(H, W, 3)`` in the place of the old one, in its size; erase it where that fails.

    Every byte of the old preview is overwritten.
    """
    if not main.next:
        return
    try:
        second = ifd.directory(data, form, main.next)
        (start,), (size,) = (ifd.numbers(data, form, second.entries[tag]) for tag in (_PLACE, _SIZE))
        stop = start + size
        kept = [*_kept(data, form, main), *_spans(second)]
        if stop > len(data) or any(start < end and begin < stop for begin, end in kept):
            raise ValueError("the preview lies outside the block or over its tags")
        preview = _preview(picture, bytes(data[start:stop]), size)
    except (ValueError, KeyError, OSError):
        erase_thumbnail(data, form, main)
        return
    data[start:stop] = preview + bytes(size - len(preview))
    ifd.store(data, form, second.entries[_SIZE], len(preview))


def _preview(picture: Image, old: bytes, room: int) -> bytes:
    """A JPEG of the old preview's size, framed in black where the picture has another shape; ValueError if too long."""
    with PIL.Image.open(io.BytesIO(old), formats=["JPEG"]) as before:
        width, height = before.size
    if (width > height) != (picture.shape[1] > picture.shape[0]):
        width, height = height, width
    scale = min(width / picture.shape[1], height / picture.shape[0])
    size = max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1)
    framed = np.zeros((height, width, 3), np.uint8)
    top, left = (height - size[1]) // 2, (width - size[0]) // 2
    framed[top : top + size[1], left : left + size[0]] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    for quality in _QUALITIES:
        out = io.BytesIO()
        PIL.Image.fromarray(framed).save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= room:
            return out.getvalue()
    raise ValueError("no room for a preview")


def erase_thumbnail(data: bytearray, form: Layout, main: Directory) -> None:
    """Unlink the block's second directory, overwrite it and all it points to with zeros, cut what then ends `data`.

    A damaged offset may lead into the tags that stay: whatever overlaps them is left alone.
    """
    if not main.next:
        return
    data[main.stop - 4 : main.stop] = bytes(4)
    try:
        thumbnail = ifd.directory(data, form, main.next)
    except ValueError:
        return
    gone = _apart_from(_kept(data, form, main), _spans(thumbnail) + _pixels(data, form, thumbnail))
    for start, stop in reversed(_merged(gone)):
        data[start:stop] = bytes(stop - start)
        if stop == len(data):
            del data[start:]


def _apart_from(kept: list[Span], spans: list[Span]) -> list[Span]:
    """Those of `spans` that overlap none of `kept`; there may be a great many of both."""
    kept = _merged(kept)
    begins = [begin for begin, _ in kept]

    def is_apart(span: Span) -> bool:
        at = bisect_left(begins, span[1])
        return not at or kept[at - 1][1] <= span[0]

    return list(filter(is_apart, spans))


def _merged(spans: list[Span]) -> list[Span]:
    """`spans` in order, those that overlap or touch as one."""
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _kept(data: bytearray, form: Layout, main: Directory) -> list[Span]:
    """Where the header, the main directory, those below it and their values lie."""
    spans = [(0, 8), *_spans(main)]
    waiting, seen = [main], {main.start}
    while waiting:
        holder = waiting.pop()
        for tag in ifd.SUBDIRECTORIES & holder.entries.keys():
            below = ifd.subdirectory(data, form, holder.entries[tag])
            if below is not None and below.start not in seen:
                seen.add(below.start)
                spans += _spans(below)
                waiting.append(below)
    return spans


def _spans(holder: Directory) -> list[Span]:
    return [(holder.start, holder.stop), *((entry.start, entry.stop) for entry in holder.entries.values())]


def _pixels(data: bytearray, form: Layout, thumbnail: Directory) -> list[Span]:
    spans: list[Span] = []
    for tags in _DATA_TAGS:
        if thumbnail.entries.keys() >= set(tags):
            places, sizes = (ifd.numbers(data, form, thumbnail.entries[tag]) for tag in tags)
            pairs = zip(places, sizes, strict=False)
            spans += [(start, min(start + size, len(data))) for start, size in pairs if start < len(data)]
    return spans
