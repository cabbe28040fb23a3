"""The attention tool in the window: pointing, levels, what is not to be used, filling again without it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.edits import AvoidEdit
from app.errors import LacunaError
from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import InpaintOptions, Stage
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.session.attention_work import ProbeState
from app.ui.settings import declared
from app.ui.settings.declared import AttentionLevel
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.driving import (
    LEFT,
    canvas_of,
    image_of,
    names_of,
    open_photo,
    press,
    run_to_end,
    stroke,
    wait_for_results,
)
from tests.fakes import FakeEngine

SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
FILLED, BLUE, SECOND = (64, 60), (136, 72), (24, 24)
"""Places in the photo: in the hole, and of the two bluest squares."""


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Grey, with a very blue square and a blue one."""
    pixels = np.full((120, 180, 3), 90, np.uint8)
    pixels[64:80, 128:144] = 40, 60, 250
    pixels[16:32, 16:32] = 60, 60, 200
    write_image(tmp_path / "squares.png", pixels)
    return tmp_path / "squares.png"


@pytest.fixture
def filled(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    """A hole is filled and the attention tool is in hand."""
    open_photo(qtbot, window, photo)
    window.settings.set(declared.ATTENTION_LEVEL, AttentionLevel.FINE)
    stroke(window, (50, 60), (80, 60))
    run_to_end(qtbot, window)
    press(window, Qt.Key.Key_A)
    return window


def point_at(window: MainWindow, place: tuple[float, float], pane: Pane = Pane.ORIGINAL) -> Canvas:
    canvas = window.view.canvas(pane)
    at = canvas.from_image(Point(*place)).toPoint()
    QTest.mouseMove(canvas, QPoint(2, 2))  # a pointer that is there already does not move
    QTest.mouseMove(canvas, at)
    return canvas


def look(qtbot: QtBot, window: MainWindow, place: tuple[float, float] = FILLED, pane: Pane = Pane.ORIGINAL) -> None:
    """Point at a filled place and wait for where it looks."""
    with qtbot.waitSignal(window.attention.work.found):
        point_at(window, place, pane)


def heat_at(window: MainWindow, place: tuple[float, float]) -> float:
    looked = window.attention.looked
    assert looked is not None
    return float(looked.heat[int(place[1] / looked.cell[1]), int(place[0] / looked.cell[0])])


def probes(engine: FakeEngine) -> int:
    return sum(request.probe_at is not None for request in engine.requests)


def mark_blue(window: MainWindow) -> None:
    """One dab over the bluest square."""
    window.toolbox.brush.set_size(30)
    stroke(window, BLUE)


# pointing


def test_a_runs_own_work_keeps_nothing_and_the_first_question_looks_again(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    assert probes(engine) == 0
    look(qtbot, filled)
    asked = engine.requests[-1]
    first = engine.requests[0]
    assert asked.probe_at is not None
    assert (asked.options, asked.contexts, asked.avoid) == (first.options, first.contexts, None)
    assert np.array_equal(asked.mask, first.mask)
    assert np.array_equal(asked.image, first.image)


def test_pointing_shows_where_it_looked_and_says_how_much_stayed_in_the_hole(qtbot: QtBot, filled: MainWindow) -> None:
    look(qtbot, filled)
    looked = filled.attention.looked
    assert looked is not None
    assert (looked.spots[0].point.x // 16, looked.spots[0].point.y // 16) == (BLUE[0] // 16, BLUE[1] // 16)
    assert heat_at(filled, BLUE) > heat_at(filled, SECOND) > heat_at(filled, (100, 20)) > 0
    assert filled.attention.card.isVisible()
    words = filled.attention.card.words
    assert f"{100 * looked.at_known:.0f} %" in words
    assert f"{100 * looked.in_hole:.0f} %" in words
    assert filled.attention.card.legend


def test_further_questions_need_no_engine(qtbot: QtBot, filled: MainWindow, engine: FakeEngine) -> None:
    look(qtbot, filled)
    look(qtbot, filled, (72, 60))
    looked = filled.attention.looked
    assert looked is not None
    assert looked.asked == (72, 60, 4, 4)
    assert probes(engine) == 1


def test_beside_the_hole_the_last_answer_stays(qtbot: QtBot, filled: MainWindow) -> None:
    look(qtbot, filled)
    before = filled.attention.looked
    point_at(filled, BLUE)
    point_at(filled, (-20, -20))
    assert filled.attention.looked is before


def test_the_heat_is_drawn_in_the_pane_that_is_pointed_at(qtbot: QtBot, filled: MainWindow) -> None:
    canvases = {pane: filled.view.canvas(pane) for pane in (Pane.ORIGINAL, Pane.GLOBAL)}
    at = {pane: canvas.from_image(Point(*BLUE)).toPoint() for pane, canvas in canvases.items()}

    def colour(pane: Pane) -> int:
        return canvases[pane].grab().toImage().pixel(at[pane])

    plain = {pane: colour(pane) for pane in canvases}
    look(qtbot, filled, pane=Pane.GLOBAL)
    assert colour(Pane.GLOBAL) != plain[Pane.GLOBAL]
    assert colour(Pane.ORIGINAL) == plain[Pane.ORIGINAL]
    look(qtbot, filled, (70, 60))
    assert colour(Pane.ORIGINAL) != plain[Pane.ORIGINAL]
    assert colour(Pane.GLOBAL) == plain[Pane.GLOBAL]


def test_another_tool_takes_heat_and_card_away(qtbot: QtBot, filled: MainWindow) -> None:
    look(qtbot, filled)
    press(filled, Qt.Key.Key_B)
    assert filled.attention.looked is None
    assert not filled.attention.card.isVisible()
    point_at(filled, (70, 60))
    assert filled.attention.work.state is ProbeState.READY


def test_without_results_it_says_what_to_do(qtbot: QtBot, window: MainWindow, photo: Path, engine: FakeEngine) -> None:
    open_photo(qtbot, window, photo)
    press(window, Qt.Key.Key_A)
    point_at(window, FILLED)
    assert window.attention.work.state is ProbeState.NO_RESULT
    assert "Fill a hole" in window.attention.card.words
    assert not engine.requests


def test_an_engine_that_fails_is_told_on_the_card(qtbot: QtBot, filled: MainWindow, engine: FakeEngine) -> None:
    engine.failure = LacunaError("no weights here: install them")
    point_at(filled, FILLED)
    qtbot.waitUntil(lambda: filled.attention.work.state is ProbeState.FAILED)
    assert "weights here" in filled.attention.card.words
    point_at(filled, (72, 60))
    assert probes(engine) == 1, "what failed is not tried again with every movement"
    engine.failure = None
    press(filled, Qt.Key.Key_B)
    press(filled, Qt.Key.Key_A)
    look(qtbot, filled)


def test_an_answer_takes_the_place_of_what_went_wrong_elsewhere(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    look(qtbot, filled)
    engine.failure, engine.fails_at = LacunaError("no weights here: install them"), Stage.DETAIL
    filled.settings.set(declared.FEATHER, 9)
    press(filled, Qt.Key.Key_Return, SHIFT)
    wait_for_results(qtbot, filled)
    work, card, runs = filled.attention.work, filled.attention.card, filled.session.runs
    qtbot.waitUntil(lambda: work.state is ProbeState.FAILED)
    first, second = runs.variants
    with qtbot.waitSignal(work.found):
        runs.show(first)
    assert work.state is ProbeState.READY
    assert card.legend
    assert "weights here" not in card.words
    asked = probes(engine)
    runs.show(second)
    assert work.state is ProbeState.FAILED
    assert "weights here" in card.words
    assert probes(engine) == asked, "what failed is not tried again"


def test_without_results_nothing_is_looked_for_any_longer(qtbot: QtBot, filled: MainWindow, engine: FakeEngine) -> None:
    engine.lasting = frozenset({Stage.GLOBAL})
    point_at(filled, FILLED)
    qtbot.waitUntil(engine.in_lasting.is_set)
    assert filled.attention.work.state is ProbeState.LOOKING
    press(filled, Qt.Key.Key_Escape)
    assert not filled.session.runs.results
    assert filled.attention.work.state is ProbeState.NO_RESULT
    assert "Fill a hole" in filled.attention.card.words
    qtbot.waitUntil(engine.out_of_lasting.is_set)


def test_the_card_is_there_for_the_next_photo_too(qtbot: QtBot, filled: MainWindow, tmp_path: Path) -> None:
    look(qtbot, filled)
    other = tmp_path / "other.png"
    write_image(other, np.full((60, 90, 3), 77, np.uint8))
    with qtbot.waitSignal(filled.session.document_opened):
        filled.commands.file.open_path(other)
    assert filled.toolbox.current is ToolName.ATTENTION
    assert filled.attention.card.isVisible()
    assert "Fill a hole" in filled.attention.card.words


def test_arrows_move_the_place_that_is_asked(qtbot: QtBot, filled: MainWindow) -> None:
    with qtbot.waitSignal(filled.attention.work.found):
        press(filled, Qt.Key.Key_Right)
    first = filled.attention.looked
    assert first is not None
    with qtbot.waitSignal(filled.attention.work.found):
        press(filled, Qt.Key.Key_Right)
    second = filled.attention.looked
    assert second is not None
    assert second.asked[0] == first.asked[0] + first.cell[0]
    assert second.asked[1] == first.asked[1]


# levels


@pytest.mark.parametrize(("times", "cell"), [(1, 8), (2, 16), (3, 4), (4, 4)])
def test_the_next_level_is_shown_for_the_same_place(qtbot: QtBot, filled: MainWindow, times: int, cell: int) -> None:
    look(qtbot, filled)
    for _ in range(times):
        with qtbot.waitSignal(filled.attention.work.found):
            press(filled, Qt.Key.Key_A, SHIFT)
    looked = filled.attention.looked
    assert looked is not None
    assert looked.cell == (cell, cell)
    level = filled.settings.get(declared.ATTENTION_LEVEL)
    assert level is tuple(AttentionLevel)[times % 4]


# what is not to be used


def test_a_click_marks_fills_again_without_it_and_undo_brings_the_first_result_back(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    look(qtbot, filled)
    session = filled.session
    mark_blue(filled)
    assert names_of(filled)[-1] == "Don't use"
    assert session.has_avoid
    assert filled.attention.looked is not None
    press(filled, Qt.Key.Key_Return)  # it is no longer what the results answer: Enter fills again
    wait_for_results(qtbot, filled)
    assert len(session.runs.variants) == 2
    runs = [request for request in engine.requests if request.probe_at is None]
    assert runs[0].avoid is None
    assert runs[1].avoid is not None
    assert runs[1].avoid[BLUE[1], BLUE[0]] > 0
    assert np.array_equal(runs[0].mask, runs[1].mask)
    qtbot.waitUntil(lambda: probes(engine) == 2 and filled.attention.looked is not None)
    assert heat_at(filled, BLUE) == 0
    assert heat_at(filled, SECOND) > 0
    press(filled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(filled.action_set["redo"].isEnabled)
    assert not session.has_avoid
    options = runs[0].options
    assert session.variant_with(options) is session.runs.variants[0]
    press(filled, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | SHIFT)
    qtbot.waitUntil(lambda: not filled.action_set["redo"].isEnabled())
    assert session.has_avoid
    assert session.variant_with(options) is session.runs.variants[1]


def test_alt_takes_marks_away_and_delete_all_of_them(qtbot: QtBot, filled: MainWindow) -> None:
    session = filled.session
    mark_blue(filled)
    canvas = canvas_of(filled)
    at = canvas.from_image(Point(*BLUE)).toPoint()
    filled.toolbox.brush.set_size(10)
    QTest.mousePress(canvas, LEFT, ALT, at)
    QTest.mouseRelease(canvas, LEFT, ALT, at)
    assert names_of(filled)[-1] == "Use again"
    document = session.document
    assert document is not None
    assert document.avoid[BLUE[1], BLUE[0]] == 0
    assert session.has_avoid
    press(filled, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not session.has_avoid)
    assert names_of(filled)[-1] == "Use all again"
    qtbot.waitUntil(lambda: not filled.action_set["clear_avoid"].isEnabled())


def test_a_mark_taken_back_where_it_was_made_counts_for_nothing(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    mark_blue(filled)
    canvas = canvas_of(filled)
    QTest.mouseClick(canvas, LEFT, ALT, canvas.from_image(Point(*BLUE)).toPoint())
    assert names_of(filled)[-1] == "Use again"
    document = filled.session.document
    assert document is not None
    assert document.avoid.any(), "the edges of a soft brush"
    assert not filled.session.has_avoid
    press(filled, Qt.Key.Key_Return)
    wait_for_results(qtbot, filled)
    runs = [request for request in engine.requests if request.probe_at is None]
    assert len(runs) == 2
    assert runs[1].avoid is None


def test_what_was_filled_is_not_marked_by_a_click(filled: MainWindow) -> None:
    edits = names_of(filled)
    stroke(filled, FILLED, BLUE)
    assert names_of(filled) == edits


def test_marks_leave_mask_and_image_alone(filled: MainWindow) -> None:
    document = filled.session.document
    assert document is not None
    mask, image = document.mask.copy(), image_of(filled)
    mark_blue(filled)
    assert np.array_equal(document.mask, mask)
    assert np.array_equal(document.image, image)
    assert filled.session.runs.results


def test_marks_can_be_made_in_the_pane_of_a_result(qtbot: QtBot, filled: MainWindow) -> None:
    press(filled, Qt.Key.Key_4)
    assert filled.view.current is Pane.GLOBAL
    look(qtbot, filled, pane=Pane.GLOBAL)
    canvas = filled.view.canvas(Pane.GLOBAL)
    at = canvas.from_image(Point(*BLUE)).toPoint()
    before = canvas.grab().toImage().copy()
    QTest.mouseClick(canvas, LEFT, pos=at)
    assert names_of(filled)[-1] == "Don't use"
    qtbot.waitUntil(lambda: canvas.grab().toImage() != before)
    press(filled, Qt.Key.Key_B)
    QTest.mouseClick(canvas, LEFT, pos=at)
    assert names_of(filled)[-1] == "Don't use"


def test_the_strongest_place_can_be_marked_by_a_key(qtbot: QtBot, filled: MainWindow) -> None:
    assert not filled.action_set["avoid_strongest"].isEnabled()
    look(qtbot, filled)
    press(filled, Qt.Key.Key_X, SHIFT)
    document = filled.session.document
    assert document is not None
    spot = filled.attention.looked.spots[0].point if filled.attention.looked else Point(0, 0)
    assert document.avoid[int(spot.y), int(spot.x)] > 0
    assert names_of(filled)[-1] == "Don't use"


def test_an_aborted_mark_is_no_mark(filled: MainWindow) -> None:
    canvas, edits = canvas_of(filled), names_of(filled)
    QTest.mousePress(canvas, LEFT, pos=canvas.from_image(Point(*BLUE)).toPoint())
    assert filled.session.has_avoid
    press(filled, Qt.Key.Key_Escape)
    assert not filled.session.has_avoid
    assert names_of(filled) == edits
    assert filled.session.runs.results


def test_marks_belong_to_the_photo(qtbot: QtBot, filled: MainWindow, tmp_path: Path) -> None:
    mark_blue(filled)
    other = tmp_path / "other.png"
    write_image(other, np.full((60, 90, 3), 77, np.uint8))
    with qtbot.waitSignal(filled.session.document_opened):
        filled.commands.file.open_path(other)
    assert not filled.session.has_avoid
    with qtbot.waitSignal(filled.session.document_opened):
        filled.photos.select(filled.photos.photos[0])
    assert filled.session.has_avoid
    assert filled.toolbox.current is ToolName.ATTENTION
    look(qtbot, filled)


def test_a_session_file_has_the_marks_their_undo_and_what_each_result_left_out(
    qtbot: QtBot, filled: MainWindow, tmp_path: Path
) -> None:
    mark_blue(filled)
    press(filled, Qt.Key.Key_Return)
    wait_for_results(qtbot, filled)
    document = filled.session.document
    assert document is not None
    avoid = document.avoid.copy()
    path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(filled.sessions.saved):
        filled.sessions.save(path, embed=False)
    filled.photos.close_all()
    qtbot.waitUntil(lambda: filled.session.document is None)
    assert not filled.session.has_avoid
    with qtbot.waitSignal(filled.session.document_opened):
        filled.commands.file.open_path(path)
    again = filled.session.document
    assert again is not None
    assert np.array_equal(again.avoid, avoid)
    first, second = filled.session.runs.variants
    assert first.avoid is None
    assert second.avoid is not None
    assert np.array_equal(second.avoid, avoid)
    look(qtbot, filled, (70, 60))
    assert heat_at(filled, BLUE) == 0
    filled.session.undo()
    qtbot.waitUntil(lambda: not filled.session.has_avoid)


def test_options_alone_make_no_probe_of_a_run_without_a_global_stage(
    qtbot: QtBot, window: MainWindow, photo: Path, engine: FakeEngine
) -> None:
    open_photo(qtbot, window, photo)
    stroke(window, (50, 60), (80, 60))
    run_to_end(qtbot, window)
    shown = window.session.runs.shown
    assert shown is not None
    del shown.results[Stage.GLOBAL]
    press(window, Qt.Key.Key_A)
    point_at(window, FILLED)
    assert window.attention.work.state is ProbeState.NO_RESULT
    assert probes(engine) == 0


def test_a_mark_is_an_edit_of_its_own_kind(filled: MainWindow) -> None:
    mark_blue(filled)
    document = filled.session.document
    assert document is not None
    edit = document.history.previous
    assert isinstance(edit, AvoidEdit)
    assert not edit.changes_image
    assert isinstance(filled.settings.run_options(), InpaintOptions)
