"""The only module that knows threads.

One long-lived inference thread pulls generators; a small pool reads, writes and copies. What they produce reaches
the GUI thread as a queued signal. A stream is cancelled between two items, or where its generator asks whether it is;
a thread is never terminated.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The work returned `value`."""

    value: T


@dataclass(frozen=True, slots=True)
class Err:
    """The work raised `error`."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The stream was cancelled before its end."""


StreamEnd = Ok[None] | Err | Cancelled


class Stream:
    """The handle of a generator being pulled; `cancel` takes effect before its next item at the latest."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    @property
    def is_cancelled(self) -> bool:
        """True from the moment `cancel` was called; may be asked on any thread."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the generator to stop: no further item is delivered, the end is `Cancelled`."""
        self._cancelled.set()


class JobRunner(QObject):
    """Runs work off the GUI thread and delivers its values on it.

    Both executors may be injected; the one for inference must run one task at a time, in order.
    """

    _posted = Signal(object)

    def __init__(
        self, inference: Executor | None = None, pool: Executor | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inference = inference or ThreadPoolExecutor(1, "inference")
        self._pool = pool or ThreadPoolExecutor(3, "files")
        self._streams: set[Stream] = set()
        self._closed = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def stream(
        self, make: Callable[[Stream], Iterator[T]], on_item: Callable[[T], None], on_end: Callable[[StreamEnd], None]
    ) -> Stream:
        """Pull ``make(stream)`` on the inference thread; call `on_item` for each item and `on_end` once, on this one.

        A step that lasts may ask the stream whether it is cancelled, and raise: the end is `Cancelled` then.
        """
        stream = Stream()
        self._streams.add(stream)

        def take(item: T) -> None:
            if not stream.is_cancelled:
                on_item(item)

        def finish(end: StreamEnd) -> None:
            self._streams.discard(stream)
            on_end(Cancelled() if stream.is_cancelled else end)

        def pull() -> None:
            end = _drain(make, stream, lambda item: self._posted.emit(partial(take, item)))
            self._posted.emit(partial(finish, end))

        self._inference.submit(pull)
        return stream

    def submit(self, work: Callable[[], T], on_done: Callable[[Ok[T] | Err], None]) -> None:
        """Call `work` on the pool, then, on this thread, `on_done` with its value or error; after `close`, neither."""

        def call() -> None:
            result: Ok[T] | Err
            try:
                result = Ok(work())
            except Exception as error:
                result = Err(error)
            self._posted.emit(partial(on_done, result))

        if not self._closed:
            self._pool.submit(call)

    def close(self) -> None:
        """Ask every stream to stop, let what is being written finish, wait. Nothing is delivered afterwards."""
        self._closed = True
        for stream in self._streams:
            stream.cancel()
        self._inference.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True)

    def _deliver(self, callback: Callable[[], None]) -> None:
        if not self._closed:
            callback()


def _drain(make: Callable[[Stream], Iterator[T]], stream: Stream, post: Callable[[T], None]) -> StreamEnd:
    """Post what ``make(stream)`` yields until it ends, fails or `stream` is cancelled; it is closed here."""
    if stream.is_cancelled:
        return Cancelled()
    try:
        items = make(stream)
        for item in items:
            if stream.is_cancelled:
                break
            post(item)
        if isinstance(items, Generator):
            items.close()
    except Exception as error:
        return Err(error)
    return Cancelled() if stream.is_cancelled else Ok(None)
