"""Reading files of tensors that come from anywhere: what they claim is checked before memory is taken for it.

Nothing in a file is run: safetensors hold none, and of pickles only what torch's own allow-list names is unpacked.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from app.errors import LacunaError
from app.models.headers import Shapes, check_names_and_shapes, safetensors_shapes, unreadable
from app.words import Words

State = dict[str, Tensor]

_MOST_MEMBERS = 50_000
"""Of a pickle's zip archive: one a tensor."""
_PICKLE_LIMIT = 64 * 2**20
"""Bytes of names and shapes."""


def read_safetensors(path: Path, wanted: Shapes | None = None) -> State:
    """The tensors of a safetensors file; `LacunaError` where it is damaged.

    With `wanted` it has to hold exactly these. The header alone decides that, before anything else is read.
    """
    shapes = safetensors_shapes(path)
    if wanted is not None:
        check_names_and_shapes(shapes, wanted, path)
    try:
        return load_file(path)
    except (OSError, SafetensorError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise unreadable(path, error) from error


def read_pickle(path: Path, most: int | None = None, data: bytes | None = None) -> Any:
    """What `torch.save` put into a file of at most `most` bytes; its tensors may be the file's own pages.

    With `data`, the file's content, the file itself is not read again. Raises `LacunaError` where it is damaged, holds
    anything but plain values and tensors, or unpacks to more than it is.
    """
    try:
        is_archive = _checked_archive(path, most, data)
        with warnings.catch_warnings(action="ignore"):
            source, mapped = (path, is_archive) if data is None else (io.BytesIO(data), False)
            content = torch.load(source, map_location="cpu", weights_only=True, mmap=mapped)
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


def read_state(path: Path, most: int | None = None, data: bytes | None = None) -> State:
    """A table of tensors from `read_pickle`."""
    state = read_pickle(path, most, data)
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in state.items()
    ):
        raise LacunaError(Words("{path}: holds no table of tensors", path=path))
    return state


def _checked_archive(path: Path, most: int | None, data: bytes | None) -> bool:
    """Whether the file is a zip archive; `LacunaError` where it would unpack to more than it is."""
    size = path.stat().st_size if data is None else len(data)
    if most is not None and size > most:
        raise LacunaError(
            Words(
                "{path}: has {size:,.0f} MB, a checkpoint of this network at most {most:,.0f}",
                path=path,
                size=size / 1e6,
                most=most / 1e6,
            )
        )
    source = path if data is None else io.BytesIO(data)
    if not zipfile.is_zipfile(source):
        return False
    with zipfile.ZipFile(source) as archive:
        members = archive.infolist()
    packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
    pickles = sum(member.file_size for member in members if member.filename.endswith(".pkl"))
    if packed or sum(member.file_size for member in members) > size:
        raise LacunaError(Words("{path}: is compressed, which no checkpoint is", path=path))
    if len(members) > _MOST_MEMBERS or pickles > _PICKLE_LIMIT:
        raise LacunaError(Words("{path}: holds more than a checkpoint could", path=path))
    return True


def shapes_of(state: State) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor."""
    return {name: tuple(tensor.shape) for name, tensor in state.items()}


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
