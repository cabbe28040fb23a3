"""Results that wait to be accepted, to and from the plain values that a session file keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from app.document.document import Document
from app.document.manifest import natural, rects
from app.document.session_file import SessionContents
from app.document.stored_runs import MOST_PIECES, StoredPiece, StoredResult, StoredRun, StoredShelf, mask_patches
from app.imaging import masks
from app.imaging.arrays import DeepImage, Mask
from app.imaging.geometry import Extent
from app.imaging.patches import Patch
from app.inference.request import (
    DeviceChoice,
    InpaintOptions,
    Region,
    RegionPatch,
    RunReport,
    Stage,
    StageResult,
    stages_until,
)
from app.ui.session.keeping import bring_back, stored_kept
from app.ui.session.runs import RunPhase, RunsState
from app.ui.session.shelf import Shelf, Shelved
from app.ui.session.variants import MOST_BYTES, Variant, memory_of

_NO_STATE = -1
_LONGEST = 4096
"""Pixels, of any length among the options."""
_MOST_SEEN = 256
"""Regions of which is kept how large the networks saw them."""
_MOST_MEMORY = 2**50


def snapshot(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    """Copies of `variants` to be worked with on another thread while more results may arrive."""
    return tuple(replace(each, results=dict(each.results)) for each in variants if each.results)


def stored_runs(variants: Sequence[Variant], document: Document) -> tuple[StoredRun, ...]:
    """What is kept of those `variants` that answer the image as `document` has it."""
    fitting = (each for each in variants if each.mask is not None and each.options is not None)
    stored = (_stored(each, document) for each in fitting if _fits(each, document))
    return tuple(each for each in stored if each.can_be_kept(document.extent))


def runs_state(contents: SessionContents, document: Document) -> RunsState:
    """The results in `contents`, of `document`, to be put on the desk with it. What cannot be is passed over; of more
    than there is room for, the newest are taken.
    """
    found: list[Variant] = []
    shown: Variant | None = None
    made: dict[object, Mask] = {}
    for index in reversed(range(len(contents.runs))):
        variant = _variant(contents.runs[index], document, made)
        if variant is not None and (not found or memory_of([variant, *found]) <= MOST_BYTES):
            found.insert(0, variant)
            shown = variant if index == contents.shown_run else shown
            if variant.kept is not None:
                variant.kept.complete()
    if not found:
        return RunsState()
    return RunsState(RunPhase.READY, found, max(contents.made_runs, len(found)), shown or found[-1])


def stored_shelf(shelf: Sequence[tuple[int, Shelved]], document: Document) -> tuple[StoredShelf, ...]:
    """What is kept of `shelf`, of whose states only those `document` still has count. Of the states of one picture it
    is the last, in which a mixture was accepted.
    """
    states, found = document.history.states, []
    for state, kept in shelf:
        if state not in states:
            continue
        last = document.picture_states(states.index(state))[-1]
        named = [(each.name, _stored(each, document)) for each in kept.variants if each.mask is not None]
        named = [(name, run) for name, run in named if run.can_be_kept(document.extent)]
        shown = next((at for at, (name, _) in enumerate(named) if name == kept.shown.name), None)
        runs = tuple(run for _, run in named)
        found.append(StoredShelf(states.index(last), runs, shown, kept.made, kept.contexts))
    return tuple(found)


def restored_shelf(contents: SessionContents, document: Document) -> Shelf:
    """The inverse; what cannot be is passed over."""
    shelf, states, made = Shelf(), document.history.states, dict[object, Mask]()
    for stored in contents.shelf:
        found = {at: _variant(run, document, made) for at, run in enumerate(stored.runs)}
        there = {at: variant for at, variant in found.items() if variant is not None}
        is_choice = len(there) > 1 or any(each.kept is not None for each in there.values())
        if is_choice and stored.state < len(states):
            shown = there.get(-1 if stored.shown is None else stored.shown, list(there.values())[-1])
            most = max(stored.made, len(there))
            state = document.picture_states(stored.state)[0]
            shelf.put(state, Shelved(tuple(there.values()), shown, most, stored.contexts))
    return shelf


def _fits(variant: Variant, document: Document) -> bool:
    return all(result.revision == document.image_revision for result in variant.results.values())


def _stored(variant: Variant, document: Document) -> StoredRun:
    states = document.history.states
    return StoredRun(
        variant.name,
        tuple(_stored_result(result, document.image) for result in variant.results.values()),
        variant.contexts,
        tuple(stage.value for stage in variant.stages),
        states.index(variant.state) if variant.state in states else None,
        () if variant.mask is None else mask_patches(variant.mask),
        None if variant.options is None else _described(variant.options),
        None if variant.report is None else _report_json(variant.report),
        () if variant.avoid is None else mask_patches(variant.avoid),
        kept=stored_kept(variant),
    )


def _stored_result(result: StageResult, image: DeepImage) -> StoredResult:
    pieces = tuple(StoredPiece.of(patch.rect, patch.pixels, image) for patch in result.patches)
    return StoredResult(result.stage.value, result.seconds, pieces)


def _report_json(report: RunReport) -> dict[str, Any]:
    regions = [[*asdict(region.rect).values(), region.scale] for region in report.regions]
    return {**asdict(report), "regions": regions, "warnings": [str(each) for each in report.warnings]}


def _variant(run: StoredRun, document: Document, made: dict[object, Mask]) -> Variant | None:
    """None where it means nothing here. `made` are the masks of others, which it may share."""
    try:
        options = _options(run.options or {})
        report = None if run.report is None else _report(run.report, document.extent)
        stages = tuple(Stage(each) for each in run.stages)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    results = _results(run, options, document)
    if not results:
        return None
    state = _NO_STATE if run.state is None else document.history.states[run.state]
    mask = _shared(run.mask, document.extent, made)
    avoid = _shared(run.avoid, document.extent, made) if run.avoid else None
    variant = Variant(run.name, run.contexts, options, mask, state, stages, None, results, report, avoid)
    if run.kept is not None:
        bring_back(variant, run.kept, document)
    return variant


def _shared(patches: tuple[Patch, ...], extent: Extent, made: dict[object, Mask]) -> Mask:
    """The mask that `patches` make of an empty one, `made` already or now."""
    if patches not in made:
        made[patches] = masks.blank(extent)
        for patch in patches:
            patch.toggle(made[patches])
    return made[patches]


def _results(run: StoredRun, options: InpaintOptions, document: Document) -> dict[Stage, StageResult]:
    """Those of stages that are known here, each with all that it is built on."""
    results: dict[Stage, StageResult] = {}
    for stored in run.results:
        if stored.stage not in set(Stage):
            continue
        stage = Stage(stored.stage)
        needed = stages_until(options.built_on) if stage is Stage.DETAIL else stages_until(stage)[:-1]
        if stage not in results and all(each in results for each in needed):
            patches = tuple(RegionPatch(piece.rect, piece.pixels(document.image)) for piece in stored.pieces)
            results[stage] = StageResult(stage, patches, stored.seconds, document.image_revision)
    return results


def _described(options: InpaintOptions) -> dict[str, Any]:
    """All of them as plain values, but for the place of a model of the user's own."""
    described = asdict(options)
    del described["coarse_file"]
    return described


def _options(content: Mapping[str, Any]) -> InpaintOptions:
    """Without a model of the user's own: a session can't consent to run one."""
    result_stage = content["result_stage"]
    return InpaintOptions(
        coarse=str(content["coarse"])[:64],
        last_stage=Stage(content["last_stage"]),
        result_stage=None if result_stage is None else Stage(result_stage),
        grow=natural(content["grow"], _LONGEST),
        feather=natural(content["feather"], _LONGEST),
        colour_match=content["colour_match"] is True,
        detail=content["detail"] is True,
        working_size=natural(content["working_size"], _LONGEST),
        device=DeviceChoice(content["device"]),
        exact=content["exact"] is True,
        seed=natural(content.get("seed", 0)),
        context_scale=_scale(content.get("context_scale", 1.0)),
    )


def _scale(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise ValueError("a scale in it is none")
    return float(value)


def _report(content: Mapping[str, Any], extent: Extent) -> RunReport:
    regions = content["regions"]
    places = rects([region[:4] for region in regions], extent, MOST_PIECES)
    scales = (float(region[4]) for region in regions)
    return RunReport(
        str(content["model"])[:200],
        str(content["device"])[:200],
        {str(key): float(value) for key, value in content["seconds"].items()},
        tuple(Region(place, scale) for place, scale in zip(places, scales, strict=True)),
        natural(content["hole_pixels"]),
        tuple(str(each) for each in content["warnings"]),
        tuple(Extent(natural(width), natural(height)) for width, height in content.get("seen", ())[:_MOST_SEEN]),
        {str(key): natural(value, _MOST_MEMORY) for key, value in content.get("peaks", {}).items()},
    )
