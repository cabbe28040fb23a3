"""An object removed from a photograph of 24 megapixels, from file to file."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from app.bench.options import BenchOptions
from app.bench.pictures import large_photograph
from app.imaging import exemplar
from app.imaging.arrays import Mask
from app.imaging.files import read_photo, write_image, write_photo
from app.inference.catalog import best_stage
from app.inference.detail import warm_up
from app.inference.engine import Engine
from app.inference.request import (
    Event,
    InpaintOptions,
    InpaintRequest,
    RunReport,
    Stage,
    StageResult,
)
from app.memory import peak_mb

SIZE, QUICK_SIZE = (6000, 4000), (600, 400)


def measure_removal(options: BenchOptions) -> dict[str, Any]:
    """Seconds of every step, with LGNet's own coarse network and with exemplar; the process's peak memory.

    All stages run; detail is built on the best one for the coarse inpainter, and that is what is written. ``total`` is
    from the file read to the file written; loading the networks counts, compiling does not.
    """
    size = QUICK_SIZE if options.quick else SIZE
    image, mask = large_photograph(*size)
    share = float((mask > 0).mean())
    warm_up()
    exemplar.warm_up()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photograph.jpg"
        write_image(path, image)
        del image
        runs = {
            coarse: _removed(path, mask, _options(coarse, options), options.weights) for coarse in ("lgnet", "exemplar")
        }
    return {
        "megapixels": round(size[0] * size[1] / 1e6, 2),
        "hole_share": round(share, 4),
        "runs": runs,
        "peak_memory_mb": peak_mb(),
    }


def _options(coarse: str, options: BenchOptions) -> InpaintOptions:
    return InpaintOptions(coarse=coarse, result_stage=best_stage(coarse), device=options.device)


def _removed(path: Path, mask: Mask, options: InpaintOptions, weights: Path | None) -> dict[str, Any]:
    began = time.perf_counter()
    photo = read_photo(path)
    read = time.perf_counter() - began
    result: StageResult | None = None
    report: RunReport | None = None
    event: Event
    for event in Engine(weights).run(InpaintRequest(photo.pixels, mask, options)):
        if isinstance(event, StageResult):
            result = event
        elif isinstance(event, RunReport):
            report = event
    assert result is not None
    assert report is not None
    saving = time.perf_counter()
    write_photo(path.with_name("result.jpg"), result.laid_over(photo.pixels), photo)
    ended = time.perf_counter()
    names = ("load", *(stage.value for stage in Stage))
    seconds = {"read": read, **{name: report.seconds.get(name, 0.0) for name in names}}
    seconds |= {"save": ended - saving, "total": ended - began}
    rounded = {name: round(value, 3) for name, value in seconds.items()}
    scales = [round(region.scale, 3) for region in report.regions]
    return {"model": report.model, "device": report.device, "seconds": rounded, "scales": scales}
