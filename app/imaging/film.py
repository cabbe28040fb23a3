"""A film of pictures that pass into each other: which frames it has, how long each stays. All pictures are one size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from app.imaging.arrays import Image


class Transition(StrEnum):
    """How one picture becomes the next."""

    WIPE = "wipe"
    """The next one comes in from the left, behind a line."""
    FADE = "fade"
    CUT = "cut"


class Scene(NamedTuple):
    """A picture ``(H, W, 3)`` uint8 and how long it stays, in seconds."""

    picture: Image
    seconds: float


class Frame(NamedTuple):
    """What is seen for so many seconds."""

    picture: Image
    seconds: float


@dataclass(frozen=True)
class Film:
    """Scenes, and what is between them."""

    scenes: Sequence[Scene]
    """At least one, of one size."""
    transition: Transition = Transition.WIPE
    passing: float = 0.8
    """Seconds from one scene to the next; nothing where they are cut."""
    rate: int = 30
    """Frames a second while one scene passes into the next, and of a format that has no others."""

    def __post_init__(self) -> None:
        """Raises ValueError where there is no scene, or they differ in size."""
        if len({scene.picture.shape for scene in self.scenes}) != 1:
            raise ValueError("a film needs scenes of one size")

    @property
    def seconds(self) -> list[float]:
        """How long each of the `frames` stays."""
        steps = [1 / self.rate] * self._steps
        return [each for scene in self.scenes[:-1] for each in (scene.seconds, *steps)] + [self.scenes[-1].seconds]

    def frames(self) -> Iterator[Frame]:
        """All frames, in order. One may be the very picture of a scene: it must not be written to."""
        for scene, following in zip(self.scenes, [*self.scenes[1:], None], strict=True):
            yield Frame(scene.picture, scene.seconds)
            if following is not None:
                for step in range(1, self._steps + 1):
                    share = eased(step / (self._steps + 1))
                    yield Frame(_between(scene.picture, following.picture, share, self.transition), 1 / self.rate)

    @property
    def _steps(self) -> int:
        """Frames between two scenes."""
        return 0 if self.transition is Transition.CUT else max(round(self.passing * self.rate) - 1, 1)


def eased(share: float) -> float:
    """How far something has come after `share` (0…1) of its time that begins and ends slowly."""
    return share * share * (3 - 2 * share)


def _between(picture: Image, following: Image, share: float, transition: Transition) -> Image:
    if transition is Transition.FADE:
        mixed = picture.astype(np.float32)
        mixed += (following.astype(np.float32) - mixed) * np.float32(share)
        return np.asarray(mixed + np.float32(0.5), np.uint8)
    width = picture.shape[1]
    edge, line = round(share * width), max(width // 400, 1)
    result = picture.copy()
    result[:, :edge] = following[:, :edge]
    result[:, edge : edge + line] = 255
    return result
