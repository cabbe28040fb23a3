"""JPEG, PNG, WebP, BMP and others as an enemy would write them, by file name."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from functools import cache

import numpy as np
from PIL import Image

from tests.fuzzing.seeds import HEIGHT, WIDTH
from tests.photo_files import encoded, exif, noise, smooth

Maker = Callable[[], bytes]

_PNG = b"\x89PNG\r\n\x1a\n"
_MEGABYTE = 2**20
_SPACES = b" " * (2 * _MEGABYTE)


def nasties(pixels: int) -> dict[str, Maker]:
    """Photos by name; where it matters, just within or beyond a limit of `pixels`."""
    return _pngs(pixels) | _jpegs(pixels) | _webps() | _bmps(pixels) | _others()


def chunk(kind: bytes, data: bytes, length: int | None = None) -> bytes:
    """Of a PNG; `length` may lie."""
    length = len(data) if length is None else length
    return struct.pack(">I", length) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int, height: int, *ahead: bytes, bits: int = 8, colour: int = 2, rows: bool = True, laced: bool = False
) -> bytes:
    """A black PNG with the chunks `ahead` of the pixels, which may be left out."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, laced)
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    packer = zlib.compressobj(9)
    line = bytes(1 + (width * samples * bits + 7) // 8)
    body = [packer.compress(line) for _ in range(height)] if rows else []
    return b"".join(
        [_PNG, chunk(b"IHDR", header), *ahead, chunk(b"IDAT", b"".join(body) + packer.flush()), chunk(b"IEND", b"")]
    )


@cache
def bomb() -> bytes:
    """200 megabytes of nothing, packed."""
    return zlib.compress(bytes(200 * _MEGABYTE), 9)


def _pngs(pixels: int) -> dict[str, Maker]:
    side = int(pixels**0.5)
    small = (WIDTH, HEIGHT)
    text = b"XML:com.adobe.xmp\0\0\0\0\0"
    return {
        "bomb.png": lambda: png(60_000, 60_000, rows=False),
        "bomb-max.png": lambda: png(2**31 - 1, 2**31 - 1, rows=False),
        "bomb-lies.png": lambda: png(side, side, rows=False),
        "full.png": lambda: png(side, side - 1),
        "full-deep.png": lambda: png(side, side - 1, bits=16, colour=6),
        "line.png": lambda: png(pixels - 1, 1, colour=0),
        "column.png": lambda: png(1, min(pixels - 1, 4_000_000), colour=0),
        "nothing.png": lambda: png(0, 0, rows=False),
        "text-bomb.png": lambda: png(*small, chunk(b"zTXt", b"Comment\0\0" + bomb())),
        "text-bombs.png": lambda: png(*small, *[chunk(b"zTXt", b"C%d\0\0" % n + bomb()) for n in range(40)]),
        "itext-bomb.png": lambda: png(*small, chunk(b"iTXt", b"Comment\0\1\0\0\0" + bomb())),
        "profile-bomb.png": lambda: png(*small, chunk(b"iCCP", b"ICC\0\0" + bomb())),
        "exif-in-text.png": lambda: png(*small, chunk(b"zTXt", b"Raw profile type exif\0\0" + bomb())),
        "huge-text.png": lambda: png(*small, chunk(b"tEXt", b"Comment\0" + _SPACES * 20)),
        "many-chunks.png": lambda: png(*small, chunk(b"tEXt", b"C\0c") * 300_000),
        "many-private.png": lambda: png(*small, chunk(b"prVt", b"") * 300_000),
        "long-length.png": lambda: png(*small, chunk(b"tEXt", b"C\0c", 2**31 - 1)),
        "longer-length.png": lambda: png(*small, chunk(b"prVt", b"C", 2**32 - 1)),
        "exif-bomb.png": lambda: png(*small, chunk(b"eXIf", exif_bomb(60_000, 2 * _MEGABYTE))),
        "exif-strips.png": lambda: png(*small, chunk(b"eXIf", exif_strips())),
        "exif-cycle.png": lambda: png(*small, chunk(b"eXIf", exif_cycle())),
        "xmp-spaces.png": lambda: png(*small, chunk(b"iTXt", text + _SPACES)),
        "xmp-open.png": lambda: png(*small, chunk(b"iTXt", text + b"<exif:GPSa>" * 200_000)),
        "xmp-attributes.png": lambda: png(*small, chunk(b"iTXt", text + b" exif:GPSa='" * 200_000)),
        "xmp-thumbnails.png": lambda: png(*small, chunk(b"iTXt", text + b"<xmp:Thumbnails " * 200_000)),
        "xmp-names.png": lambda: png(
            *small, chunk(b"iTXt", text + b"".join(b"<exif:GPS%d>" % n for n in range(90_000)))
        ),
        "xmp-turned.png": lambda: png(*small, chunk(b"iTXt", text + b"tiff:Orientation='" + b"9" * 100_000 + b"'")),
        "frames.png": lambda: png(*small, chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))),
        "palette.png": lambda: png(*small, colour=3),
        "laced.png": lambda: png(*small, laced=True),
        "two-headers.png": lambda: png(*small, chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 16, 6, 0, 0, 0))),
        "disguised.png": lambda: encoded(smooth(), "GIF"),
    }


def exif_bomb(entries: int, size: int) -> bytes:
    """Tags whose values all lie on one another."""
    body = b"".join(struct.pack("<HHII", 1 + n % 65_000, 7, size, 8) for n in range(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", min(entries, 65_535)) + body + bytes(4) + bytes(size)


def exif_strips() -> bytes:
    """A preview of a hundred thousand strips, each as large as the block."""
    count, first = 100_000, 8
    second = first + 2 + 12 + 4
    table = second + 2 + 2 * 12 + 4
    main = struct.pack("<HHHIIi", 1, 0x0112, 3, 1, 1, second)
    size = table + 8 * count
    tags = struct.pack("<HHHIIHHIIi", 2, 0x0111, 4, count, table, 0x0117, 4, count, table + 4 * count, 0)
    return b"".join([b"II*\0\x08\0\0\0", main, tags, struct.pack("<I", table) * count, struct.pack("<I", size) * count])


def exif_cycle() -> bytes:
    """Directories that point to one another, and to themselves."""
    tags = [struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x014A, 0x8769, 0x8825, 0xA005)]
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + b"".join(tags) + struct.pack("<I", 8) + bytes(32)


def _segments(data: bytes, *segments: tuple[int, bytes]) -> bytes:
    packed = [struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body for marker, body in segments]
    return data[:2] + b"".join(packed) + data[2:]


def _in_segments(marker: int, start: bytes, data: bytes) -> list[tuple[int, bytes]]:
    step = 65_000 - len(start)
    return [(marker, start + data[at : at + step]) for at in range(0, len(data), step)]


def _jpegs(pixels: int) -> dict[str, Maker]:
    plain = encoded(smooth(WIDTH, HEIGHT), "JPEG")
    waves = encoded(smooth(WIDTH, HEIGHT), "JPEG", progressive=True)
    side = min(int(pixels**0.5), 65_000)
    profile = b"ICC_PROFILE\0"
    return {
        "bomb.jpg": lambda: resized(plain, 65_535, 65_535),
        "bomb-progressive.jpg": lambda: resized(waves, 65_535, 65_535),
        "full-lies.jpg": lambda: resized(plain, side, side),
        "full-progressive.jpg": lambda: resized(waves, side, side),
        "many-scans.jpg": lambda: many_scans(encoded(smooth(WIDTH, HEIGHT)[..., 0], "JPEG", progressive=True), side),
        "nothing.jpg": lambda: resized(plain, 0, 0),
        "exif-bomb.jpg": lambda: _segments(
            encoded(smooth(), "JPEG"), *_in_segments(0xE1, b"Exif\0\0", exif_bomb(60_000, 2 * _MEGABYTE))
        ),
        "exif-bomb-small.jpg": lambda: _segments(plain, (0xE1, b"Exif\0\0" + exif_bomb(2_500, 30_000))),
        "exif-strips.jpg": lambda: _segments(plain, *_in_segments(0xE1, b"Exif\0\0", exif_strips())),
        "exif-cycle.jpg": lambda: _segments(plain, (0xE1, b"Exif\0\0" + exif_cycle())),
        "exif-many.jpg": lambda: _segments(plain, *[(0xE1, exif(n % 9)) for n in range(3_000)]),
        "profile-huge.jpg": lambda: _segments(
            plain, *[(0xE2, profile + bytes([n, 255]) + bytes(65_000)) for n in range(1, 256)]
        ),
        "profile-lies.jpg": lambda: _segments(
            plain, *[(0xE2, profile + bytes([n % 256, 0]) + bytes(65_000)) for n in range(900)]
        ),
        "comments.jpg": lambda: _segments(plain, *[(0xFE, bytes(65_000))] * 900),
        "empty-segments.jpg": lambda: _segments(plain, *[(0xE5, b"")] * 400_000),
        "fill-bytes.jpg": lambda: plain[:2] + b"\xff" * (20 * _MEGABYTE) + plain[2:],
        "tail.jpg": lambda: plain + bytes(40 * _MEGABYTE),
        "multi.jpg": lambda: _segments(plain, (0xE2, b"MPF\0" + exif_bomb(2_500, 30_000))),
        "multi-absurd.jpg": lambda: _segments(plain, (0xE2, b"MPF\0" + _mpf(2**31))),
        "photoshop.jpg": lambda: _segments(plain, (0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0" + b"\xff" * 60_000)),
        "no-end.jpg": lambda: plain[:-2],
        "ends-in-ff.jpg": lambda: plain[:-2] + b"\xff",
        "xmp-spaces.jpg": lambda: _segments(plain, (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + b" " * 65_000)),
        "only-start.jpg": lambda: b"\xff\xd8\xff\xe0",
        "noise.jpg": lambda: plain[:700] + bytes(noise(300, 100)),
    }


def _mpf(count: int) -> bytes:
    tags = struct.pack("<HHII", 0xB001, 4, 1, count) + struct.pack("<HHII", 0xB002, 7, 32, 50)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", 2) + tags + bytes(4) + bytes(64)


def resized(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header claims another size."""
    at = next(place for place in range(len(data)) if data[place] == 0xFF and data[place + 1] in (0xC0, 0xC1, 0xC2))
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def many_scans(data: bytes, side: int) -> bytes:
    """A progressive JPEG in grey with some thousand scans of next to nothing, each of the whole picture."""
    data = resized(data, side, side)
    start = data.index(b"\xff\xda")
    scan = b"\xff\xda\0\x08\x01\x01\0\x01\x01\0" + b"\0"
    return data[:start] + scan * 5_000 + data[start:]


def _webps() -> dict[str, Maker]:
    def riff(*chunks: tuple[bytes, bytes]) -> bytes:
        body = b"WEBP" + b"".join(name + struct.pack("<I", len(d)) + d + b"\0" * (len(d) % 2) for name, d in chunks)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def size(value: int) -> bytes:
        return struct.pack("<I", value - 1)[:3]

    lossless = encoded(smooth(WIDTH, HEIGHT), "WEBP", lossless=True)[12:]
    picture = (b"VP8L", lossless[8:])
    head = b"\x2c\0\0\0" + size(WIDTH) + size(HEIGHT)
    frame = (b"ANMF", bytes(6) + size(WIDTH) + size(HEIGHT) + bytes(4) + lossless)
    return {
        "bomb.webp": lambda: riff((b"VP8L", b"\x2f\xff\xff\xff\x0f" + bytes(20))),
        "bomb-canvas.webp": lambda: riff((b"VP8X", b"\2\0\0\0" + size(16_383) * 2), (b"ANIM", bytes(6)), frame),
        "bomb-max.webp": lambda: riff((b"VP8X", b"\2\0\0\0" + b"\xff" * 6), (b"ANIM", bytes(6)), frame),
        "many-frames.webp": lambda: riff((b"VP8X", b"\2\0\0\0" + head[4:]), (b"ANIM", bytes(6)), *[frame] * 3_000),
        "many-chunks.webp": lambda: riff((b"VP8X", head), *[(b"prVt", b"")] * 1_000_000, picture),
        "exif-bomb.webp": lambda: riff((b"VP8X", b"\x08" + head[1:]), picture, (b"EXIF", exif_bomb(60_000, _MEGABYTE))),
        "xmp-spaces.webp": lambda: riff((b"VP8X", b"\x04" + head[1:]), picture, (b"XMP ", _SPACES)),
        "profile-huge.webp": lambda: riff((b"VP8X", b"\x20" + head[1:]), (b"ICCP", bytes(50 * _MEGABYTE)), picture),
        "disguised.webp": lambda: encoded(smooth(), "TIFF"),
    }


def _bmps(pixels: int) -> dict[str, Maker]:
    def bmp(width: int, height: int, bits: int, packing: int, body: bytes, colours: int = 256) -> bytes:
        palette = bytes(4 * min(colours, 256)) if bits <= 8 else b""
        start = 54 + len(palette)
        header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(body), 0, 0, colours, 0)
        return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body

    return {
        "bomb.bmp": lambda: bmp(2**31 - 1, 2**31 - 1, 24, 0, b""),
        "full-lies.bmp": lambda: bmp(int(pixels**0.5), int(pixels**0.5), 24, 0, bytes(100)),
        "delta.bmp": lambda: bmp(pixels // 2, 2, 8, 1, b"\0\2\xff\xff" * 4),
        "runs.bmp": lambda: bmp(2_000, pixels // 4_000, 8, 1, b"\1\0" * 3_000_000),
        "colours.bmp": lambda: bmp(8, 8, 8, 0, bytes(64), 2**32 - 1),
        "negative.bmp": lambda: bmp(-8, -(2**31), 24, 0, bytes(64)),
        "jpeg.bmp": lambda: bmp(48, 32, 24, 4, encoded(smooth(), "JPEG")),
        "png.bmp": lambda: bmp(48, 32, 24, 5, encoded(smooth(), "PNG")),
        "header.bmp": lambda: b"BM" + struct.pack("<IHHII", 99, 0, 0, 54, 2**32 - 1) + bytes(90),
    }


def _others() -> dict[str, Maker]:
    def boxes(*contents: tuple[bytes, bytes]) -> bytes:
        return b"".join(struct.pack(">I", len(data) + 8) + name + data for name, data in contents)

    brand = (b"ftyp", b"heic\0\0\0\0mif1heic")
    nested = b""
    for _ in range(3_000):
        nested = boxes((b"meta", b"\0\0\0\0" + nested))
    return {
        "boxes.heic": lambda: boxes(brand) + nested,
        "endless.heic": lambda: boxes(brand) + b"\0\0\0\0meta" + bytes(4) + b"\xff" * 5_000,
        "empty-boxes.avif": lambda: boxes((b"ftyp", b"avif\0\0\0\0mif1avif")) + boxes((b"free", b"")) * 500_000,
        "script.eps": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(canary) (w) file\n",
        "script.jpg": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(canary) (w) file\n",
        "drawing.png": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "layers.tif": lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 9, 9, 8, 3) + bytes(20),
        "moving.jpg": lambda: encoded(smooth(), "GIF"),
        "sensor.nef": lambda: exif_bomb(60_000, _MEGABYTE),
        "sensor.cr2": lambda: exif_cycle(),
        "sensor.arw": lambda: bytes(noise(400, 300)),
    }


def mask_nasties() -> dict[str, Maker]:
    """Masks by name."""

    def moving(frames: int) -> bytes:
        first = Image.fromarray(np.zeros((HEIGHT, WIDTH), np.uint8))
        out = io.BytesIO()
        first.save(out, "GIF")
        head = out.getvalue()[:-1]
        at = head.index(b",")
        return head + head[at:] * frames + b";"

    return {
        "bomb.gif": lambda: b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\2\2\x44\1\0;",
        "frames.gif": lambda: moving(100_000),
        "bomb.ppm": lambda: b"P6 1000000 1000000 255\n",
        "plain.ppm": lambda: b"P3 4000 4000 255\n" + b"0 " * 1_000_000,
        "plain-spaces.ppm": lambda: b"P3" + b" " * 3_000_000 + b"60 44 255\n",
        "plain-comments.ppm": lambda: b"P1 60 44\n" + b"#\n" * 2_000_000,
        "plain-digits.ppm": lambda: b"P2 60 44 255\n" + b"9" * 5_000_000,
        "bomb.tga": lambda: b"\0\0\2" + bytes(9) + b"\xff\xff\xff\xff\x20\x08" + bytes(30),
        "runs.tga": lambda: b"\0\0\x0a" + bytes(9) + b"\x60\x6d\x60\x6d\x20\x08" + b"\xff\0\0\0\0" * 10,
        "another-size.png": lambda: png(4_800, 4_800, colour=0),
    }
