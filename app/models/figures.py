"""What a network takes to run, in figures. Loads no torch; `app.models.costs` counts them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NetworkCost:
    """Of one network, for one picture or several."""

    parameters: int
    multiply_adds: int
    """Of convolutions and matrix products, those of attention included; of several pictures, the sum."""
    memory: int
    """Bytes of the tensors that are alive at the same time, at most, beside the parameters and the input; of several
    pictures, the largest. What libraries take for themselves within an operation does not count.
    """
    receptive_field: int | None
    """Pixels along the side of what an output pixel depends on; None for the whole picture."""
