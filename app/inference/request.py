"""What goes into the engine and what comes out of it: frozen, torch-free, safe to hand between threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Mask
from app.imaging.geometry import Rect

_Depth = TypeVar("_Depth", bound=np.uint8 | np.uint16)


class Stage(StrEnum):
    """LGNet's three stages, in the order they run."""

    COARSE = "coarse"
    LOCAL = "local"
    GLOBAL = "global"


STAGES = tuple(Stage)


class DeviceChoice(StrEnum):
    """Where the networks run; AUTO takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


AUTO_COARSE = "auto"
"""The name that stands for the best coarse inpainter installed."""


@dataclass(frozen=True, slots=True)
class InpaintOptions:
    """How a hole is filled. Lengths are image pixels."""

    coarse: str = AUTO_COARSE
    """Name of the coarse inpainter, as `app.inference.catalog` lists them."""
    last_stage: Stage = Stage.GLOBAL
    """The stages after this one are not run."""
    grow: int = 4
    """The hole is grown by this many pixels before it is filled."""
    feather: int = 4
    """Width of the soft edge inside the grown hole."""
    colour_match: bool = True
    """Shift the result's colour to the ring round the hole."""
    detail: bool = True
    """Carry the photograph's own texture into a hole that was solved below native size: at the global stage, and at
    every stage on top of a coarse inpainter that works with real texture."""
    working_size: int = 512
    """Longest side, in pixels, at which a region is solved."""
    device: DeviceChoice = DeviceChoice.AUTO
    exact: bool = False
    """The networks on the whole image as it is, in float32: what the paper computes. Every length above is ignored."""


@dataclass(frozen=True, slots=True)
class InpaintRequest:
    """One run: the arrays are the request's own copies and are never written to.

    `image` is ``(H, W, 3)`` uint8 or uint16 RGB, `mask` ``(H, W)`` uint8. `revision` is the document's, carried through
    so that a stale result can be told from a fresh one.
    """

    image: DeepImage
    mask: Mask
    options: InpaintOptions = field(default_factory=InpaintOptions)
    revision: int = 0
    contexts: tuple[Rect, ...] = ()
    """Context boxes that were chosen, image pixels: what lies wholly inside one is solved with it (`plan_regions`)."""


@dataclass(frozen=True, slots=True)
class RegionPatch:
    """New pixels ``(h, w, 3)``, in the image's depth, for `rect` of it; outside the grown mask they equal its own."""

    rect: Rect
    pixels: DeepImage


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the image solved in one go: `rect` in image pixels, `scale` = working pixels per image pixel (≤ 1)."""

    rect: Rect
    scale: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Stage `stage_index` of `stage_count` (1-based) is about to work on region `region_index` of `region_count`."""

    stage: Stage
    stage_index: int
    stage_count: int
    region_index: int
    region_count: int
    region: Region | None = None
    """The region itself."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence the user should see: a fallback to the CPU, a hole solved far below its size."""

    text: str


@dataclass(frozen=True, slots=True)
class StageResult:
    """A stage finished in all regions; `patches` laid over the request's image give the full-size composite."""

    stage: Stage
    patches: tuple[RegionPatch, ...]
    seconds: float
    revision: int

    def laid_over(self, image: npt.NDArray[_Depth]) -> npt.NDArray[_Depth]:
        """A copy of the request's `image` with the patches in it."""
        composite = image.copy()
        for patch in self.patches:
            composite[patch.rect.slices] = patch.pixels
        return composite


@dataclass(frozen=True, slots=True)
class RunReport:
    """The last event of a run."""

    model: str
    """What ran, e.g. ``patchmatch + lgnet-small``."""
    device: str
    """e.g. ``cpu`` or ``cuda: NVIDIA H200``."""
    seconds: dict[str, float]
    """Keys load, coarse, local, global, detail, total."""
    regions: tuple[Region, ...]
    hole_pixels: int
    """Pixels filled, growth included."""
    warnings: tuple[str, ...]
    """The texts of the run's notices, again."""


Event = Progress | Notice | StageResult | RunReport
"""What the engine yields: any number of Progress and Notice, one StageResult a stage, one RunReport last."""
