"""The brush that brings the photograph back as it was opened."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from app.imaging.geometry import Point
from app.ui.tools.brush import BrushTool
from app.ui.tools.tools import CursorShape


class RestoreTool(BrushTool):
    """The brush in all but what it paints. There is nothing to invert: with Alt it restores, too."""

    def cursor(self, point: Point, modifiers: Qt.KeyboardModifier) -> CursorShape:
        """The brush's ring with a sign of its own."""
        return replace(super().cursor(point, modifiers), restores=True)

    def _inverted(self, modifiers: Qt.KeyboardModifier) -> bool:
        return False
