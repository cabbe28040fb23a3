"""What goes into the engine and what comes out of it: frozen, torch-free, safe to hand between threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import DeepImage, Mask
from app.imaging.geometry import Extent, Point, Rect
from app.inference.allowed import AllowedFile
from app.inference.attention_probe import AttentionProbe

_Depth = TypeVar("_Depth", bound=np.uint8 | np.uint16)


class Stage(StrEnum):
    """What a run has results of, in the order in which they arrive."""

    COARSE = "coarse"
    LOCAL = "local"
    GLOBAL = "global"
    DETAIL = "detail"
    """The detail step on top of one of the others, at native resolution."""


STAGES = (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL)
"""LGNet's three, in the order they run."""


def stages_until(last: Stage) -> tuple[Stage, ...]:
    """LGNet's stages up to `last`, which is one of them."""
    return STAGES[: STAGES.index(last) + 1]


class DeviceChoice(StrEnum):
    """Where the networks run; AUTO takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


SEEDS = 1024
"""How many seeds there are."""

LEAST_SCALE, MOST_SCALE = 0.25, 4.0
"""Bounds of `InpaintOptions.context_scale`."""

AUTO_COARSE = "auto"
"""The name that stands for the best coarse inpainter installed."""


@dataclass(frozen=True, slots=True)
class InpaintOptions:
    """How a hole is filled. Lengths are image pixels."""

    coarse: str = AUTO_COARSE
    """Name of the coarse inpainter, as `app.inference.catalog` lists them."""
    coarse_file: AllowedFile | None = None
    """The user's own model, where `coarse` is ``custom``: run only as the file whose content was allowed."""
    last_stage: Stage = Stage.GLOBAL
    """One of `STAGES`; those after it are not run."""
    result_stage: Stage | None = None
    """The stage on whose result the detail step is built; None stands for the last one."""
    grow: int = 4
    """The hole is grown by this many pixels before it is filled."""
    feather: int = 4
    """Width of the soft edge inside the grown hole."""
    colour_match: bool = True
    """Shift the result's colour to the ring round the hole."""
    detail: bool = True
    """After the last stage, carry the photograph's own texture into what was solved below native size; and keep the
    texture of a coarse picture that has it through the refinements."""
    working_size: int = 512
    """Longest side, in pixels, at which a region is solved."""
    device: DeviceChoice = DeviceChoice.AUTO
    exact: bool = False
    """The networks on the whole image as it is, in float32: what the paper computes. Every length above is ignored,
    and there is no detail step."""
    seed: int = 0
    """Of the texture that is copied: 0 takes what fits best, each other number, 1 and up, leaves out other parts of the
    photograph to copy from."""
    context_scale: float = 1.0
    """Times the length of the automatic context boxes: more sees more of the picture, less is solved sharper."""

    def __post_init__(self) -> None:
        """Raises ValueError where the stages named can't be run or can't be built on, or a number means nothing."""
        if not 0 <= self.seed < SEEDS:
            raise ValueError(f"{self.seed} is no seed")
        if not LEAST_SCALE <= self.context_scale <= MOST_SCALE:
            raise ValueError(f"context boxes are not scaled by {self.context_scale}")
        if self.last_stage not in STAGES:
            raise ValueError(f"a run cannot end with {self.last_stage}")
        if self.built_on not in stages_until(self.last_stage):
            raise ValueError(f"{self.built_on} is not among the stages up to {self.last_stage}")

    @property
    def built_on(self) -> Stage:
        """The stage on whose result the detail step is built."""
        return self.last_stage if self.result_stage is None else self.result_stage


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
    avoid: Mask | None = None
    """What of the image is not to be used, ``(H, W)`` uint8, above 127 there; what is hole besides counts as hole."""
    probe_at: Point | None = None
    """Bring no results, but an `AttentionProbe` of the region whose hole has the pixel at this point."""


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

    def numbers(self) -> tuple[int, int, int, int, float]:
        """x, y, width, height, and the scale to four places: as reports have it."""
        return (self.rect.x, self.rect.y, self.rect.width, self.rect.height, round(self.scale, 4))


@dataclass(frozen=True, slots=True)
class Progress:
    """Stage `stage_index` of `stage_count` (1-based) is about to work on region `region_index` of `region_count`.

    The detail step counts where the run will have one: it is the last.
    """

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
    """A stage finished in all regions; `patches` laid over the request's image give the full-size composite.

    Those of `STAGES` are what the stage says, enlarged where it was solved smaller; DETAIL has the photo's own texture.
    """

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

    def part_over(self, image: npt.NDArray[_Depth], rect: Rect) -> npt.NDArray[_Depth]:
        """The part in `rect` of what `laid_over` gives, as a copy."""
        return self.over_part(image[rect.slices], rect)

    def over_part(self, part: npt.NDArray[_Depth], rect: Rect) -> npt.NDArray[_Depth]:
        """As `part_over`, given only the `part` of the request's image that lies in `rect`."""
        part = part.copy()
        for patch in self.patches:
            common = patch.rect.intersected(rect)
            if not common.is_empty:
                source = patch.pixels[common.moved(-patch.rect.x, -patch.rect.y).slices]
                part[common.moved(-rect.x, -rect.y).slices] = source
        return part


SECONDS = ("load", *(stage.value for stage in Stage), "save", "total")
"""What seconds are told of, in this order, of a photograph that was filled and written."""


@dataclass(frozen=True, slots=True)
class RunReport:
    """The last event of a run."""

    model: str
    """What ran, e.g. ``patchmatch + lgnet-small``."""
    device: str
    """e.g. ``cpu`` or ``cuda: NVIDIA H200``."""
    seconds: dict[str, float]
    """Keys load, total, and of coarse, local, global, detail those that ran."""
    regions: tuple[Region, ...]
    hole_pixels: int
    """Pixels filled, growth included."""
    warnings: tuple[str, ...]
    """The texts of the run's notices, again."""
    seen: tuple[Extent, ...] = ()
    """How large the networks saw each region, padding included; empty where none ran."""
    peaks: dict[str, int] = field(default_factory=dict)
    """By stage, the bytes that it took at most on the graphics card beside what was there before; empty without one."""


Event = Progress | Notice | StageResult | RunReport | AttentionProbe
"""What the engine yields: any number of Progress and Notice, one StageResult a stage, one RunReport last. A request
that is `InpaintRequest.probe_at` a point brings one AttentionProbe in place of results and report."""


class RunCancelled(Exception):  # noqa: N818 - what the user asked for is no error
    """What a `Check` raises to end a run."""


Check = Callable[[], None]
"""Called between the steps of long work, from any thread; raises, such as `RunCancelled`, to end it."""


def no_check() -> None:
    """The `Check` that lets everything go on."""
