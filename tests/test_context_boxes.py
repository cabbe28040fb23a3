"""The boxes of the present mask: planned off the GUI thread, the newest plan wins, a chosen one stays with its hole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.imaging.geometry import Point, Rect
from app.inference.limits import LimitKind
from app.inference.regions import filled_mask, plan_regions
from app.inference.request import InpaintOptions, Stage
from app.ui.contexts.boxes import ContextBoxes
from app.ui.session.jobs import JobRunner
from app.ui.session.next_step import StepKind, next_step
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import FakeEngine

WIDTH, HEIGHT = 1000, 700


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    result = Settings(QSettings(str(tmp_path / "boxes.ini"), QSettings.Format.IniFormat))
    result.set(declared.WORKING_SIZE, 256)
    return result


@pytest.fixture
def session(qtbot: QtBot, engine: FakeEngine, tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "plain.png"
    write_image(path, np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    result = Session(engine.factory)
    with qtbot.waitSignal(result.document_opened):
        PhotoFiles(result, None).open(path)
    yield result
    result.close()


@pytest.fixture
def boxes(session: Session, settings: Settings) -> ContextBoxes:
    return ContextBoxes(session, settings)


def paint(session: Session, *points: tuple[float, float], size: float = 60) -> None:
    session.strokes.begin_stroke(size, 1.0, False)
    for x, y in points:
        session.strokes.stroke_to(Point(x, y))
    session.strokes.end_stroke()


def painted(qtbot: QtBot, boxes: ContextBoxes, *points: tuple[float, float], size: float = 60) -> None:
    with qtbot.waitSignal(boxes.changed):
        paint(boxes._session, *points, size=size)


def rects(boxes: ContextBoxes) -> list[Rect]:
    return [box.rect for box in boxes.boxes]


def test_boxes_are_the_plan_of_the_run(qtbot: QtBot, session: Session, settings: Settings, boxes: ContextBoxes) -> None:
    assert boxes.boxes == ()
    painted(qtbot, boxes, (200, 200), (300, 220))
    painted(qtbot, boxes, (900, 600))
    options = settings.run_options()
    assert session.document is not None
    plan = plan_regions(filled_mask(session.document.mask, options.grow), options.working_size)
    assert tuple(box.region for box in boxes.boxes) == plan.regions
    assert all(box.rect.contains(box.least) and box.chosen is None for box in boxes.boxes)


def test_boxes_follow_undo_redo_clearing_and_closing(qtbot: QtBot, session: Session, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (200, 200))
    first = rects(boxes)
    painted(qtbot, boxes, (900, 600))
    both = rects(boxes)
    assert len(both) == 2
    with qtbot.waitSignal(boxes.changed):
        session.undo()
    assert rects(boxes) == first
    with qtbot.waitSignal(boxes.changed):
        session.redo()
    assert rects(boxes) == both
    with qtbot.waitSignal(boxes.changed):
        session.clear_mask()
    assert rects(boxes) == []
    with qtbot.waitSignal(boxes.changed):
        session.undo()
    session.close_document()
    assert rects(boxes) == []


def test_boxes_go_with_an_accepted_result(qtbot: QtBot, session: Session, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (200, 200))
    session.run(InpaintOptions())
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)
    assert rects(boxes)
    with qtbot.waitSignal(boxes.changed):
        session.accept(Stage.GLOBAL)
    assert rects(boxes) == []


def test_settings_that_change_the_plan_do(qtbot: QtBot, settings: Settings, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (400, 300), (600, 300), size=200)
    scale = boxes.boxes[0].region.scale
    with qtbot.waitSignal(boxes.changed):
        settings.set(declared.WORKING_SIZE, 128)
    assert boxes.boxes[0].region.scale == pytest.approx(scale / 2)
    least = boxes.boxes[0].least
    with qtbot.waitSignal(boxes.changed):
        settings.set(declared.GROW, 30)
    assert boxes.boxes[0].least.contains(least.grown(10))


def test_a_chosen_box_is_solved_with_and_reset_by_request(
    qtbot: QtBot, session: Session, boxes: ContextBoxes, engine: FakeEngine
) -> None:
    painted(qtbot, boxes, (300, 300))
    automatic = rects(boxes)
    wanted = Rect(100, 150, 512, 400)
    boxes.choose(boxes.boxes[0], wanted)
    assert rects(boxes) == [wanted], "shown at once"
    assert boxes.boxes[0].region.scale == 0.5
    qtbot.waitUntil(lambda: not boxes.is_planning)
    assert rects(boxes) == [wanted]
    assert boxes.boxes[0].chosen == wanted
    session.run(InpaintOptions())
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)
    assert engine.requests[-1].contexts == (wanted,)
    with qtbot.waitSignal(boxes.changed):
        boxes.reset(boxes.boxes[0])
    assert rects(boxes) == automatic
    assert session.contexts == ()


def test_a_chosen_box_stays_while_its_hole_does_and_goes_when_it_leaves(
    qtbot: QtBot, session: Session, boxes: ContextBoxes
) -> None:
    painted(qtbot, boxes, (300, 300))
    wanted = Rect(200, 200, 250, 250)
    boxes.choose(boxes.boxes[0], wanted)
    paint(session, (320, 320))
    qtbot.waitUntil(lambda: not boxes.is_planning)
    assert rects(boxes) == [wanted]
    painted(qtbot, boxes, (320, 320), (520, 320))
    assert wanted not in rects(boxes)
    assert session.contexts == ()


def test_a_box_over_two_holes_makes_them_one_region(qtbot: QtBot, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (200, 300))
    painted(qtbot, boxes, (700, 300))
    assert len(boxes.boxes) == 2
    boxes.choose(boxes.boxes[0], Rect(50, 150, 760, 320))
    qtbot.waitUntil(lambda: not boxes.is_planning)
    assert rects(boxes) == [Rect(50, 150, 760, 320)]


def test_another_context_is_worth_another_run(qtbot: QtBot, session: Session, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (300, 300))
    session.run(InpaintOptions())
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)
    assert next_step(session, Stage.GLOBAL).kind is StepKind.ACCEPT
    boxes.choose(boxes.boxes[0], Rect(100, 150, 512, 400))
    assert next_step(session, Stage.GLOBAL).kind is StepKind.FILL_AGAIN
    boxes.reset(boxes.boxes[0])
    assert next_step(session, Stage.GLOBAL).kind is StepKind.ACCEPT


def test_running_again_brings_mask_and_boxes_back(
    qtbot: QtBot, session: Session, boxes: ContextBoxes, engine: FakeEngine
) -> None:
    painted(qtbot, boxes, (300, 300))
    wanted = Rect(200, 200, 250, 250)
    boxes.choose(boxes.boxes[0], wanted)
    session.run(InpaintOptions())
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)
    with qtbot.waitSignal(session.image_changed):
        session.accept(Stage.GLOBAL)
    assert session.contexts == ()
    session.run_again(InpaintOptions())
    qtbot.waitUntil(lambda: session.runs.phase is RunPhase.READY)
    assert [request.contexts for request in engine.requests] == [(wanted,), (wanted,)]
    qtbot.waitUntil(lambda: rects(boxes) == [wanted])


def test_a_preview_is_told_its_limits_and_can_be_taken_back(qtbot: QtBot, boxes: ContextBoxes) -> None:
    painted(qtbot, boxes, (300, 300))
    (before,) = boxes.boxes
    assert boxes.limits == ()
    boxes.preview(before, Rect(0, 0, WIDTH, HEIGHT))
    assert [(limit.kind, limit.value) for limit in boxes.limits] == [(LimitKind.LOW_SCALE, 256 / WIDTH)]
    boxes.take_back()
    assert boxes.boxes == (before,)


class Heap:
    """Boxes over a pool that works when told."""

    def __init__(self, qtbot: QtBot, settings: Settings, path: Path) -> None:
        self.pool = HeldExecutor()
        self.session = Session(lambda: FakeEngine().run, JobRunner(ImmediateExecutor(), self.pool))
        PhotoFiles(self.session, None).open(path)
        self.work()
        qtbot.waitUntil(lambda: self.session.document is not None)
        self.work()
        self.boxes = ContextBoxes(self.session, settings)

    def work(self) -> None:
        self.pool.release()
        QApplication.processEvents()

    @property
    def waiting(self) -> int:
        return len(self.pool._held)


@pytest.fixture
def heap(qtbot: QtBot, settings: Settings, tmp_path: Path) -> Heap:
    path = tmp_path / "held.png"
    write_image(path, np.full((HEIGHT, WIDTH, 3), 90, np.uint8))
    return Heap(qtbot, settings, path)


def test_the_newest_plan_wins_and_old_boxes_stay_until_it_is_there(qtbot: QtBot, heap: Heap) -> None:
    paint(heap.session, (100, 100))
    qtbot.waitUntil(lambda: heap.waiting == 1)
    heap.work()
    first = rects(heap.boxes)
    assert len(first) == 1
    shown: list[int] = []
    heap.boxes.changed.connect(lambda boxes: shown.append(len(boxes)))
    paint(heap.session, (500, 100))
    qtbot.waitUntil(lambda: heap.waiting == 1)
    paint(heap.session, (900, 100))
    paint(heap.session, (900, 600))
    assert rects(heap.boxes) == first
    heap.work()
    assert shown == [], "a plan that is no longer true is never shown"
    qtbot.waitUntil(lambda: heap.waiting == 1)
    heap.work()
    assert shown == [4]
    assert not heap.boxes.is_planning


def test_one_plan_is_made_at_a_time(qtbot: QtBot, heap: Heap) -> None:
    paint(heap.session, (100, 100))
    qtbot.waitUntil(lambda: heap.waiting == 1)
    paint(heap.session, (500, 100))
    qtbot.waitUntil(lambda: not heap.boxes._rest.isActive())
    assert heap.waiting == 1
    heap.work()
    assert rects(heap.boxes) == []
    heap.work()
    assert len(rects(heap.boxes)) == 2


def test_nothing_is_planned_during_a_stroke(qtbot: QtBot, heap: Heap) -> None:
    paint(heap.session, (100, 100))
    heap.session.strokes.begin_stroke(20, 1.0, False)
    heap.session.strokes.stroke_to(Point(500, 100))
    with qtbot.waitSignal(heap.boxes._rest.timeout):
        assert heap.waiting == 0
    assert heap.waiting == 0
    heap.session.strokes.abort_stroke()
    qtbot.waitUntil(lambda: heap.waiting == 1)
    heap.work()
    assert len(rects(heap.boxes)) == 1


def test_painting_does_not_wait_for_a_plan(qtbot: QtBot, heap: Heap) -> None:
    paint(heap.session, (100, 100))
    before = heap.session.hole_pixels
    qtbot.waitUntil(lambda: heap.waiting == 1)
    assert not heap.session.loans.is_lent
    paint(heap.session, (500, 100))
    assert heap.session.hole_pixels > before


def test_a_plan_of_a_photo_that_was_closed_is_dropped(qtbot: QtBot, heap: Heap) -> None:
    paint(heap.session, (100, 100))
    qtbot.waitUntil(lambda: heap.waiting == 1)
    heap.session.close_document()
    heap.work()
    assert rects(heap.boxes) == []
