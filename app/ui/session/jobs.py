"""The only module that knows threads.

One long-lived inference thread pulls generators; a small pool reads, writes and copies; one more thread takes what has
to happen in order. What they produce reaches the GUI thread as a queued signal. A stream is cancelled between two
items, or where its generator asks whether it is; a thread is never terminated.

Streams of one lane are pulled one after the other. Where several lanes have one, they take turns, an item each, so that
none waits for another's end.

Who is told the outcome is known on the GUI thread alone: a worker that held the last reference to a widget's method
would delete the widget.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from app.errors import let_go

T = TypeVar("T")

PATIENCE = 0.1
"""Seconds for which the window waits for the answer of a disk that is there; it takes less than a thousandth."""


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


class Lane(Enum):
    """Whose turn it may be on the inference thread."""

    EDITOR = auto()
    BATCH = auto()
    COMPARISON = auto()


class Stream:
    """The handle of a generator being pulled; what is asked for takes effect before its next item at the latest."""

    def __init__(self, wake: Callable[[], None] = lambda: None) -> None:
        """`wake` is called where there may be something to pull again."""
        self._cancelled, self._paused = threading.Event(), threading.Event()
        self._wake = wake

    @property
    def is_cancelled(self) -> bool:
        """True from the moment `cancel` was called; may be asked on any thread."""
        return self._cancelled.is_set()

    @property
    def is_resting(self) -> bool:
        """True while nothing is to be pulled from it; may be asked on any thread."""
        return self._paused.is_set() and not self.is_cancelled

    def cancel(self) -> None:
        """Ask the generator to stop: no further item is delivered, the end is `Cancelled`."""
        self._cancelled.set()
        self._wake()

    def pause(self) -> None:
        """Pull nothing from the generator until `go_on`; the item under way is still delivered."""
        self._paused.set()

    def go_on(self) -> None:
        """End a pause."""
        self._paused.clear()
        self._wake()


class _Post(NamedTuple):
    """What a worker has to say."""

    to: object
    value: Any


class JobRunner(QObject):
    """Runs work off the GUI thread and delivers its values on it.

    Both executors may be injected; the one for inference must run one task at a time.
    """

    _posted = Signal(object)

    def __init__(
        self, inference: Executor | None = None, pool: Executor | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._inference = inference or ThreadPoolExecutor(1, "inference")
        self._turns = _Turns(self._inference)
        self._pool = pool or ThreadPoolExecutor(3, "files")
        self._ordered = ThreadPoolExecutor(1, "journals")
        self._streams: set[Stream] = set()
        self._listeners: dict[object, Callable[[Any], None]] = {}
        """Who is told what is posted to a key."""
        self._closed = False
        self._posted.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def stream(
        self,
        make: Callable[[Stream], Iterator[T]],
        on_item: Callable[[T], None],
        on_end: Callable[[StreamEnd], None],
        lane: Lane = Lane.EDITOR,
    ) -> Stream:
        """Pull ``make(stream)`` on the inference thread; call `on_item` for each item and `on_end` once, on this one.

        A step that lasts may ask the stream whether it is cancelled, and raise: the end is `Cancelled` then.
        """
        stream, end = Stream(self._turns.wake), object()

        def take(item: T) -> None:
            if not stream.is_cancelled:
                on_item(item)

        def finish(how: StreamEnd) -> None:
            self._streams.discard(stream)
            del self._listeners[stream], self._listeners[end]
            on_end(Cancelled() if stream.is_cancelled else how)

        self._streams.add(stream)
        self._listeners.update({stream: take, end: finish})
        self._turns.add(lane, _Pull(make, stream, end, self._posted.emit))
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
        if not self._closed:
            executor.submit(partial(_call, work, self._listen_once(on_done), self._posted.emit))

    def _listen_once(self, on_done: Callable[[Any], None]) -> object:
        """The key of what `on_done` is told."""
        key = object()

        def finish(value: Any) -> None:
            del self._listeners[key]
            on_done(value)

        self._listeners[key] = finish
        return key

    def look(self, work: Callable[[], T], on_done: Callable[[Ok[T] | Err], None], patience: float = PATIENCE) -> None:
        """Call `work`, which looks at a place that may not answer, such as a network folder; then `on_done`, here.

        It is called before this returns where the answer comes within `patience` seconds, as it does but for dead
        places; else whenever it comes. The pool is not held up by it.
        """
        answer = _asked(work)
        try:
            outcome = answer.result(patience)
        except TimeoutError:
            key, post = self._listen_once(on_done), self._posted.emit
            answer.add_done_callback(lambda late: post(_Post(key, late.result())))
        else:
            on_done(outcome)

    def close(self) -> None:
        """Ask every stream to stop, let what is being written finish, wait. Nothing is delivered afterwards."""
        self._closed = True
        for stream in self._streams:
            stream.cancel()
        self._inference.shutdown(wait=True)  # what was begun is closed there, the rest never begins
        self._pool.shutdown(wait=True)
        self._ordered.shutdown(wait=True)
        self._listeners.clear()

    def _deliver(self, post: _Post) -> None:
        if not self._closed:
            self._listeners[post.to](post.value)


def answer_within(seconds: float, work: Callable[[], T], otherwise: T) -> T:
    """What `work` returns, on a thread of its own; `otherwise` where it fails or takes longer than `seconds`."""
    try:
        outcome = _asked(work).result(seconds)
    except TimeoutError:
        return otherwise
    return outcome.value if isinstance(outcome, Ok) else otherwise


def _asked(work: Callable[[], T]) -> Future[Ok[T] | Err]:
    """Nobody waits for its thread at the end of the process."""
    answer: Future[Ok[T] | Err] = Future()
    threading.Thread(target=lambda: answer.set_result(_outcome(work)), name="look", daemon=True).start()
    return answer


def _call(work: Callable[[], Any], key: object, post: Callable[[_Post], None]) -> None:
    post(_Post(key, _outcome(work)))


def _outcome(work: Callable[[], T]) -> Ok[T] | Err:
    try:
        return Ok(work())
    except Exception as error:
        return _err(error)


class _Pull:
    """A stream on the inference thread: its generator is made, pulled and closed there."""

    def __init__(
        self,
        make: Callable[[Stream], Iterator[Any]],
        stream: Stream,
        end: object,
        post: Callable[[_Post], None],
    ) -> None:
        self.stream = stream
        self._make: Callable[[Stream], Iterator[Any]] | None = make
        self._items: Iterator[Any] | None = None
        self._end, self._post = end, post

    def step(self) -> bool:
        """Pull one item; True where there will be another one, else the end was posted."""
        how = self._step()
        if how is not None:
            self._make = self._items = None
            self._post(_Post(self._end, how))
        return how is None

    def _step(self) -> StreamEnd | None:
        try:
            if self.stream.is_cancelled:
                return self._closed()
            if self._items is None:
                assert self._make is not None
                self._items = self._make(self.stream)
            item = next(self._items, _NO_MORE)
            if self.stream.is_cancelled:
                return self._closed()
        except Exception as error:
            return Cancelled() if self.stream.is_cancelled else _err(error)
        if item is _NO_MORE:
            return Ok(None)
        self._post(_Post(self.stream, item))
        return None

    def _closed(self) -> Cancelled:
        if isinstance(self._items, Generator):
            self._items.close()
        return Cancelled()


class _Turns:
    """Who is pulled next, on the one thread of `executor`. Nothing runs there while nobody is to be pulled."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._lock = threading.Lock()
        self._lanes: dict[Lane, deque[_Pull]] = {lane: deque() for lane in Lane}
        self._order = deque(Lane)
        self._is_pulling = False

    def add(self, lane: Lane, pull: _Pull) -> None:
        """Pull `pull` in its turn, after those of its lane."""
        with self._lock:
            self._lanes[lane].append(pull)
        self.wake()

    def wake(self) -> None:
        """See whether there is anything to pull."""
        with self._lock:
            if self._is_pulling or self._next() is None:
                return
            self._is_pulling = True
        self._executor.submit(self._pull_all)

    def _pull_all(self) -> None:
        while (lane := self._turn()) is not None:
            if not self._lanes[lane][0].step():
                with self._lock:
                    self._lanes[lane].popleft()

    def _turn(self) -> Lane | None:
        with self._lock:
            lane = self._next()
            self._is_pulling = lane is not None
            if lane is not None:
                self._order.remove(lane)
                self._order.append(lane)
            return lane

    def _next(self) -> Lane | None:
        """Of those with something to pull, the lane that waits longest."""
        return next(
            (lane for lane in self._order if self._lanes[lane] and not self._lanes[lane][0].stream.is_resting), None
        )


_NO_MORE = object()


def _err(error: Exception) -> Err:
    let_go(error)
    return Err(error)
