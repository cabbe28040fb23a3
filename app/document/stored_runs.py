"""Results nobody has accepted yet, as a session file keeps them: plain values, in terms of the image they answer.

The pixels of a piece are kept as their difference from the image, which is nothing outside the hole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.document.manifest import MOST_RUNS, listed, natural, rects
from app.imaging.arrays import DeepImage, Mask
from app.imaging.geometry import Extent, Rect
from app.imaging.patches import Patch, difference
from app.imaging.stage_map import LayerPatches

MOST_PIECES = 16_384
_MOST_STAGES = 8
_MOST_COVERED = 2
"""Times the image that the pieces of a stage may cover together: regions overlap a little."""


@dataclass(frozen=True, slots=True)
class StoredPiece:
    """New pixels for `rect`, as their difference from the image."""

    rect: Rect
    changes: tuple[Patch, ...]

    @classmethod
    def of(cls, rect: Rect, pixels: DeepImage, image: DeepImage) -> StoredPiece:
        """Of `pixels` ``(rect.height, rect.width, 3)`` that go into `image`."""
        return cls(rect, difference(rect, image[rect.slices], pixels))

    def pixels(self, image: DeepImage) -> DeepImage:
        """A new array of the pixels that go into `image`, which must be as it was."""
        made = image[self.rect.slices].copy()
        for patch in self.changes:
            patch.moved(-self.rect.x, -self.rect.y).toggle(made)
        return made


@dataclass(frozen=True, slots=True)
class StoredResult:
    """What one stage brought."""

    stage: str
    seconds: float
    pieces: tuple[StoredPiece, ...]


@dataclass(frozen=True, slots=True)
class StoredKept:
    """What of the results is kept where."""

    run: int
    """The number by which edits of it call the run."""
    base: str
    """The stage that counts where nothing is painted."""
    layers: tuple[str, ...]
    """The stages of the weights."""
    weights: LayerPatches = ()
    """As their difference from none."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One run with its results. What `options` and `report` mean, whoever made them knows."""

    name: str
    results: tuple[StoredResult, ...]
    contexts: tuple[Rect, ...] = ()
    stages: tuple[str, ...] = ()
    state: int | None = None
    """How many edits were in effect when it began; None where the history no longer has that state."""
    mask: tuple[Patch, ...] = ()
    """What it fills, as the difference from an empty mask."""
    options: Mapping[str, Any] | None = None
    report: Mapping[str, Any] | None = None
    avoid: tuple[Patch, ...] = ()
    """What of the image it was not to use, as the difference from an empty mask."""
    has_avoid: bool = False
    """There is such a thing, yet to be read."""
    kept: StoredKept | None = None
    """None where nothing was painted."""

    def can_be_kept(self, extent: Extent) -> bool:
        """False for what would not be read again: more pieces than there may be of an image of `extent`."""
        return all(_may_cover([piece.rect for piece in result.pieces], extent) for result in self.results)

    def to_json(self) -> dict[str, Any]:
        """All but mask and pixels, which are entries of their own."""
        return {
            "name": self.name,
            "contexts": listed(self.contexts),
            "stages": list(self.stages),
            "state": self.state,
            "options": self.options,
            "report": self.report,
            "avoid": bool(self.avoid),
            **({} if self.kept is None else {"kept": _kept_json(self.kept)}),
            "stage_results": [
                {
                    "stage": result.stage,
                    "seconds": result.seconds,
                    "pieces": listed(piece.rect for piece in result.pieces),
                }
                for result in self.results
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], extent: Extent) -> StoredRun:
        """The inverse, for an image of `extent`; masks and changes are still to come. ValueError, KeyError or
        TypeError where it can't be.
        """
        state, options, report = content.get("state"), content.get("options"), content.get("report")
        stages = tuple(str(each)[:32] for each in content.get("stages", [])[:_MOST_STAGES])
        results = content["stage_results"]
        if not isinstance(results, list) or len(results) > _MOST_STAGES:
            raise ValueError("its results are none")
        return cls(
            str(content["name"])[:32],
            tuple(_result(each, extent) for each in results),
            rects(content.get("contexts", []), extent),
            stages,
            None if state is None else natural(state),
            (),
            options if isinstance(options, dict) else None,
            report if isinstance(report, dict) else None,
            kept=_kept(content["kept"]) if "kept" in content else None,
            has_avoid=content.get("avoid") is True,
        )


@dataclass(frozen=True, slots=True)
class StoredShelf:
    """What there was to choose from when one of its results was accepted. Pieces are in terms of the present image."""

    state: int
    """How many edits were in effect."""
    runs: tuple[StoredRun, ...]
    shown: int | None = None
    made: int = 0
    contexts: tuple[Rect, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """All but masks and pixels, which are entries of their own."""
        return {
            "state": self.state,
            "shown_result": self.shown,
            "results_made": self.made,
            "contexts": listed(self.contexts),
            "results": [run.to_json() for run in self.runs],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any], extent: Extent) -> StoredShelf:
        """The inverse, as `StoredRun.from_json`."""
        runs, shown = content["results"], content.get("shown_result")
        if not isinstance(runs, list) or len(runs) > MOST_RUNS or not all(isinstance(run, dict) for run in runs):
            raise ValueError("its results are none")
        return cls(
            natural(content["state"]),
            tuple(StoredRun.from_json(run, extent) for run in runs),
            None if shown is None else natural(shown),
            natural(content.get("results_made", 0)),
            rects(content.get("contexts", []), extent),
        )


def mask_patches(mask: Mask) -> tuple[Patch, ...]:
    """`mask` ``(H, W)`` as its difference from an empty one."""
    return difference(Rect.of_array(mask), np.broadcast_to(np.uint8(0), mask.shape), mask)


def _kept_json(kept: StoredKept) -> dict[str, Any]:
    return {"run": kept.run, "base": kept.base, "layers": list(kept.layers)}


def _kept(content: Mapping[str, Any]) -> StoredKept:
    layers = tuple(str(each)[:32] for each in content["layers"][:_MOST_STAGES])
    return StoredKept(natural(content["run"]), str(content["base"])[:32], layers)


def _may_cover(pieces: Sequence[Rect], extent: Extent) -> bool:
    covered = sum(rect.area for rect in pieces)
    return len(pieces) <= MOST_PIECES and covered <= _MOST_COVERED * extent.width * extent.height


def _result(content: Mapping[str, Any], extent: Extent) -> StoredResult:
    pieces = rects(content["pieces"], extent, MOST_PIECES)
    if not _may_cover(pieces, extent):
        raise ValueError("its results cover more than the image")
    seconds = content["seconds"]
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise ValueError("a time in it is none")
    return StoredResult(str(content["stage"])[:32], float(seconds), tuple(StoredPiece(rect, ()) for rect in pieces))
