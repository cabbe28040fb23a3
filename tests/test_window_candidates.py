"""Candidates in the real window: made one after the other, looked at by arrow keys, taken, and brought back."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from app.inference.request import InpaintOptions, Stage
from app.ui.main_window import MainWindow
from app.ui.panels.candidate_cell import CandidateCell
from app.ui.session import variants
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.driving import FIRST, SECOND, canvas_of, image_of, open_path, press, run_to_end, stroke, wait_for_results
from tests.fakes import FakeEngine, ScriptedAsker, colour_of

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RETURN, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
LEFT, RIGHT = Qt.Key.Key_Left, Qt.Key.Key_Right
WAYS = [("1×", "seed 0"), ("0.7×", "seed 0"), ("1×", "seed 1")]
HOLE = 60, 70
"""Row and column of a pixel of the first hole."""


@pytest.fixture
def opened(opened: MainWindow) -> MainWindow:
    """With three candidates wanted: scales 1 and 0.7 (larger boxes end at the photo), then another seed."""
    opened.settings.set(declared.CANDIDATES, 3)
    return opened


def make(qtbot: QtBot, window: MainWindow) -> None:
    """Paint the first hole and fill it in several ways."""
    stroke(window, *FIRST)
    press(window, RETURN, CONTROL)
    wait_for_results(qtbot, window)


def cells(window: MainWindow) -> tuple[CandidateCell, ...]:
    return window.candidates.cells


def shown(window: MainWindow) -> str:
    """The letter of the one that is looked at, in strip and session alike."""
    (cell,) = (each for each in cells(window) if each.isChecked())
    assert window.session.runs.shown is not None
    assert window.session.runs.shown.name == cell.look.name
    return cell.look.name


def words_of(window: MainWindow) -> str:
    """What is said of the run under way."""
    bar = window.prompt.strip.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    return bar.accessibleDescription()


def ways(engine: FakeEngine) -> list[tuple[float, int]]:
    return [(request.options.context_scale, request.options.seed) for request in engine.requests]


def accept(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.image_changed):
        press(window, RETURN)


def undo(qtbot: QtBot, window: MainWindow) -> None:
    with qtbot.waitSignal(window.session.history_changed):
        press(window, Qt.Key.Key_Z, CONTROL)


def test_candidates_are_made_and_shown_side_by_side(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    assert not opened.candidates.isVisible()
    make(qtbot, opened)
    assert ways(engine) == [(1.0, 0), (0.7, 0), (1.0, 1)]
    assert engine.requests[0].image is engine.requests[2].image, "all of them share one copy"
    assert opened.candidates.isVisible()
    assert [cell.look.name for cell in cells(opened)] == ["A", "B", "C"]
    assert [(cell.look.scale, cell.look.seed) for cell in cells(opened)] == WAYS
    assert {cell.look.detail for cell in cells(opened)} == {"300 ms"}
    qtbot.waitUntil(lambda: all(cell.look.picture is not None for cell in cells(opened)))
    assert cells(opened)[1].accessibleName() == "B · 0.7× · seed 0 · 300 ms"
    assert "0.7×" in cells(opened)[1].toolTip()
    assert not opened.prompt.switcher.isVisible(), "the strip is enough"


def test_pictures_show_the_hole_as_it_is_filled(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    qtbot.waitUntil(lambda: all(cell.look.picture is not None for cell in cells(opened)))
    blues = []
    for cell, variant in zip(cells(opened), opened.session.runs.variants, strict=True):
        assert cell.look.picture is not None
        assert variant.options is not None
        picture = cell.look.picture.toImage()
        middle = picture.pixelColor(picture.width() // 2, picture.height() // 2)
        assert (middle.red(), middle.green(), middle.blue()) == colour_of(Stage.GLOBAL, variant.options)
        blues.append(middle.blue())
    assert len(set(blues)) == 3


def test_arrow_keys_look_at_one_after_the_other(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    canvas_of(opened).setFocus()
    centre = opened.view.viewport.centre
    names = []
    for key in (RIGHT, RIGHT, LEFT, Qt.Key.Key_Home, Qt.Key.Key_End, RIGHT):
        press(opened, key)
        names.append(shown(opened))
    assert names == ["B", "C", "B", "A", "C", "A"]
    assert opened.view.viewport.centre == centre, "they do not move the photo as well"
    press(opened, Qt.Key.Key_Up)
    press(opened, ESCAPE)
    assert not opened.candidates.isVisible()
    opened.view.viewport.zoom_step(4)
    press(opened, RIGHT)
    assert opened.view.viewport.centre != centre, "without candidates they do"


def test_a_click_looks_and_the_keyboard_stays_on_the_strip(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    QTest.mouseClick(cells(opened)[1], Qt.MouseButton.LeftButton)
    assert shown(opened) == "B"
    cells(opened)[1].setFocus()
    press(opened, RIGHT)
    assert shown(opened) == "C"
    assert cells(opened)[2].hasFocus()
    press(opened, LEFT)
    assert cells(opened)[1].hasFocus()
    accept(qtbot, opened)
    assert opened.session.document is not None
    options = opened.session.shelf.get(opened.session.document.history.states[-2])
    assert options is not None
    assert options.shown.name == "B"


def test_the_keyboard_gets_to_the_strip(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    canvas_of(opened).setFocus()
    press(opened, Qt.Key.Key_F6)
    assert cells(opened)[0].hasFocus(), "the one that is looked at"
    press(opened, RIGHT)
    assert cells(opened)[1].hasFocus()
    press(opened, ESCAPE)
    assert opened.session.runs.variants == ()


def test_progress_counts_and_escape_keeps_what_is_there(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.GLOBAL] = threading.Event()
    stroke(opened, *FIRST)
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: "1 of 3" in words_of(opened))
    assert [cell.look.detail for cell in cells(opened)][1:] == ["Waiting", "Waiting"]
    gate.set()
    wait_for_results(qtbot, opened)
    assert [each.name for each in opened.session.runs.variants] == ["A", "B", "C"]
    engine.gates[Stage.LOCAL] = gate = threading.Event()
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: len(engine.requests) == 4)
    press(opened, ESCAPE)
    gate.set()
    assert opened.session.runs.phase is RunPhase.READY
    assert [each.name for each in opened.session.runs.variants] == ["A", "B", "C"]
    assert opened.session.runs.series is None


def test_a_stopped_series_begins_no_further_run(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    stroke(opened, *FIRST)
    gates = iter([threading.Event(), threading.Event()])
    engine.gates[Stage.COARSE] = first = next(gates)
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    engine.gates[Stage.COARSE] = second = next(gates)
    first.set()
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    press(opened, ESCAPE)
    second.set()
    assert [each.name for each in opened.session.runs.variants] == ["A"]
    assert opened.session.runs.phase is RunPhase.READY
    assert opened.session.runs.series is None
    assert not opened.candidates.isVisible(), "there is nothing to choose from"


def test_what_was_filled_before_is_one_of_them(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    assert ways(engine) == [(1.0, 0), (0.7, 0), (1.0, 1)]
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    assert ways(engine)[3:] == [(0.7, 1), (1.0, 2), (0.7, 2)], "and once all are there, others follow"


def test_pressed_again_it_never_brings_what_was_there_before(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "MOST", 4)
    make(qtbot, opened)
    for _ in range(3):
        press(opened, RETURN, CONTROL)
        wait_for_results(qtbot, opened)
    assert len(opened.session.runs.variants) == 4
    assert len(ways(engine)) == len(set(ways(engine))) == 12
    accept(qtbot, opened)
    undo(qtbot, opened)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    assert len(ways(engine)) == len(set(ways(engine))) == 15, "taken and taken back changes nothing"


def test_what_was_looked_at_is_looked_at_again_where_nothing_came(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    make(qtbot, opened)
    press(opened, RIGHT)
    assert shown(opened) == "B"
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: len(engine.requests) == 4)
    assert shown(opened) == "D"
    press(opened, ESCAPE)
    gate.set()
    assert shown(opened) == "B", "stopped"
    exact = InpaintOptions(exact=True)
    opened.session.candidates(exact, 3)
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 5, "there is one way alone"
    press(opened, Qt.Key.Key_Home)
    opened.session.candidates(exact, 3)
    wait_for_results(qtbot, opened)
    assert len(engine.requests) == 5
    assert shown(opened) == "A", "nothing was made"


def test_another_mask_makes_all_anew(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    stroke(opened, *SECOND)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    assert [each.name for each in opened.session.runs.variants] == ["A", "B", "C"]


def test_undo_brings_all_of_them_back_to_take_another(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    make(qtbot, opened)
    press(opened, Qt.Key.Key_End)
    accept(qtbot, opened)
    third = colour_of(Stage.GLOBAL, engine.requests[2].options)
    assert tuple(image_of(opened)[HOLE]) == third
    assert not opened.candidates.isVisible()
    undo(qtbot, opened)
    assert opened.candidates.isVisible()
    assert shown(opened) == "C"
    assert opened.view.current is None
    press(opened, Qt.Key.Key_Home)
    accept(qtbot, opened)
    assert tuple(image_of(opened)[HOLE]) == colour_of(Stage.GLOBAL, engine.requests[0].options)
    undo(qtbot, opened)
    assert shown(opened) == "A"
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert not opened.candidates.isVisible()
    undo(qtbot, opened)
    assert [cell.look.name for cell in cells(opened)] == ["A", "B", "C"], "redo and undo lose nothing"
    assert len(engine.requests) == 3


def test_the_history_offers_the_other_candidates(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    accept(qtbot, opened)
    model = opened.history.model
    menu = opened.history.menu_of(model.index(model.present))
    (action,) = (each for each in menu.actions() if each.text() == "Other candidates")
    with qtbot.waitSignal(opened.session.history_changed):
        action.trigger()
    assert opened.candidates.isVisible()
    plain = opened.history.menu_of(model.index(1))
    assert "Other candidates" not in [each.text() for each in plain.actions()]


def test_the_history_offers_them_wherever_it_stands(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    accept(qtbot, opened)
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.jump(0)
    for _ in range(2):
        assert not opened.candidates.isVisible()
        (action,) = (
            each
            for each in opened.history.menu_of(opened.history.model.index(2)).actions()
            if each.text() == "Other candidates"
        )
        with qtbot.waitSignal(opened.session.brought_back):
            action.trigger()
        assert [cell.look.name for cell in cells(opened)] == ["A", "B", "C"]
        assert opened.history.model.present == 1
        press(opened, ESCAPE)
    undo(qtbot, opened)
    with qtbot.waitSignal(opened.session.brought_back):
        press(opened, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert opened.candidates.isVisible(), "with the mask's stroke they are there again"


def test_one_result_alone_is_not_kept(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    accept(qtbot, opened)
    undo(qtbot, opened)
    assert opened.session.runs.variants == ()
    assert opened.session.runs.phase is RunPhase.IDLE


def test_another_branch_of_the_history_forgets(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    accept(qtbot, opened)
    assert len(list(opened.session.shelf)) == 1
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.jump(0)
    assert opened.session.runs.variants == (), "not the state in which they were there"
    stroke(opened, *SECOND)
    assert list(opened.session.shelf) == []


def test_the_shelf_is_bounded(qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    make(qtbot, opened)
    accept(qtbot, opened)
    monkeypatch.setattr(variants, "MOST_BYTES", 100_000)
    stroke(opened, *SECOND)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    monkeypatch.setattr(variants, "MOST_BYTES", 10)
    accept(qtbot, opened)
    assert [kept.shown.name for _, kept in opened.session.shelf] == ["A"], "the newest alone has stayed"
    undo(qtbot, opened)
    assert opened.candidates.isVisible()


def test_another_photo_leaves_them_where_they_are(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    make(qtbot, opened)
    accept(qtbot, opened)
    first = opened.photos.current
    assert first is not None
    other = tmp_path / "other.png"
    other.write_bytes((tmp_path / "sea.png").read_bytes())
    open_path(qtbot, opened, other)
    assert list(opened.session.shelf) == []
    with qtbot.waitSignal(opened.photos.arrived):
        opened.photos.select(first)
    undo(qtbot, opened)
    assert [cell.look.name for cell in cells(opened)] == ["A", "B", "C"]


def test_a_series_goes_on_while_another_photo_is_shown(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    stroke(opened, *FIRST)
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    first = opened.photos.current
    other = tmp_path / "other.png"
    other.write_bytes((tmp_path / "sea.png").read_bytes())
    open_path(qtbot, opened, other)
    assert not opened.candidates.isVisible()
    gate.set()
    assert first is not None
    qtbot.waitUntil(lambda: first.parked is not None and first.parked.runs.phase is RunPhase.READY)
    with qtbot.waitSignal(opened.photos.arrived):
        opened.photos.select(first)
    assert [cell.look.name for cell in cells(opened)] == ["A", "B", "C"]


def test_a_session_keeps_candidates_and_those_not_taken(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, engine: FakeEngine
) -> None:
    make(qtbot, opened)
    press(opened, Qt.Key.Key_End)
    accept(qtbot, opened)
    stroke(opened, *SECOND)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(opened.sessions.saved):
        opened.sessions.save(path, embed=False)
    opened.photos.close_all()
    open_path(qtbot, opened, path)
    assert [(cell.look.scale, cell.look.seed) for cell in cells(opened)] == WAYS
    undo(qtbot, opened)
    undo(qtbot, opened)
    assert opened.candidates.isVisible()
    assert shown(opened) == "C"
    press(opened, LEFT)
    accept(qtbot, opened)
    assert tuple(image_of(opened)[HOLE]) == colour_of(Stage.GLOBAL, engine.requests[1].options)


def test_a_failing_candidate_leaves_those_before_it(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine, asker: ScriptedAsker
) -> None:
    stroke(opened, *FIRST)
    engine.gates[Stage.COARSE] = first = threading.Event()
    press(opened, RETURN, CONTROL)
    qtbot.waitUntil(lambda: len(engine.requests) == 1)
    engine.gates[Stage.COARSE] = second = threading.Event()
    first.set()
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    engine.failure = RuntimeError("no more")
    second.set()
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert [each.name for each in opened.session.runs.variants] == ["A"]
    assert opened.session.runs.phase is RunPhase.READY
    assert len(engine.requests) == 2


def test_the_number_of_candidates_is_a_setting(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    opened.settings.set(declared.CANDIDATES, 2)
    make(qtbot, opened)
    assert len(engine.requests) == 2


def test_pictures_follow_the_stage_that_is_looked_at(qtbot: QtBot, opened: MainWindow) -> None:
    make(qtbot, opened)
    qtbot.waitUntil(lambda: all(cell.look.picture is not None for cell in cells(opened)))
    press(opened, Qt.Key.Key_2)
    assert opened.view.current is Pane.COARSE
    qtbot.waitUntil(lambda: all(cell.look.picture is not None for cell in cells(opened)))
    picture = cells(opened)[0].look.picture
    assert picture is not None
    assert picture.toImage().pixelColor(picture.width() // 2, picture.height() // 2).red() == 200
