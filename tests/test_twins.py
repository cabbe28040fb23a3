"""Pixels as opened and as edited, in the memory of one."""

import numpy as np
import PIL.Image
import pytest

from app.imaging import twins
from app.imaging.twins import shared, unpacked, writable_twin

PIXELS = np.random.default_rng(0).integers(0, 256, (37, 53, 3), dtype=np.uint8)


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
