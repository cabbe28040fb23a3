"""What is kept of a variant's results: made when it is first needed, and to and from what a session file keeps."""

from __future__ import annotations

from app.document.document import Document
from app.document.keep_edit import KeepEdit
from app.document.kept import Kept
from app.document.stored_runs import StoredKept
from app.imaging.stage_map import are_weights
from app.inference.request import RegionPatch, Stage
from app.ui.session.variants import Variant

_BEYOND = 2
"""Pixels round what a run fills in which painting has an effect, too: nothing of a soft edge is left out."""


def layer_of(stage: Stage) -> int:
    """Which of the weights is that of `stage`."""
    return tuple(Stage).index(stage)


def stage_of(layer: int) -> Stage:
    """The inverse."""
    return tuple(Stage)[layer]


def base_of(variant: Variant) -> Stage:
    """The stage that counts where nothing is painted: detail, else what it would be built on, else the newest."""
    preferred = [Stage.DETAIL] if variant.options is None else [Stage.DETAIL, variant.options.built_on]
    return next(each for each in (*preferred, *reversed(variant.results)) if each in variant.results)


def kept_stages(variant: Variant) -> tuple[Stage, ...]:
    """The stages that were painted somewhere."""
    return () if variant.kept is None else tuple(stage_of(layer) for layer in variant.kept.weights.layers)


def is_mixed(variant: Variant | None) -> bool:
    """True where anything is kept but the base."""
    return variant is not None and variant.kept is not None and not variant.kept.is_blank


def kept_of(variant: Variant, document: Document) -> Kept:
    """What is kept of the results of `variant`, which has some, and whose run is over."""
    if variant.kept is None:
        number = document.new_kept_number()
        variant.kept = document.kept[number] = _made(variant, document, number, base_of(variant))
    return variant.kept


def variant_of(edit: object, variants: tuple[Variant, ...]) -> Variant | None:
    """The one whose results `edit` chose among; None where they are gone, or it chose among none."""
    if not isinstance(edit, KeepEdit):
        return None
    return next((each for each in variants if each.kept is not None and each.kept.number == edit.run), None)


def stored_kept(variant: Variant) -> StoredKept | None:
    """For a session file; None where nothing was painted, ever."""
    kept = variant.kept
    if kept is None:
        return None
    layers = tuple(stage.value for stage in Stage)
    return StoredKept(kept.number, stage_of(kept.base).value, layers, kept.weights.changes())


def bring_back(variant: Variant, stored: StoredKept, document: Document) -> None:
    """The inverse, for a variant of `document`, which was made of the same file. What means nothing here, and what
    cannot be, is passed over. A run that is in the file twice has the same `Kept` both times.

    Its picture is not mixed yet: `Kept.complete` does that, once the image is the one that the results answer.
    """
    known = tuple(stage.value for stage in Stage)
    if stored.layers != known or stored.base != base_of(variant).value:
        return
    there = document.kept.get(stored.run)
    if there is not None:
        variant.kept = there if there.base == layer_of(base_of(variant)) and there.is_of(_layers(variant)) else None
        return
    kept = _made(variant, document, stored.run, base_of(variant))
    kept.weights.toggle(stored.weights)
    is_sound = all(are_weights(kept.weights.read(tile)) for tile in kept.weights.tiles)
    is_known = all(kept.has(layer) for layer in kept.weights.layers)
    if is_sound and is_known:
        variant.kept = document.kept[stored.run] = kept


def _made(variant: Variant, document: Document, number: int, base: Stage) -> Kept:
    assert variant.mask is not None
    assert variant.options is not None
    reach = _BEYOND + (0 if variant.options.exact else variant.options.grow)
    return Kept(number, document.image, _layers(variant), layer_of(base), variant.mask, reach)


def _layers(variant: Variant) -> list[tuple[RegionPatch, ...]]:
    return [variant.results[stage].patches if stage in variant.results else () for stage in Stage]
