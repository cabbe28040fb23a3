"""What commands print: JSON on stdout, progress on stderr where that is a terminal."""

from __future__ import annotations

import json
import sys
from typing import Any

import psutil


def print_json(content: dict[str, Any]) -> None:
    """Exactly one JSON object on one line of stdout."""
    print(json.dumps(content, ensure_ascii=False, allow_nan=False), flush=True)


def note(text: str) -> None:
    """A sentence for the person at the terminal, on stderr."""
    print(f"lacuna: {text[:1].lower()}{text[1:].removesuffix('.')}", file=sys.stderr, flush=True)


def shows_progress() -> bool:
    """True where a progress bar would be seen."""
    return sys.stderr.isatty()


def peak_memory_mb() -> float:
    """The most memory this process has held so far, in MB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 1e6
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3
