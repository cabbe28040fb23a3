"""Weights and checkpoints as an enemy would make them: code in pickles, bombs, headers that lie."""

from __future__ import annotations

import builtins
import io
import json
import os
import pickle
import struct
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch

from app.training.checkpoints import CHECKPOINT_FORMAT
from tests.fuzzing.case import Files, Kind
from tests.networks import write_tiny_weights

Maker = Callable[[], Files]

_MEGABYTE = 2**20
_BOMB = 600 * _MEGABYTE
_STAGES = ("coarse", "local", "global")
_TOUCH = 'import os; open(os.environ["LACUNA_CANARY"], "w").close()'


class _Code:
    """Unpickling it calls a function."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = function, arguments

    def __reduce__(self) -> Any:
        return self._call


def harms() -> dict[str, Any]:
    """Objects whose unpickling leaves a trace, by name."""
    return {
        "exec": _Code(builtins.exec, _TOUCH),
        "eval": _Code(eval, f"exec({_TOUCH!r})"),
        "system": _Code(os.system, 'touch "$LACUNA_CANARY"'),
        "load": _Code(torch.load, io.BytesIO(pickle.dumps(_Code(builtins.exec, _TOUCH)))),
        "getattr": _Code(getattr, _Code(__import__, "os"), "system"),
    }


@cache
def tiny_weights() -> Files:
    """A valid folder of weights, not to be changed."""
    with tempfile.TemporaryDirectory() as folder:
        made = write_tiny_weights(Path(folder))
        names = ["model.json", *sorted(each.name for each in made.glob("*.safetensors"))]
        return {name: (made / name).read_bytes() for name in names}


def checkpoint() -> bytes:
    """A valid one."""
    return _saved({"format": CHECKPOINT_FORMAT, "step": 3, "network": {"a": torch.ones(40, 40)}, "words": ["x"] * 9})


def published(first: bytes | None = None) -> Files:
    """A published set of which all files are `first`, or of the right names with one small tensor each."""
    data = first if first is not None else _saved({"model.model.0.weight": torch.ones(64, 4, 4, 4)})
    return {f"latest_net_G{number}.pth": data for number in (1, 2, 3)}


def features() -> bytes:
    """Weights of an extractor, of which most are missing."""
    return safetensors({"conv1.weight": ("F32", [64, 3, 3, 3], [0, 6912])}, bytes(6912))


def _saved(content: Any, *, old: bool = False) -> bytes:
    out = io.BytesIO()
    torch.save(content, out, _use_new_zipfile_serialization=not old)
    return out.getvalue()


def safetensors(header: dict[str, Any] | bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header, of (kind, shape, offsets) by name; its `length` may lie."""
    if isinstance(header, dict):
        fields = ("dtype", "shape", "data_offsets")
        described = {name: dict(zip(fields, entry, strict=True)) for name, entry in header.items()}
        header = json.dumps(described).encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + body


def vouched(files: Files, name: str, data: bytes) -> Files:
    """The folder with other bytes in a file, whose hash the card promises."""
    import hashlib

    card = json.loads(files["model.json"])
    for entry in card["files"].values():
        if entry["file"] == name:
            entry["sha256"] = hashlib.sha256(data).hexdigest()
    return files | {name: data, "model.json": json.dumps(card).encode()}


def with_stage(stage: str, data: bytes) -> Files:
    """A folder whose card vouches for `data`."""
    return vouched(tiny_weights(), f"{stage}.safetensors", data)


def with_card(**changes: Any) -> Files:
    """A folder with other entries in its card."""
    files = tiny_weights()
    card = json.loads(files["model.json"])
    return files | {"model.json": json.dumps(card | changes).encode()}


def _zip(*members: tuple[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def _torch_zip(data: bytes, *storages: tuple[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    return _zip(
        ("archive/data.pkl", data),
        ("archive/byteorder", b"little"),
        ("archive/version", b"3\n"),
        *((f"archive/data/{name}", content) for name, content in storages),
        packing=packing,
    )


def _lying_tensor(shape: tuple[int, ...], stride: tuple[int, ...], name: str = "conv1.weight") -> bytes:
    """A checkpoint with a tensor that claims more than its storage holds."""
    out = io.BytesIO()
    torch.save({name: torch.zeros(4)}, out)
    with zipfile.ZipFile(out) as archive:
        members = [(each, archive.read(each)) for each in archive.namelist()]

    def ints(values: tuple[int, ...]) -> bytes:
        packed = b"".join(b"\x8a\x08" + value.to_bytes(8, "little", signed=True) for value in values)
        return b"(" + packed + b"t"

    changed = []
    for each, data in members:
        if each.endswith("data.pkl"):
            at = data.index(b"K\x04\x85")
            end = data.index(b"K\x01\x85", at)
            stop = end + 3
            if data[stop : stop + 1] == b"q":
                stop += 2
            data = data[:at] + ints(shape) + ints(stride) + data[stop:]
        changed.append((each, data))
    return _zip(*changed)


def _configs() -> dict[str, dict[str, Any]]:
    plain = {"width": 4, "channel_cap": 4, "levels": 5, "residual_blocks": 4}
    return {
        "wide": plain | {"width": 10**9},
        "deep": plain | {"levels": 4_000},
        "levels": plain | {"levels": 60},
        "blocks": plain | {"residual_blocks": 10**8},
        "cap": plain | {"channel_cap": 10**12},
        "words": plain | {"width": "a lot"},
        "infinite": plain | {"width": float("inf")},
        "digits": plain | {"width": "9" * 5_000},
        "surplus": plain | {"__class__": 1},
        "list": [1, 2],  # type: ignore[dict-item]
    }


def weight_nasties() -> dict[str, tuple[Kind, Maker]]:
    """By name."""
    found: dict[str, tuple[Kind, Maker]] = {}
    for name, harm in harms().items():
        data, inside = pickle.dumps(harm, protocol=2), {"model": harm}
        disguises: dict[str, Callable[[], bytes]] = {
            "pickle": lambda data=data: data,  # type: ignore[misc]
            "torch": lambda inside=inside: _torch_zip(pickle.dumps(inside, protocol=2)),  # type: ignore[misc]
            "packed": lambda data=data: _torch_zip(data, packing=zipfile.ZIP_DEFLATED),  # type: ignore[misc]
            "old": lambda inside=inside: b"".join(  # type: ignore[misc]
                pickle.dumps(each, protocol=2) for each in (0x1950A86A20F9469CFC6C, 1001, {}, inside, [])
            ),
        }
        for disguise, make in disguises.items():
            found[f"{name}-{disguise}.pth"] = Kind.WEIGHTS, lambda make=make: published(make())
            found[f"{name}-{disguise}.pt"] = Kind.CHECKPOINT, lambda make=make: {"checkpoint.pt": make()}
            found[f"{name}-{disguise}-features"] = Kind.FEATURES, lambda make=make: {"vgg16.pth": make()}
            found[f"{name}-{disguise}.safetensors"] = (
                Kind.WEIGHTS,
                lambda make=make: with_stage("coarse", make()),
            )
    return found | _safetensors() | _cards() | _archives()


def _safetensors() -> dict[str, tuple[Kind, Maker]]:
    name, plain = "downs.0.conv.weight", ("F32", [4, 4, 4, 4], [0, 1024])
    headers: dict[str, Callable[[], bytes]] = {
        "length": lambda: safetensors({name: plain}, bytes(1024), 2**63),
        "length-big": lambda: safetensors({name: plain}, bytes(1024), 90_000_000),
        "offsets": lambda: safetensors({name: plain, "b": plain}, bytes(1024)),
        "shape": lambda: safetensors({name: ("F32", [2**40, 2**40], [0, 1024])}, bytes(1024)),
        "shape-huge": lambda: safetensors({name: ("F32", [2**31, 4], [0, 2**35])}, bytes(1024)),
        "negative": lambda: safetensors({name: ("F32", [-4, 4], [0, 1024])}, bytes(1024)),
        "kind": lambda: safetensors({name: ("Q99", [4], [0, 16])}, bytes(16)),
        "sides": lambda: safetensors({name: ("F32", [10**18] * 150_000, [0, 1024])}, bytes(1024)),
        "list": lambda: safetensors(b"[]"),
        "no-json": lambda: safetensors(b"{" * 60_000),
        "nested": lambda: safetensors(b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
        "many": lambda: safetensors({f"t{n}": ("F32", [0], [0, 0]) for n in range(300_000)}),
        "surplus": lambda: safetensors({name: ("F32", [100, 2**20], [0, 400 * _MEGABYTE])}, bytes(400 * _MEGABYTE)),
        "nothing": lambda: b"",
        "short": lambda: b"\1\0\0",
    }
    found: dict[str, tuple[Kind, Maker]] = {}
    for key, make in headers.items():
        found[f"header-{key}.safetensors"] = Kind.WEIGHTS, lambda make=make: with_stage("coarse", make())
        found[f"header-{key}-features"] = Kind.FEATURES, lambda make=make: {"squeezenet.safetensors": make()}
    return found


def _cards() -> dict[str, tuple[Kind, Maker]]:
    def card(data: bytes) -> Maker:
        return lambda: tiny_weights() | {"model.json": data}

    def elsewhere(path: str) -> Maker:
        return lambda: with_card(files={stage: {"file": path, "sha256": "0" * 64} for stage in _STAGES})

    found: dict[str, tuple[Kind, Maker]] = {
        f"config-{key}": (Kind.WEIGHTS, lambda config=config: with_card(config=config))
        for key, config in _configs().items()
    }
    texts = {
        "list": b"[1, 2]",
        "null": b"null",
        "nested": b"[" * 100_000,
        "huge": b'{"format": "' + b"a" * (200 * _MEGABYTE) + b'"}',
        "format": json.dumps({"format": "a\nb" * 10_000}).encode(),
        "bytes": b"\xff\xfe\0\0",
        "number": b'{"format": ' + b"9" * 1_000_000 + b"}",
    }
    found |= {f"card-{key}": (Kind.WEIGHTS, card(data)) for key, data in texts.items()}
    places = {
        "root": "/etc/passwd", "up": "../../../../etc/passwd", "device": "/dev/zero", "dot": "..", "none": "",
        "null": "a\0b", "long": "a" * 5_000, "line": "a\nb",
    }  # fmt: skip
    found |= {f"card-place-{key}": (Kind.WEIGHTS, elsewhere(path)) for key, path in places.items()}
    found["card-name"] = Kind.WEIGHTS, lambda: with_card(name={"a": [1] * 9})
    found["card-files"] = Kind.WEIGHTS, lambda: with_card(files=[1, 2, 3])
    return found


def _archives() -> dict[str, tuple[Kind, Maker]]:
    empty = pickle.dumps({}, protocol=2)
    makers: dict[str, Callable[[], bytes]] = {
        "bomb": lambda: _torch_zip(empty, ("0", bytes(_BOMB)), packing=zipfile.ZIP_DEFLATED),
        "bomb-pickle": lambda: _torch_zip(bytes(_BOMB), packing=zipfile.ZIP_DEFLATED),
        "members": lambda: _torch_zip(empty, *((str(n), b"") for n in range(70_000))),
        "slip": lambda: _zip(("archive/data.pkl", empty), ("../../slip", b"x"), ("/tmp/slip", b"x")),
        "no-pickle": lambda: _zip(("a", b"b")),
        "nested": lambda: _torch_zip(b"\x80\x02" + b"(" * 500_000 + b"."),
        "lists": lambda: _torch_zip(b"\x80\x02" + b"]" * 3_000_000 + b"."),
        "memo": lambda: _torch_zip(b"\x80\x02" + b"]q\0" + b"h\0h\0\x86" * 200_000 + b"."),
        "long-string": lambda: _torch_zip(b"\x80\x02X\xff\xff\xff\x7fabc."),
        "long-int": lambda: _torch_zip(b"\x80\x02\x8b\xff\xff\xff\x7fabc."),
        "put": lambda: _torch_zip(b"\x80\x02Nr\xff\xff\xff\xff."),
        "wide": lambda: _lying_tensor((2**20, 2**20), (0, 0)),
        "wider": lambda: _lying_tensor((64, 3, 3, 3), (2**40, 1, 1, 1)),
        "spread": lambda: _lying_tensor((2**40,), (0,)),
        "script": lambda: _zip(
            ("archive/data.pkl", empty), ("archive/constants.pkl", empty), ("archive/code/x.py", b"")
        ),
        "half": lambda: checkpoint()[:-300],
        "numbers": lambda: _saved({"format": CHECKPOINT_FORMAT, 3: 4}),
        "list": lambda: _saved([1, 2, 3]),
        "sparse": lambda: _saved(
            {"a": torch.sparse_coo_tensor(torch.tensor([[0]]), torch.ones(1), (1,), check_invariants=True)}
        ),
    }
    found: dict[str, tuple[Kind, Maker]] = {}
    for key, make in makers.items():
        found[f"archive-{key}.pth"] = Kind.WEIGHTS, lambda make=make: published(make())
        found[f"archive-{key}.pt"] = Kind.CHECKPOINT, lambda make=make: {"checkpoint.pt": make()}
        found[f"archive-{key}-features"] = Kind.FEATURES, lambda make=make: {"vgg16.pth": make()}
    return found
