"""Where the files that travel with the program lie: in a checkout beside the package, in a wheel inside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    inside = _PACKAGE / "shipped" / name
    return inside if inside.exists() else _PACKAGE.parent / name


def resource(name: str) -> Path:
    """The file `name` of the resources folder, such as ``sample.jpg``; it may be missing in a broken install."""
    return _shipped("resources") / name


def licence_file() -> Path:
    """Lacuna's own licence; it may be missing in a broken install."""
    return _shipped("LICENSE")


def weights_folder(name: str = "lgnet-small") -> Path:
    """The folder of the shipped weights called `name`."""
    return _shipped("weights") / name
