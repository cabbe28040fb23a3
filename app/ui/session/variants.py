"""What runs of the present image brought: kept side by side until one is accepted or all are discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.document.kept import Kept
from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.request import InpaintOptions, InpaintRequest, Progress, RunReport, Stage, StageResult
from app.memory import physical_mb

MOST = 12
"""Variants kept."""

_SHARE = 0.1
"""Of the machine's memory, what variants may take."""

MOST_BYTES = int(min(max(_SHARE * 1e6 * (physical_mb() or 0.0), 300 * 2**20), 2 * 2**30))
"""Memory of the variants kept; the newest and the one shown always are. Again as much is kept of those that were there
to choose from when one was accepted."""


@dataclass(slots=True, eq=False)
class Variant:
    """One run: what it was asked for and its results as they arrive."""

    name: str
    """A letter, the next one for each run of the same image."""
    contexts: tuple[Rect, ...] = ()
    """The context boxes that were chosen for it."""
    options: InpaintOptions | None = None
    """None, as `mask` and `state`, until the request is made."""
    mask: Mask | None = None
    """What it fills, ``(H, W)`` uint8; never written to."""
    state: int | None = None
    """The history's state whose mask that is."""
    stages: tuple[Stage, ...] = ()
    """What it has, or will have, results of; before the first progress, as far as can be told."""
    progress: Progress | None = None
    results: dict[Stage, StageResult] = field(default_factory=dict)
    report: RunReport | None = None
    """None as long as it is not complete."""
    avoid: Mask | None = None
    """What of the image it was not to use, ``(H, W)`` uint8; never written to. None where that is nothing."""
    kept: Kept | None = None
    """Which stage is kept where; None where that was never asked for. See `keeping`."""

    def answer(self, request: InpaintRequest, state: int, others: Sequence[Variant] = ()) -> None:
        """The request is made; its image is not kept, and its masks only where none of `others` has the same."""
        same = next((each for each in others if each.state == state), None)
        self.options, self.state = request.options, state
        self.mask = request.mask if same is None or same.mask is None else same.mask
        self.avoid = request.avoid if same is None else same.avoid

    def without_results(self) -> Variant:
        """What it was asked for, and whether it came to its end: all of it that takes no memory."""
        return replace(self, mask=None, avoid=None, results={}, kept=None)

    @property
    def seconds(self) -> float:
        """Time all its results took."""
        return sum(result.seconds for result in self.results.values())

    @property
    def nbytes(self) -> int:
        """Memory its results take, in bytes; the mask may be others', too."""
        results = sum(patch.pixels.nbytes for result in self.results.values() for patch in result.patches)
        return results + (0 if self.kept is None else self.kept.nbytes)


def memory_of(variants: Sequence[Variant]) -> int:
    """Bytes that all of `variants` take, masks they share counted once."""
    masks = {id(mask): mask.nbytes for each in variants for mask in (each.mask, each.avoid) if mask is not None}
    return sum(each.nbytes for each in variants) + sum(masks.values())


def are_candidates(variants: Sequence[Variant]) -> bool:
    """True where the same hole was filled several times, to choose from."""
    varied = (each.options is not None and (each.options.seed or each.options.context_scale != 1) for each in variants)
    return len(variants) > 1 and any(varied)


def letters(index: int) -> str:
    """0, 1, 2 … as A, B, C … Z, AA, AB …"""
    return (letters(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def surplus(variants: Sequence[Variant], shown: Variant | None) -> list[Variant]:
    """Which of `variants`, the oldest first, must go to stay within the bounds; never the newest, nor `shown`."""
    kept = list(variants)
    for each in variants[:-1]:
        if len(kept) <= MOST and memory_of(kept) <= MOST_BYTES:
            break
        if each is not shown:
            kept.remove(each)
    return [each for each in variants if each not in kept]
