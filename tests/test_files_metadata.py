"""Everything a file says besides its pixels comes back after a save, and nothing of it contradicts the pixels."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngInfo

from app.imaging.files import read_photo, write_photo
from app.imaging.formats import exif as exif_blocks
from app.imaging.formats import resources, xmp
from app.imaging.geometry import Extent
from app.imaging.photo import Photo
from tests.photo_files import MAKER_NOTE, SRGB, THUMBNAIL, XMP, encoded, exif, jpeg_facts, loaded, noise, saved, smooth


def _resaved(path: Path, suffix: str | None = None) -> Path:
    photo = read_photo(path)
    out = path.with_name(f"out{suffix or path.suffix}")
    write_photo(out, photo.pixels, photo)
    return out


# JPEG


@pytest.mark.parametrize("quality", [30, 75, 92, 100])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_jpeg_is_coded_as_its_source(tmp_path: Path, quality: int, subsampling: int, progressive: bool) -> None:
    options = {"quality": quality, "subsampling": subsampling, "progressive": progressive}
    path = saved(tmp_path / "in.jpg", smooth(), **options)
    assert jpeg_facts(_resaved(path)) == jpeg_facts(path)


@pytest.mark.parametrize("orientation", [3, 6])
def test_turned_jpeg_is_coded_as_its_source(tmp_path: Path, orientation: int) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), quality=85, exif=exif(orientation))
    assert jpeg_facts(_resaved(path)) == jpeg_facts(path)


def test_jpeg_tables_are_kept_for_every_component(tmp_path: Path) -> None:
    tables = [[value] * 64 for value in (3, 5)]
    path = saved(tmp_path / "in.jpg", smooth(), qtables=tables, subsampling=0)
    assert jpeg_facts(_resaved(path))[0] == dict(enumerate(tables))


def test_grey_jpeg_keeps_its_table(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth()[..., 0], quality=80)
    assert jpeg_facts(_resaved(path)) == jpeg_facts(path)


def test_unusual_subsampling_becomes_full_chroma(tmp_path: Path) -> None:
    data = bytearray(encoded(smooth(64, 64), "JPEG", subsampling=1))
    data[data.index(b"\xff\xc0") + 11] = 0x12  # luma twice as high instead of twice as wide: 4:4:0
    (tmp_path / "in.jpg").write_bytes(data)
    assert jpeg_facts(_resaved(tmp_path / "in.jpg"))[1] == 0


def test_jpeg_of_rgb_components_stays_one(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), keep_rgb=True, quality=90)
    out = _resaved(path)
    image = loaded(out)
    assert isinstance(image, JpegImageFile)
    assert [layer[0] for layer in image.layer] == list(b"RGB")
    assert np.abs(read_photo(out).pixels.astype(int) - smooth()).mean() < 3


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".bmp"])
def test_new_jpegs_have_high_quality_and_full_chroma(tmp_path: Path, suffix: str) -> None:
    out = _resaved(saved(tmp_path / f"in{suffix}", smooth()), ".jpg")
    assert jpeg_facts(out) == jpeg_facts(saved(tmp_path / "like.jpg", smooth(), quality=95, subsampling=0))


@pytest.mark.parametrize("progressive", [False, True])
def test_noise_at_the_highest_quality_is_saved(tmp_path: Path, progressive: bool) -> None:
    options = {"qtables": [[1] * 64] * 2, "subsampling": 0, "progressive": progressive}
    photo = read_photo(saved(tmp_path / "in.jpg", smooth(400, 300), **options))
    pixels = noise(400, 300)
    write_photo(tmp_path / "out.jpg", pixels, photo)
    assert (tmp_path / "out.jpg").stat().st_size > 2 * 400 * 300
    assert np.abs(read_photo(tmp_path / "out.jpg").pixels.astype(int) - pixels).max() <= 4


def test_jpeg_segments_survive(tmp_path: Path) -> None:
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", 6) + b"iptc!!"
    preview = b"8BIM\x04\x0c\0\0" + struct.pack(">I", 5) + b"stale\0"
    photoshop = b"Photoshop 3.0\0" + preview + resource
    extra = b"".join(
        struct.pack(">BBH", 255, marker, len(payload) + 2) + payload
        for marker, payload in ((0xED, photoshop), (0xE5, b"Maker's own"), (0xE2, b"MPF\0of further pictures"))
    )
    path = saved(tmp_path / "in.jpg", smooth(), comment=b"by hand", dpi=(150, 150), extra=extra)
    with Image.open(_resaved(path)) as out:
        segments = out.applist  # type: ignore[attr-defined]
    assert segments == [
        ("APP0", b"JFIF\0\1\1\1\0\x96\0\x96\0\0"),
        ("APP13", b"Photoshop 3.0\0" + resource),
        ("APP5", b"Maker's own"),
        ("COM", b"by hand"),
    ]


def test_exif_of_a_jpeg_changes_in_the_necessary_bytes_only(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), exif=exif(6, thumbnail=True))
    before, after = loaded(path).info["exif"], loaded(_resaved(path)).info["exif"]
    upright = exif(1, 32, 48)
    assert after[: len(upright)] == upright
    assert after[len(upright) :].strip(b"\0") == b""
    assert len(after) < len(before)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_the_thumbnail_is_not_left_in_the_file(tmp_path: Path, suffix: str) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), exif=exif(thumbnail=True))
    assert THUMBNAIL in path.read_bytes()
    assert THUMBNAIL not in _resaved(path, suffix).read_bytes()


def test_long_profiles_and_blocks_span_segments(tmp_path: Path) -> None:
    profile = SRGB + bytes(150_000)
    path = saved(tmp_path / "in.png", smooth(), icc_profile=profile, exif=exif() + bytes(100_000))
    out = loaded(_resaved(path, ".jpg"))
    assert out.info["icc_profile"] == profile
    assert out.info["exif"].removeprefix(b"Exif\0\0") == exif().removeprefix(b"Exif\0\0") + bytes(100_000)


# PNG


def test_png_chunks_survive(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Title", "harbour")
    info.add_text("Comment", "long " * 50, zip=True)
    info.add_itxt("Author", "Ł. Ö.")
    info.add(b"gAMA", struct.pack(">I", 45455))
    info.add(b"tIME", bytes(7))
    info.add(b"prVt", b"kept")
    info.add(b"prVT", b"about the pixels", after_idat=False)
    path = saved(tmp_path / "in.png", smooth(), pnginfo=info, dpi=(150, 75))
    before, after = loaded(path), loaded(_resaved(path))
    assert after.text == before.text  # type: ignore[attr-defined]
    for key in ("dpi", "gamma"):
        assert after.info[key] == before.info[key]
    chunks = _chunk_names(tmp_path / "out.png")
    assert b"prVt" in chunks
    assert not {b"tIME", b"prVT"} & chunks


def test_png_profile_keeps_its_name(tmp_path: Path) -> None:
    plain = encoded(smooth(), "PNG")
    data = b"Studio\0\0" + zlib.compress(SRGB)
    chunk = struct.pack(">I", len(data)) + b"iCCP" + data + struct.pack(">I", zlib.crc32(b"iCCP" + data))
    (tmp_path / "in.png").write_bytes(plain[:33] + chunk + plain[33:])
    assert chunk in _resaved(tmp_path / "in.png").read_bytes()


def test_exif_in_a_text_chunk_is_understood(tmp_path: Path) -> None:
    block = exif(6)
    info = PngInfo()
    info.add_text("Raw profile type exif", f"\nexif\n{len(block):8}\n{block.hex()}\n")
    path = saved(tmp_path / "in.png", smooth(), pnginfo=info)
    out = _resaved(path)
    assert read_photo(path).extent == Extent(32, 48)
    assert exif_blocks.orientation(read_photo(out).metadata.exif) == 1
    assert "Raw profile type exif" not in loaded(out).info


def _chunk_names(path: Path) -> set[bytes]:
    data, position, names = path.read_bytes(), 8, set()
    while position < len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        assert struct.unpack_from(">I", data, position + 8 + length)[0] == zlib.crc32(
            data[position + 4 :][: length + 4]
        )
        names.add(name)
        position += length + 12
    return names


# TIFF


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_tiff_keeps_its_compression(tmp_path: Path, compression: str) -> None:
    path = saved(tmp_path / "in.tif", smooth(), compression=compression)
    assert loaded(_resaved(path)).info["compression"] == compression


def test_tiff_of_lossy_compression_becomes_lossless(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.tif", smooth(), compression="jpeg")
    out = _resaved(path)
    assert loaded(out).info["compression"] == "tiff_lzw"
    np.testing.assert_array_equal(read_photo(out).pixels, read_photo(path).pixels)


@pytest.mark.parametrize("prefix", [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0"])
def test_tiff_tags_survive_in_both_byte_orders_and_both_sizes(tmp_path: Path, prefix: bytes) -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[270], tags[315], tags[33432] = "harbour at night", "An artist", "all rights"
    tags[33723], tags.tagtype[33723] = b"\x1c\x02\x00\0\2\0\4", 7
    tags[34377], tags.tagtype[34377] = b"8BIM\x04\x0c\0\0\0\0\0\4old!8BIM\x04\x04\0\0\0\0\0\4iptc", 1
    tags[65001], tags.tagtype[65001] = (1.5, -2.5), 12
    tags[282], tags[283], tags[296] = 118.11, 118.11, 3
    path = _tiff(tmp_path / "in.tif", prefix, tags)
    out = loaded(_resaved(path)).tag_v2  # type: ignore[attr-defined]
    for tag in (270, 315, 33432, 33723, 65001, 282, 283, 296):
        assert out[tag] == tags[tag], tag
    assert out[34377] == b"8BIM\x04\x04\0\0\0\0\0\4iptc"
    assert read_photo(path).metadata.dpi == pytest.approx((300, 300), rel=1e-3)


def _tiff(path: Path, prefix: bytes, tags: TiffImagePlugin.ImageFileDirectory_v2) -> Path:
    """An uncompressed RGB TIFF: header, directory, pixels."""
    pixels = smooth()
    order, big = ("<" if prefix[:2] == b"II" else ">"), b"\x2b" in prefix
    header = prefix + (struct.pack(order + "HHQ", 8, 0, 16) if big else struct.pack(order + "I", 8))
    directory = TiffImagePlugin.ImageFileDirectory_v2(header)
    for tag, value in tags.items():
        directory.tagtype[tag] = tags.tagtype[tag]
        directory[tag] = value
    for tag, value in {256: 48, 257: 32, 258: (8, 8, 8), 259: 1, 262: 2, 277: 3, 278: 32, 284: 1}.items():
        directory[tag] = value
    directory.tagtype[273] = directory.tagtype[279] = 4
    directory[273], directory[279] = 0, pixels.nbytes  # Pillow counts from behind the directory
    path.write_bytes(header + directory.tobytes(len(header)) + pixels.tobytes())
    return path


# From any format to any other

HOLDERS = (".jpg", ".png", ".webp", ".tif")


@pytest.mark.parametrize("source", HOLDERS)
@pytest.mark.parametrize("target", HOLDERS)
def test_exif_icc_xmp_and_dpi_go_where_they_can(tmp_path: Path, source: str, target: str) -> None:
    first = saved(tmp_path / "first.jpg", smooth(), exif=exif(8), icc_profile=SRGB, xmp=XMP % 8, dpi=(300, 300))
    path = _resaved(first, source).rename(tmp_path / f"in{source}")
    out = _resaved(path, target)
    with Image.open(out) as image:
        assert image.info["icc_profile"] == SRGB
        tags = image.getexif()
        assert tags[271] == "Lacuna Works"
        assert tags[274] == 1
        assert tags.get_ifd(34665)[37500] == MAKER_NOTE
        assert tags.get_ifd(34853)[2] == (48.0, 8.0, 14.0)
        image.load()
        assert image.info["xmp"] == XMP % 1
    assert read_photo(out).metadata.dpi == pytest.approx((300, 300), rel=1e-3)


@pytest.mark.parametrize("source", [*HOLDERS, ".bmp"])
@pytest.mark.parametrize("target", [*HOLDERS, ".bmp"])
def test_resolution_alone_is_kept(tmp_path: Path, source: str, target: str) -> None:
    path = _resaved(saved(tmp_path / "first.png", smooth(), dpi=(240, 240)), source).rename(tmp_path / f"in{source}")
    assert read_photo(_resaved(path, target)).metadata.dpi == pytest.approx((240, 240), rel=1e-3)


@pytest.mark.parametrize("suffix", HOLDERS)
def test_nothing_is_invented(tmp_path: Path, suffix: str) -> None:
    metadata = read_photo(_resaved(saved(tmp_path / "in.png", smooth()), suffix)).metadata
    assert (metadata.exif, metadata.xmp, metadata.icc_profile, metadata.dpi) == (None, None, None, None)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_a_grey_profile_does_not_stay_with_coloured_pixels(tmp_path: Path, suffix: str) -> None:
    profile = SRGB[:16] + b"GRAY" + SRGB[20:]
    photo = read_photo(saved(tmp_path / f"in{suffix}", smooth()[..., 0], icc_profile=profile))
    write_photo(tmp_path / f"grey{suffix}", photo.pixels, photo)
    assert loaded(tmp_path / f"grey{suffix}").info["icc_profile"] == profile
    write_photo(tmp_path / f"colour{suffix}", smooth(), photo)
    assert loaded(tmp_path / f"colour{suffix}").info.get("icc_profile") is None


@pytest.mark.parametrize("suffix", [".jpg", ".tif"])
def test_a_profile_that_is_none_for_inks_is_not_used(tmp_path: Path, suffix: str) -> None:
    picture = Image.fromarray(noise(bands=4), "CMYK")
    photo = read_photo(saved(tmp_path / f"in{suffix}", picture, icc_profile=SRGB))
    assert "without a profile" in photo.metadata.notices[0]
    assert photo.metadata.icc_profile is None


def test_a_gain_map_is_announced(tmp_path: Path) -> None:
    path = saved(tmp_path / "in.jpg", smooth(), xmp=(XMP % 1).replace(b"dc:format", b'hdrgm:Version="1.0" dc:format'))
    assert read_photo(path).metadata.notices == ("in.jpg holds a gain map for HDR screens, which saving leaves out",)


def test_saving_twice_changes_nothing_more(tmp_path: Path) -> None:
    for suffix in (".png", ".tif"):
        path = saved(tmp_path / f"in{suffix}", smooth(), exif=exif(6), icc_profile=SRGB, dpi=(300, 300))
        once = _resaved(path).rename(tmp_path / f"once{suffix}")
        assert _resaved(once).read_bytes() == once.read_bytes()


# The standards inside


def _photo_of(block: bytes, tmp_path: Path) -> Photo:
    return read_photo(saved(tmp_path / "in.png", smooth(), exif=block))


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
    assert _photo_of(b"Exif\0\0no block at all here", tmp_path).metadata.exif is None


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
