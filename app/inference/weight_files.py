"""Which folders and files a run takes its networks from. Importing this loads torch."""

from __future__ import annotations

from pathlib import Path

from app.inference.catalog import NETWORKS, OWN, actual_name
from app.inference.request import InpaintOptions, Stage, stages_until
from app.models.weights import WeightFile, find_weights, kind_in
from app.paths import weights_folder

_SHIPPED = {OWN: "lgnet-small"}
"""The shipped folders that are not called as their network is."""


def folder_of(kind: str, weights: Path | None) -> Path:
    """Where the weights of the network `kind` lie: in `weights`, where that holds such, else with the program."""
    if weights is not None and (kind_in(weights) or OWN) == kind:
        return weights
    return weights_folder(_SHIPPED.get(kind, kind))


def weight_files(options: InpaintOptions, weights: Path | None) -> tuple[tuple[str, WeightFile], ...]:
    """The files of the networks that `options` let run, each with its network's name; see `folder_of`.

    Raises `LacunaError` where a set is not complete.
    """
    name, stages = actual_name(options.coarse), set(stages_until(options.last_stage))
    found = []
    if name in NETWORKS:
        found += [(name, file) for file in find_weights(folder_of(name, weights)).files]
    if name != OWN:
        stages.discard(Stage.COARSE)
    if stages:
        files = find_weights(folder_of(OWN, weights)).files
        found += [(OWN, file) for file in files if file.stage in stages]
    return tuple(found)
