"""The brush as the user has set it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.ui.tools.pressure import PressureCurve

MIN_SIZE, MAX_SIZE = 1.0, 2000.0
"""Smallest and largest brush diameter, image pixels."""

_SIZE_STEP = 1.15
_HARDNESS_STEP = 0.1


class BrushSettings(QObject):
    """Size, hardness and pen pressure of the brush, shared by the tools, the canvas cursor and the tool panel."""

    changed = Signal()

    def __init__(self, size: float = 60.0, hardness: float = 0.8, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._size = min(max(size, MIN_SIZE), MAX_SIZE)
        self._hardness = min(max(hardness, 0.0), 1.0)
        self._curve: PressureCurve | None = PressureCurve.LINEAR

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

    def resize(self, steps: int) -> None:
        """Make the brush larger or smaller by that many steps of 15 %, at least one pixel each."""
        size = self._size * _SIZE_STEP**steps
        self.set_size(max(size, self._size + steps) if steps > 0 else min(size, self._size + steps))

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

    def harden(self, steps: int) -> None:
        """Make the edge harder or softer by that many steps of 10 %."""
        self.set_hardness(round(self._hardness + steps * _HARDNESS_STEP, 2))

    @property
    def pressure_curve(self) -> PressureCurve | None:
        """How the pressure of a pen scales the size; None where it doesn't."""
        return self._curve

    def set_pressure_curve(self, curve: PressureCurve | None) -> None:
        """Choose another curve, or switch the pressure off."""
        if curve is not self._curve:
            self._curve = curve
            self.changed.emit()

    def share(self, pressure: float) -> float:
        """The share of the size with which a pressure of 0…1 paints."""
        return 1.0 if self._curve is None else self._curve.share(pressure)
