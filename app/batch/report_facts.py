"""A batch's settings in words, for its report."""

from __future__ import annotations

from app.batch.request import BatchRequest, Existing, MaskOrigin, MaskSource
from app.imaging.files import PIXEL_LIMIT
from app.inference.catalog import actual_name
from app.inference.request import InpaintOptions

Facts = list[tuple[str, object]]
"""Names and values, in order."""

_EXISTING = {
    Existing.REFUSE: "are failures",
    Existing.SKIP: "are left out",
    Existing.OVERWRITE: "are replaced",
    Existing.NUMBER: "stay; the new one gets a number",
}


def settings_facts(request: BatchRequest) -> Facts:
    """All of `request`, in the order in which the window asks for it."""
    return [
        ("photos", request.folder),
        ("folders below it", _word(request.recursive)),
        ("results", request.output),
        ("masks", _masks(request.masks)),
        *_filling(request.options),
        ("weights", request.weights or "shipped"),
        ("names", request.naming),
        ("format", request.suffix or "each photo's own"),
        ("results there already", _EXISTING[request.existing]),
        ("stages written to", request.stages or "–"),
        ("at most", "all photos" if request.limit is None else f"{request.limit} photos"),
        ("largest photo", _limit(request)),
    ]


def _masks(source: MaskSource) -> str:
    match source.origin:
        case MaskOrigin.FOLDER:
            return f"from {source.path}"
        case MaskOrigin.SUFFIX:
            return f"beside each photo, {source.suffix}"
        case MaskOrigin.FILE:
            return f"{source.path} for all"
        case MaskOrigin.ALPHA:
            return "each photo's transparency"


def _filling(options: InpaintOptions) -> Facts:
    coarse = actual_name(options.coarse)
    if options.exact:
        return [
            ("coarse inpainter", coarse),
            ("result", options.built_on),
            ("exact", "yes"),
            ("device", options.device),
        ]
    return [
        ("coarse inpainter", coarse),
        ("result", options.built_on),
        ("detail", _word(options.detail)),
        ("grow, feather", f"{options.grow} px, {options.feather} px"),
        ("colour match", _word(options.colour_match)),
        ("working size", f"{options.working_size} px"),
        ("device", options.device),
    ]


def _limit(request: BatchRequest) -> str:
    return "any" if request.allow_huge else f"{(request.pixel_limit or PIXEL_LIMIT) / 1e6:g} megapixels"


def _word(flag: bool) -> str:
    return "yes" if flag else "no"
