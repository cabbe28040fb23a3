"""What a model card says beyond names and hashes: where the photographs came from, how it was trained, its figures."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import torch

from app.atomic import write_bytes, write_text
from app.errors import LacunaError
from app.inference.device import device_label
from app.models.config import ContextEncoderConfig, ContextualAttentionConfig, NetworkConfig
from app.models.weights import CARD_NAME, WeightFolder
from app.training.config import TrainConfig

LICENCE = "MIT"
SOURCE = "Trained by this project; network after {}"
PAPERS = {
    NetworkConfig.kind: "Quan et al., IEEE TIP 31 (2022)",
    ContextEncoderConfig.kind: "Pathak et al., CVPR 2016",
    ContextualAttentionConfig.kind: "Yu et al., CVPR 2018",
}
"""Where each kind of network was published."""

ANCESTOR_FIELDS = ("steps", "images", "seconds", "hardware", "command", "notes", "started_from")


class Spent(NamedTuple):
    """What a run has taken so far, all its sittings together."""

    steps: int
    images: int
    seconds: float


def training_card(
    config: TrainConfig,
    photographs: int,
    progress: Spent,
    hardware: str,
    sources: Path | None,
    ancestor: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The entries of a freshly trained network's card. `sources` is a CSV with the columns file, source, licence.

    `ancestor` says whose weights the run began with (see `ancestor_of`).
    """
    data: dict[str, Any] = {"photographs": photographs}
    if sources is not None:
        data["sources"] = _counted(sources)
    training = {
        "config": config.to_json(),
        "steps": progress.steps,
        "images": progress.images,
        "seconds": round(progress.seconds),
        "hardware": hardware,
    }
    if ancestor is not None:
        training["started_from"] = ancestor
    source = SOURCE.format(PAPERS[config.network.kind])
    return {"licence": LICENCE, "source": source, "data": data, "training": training}


def ancestor_of(found: WeightFolder) -> dict[str, Any]:
    """What a card says of the weights that a run began with: their hashes, and how they were trained themselves."""
    told = found.card.get("training", {})
    history = {name: told[name] for name in ANCESTOR_FIELDS if name in told}
    return {"name": found.name, "sha256": {file.stage: file.sha256() for file in found.files}, **history}


def hardware_name(device: torch.device, processes: int) -> str:
    """E.g. ``2 × cuda: NVIDIA H200`` or ``cpu, 4 threads``."""
    name = device_label(device) if device.type != "cpu" else f"cpu, {torch.get_num_threads()} threads"
    return name if processes == 1 else f"{processes} × {name}"


def record_figures(folder: Path, figures: dict[str, Any]) -> None:
    """Write `figures` into the model card of `folder`, in place of those of an earlier evaluation."""
    path = folder / CARD_NAME
    card = _read_card(path) | {"figures": figures}
    write_text(path, json.dumps(card, indent=2, ensure_ascii=False) + "\n")


def check_recordable(folder: Path) -> None:
    """Before anything is measured: a model card in `folder` that can be written, as is tried; else `LacunaError`."""
    path = folder / CARD_NAME
    _read_card(path)
    write_bytes(path, path.read_bytes())


def _read_card(path: Path) -> dict[str, Any]:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LacunaError(f"{path}: no model card to write the figures into") from error
    if not isinstance(card, dict):
        raise LacunaError(f"{path}: no model card to write the figures into")
    return card


def _counted(path: Path) -> list[dict[str, Any]]:
    """How many photographs came from which source under which licence, the largest first."""
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            counts = Counter((row["source"], row["licence"]) for row in csv.DictReader(stream))
    except (OSError, KeyError, ValueError) as error:
        raise LacunaError(f"{path}: not a table with the columns file, source and licence") from error
    return [{"source": source, "licence": licence, "photographs": n} for (source, licence), n in counts.most_common()]
