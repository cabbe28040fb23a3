"""The small preview inside an EXIF block: it still shows what an edit removes, so it has to go."""

from __future__ import annotations

from app.imaging.formats import ifd
from app.imaging.formats.ifd import Directory, Layout

Span = tuple[int, int]

_DATA_TAGS = ((0x0201, 0x0202), (0x0111, 0x0117))
"""(place, size) tags of the preview's pixels: as a JPEG, as strips."""


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
    kept = _kept(data, form, main)
    for start, stop in sorted(_spans(thumbnail) + _pixels(data, form, thumbnail), reverse=True):
        if not any(start < end and begin < stop for begin, end in kept):
            data[start:stop] = bytes(stop - start)
            if stop == len(data):
                del data[start:]


def _kept(data: bytearray, form: Layout, main: Directory) -> list[Span]:
    """Where the header, the main directory, those below it and their values lie."""
    spans = [(0, 8), *_spans(main)]
    waiting = [main]
    while waiting:
        holder = waiting.pop()
        for tag in ifd.SUBDIRECTORIES & holder.entries.keys():
            below = ifd.subdirectory(data, form, holder.entries[tag])
            if below is not None and (below.start, below.stop) not in spans:
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
