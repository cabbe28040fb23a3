"""What a batch was made with, so that its report says how to make it again: weights, versions, machine."""

from __future__ import annotations

import platform

from app import __version__
from app.batch.request import BatchRequest
from app.inference.catalog import NETWORKS, OWN, actual_name
from app.machine import cpu_name, system_name, usable_cores, version_of
from app.memory import physical_mb

PACKAGES = {
    "torch": "torch",
    "numpy": "numpy",
    "opencv": "opencv-python-headless",
    "pillow": "pillow",
    "tifffile": "tifffile",
    "jpeglib": "jpeglib",
    "numba": "numba",
}
"""The packages that have a say in the pixels: the report's word for each and the distribution's name."""


def models_used(request: BatchRequest) -> tuple[tuple[str, str, str], ...]:
    """Name, file and sha256 of all that `request` runs with; a coarse inpainter comes first, and may have no file.

    Loads torch and reads the files: not for the GUI thread. Raises `LacunaError` where the weights are gone.
    """
    from app.inference.weight_files import weight_files

    coarse, own = actual_name(request.options.coarse), request.options.coarse_file
    if coarse == OWN or coarse in NETWORKS:
        foreign: tuple[tuple[str, str, str], ...] = ()
    else:
        foreign = ((coarse, "", "") if own is None else (coarse, str(own.path), own.sha256),)
    files = weight_files(request.options, request.weights)
    return foreign + tuple((f"{name} {each.stage}", str(each.path), each.sha256()) for name, each in files)


def versions() -> dict[str, str]:
    """Versions of the program, the interpreter and the packages that have a say in the pixels."""
    installed = {word: version_of(name) for word, name in PACKAGES.items()}
    return {"lacuna": __version__, "python": platform.python_version(), **installed}


def machine() -> dict[str, str]:
    """What the batch ran on, without the names of machine and user: ``system``, ``cpu``, ``cores``, ``memory``."""
    memory = physical_mb()
    return {
        "system": f"{system_name()}, {platform.machine()}",
        "cpu": cpu_name(),
        "cores": str(usable_cores()),
        "memory": "–" if memory is None else f"{memory / 1e3:.1f} GB",
    }
