"""Where the files that travel with the program lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(folder: str) -> Path:
    inside = _PACKAGE / "shipped" / folder
    return inside if inside.is_dir() else _PACKAGE.parent / folder


def resource(name: str) -> Path:
    """The file `name` of the resources folder, such as ``sample.jpg``; it may be missing in a broken install."""
    return _shipped("resources") / name


def weights_folder(name: str = "lgnet-small") -> Path:
    """The folder of the shipped weights called `name`."""
    return _shipped("weights") / name
