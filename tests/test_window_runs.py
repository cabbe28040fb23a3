"""Runs in the real window: the strip, painting and queueing meanwhile, running by itself."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.geometry import Point, Rect
from app.inference.request import Stage
from app.ui.main_window import MainWindow
from app.ui.session.next_step import StepKind
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane, PaneState
from tests.driving import (
    FIRST,
    LEFT,
    SECOND,
    buttons_of,
    image_of,
    press,
    stroke,
    wait_for_results,
)
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker

CONTROL = Qt.KeyboardModifier.ControlModifier
RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def strip_words(window: MainWindow) -> str:
    return " | ".join(each.text() for each in window.prompt.strip.findChildren(QLabel) if each.text())


def start(qtbot: QtBot, window: MainWindow, engine: FakeEngine, stage: Stage = Stage.LOCAL) -> threading.Event:
    """Paint and run as far as `stage`; the run goes on when what is returned is set."""
    gate = engine.gates[stage] = threading.Event()
    stroke(window, *FIRST)
    press(window, RETURN)
    qtbot.waitUntil(lambda: window.view.pane(Pane.of(stage)).state is PaneState.RUNNING)
    return gate


# the strip


def test_the_strip_shows_stage_and_bar_and_ticks_during_a_run_alone(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    strip, bar = opened.prompt.strip, opened.prompt.strip.findChild(QProgressBar)
    assert not strip.isVisible()
    assert not strip.is_ticking
    gate = start(qtbot, opened, engine)
    assert strip.isVisible()
    assert strip.is_ticking
    assert strip_words(opened).startswith("Local · step 2 of 3")
    assert "left" not in strip_words(opened), "nothing is known of a first run"
    assert bar.maximum() > 0
    assert bar.value() == pytest.approx(bar.maximum() / 3, abs=1)
    gate.set()
    wait_for_results(qtbot, opened)
    assert not strip.isVisible()
    assert not strip.is_ticking


def test_nothing_moves_under_a_stroke_that_is_under_way(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.COARSE] = threading.Event()
    stroke(opened, *FIRST)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    before = canvas.rect()
    press(opened, RETURN)
    QTest.mousePress(canvas, LEFT, pos=canvas.from_image(Point(*SECOND[0])).toPoint())
    qtbot.waitUntil(lambda: opened.view.pane(Pane.COARSE).state is PaneState.RUNNING)
    gate.set()
    wait_for_results(qtbot, opened)
    assert canvas.rect() == before
    QTest.mouseMove(canvas, canvas.from_image(Point(*SECOND[1])).toPoint())
    QTest.mouseRelease(canvas, LEFT, pos=canvas.from_image(Point(*SECOND[1])).toPoint())
    qtbot.waitUntil(lambda: canvas.rect() != before)
    assert opened.session.document is not None
    assert opened.session.document.mask[100, 130] == 255


def test_escape_stops_the_ticks(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    start(qtbot, opened, engine)
    press(opened, ESCAPE)
    assert not opened.prompt.strip.is_ticking
    assert not opened.prompt.strip.isVisible()


# painting while a run goes on


def test_what_is_painted_during_a_run_is_never_lost(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = start(qtbot, opened, engine)
    stroke(opened, *SECOND)
    gate.set()
    wait_for_results(qtbot, opened)
    press(opened, Qt.Key.Key_4)
    assert "Accept Global" in buttons_of(opened)
    with qtbot.waitSignal(opened.session.image_changed):
        opened.view.pane(Pane.GLOBAL).caption.accept_button.click()
    document = opened.session.document
    assert document is not None
    assert document.mask[60, 70] == 0
    assert document.mask[100, 130] == 255
    assert (image_of(opened)[60, 70] == COLOURS[Stage.GLOBAL]).all()
    assert opened.commands.edit.step.kind is StepKind.FILL


def test_a_stroke_that_is_open_when_results_arrive_goes_on(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    gate = start(qtbot, opened, engine)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    at = [canvas.from_image(Point(*point)).toPoint() for point in SECOND]
    QTest.mousePress(canvas, LEFT, pos=at[0])
    gate.set()
    wait_for_results(qtbot, opened)
    QTest.mouseMove(canvas, at[1])
    QTest.mouseRelease(canvas, LEFT, pos=at[1])
    assert opened.session.document is not None
    assert opened.session.document.mask[100, 130] == 255


def test_enter_with_new_paint_fills_it_next(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = start(qtbot, opened, engine)
    assert buttons_of(opened) == ["Cancel  Esc", "Accept Coarse"], "nothing is painted since"
    assert not opened.action_set["fill"].isEnabled()
    stroke(opened, *SECOND)
    assert buttons_of(opened) == ["Cancel  Esc", "Accept Coarse", "Fill this next  ⏎"]
    press(opened, RETURN)
    assert opened.session.queued is not None
    assert "then what was painted since" in strip_words(opened)
    gate.set()
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 2
    first, second = engine.requests
    assert (first.mask[60, 70], first.mask[100, 130]) == (255, 0)
    assert (second.mask[60, 70], second.mask[100, 130]) == (255, 255)
    assert [each.name for each in opened.session.runs.variants] == ["A", "B"], "nothing that was filled is lost"
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, RETURN)
    assert opened.session.hole_pixels == 0


def test_escape_drops_the_queue_first(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = start(qtbot, opened, engine)
    stroke(opened, *SECOND)
    press(opened, RETURN)
    assert buttons_of(opened)[0] == "Don't fill it next  Esc"
    press(opened, ESCAPE)
    assert opened.session.queued is None
    assert opened.session.runs.phase is RunPhase.RUNNING
    press(opened, ESCAPE)
    assert opened.session.runs.phase is RunPhase.IDLE
    gate.set()
    assert len(engine.requests) == 1
    assert opened.session.hole_pixels > 0


def test_accepting_early_lets_the_rest_be_filled(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = start(qtbot, opened, engine)
    stroke(opened, *SECOND)
    press(opened, RETURN)
    opened.view.pane(Pane.COARSE).caption.accept_button.click()
    gate.set()
    wait_for_results(qtbot, opened)
    assert engine.requests[-1].mask[60, 70] == 0
    assert engine.requests[-1].mask[100, 130] == 255
    assert (image_of(opened)[60, 70] == COLOURS[Stage.COARSE]).all()


def test_a_failure_drops_the_queue(qtbot: QtBot, opened: MainWindow, engine: FakeEngine, asker: ScriptedAsker) -> None:
    gate = start(qtbot, opened, engine)
    stroke(opened, *SECOND)
    press(opened, RETURN)
    engine.failure, engine.fails_at = LacunaError("it broke"), Stage.LOCAL
    gate.set()
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert opened.session.queued is None
    assert len(engine.requests) == 1


# by itself


def test_it_runs_by_itself_after_a_stroke_where_wanted(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    opened.auto_run.set_patience(0)
    stroke(opened, *FIRST)
    assert not opened.auto_run.is_waiting, "it is off by default"
    opened.settings.set(declared.AUTO_RUN, True)
    stroke(opened, *SECOND)
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 1
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, RETURN)
    assert not opened.auto_run.is_waiting, "accepting is no painting"


def test_a_new_stroke_stops_the_run_and_another_follows(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    opened.auto_run.set_patience(0)
    opened.settings.set(declared.AUTO_RUN, True)
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    stroke(opened, *SECOND)
    assert opened.auto_run.is_waiting
    gate.set()
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 2
    assert engine.requests[1].mask[100, 130] == 255
    assert [each.name for each in opened.session.runs.variants] == ["A"], "half a run is worth nothing"


def test_it_waits_as_long_as_the_pointer_is_down(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    opened.auto_run.set_patience(0)
    opened.settings.set(declared.AUTO_RUN, True)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    stroke(opened, *FIRST)
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    QTest.mouseMove(canvas, canvas.rect().center() * 1.1)
    for _ in range(5):
        with qtbot.waitSignal(opened.auto_run.rested):
            assert opened.auto_run.is_waiting
    assert engine.requests == []
    QTest.mouseRelease(canvas, LEFT, pos=canvas.rect().center() * 1.1)
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 1


def test_a_stroke_that_is_taken_back_lets_the_run_begin_anew(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    opened.auto_run.set_patience(0)
    opened.settings.set(declared.AUTO_RUN, True)
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    canvas = opened.view.canvas(Pane.ORIGINAL)
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    press(opened, ESCAPE)
    QTest.mouseRelease(canvas, LEFT, pos=canvas.rect().center())
    gate.set()
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 2


def test_the_panes_stay_from_one_run_by_itself_to_the_next(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    engine.has_detail = True
    opened.auto_run.set_patience(0)
    opened.settings.set(declared.AUTO_RUN, True)
    stroke(opened, *FIRST)
    wait_for_results(qtbot, opened)
    before = [opened.view.pane(pane).geometry() for pane in Pane]
    gate = engine.gates[Stage.COARSE] = threading.Event()
    stroke(opened, *SECOND)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.COARSE).state is PaneState.RUNNING)
    assert [opened.view.pane(pane).geometry() for pane in Pane] == before
    assert opened.view.pane(Pane.DETAIL).state is PaneState.WAITING
    gate.set()
    wait_for_results(qtbot, opened)
    assert [opened.view.pane(pane).geometry() for pane in Pane] == before


def test_shapes_run_by_themselves_and_undo_does_not(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    opened.auto_run.set_patience(0)
    opened.settings.set(declared.AUTO_RUN, True)
    stroke(opened, *FIRST)
    wait_for_results(qtbot, opened)
    press(opened, ESCAPE)
    with qtbot.waitSignal(opened.session.painted):
        opened.session.paint_region("Shape", Rect(10, 10, 20, 20), np.full((20, 20), 255, np.uint8), erase=False)
    wait_for_results(qtbot, opened)
    press(opened, ESCAPE)
    with qtbot.waitSignal(opened.session.history_changed):
        press(opened, Qt.Key.Key_Z, CONTROL)
    assert not opened.auto_run.is_waiting
    assert len(engine.requests) == 2
