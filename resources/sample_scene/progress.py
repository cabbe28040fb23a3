"""What the command says while it renders."""

from __future__ import annotations

import time

STARTED = time.monotonic()


def clock(stage: str) -> None:
    """Say which stage has just ended."""
    print(f"{time.monotonic() - STARTED:6.1f} s  {stage}", flush=True)
