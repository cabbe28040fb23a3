"""Networks of others that are known by their tensors' names and shapes: LaMa and MI-GAN. Loads no torch."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from app.errors import LacunaError
from app.models.headers import Shapes, check_names_and_shapes, safetensors_shapes
from app.models.known_names import SAFE, KnownNetwork
from app.models.lama_layout import FIRST, LamaConfig, lama_config, lama_shapes
from app.models.migan_layout import FIRST as MIGAN_FIRST
from app.models.migan_layout import GRID, MiganConfig, migan_config, migan_shapes
from app.words import Words

MOST_BYTES = 2**30
"""Of a checkpoint that is looked into."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A network that fits a file's tensors, name by name."""

    config: LamaConfig | MiganConfig
    prefix: str
    """What stands before all names."""

    @property
    def network(self) -> KnownNetwork:
        """Which it is."""
        return KnownNetwork.LAMA if isinstance(self.config, LamaConfig) else KnownNetwork.MIGAN


def recognised(shapes: Shapes, path: Path) -> Recognised:
    """The network whose tensors `shapes` are, all of them and no others; counts of batches may be missing.

    Raises `LacunaError` where it is none, or names what does not fit.
    """
    shapes = {name: shape for name, shape in shapes.items() if not is_count(name) or shape != ()}
    for find in (_lama, _migan):
        found = find(shapes)
        if found is not None:
            network, wanted = found
            check_names_and_shapes(shapes, {f"{network.prefix}{name}": shape for name, shape in wanted.items()}, path)
            return network
    raise LacunaError(
        Words(
            "{path}: these are weights of no network that is known here (LaMa, MI-GAN); any other can be used as"
            " TorchScript or ONNX",
            path=path.name,
        )
    )


def is_count(name: str) -> bool:
    """The tensor counts batches: only training needs it, and some files leave it out."""
    return name.endswith("num_batches_tracked")


def is_weights(path: Path) -> bool:
    """A file of tensors: safetensors by its name, or an archive of `torch.save` that holds no program."""
    if path.suffix.lower() == SAFE:
        return True
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
    return any(name.endswith(".pkl") for name in names) and not any("/code/" in f"/{name}" for name in names)


def known_in(path: Path) -> Recognised:
    """The network whose weights lie in `path`, by names and shapes alone; `LacunaError` where it is none.

    Loads torch where the file is a checkpoint.
    """
    if path.suffix.lower() == SAFE:
        return recognised(safetensors_shapes(path), path)
    from app.models.weight_files import read_state, shapes_of

    return recognised(shapes_of(read_state(path, MOST_BYTES)), path)


def _lama(shapes: Shapes) -> tuple[Recognised, Shapes] | None:
    prefix = next((name.removesuffix(FIRST) for name in shapes if name.endswith(FIRST)), None)
    config = None if prefix is None else lama_config(_bare(shapes, prefix))
    return None if config is None else (Recognised(config, prefix or ""), lama_shapes(config))


def _migan(shapes: Shapes) -> tuple[Recognised, Shapes] | None:
    match = next(filter(None, map(MIGAN_FIRST.fullmatch, shapes)), None)
    config = None if match is None else migan_config(_bare(shapes, match[1]))
    if match is None or config is None:
        return None
    wanted = migan_shapes(config, with_grids=any(name.endswith(GRID) for name in shapes))
    return Recognised(config, match[1]), wanted


def _bare(shapes: Shapes, prefix: str) -> dict[str, tuple[int, ...]]:
    return {name.removeprefix(prefix): shape for name, shape in shapes.items() if name.startswith(prefix)}
