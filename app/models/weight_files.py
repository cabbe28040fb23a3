"""Reading files of tensors that come from anywhere: what they claim is checked before memory is taken for it.

Nothing in a file is run: safetensors hold none, and of pickles only what torch's own allow-list names is unpacked.
"""

from __future__ import annotations

import json
import math
import struct
import warnings
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from app.errors import LacunaError
from app.words import Words, brief

State = dict[str, Tensor]
Shapes = Mapping[str, tuple[int, ...]]

_HEADER_LIMIT = 4 * 2**20
_LENGTH = struct.Struct("<Q")
_MOST_SIDES = 8
"""Of a tensor. A header has room for so many numbers that their product takes minutes."""
_MOST_MEMBERS = 50_000
"""Of a pickle's zip archive: one a tensor."""
_PICKLE_LIMIT = 64 * 2**20
"""Bytes of names and shapes."""
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


def read_safetensors(path: Path, wanted: Shapes | None = None) -> State:
    """The tensors of a safetensors file; `LacunaError` where it is damaged.

    With `wanted` it has to hold exactly these. The header alone decides that, before anything else is read.
    """
    try:
        claims = _claims(path)
        if wanted is not None:
            check_names_and_shapes({name: claim.shape for name, claim in claims.items()}, wanted, path)
        return load_file(path)
    except LacunaError:
        raise
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise LacunaError(
            Words("{path}: not a readable weights file ({reason})", path=path, reason=brief(error))
        ) from error


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


def read_pickle(path: Path, most: int | None = None) -> Any:
    """What `torch.save` put into a file of at most `most` bytes; its tensors may be the file's own pages.

    Raises `LacunaError` where it is damaged, holds anything but plain values and tensors, or unpacks to more than
    it is.
    """
    try:
        is_archive = _checked_archive(path, most)
        with warnings.catch_warnings(action="ignore"):
            content = torch.load(path, map_location="cpu", weights_only=True, mmap=is_archive)
    except LacunaError:
        raise
    except Exception as error:  # torch raises many kinds, some of which recommend to load it all the same
        raise LacunaError(
            Words(
                "{path}: not a checkpoint that can be loaded safely: it is damaged, or holds more than tensors",
                path=path,
            )
        ) from error
    if any(_is_stretched(tensor) for tensor in tensors_in(content)):
        raise LacunaError(Words("{path}: holds a tensor that is larger than its data", path=path))
    return content


def read_state(path: Path, most: int | None = None) -> State:
    """A table of tensors from `read_pickle`."""
    state = read_pickle(path, most)
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    ):
        raise LacunaError(Words("{path}: holds no table of tensors", path=path))
    return state


def _checked_archive(path: Path, most: int | None) -> bool:
    """Whether the file is a zip archive; `LacunaError` where it would unpack to more than it is."""
    size = path.stat().st_size
    if most is not None and size > most:
        raise LacunaError(
            Words(
                "{path}: has {size:,.0f} MB, a checkpoint of this network at most {most:,.0f}",
                path=path,
                size=size / 1e6,
                most=most / 1e6,
            )
        )
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    pickles = sum(member.file_size for member in members if member.filename.endswith(".pkl"))
    if packed or sum(member.file_size for member in members) > size:
        raise LacunaError(Words("{path}: is compressed, which no checkpoint is", path=path))
    if len(members) > _MOST_MEMBERS or pickles > _PICKLE_LIMIT:
        raise LacunaError(Words("{path}: holds more than a checkpoint could", path=path))
    return True


def tensors_in(tree: Any) -> list[Tensor]:
    """All tensors in dictionaries, lists and tuples, however deep."""
    found, waiting, seen = [], [tree], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tensor):
            found.append(part)
        elif isinstance(part, dict | list | tuple) and id(part) not in seen:
            seen.add(id(part))
            waiting.extend(part.values() if isinstance(part, dict) else part)
    return found


def _is_stretched(tensor: Tensor) -> bool:
    """Whether `tensor` shows the same numbers more than once: a copy would take more memory than the file is long."""
    if tensor.layout is not torch.strided:
        return True
    return tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes()
