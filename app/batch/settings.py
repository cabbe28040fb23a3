"""What of a request decides how its outputs look and what they are called: a batch goes on only with the same."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.batch.request import BatchRequest, MaskOrigin
from app.inference.request import InpaintOptions

Values = dict[str, Any]

_DEFAULTS = asdict(InpaintOptions())
_LATER = ("seed", "context_scale")
"""Left out at their defaults: the journals of batches begun before there were these go on."""


def settings_of(request: BatchRequest) -> Values:
    """Plain values by name. How many photos, what happens to files that exist, and the device are no part of it."""
    options = asdict(request.options)
    del options["device"]
    for name in _LATER:
        if options[name] == _DEFAULTS[name]:
            del options[name]
    source = request.masks
    masks: Values = {"origin": str(source.origin)}
    if source.origin in {MaskOrigin.FOLDER, MaskOrigin.FILE} and source.path is not None:
        masks["path"] = str(source.path.resolve())
    if source.origin is MaskOrigin.SUFFIX:
        masks["suffix"] = source.suffix
    return {
        "folder": str(request.folder.resolve()),
        "masks": masks,
        "stages": None if request.stages is None else str(request.stages.resolve()),
        "naming": request.naming,
        "format": request.suffix,
        "weights": None if request.weights is None else str(request.weights.resolve()),
        **{name: _plain(value) for name, value in options.items()},
    }


def differing(one: Values, other: Values) -> list[str]:
    """The names under which the two hold different values."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _plain(value: Any) -> bool | int | str | None:
    return value if value is None or isinstance(value, bool | int) else str(value)
