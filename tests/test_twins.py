"""Pixels as opened and as edited, in the memory of one."""

import errno
import os
from pathlib import Path

import numpy as np
import PIL.Image
import pytest

from app.imaging import twins
from app.imaging.files import read_photo
from app.imaging.twins import shared, unpacked, writable_twin

PIXELS = np.random.default_rng(0).integers(0, 256, (37, 53, 3), dtype=np.uint8)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture(params=["shared", "copied"])
def _memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "copied":
        monkeypatch.setattr(twins, "_nameless_file", lambda: None)


@pytest.mark.usefixtures("_memory")
@pytest.mark.parametrize("pixels", [PIXELS, PIXELS.astype(np.uint16) * 257, PIXELS[3:20, 5:30]])
def test_writing_to_the_twin_leaves_the_original(pixels: np.ndarray) -> None:
    original = shared(pixels)
    twin = writable_twin(original)
    assert np.array_equal(twin, pixels)
    assert twin.dtype == pixels.dtype
    twin[2:5, 4] = 7
    assert np.array_equal(original, pixels)
    assert (twin[2:5, 4] == 7).all()
    other = writable_twin(original)
    assert np.array_equal(other, pixels), "each twin is its own"
    del original
    assert (twin[2:5, 4] == 7).all(), "a twin outlives what it was made from"


@pytest.mark.usefixtures("_memory")
def test_unpacked_pixels_are_those_of_the_image() -> None:
    pixels = unpacked(PIL.Image.fromarray(PIXELS))
    assert np.array_equal(pixels, PIXELS)
    twin = writable_twin(pixels)
    twin[...] = 0
    assert np.array_equal(pixels, PIXELS)


def test_only_what_is_whole_is_shared() -> None:
    original = shared(PIXELS)
    assert shared(original) is original
    twin = writable_twin(original[:, 5:20])
    assert np.array_equal(twin, PIXELS[:, 5:20])
    rows = writable_twin(original[4:9])
    assert np.array_equal(rows, PIXELS[4:9])
    assert writable_twin(PIXELS).flags.owndata


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="plain copies here")
def test_no_more_open_files_are_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    original, open_before = shared(PIXELS), open_files()
    with monkeypatch.context() as patch:
        patch.setattr(twins.mmap, "mmap", _refused)
        assert np.array_equal(writable_twin(original), PIXELS)
        patch.setattr(twins._Pages, "__new__", _refused)
        assert np.array_equal(shared(PIXELS.copy()), PIXELS)
        assert np.array_equal(unpacked(PIL.Image.fromarray(PIXELS)), PIXELS)
    assert open_files() == open_before


def _refused(*_: object, **__: object) -> None:
    raise OSError(errno.EMFILE, "Too many open files")


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files cannot be counted here")
def test_only_a_photograph_to_edit_keeps_files_open(tmp_path: Path) -> None:
    PIL.Image.fromarray(PIXELS).save(tmp_path / "photo.png")
    open_before = open_files()
    photo = read_photo(tmp_path / "photo.png")
    assert open_files() == open_before
    edited = read_photo(tmp_path / "photo.png", for_editing=True)
    assert shared(edited.pixels) is edited.pixels
    assert np.array_equal(photo.pixels, edited.pixels)
