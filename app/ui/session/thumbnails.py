"""Thumbnails of files, made on the pool one after the other, so that other work is not held up by a folder of them."""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.document.session_file import session_thumbnail
from app.imaging.arrays import Image
from app.imaging.photo_thumbnails import ThumbnailCache, read_thumbnail
from app.ui.session.jobs import Err, JobRunner, Ok
from app.ui.session.opening import is_session

_AT_HAND = 400
"""Thumbnails kept in memory."""


class Thumbnails(QObject):
    """Asked with `request`, answers with `ready`; what can't be read has no thumbnail and is not asked for again."""

    ready = Signal(object, object)
    """The `Path` and its thumbnail ``(h, w, 3)``."""

    def __init__(self, runner: JobRunner, cache: ThumbnailCache | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._cache = cache or ThumbnailCache(_folder(), read=_read)
        self._made: dict[Path, Image | None] = {}
        self._waiting: deque[Path] = deque()
        self._asked: set[Path] = set()
        self._is_busy = False

    def request(self, path: Path) -> Image | None:
        """The thumbnail where it is there already; else it will be `ready` later, if there is one."""
        if path in self._made:
            return self._made[path]
        if path not in self._asked:
            self._asked.add(path)
            self._waiting.append(path)
            self._go_on()
        return None

    def forget(self, path: Path) -> None:
        """The file at `path` changed: the next request makes its thumbnail anew."""
        self._made.pop(path, None)

    def clear(self) -> None:
        """Delete all thumbnails that are kept."""
        self._made.clear()
        self._runner.submit(self._cache.clear, lambda _: None)

    def _go_on(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            path = self._waiting[0]
            self._runner.submit(partial(self._cache.thumbnail, path), partial(self._finished, path))

    def _finished(self, path: Path, outcome: Ok[Image] | Err) -> None:
        self._is_busy = False
        self._asked.discard(self._waiting.popleft())
        self._made[path] = None if isinstance(outcome, Err) else outcome.value
        if len(self._made) > _AT_HAND:
            del self._made[next(iter(self._made))]
        if isinstance(outcome, Ok):
            self.ready.emit(path, outcome.value)
        self._go_on()


def _read(path: Path) -> Image:
    return session_thumbnail(path) if is_session(path) else read_thumbnail(path)


def _folder() -> Path:
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    return Path(place or ".") / "thumbnails"
