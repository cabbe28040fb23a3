"""TIFF files as an enemy would write them, by file name."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable

from tests.fuzzing.nasties import bomb, exif_bomb, exif_cycle, exif_strips

Maker = Callable[[], bytes]
Tag = tuple[int, int, tuple[int, ...]]
"""Number, kind (1 byte, 3 short, 4 long), values."""

_SHAPES = {1: "B", 3: "H", 4: "I", 7: "B", 16: "Q"}
_MEGABYTE = 2**20


def tiff(tags: Iterable[Tag], pixels: bytes = bytes(64), *, following: int = 0, order: str = "<") -> bytes:
    """A TIFF of one directory, whose tag 273 or 324 is set to where `pixels` lie, unless given."""
    tags = sorted(tags)
    start = 8 + len(pixels) + len(pixels) % 2
    heap_start = start + 2 + 12 * len(tags) + 4
    table, heap = bytearray(struct.pack(order + "H", len(tags))), bytearray()
    for number, kind, values in tags:
        data = struct.pack(f"{order}{len(values)}{_SHAPES[kind]}", *values)
        if len(data) > 4:
            place, heap = struct.pack(order + "I", heap_start + len(heap)), heap + data + bytes(len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        table += struct.pack(order + "HHI", number, kind, len(values)) + place
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", start)
    return bytes(head + pixels.ljust(start - 8, b"\0") + table + struct.pack(order + "I", following) + heap)


def picture(width: int, height: int, *more: Tag, bits: int = 8, samples: int = 3, packing: int = 1) -> list[Tag]:
    """The tags of a picture in one strip right behind the header; `more` take the place of their like."""
    tags: dict[int, Tag] = {
        256: (256, 4, (width,)),
        257: (257, 4, (height,)),
        258: (258, 3, (bits,) * samples),
        259: (259, 3, (packing,)),
        262: (262, 3, (2 if samples > 2 else 1,)),
        273: (273, 4, (8,)),
        277: (277, 3, (samples,)),
        278: (278, 4, (height,)),
        279: (279, 4, (min(width * height * samples * bits // 8, 2**32 - 1),)),
        284: (284, 3, (1,)),
    }
    return list((tags | {tag[0]: tag for tag in more}).values())


def _chain(count: int) -> bytes:
    """Empty directories one after the other."""
    data = bytearray(tiff(picture(8, 8), bytes(192)))
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    at = start + 2 + 12 * entries
    for _ in range(count):
        struct.pack_into("<I", data, at, len(data))
        at = len(data) + 2 + 12
        data += struct.pack("<HHHII", 1, 254, 4, 1, 0) + bytes(4)
    return bytes(data)


def _cycle() -> bytes:
    data = bytearray(tiff(picture(8, 8), bytes(192)))
    (start,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, start)
    struct.pack_into("<I", data, start + 2 + 12 * entries, start)
    return bytes(data)


def _below(tag: int) -> bytes:
    """A directory below that is the directory itself."""
    data = bytearray(tiff([*picture(8, 8), (tag, 4, (0,))], bytes(192)))
    (start,) = struct.unpack_from("<I", data, 4)
    place = data.index(struct.pack("<HHI", tag, 4, 1), start) + 8
    struct.pack_into("<I", data, place, start)
    return bytes(data)


def _big(count: int) -> bytes:
    """A BigTIFF that claims `count` tags."""
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, count) + bytes(60 * _MEGABYTE)


def nasty_tiffs(pixels: int) -> dict[str, Maker]:
    """Photos by name; where it matters, just within a limit of `pixels`."""
    side = int(pixels**0.5)
    deep = {"bits": 16, "packing": 8}
    many = tuple(range(8, 400_008))
    return {
        "bomb.tif": lambda: tiff(picture(2**31, 2**31)),
        "bomb-side.tif": lambda: tiff(picture(2**32 - 1, 1)),
        "full-lies.tif": lambda: tiff(picture(side, side)),
        "full-lies-deep.tif": lambda: tiff(picture(side, side, bits=16)),
        "full-lies-lzw.tif": lambda: tiff(picture(side, side, bits=16, packing=5)),
        "full-deflated.tif": lambda: tiff(picture(side, side, (279, 4, (len(bomb()),)), bits=16, packing=8), bomb()),
        "strip-bomb.tif": lambda: tiff(picture(64, 64, (279, 4, (len(bomb()),)), **deep), bomb()),
        "strip-bomb-8.tif": lambda: tiff(picture(64, 64, (279, 4, (len(bomb()),)), packing=8), bomb()),
        "strip-bombs.tif": lambda: tiff(
            picture(64, 64, (273, 4, (8,) * 64), (278, 4, (1,)), (279, 4, (len(bomb()),) * 64), **deep), bomb()
        ),
        "depth.tif": lambda: tiff(picture(64, 64, (32_997, 4, (2**20,)), bits=16)),
        "samples.tif": lambda: tiff(picture(640, 640, (277, 3, (65_535,)), bits=16)),
        "samples-extra.tif": lambda: tiff(
            picture(64, 64, (258, 3, (16,) * 60_000), (277, 3, (60_000,)), (338, 3, (0,) * 59_999), samples=1, bits=16)
        ),
        "tiles.tif": lambda: tiff(
            picture(64, 64, (322, 4, (2**31,)), (323, 4, (2**31,)), (324, 4, (8,)), (325, 4, (2**32 - 1,)), bits=16)
        ),
        "tiles-8.tif": lambda: tiff(
            picture(64, 64, (322, 4, (2**31,)), (323, 4, (2**31,)), (324, 4, (8,)), (325, 4, (2**32 - 1,)))
        ),
        "tiles-wide.tif": lambda: tiff(
            picture(64, 64, (322, 4, (60_000,)), (323, 4, (60_000,)), (324, 4, (8,)), (325, 4, (64,)), bits=16)
        ),
        "no-rows.tif": lambda: tiff(picture(64, 64, (278, 4, (0,)), bits=16)),
        "strips.tif": lambda: tiff(picture(64, 64, (273, 4, many), (279, 4, many), (278, 4, (1,)), bits=16)),
        "strips-8.tif": lambda: tiff(picture(64, 64, (273, 4, many), (279, 4, many), (278, 4, (1,)))),
        "outside.tif": lambda: tiff(picture(64, 64, (273, 4, (2**32 - 2,)), (279, 4, (2**32 - 1,)))),
        "bits.tif": lambda: tiff(picture(64, 64, (258, 3, (8,) * 3_000_000))),
        "bits-absurd.tif": lambda: tiff(picture(64, 64, (258, 3, (65_535,) * 3))),
        "motorola.tif": lambda: tiff([*picture(8, 8), (50_000, 3, (1,) * 8_000_000)], bytes(192), order=">"),
        "chain.tif": lambda: _chain(150_000),
        "cycle.tif": _cycle,
        **{f"below-{tag}.tif": lambda tag=tag: _below(tag) for tag in (330, 0x8769, 0x8825, 0xA005)},  # type: ignore[misc]
        "tags.tif": lambda: exif_bomb(65_535, 2 * _MEGABYTE),
        "tags-picture.tif": lambda: tiff([*picture(8, 8), *((40_000 + n, 7, (0,)) for n in range(20_000))], bytes(192)),
        "overlapping.tif": lambda: _overlapping(),
        "thumbnail-strips.tif": exif_strips,
        "directories.tif": exif_cycle,
        "big.tif": lambda: _big(2**63),
        "big-count.tif": lambda: _big(3_000_000),
        "profile.tif": lambda: tiff([*picture(8, 8), (34_675, 7, (0,) * (60 * _MEGABYTE))], bytes(192)),
        "photoshop.tif": lambda: tiff([*picture(8, 8), (34_377, 7, tuple(b"8BIM\4\4\0\0\xff\xff\xff\xff" * 99))]),
        "xmp.tif": lambda: tiff([*picture(8, 8), (700, 1, tuple(b" " * 2 * _MEGABYTE))], bytes(192)),
        "jpeg.tif": lambda: tiff(picture(64, 64, (347, 7, tuple(b"\xff\xd8\xff\xdb" * 20)), packing=7)),
        "old-jpeg.tif": lambda: tiff(picture(64, 64, (513, 4, (8,)), (514, 4, (2**32 - 1,)), packing=6)),
        "fax.tif": lambda: tiff(picture(side, side, (262, 3, (0,)), bits=1, samples=1, packing=4)),
        "planar.tif": lambda: tiff(picture(side, side, (284, 3, (2,)), bits=16)),
    }


def _overlapping() -> bytes:
    """A picture with five hundred tags that all hold the same nine megabytes."""
    data = bytearray(tiff([*picture(8, 8), *((40_000 + n, 7, (0,) * 8) for n in range(500))], bytes(10 * _MEGABYTE)))
    (start,) = struct.unpack_from("<I", data, 4)
    for at in range(start + 2 + 12 * 10, start + 2 + 12 * 510, 12):
        struct.pack_into("<II", data, at + 4, 9 * _MEGABYTE, 8)
    return bytes(data)
