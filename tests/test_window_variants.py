"""Results of several runs in the real window: kept, looked at, accepted and let go."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.imaging.geometry import Point, Rect
from app.inference.request import InpaintOptions, RegionPatch, Stage, StageResult
from app.ui.main_window import MainWindow
from app.ui.session import variants
from app.ui.session.next_step import StepKind
from app.ui.session.runs import RunPhase
from app.ui.session.variants import Variant, letters, surplus
from app.ui.settings import declared
from app.ui.stages.panes import Pane, PaneState
from tests.driving import (
    FIRST,
    SECOND,
    buttons_of,
    image_of,
    press,
    run_to_end,
    stroke,
    wait_for_results,
)
from tests.fakes import COLOURS, FakeEngine

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


def again_with(qtbot: QtBot, window: MainWindow, grow: int) -> None:
    """Change an option while results are shown, and fill again."""
    window.settings.set(declared.GROW, grow)
    press(window, RETURN, SHIFT)
    wait_for_results(qtbot, window)


def shown_pixel(window: MainWindow, pane: Pane = Pane.GLOBAL) -> tuple[int, ...]:
    """The first hole's colour as `pane` shows it."""
    canvas = window.view.canvas(pane)
    picture = canvas.grab().toImage()
    at = canvas.from_image(Point(70.5, 60.5)).toPoint()
    colour = picture.pixelColor(at * picture.devicePixelRatio())
    return colour.red(), colour.green(), colour.blue()


@pytest.fixture
def two(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[tuple[int, ...], tuple[int, ...]]]:
    """Two variants of the first hole, the second of another colour."""

    def make() -> tuple[tuple[int, ...], tuple[int, ...]]:
        stroke(opened, *FIRST)
        run_to_end(qtbot, opened)
        first = COLOURS[Stage.GLOBAL]
        monkeypatch.setitem(COLOURS, Stage.GLOBAL, (9, 99, 199))
        again_with(qtbot, opened, 8)
        return first, (9, 99, 199)

    return make


def test_again_with_other_options_keeps_both(qtbot: QtBot, opened: MainWindow, two: Callable[[], object]) -> None:
    first, second = two()  # type: ignore[misc]
    switcher = opened.prompt.switcher
    one, other = opened.session.runs.variants
    assert one.mask is other.mask, "what both fill is kept once"
    assert switcher.isVisible()
    assert [each.text() for each in switcher.buttons] == ["A", "B"]
    assert switcher.buttons[1].isChecked()
    assert "Grow: 8 px" in switcher.buttons[1].toolTip()
    assert "300 ms" in switcher.buttons[0].toolTip()
    assert shown_pixel(opened) == second
    switcher.buttons[0].click()
    assert shown_pixel(opened) == first
    press(opened, Qt.Key.Key_Period)
    assert shown_pixel(opened) == second
    press(opened, Qt.Key.Key_Comma)
    assert switcher.buttons[0].isChecked()
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, RETURN)
    assert (image_of(opened)[60, 70] == first).all()
    assert not switcher.isVisible()
    assert opened.session.runs.variants == ()
    assert opened.session.document is not None
    assert opened.session.document.history.names[-1] == "Fill: global, 300 ms"


def test_the_button_again_comes_with_other_options_and_enter_still_accepts(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    assert not any("Again" in text for text in buttons_of(opened))
    opened.settings.set(declared.FEATHER, 9)
    assert opened.commands.edit.step.kind is StepKind.ACCEPT
    assert "Again  ⇧⏎" in buttons_of(opened)
    next(each for each in opened.prompt.buttons if "Again" in each.text()).click()
    wait_for_results(qtbot, opened)
    assert [request.options.feather for request in engine.requests] == [4, 9]
    opened.settings.set(declared.FEATHER, 4)
    assert not any("Again" in text for text in buttons_of(opened)), "such results are there already"
    press(opened, RETURN, SHIFT)
    assert opened.session.runs.shown is opened.session.runs.variants[0]
    assert len(engine.requests) == 2


def test_again_with_nothing_changed_says_so(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    press(opened, RETURN, SHIFT)
    assert len(engine.requests) == 1
    assert "present options" in opened.banner.text
    press(opened, Qt.Key.Key_Escape)
    assert not opened.banner.text, "it spoke of results that are gone"


def test_escape_stops_the_second_run_then_discards_all(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    opened.settings.set(declared.GROW, 8)
    press(opened, RETURN, SHIFT)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    press(opened, ESCAPE)
    assert opened.session.runs.phase is RunPhase.READY
    assert [each.name for each in opened.session.runs.variants] == ["A"]
    assert all(opened.view.pane(Pane.of(stage)).state is PaneState.READY for stage in opened.session.runs.results)
    gate.set()
    press(opened, ESCAPE)
    assert opened.session.runs.variants == ()
    assert opened.view.current is Pane.ORIGINAL


def test_earlier_results_can_be_looked_at_while_the_next_run_goes_on(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    opened.settings.set(declared.GROW, 8)
    press(opened, RETURN, SHIFT)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    press(opened, Qt.Key.Key_Comma)
    assert opened.view.pane(Pane.GLOBAL).state is PaneState.READY
    press(opened, Qt.Key.Key_Comma)
    states = [opened.view.pane(pane).state for pane in (Pane.COARSE, Pane.LOCAL, Pane.GLOBAL)]
    assert states == [PaneState.READY, PaneState.RUNNING, PaneState.WAITING]
    press(opened, Qt.Key.Key_Comma)
    gate.set()
    wait_for_results(qtbot, opened)
    shown = opened.session.runs.shown
    assert shown is not None
    assert shown.name == "A", "the user looks at it; the new ones wait beside it"
    assert len(opened.session.runs.variants) == 2


def test_a_change_of_the_image_discards_all(qtbot: QtBot, opened: MainWindow, two: Callable[[], object]) -> None:
    two()
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, RETURN)
    stroke(opened, *SECOND)
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.jump(0)
    assert opened.session.runs.variants == ()
    assert opened.session.runs.phase is RunPhase.IDLE


def test_results_of_a_mask_that_is_back_can_be_accepted(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    stroke(opened, *SECOND)
    assert opened.commands.edit.step.kind is StepKind.FILL_AGAIN
    press(opened, RETURN)
    wait_for_results(qtbot, opened)
    assert opened.commands.edit.step.kind is StepKind.ACCEPT
    with qtbot.waitSignal(opened.session.history_changed):
        press(opened, Qt.Key.Key_Z, CONTROL)
    assert opened.commands.edit.step.kind is StepKind.FILL_AGAIN
    press(opened, RETURN)
    assert len(engine.requests) == 2, "what the mask as it is now was filled with is there already"
    assert opened.commands.edit.step.kind is StepKind.ACCEPT


def test_the_oldest_results_make_room_and_it_is_said(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "MOST", 2)
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    for grow in (8, 12):
        again_with(qtbot, opened, grow)
    assert [each.name for each in opened.session.runs.variants] == ["B", "C"]
    assert "the oldest results were let go: A" in opened.banner.text


def test_memory_bounds_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def variant(name: str) -> Variant:
        patch = RegionPatch(Rect(0, 0, 10, 10), np.zeros((10, 10, 3), np.uint8))
        return Variant(name, results={Stage.COARSE: StageResult(Stage.COARSE, (patch,), 0.1, 0)})

    made = [variant(letters(index)) for index in range(4)]
    assert made[0].nbytes == 300
    monkeypatch.setattr(variants, "MOST_BYTES", 650)
    assert [each.name for each in surplus(made, made[-1])] == ["A", "B"]
    assert [each.name for each in surplus(made, made[0])] == ["B", "C"], "what is looked at stays"
    monkeypatch.setattr(variants, "MOST_BYTES", 10)
    assert [each.name for each in surplus(made, made[-1])] == ["A", "B", "C"]


def test_letters_go_on_after_z() -> None:
    assert [letters(index) for index in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]


def test_a_second_run_leaves_what_is_looked_at(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_4)
    again_with(qtbot, opened, 8)
    assert opened.view.current is Pane.GLOBAL


def test_results_are_discarded_by_a_plain_run(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    opened.session.run(InpaintOptions())
    wait_for_results(qtbot, opened)
    assert [each.name for each in opened.session.runs.variants] == ["A"]
