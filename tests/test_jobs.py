"""Work off the GUI thread: order, errors as values, cancelling, closing. No sleeps: events and injected executors."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.session.jobs import Cancelled, Err, JobRunner, Lane, Ok, Stream, StreamEnd, answer_within
from tests.conftest import HeldExecutor, ImmediateExecutor


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    result = JobRunner()
    yield result
    result.close()


def test_items_arrive_in_order_on_the_gui_thread(qtbot: QtBot, runner: JobRunner) -> None:
    seen: list[int] = []
    makers: list[QThread] = []
    takers: list[QThread] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        for number in range(5):
            makers.append(QThread.currentThread())
            yield number

    def take(item: int) -> None:
        seen.append(item)
        takers.append(QThread.currentThread())

    runner.stream(make, take, ends.append)
    qtbot.waitUntil(lambda: bool(ends))
    assert seen == [0, 1, 2, 3, 4]
    assert ends == [Ok(None)]
    gui = QApplication.instance().thread()  # type: ignore[union-attr]
    assert all(thread is gui for thread in takers)
    assert all(thread is not gui for thread in makers)


def test_an_error_ends_the_stream_as_a_value(qtbot: QtBot, runner: JobRunner) -> None:
    seen: list[int] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        yield 1
        raise ValueError("no")

    runner.stream(make, seen.append, ends.append)
    qtbot.waitUntil(lambda: bool(ends))
    assert seen == [1]
    assert isinstance(ends[0], Err)
    assert str(ends[0].error) == "no"


def test_cancel_takes_effect_between_items_and_closes_the_generator(qtbot: QtBot, runner: JobRunner) -> None:
    first_made, may_go_on, closed = threading.Event(), threading.Event(), threading.Event()
    seen: list[int] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        try:
            yield 1
            first_made.set()
            assert may_go_on.wait(5)
            yield 2
            yield 3
        finally:
            closed.set()

    stream = runner.stream(make, seen.append, ends.append)
    assert first_made.wait(5)
    stream.cancel()
    may_go_on.set()
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [Cancelled()]
    assert 2 not in seen
    assert closed.wait(5)


def test_a_step_that_asks_ends_in_its_middle(qtbot: QtBot, runner: JobRunner) -> None:
    in_step = threading.Event()
    seen: list[int] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        yield 1
        in_step.set()
        while not stream.is_cancelled:
            pass
        raise InterruptedError

    stream = runner.stream(make, seen.append, ends.append)
    assert in_step.wait(5)
    stream.cancel()
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [Cancelled()], "an end that was asked for is no error"


def test_items_already_posted_are_dropped_after_cancel(qtbot: QtBot) -> None:
    runner = JobRunner(ImmediateExecutor(), ImmediateExecutor())
    seen: list[int] = []
    ends: list[StreamEnd] = []
    stream = runner.stream(lambda stream: iter([1, 2]), seen.append, ends.append)
    stream.cancel()
    qtbot.waitUntil(lambda: bool(ends))
    assert seen == []
    assert ends == [Cancelled()]


def test_a_stream_cancelled_before_its_turn_never_starts(qtbot: QtBot) -> None:
    held = HeldExecutor()
    runner = JobRunner(held, ImmediateExecutor())
    made: list[bool] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        made.append(True)
        return iter([1])

    runner.stream(make, lambda item: None, ends.append).cancel()
    held.release()
    qtbot.waitUntil(lambda: bool(ends))
    assert made == []
    assert ends == [Cancelled()]


def test_streams_run_one_after_the_other_on_one_thread(qtbot: QtBot, runner: JobRunner) -> None:
    names: list[str] = []
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        names.append(threading.current_thread().name)
        yield 1

    runner.stream(make, lambda item: None, ends.append)
    runner.stream(make, lambda item: None, ends.append)
    qtbot.waitUntil(lambda: len(ends) == 2)
    assert names[0] == names[1]


@pytest.fixture
def pulls() -> list[str]:
    """What was pulled, in order."""
    return []


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def slow(held: HeldExecutor, qapp: QApplication) -> JobRunner:
    """A runner whose streams are pulled when the test says so."""
    return JobRunner(held, ImmediateExecutor())


def numbered(pulls: list[str], name: str, count: int) -> Callable[[Stream], Iterator[str]]:
    def make(stream: Stream) -> Iterator[str]:
        try:
            for number in range(count):
                pulls.append(f"{name}{number}")
                yield name
        finally:
            pulls.append(f"{name} closed")

    return make


def test_two_lanes_take_turns_and_neither_waits_for_the_other(
    slow: JobRunner, held: HeldExecutor, pulls: list[str]
) -> None:
    slow.stream(numbered(pulls, "batch", 4), lambda item: None, lambda end: None, Lane.BATCH)
    slow.stream(numbered(pulls, "edit", 2), lambda item: None, lambda end: None)
    held.release()
    assert pulls[:5] == ["edit0", "batch0", "edit1", "batch1", "edit closed"]
    assert pulls[5:] == ["batch2", "batch3", "batch closed"]


def test_a_lane_that_comes_later_is_next(slow: JobRunner, held: HeldExecutor, pulls: list[str]) -> None:
    def batch(stream: Stream) -> Iterator[int]:
        for number in range(3):
            pulls.append(f"batch{number}")
            if number == 1:
                slow.stream(numbered(pulls, "edit", 1), lambda item: None, lambda end: None)
            yield number

    slow.stream(batch, lambda item: None, lambda end: None, Lane.BATCH)
    held.release()
    assert pulls == ["batch0", "batch1", "edit0", "batch2", "edit closed"]


def test_streams_of_one_lane_do_not_mix(slow: JobRunner, held: HeldExecutor, pulls: list[str]) -> None:
    for name in "ab":
        slow.stream(numbered(pulls, name, 2), lambda item: None, lambda end: None)
    held.release()
    assert pulls == ["a0", "a1", "a closed", "b0", "b1", "b closed"]


def test_a_paused_stream_is_passed_over_and_the_thread_rests(
    slow: JobRunner, held: HeldExecutor, pulls: list[str]
) -> None:
    batch = slow.stream(numbered(pulls, "batch", 2), lambda item: None, lambda end: None, Lane.BATCH)
    batch.pause()
    slow.stream(numbered(pulls, "edit", 1), lambda item: None, lambda end: None)
    held.release()
    assert pulls == ["edit0", "edit closed"]
    held.release()
    assert pulls == ["edit0", "edit closed"], "nobody asks a paused stream"
    batch.go_on()
    held.release()
    assert pulls[2:] == ["batch0", "batch1", "batch closed"]


def test_a_pause_takes_effect_after_the_item_under_way(
    qtbot: QtBot, slow: JobRunner, held: HeldExecutor, pulls: list[str]
) -> None:
    seen: list[int] = []
    streams: list[Stream] = []

    def make(stream: Stream) -> Iterator[int]:
        yield 1
        stream.pause()
        yield 2
        yield 3

    streams.append(slow.stream(make, seen.append, lambda end: None, Lane.BATCH))
    held.release()
    qtbot.waitUntil(lambda: seen == [1, 2])
    streams[0].go_on()
    held.release()
    qtbot.waitUntil(lambda: seen == [1, 2, 3])


def test_cancelling_a_paused_stream_closes_it(
    qtbot: QtBot, slow: JobRunner, held: HeldExecutor, pulls: list[str]
) -> None:
    ends: list[StreamEnd] = []

    def make(stream: Stream) -> Iterator[int]:
        try:
            stream.pause()
            yield 1
            pulls.append("too far")
        finally:
            pulls.append("closed")

    stream = slow.stream(make, lambda item: None, ends.append, Lane.BATCH)
    held.release()
    stream.cancel()
    held.release()
    qtbot.waitUntil(lambda: bool(ends))
    assert pulls == ["closed"]
    assert ends == [Cancelled()]


def test_closing_the_runner_closes_a_paused_stream(qapp: QApplication, pulls: list[str]) -> None:
    runner, paused = JobRunner(), threading.Event()

    def make(stream: Stream) -> Iterator[int]:
        try:
            stream.pause()
            paused.set()
            yield 1
        finally:
            pulls.append("closed")

    runner.stream(make, lambda item: None, lambda end: None, Lane.BATCH)
    assert paused.wait(5)
    runner.close()
    assert pulls == ["closed"]


def test_submit_hands_back_value_or_error(qtbot: QtBot, runner: JobRunner) -> None:
    done: list[Ok[int] | Err] = []
    runner.submit(lambda: 6 * 7, done.append)
    qtbot.waitUntil(lambda: len(done) == 1)
    runner.submit(lambda: 1 // 0, done.append)
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done[0] == Ok(42)
    assert isinstance(done[1], Err)
    assert isinstance(done[1].error, ZeroDivisionError)


def test_close_asks_waits_and_delivers_nothing_more(qtbot: QtBot) -> None:
    runner = JobRunner()
    started, closed = threading.Event(), threading.Event()
    written: list[str] = []
    seen: list[int] = []

    def endless(stream: Stream) -> Iterator[int]:
        try:
            while True:
                started.set()
                yield 1
        finally:
            closed.set()

    runner.stream(endless, seen.append, lambda end: seen.append(-1))
    runner.submit(lambda: written.append("file"), lambda result: seen.append(-2))
    assert started.wait(5)
    runner.close()
    assert closed.is_set()
    assert written == ["file"], "a save under way is finished, not torn"
    QApplication.processEvents()
    assert seen == []


def test_what_is_submitted_after_closing_is_not_done(qapp: QApplication) -> None:
    runner = JobRunner()
    runner.close()
    done: list[str] = []
    runner.submit(lambda: done.append("work"), lambda outcome: done.append("told"))
    QApplication.processEvents()
    assert done == []


def test_a_look_is_answered_at_once_or_later_or_never(qtbot: QtBot, runner: JobRunner) -> None:
    gate = threading.Event()
    seen: list[Ok[str] | Err] = []
    runner.look(lambda: "there", seen.append, patience=5)
    assert seen == [Ok("there")], "before it returns"
    runner.look(lambda: "late" if gate.wait(5) else "", seen.append, patience=0)
    runner.look(lambda: str(threading.Event().wait()), seen.append, patience=0)
    runner.look(lambda: str(1 / 0), seen.append, patience=5)
    assert isinstance(seen[1], Err), "the others hold nobody up"
    gate.set()
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert seen[2] == Ok("late")


class Teller:
    """Somebody who is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def take(self, outcome: object) -> None:
        """Keep it."""
        self.told.append(outcome)


def test_who_was_told_is_let_go_of(qtbot: QtBot, runner: JobRunner) -> None:
    tellers = [Teller() for _ in range(3)]
    left = [weakref.ref(teller) for teller in tellers]
    runner.submit(lambda: 1, tellers[0].take)
    runner.submit_in_order(lambda: 2, tellers[1].take)
    gate = threading.Event()
    runner.look(lambda: gate.wait(5), tellers[2].take, patience=0)
    gate.set()
    qtbot.waitUntil(lambda: all(each.told for each in tellers))
    tellers.clear()
    qtbot.waitUntil(lambda: [each() for each in left] == [None] * 3)


def test_what_does_not_answer_has_a_stand_in() -> None:
    assert answer_within(5, lambda: "there", "not") == "there"
    assert answer_within(5, lambda: str(1 / 0), "not") == "not"
    assert answer_within(0, lambda: str(threading.Event().wait()), "not") == "not"
