"""Keeping one stage here and another there, in the real window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.document.keep_edit import KeepEdit
from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.main_window import MainWindow
from app.ui.session.next_step import StepKind
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane, PaneState
from app.ui.tools.toolbox import ToolName
from tests.driving import LEFT, image_of, names_of, press, run_to_end, stroke, wait_for_results
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker

HOLE = ((50, 60), (110, 60))
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> MainWindow:
    """A hole of 20 pixels' width, filled by all stages, and a hard brush of 10."""
    engine.has_detail = True
    opened.toolbox.brush.set_size(20)
    opened.toolbox.brush.set_hardness(1)
    stroke(opened, *HOLE)
    run_to_end(qtbot, opened)
    opened.toolbox.brush.set_size(10)
    return opened


@pytest.fixture
def keeping(filled: MainWindow) -> MainWindow:
    """The same with the keep brush in hand, which keeps the local stage."""
    press(filled, Qt.Key.Key_K)
    return filled


def paint(
    qtbot: QtBot,
    window: MainWindow,
    *points: tuple[float, float],
    pane: Pane = Pane.KEPT,
    modifiers: Qt.KeyboardModifier = NONE,
    kept: bool = True,
) -> None:
    """Drag over `pane` along image points, and wait until that is an edit; not `kept`: until it is sure to be none."""
    canvas = window.view.canvas(pane)
    at = [canvas.from_image(Point(*point)).toPoint() for point in points]
    before = names_of(window)
    QTest.mousePress(canvas, LEFT, modifiers, at[0])
    for position in at[1:]:
        QTest.mouseMove(canvas, position)
    QTest.mouseRelease(canvas, LEFT, modifiers, at[-1])
    QTest.mouseMove(canvas, canvas.from_image(Point(160, 20)).toPoint())  # its marks are out of the way
    if kept:
        qtbot.waitUntil(lambda: names_of(window) != before and not window.session.loans.is_lent)
    else:
        qtbot.waitUntil(lambda: not window.session.loans.is_lent)


def back(qtbot: QtBot, window: MainWindow, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
    """Ctrl+Z, or Ctrl+Shift+Z."""
    with qtbot.waitSignal(window.session.history_changed):
        press(window, Qt.Key.Key_Z, modifiers)


def seen(window: MainWindow, x: float, y: float, pane: Pane = Pane.KEPT) -> tuple[int, ...]:
    """The colour of a pixel on the screen."""
    canvas = window.view.canvas(pane)
    picture = canvas.grab().toImage()
    at = canvas.from_image(Point(x + 0.5, y + 0.5)).toPoint()
    colour = picture.pixelColor(at * picture.devicePixelRatio())
    return colour.red(), colour.green(), colour.blue()


def mixture(window: MainWindow) -> np.ndarray:
    """The image as accepting what is kept would make it."""
    shown = window.session.runs.shown
    assert shown is not None
    assert shown.kept is not None
    image = image_of(window)
    for patch in shown.kept.patches():
        image[patch.rect.slices] = patch.pixels
    return image


def colour(stage: Stage) -> np.ndarray:
    return np.array(COLOURS[stage])


def test_the_tool_needs_results(opened: MainWindow) -> None:
    press(opened, Qt.Key.Key_K)
    assert opened.toolbox.current is ToolName.BRUSH
    assert not opened.action_set["keep"].isEnabled()
    assert not opened.action_set["accept_kept"].isEnabled()


def test_taking_it_shows_the_mixture_beside_the_original(keeping: MainWindow) -> None:
    assert keeping.toolbox.current is ToolName.KEEP
    assert keeping.view.current is None
    assert keeping.view.pane(Pane.KEPT).state is PaneState.READY
    assert keeping.view.pane(Pane.KEPT).caption.detail == "all detail"
    assert keeping.view.canvas(Pane.KEPT).isVisible()
    assert keeping.view.canvas(Pane.DETAIL).isVisible()
    assert seen(keeping, 70, 60) == COLOURS[Stage.DETAIL]


def test_painting_lets_the_stage_win_there_and_enter_takes_it(qtbot: QtBot, keeping: MainWindow) -> None:
    original = image_of(keeping)
    keeping.settings.set(declared.KEEP_SHOWN, False)
    paint(qtbot, keeping, (60, 60), (70, 60))
    assert names_of(keeping)[-1] == "Keep local"
    assert seen(keeping, 61, 61) == COLOURS[Stage.LOCAL]
    assert seen(keeping, 95, 60) == COLOURS[Stage.DETAIL]
    assert keeping.view.pane(Pane.KEPT).caption.detail == "detail with local"
    expected = mixture(keeping)
    assert keeping.commands.edit.step.is_mixed
    assert keeping.commands.edit.step.kind is StepKind.ACCEPT, "neither image nor mask have changed since the run"
    with qtbot.waitSignal(keeping.session.image_changed):
        press(keeping, Qt.Key.Key_Return)
    assert names_of(keeping)[-1] == "Fill: detail with local"
    after = image_of(keeping)
    assert (after == expected).all()
    assert (after[60, 64] == colour(Stage.LOCAL)).all()
    assert (after[60, 95] == colour(Stage.DETAIL)).all()
    hole = (after != original).any(axis=2)
    assert (after[~hole] == original[~hole]).all()
    assert hole[60, 64]
    assert not hole[20, 20]
    assert keeping.session.hole_pixels == 0
    assert keeping.toolbox.current is ToolName.BRUSH, "there is nothing left to choose among"
    assert keeping.view.pane(Pane.KEPT).state is PaneState.EMPTY


def test_undo_and_redo_of_strokes(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    once = mixture(keeping)
    keeping.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, keeping, (66, 60), (80, 60))
    twice = mixture(keeping)
    assert names_of(keeping)[-2:] == ["Keep local", "Keep coarse"]
    assert (twice[60, 67] == colour(Stage.COARSE)).all()
    assert (twice[60, 60] == colour(Stage.LOCAL)).all()
    back(qtbot, keeping)
    assert (mixture(keeping) == once).all()
    assert keeping.session.runs.phase is RunPhase.READY
    back(qtbot, keeping)
    assert not keeping.commands.edit.step.is_mixed
    assert seen(keeping, 61, 61) == COLOURS[Stage.DETAIL]
    back(qtbot, keeping, CONTROL | SHIFT)
    back(qtbot, keeping, CONTROL | SHIFT)
    assert (mixture(keeping) == twice).all()


def test_alt_takes_it_back_and_a_soft_edge_mixes(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (90, 60))
    paint(qtbot, keeping, (75, 60), (76, 60), modifiers=ALT)
    assert names_of(keeping)[-1] == "Keep detail"
    made = mixture(keeping)
    assert (made[60, 75] == colour(Stage.DETAIL)).all()
    assert (made[60, 62] == colour(Stage.LOCAL)).all()
    keeping.toolbox.brush.set_hardness(0)
    keeping.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, keeping, (100, 60), (100.4, 60))
    soft = mixture(keeping)[60, 97].astype(int)
    assert 0 < soft[0] <= 200
    assert (soft != colour(Stage.COARSE)).any()
    assert (soft != colour(Stage.DETAIL)).any()


def test_a_stroke_can_be_aborted(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    before, names = mixture(keeping), names_of(keeping)
    canvas = keeping.view.canvas(Pane.KEPT)
    QTest.mousePress(canvas, LEFT, pos=canvas.from_image(Point(90, 60)).toPoint())
    QTest.mouseMove(canvas, canvas.from_image(Point(100, 60)).toPoint())
    assert (mixture(keeping) != before).any(), "it shows at once"
    press(keeping, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not keeping.session.loans.is_lent)
    QTest.mouseRelease(canvas, LEFT, pos=canvas.from_image(Point(100, 60)).toPoint())
    assert (mixture(keeping) == before).all()
    assert names_of(keeping) == names
    assert keeping.session.runs.phase is RunPhase.READY


def test_outside_the_hole_nothing_is_painted(qtbot: QtBot, keeping: MainWindow) -> None:
    names = names_of(keeping)
    paint(qtbot, keeping, (20, 20), (40, 20), kept=False)
    assert names_of(keeping) == names
    assert not keeping.commands.edit.step.is_mixed


def test_picking_a_pane_chooses_its_stage(qtbot: QtBot, keeping: MainWindow) -> None:
    chosen = keeping.options.keep_row
    assert chosen.button(Stage.LOCAL).isChecked()
    QTest.mouseClick(keeping.view.pane(Pane.COARSE).caption, LEFT, pos=QPoint(20, 10))
    assert chosen.button(Stage.COARSE).isChecked()
    press(keeping, Qt.Key.Key_4)
    assert chosen.button(Stage.GLOBAL).isChecked()
    press(keeping, Qt.Key.Key_K)
    assert keeping.view.current is Pane.KEPT, "back to the mixture"
    assert chosen.button(Stage.GLOBAL).isChecked()
    press(keeping, Qt.Key.Key_0)
    paint(qtbot, keeping, (60, 60), (70, 60), pane=Pane.COARSE)
    assert names_of(keeping)[-1] == "Keep coarse", "painted in its own pane"
    press(keeping, Qt.Key.Key_K, SHIFT)
    assert keeping.settings.get(declared.KEEP_STAGE) is Stage.LOCAL
    chosen.button(Stage.DETAIL).click()
    press(keeping, Qt.Key.Key_K, SHIFT)
    assert keeping.settings.get(declared.KEEP_STAGE) is Stage.COARSE, "round and round"


def test_a_stage_shown_large_is_kept_when_the_brush_is_taken(filled: MainWindow) -> None:
    press(filled, Qt.Key.Key_2)
    press(filled, Qt.Key.Key_K)
    assert filled.settings.get(declared.KEEP_STAGE) is Stage.COARSE
    assert filled.view.current is Pane.KEPT


def test_stages_without_a_result_cannot_be_kept(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.KEEP_STAGE, Stage.DETAIL)
    stroke(opened, *HOLE)
    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_K)
    row = opened.options.keep_row
    assert not row.button(Stage.DETAIL).isEnabled()
    assert "no result" in row.button(Stage.DETAIL).toolTip()
    assert opened.settings.get(declared.KEEP_STAGE) is Stage.COARSE
    assert opened.view.pane(Pane.KEPT).caption.detail == "all global"


def test_the_tint_says_where_and_can_be_switched_off(qtbot: QtBot, keeping: MainWindow) -> None:
    plain = seen(keeping, 61, 62)
    paint(qtbot, keeping, (60, 60), (70, 60))
    tinted = seen(keeping, 61, 62)
    assert tinted not in (plain, COLOURS[Stage.LOCAL])
    assert seen(keeping, 61, 62, Pane.LOCAL) == tinted
    assert seen(keeping, 61, 62, Pane.COARSE) == COLOURS[Stage.COARSE], "another stage's pane has only its own"
    keeping.action_set["keep_tint"].trigger()
    assert seen(keeping, 61, 62) == COLOURS[Stage.LOCAL]
    keeping.action_set["keep_tint"].trigger()
    press(keeping, Qt.Key.Key_B)
    assert seen(keeping, 61, 62) == COLOURS[Stage.LOCAL], "with another tool in hand there is none"
    assert keeping.view.canvas(Pane.KEPT).isVisible(), "the mixture stays in sight"


def test_what_is_kept_is_looked_at_large_and_accepted_from_the_menu(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    expected = mixture(keeping)
    press(keeping, Qt.Key.Key_B)
    press(keeping, Qt.Key.Key_2)
    assert keeping.commands.edit.step.accepts is Stage.COARSE, "a stage that is shown large is what Enter takes"
    keeping.action_set["show_kept"].trigger()
    assert keeping.view.current is Pane.KEPT
    assert keeping.commands.edit.step.is_mixed
    with qtbot.waitSignal(keeping.session.image_changed):
        keeping.action_set["accept_kept"].trigger()
    assert (image_of(keeping) == expected).all()


def test_the_button_above_the_mixture_takes_it(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    expected = mixture(keeping)
    with qtbot.waitSignal(keeping.session.image_changed):
        keeping.view.pane(Pane.KEPT).caption.accept_button.click()
    assert (image_of(keeping) == expected).all()


def test_without_a_stroke_the_mixture_is_the_base(qtbot: QtBot, keeping: MainWindow) -> None:
    with qtbot.waitSignal(keeping.session.image_changed):
        keeping.view.pane(Pane.KEPT).caption.accept_button.click()
    assert (image_of(keeping)[60, 70] == colour(Stage.DETAIL)).all()
    assert names_of(keeping)[-1].startswith("Fill: global + detail")


def test_when_results_are_discarded_undo_passes_over_their_strokes(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    paint(qtbot, keeping, (80, 60), (90, 60))
    press(keeping, Qt.Key.Key_Escape)
    assert keeping.session.runs.phase is RunPhase.IDLE
    assert keeping.toolbox.current is ToolName.BRUSH
    assert keeping.session.hole_pixels > 0
    original = image_of(keeping)
    back(qtbot, keeping)
    assert keeping.session.hole_pixels == 0, "one step, the mask's"
    back(qtbot, keeping, CONTROL | SHIFT)
    assert keeping.session.hole_pixels > 0
    with qtbot.waitSignal(keeping.session.history_changed):
        keeping.session.jump(len(names_of(keeping)))
    assert (image_of(keeping) == original).all()
    run_to_end(qtbot, keeping)
    press(keeping, Qt.Key.Key_K)
    assert not keeping.commands.edit.step.is_mixed, "new results, nothing kept of them yet"
    paint(qtbot, keeping, (60, 60), (70, 60))
    assert (mixture(keeping)[60, 85] == colour(Stage.DETAIL)).all()
    back(qtbot, keeping)
    assert not keeping.commands.edit.step.is_mixed


def test_taking_back_what_was_accepted_brings_it_back(qtbot: QtBot, keeping: MainWindow) -> None:
    original = image_of(keeping)
    paint(qtbot, keeping, (60, 60), (70, 60))
    kept = mixture(keeping)
    with qtbot.waitSignal(keeping.session.image_changed):
        press(keeping, Qt.Key.Key_Return)
    accepted = image_of(keeping)
    back(qtbot, keeping)
    assert (image_of(keeping) == original).all()
    assert keeping.session.hole_pixels > 0
    assert keeping.commands.edit.step.is_mixed
    assert (mixture(keeping) == kept).all()
    back(qtbot, keeping)
    assert not keeping.commands.edit.step.is_mixed
    back(qtbot, keeping, CONTROL | SHIFT)
    assert (mixture(keeping) == kept).all()
    with qtbot.waitSignal(keeping.session.image_changed):
        keeping.session.redo()
    assert (image_of(keeping) == accepted).all()
    with qtbot.waitSignal(keeping.session.history_changed):
        keeping.session.jump(0)
    with qtbot.waitSignal(keeping.session.history_changed):
        keeping.session.jump(3)
    assert (image_of(keeping) == accepted).all()


def test_each_variant_keeps_its_own(qtbot: QtBot, keeping: MainWindow) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    first = mixture(keeping)
    keeping.settings.set(declared.GROW, 8)
    press(keeping, Qt.Key.Key_Return, SHIFT)
    wait_for_results(qtbot, keeping)
    assert keeping.session.runs.variants[1] is keeping.session.runs.shown
    assert keeping.toolbox.current is not ToolName.KEEP, "there was nothing to choose among meanwhile"
    press(keeping, Qt.Key.Key_K)
    assert not keeping.commands.edit.step.is_mixed
    keeping.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, keeping, (90, 60), (100, 60))
    second = mixture(keeping)
    assert (second[60, 64] == colour(Stage.DETAIL)).all()
    press(keeping, Qt.Key.Key_Comma)
    assert (mixture(keeping) == first).all()
    assert seen(keeping, 95, 60) == COLOURS[Stage.DETAIL]
    back(qtbot, keeping)
    assert keeping.session.runs.shown is keeping.session.runs.variants[1], "what is taken back is shown"
    assert not keeping.commands.edit.step.is_mixed
    back(qtbot, keeping)
    assert keeping.session.runs.shown is keeping.session.runs.variants[0]
    assert not keeping.commands.edit.step.is_mixed


def test_strokes_have_pictures_in_the_history(qtbot: QtBot, keeping: MainWindow) -> None:
    document = keeping.session.document
    assert document is not None
    paint(qtbot, keeping, (60, 60), (70, 60))
    state = document.history.state
    qtbot.waitUntil(lambda: keeping.history.thumbnails.of(state) is not None)
    picture = keeping.history.thumbnails.of(state)
    assert picture is not None
    middle = picture.toImage().pixelColor(picture.width() // 2, picture.height() // 2)
    assert middle.green() > max(middle.red(), 60), "what is kept, under the tint of its stage"


def test_switching_photos_keeps_it(qtbot: QtBot, keeping: MainWindow, tmp_path: Path) -> None:
    from tests.driving import write_sea

    paint(qtbot, keeping, (60, 60), (70, 60))
    before = mixture(keeping)
    here = keeping.photos.photos[0]
    (tmp_path / "other").mkdir()
    with qtbot.waitSignal(keeping.files.opened):
        keeping.commands.file.open_path(write_sea(tmp_path / "other"))
    assert keeping.view.pane(Pane.KEPT).state is PaneState.EMPTY
    assert keeping.toolbox.current is ToolName.BRUSH
    with qtbot.waitSignal(keeping.photos.arrived):
        keeping.photos.select(here)
    assert (mixture(keeping) == before).all()
    assert keeping.view.pane(Pane.KEPT).state is PaneState.READY
    assert seen(keeping, 61, 61) == COLOURS[Stage.LOCAL]
    back(qtbot, keeping)
    assert not keeping.commands.edit.step.is_mixed


def test_a_saved_session_has_it_bit_for_bit(
    qtbot: QtBot, keeping: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    keeping.toolbox.brush.set_hardness(0.2)
    paint(qtbot, keeping, (60, 60), (70, 60))
    keeping.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, keeping, (66, 60), (90, 60))
    once_more = mixture(keeping)
    paint(qtbot, keeping, (90, 60), (100, 60))
    last = mixture(keeping)
    back(qtbot, keeping)
    names = names_of(keeping)
    asker.save_path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(keeping.sessions.saved):
        press(keeping, Qt.Key.Key_S, CONTROL | ALT)
    assert not keeping.isWindowModified()
    keeping.photos.close_all()
    qtbot.waitUntil(lambda: keeping.session.document is None)
    with qtbot.waitSignal(keeping.files.session_opened):
        keeping.commands.file.open_path(asker.save_path)
    assert names_of(keeping) == names
    assert (mixture(keeping) == once_more).all()
    assert keeping.commands.edit.step.is_mixed
    assert keeping.commands.edit.step.kind is StepKind.ACCEPT
    back(qtbot, keeping, CONTROL | SHIFT)
    assert (mixture(keeping) == last).all()
    for _ in range(3):
        back(qtbot, keeping)
    assert not keeping.commands.edit.step.is_mixed
    assert keeping.session.runs.phase is RunPhase.READY
    press(keeping, Qt.Key.Key_K)
    paint(qtbot, keeping, (60, 60), (70, 60))
    document = keeping.session.document
    assert document is not None
    edits = [edit for edit in document.history.edits if isinstance(edit, KeepEdit)]
    assert [edit.run for edit in edits] == [1]


def test_a_session_saved_after_accepting_has_what_was_kept(
    qtbot: QtBot, keeping: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    keeping.toolbox.brush.set_hardness(0.2)
    paint(qtbot, keeping, (60, 60), (70, 60))
    kept = mixture(keeping)
    with qtbot.waitSignal(keeping.session.image_changed):
        press(keeping, Qt.Key.Key_Return)
    names = names_of(keeping)
    asker.save_path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(keeping.sessions.saved):
        press(keeping, Qt.Key.Key_S, CONTROL | ALT)
    keeping.photos.close_all()
    qtbot.waitUntil(lambda: keeping.session.document is None)
    with qtbot.waitSignal(keeping.files.session_opened):
        keeping.commands.file.open_path(asker.save_path)
    assert names_of(keeping) == names
    with qtbot.waitSignal(keeping.session.image_changed):
        keeping.session.undo()
    assert keeping.commands.edit.step.is_mixed
    assert (mixture(keeping) == kept).all()


def test_strokes_whose_results_are_gone_are_not_saved(
    qtbot: QtBot, keeping: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    paint(qtbot, keeping, (60, 60), (70, 60))
    press(keeping, Qt.Key.Key_Escape)
    asker.save_path = tmp_path / "work.lacuna"
    with qtbot.waitSignal(keeping.sessions.saved):
        press(keeping, Qt.Key.Key_S, CONTROL | ALT)
    keeping.photos.close_all()
    qtbot.waitUntil(lambda: keeping.session.document is None)
    with qtbot.waitSignal(keeping.files.session_opened):
        keeping.commands.file.open_path(asker.save_path)
    assert names_of(keeping) == ["Brush"]
    assert not keeping.isWindowModified()
    assert keeping.session.hole_pixels > 0


def test_while_another_run_goes_on_earlier_results_can_be_mixed(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    filled.settings.set(declared.GROW, 8)
    press(filled, Qt.Key.Key_Return, SHIFT)
    qtbot.waitUntil(lambda: filled.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    assert not filled.action_set["keep"].isEnabled()
    press(filled, Qt.Key.Key_Comma)
    press(filled, Qt.Key.Key_K)
    assert filled.toolbox.current is ToolName.KEEP
    paint(qtbot, filled, (60, 60), (70, 60))
    assert seen(filled, 95, 60) == COLOURS[Stage.DETAIL]
    gate.set()
    wait_for_results(qtbot, filled)
    assert filled.commands.edit.step.is_mixed
    assert (mixture(filled)[60, 64] == colour(Stage.LOCAL)).all()
