"""Which files a run takes its networks from, and their hashes. Importing this loads torch."""

from __future__ import annotations

from pathlib import Path

from app.inference.catalog import actual_name
from app.inference.request import InpaintOptions, Stage, stages_until
from app.models.weights import WeightFile, find_weights
from app.paths import weights_folder

OWN = "lgnet"
"""The coarse inpainter that is a network."""


def weight_files(options: InpaintOptions, weights: Path | None) -> tuple[WeightFile, ...]:
    """The files of the networks that `options` let run, of the folder `weights` or the shipped one.

    Raises `LacunaError` where there is no complete set.
    """
    stages = set(stages_until(options.last_stage))
    if actual_name(options.coarse) != OWN:
        stages.discard(Stage.COARSE)
    if not stages:
        return ()
    return tuple(file for file in find_weights(weights or weights_folder()).files if file.stage in stages)
