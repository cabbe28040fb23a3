"""An edited JPEG keeps the blocks of its source wherever no pixel changed, and all its segments."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from app import __version__
from app.imaging.files import Photo, read_photo, write_photo
from app.imaging.formats import exif as exif_blocks
from app.imaging.formats import jpeg_blocks, jpeg_parts, jpeg_patch, pillow
from app.imaging.formats.channels import turned_back
from tests.photo_files import MAKER_NOTE, SRGB, XMP, encoded, exif, loaded

pytest.importorskip("jpeglib")

WIDTH, HEIGHT = 203, 149
SAMPLINGS = {"4:4:4": 0x11, "4:2:2": 0x21, "4:2:0": 0x22, "4:4:0": 0x12, "4:1:1": 0x41}


def picture(width: int = WIDTH, height: int = HEIGHT) -> npt.NDArray[np.uint8]:
    """A gradient with grain."""
    y, x = np.mgrid[0:height, 0:width]
    base = np.dstack([x * 200 / width, y * 200 / height, (x + y) * 0.4]) + 20
    return np.clip(base + np.random.default_rng(0).normal(0, 6, base.shape), 0, 255).astype(np.uint8)


def jpeg(sampling: str, *, progressive: bool = False, grey: bool = False, restart: int = 0) -> bytes:
    """Encoded by OpenCV, which knows more samplings than Pillow."""
    pixels = picture()[..., 0] if grey else picture()[..., ::-1]
    options = [cv2.IMWRITE_JPEG_QUALITY, 88, cv2.IMWRITE_JPEG_PROGRESSIVE, int(progressive)]
    options += [cv2.IMWRITE_JPEG_RST_INTERVAL, restart]
    if not grey:
        options += [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, SAMPLINGS[sampling] << 16 | 0x1111]
    done, data = cv2.imencode(".jpg", pixels, options)
    assert done
    return bytes(data)


def with_segments(data: bytes, *segments: tuple[int, bytes]) -> bytes:
    """`data` with more segments behind the first."""
    (length,) = struct.unpack_from(">H", data, 4)
    return data[: 4 + length] + b"".join(map(jpeg_parts.packed, segments)) + data[4 + length :]


def edited(photo: Photo) -> npt.NDArray[np.uint8]:
    """Two spots painted over, one of them in the corner."""
    pixels = np.array(photo.pixels, np.uint8)
    pixels[40:71, 60:93] = 200 if photo.metadata.is_grey else (190, 40, 90)
    pixels[-6:, -9:] = 30
    return pixels


def blocks_outside(path: Path, out: Path, changed: npt.NDArray[np.bool_]) -> tuple[int, int, int]:
    """Blocks of all components in which no pixel changed: how many there are, how many differ; and touched ones."""
    before, after = (jpeg_blocks.decoded(each.read_bytes()) for each in (path, out))
    outside = differing = touched_ones = 0
    for old, new, component in zip(before.planes, after.planes, before.frame.components, strict=True):
        steps = before.frame.steps(component)
        assert steps is not None
        touched = jpeg_patch.touched_blocks(*np.nonzero(changed), steps, old.shape[:2])
        outside += int(np.count_nonzero(~touched))
        touched_ones += int(np.count_nonzero(touched))
        differing += int(np.count_nonzero((old != new).any(axis=(2, 3))[~touched]))
    return outside, differing, touched_ones


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("orientation", [1, 6])
def test_no_block_differs_where_nothing_was_painted(
    tmp_path: Path, sampling: str, progressive: bool, orientation: int
) -> None:
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(with_segments(jpeg(sampling, progressive=progressive), (0xE1, exif(orientation))))
    photo = read_photo(path)
    assert photo.metadata.notices == ()
    pixels = edited(photo)
    assert write_photo(out, pixels, photo) == ()

    changed = turned_back((pixels != photo.pixels).any(axis=2).astype(np.uint8), orientation) > 0
    outside, differing, touched = blocks_outside(path, out, changed)
    assert outside > 5 * touched > 0
    assert differing == 0
    assert jpeg_parts.frame_of(out.read_bytes()) == jpeg_parts.frame_of(path.read_bytes())
    assert loaded(out).quantization == loaded(path).quantization  # type: ignore[attr-defined]
    assert loaded(out).getexif()[274] == orientation

    again = read_photo(out)
    error = np.abs(again.pixels.astype(int) - pixels)
    assert error[48:63, 68:85].mean() < 3, "deep inside the spot, where no chroma is shared"
    # An upsampled chroma sample reaches its neighbours; farther off not a bit changes.
    reach = np.ones((2 * 36 + 1, 2 * 36 + 1), np.uint8)
    far = cv2.dilate((pixels != photo.pixels).any(axis=2).astype(np.uint8), reach) == 0
    assert far.any()
    np.testing.assert_array_equal(again.pixels[far], photo.pixels[far])


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_is_patched_as_it_lies(tmp_path: Path, orientation: int) -> None:
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(with_segments(jpeg("4:2:0"), (0xE1, exif(orientation, WIDTH, HEIGHT))))
    photo = read_photo(path)
    pixels = edited(photo)
    write_photo(out, pixels, photo)
    again = read_photo(out)
    assert again.extent == photo.extent
    assert np.abs(again.pixels.astype(int) - pixels).mean() < 1
    below = loaded(out).getexif().get_ifd(34665)
    assert (below[0xA002], below[0xA003]) == loaded(out).size == (WIDTH, HEIGHT)


@pytest.mark.parametrize("options", [{"grey": True}, {"grey": True, "progressive": True}, {"restart": 5}], ids=str)
def test_grey_and_restart_markers(tmp_path: Path, options: dict[str, Any]) -> None:
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(jpeg("4:2:0", **options))
    photo = read_photo(path)
    pixels = edited(photo)
    assert write_photo(out, pixels, photo) == ()
    outside, differing, _ = blocks_outside(path, out, (pixels != photo.pixels).any(axis=2))
    assert (outside > 0, differing) == (True, 0)
    assert np.abs(read_photo(out).pixels.astype(int) - pixels).mean() < 1
    assert loaded(out).mode == loaded(path).mode


@pytest.mark.parametrize("options", [{"keep_rgb": True}, {"qtables": [[3] * 64, [5] * 64, [9] * 64]}], ids=str)
def test_rgb_components_and_three_tables(tmp_path: Path, options: dict[str, Any]) -> None:
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(encoded(picture(), "JPEG", subsampling=0, **options))
    photo = read_photo(path)
    pixels = edited(photo)
    write_photo(out, pixels, photo)
    assert blocks_outside(path, out, (pixels != photo.pixels).any(axis=2))[1] == 0
    assert np.abs(read_photo(out).pixels.astype(int) - pixels).mean() < 1
    assert loaded(out).quantization == loaded(path).quantization  # type: ignore[attr-defined]


def test_saving_over_the_source_again_and_again_adds_up_to_nothing(tmp_path: Path) -> None:
    path, kept = tmp_path / "in.jpg", tmp_path / "kept.jpg"
    kept.write_bytes(jpeg("4:2:0"))
    path.write_bytes(kept.read_bytes())
    changed = np.zeros((HEIGHT, WIDTH), bool)
    for step in range(3):
        photo = read_photo(path)
        pixels = np.array(photo.pixels, np.uint8)
        pixels[10 : 30 + step, 20:40] += 9
        write_photo(path, pixels, photo)
        write_photo(path, pixels, photo)
        changed |= (pixels != photo.pixels).any(axis=2)
    assert blocks_outside(kept, path, changed)[1] == 0


def test_an_unedited_photo_is_the_same_file(tmp_path: Path) -> None:
    path = tmp_path / "in.jpg"
    path.write_bytes(with_segments(jpeg("4:2:0"), (0xE1, exif(6))) + b"what else the camera appends")
    photo = read_photo(path)
    write_photo(tmp_path / "out.jpg", np.array(photo.pixels), photo)
    assert (tmp_path / "out.jpg").read_bytes() == path.read_bytes()


def test_segments_stay_byte_for_byte(tmp_path: Path) -> None:
    resource = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", 6) + b"iptc!!"
    packet = b"http://ns.adobe.com/xap/1.0/\0" + XMP % 1
    profile = b"ICC_PROFILE\0\1\1" + SRGB
    own = [(0xED, resource), (0xE1, packet), (0xE2, profile), (0xE5, b"Maker's own"), (0xFE, b"by hand")]
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(with_segments(jpeg("4:2:0"), (0xE1, exif(1)), *own, (0xE2, b"MPF\0of further pictures")))
    photo = read_photo(path)
    write_photo(out, edited(photo), photo)
    before, after = (jpeg_parts.application_segments(each.read_bytes()) for each in (path, out))
    assert [before[0], *after[2:]] == [before[0], *own]
    assert after[0] == before[0]
    assert after[1][1].startswith(exif_blocks.PREFIX)


def test_exif_gets_a_new_thumbnail_and_the_software_and_stays_otherwise(tmp_path: Path) -> None:
    preview = encoded(np.asarray(Image.fromarray(picture()).resize((80, 60))), "JPEG", quality=95)
    block = _with_preview(exif(1), preview)
    path, out = tmp_path / "in.jpg", tmp_path / "out.jpg"
    path.write_bytes(with_segments(jpeg("4:2:0"), (0xE1, block)))
    photo = read_photo(path)
    write_photo(out, np.full_like(photo.pixels, 250), photo)
    after = loaded(out).info["exif"]
    assert preview[20:] not in after
    start = after.index(b"\xff\xd8")
    thumbnail = np.asarray(Image.open(io.BytesIO(after[start:])))
    assert thumbnail.shape == (60, 80, 3)
    assert thumbnail[30, 40].min() > 240
    tags = loaded(out).getexif()
    assert tags[305] == f"Lacuna {__version__}"
    assert after.index(MAKER_NOTE) == block.index(MAKER_NOTE)
    without = {tag: value for tag, value in tags.items() if tag != 305}
    assert without == dict(loaded(path).getexif())
    assert tags.get_ifd(34853) == loaded(path).getexif().get_ifd(34853)


def _with_preview(raw: bytes, preview: bytes) -> bytes:
    """Append a second directory, big-endian as Pillow writes, and the preview it points to."""
    block = bytearray(raw[6:])
    start = len(block)
    (first,) = struct.unpack_from(">I", block, 4)
    (count,) = struct.unpack_from(">H", block, first)
    struct.pack_into(">I", block, first + 2 + 12 * count, start)
    block += struct.pack(">HHHIIHHII", 2, 0x0201, 4, 1, start + 30, 0x0202, 4, 1, len(preview)) + bytes(4)
    return raw[:6] + bytes(block) + preview


def test_colour_on_a_grey_photo_is_encoded_anew_and_said(tmp_path: Path) -> None:
    path = tmp_path / "in.jpg"
    path.write_bytes(jpeg("4:2:0", grey=True))
    photo = read_photo(path)
    pixels = np.array(photo.pixels, np.uint8)
    pixels[5:20, 5:20] = (250, 10, 10)
    (notice,) = write_photo(tmp_path / "out.jpg", pixels, photo)
    assert notice.startswith("out.jpg was encoded anew as a whole")
    assert loaded(tmp_path / "out.jpg").mode == "RGB"


def test_without_the_library_the_photo_is_encoded_anew_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jpeg_blocks, "is_available", lambda: False)
    path = tmp_path / "in.jpg"
    path.write_bytes(jpeg("4:2:0"))
    photo = read_photo(path)
    assert photo.metadata.notices == (
        "in.jpg cannot be patched without the package jpeglib, so saving encodes all of it anew",
    )
    pixels = edited(photo)
    write_photo(tmp_path / "out.jpg", pixels, photo)
    assert np.abs(read_photo(tmp_path / "out.jpg").pixels.astype(int) - pixels).mean() < 6


@pytest.mark.parametrize(("marker", "words"), [(0xC9, "arithmetically"), (0xC3, "losslessly"), (0xCA, "arithmetic")])
def test_other_kinds_of_coding_are_told(marker: int, words: str) -> None:
    data = bytearray(jpeg("4:2:0"))
    data[data.index(b"\xff\xc0") + 1] = marker
    assert words in str(jpeg_patch.why_not(bytes(data)))


def test_sampling_that_is_no_whole_step_is_told() -> None:
    data = bytearray(jpeg("4:2:0"))
    place = data.index(b"\xff\xc0") + 11
    data[place], data[place + 3] = 0x31, 0x21
    assert jpeg_patch.why_not(bytes(data)) == "has unusual chroma sampling"
    assert jpeg_patch.why_not(b"\xff\xd8\xff") == "has an unusual structure"


@pytest.mark.parametrize("places", [[], [(0, 0)], [(63, 5), (64, 5)], [(148, 202)]])
def test_exactly_the_pixels_that_changed_are_found(places: list[tuple[int, int]]) -> None:
    before = picture()
    after = before.copy()
    for channel, (y, x) in enumerate(places):
        after[y, x, channel] ^= 1
    found = jpeg_patch.changed_pixels(before, after)
    assert [(int(y), int(x)) for y, x in np.argwhere(found)] == places


@pytest.mark.parametrize("size", [(1, 1), (7, 3), (WIDTH, HEIGHT)])
def test_pixels_are_pillows(size: tuple[int, int]) -> None:
    image = Image.fromarray(picture(*size))
    pixels = pillow.pixels_of(image)
    np.testing.assert_array_equal(pixels, np.asarray(image))
    assert not pixels.flags.writeable
