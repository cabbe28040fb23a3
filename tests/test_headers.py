"""What is told of a file before it is decoded is what decoding it gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.errors import LacunaError
from app.imaging.files import HugeImageError, read_mask, read_mask_facts, read_photo
from app.imaging.formats import opening
from app.imaging.headers import read_header
from tests.photo_files import exif, noise, saved, smooth


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif", ".avif"])
def test_the_size_is_that_of_the_upright_photo(tmp_path: Path, suffix: str, orientation: int) -> None:
    path = saved(tmp_path / f"a{suffix}", Image.fromarray(smooth(48, 32)), exif=exif(orientation))
    header = read_header(path)
    assert header.extent == read_photo(path).extent
    assert not header.has_alpha
    assert header.is_turn_certain == (suffix != ".png")


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif"])
def test_transparency_shows(tmp_path: Path, suffix: str) -> None:
    assert read_header(saved(tmp_path / f"a{suffix}", noise(bands=4))).has_alpha


def test_nothing_is_decoded(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", noise(200, 100))
    path.write_bytes(path.read_bytes()[:2000])
    assert read_header(path).extent == (200, 100)
    with pytest.raises(LacunaError, match="damaged"):
        read_photo(path)


def test_what_is_no_photo_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    for name, words in (("text.jpg", "not an image"), ("none.jpg", "does not exist"), (".", "is a folder")):
        with pytest.raises(LacunaError, match=words):
            read_header(tmp_path / name)
    path = saved(tmp_path / "a.png", noise())
    monkeypatch.setattr(opening, "PIXEL_LIMIT", 100)
    with pytest.raises(HugeImageError):
        read_header(path)
    assert read_header(path, allow_huge=True).extent == (48, 32)


@pytest.mark.parametrize(("value", "empty", "full"), [(127, True, False), (128, False, True), (0, True, False)])
def test_a_mask_that_is_empty_or_full(tmp_path: Path, value: int, empty: bool, full: bool) -> None:
    path = saved(tmp_path / "m.png", np.full((8, 12), value, np.uint8))
    assert read_mask_facts(path) == ((12, 8), empty, full)


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "P", "LA", "RGBA"])
def test_masks_of_every_mode(tmp_path: Path, mode: str) -> None:
    mask = np.zeros((8, 12), np.uint8)
    mask[2:4, 3:7] = 255
    path = saved(tmp_path / "m.png", Image.fromarray(mask).convert(mode))
    assert read_mask_facts(path) == ((12, 8), False, False)
    assert np.array_equal(read_mask(path, read_header(path).extent or (0, 0)), mask)
