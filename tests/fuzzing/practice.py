"""The harm that the watch is there for, done on purpose: a watch that sees nothing proves nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from tests.fuzzing.case import Case, Fault, Kind

_MEMORY = 300 * 2**20


def cases() -> list[Case]:
    """A file for each kind of harm that a worker can do."""
    wanted = [fault for fault in Fault if fault is not Fault.UNSAVED]
    return [Case(each.value, Kind.PRACTICE, lambda each=each: {"harm.txt": each.value.encode()}) for each in wanted]  # type: ignore[misc]


def do_harm(path: Path) -> None:
    """The harm that the file names."""
    if not path.exists():
        return
    match Fault(path.read_text(encoding="ascii")):
        case Fault.CRASH:
            os.abort()
        case Fault.HANG:
            _hang()
        case Fault.CODE:
            Path(os.environ["LACUNA_CANARY"]).touch()
        case Fault.MEMORY:
            bytearray(os.urandom(1) * _MEMORY)
        case Fault.ERROR:
            raise ValueError("nobody caught this")
        case Fault.PRINTED:
            os.write(2, b"a library has something to say\n")


def _hang() -> NoReturn:
    while True:
        pass
