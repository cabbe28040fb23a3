"""A model file of the user's own, and the consent without which nothing in it is used. Loads no model.

TorchScript files are programs, and ONNX files run in a large native library: who opens one trusts its source with
everything. Weights of a known network can run nothing; but who made them, and who may use them, no file tells. So
both need consent, and it is to bytes, not to a name: a file that was changed since has none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from app.errors import LacunaError
from app.models.known_names import SAFE, KnownNetwork
from app.words import Words, mark

PROGRAM = mark(
    "A TorchScript file is a program, and an ONNX file runs in a large native library: a malicious one can do whatever"
    " you can do. Only allow files whose source you trust."
)
"""What consent to a program means, for whoever asks for it."""

WEIGHTS = mark(
    "The file holds numbers for a network that Lacuna itself has: it can run nothing. Who made it, and under which"
    " licence it may be used, Lacuna does not know: that is for you to find out."
)
"""What consent to weights means."""

SUFFIXES = (".safetensors", ".onnx", ".pt", ".pth", ".ts")


class NotAllowedError(LacunaError):
    """A file's content is another than the one that was allowed: ask again."""

    def __init__(self, text: str, path: Path | None = None) -> None:
        """`path` is the file's, where it is known."""
        super().__init__(text)
        self.path = path


@dataclass(frozen=True, slots=True)
class AllowedFile:
    """The user allowed the file at `path` to be used as long as its content has this hash."""

    path: Path
    sha256: str
    """In hexadecimal, lower case."""
    network: KnownNetwork = KnownNetwork.NONE
    """Whose weights it holds, as was seen then; NONE is a program."""

    @property
    def meaning(self) -> str:
        """What consent to it means, marked."""
        return PROGRAM if self.network is KnownNetwork.NONE else WEIGHTS


def meaning_of(path: Path) -> str:
    """What consent to the file at `path` would mean, marked, as far as its name tells."""
    return WEIGHTS if path.suffix.lower() == SAFE else PROGRAM


def allowed_file(path: Path) -> AllowedFile:
    """The user consented to the file at `path` as it is now. Reads all of it: not for the GUI thread.

    Raises `LacunaError` where it can't be read, is of another kind by its name, or holds weights of no known network.
    """
    if path.suffix.lower() not in SUFFIXES:
        kinds = " ".join(SUFFIXES)
        raise LacunaError(Words("{path}: a model of your own is one of {kinds}", path=path.name, kinds=kinds))
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _unreadable(path) from error
    from app.models.known import is_weights, known_in  # the layouts of networks: only where a file is looked into

    network = known_in(path).network if is_weights(path) else KnownNetwork.NONE
    return AllowedFile(path.absolute(), sha256, network)


def allowed_bytes(file: AllowedFile) -> bytes:
    """The content that was allowed, all of it. Raises `NotAllowedError` where it is another by now.

    What held weights is looked at first: no memory is taken for what may have become anything.
    """
    if not file.path.is_file():
        raise _unreadable(file.path)
    if file.network is not KnownNetwork.NONE:
        from app.models.known import known_in

        known_in(file.path)
    try:
        data = file.path.read_bytes()
    except OSError as error:
        raise _unreadable(file.path) from error
    if hashlib.sha256(data).hexdigest() != file.sha256:
        raise NotAllowedError(
            Words("{path} was changed since you allowed it to be used: allow it again first", path=file.path.name),
            file.path,
        )
    return data


def _unreadable(path: Path) -> LacunaError:
    return LacunaError(Words("{path} cannot be read: check the model's file", path=path.name))
