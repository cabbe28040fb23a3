"""What a file of tensors says it holds: names and shapes, read before anything else. Loads no torch."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from app.errors import LacunaError
from app.words import Words, brief

Shapes = Mapping[str, tuple[int, ...]]

_HEADER_LIMIT = 4 * 2**20
_LENGTH = struct.Struct("<Q")
_MOST_SIDES = 8
"""Of a tensor. A header has room for so many numbers that their product takes minutes."""
_BYTES = {
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2, "U16": 2, "I8": 1,
    "U8": 1, "BOOL": 1,
}  # fmt: skip
"""Of one number, by safetensors' names of kinds."""


class _Claim(NamedTuple):
    """What a header says of a tensor."""

    shape: tuple[int, ...]
    start: int
    stop: int


def safetensors_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Every tensor a safetensors file holds, as its header has it; `LacunaError` where that cannot be."""
    try:
        return {name: claim.shape for name, claim in _claims(path).items()}
    except (OSError, ValueError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> LacunaError:
    """What to tell of a file of weights that reading failed on with `error`."""
    return LacunaError(Words("{path}: not a readable weights file ({reason})", path=path, reason=brief(error)))


def _claims(path: Path) -> dict[str, _Claim]:
    """Read the header; ValueError where it says what cannot be."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else size
        if length > min(_HEADER_LIMIT, size - _LENGTH.size):
            raise ValueError("its header is longer than the file or than a header may be")
        described = json.loads(file.read(length))
    if not isinstance(described, dict):
        raise TypeError("its header is no table")
    claims = {name: _claim(entry) for name, entry in described.items() if name != "__metadata__"}
    spans = sorted((claim.start, claim.stop) for claim in claims.values())
    if any(first[1] > second[0] for first, second in pairwise(spans)):
        raise ValueError("its tensors lie over one another")
    if spans and spans[-1][1] != size - _LENGTH.size - length:
        raise ValueError("it is not as long as its header says")
    return claims


def _claim(entry: dict[str, Any]) -> _Claim:
    shape, (start, stop) = tuple(entry["shape"]), entry["data_offsets"]
    if len(shape) > _MOST_SIDES:
        raise ValueError("a tensor in it has more sides than any")
    if not all(type(number) is int and number >= 0 for number in (*shape, start, stop)):
        raise ValueError("a shape or a place in it is no number")
    if math.prod(shape) * _BYTES[entry["dtype"]] != stop - start:
        raise ValueError("a tensor in it is not as large as its shape")
    return _Claim(shape, start, stop)


def check_names_and_shapes(have: Shapes, wanted: Shapes, path: Path) -> None:
    """`LacunaError` that names the first tensor that is missing, of another shape, or too much."""
    for name, shape in wanted.items():
        if name not in have:
            raise LacunaError(Words("{path}: the tensor {tensor} is missing", path=path, tensor=name))
        if have[name] != shape:
            raise LacunaError(
                Words(
                    "{path}: the tensor {tensor} has the shape {have}, the network wants {want}",
                    path=path,
                    tensor=name,
                    have=brief(have[name]),
                    want=shape,
                )
            )
    for name in sorted(have.keys() - wanted.keys()):
        raise LacunaError(Words("{path}: holds the unknown tensor {tensor}", path=path, tensor=brief(name)))
