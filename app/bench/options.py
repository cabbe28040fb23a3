"""What to measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from app.inference.request import DeviceChoice

PROGRESS = "… "
"""What a section says on stderr behind this is how far it has come."""


class Section(StrEnum):
    """The parts of a bench, in the order they run."""

    NETWORKS = "networks"
    REMOVAL = "removal"
    CANVAS = "canvas"
    FILES = "files"
    BATCH = "batch"


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
    photos: int = 12
    """Of the batch; a tenth of them is damaged."""
    images: Path | None = None
    """Where the batch's photographs are taken from; None: the sample."""
    kills: int = 0
    """How often the batch is killed and resumed, besides a run that is not; 0: there is only that."""

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"weights": _text(self.weights), "images": _text(self.images)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> BenchOptions:
        """The inverse of `to_json`."""
        paths = {name: None if data[name] is None else Path(data[name]) for name in ("weights", "images")}
        return cls(**data | paths | {"device": DeviceChoice(data["device"])})


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
