"""Files for a moment, for libraries that take only the name of one. Nobody misses them after a crash."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def scratch_file(name: str, data: bytes = b"") -> Iterator[Path]:
    """Yield the path of a file called `name` that holds `data`; it is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="lacuna-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield path


def scratch_stream() -> IO[bytes]:
    """A file without a name, to write to and read from; it is gone when it is closed."""
    return tempfile.TemporaryFile()
