"""What is recoded is, byte for byte, what a library writes of the same coefficients; what cannot be is left to it."""

from __future__ import annotations

import io
import random
import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from app.imaging.formats import jpeg_blocks, jpeg_parts, jpeg_patch, jpeg_tables
from app.imaging.formats.jpeg_recoding import Places, Recoding, UnusualError
from tests.photo_files import encoded, noise
from tests.test_files_patch import HEIGHT, SAMPLINGS, WIDTH, jpeg, picture

pytest.importorskip("jpeglib")


def chosen_blocks(data: bytes, share: float = 0.05) -> list[Places]:
    """Some blocks of each component, among them the last."""
    rng = np.random.default_rng(1)
    frame = jpeg_parts.frame_of(data)
    chosen = [rng.random(frame.blocks(component)) < share for component in frame.components]
    for each in chosen:
        each[-1, -1] = True
    return [np.argwhere(each) for each in chosen]


def changed(blocks: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Other coefficients, in part far smaller or larger, with runs of zeros."""
    other = blocks[:, ::-1, ::-1] // 2
    other[::3, 2:, 2:] = 0
    other[::3, 7, 7] = 5
    other[1::3, 0, 0] = -1000
    other[2::3] = 0
    return other


def by_library(data: bytes, chosen: Sequence[Places]) -> bytes:
    """All coefficients taken apart and written again, with the whole source at hand."""
    whole = jpeg_blocks.decoded(data)
    whole._source.content = jpeg_parts.without_application_segments(data, frozenset({0xE0, 0xEE}))
    for plane, places in zip(whole.planes, chosen, strict=True):
        rows, columns = places.T
        plane[rows, columns] = changed(plane[rows, columns])
    return whole.encoded()


def recoded(data: bytes, chosen: Sequence[Places], *, is_rgb: bool = False) -> bytes:
    recoding = Recoding(data, chosen, is_rgb=is_rgb)
    for blocks in recoding.blocks:
        blocks[:] = changed(blocks)
    return recoding.encoded()


@pytest.mark.parametrize("sampling", SAMPLINGS)
@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_a_recoded_picture_is_the_librarys(sampling: str, share: float) -> None:
    data = jpeg(sampling)
    chosen = chosen_blocks(data, share)
    assert recoded(data, chosen) == by_library(data, chosen)


def test_a_grey_picture_is_too() -> None:
    data = jpeg("", grey=True)
    assert recoded(data, chosen_blocks(data)) == by_library(data, chosen_blocks(data))


@pytest.mark.parametrize("quality", [1, 20, 60, 97, 100])
@pytest.mark.parametrize("optimize", [False, True])
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_every_quality_is(quality: int, optimize: bool, subsampling: int) -> None:
    data = encoded(noise(61, 43), "JPEG", quality=quality, optimize=optimize, subsampling=subsampling)
    assert recoded(data, chosen_blocks(data)) == by_library(data, chosen_blocks(data))


def test_components_of_red_green_and_blue_share_a_code() -> None:
    data = encoded(picture(), "JPEG", keep_rgb=True, quality=90)
    assert recoded(data, chosen_blocks(data), is_rgb=True) == by_library(data, chosen_blocks(data))


def test_wide_tables_are_kept() -> None:
    tables = [[3] * 63 + [300], [7] * 64]
    data = encoded(picture(), "JPEG", qtables=tables, subsampling=2)
    assert recoded(data, chosen_blocks(data)) == by_library(data, chosen_blocks(data))


def test_long_codes_are_shortened_as_by_the_library() -> None:
    rng = np.random.default_rng(5)
    rare = np.clip(rng.geometric(0.35, (400, 600)) ** 3.2 * rng.choice([-1, 1], (400, 600)) + 128, 0, 255)
    data = encoded(rare.astype(np.uint8), "JPEG", qtables=[[1] * 64])
    chosen = chosen_blocks(data)
    out = recoded(data, chosen)
    assert out == by_library(data, chosen)


def test_no_code_is_longer_than_a_file_can_hold() -> None:
    counts = np.zeros(257, np.int64)
    counts[:25] = [2**power for power in range(25)]
    code = jpeg_tables.best_code(counts)
    assert max(length for *_, length in code.words()) == 16
    assert sorted(symbol for symbol, *_ in code.words()) == list(range(25))


def test_the_blocks_and_steps_are_those_of_the_library() -> None:
    data = jpeg("4:2:0")
    chosen = chosen_blocks(data)
    recoding, whole = Recoding(data, chosen, is_rgb=False), jpeg_blocks.decoded(data)
    for blocks, plane, places in zip(recoding.blocks, whole.planes, chosen, strict=True):
        np.testing.assert_array_equal(blocks, plane[tuple(places.T)])
    np.testing.assert_array_equal(recoding.tables, whole.tables)


@pytest.mark.parametrize("kind", ["progressive", "intervals", "cut", "tail", "endless"])
def test_what_is_coded_otherwise_is_left_to_the_library(kind: str) -> None:
    data = jpeg("4:2:0", progressive=kind == "progressive", restart=4 if kind == "intervals" else 0)
    if kind == "cut":
        data = data[: len(data) * 2 // 3] + jpeg_parts.END
    if kind == "tail":
        data = data[:-2] + bytes(40) + jpeg_parts.END
    if kind == "endless":
        data = data[:-2]
    with pytest.raises(UnusualError):
        Recoding(data, chosen_blocks(data), is_rgb=False)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("restart", [0, 3])
def test_it_is_patched_all_the_same(progressive: bool, restart: int) -> None:
    data = jpeg("4:2:0", progressive=progressive, restart=restart)
    with Image.open(io.BytesIO(data)) as image:
        after = np.array(image)
    flags = np.zeros((HEIGHT, WIDTH), bool)
    flags[30:60, 50:99] = True
    after[flags] = (10, 200, 90)
    out = jpeg_patch.patched(data, after, flags, is_rgb=False)
    with Image.open(io.BytesIO(out)) as image:
        assert np.abs(np.array(image)[40:50, 66:90].astype(int) - (10, 200, 90)).max() < 8


def test_a_coefficient_that_no_file_can_hold_is_refused() -> None:
    data = jpeg("4:4:4")
    recoding = Recoding(data, chosen_blocks(data), is_rgb=False)
    recoding.blocks[0][0, 3, 3] = 1024
    with pytest.raises(ValueError, match="too large"):
        recoding.encoded()


def test_damaged_pictures_are_refused_or_recoded_as_by_the_library() -> None:
    sound = jpeg("4:2:0")
    rng, same, refused = random.Random(7), 0, 0
    for _ in range(300):
        data = bytearray(sound)
        for _ in range(rng.randint(1, 3)):
            data[rng.randrange(20, len(data))] = rng.randrange(256)
        try:
            chosen = chosen_blocks(bytes(data))
            out = recoded(bytes(data), chosen)
        except (ValueError, IndexError, struct.error, MemoryError):
            refused += 1
            continue
        same += 1
        again = Recoding(out, chosen, is_rgb=False)
        kept = Recoding(bytes(data), chosen, is_rgb=False)
        for blocks, before in zip(again.blocks, kept.blocks, strict=True):
            np.testing.assert_array_equal(blocks, changed(before))
    assert refused > 100
    assert same > 10
