"""From the settings of a batch to what it is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.batch.request import BatchRequest, MaskOrigin, MaskSource
from app.inference.request import InpaintOptions, Stage
from app.ui.language import tr
from app.ui.settings import declared
from app.ui.settings.declared import MaskFrom, ReportKind
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_PLACES = {MaskFrom.FOLDER: declared.BATCH_MASK_FOLDER, MaskFrom.FILE: declared.BATCH_MASK_FILE}
_EXAMPLE = "IMG_0007"


def missing_choice(settings: Settings, *, has_mask: bool) -> str:
    """What has to be chosen first, in a sentence; empty where nothing is missing. `has_mask`: the editor has one."""
    masks = settings.get(declared.BATCH_MASKS)
    if not settings.get(declared.BATCH_FOLDER):
        return tr("Choose the folder with the photos.")
    if not settings.get(declared.BATCH_OUTPUT):
        return tr("Choose a folder for the results.")
    if masks in _PLACES and not settings.get(_PLACES[masks]):
        if masks is MaskFrom.FOLDER:
            return tr("Choose the folder with the masks.")
        return tr("Choose the mask.")
    if masks is MaskFrom.SUFFIX and not settings.get(declared.BATCH_MASK_SUFFIX):
        return tr("Say how the names of the masks end.")
    if masks is MaskFrom.EDITOR and not has_mask:
        return tr("Nothing is painted in the editor: open a photo and paint the mask.")
    return ""


def request_of(settings: Settings, editor_mask: Path | None = None) -> BatchRequest:
    """What the settings ask for; `editor_mask` is the file of the mask that is painted, where that is wanted."""
    return BatchRequest(
        folder=Path(settings.get(declared.BATCH_FOLDER)),
        output=_output(settings),
        masks=_masks(settings, editor_mask),
        options=_options(settings),
        recursive=settings.get(declared.BATCH_RECURSIVE),
        stages=_output(settings) / "stages" if settings.get(declared.BATCH_STAGES) else None,
        naming=settings.get(declared.BATCH_NAMING) or declared.BATCH_NAMING.default,
        suffix=settings.get(declared.BATCH_FORMAT) or None,
        existing=settings.get(declared.BATCH_EXISTING),
        pixel_limit=settings.pixel_limit(),
    )


def report_of(settings: Settings) -> Path | None:
    """Where the report is to be written; None where none is wanted."""
    kind = settings.get(declared.BATCH_REPORT)
    return None if kind is ReportKind.NONE else _output(settings) / f"report{kind.value}"


def begin_as_panel(settings: Settings) -> None:
    """Let a batch fill holes as the panel of the editor has it."""
    for own, panel in declared.BATCH_FILL:
        _copy(settings, own, panel)


def name_preview(settings: Settings) -> str:
    """What the first result would be called, with an example for the photo's name."""
    suffix = settings.get(declared.BATCH_FORMAT) or ".jpg"
    naming = settings.get(declared.BATCH_NAMING) or declared.BATCH_NAMING.default
    try:
        stem = naming.format(stem=_EXAMPLE, number=1)
    except (LookupError, ValueError, AttributeError):
        return tr("Only {stem} and {number} can stand in braces.")
    return tr("{} becomes {}").format(f"{_EXAMPLE}.jpg", f"{stem}{suffix}")


def _copy(settings: Settings, to: Setting[Any], source: Setting[Any]) -> None:
    settings.set(to, settings.get(source))


def _output(settings: Settings) -> Path:
    return Path(settings.get(declared.BATCH_OUTPUT))


def _masks(settings: Settings, editor_mask: Path | None) -> MaskSource:
    match settings.get(declared.BATCH_MASKS):
        case MaskFrom.FOLDER:
            return MaskSource(MaskOrigin.FOLDER, Path(settings.get(declared.BATCH_MASK_FOLDER)))
        case MaskFrom.SUFFIX:
            return MaskSource(MaskOrigin.SUFFIX, suffix=settings.get(declared.BATCH_MASK_SUFFIX))
        case MaskFrom.FILE:
            return MaskSource(MaskOrigin.FILE, Path(settings.get(declared.BATCH_MASK_FILE)))
        case MaskFrom.ALPHA:
            return MaskSource(MaskOrigin.ALPHA)
        case MaskFrom.EDITOR:
            return MaskSource(MaskOrigin.FILE, editor_mask)


def _options(settings: Settings) -> InpaintOptions:
    """The editor's, but for what a batch has of its own; stages that nobody wants are not run."""
    stage = settings.stage_of(settings.get(declared.BATCH_STAGE), settings.get(declared.BATCH_COARSE))
    return InpaintOptions(
        coarse=settings.get(declared.BATCH_COARSE),
        last_stage=Stage.GLOBAL if settings.get(declared.BATCH_STAGES) else stage,
        result_stage=stage,
        grow=settings.get(declared.BATCH_GROW),
        feather=settings.get(declared.BATCH_FEATHER),
        colour_match=settings.get(declared.COLOUR_MATCH),
        detail=settings.get(declared.BATCH_DETAIL),
        working_size=settings.get(declared.WORKING_SIZE),
        device=settings.get(declared.DEVICE),
    )
