"""What commands print: JSON on stdout, progress on stderr where that is a terminal."""

from __future__ import annotations

import json
import sys
from typing import Any


def print_json(content: dict[str, Any]) -> None:
    """Exactly one JSON object on one line of stdout."""
    print(json.dumps(content, ensure_ascii=False, allow_nan=False), flush=True)


def note(text: str) -> None:
    """A sentence for the person at the terminal, on stderr."""
    print(f"lacuna: {text[:1].lower()}{text[1:].removesuffix('.')}", file=sys.stderr, flush=True)


def shows_progress() -> bool:
    """True where a progress bar would be seen."""
    return sys.stderr.isatty()
