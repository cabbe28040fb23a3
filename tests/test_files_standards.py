"""EXIF, XMP and image resources agree with upright, edited pixels, whatever state they are in."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imaging.files import read_photo
from app.imaging.formats import exif as exif_blocks
from app.imaging.formats import resources, xmp
from app.imaging.geometry import Extent
from tests.photo_files import THUMBNAIL, exif, saved, smooth


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), st.integers(0, 255)), max_size=12), st.integers(0, 700))
def test_damaged_exif_never_breaks_a_file(changes: list[tuple[int, int]], length: int) -> None:
    block = bytearray(exif(6, thumbnail=True)[6:])
    for position, value in changes:
        block[position % len(block)] = value
    damaged = bytes(block[: max(length, 1)])
    upright = exif_blocks.upright(damaged, Extent(32, 48), turned=True)
    exif_blocks.fields_of(damaged)
    exif_blocks.dpi(damaged)
    assert upright is None or len(upright) <= len(damaged)
    assert exif_blocks.orientation(upright) in {None, 1}


def test_unreadable_exif_is_dropped(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.png", smooth(), exif=b"Exif\0\0no block at all here")
    assert read_photo(path).metadata.exif is None


def test_a_thumbnail_that_points_into_the_tags_spares_them() -> None:
    block = bytearray(exif(thumbnail=True)[6:])
    place = len(block) - len(THUMBNAIL) - 4 - 16
    struct.pack_into(">I", block, place, 8)
    upright = exif_blocks.upright(bytes(block), Extent(48, 32), turned=False)
    assert upright is not None
    assert exif_blocks.fields_of(upright) == exif_blocks.fields_of(exif()[6:])


@pytest.mark.parametrize(
    ("packet", "upright"),
    [
        (b'<a tiff:Orientation="6"/>', b'<a tiff:Orientation="1"/>'),
        (b"<tiff:Orientation>8</tiff:Orientation>", b"<tiff:Orientation>1</tiff:Orientation>"),
        (
            b"<a exif:PixelXDimension='48' tiff:ImageLength='32'/>",
            b"<a exif:PixelXDimension='32' tiff:ImageLength='48'/>",
        ),
        (b"<b/><xmp:Thumbnails><rdf:Alt>\n</rdf:Alt></xmp:Thumbnails><c/>", b"<b/><c/>"),
        (b"<a xmp:Rating='5'/>", b"<a xmp:Rating='5'/>"),
    ],
)
def test_xmp_agrees_with_upright_pixels(packet: bytes, upright: bytes) -> None:
    assert xmp.upright(packet, Extent(32, 48), turned=True) == upright


def test_damaged_resources_are_kept_as_they_are() -> None:
    for data in (b"8BIM\x04\x0c\0\0\0\0\xff\xff", b"8BIM", b"nothing of the kind"):
        assert resources.without_thumbnails(data) == data
