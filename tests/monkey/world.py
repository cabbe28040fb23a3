"""The files the monkey plays with, in a folder of their own: several formats and sizes, damaged ones, outputs."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image as PillowImage

from app.atomic import LEFTOVERS
from app.imaging.files import write_image

OUTPUTS = 8
"""Files it may save to; more saves go over older ones."""

_LARGE = 3000, 4000
_OTHERS = {"rgba.png": (150, 160, 4), "grey.png": (90, 140), "leaf.webp": (120, 200, 3), "sky.jpg": (240, 320, 3)}


class World:
    """Makes everything at once, the same for the same seed."""

    def __init__(self, folder: Path, seed: int, *, large: bool = True) -> None:
        """With `large` there is a photo of 12 megapixels, too."""
        self.folder, self.outputs = folder / "photos", folder / "outputs"
        self.folder.mkdir()
        self.outputs.mkdir()
        self._noise = np.random.default_rng(seed)
        self.small = [self._plain("sea.png", (120, 180, 3)), *(self._other(name) for name in _OTHERS)]
        deep = self._noise.integers(0, 65536, (100, 150, 3), dtype=np.uint16)
        self.small.append(self._written("deep.tif", deep))
        self.large = self._other_of("large.jpg", _smooth(*_LARGE)) if large else None
        self.masks = [self._mask("mask.png", (120, 180)), self._mask("mask_other_size.png", (33, 44))]
        self.damaged = [self._damaged("cut.jpg", "sky.jpg"), self._damaged("cut.png", "sea.png"), self._no_photo()]
        self.settings = self._settings_file()
        self._made = {path: path.read_bytes() for path in self.small}

    def photo(self, random: Random) -> Path:
        """One to open; now and then the large one, a damaged one or what was saved before."""
        drawn = random.random()
        if drawn < 0.04 and self.large is not None:
            return self.large
        if drawn < 0.1:
            return random.choice(self.damaged)
        if drawn < 0.2:
            return random.choice(sorted(self.outputs.iterdir()) or self.small)
        return random.choice(self.small)

    def output(self, random: Random, suffix: str) -> Path:
        """Where to save."""
        return self.outputs / f"out{random.randrange(OUTPUTS)}{suffix}"

    def meddle(self, random: Random) -> str:
        """Do to one of the files what another program might."""
        path, what = random.choice(self.small), random.choice(("delete", "rewrite", "bring back", "bring back"))
        if what == "delete":
            path.unlink(missing_ok=True)
        elif what == "rewrite":
            path.write_bytes(self._made[random.choice(self.small)])
        else:
            for each, data in self._made.items():
                each.write_bytes(data)
        return f"{what} {path.name}"

    def leftovers(self) -> list[Path]:
        """Temporary files that writing left behind."""
        return sorted(self.folder.parent.rglob(LEFTOVERS))

    def _plain(self, name: str, shape: tuple[int, ...]) -> Path:
        return self._written(name, self._noise.integers(0, 256, shape, dtype=np.uint8))

    def _written(self, name: str, pixels: np.ndarray) -> Path:
        write_image(self.folder / name, pixels)
        return self.folder / name

    def _other(self, name: str) -> Path:
        return self._other_of(name, self._noise.integers(0, 256, _OTHERS[name], dtype=np.uint8))

    def _other_of(self, name: str, pixels: np.ndarray) -> Path:
        PillowImage.fromarray(pixels).save(self.folder / name)
        return self.folder / name

    def _mask(self, name: str, shape: tuple[int, int]) -> Path:
        mask = np.zeros(shape, np.uint8)
        mask[10:30, 10:40] = 255
        return self._other_of(name, mask)

    def _damaged(self, name: str, source: str) -> Path:
        data = (self.folder / source).read_bytes()
        (self.folder / name).write_bytes(data[: len(data) // 2])
        return self.folder / name

    def _no_photo(self) -> Path:
        path = self.folder / "words.jpg"
        path.write_text("no photograph at all", encoding="utf-8")
        return path

    def _settings_file(self) -> Path:
        path = self.folder / "settings.json"
        path.write_text(json.dumps({"lacuna_settings": 1, "settings": {"run/grow": 7, "no/such": 1}}), encoding="utf-8")
        return path


def _smooth(height: int, width: int) -> np.ndarray:
    """Something like a sky over water."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    planes = [120 + 100 * np.sin(down / 400 + k) * np.cos(across / 300 - k) for k in range(3)]
    return np.stack(planes, -1).clip(0, 255).astype(np.uint8)
