"""The session with a fake engine: the whole story, edits, turns, closing. No window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo
from app.imaging.geometry import EMPTY, Point, Rect
from app.inference.request import STAGES, Stage
from app.ui.session.jobs import JobRunner
from app.ui.session.next_step import Step, StepKind, next_step
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.session.strokes import Strokes
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import COLOURS, FakeEngine
from tests.session.driving import (
    OPTIONS,
    accept,
    image_of,
    paint,
    run_nothing,
    run_to_end,
)


def test_the_whole_story(qtbot: QtBot, opened: Session, files: PhotoFiles, photo: Path, tmp_path: Path) -> None:
    document = opened.document
    assert document is not None
    before = image_of(opened)
    paint(opened, (20, 20), (30, 20))
    hole = document.mask > 127
    assert opened.hole_pixels == hole.sum() > 0
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.FILL)

    arrived: list[Stage] = []
    opened.runs.stage_ready.connect(lambda result: arrived.append(result.stage))
    run_to_end(qtbot, opened)
    assert arrived == list(STAGES)
    assert (image_of(opened) == before).all(), "results touch nothing until one is accepted"
    assert next_step(opened, Stage.LOCAL) == Step(StepKind.ACCEPT, Stage.LOCAL)

    accept(qtbot, opened, Stage.LOCAL)
    after = image_of(opened)
    assert (after[hole] == COLOURS[Stage.LOCAL]).all()
    assert (after[~hole] == before[~hole]).all()
    assert opened.hole_pixels == 0, "accepting clears the hole it fills"
    assert opened.runs.phase is RunPhase.IDLE
    assert document.history.names == ("Brush", "Fill: local, 200 ms")

    with qtbot.waitSignal(opened.image_changed):
        opened.undo()
    assert (image_of(opened) == before).all()
    assert opened.hole_pixels == hole.sum(), "one undo brings image and mask back"
    with qtbot.waitSignal(opened.image_changed):
        opened.redo()
    assert (image_of(opened) == after).all()

    target = tmp_path / "sea-edited.png"
    assert document.is_modified
    with qtbot.waitSignal(files.saved):
        files.save(target)
    assert not document.is_modified
    assert (files.path, files.name) == (target, target.name)
    assert (read_photo(target).pixels == after).all()
    assert (read_photo(photo).pixels == before).all(), "the original is untouched"


def test_whole_mask_edits_and_jumps(qtbot: QtBot, opened: Session) -> None:
    document = opened.document
    assert document is not None
    for verb in (opened.select_all, opened.clear_mask, opened.invert_mask):
        with qtbot.waitSignal(opened.mask_changed):
            verb()
    assert document.history.names == ("Select all", "Clear mask", "Invert mask")
    assert opened.hole_pixels == 40 * 60
    with qtbot.waitSignal(opened.history_changed):
        opened.jump(0)
    assert (document.history.index, opened.hole_pixels) == (0, 0)
    opened.jump(99)
    run_nothing(qtbot, opened)
    assert document.history.index == 3


def test_verbs_wait_their_turn_while_the_document_is_lent(qtbot: QtBot, photo: Path, engine: FakeEngine) -> None:
    pool = HeldExecutor()
    session = Session(engine.factory, JobRunner(ImmediateExecutor(), pool))
    files = PhotoFiles(session)
    files.open(photo)
    pool.release()
    qtbot.waitUntil(lambda: session.document is not None)
    document = session.document
    assert document is not None
    session.select_all()
    assert session.loans.is_lent
    paint(session, (20, 20), erase=True)
    assert session.strokes.stroke_to(Point(1, 1)) == EMPTY
    pool.release()
    run_nothing(qtbot, session)
    assert document.history.names == ("Select all", "Eraser"), "the stroke came after, and is complete"
    assert document.mask[20, 20] == 0
    assert document.mask[0, 0] == 255


def test_stroke_is_one_edit_and_abort_leaves_nothing(qtbot: QtBot, opened: Session) -> None:
    changed: list[Rect] = []
    opened.mask_changed.connect(changed.append)
    opened.strokes.begin_stroke(6, 1.0, False)
    assert opened.strokes.stroke_to(Point(10, 10)) == changed[-1]
    opened.undo()
    run_nothing(qtbot, opened)
    opened.strokes.abort_stroke()
    assert opened.document is not None
    assert not opened.document.mask.any()
    assert len(opened.document.history) == 0
    paint(opened, (10, 10), (20, 20), (30, 10))
    assert opened.document.history.names == ("Brush",)


def test_each_change_is_told_to_those_it_is_about(qtbot: QtBot, opened: Session) -> None:
    told: list[str] = []
    for name in ("mask", "avoid", "kept", "image"):
        getattr(opened, f"{name}_changed").connect(lambda _, name=name: told.append(name))

    def heard(step: Callable[[], None]) -> set[str]:
        told.clear()
        with qtbot.waitSignal(opened.history_changed):
            step()
        return set(told)

    def stroke(sink: Strokes) -> None:
        sink.begin_stroke(8, 1.0, False)
        sink.stroke_to(Point(20, 20))
        sink.end_stroke()

    assert heard(lambda: stroke(opened.strokes)) == {"mask"}
    assert heard(lambda: stroke(opened.avoid_strokes)) == {"avoid"}
    run_to_end(qtbot, opened)
    opened.keeps.stage = Stage.COARSE
    assert heard(lambda: stroke(opened.keeps)) == {"kept"}
    assert not opened.mask_changed_since_run
    assert heard(opened.undo) == {"kept"}
    assert not opened.mask_changed_since_run
    assert heard(opened.undo) == {"avoid"}
    assert not opened.has_avoid, "the levels followed"
    assert opened.mask_changed_since_run, "the run had marks"
    assert heard(opened.redo) == {"avoid"}
    assert opened.has_avoid
    assert not opened.mask_changed_since_run


def test_closing_forgets_everything(qtbot: QtBot, opened: Session, files: PhotoFiles) -> None:
    paint(opened, (20, 20))
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.document_closed):
        opened.close_document()
    assert opened.document is None
    assert (files.path, files.name) == (None, "")
    assert opened.runs.phase is RunPhase.IDLE
    assert next_step(opened, Stage.GLOBAL) == Step(StepKind.NOTHING_OPEN)
    for verb in (opened.undo, opened.redo, opened.select_all, opened.clear_mask, files.save):
        verb()
    opened.run(OPTIONS)
    paint(opened, (20, 20))
    assert opened.runs.phase is RunPhase.IDLE
