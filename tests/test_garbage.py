"""Cyclic garbage is collected on the GUI thread alone; what workers do leaves none worth speaking of."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.inference.request import Stage
from app.ui.garbage import GarbageCollector
from app.ui.main_window import MainWindow
from app.ui.session.jobs import Err, JobRunner, Ok, Stream, StreamEnd
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.driving import open_photo, run_to_end, stroke, write_sea


class Ring:
    """Dead, it is found by collecting alone."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def due(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, int, int]]:
    """What the interpreter counts, as the test says."""
    result = {"count": (0, 0, 0)}
    monkeypatch.setattr(gc, "get_count", lambda: result["count"])
    monkeypatch.setattr(gc, "get_threshold", lambda: (700, 10, 10))
    return result


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The generations that were collected."""
    result: list[int] = []
    monkeypatch.setattr(gc, "collect", result.append)
    return result


@pytest.fixture
def garbage(qapp: QApplication) -> Iterator[GarbageCollector]:
    result = GarbageCollector()
    yield result
    result.stop()
    gc.disable()


def test_a_ring_dies_on_the_gui_thread_only(
    qtbot: QtBot, garbage: GarbageCollector, due: dict[str, tuple[int, int, int]]
) -> None:
    garbage.start()
    assert not gc.isenabled()
    garbage.settle()
    threads: list[QThread] = []
    ring = Ring()
    weakref.finalize(ring, lambda: threads.append(QThread.currentThread()))
    del ring
    worker = threading.Thread(target=lambda: [[] for _ in range(20_000)])
    worker.start()
    worker.join()
    assert threads == []
    due["count"] = (701, 0, 0)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [QApplication.instance().thread()]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("count", "expected"),
    [((700, 10, 10), []), ((701, 10, 10), [0]), ((701, 11, 10), [1]), ((5, 11, 11), [2]), ((5, 0, 11), [2])],
)
def test_the_oldest_generation_that_is_due(
    due: dict[str, tuple[int, int, int]], collected: list[int], count: tuple[int, int, int], expected: list[int]
) -> None:
    due["count"] = count
    GarbageCollector().collect()
    assert collected == expected


def test_the_oldest_waits_while_somebody_paints(due: dict[str, tuple[int, int, int]], collected: list[int]) -> None:
    paints = [True]
    garbage = GarbageCollector(lambda: paints[0])
    due["count"] = (900, 11, 11)
    garbage.collect()
    assert collected == [1], "the younger ones take no time"
    paints[0] = False
    garbage.collect()
    assert collected == [1, 2]


def test_the_interpreter_collects_again_afterwards(garbage: GarbageCollector) -> None:
    gc.enable()
    garbage.start()
    garbage.settle()
    assert not gc.isenabled()
    garbage.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
    assert not any(timer.isActive() for timer in garbage.findChildren(QTimer))


def test_an_error_holds_no_images(qtbot: QtBot) -> None:
    runner = JobRunner(ImmediateExecutor(), ImmediateExecutor())
    images: list[weakref.ref[np.ndarray]] = []

    def fail() -> None:
        image = np.zeros((4, 4))
        images.append(weakref.ref(image))
        try:
            raise ValueError("first")
        except ValueError as error:
            raise RuntimeError("no") from error

    def make(stream: Stream) -> Iterator[int]:
        fail()
        yield 1

    done: list[Ok[None] | Err] = []
    ends: list[StreamEnd] = []
    runner.submit(fail, done.append)
    runner.stream(make, lambda item: None, ends.append)
    qtbot.waitUntil(lambda: bool(done) and bool(ends))
    assert all(isinstance(each, Err) and each.error.__traceback__ is not None for each in (*done, *ends))
    assert [image() for image in images] == [None, None]


def test_a_worker_holds_nobody_who_waits_for_it(qapp: QApplication) -> None:
    held = HeldExecutor()
    runner = JobRunner(held, held)

    class Listener(QObject):
        def hear(self, outcome: object) -> None:
            """Nothing."""

    listener = Listener()
    gone = weakref.ref(listener)
    runner.submit(lambda: None, listener.hear)
    runner.stream(lambda stream: iter([1]), listener.hear, listener.hear)
    del listener
    runner.close()
    assert gone() is None, "what the executors still hold is not the listener"
    held.release()


def test_a_photo_that_is_closed_is_gone_without_collecting(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    open_photo(qtbot, window, write_sea(tmp_path))
    document = window.session.document
    assert document is not None
    gone = weakref.ref(document)
    stroke(window, (20, 20), (40, 30))
    run_to_end(qtbot, window)
    window.session.accept(Stage.LOCAL)
    window.session.undo()
    window.files.save(tmp_path / "other.png")
    qtbot.waitUntil(lambda: not window.files.is_saving and not window.session.busy.words)
    del document
    window.photos.close_all()
    qtbot.waitUntil(lambda: gone() is None)
