"""The only module that knows threads.

One long-lived inference thread pulls generators; a small pool reads, writes and copies; one more thread takes what has
to happen in order. What they produce reaches the GUI thread as a queued signal. A stream is cancelled between two
items, or where its generator asks whether it is; a thread is never terminated.

Who is told the outcome is known on the GUI thread alone: a worker that held the last reference to a widget's method
would delete the widget.
"""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ok(Generic[T]):
    """The work returned `value`."""

    value: T


@dataclass(frozen=True, slots=True)
class Err:
    """The work raised `error`, whose frames have let go of what they held."""

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


class _Post(NamedTuple):
    """What a worker has to say."""

    to: object
    value: Any


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
        self._ordered = ThreadPoolExecutor(1, "journals")
        self._streams: set[Stream] = set()
        self._listeners: dict[object, Callable[[Any], None]] = {}
        """Who is told what is posted to a key."""
        self._closed = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def stream(
        self, make: Callable[[Stream], Iterator[T]], on_item: Callable[[T], None], on_end: Callable[[StreamEnd], None]
    ) -> Stream:
        """Pull ``make(stream)`` on the inference thread; call `on_item` for each item and `on_end` once, on this one.

        A step that lasts may ask the stream whether it is cancelled, and raise: the end is `Cancelled` then.
        """
        stream, end = Stream(), object()

        def take(item: T) -> None:
            if not stream.is_cancelled:
                on_item(item)

        def finish(how: StreamEnd) -> None:
            self._streams.discard(stream)
            del self._listeners[stream], self._listeners[end]
            on_end(Cancelled() if stream.is_cancelled else how)

        self._streams.add(stream)
        self._listeners.update({stream: take, end: finish})
        self._inference.submit(partial(_pull, make, stream, end, self._posted.emit))
        return stream

    def submit(self, work: Callable[[], T], on_done: Callable[[Ok[T] | Err], None]) -> None:
        """Call `work` on the pool, then, on this thread, `on_done` with its value or error; after `close`, neither.

        `work` must hold no widget.
        """
        self._submit(self._pool, work, on_done)

    def submit_in_order(self, work: Callable[[], T], on_done: Callable[[Ok[T] | Err], None]) -> None:
        """As `submit`, but after all that was submitted so before, and however busy the pool is."""
        self._submit(self._ordered, work, on_done)

    def _submit(self, executor: Executor, work: Callable[[], T], on_done: Callable[[Ok[T] | Err], None]) -> None:
        if self._closed:
            return
        key = object()

        def finish(outcome: Ok[T] | Err) -> None:
            del self._listeners[key]
            on_done(outcome)

        self._listeners[key] = finish
        executor.submit(partial(_call, work, key, self._posted.emit))

    def close(self) -> None:
        """Ask every stream to stop, let what is being written finish, wait. Nothing is delivered afterwards."""
        self._closed = True
        for stream in self._streams:
            stream.cancel()
        self._inference.shutdown(wait=True, cancel_futures=True)
        self._pool.shutdown(wait=True)
        self._ordered.shutdown(wait=True)
        self._listeners.clear()

    def _deliver(self, post: _Post) -> None:
        if not self._closed:
            self._listeners[post.to](post.value)


def _call(work: Callable[[], Any], key: object, post: Callable[[_Post], None]) -> None:
    post(_Post(key, _outcome(work)))


def _outcome(work: Callable[[], T]) -> Ok[T] | Err:
    try:
        return Ok(work())
    except Exception as error:
        return _err(error)


def _pull(make: Callable[[Stream], Iterator[Any]], stream: Stream, end: object, post: Callable[[_Post], None]) -> None:
    how = _drain(make, stream, lambda item: post(_Post(stream, item)))
    post(_Post(end, how))


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
        return _err(error)
    return Cancelled() if stream.is_cancelled else Ok(None)


def _err(error: Exception) -> Err:
    """The images that its frames hold are let go at once: in a ring of frame, future and error they would stay."""
    link: BaseException | None = error
    while link is not None:
        traceback.clear_frames(link.__traceback__)
        link = link.__cause__ or link.__context__
    return Err(error)
