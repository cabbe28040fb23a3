"""The shape of the networks as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.errors import LacunaError
from app.words import Words, brief

_BOUNDS = {"width": (1, 512), "channel_cap": (4, 32), "levels": (5, 10), "residual_blocks": (0, 64)}
"""By field: what a network can be built of, and what could still be run on any machine."""


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Everything that fixes the names and shapes of the three generators' tensors."""

    width: int = 64
    """Channels of the first level (n in the paper)."""
    channel_cap: int = 8
    """The deep levels have at most ``channel_cap * width`` channels."""
    levels: int = 8
    """Stride-2 levels of the two U-Nets."""
    residual_blocks: int = 4
    """Residual blocks of the local refinement."""

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            least, most = _BOUNDS[name]
            if not least <= value <= most:
                raise LacunaError(
                    Words(
                        "no network has {value} as its {name}: it must be {least} to {most}",
                        value=brief(value),
                        name=name,
                        least=least,
                        most=most,
                    )
                )

    @property
    def size_multiple(self) -> int:
        """Both sides of an input must be multiples of this."""
        return 1 << self.levels

    def channels(self, level: int) -> int:
        """Channels of the encoder map after `level` (1-based) stride-2 convolutions."""
        return self.width * min(1 << (level - 1), self.channel_cap)

    def to_json(self) -> dict[str, int]:
        """A plain dictionary for the model card."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> NetworkConfig:
        """The inverse of `to_json`; unknown or non-integer fields raise `LacunaError`."""
        try:
            return cls(**{name: int(value) for name, value in data.items()})
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise LacunaError(Words("not a network configuration: {reason}", reason=brief(error))) from error


PAPER = NetworkConfig()
"""The published networks, 115 million parameters."""

SMALL = NetworkConfig(width=24, channel_cap=8, levels=7)
"""What this project trains and ships: 12 million parameters, 24 MB as fp16."""
