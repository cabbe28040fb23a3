"""How a session remembers a photograph that it does not hold: where it was, and by what it is known again."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import LacunaError, read_failure


@dataclass(frozen=True, slots=True)
class PhotoReference:
    """A photograph's file as it was when it was opened."""

    path: Path
    """Absolute."""
    sha256: str
    """Of the whole file, hexadecimal."""
    size: int
    """Bytes."""

    @classmethod
    def of(cls, path: Path) -> PhotoReference:
        """The file at `path` as it is now; reads it once. `LacunaError` where that fails."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                size = os.fstat(file.fileno()).st_size
        except OSError as error:
            raise read_failure(error, path) from error
        return cls(path.absolute(), digest, size)

    def is_of(self, path: Path) -> bool:
        """True where the file at `path` holds the same bytes."""
        try:
            return path.stat().st_size == self.size and PhotoReference.of(path).sha256 == self.sha256
        except (OSError, LacunaError):
            return False

    def to_json(self) -> dict[str, Any]:
        """For a manifest."""
        return {"path": str(self.path), "sha256": self.sha256, "size": self.size}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PhotoReference:
        """The inverse; KeyError, TypeError or ValueError where `data` is no reference."""
        return cls(Path(str(data["path"])), str(data["sha256"]), int(data["size"]))
