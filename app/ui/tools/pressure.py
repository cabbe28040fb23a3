"""How the pressure of a pen becomes the size of the brush."""

from __future__ import annotations

import math
from enum import StrEnum

LIGHTEST = 0.05
"""Share of the size that the lightest touch has: some pens come down with no pressure at all."""


class PressureCurve(StrEnum):
    """How hard one has to press for a wide stroke."""

    SOFT = "soft"
    LINEAR = "linear"
    FIRM = "firm"

    def share(self, pressure: float) -> float:
        """The share of the brush's size, `LIGHTEST`…1, that a pressure of 0…1 gives."""
        return max(math.pow(min(max(pressure, 0.0), 1.0), _EXPONENTS[self]), LIGHTEST)


_EXPONENTS = {PressureCurve.SOFT: 0.5, PressureCurve.LINEAR: 1.0, PressureCurve.FIRM: 2.0}
