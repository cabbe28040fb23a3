"""The inpainting methods that `evaluate` compares, each one function from photograph and hole to a result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import HOLE, Hole, Image
from app.inference.catalog import COARSE_INPAINTERS
from app.inference.coarse import build_coarse
from app.inference.engine import Engine
from app.inference.request import InpaintOptions, InpaintRequest, Stage, StageResult

Method = Callable[[Image, Hole], Image]

LGNET_STAGES = {"lgnet-coarse": Stage.COARSE, "lgnet-local": Stage.LOCAL, "lgnet": Stage.GLOBAL}
REFINED = "+refine"


def method_names() -> tuple[str, ...]:
    """Every name `--methods` takes."""
    foreign = [info.name for info in COARSE_INPAINTERS if info.name != "lgnet"]
    return (*LGNET_STAGES, *foreign, *(name + REFINED for name in foreign))


def build_method(name: str, engine: Engine, options: InpaintOptions) -> Method:
    """The method called `name`; `options` say whether the engine's regions and detail run or the bare networks."""
    if name in LGNET_STAGES:
        return _engine_method(engine, replace(options, coarse="lgnet", last_stage=LGNET_STAGES[name]))
    base = name.removesuffix(REFINED)
    if name not in method_names():
        raise LacunaError(f"no method is called {name}: choose from {', '.join(method_names())}")
    if name.endswith(REFINED):
        return _engine_method(engine, replace(options, coarse=base, last_stage=Stage.GLOBAL))
    coarse = build_coarse(base)
    if coarse is None:
        raise LacunaError(f"{base} is not a method by itself: choose lgnet-coarse")
    return coarse.fill


def _engine_method(engine: Engine, options: InpaintOptions) -> Method:
    def fill(image: Image, hole: Hole) -> Image:
        request = InpaintRequest(image, np.where(hole, np.uint8(HOLE), np.uint8(0)), options)
        events = engine.run(request)
        results = {event.stage: event for event in events if isinstance(event, StageResult)}
        return results[options.last_stage].laid_over(image)

    return fill
