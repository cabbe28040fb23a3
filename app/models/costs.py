"""What a network takes to run, told by its own layers without running them: their tensors have shapes, and no data."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry, sdpa_flop_count

from app.models.attention import NeighbourhoodAttention
from app.models.config import NetworkConfig
from app.models.figures import NetworkCost
from app.models.lgnet import LGNet
from app.models.reach import receptive_field

INPUT_CHANNELS = 4

Precision = Callable[[], AbstractContextManager[object]]
"""Makes the context in which the network would run, such as one of half precision."""


def stage_costs(
    config: NetworkConfig, height: int, width: int, precision: Precision = nullcontext
) -> dict[str, NetworkCost]:
    """What the stages of the networks that `config` describes take for a picture of `height` × `width`.

    Both are multiples of `config.size_multiple`. Some tenths of a second, some seconds the first time; other networks
    may run meanwhile on other threads.
    """
    with FakeTensorMode():
        network = LGNet(config).eval().requires_grad_(False)
        inputs = torch.zeros((1, INPUT_CHANNELS, height, width)).contiguous(memory_format=torch.channels_last)
        return {name: network_cost(part, inputs, precision) for name, part in network.stage_networks().items()}


def network_cost(network: nn.Module, inputs: Tensor, precision: Precision = nullcontext) -> NetworkCost:
    """What `network` takes for `inputs`, one picture ``(1, C, H, W)``: it is run on them, with or without data."""
    ran: list[nn.Module] = []
    told = [part for part in network.modules() if isinstance(part, NeighbourhoodAttention) or not [*part.children()]]
    hooks = [part.register_forward_hook(lambda part, *_: ran.append(part)) for part in told]
    try:
        with torch.no_grad(), precision(), _Ledger() as ledger:
            network(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    parameters = sum(parameter.numel() for parameter in network.parameters())
    return NetworkCost(parameters, ledger.operations // 2, ledger.most, receptive_field(ran))


class _Ledger(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Sees every operation on this thread: counts what it computes, and follows the memory its results take."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.operations = 0
        """Additions and multiplications."""
        self.most = 0
        self._alive = 0
        self._known: weakref.WeakSet[Any] = weakref.WeakSet()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """See torch."""
        result = func(*args, **(kwargs or {}))
        count = _COUNTS.get(func._overloadpacket)
        if count is not None:
            self.operations += count(*args, **(kwargs or {}), out_val=result)
        for leaf in tree_leaves(result):
            if isinstance(leaf, Tensor):
                self._add(leaf.untyped_storage())
        return result

    def _add(self, storage: Any) -> None:
        if storage not in self._known:
            self._known.add(storage)
            size = int(storage.nbytes())
            self._alive += size
            self.most = max(self.most, self._alive)
            weakref.finalize(storage, self._remove, size)

    def _remove(self, size: int) -> None:
        self._alive -= size


def _attention(query: Tensor, key: Tensor, value: Tensor, *_: Any, **__: Any) -> int:
    return int(sdpa_flop_count(query.shape, key.shape, value.shape))  # type: ignore[no-untyped-call]


_COUNTS = {**flop_registry, torch.ops.aten._scaled_dot_product_flash_attention_for_cpu: _attention}
"""Operations to the functions that count theirs; torch's own table leaves the processor's attention out."""
