"""How long a batch takes: what has passed, and what is left as far as measured files tell. Never a guess."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

_LOOKED_BACK = 20
"""Files by which the time of the others is measured."""


class BatchClock:
    """Measures a batch, its pauses left out."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is seconds from any beginning."""
        self._now = now
        self._before, self._file_began = 0.0, 0.0
        self._since: float | None = None
        self._files: deque[float] = deque(maxlen=_LOOKED_BACK)
        """What the last files took."""

    def reset(self) -> None:
        """Nothing was measured yet."""
        self._before, self._since = 0.0, None
        self._files.clear()

    def run(self) -> None:
        """Time counts from now on; a file begins now."""
        if self._since is None:
            self._since = self._now()
            self._file_began = self.elapsed

    def rest(self) -> None:
        """Time does not count any longer."""
        self._before, self._since = self.elapsed, None

    def file_ended(self) -> None:
        """One more file was worked on, the next one begins."""
        self._files.append(self.elapsed - self._file_began)
        self._file_began = self.elapsed

    @property
    def elapsed(self) -> float:
        """Seconds in all."""
        return self._before + (0.0 if self._since is None else self._now() - self._since)

    def left(self, files: int) -> float | None:
        """Seconds that `files` more will take, by the last ones; None where none was measured yet."""
        return files * sum(self._files) / len(self._files) if self._files else None
