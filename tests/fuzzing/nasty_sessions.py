"""Session files as an enemy would make them: bombs, names that lead elsewhere, manifests that lie."""

from __future__ import annotations

import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from app.document.document import Document
from app.document.edits import MaskEdit
from app.imaging.files import read_photo
from tests.fuzzing.nasties import png
from tests.photo_files import noise, saved
from tests.test_session_file import write

Entries = dict[str, bytes]
Maker = Callable[[], bytes]

_MANIFEST = "manifest.json"
_MEGABYTE = 2**20


@lru_cache
def session() -> bytes:
    """A valid one, with its photo in it."""
    with tempfile.TemporaryDirectory() as folder:
        place = saved(Path(folder) / "sea.png", noise(60, 40))
        document = Document(read_photo(place))
        for value in (255, 0, 255):
            edit = MaskEdit.between("Brush", document.mask, np.full((40, 60), value, np.uint8))
            assert edit is not None
            document.apply(edit)
        return write(Path(folder), document, place, embed=True).read_bytes()


def _entries() -> Entries:
    with zipfile.ZipFile(io.BytesIO(session())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(entries: Entries, packing: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in entries.items():
            archive.writestr(name, data, zipfile.ZIP_DEFLATED if name == _MANIFEST else packing)
    return out.getvalue()


def _with_manifest(path: str, value: Any) -> bytes:
    """With another value at ``a.b.c`` of the manifest."""
    entries = _entries()
    manifest = json.loads(entries[_MANIFEST])
    *above, last = path.split(".")
    part = manifest
    for key in above:
        part = part[key]
    part[last] = value
    return _packed(entries | {_MANIFEST: json.dumps(manifest).encode()})


def _with_entry(name: str, data: bytes) -> bytes:
    return _packed(_entries() | {name: data})


def _photo_entry() -> str:
    return next(name for name in _entries() if name.startswith("photo/"))


def session_nasties() -> dict[str, Maker]:
    """By file name."""
    values: dict[str, tuple[str, Any]] = {
        "edits": ("history.edits", 2**31),
        "edits-negative": ("history.edits", -1),
        "index": ("history.index", 10**18),
        "width": ("photo.width", 2**31),
        "height": ("photo.height", -(2**63)),
        "bits": ("photo.bits", 10**9),
        "slip": ("photo.embedded", "../../../../etc/passwd"),
        "entry": ("photo.embedded", "manifest.json"),
        "device": ("photo.file", {"path": "/dev/zero", "relative": None, "sha256": "0" * 64, "size": 1}),
        "name": ("photo.name", "a\nb\0" * 100_000),
        "version": ("least_version", 10**30),
        "version-text": ("version", "1"),
        "contexts": ("contexts", [[0, 0, 1, 1]] * 1_000_000),
        "context": ("contexts", [[2**70, 0, -1, float("inf")]]),
        "results": ("results", [{}] * 500_000),
        "settings": ("settings", {"a": [[]] * 300_000}),
        "list": ("photo", [1, 2]),
    }
    texts = {
        "nested": b'{"format":' + b"[" * 300_000,
        "bomb": b" " * (600 * _MEGABYTE) + b"{}",
        "digits": b'{"format": ' + b"9" * 500_000 + b"}",
        "null": b"null",
        "bytes": bytes(range(256)),
    }
    lengths = {"zero": 0, "huge": 2**32 - 1, "much": 60 * _MEGABYTE}
    found: dict[str, Maker] = {
        f"manifest-{key}.lacuna": lambda path=path, value=value: _with_manifest(path, value)  # type: ignore[misc]
        for key, (path, value) in values.items()
    }
    found |= {
        f"text-{key}.lacuna": lambda data=data: _with_entry(_MANIFEST, data)  # type: ignore[misc]
        for key, data in texts.items()
    }
    found |= {
        f"edit-{key}.lacuna": lambda size=size: _with_entry("edits/0000.bin", struct.pack("<I", size) + b"{}")  # type: ignore[misc]
        for key, size in lengths.items()
    }
    return found | {
        "photo-bomb.lacuna": lambda: _with_entry(_photo_entry(), png(60_000, 60_000, rows=False)),
        "photo-other.lacuna": lambda: _with_entry(_photo_entry(), png(60, 40)),
        "mask-bomb.lacuna": lambda: _with_entry("mask.png", png(60_000, 60_000, rows=False)),
        "small-bomb.lacuna": lambda: _with_entry("thumbnail.png", png(60_000, 60_000, rows=False)),
        "all-packed.lacuna": lambda: _packed(_entries(), zipfile.ZIP_DEFLATED),
        "zip-slip.lacuna": lambda: _packed(_entries() | {"../../slip": b"x", "/tmp/slip": b"x", "C:\\slip": b"x"}),
        "zip-bomb.lacuna": lambda: _packed(_entries() | {"base.bin": bytes(600 * _MEGABYTE)}, zipfile.ZIP_DEFLATED),
        "many-entries.lacuna": lambda: _packed(_entries() | {f"results/{n}": b"" for n in range(200_000)}),
        "no-manifest.lacuna": lambda: _packed({"a": b"b"}),
        "nothing.lacuna": lambda: b"PK\5\6" + bytes(18),
        "long-comment.lacuna": lambda: session()[:-2] + struct.pack("<H", 65_535) + bytes(65_535),
        "ahead.lacuna": lambda: bytes(30 * _MEGABYTE) + session(),
    }
