"""The brush as the user has set it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
"""Smallest and largest brush diameter, image pixels."""


class BrushSettings(QObject):
    """Size, hardness and pen pressure of the brush, shared by the tools, the canvas cursor and the tool panel."""

    changed = Signal()

    def __init__(self, size: float = 60.0, hardness: float = 0.8, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = min(max(size, MIN_SIZE), MAX_SIZE)
        self._hardness = min(max(hardness, 0.0), 1.0)
        self._pressure_sets_size = True

    @property
    def size(self) -> float:
        """Diameter in image pixels, 1…2000."""
        return self._size

    def set_size(self, size: float) -> None:
        """Set the diameter; clamped to 1…2000."""
        size = min(max(float(size), MIN_SIZE), MAX_SIZE)
        if size != self._size:
            self._size = size
            self.changed.emit()

    @property
    def hardness(self) -> float:
        """0 = soft to the centre, 1 = hard edge."""
        return self._hardness

    def set_hardness(self, hardness: float) -> None:
        """Set the hardness; clamped to 0…1."""
        hardness = min(max(float(hardness), 0.0), 1.0)
        if hardness != self._hardness:
            self._hardness = hardness
            self.changed.emit()

    @property
    def pressure_sets_size(self) -> bool:
        """True where the pressure of a pen scales the size."""
        return self._pressure_sets_size

    def set_pressure_sets_size(self, on: bool) -> None:
        """Switch pen pressure on or off."""
        if on != self._pressure_sets_size:
            self._pressure_sets_size = on
            self.changed.emit()
