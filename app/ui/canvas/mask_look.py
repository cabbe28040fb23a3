"""How the mask is drawn over the photograph."""

from __future__ import annotations

from enum import StrEnum


class MaskLook(StrEnum):
    """The styles there are."""

    TINT = "tint"
    """Coloured, with a line along its border."""
    OUTLINE = "outline"
    """The line alone."""
    ANTS = "ants"
    """A dashed line that walks."""
