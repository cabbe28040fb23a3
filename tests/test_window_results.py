"""Results in the real window over a fake engine: they arrive, are shown, accepted and taken back."""

from __future__ import annotations

import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import read_photo
from app.inference.request import STAGES, Stage
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.settings.declared import ResultView
from app.ui.stages.panes import Pane, PaneState
from tests.driving import LEFT, buttons_of, image_of, press, run_to_end, stroke
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker


def test_paint_run_accept_undo_redo_save_reopen(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, photo: Path, tmp_path: Path
) -> None:
    before = image_of(opened)
    stroke(opened, (60, 60), (110, 60))
    document = opened.session.document
    assert document is not None
    hole = document.mask > 127
    assert hole[60, 60]
    assert hole[60, 100]
    assert buttons_of(opened) == ["Fill  ⏎"]

    run_to_end(qtbot, opened)
    assert opened.view.current is None, "results show side by side"
    assert all(opened.view.pane(Pane.of(stage)).state is PaneState.READY for stage in STAGES)
    assert "Accept Global  ⏎" in buttons_of(opened)

    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    after = image_of(opened)
    assert (after[hole] == COLOURS[Stage.GLOBAL]).all()
    assert (after[~hole] == before[~hole]).all()
    assert opened.view.current is Pane.ORIGINAL
    assert opened.isWindowModified()

    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (image_of(opened) == before).all()
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert (image_of(opened) == after).all()

    asker.save_path = tmp_path / "sea-edited.png"
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save_as"].trigger()
    assert asker.asked == ["photo_to_save sea-edited.png"]
    assert not opened.isWindowModified()
    assert opened.windowTitle() == "sea-edited.png[*] — Lacuna"

    opened.action_set["close"].trigger()
    with qtbot.waitSignal(opened.session.document_opened):
        opened.commands.file.open_path(asker.save_path)
    assert (image_of(opened) == after).all()
    assert (read_photo(photo).pixels == before).all()


def test_stages_arrive_one_by_one_and_any_can_be_accepted_early(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.COARSE).state is PaneState.READY)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    assert opened.view.pane(Pane.GLOBAL).state is PaneState.WAITING
    assert buttons_of(opened) == ["Cancel  Esc", "Accept Coarse"]
    with qtbot.waitSignal(opened.session.image_changed):
        opened.view.pane(Pane.COARSE).caption.accept_button.click()
    assert (image_of(opened)[60, 70] == COLOURS[Stage.COARSE]).all()
    assert opened.session.runs.phase is RunPhase.IDLE
    gate.set()


def test_enter_accepts_the_stage_that_is_shown_large(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_3)
    assert opened.view.current is Pane.LOCAL
    assert "Accept Local  ⏎" in buttons_of(opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Enter)
    assert (image_of(opened)[60, 70] == COLOURS[Stage.LOCAL]).all()


def test_results_may_show_large(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.RESULT_VIEW, ResultView.LARGE)
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    assert opened.view.current is Pane.GLOBAL


def test_escape_takes_back_the_stroke_then_the_run_then_the_results(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    canvas = opened.view.canvas(Pane.ORIGINAL)
    QTest.mousePress(canvas, LEFT, pos=canvas.rect().center())
    assert opened.session.document is not None
    assert opened.session.document.mask.any()
    press(opened, Qt.Key.Key_Escape)
    assert not opened.session.document.mask.any()
    QTest.mouseRelease(canvas, LEFT, pos=canvas.rect().center())
    assert len(opened.session.document.history) == 0

    gate = engine.gates[Stage.LOCAL] = threading.Event()
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened.session.runs.results))
    press(opened, Qt.Key.Key_Escape)
    assert opened.session.runs.phase is RunPhase.IDLE
    assert opened.view.current is Pane.ORIGINAL
    gate.set()
    engine.gates.clear()

    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_Escape)
    assert not opened.session.runs.results
    assert opened.session.hole_pixels > 0, "the mask stays"


def test_detail_has_a_pane_a_key_and_is_what_enter_takes(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    engine.has_detail = True
    gate = engine.gates[Stage.DETAIL] = threading.Event()
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.view.pane(Pane.DETAIL).state is PaneState.RUNNING)
    assert opened.view.canvas(Pane.DETAIL).isVisible()
    assert "Accept Global" in buttons_of(opened), "as long as there is no detail"
    gate.set()
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert "Accept Detail  ⏎" in buttons_of(opened)
    assert opened.view.pane(Pane.DETAIL).caption.detail == "100 ms"
    press(opened, Qt.Key.Key_2)
    assert "Accept Coarse  ⏎" in buttons_of(opened)
    press(opened, Qt.Key.Key_5)
    assert opened.view.current is Pane.DETAIL
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    assert (image_of(opened)[60, 70] == COLOURS[Stage.DETAIL]).all()
    assert not opened.action_set["accept_detail"].isEnabled()


def test_escape_ends_the_detail_step_in_its_middle(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    engine.has_detail, engine.lasting = True, frozenset({Stage.DETAIL})
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(engine.in_lasting.is_set)
    press(opened, Qt.Key.Key_Escape)
    assert engine.out_of_lasting.wait(5)
    assert opened.session.runs.phase is RunPhase.IDLE
    engine.lasting = frozenset()
    run_to_end(qtbot, opened)
    assert opened.view.pane(Pane.DETAIL).state is PaneState.READY


def test_panes_once_shown_stay_in_their_places(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    """The grid appears when it is known which results there will be, not before."""
    engine.has_detail = True
    gate = engine.gates[Stage.COARSE] = threading.Event()
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    assert opened.session.runs.phase is RunPhase.RUNNING
    assert opened.view.current is Pane.ORIGINAL
    qtbot.waitUntil(lambda: opened.view.current is None)
    QApplication.processEvents()  # what the panes ask for is laid out by then
    before = [opened.view.pane(pane).geometry() for pane in Pane]
    gate.set()
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert [opened.view.pane(pane).geometry() for pane in Pane] == before


def test_an_engine_error_shows_a_sentence(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine, asker: ScriptedAsker
) -> None:
    engine.failure = LacunaError("the weights in /w are damaged: reinstall Lacuna")
    stroke(opened, (60, 60), (80, 60))
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert asker.errors == ["The weights in /w are damaged: reinstall Lacuna."]
    assert opened.session.hole_pixels > 0


def test_notices_show_in_the_banner_and_go_with_the_next_run(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    engine.notices = ("The hole is large.",)
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    assert opened.banner.isVisible()
    assert opened.banner.text == "The hole is large."
    engine.notices = ()
    press(opened, Qt.Key.Key_Escape)
    run_to_end(qtbot, opened)
    assert not opened.banner.isVisible()


def test_the_original_shows_while_its_key_is_held(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_4)
    scene = opened.view.canvas(Pane.GLOBAL).scene
    QTest.keyPress(opened.focusWidget(), Qt.Key.Key_Backslash)
    assert scene.patches_hidden
    QTest.keyRelease(opened.focusWidget(), Qt.Key.Key_Backslash)
    assert not scene.patches_hidden


def test_painting_goes_on_in_the_grid(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, (60, 60), (80, 60))
    run_to_end(qtbot, opened)
    holes = opened.session.hole_pixels
    stroke(opened, (120, 100), (140, 100))
    assert opened.session.hole_pixels > holes
    assert buttons_of(opened) == ["Discard  Esc", "Accept Global", "Fill again  ⏎"]
