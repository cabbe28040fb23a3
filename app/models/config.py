"""The shape of the networks as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Self

from app.errors import LacunaError
from app.words import Words, brief

KIND = "kind"
"""The entry of a configuration as JSON that says which network's it is; without it, LGNet's."""


class NetworkShape:
    """What the configurations of all networks share; each is a frozen dataclass of whole numbers."""

    __slots__ = ()

    kind: ClassVar[str]
    """The network's name, in files and on the command line."""
    stage_names: ClassVar[tuple[str, ...]]
    """The stages it yields, in their order."""
    bounds: ClassVar[Mapping[str, tuple[int, int]]]
    """By field: what the network can be built of, and what could still be run on any machine."""

    def __post_init__(self) -> None:
        for name, value in _numbers(self).items():
            least, most = self.bounds[name]
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
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the model card."""
        return {KIND: self.kind, **_numbers(self)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The inverse of `to_json`; unknown or non-integer fields raise `LacunaError`."""
        try:
            return cls(**{name: int(value) for name, value in data.items() if name != KIND})
        except (TypeError, ValueError, AttributeError, OverflowError) as error:
            raise LacunaError(Words("not a network configuration: {reason}", reason=brief(error))) from error


def _numbers(config: Any) -> dict[str, int]:
    return asdict(config)


@dataclass(frozen=True, slots=True)
class NetworkConfig(NetworkShape):
    """Everything that fixes the names and shapes of LGNet's tensors."""

    kind: ClassVar[str] = "lgnet"
    stage_names: ClassVar[tuple[str, ...]] = ("coarse", "local", "global")
    bounds: ClassVar[Mapping[str, tuple[int, int]]] = {
        "width": (1, 512),
        "channel_cap": (4, 32),
        "levels": (5, 10),
        "residual_blocks": (0, 64),
    }

    width: int = 64
    """Channels of the first level (n in the paper)."""
    channel_cap: int = 8
    """The deep levels have at most ``channel_cap * width`` channels."""
    levels: int = 8
    """Stride-2 levels of the two U-Nets."""
    residual_blocks: int = 4
    """Residual blocks of the local refinement."""

    @property
    def size_multiple(self) -> int:
        """Both sides of an input must be multiples of this."""
        return 1 << self.levels

    def channels(self, level: int) -> int:
        """Channels of the encoder map after `level` (1-based) stride-2 convolutions."""
        return self.width * min(1 << (level - 1), self.channel_cap)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the model card."""
        return _numbers(self)


@dataclass(frozen=True, slots=True)
class ContextEncoderConfig(NetworkShape):
    """Everything that fixes the names and shapes of a context encoder's tensors."""

    kind: ClassVar[str] = "context-encoder"
    stage_names: ClassVar[tuple[str, ...]] = ("coarse",)
    bounds: ClassVar[Mapping[str, tuple[int, int]]] = {
        "width": (1, 512),
        "channel_cap": (1, 32),
        "levels": (2, 8),
        "grid": (2, 16),
    }

    width: int = 24
    """Channels of the first level."""
    channel_cap: int = 8
    """The deep levels have at most ``channel_cap * width`` channels."""
    levels: int = 4
    """Stride-2 convolutions down to the bottleneck."""
    grid: int = 8
    """Cells a side on which the bottleneck is mixed, whatever the size of the picture."""

    @property
    def size_multiple(self) -> int:
        """Both sides of an input must be multiples of this."""
        return 1 << self.levels

    def channels(self, level: int) -> int:
        """Channels of the map after `level` (1-based) stride-2 convolutions."""
        return self.width * min(1 << (level - 1), self.channel_cap)


@dataclass(frozen=True, slots=True)
class ContextualAttentionConfig(NetworkShape):
    """Everything that fixes the names and shapes of a contextual-attention network's tensors."""

    kind: ClassVar[str] = "contextual-attention"
    stage_names: ClassVar[tuple[str, ...]] = ("coarse", "global")
    bounds: ClassVar[Mapping[str, tuple[int, int]]] = {"width": (2, 256), "dilations": (0, 6)}

    width: int = 16
    """Channels at full size; the maps of a quarter of it have four times as many."""
    dilations: int = 4
    """Dilated convolutions in each of the two stages: 2, 4, 8 and 16 pixels apart."""

    @property
    def size_multiple(self) -> int:
        """Both sides of an input must be multiples of this."""
        return 8


AnyConfig = NetworkConfig | ContextEncoderConfig | ContextualAttentionConfig

CONFIG_CLASSES: Mapping[str, type[AnyConfig]] = {
    config.kind: config for config in (NetworkConfig, ContextEncoderConfig, ContextualAttentionConfig)
}
"""The networks there are, by the names of their kinds."""


def read_config(data: Any) -> AnyConfig:
    """The configuration that `to_json` made `data` of; `LacunaError` where there is no such network."""
    kind = data.get(KIND, NetworkConfig.kind) if isinstance(data, dict) else NetworkConfig.kind
    if not isinstance(kind, str) or kind not in CONFIG_CLASSES:
        raise LacunaError(Words("there is no network called {kind}", kind=brief(kind)))
    return CONFIG_CLASSES[kind].from_json(data)


PAPER = NetworkConfig()
"""The published networks, 115 million parameters."""

SMALL = NetworkConfig(width=24, channel_cap=8, levels=7)
"""What this project trains and ships: 12 million parameters, 24 MB as fp16."""
