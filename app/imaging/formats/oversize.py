"""How much besides its pixels a photograph may carry along: what is beyond that is left out, and said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from app.imaging.photo import Metadata, PngCoding, TiffCoding
from app.words import Words

BLOCK_LIMIT = 32 * 10**6
"""Bytes of one block: EXIF, XMP, a profile, a text, a maker's own. Cameras and editors write some hundred thousand."""

_NAMES = (Words("EXIF data"), Words("XMP data"), Words("a colour profile"))


def within_limits(stored: Metadata, name: str) -> tuple[Metadata, tuple[str, ...]]:
    """`stored` without the blocks beyond `BLOCK_LIMIT`, and a sentence on each of them about the file called `name`."""
    blocks = (stored.exif, stored.xmp, stored.icc_profile)
    named = zip(blocks, _NAMES, strict=True)
    told = [_left_out(name, len(block), what) for block, what in named if block and len(block) > BLOCK_LIMIT]
    exif, xmp, profile = (None if block and len(block) > BLOCK_LIMIT else block for block in blocks)
    stored = replace(stored, exif=exif, xmp=xmp, icc_profile=profile)
    size = sum(_oversize(stored))
    if size:
        told.append(_left_out(name, size, Words("further data")))
        stored = replace(stored, coding=_slim(stored.coding))
    return stored, tuple(told)


def lost_exif(stored: Metadata, kept: Metadata, name: str) -> tuple[str, ...]:
    """A sentence where `stored` had an EXIF block that could not be made true of the upright pixels."""
    if stored.exif is None or kept.exif is not None:
        return ()
    return (Words("{name} holds EXIF data that cannot be read: saving may leave it out", name=name),)


def _left_out(name: str, size: int, what: Words) -> Words:
    return Words(
        "{name} holds {size:,.0f} MB of {what}, more than is kept: saving may leave it out",
        name=name,
        size=size / 1e6,
        what=what,
    )


def _oversize(stored: Metadata) -> Iterator[int]:
    match stored.coding:
        case PngCoding(chunks=chunks):
            yield from (len(data) for _, data in chunks if len(data) > BLOCK_LIMIT)
        case TiffCoding(fields=fields):
            yield from (len(field.value) for field in fields if len(field.value) > BLOCK_LIMIT)


def _slim(coding: object) -> PngCoding | TiffCoding | None:
    match coding:
        case PngCoding(chunks=chunks):
            return replace(coding, chunks=tuple(each for each in chunks if len(each[1]) <= BLOCK_LIMIT))
        case TiffCoding(fields=fields):
            return replace(coding, fields=tuple(each for each in fields if len(each.value) <= BLOCK_LIMIT))
        case _:
            return None
