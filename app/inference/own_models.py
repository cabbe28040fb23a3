"""The user's own models as settings keep them: a plain text. Loads no torch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.inference.allowed import AllowedFile
from app.models.known_names import KnownNetwork

NONE = "[]"
"""The text that holds none."""
MOST = 32
_LONGEST = 80
"""Letters of a name."""
_NUMBER = 4
"""Letters of it that its number may take."""


@dataclass(frozen=True, slots=True)
class OwnModel:
    """One of them: no two have the same name."""

    name: str
    file: AllowedFile
    """Its hash is empty while it is not allowed."""

    @property
    def is_allowed(self) -> bool:
        """The user consented to the file as it was then."""
        return bool(self.file.sha256)


def own_models(text: str) -> tuple[OwnModel, ...]:
    """Those that `text` holds, as `kept` wrote it; of garbage, as much as makes sense."""
    try:
        entries = json.loads(text)
        found = [_model(entry) for entry in entries] if isinstance(entries, list) else []
    except (ValueError, TypeError, KeyError, RecursionError):
        return ()
    return tuple({model.name: model for model in found}.values())[:MOST]


def allowed_models(text: str) -> tuple[OwnModel, ...]:
    """Of those that `text` holds the ones that may be used: run each as `InpaintOptions` with `coarse` ``custom`` and
    its `file` as `coarse_file`."""
    return tuple(model for model in own_models(text) if model.is_allowed)


def kept(models: Iterable[OwnModel]) -> str:
    """The text that holds `models`."""
    return json.dumps(
        [
            {
                "name": each.name,
                "path": str(each.file.path),
                "sha256": each.file.sha256,
                "network": each.file.network.value,
            }
            for each in models
        ],
        ensure_ascii=False,
    )


def with_model(models: Sequence[OwnModel], file: AllowedFile) -> tuple[OwnModel, ...]:
    """`models` with `file` among them: in the place of the one at its path, or last, by a name that says what it is.

    More than `MOST` are not kept: add none to so many.
    """
    if any(each.file.path == file.path for each in models):
        return tuple(replace(each, file=file) if each.file.path == file.path else each for each in models)
    return (*models, OwnModel(free_name(model_name(file), models), file))


def without(models: Iterable[OwnModel], path: Path) -> tuple[OwnModel, ...]:
    """`models` but for the one at `path`."""
    return tuple(each for each in models if each.file.path != path)


def renamed(models: Sequence[OwnModel], old: str, new: str) -> tuple[OwnModel, ...]:
    """`models` with another name for one; an empty one changes nothing, and one that is taken gets a number."""
    others = [each for each in models if each.name != old]
    name = free_name(new.strip(), others) if new.strip() else old
    return tuple(replace(each, name=name) if each.name == old else each for each in models)


def recognised(models: Sequence[OwnModel], file: AllowedFile) -> tuple[OwnModel, ...]:
    """`models`, the one at `file`'s path by the name of its network, unless it goes by one of the user's own."""
    automatic = set(_names(file.path.name)) if file.network.label else set()
    found = next((each.name for each in models if each.file.path == file.path and each.name in automatic), None)
    return tuple(models) if found is None else renamed(models, found, model_name(file))


def model_name(file: AllowedFile) -> str:
    """What a file is called at first, e.g. ``LaMa (big-lama.safetensors)``."""
    label = file.network.label
    return f"{label} ({file.path.name})" if label else file.path.name


def free_name(name: str, models: Iterable[OwnModel]) -> str:
    """`name`, shortened, and with a number where one of `models` has it."""
    taken = {each.name for each in models}
    return next(each for each in _names(name) if each not in taken)


def _names(name: str) -> Iterator[str]:
    """What a model may be called for `name`: that, or with a number; more than `MOST`."""
    yield name[:_LONGEST]
    for number in range(2, MOST + 2):
        yield f"{name[: _LONGEST - _NUMBER]} {number}"


def known_as(network: str) -> KnownNetwork:
    """The network of this name; NONE where none is known by it."""
    return KnownNetwork(network) if network in set(KnownNetwork) else KnownNetwork.NONE


def _model(entry: Any) -> OwnModel:
    name, path, sha256 = (str(entry[key]) for key in ("name", "path", "sha256"))
    return OwnModel(name[:_LONGEST], AllowedFile(Path(path), sha256, known_as(entry.get("network", ""))))
