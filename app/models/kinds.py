"""The networks there are, by the classes of their configurations."""

from __future__ import annotations

from typing import Any

from app.models.config import AnyConfig, ContextEncoderConfig, ContextualAttentionConfig, NetworkConfig
from app.models.context_encoder import ContextEncoder
from app.models.contextual_attention import ContextualAttentionNetwork
from app.models.lgnet import LGNet
from app.models.staged import StagedNetwork

_CLASSES: dict[type[AnyConfig], Any] = {
    NetworkConfig: LGNet,
    ContextEncoderConfig: ContextEncoder,
    ContextualAttentionConfig: ContextualAttentionNetwork,
}


def network_class(config: AnyConfig) -> type[StagedNetwork]:
    """The network that `config` is for."""
    found: type[StagedNetwork] = _CLASSES[type(config)]
    return found


def build_network(config: AnyConfig) -> StagedNetwork:
    """A network as `config` says, in training mode, its weights drawn at random."""
    return network_class(config)(config)
