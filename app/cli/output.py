"""What commands print: JSON on stdout, progress on stderr where that is a terminal."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from typing import Any

from app.inference.request import SECONDS
from app.memory import peak_mb


def print_json(content: dict[str, Any]) -> None:
    """Exactly one JSON object on one line of stdout."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False)
    try:
        text.encode("utf-8")  # a file's name may be no text, which some systems' stdout would let through as it is
        print(text, flush=True)
    except UnicodeEncodeError:  # or a terminal knows few letters
        print(json.dumps(content, allow_nan=False), flush=True)


def print_line(text: str) -> None:
    """`text` on one line of stdout, with escapes in place of what it has no letters for."""
    try:
        print(text, flush=True)
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode("ascii"), flush=True)


def run_summary(
    model: str,
    device: str,
    seconds: dict[str, float],
    regions: Sequence[tuple[int, int, int, int, float]],
    hole_pixels: int,
    warnings: Sequence[str],
) -> dict[str, Any]:
    """What `--json` says of a filled photograph; regions are as of `Region.numbers`."""
    return {
        "model": model,
        "device": device,
        "seconds": {name: round(seconds.get(name, 0.0), 3) for name in SECONDS},
        "regions": [list(region) for region in regions],
        "hole_pixels": hole_pixels,
        "peak_memory_mb": peak_mb(),
        "warnings": list(warnings),
    }


def note(text: str) -> None:
    """A sentence for the person at the terminal, on stderr."""
    print(f"lacuna: {text[:1].lower()}{text[1:].removesuffix('.')}", file=sys.stderr, flush=True)


def shows_progress() -> bool:
    """True where a progress bar would be seen."""
    return sys.stderr.isatty()


class Terminal(io.TextIOBase):
    """stderr by a handle of its own: what is written arrives while a decoder on another thread is kept from writing
    to the usual one (`app.imaging.formats.pillow.silent`). Close it.
    """

    def __init__(self) -> None:
        sys.stderr.flush()
        self._handle: int | None = None
        with contextlib.suppress(OSError, ValueError):  # it may be none of the system's
            self._handle = os.dup(sys.stderr.fileno())

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As the usual one's."""
        return sys.stderr.encoding or "utf-8"

    def write(self, text: str) -> int:
        """Write at once; no error where nobody is there to read."""
        if self._handle is None:
            return sys.stderr.write(text)
        with contextlib.suppress(OSError):
            os.write(self._handle, text.encode(self.encoding, "backslashreplace"))
        return len(text)

    def fileno(self) -> int:
        """The handle."""
        if self._handle is None:
            raise OSError("there is no stderr")
        return self._handle

    def isatty(self) -> bool:
        """True where a progress bar would be seen."""
        return self._handle is not None and os.isatty(self._handle)

    def close(self) -> None:
        """Give the handle back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        super().close()
