"""A model file of the user's own, and the consent without which nothing in it is run. Loads neither torch nor a model.

TorchScript files are programs, and ONNX files run in a large native library: who opens one trusts its source with
everything. So the consent is to bytes, not to a name: a file that was changed since has none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.errors import LacunaError
from app.words import Words, mark

MEANING = mark(
    "A TorchScript file is a program, and an ONNX file runs in a large native library: a malicious one can do whatever"
    " you can do. Only allow files whose source you trust."
)
"""What consent means, for whoever asks for it."""

SUFFIXES = (".onnx", ".pt", ".ts")


class NotAllowedError(LacunaError):
    """A file's content is another than the one that was allowed: ask again."""


@dataclass(frozen=True, slots=True)
class AllowedFile:
    """The user allowed the file at `path` to be run as long as its content has this hash."""

    path: Path
    sha256: str
    """In hexadecimal, lower case."""


def allowed_file(path: Path) -> AllowedFile:
    """The user consented to the file at `path` as it is now. Reads all of it: not for the GUI thread.

    Raises `LacunaError` where it can't be read or is of another kind by its name.
    """
    if path.suffix.lower() not in SUFFIXES:
        kinds = " ".join(SUFFIXES)
        raise LacunaError(Words("{path}: a model of your own is one of {kinds}", path=path.name, kinds=kinds))
    try:
        with path.open("rb") as stream:
            return AllowedFile(path.absolute(), hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError as error:
        raise _unreadable(path) from error


def allowed_bytes(file: AllowedFile) -> bytes:
    """The content that was allowed, all of it. Raises `NotAllowedError` where it is another by now."""
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise _unreadable(file.path) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise NotAllowedError(
            Words("{path} was changed since you allowed it to run: allow it again first", path=file.path.name)
        )
    return data


def _unreadable(path: Path) -> LacunaError:
    return LacunaError(Words("{path} cannot be read: check the model's file", path=path.name))
