"""The small pictures that a style sheet refers to."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "glyphs"


def glyph(name: str) -> str:
    """The path of the picture `name`, as a style sheet wants it."""
    return (_FOLDER / f"{name}.svg").as_posix()
