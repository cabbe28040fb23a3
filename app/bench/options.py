"""What to measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.inference.request import DeviceChoice


class Section(StrEnum):
    """The parts of a bench, in the order they run."""

    NETWORKS = "networks"
    REMOVAL = "removal"
    CANVAS = "canvas"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What every section is told."""

    weights: Path | None = None
    """None: the shipped ones."""
    device: DeviceChoice = DeviceChoice.AUTO
    """AUTO: the processor, and the graphics card where there is one; the removal takes the best."""
    threads: int | None = None
    """Processor threads; None: torch's own number."""
    quick: bool = False
    """Small pictures, one repeat: shows that all of it runs; the figures mean little."""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"weights": None if self.weights is None else str(self.weights)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BenchOptions:
        """The inverse of `to_json`."""
        weights = None if data["weights"] is None else Path(data["weights"])
        return cls(weights, DeviceChoice(data["device"]), data["threads"], data["quick"])
