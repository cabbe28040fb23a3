"""How much of the picture one output pixel sees, told from the layers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from torch import nn

from app.models.attention import NeighbourhoodAttention


class Span(NamedTuple):
    """Pixels of a row, the last one included."""

    first: int
    last: int


def receptive_field(layers: Sequence[nn.Module]) -> int | None:
    """Pixels, along a side of the input, on which an output pixel may depend; None where that is the whole picture.

    `layers` are those without children and attention, in the order in which they ran; they are taken for a chain.
    Connections that skip some of them are no matter where what they skip sees at least as much, as in LGNet's networks.
    Away from the border, where padding mirrors; the widest of the places among which strides make a difference.
    """
    if any(isinstance(layer, NeighbourhoodAttention | nn.Linear | nn.AdaptiveAvgPool2d) for layer in layers):
        return None
    spans = [_seen_by(pixel, layers) for pixel in range(_period(layers))]
    return max(span.last - span.first + 1 for span in spans)


def _seen_by(pixel: int, layers: Sequence[nn.Module]) -> Span:
    span = Span(pixel, pixel)
    for layer in reversed(layers):
        span = _before(layer, span)
    return span


def _before(layer: nn.Module, span: Span) -> Span:
    """What of a layer's input `span` of its output depends on."""
    match layer:
        case nn.ConvTranspose2d():
            step, margin, reach = _sizes(layer)
            return Span(-((reach - margin - span.first) // step), (span.last + margin) // step)
        case nn.Conv2d():
            step, margin, reach = _sizes(layer)
            return Span(span.first * step - margin, span.last * step - margin + reach)
        case nn.ReflectionPad2d():
            return Span(span.first - layer.padding[0], span.last - layer.padding[0])
        case _:
            return span


def _sizes(layer: nn.Conv2d | nn.ConvTranspose2d) -> tuple[int, int, int]:
    """Stride, padding, and pixels from the first to the last that the kernel covers; along a row."""
    padding = layer.padding[-1]
    if isinstance(padding, str):
        raise TypeError("a padding must be a number")
    return layer.stride[-1], padding, layer.dilation[-1] * (layer.kernel_size[-1] - 1)


def _period(layers: Sequence[nn.Module]) -> int:
    """After so many pixels of the output all is as before: what the layers that enlarge come to."""
    return math.prod(layer.stride[-1] for layer in layers if isinstance(layer, nn.ConvTranspose2d))
