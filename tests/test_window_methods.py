"""Comparing methods through the real window: choices, panes, table, keys, files, and the way into the photo."""

from __future__ import annotations

import csv
import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.inference.allowed import AllowedFile
from app.inference.own_models import OwnModel, kept
from app.inference.request import Check, Event, InpaintRequest, Stage
from app.ui.compare.choice_page import ChoicePage
from app.ui.compare.offers import offers
from app.ui.compare.pane import ComparePane
from app.ui.compare.result_model import METHOD, RANK
from app.ui.compare.window import CompareWindow
from app.ui.main_window import MainWindow
from app.ui.session.comparison_parts import EntryState
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from tests.clipping import LANGUAGES, clipped, speaking
from tests.driving import FIRST, SECOND, image_of, names_of, open_path, open_photo, stroke, write_sea
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker
from tests.test_reach import _is_nameless

PSNR, SECONDS, DISTANCE = 3, 2, 6


def show(window: MainWindow) -> CompareWindow:
    """The choices, by the keys of the menu's entry."""
    window.activateWindow()
    QApplication.processEvents()
    QTest.keyClick(
        window.focusWidget() or window,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    compare = window.commands.compare.window
    assert compare is not None
    assert compare.isVisible()
    return compare


@pytest.fixture
def compare(qtbot: QtBot, opened: MainWindow) -> CompareWindow:
    """The choices, over a photo with a hole."""
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.session.hole_pixels > 0)
    return show(opened)


def tick(choice: ChoicePage, *cells: tuple[str, Stage]) -> None:
    """These and no others, by clicks."""
    for cell, box in choice.boxes.items():
        if box.isChecked() is not (cell in cells):
            QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert {cell for cell, box in choice.boxes.items() if box.isChecked()} == set(cells)


CELLS = (("lgnet", Stage.COARSE), ("lgnet", Stage.GLOBAL), ("telea", Stage.COARSE))


def begin(compare: CompareWindow, *cells: tuple[str, Stage]) -> None:
    tick(compare.choice, *(cells or CELLS))
    QTest.mouseClick(compare.choice.start, Qt.MouseButton.LeftButton)
    assert not compare.is_choosing


def run(qtbot: QtBot, window: MainWindow, compare: CompareWindow, *cells: tuple[str, Stage]) -> None:
    """Compare and wait for all results."""
    with qtbot.waitSignal(window.comparison.finished):
        begin(compare, *cells)


def titles(compare: CompareWindow) -> list[str]:
    """Of the panes in their order."""
    return [pane.name if pane.entry is None else pane.entry.title for pane in compare.sheet.view.panes]


def cell_text(compare: CompareWindow, row: int, column: int) -> str:
    return str(compare.sheet.model.index(row, column).data())


def key(compare: CompareWindow, pressed: Qt.Key) -> None:
    QTest.keyClick(compare.focusWidget() or compare, pressed)


def click_header(compare: CompareWindow, column: int) -> None:
    header = compare.sheet.table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


# choices


def test_without_a_hole_a_sentence_says_so(opened: MainWindow) -> None:
    opened.action_set["compare_methods"].trigger()
    assert opened.banner.text.startswith("There is nothing to fill yet")
    assert opened.commands.compare.window is None or not opened.commands.compare.window.isVisible()


def test_every_coarse_inpainter_is_offered_and_says_why_not(
    qtbot: QtBot, opened: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.inference.catalog.find_spec", lambda name: None)
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.session.hole_pixels > 0)
    choice = show(opened).choice
    assert ("lgnet", Stage.GLOBAL) in choice.boxes
    assert ("patchmatch", Stage.COARSE) not in choice.boxes
    texts = [each.text() for each in choice.findChildren(QLabel)]
    assert any("patchmatch" in text and text.startswith("Not installed") for text in texts)
    assert any(text.startswith("Add its file") for text in texts), "the user's own model"


def test_the_users_own_models_are_offered_by_name_once_they_are_allowed(opened: MainWindow) -> None:
    files = AllowedFile(Path("/models/lama.onnx"), "abc"), AllowedFile(Path("/models/other.pt"), "")
    opened.settings.set(declared.OWN_MODELS, kept(OwnModel(file.path.stem, file) for file in files))
    *others, lama, other = offers(opened.settings)
    assert (lama.label, lama.reason, lama.options.coarse_file) == ("lama", "", files[0])
    assert other.label == "other"
    assert other.reason
    assert all(each.options.coarse_file is None for each in others)


def test_the_usual_ones_are_ticked_and_what_was_run_is_remembered(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    ticked = {cell for cell, box in compare.choice.boxes.items() if box.isChecked()}
    assert {("lgnet", Stage.GLOBAL), ("exemplar", Stage.COARSE), ("telea", Stage.COARSE)} <= ticked
    assert compare.choice.start.text() == f"Compare {len(ticked)} results"
    run(qtbot, opened, compare)
    compare.close()
    again = show(opened).choice
    assert {cell for cell, box in again.boxes.items() if box.isChecked()} == set(CELLS)
    QTest.mouseClick(
        next(each for each in again.findChildren(QPushButton) if each.text() == "None"), Qt.MouseButton.LeftButton
    )
    assert not again.start.isEnabled()
    assert not again.methods


def test_detail_is_as_in_the_options_of_the_editor(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.DETAIL, False)
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.session.hole_pixels > 0)
    box = show(opened).choice.boxes["lgnet", Stage.DETAIL]
    assert not box.isEnabled()
    assert "switched off" in box.toolTip()


def test_the_photo_is_the_truth_until_it_is_changed(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    assert compare.choice.truth.isChecked()
    run(qtbot, opened, compare, ("lgnet", Stage.GLOBAL))
    with qtbot.waitSignal(opened.session.image_changed):
        compare.sheet.view.choose(compare.sheet.view.panes[1])
        key(compare, Qt.Key.Key_T)
    opened.activateWindow()
    stroke(opened, (120, 100), (140, 100))
    QTest.mouseClick(compare.sheet.choices, Qt.MouseButton.LeftButton)
    assert compare.is_choosing
    assert not compare.choice.truth.isChecked()


# running


def test_each_method_runs_once_and_all_is_shown(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    run(qtbot, opened, compare)
    assert [each.options.coarse for each in engine.requests] == ["lgnet", "telea"]
    assert engine.made == 1, "one engine, one set of weights"
    assert len(engine.threads) == 1
    assert titles(compare) == ["Truth", "LGNet", "LGNet + global", "Telea fast marching"]
    panes = compare.sheet.view.panes
    assert all(pane.isVisible() and pane.is_ready for pane in panes)
    assert all(pane.canvas.scene.patches is not None for pane in panes[1:])
    assert panes[2].caption.facts.startswith("300 ms · ")
    assert "dB" in panes[2].caption.facts
    assert panes[0].caption.facts.startswith("Sharpness")
    assert compare.sheet.words.text() == "3 of 3 results are there"
    assert opened.session.runs.phase is RunPhase.IDLE, "the editor's own results are another matter"
    assert names_of(opened) == ["Brush"]


def test_it_begins_at_the_hole(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    view = compare.sheet.view.viewport_
    assert opened.session.document is not None
    columns = np.flatnonzero(opened.session.document.mask.any(axis=0))
    assert abs(view.centre.x - columns.mean()) < 2
    assert view.scale == 2.0, "as close as a small hole is looked at"
    QTest.keyClick(compare.sheet.view.panes[0].canvas, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert view.is_fit
    key(compare, Qt.Key.Key_H)
    assert not view.is_fit


def test_the_first_results_can_be_seen_while_the_rest_runs(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    engine.gates[Stage.GLOBAL] = threading.Event()
    begin(compare)
    qtbot.waitUntil(lambda: opened.comparison.done == 1)
    states = [entry.state for entry in opened.comparison.entries]
    assert states == [EntryState.READY, EntryState.RUNNING, EntryState.WAITING]
    qtbot.waitUntil(lambda: "Global" in compare.sheet.view.panes[2].caption.facts)
    assert compare.sheet.words.text() == "LGNet: method 1 of 2"
    with qtbot.waitSignal(opened.comparison.finished):
        engine.gates[Stage.GLOBAL].set()


def test_stopping_keeps_what_is_there(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    engine.lasting = frozenset({Stage.LOCAL})
    begin(compare)
    qtbot.waitUntil(lambda: opened.comparison.done == 1 and engine.in_lasting.is_set())
    with qtbot.waitSignal(opened.comparison.finished):
        key(compare, Qt.Key.Key_Escape)
    assert engine.out_of_lasting.is_set()
    states = [entry.state for entry in opened.comparison.entries]
    assert states == [EntryState.READY, EntryState.STOPPED, EntryState.STOPPED]
    assert compare.sheet.words.text() == "Stopped: 1 of 3 results are there"
    assert compare.isVisible()


def test_a_method_that_fails_says_why_and_the_rest_goes_on(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(request: InpaintRequest, check: Check) -> Iterator[Event]:
        if request.options.coarse == "lgnet":
            raise LacunaError("the weights are missing: bring them back")
        yield from FakeEngine().run(request, check)

    monkeypatch.setattr(engine, "factory", lambda: failing)
    opened.session.runs.engine._factory = engine.factory
    run(qtbot, opened, compare)
    states = [entry.state for entry in opened.comparison.entries]
    assert states == [EntryState.FAILED, EntryState.FAILED, EntryState.READY]
    assert compare.sheet.view.panes[1].caption.facts == "The weights are missing: bring them back."
    assert "The weights are missing" in cell_text(compare, 0, METHOD)
    assert not compare.sheet.view.panes[1].is_ready


def test_the_editor_runs_meanwhile_on_the_same_thread(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    gate = engine.gates[Stage.COARSE] = threading.Event()
    begin(compare)
    qtbot.waitUntil(lambda: bool(engine.requests))
    opened.activateWindow()
    opened.commands.edit.fill_or_accept()
    gate.set()
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY and not opened.comparison.is_running)
    assert len(engine.threads) == 1
    assert all(entry.state is EntryState.READY for entry in opened.comparison.entries)


def test_a_photo_put_away_meanwhile_ends_nothing(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    """What is compared was frozen at the beginning."""
    engine.gates[Stage.COARSE] = threading.Event()
    begin(compare)
    qtbot.waitUntil(lambda: opened.comparison.ground is not None)
    other = tmp_path / "other.png"
    write_image(other, np.zeros((30, 40, 3), np.uint8))
    open_path(qtbot, opened, other)
    with qtbot.waitSignal(opened.comparison.finished):
        engine.gates[Stage.COARSE].set()
    assert all(entry.state is EntryState.READY for entry in opened.comparison.entries)
    view = compare.sheet.view
    view.choose(view.panes[1])
    with qtbot.waitSignal(opened.session.image_changed):
        key(compare, Qt.Key.Key_T)
    assert opened.files.record.name == "sea.png", "it is brought to the photo it was made of"
    opened.photos.close_all()
    key(compare, Qt.Key.Key_T)
    assert compare.sheet.notice.text.startswith("sea.png is no longer open")


def test_a_stage_that_stands_for_its_detail_says_so(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    engine.has_detail = True
    run(qtbot, opened, compare, ("lgnet", Stage.DETAIL), ("lgnet", Stage.GLOBAL))
    model = compare.sheet.model
    assert [entry.notices for entry in model.rows] == [[], []]
    engine.has_detail = False
    QTest.mouseClick(compare.sheet.choices, Qt.MouseButton.LeftButton)
    run(qtbot, opened, compare, ("lgnet", Stage.DETAIL))
    assert titles(compare) == ["Truth", "LGNet + global + detail"]
    assert "No detail was needed" in model.index(0, METHOD).data(Qt.ItemDataRole.ToolTipRole)


# looking


def test_sorting_by_headers_and_keys_sorts_the_panes_too(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    run(qtbot, opened, compare)
    key(compare, Qt.Key.Key_3)
    seconds = [entry.seconds for entry in compare.sheet.model.rows]
    assert seconds == sorted(seconds), "the quickest first"
    click_header(compare, SECONDS)
    assert [entry.seconds for entry in compare.sheet.model.rows] == seconds[::-1]
    assert titles(compare)[1:] == [entry.title for entry in compare.sheet.model.rows]
    assert titles(compare)[0] == "Truth"
    click_header(compare, PSNR)
    figures = [entry.figures.fidelity.psnr for entry in compare.sheet.model.rows]  # type: ignore[union-attr]
    assert figures == sorted(figures, reverse=True), "the best first"
    assert [cell_text(compare, row, RANK) for row in range(3)] in (["1", "1", "3"], ["1", "2", "2"], ["1", "2", "3"])
    panes = compare.sheet.view.panes
    places = [(pane.y(), pane.x()) for pane in panes]
    assert places == sorted(places)


def test_all_panes_share_zoom_and_pointer(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    first, second = compare.sheet.view.panes[:2]
    before = second.canvas.transform().scale
    at = QPointF(first.canvas.rect().center())
    none, keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(at, first.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), none, keys, phase, False)
    QApplication.sendEvent(first.canvas, wheel)
    assert second.canvas.transform().scale > before
    where = first.canvas.mapToGlobal(at)
    QApplication.sendEvent(first.canvas, QMouseEvent(QEvent.Type.MouseMove, at, where, none, none, keys))
    assert second.canvas._mirror is not None
    assert first.canvas._mirror is None


def test_large_and_back_by_mouse_and_keys(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    view = compare.sheet.view
    scale = view.viewport_.scale
    pane = view.panes[2]
    QTest.mouseDClick(pane.canvas, Qt.MouseButton.LeftButton)
    assert view.large is pane
    assert not compare.sheet.table.isVisible()
    assert [each for each in view.panes if each.isVisible()] == [pane]
    assert view.viewport_.scale > scale, "what was seen is seen larger"
    key(compare, Qt.Key.Key_Period)
    assert view.large is view.panes[3]
    key(compare, Qt.Key.Key_Comma)
    assert view.large is pane
    assert pane.canvas.hasFocus()
    key(compare, Qt.Key.Key_Escape)
    assert view.large is None
    assert view.chosen is pane
    assert view.viewport_.scale == pytest.approx(scale)
    key(compare, Qt.Key.Key_Return)
    assert view.large is pane
    key(compare, Qt.Key.Key_Return)
    assert all(each.isVisible() for each in view.panes)


def test_table_and_panes_have_one_choice(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    table, view = compare.sheet.table, compare.sheet.view
    table.setFocus()
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert view.chosen is view.panes[2]
    QTest.mouseClick(view.panes[3].canvas, Qt.MouseButton.LeftButton)
    assert table.currentIndex().row() == 2
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert view.large is view.panes[3], "pressed once, it is shown large"
    key(compare, Qt.Key.Key_Escape)
    while not isinstance(compare.focusWidget(), ComparePane | type(view.panes[0].canvas)):
        QTest.keyClick(compare.focusWidget() or compare, Qt.Key.Key_Tab)
    focused = compare.focusWidget()
    QTest.keyClick(focused or compare, Qt.Key.Key_Tab)
    assert compare.focusWidget() is not focused, "the keyboard goes from pane to pane"


def test_the_original_while_a_key_is_held_and_the_outline(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    run(qtbot, opened, compare)
    view = compare.sheet.view
    canvas = view.panes[1].canvas
    QTest.keyPress(canvas, Qt.Key.Key_Backslash)
    assert all(pane.canvas.scene.patches_hidden for pane in view.panes)
    QTest.keyRelease(canvas, Qt.Key.Key_Backslash)
    assert not any(pane.canvas.scene.patches_hidden for pane in view.panes)
    assert view.panes[0].canvas.overlay_style.visible
    key(compare, Qt.Key.Key_Q)
    assert not view.panes[0].canvas.overlay_style.visible


def test_many_panes_are_scrolled(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    compare.resize(760, 520)
    cells = [(id_, stage) for id_, stage in compare.choice.boxes if stage is not Stage.DETAIL]
    run(qtbot, opened, compare, *cells)
    view = compare.sheet.view
    assert len(view.panes) == len(cells) + 1 >= 10
    assert view.verticalScrollBar().maximum() > 0
    assert view.horizontalScrollBar().maximum() == 0
    view.step(-1)
    assert view.verticalScrollBar().value() > 0, "what is chosen is brought into view"


# into the photo


def test_a_result_is_taken_as_an_edit_with_the_methods_name(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    before = image_of(opened)
    run(qtbot, opened, compare)
    pane = compare.sheet.view.panes[2]
    with qtbot.waitSignal(opened.session.image_changed):
        QTest.mouseClick(pane.caption.take, Qt.MouseButton.LeftButton)
    assert names_of(opened)[-1] == "Fill: LGNet + global, 300 ms"
    qtbot.waitUntil(lambda: compare.sheet.notice.text.startswith("LGNet + global is in the photo now"))
    hole = (image_of(opened) == COLOURS[Stage.GLOBAL]).all(axis=2)
    assert hole.sum() > 100
    assert opened.session.hole_pixels == 0
    # another one fits the photo only as it was
    compare.sheet.view.choose(compare.sheet.view.panes[3])
    key(compare, Qt.Key.Key_T)
    qtbot.waitUntil(lambda: compare.sheet.notice.text.startswith("The photo was changed there since"))
    assert len(names_of(opened)) == 2
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.undo()
    assert np.array_equal(image_of(opened), before)
    with qtbot.waitSignal(opened.session.image_changed):
        key(compare, Qt.Key.Key_T)
    assert names_of(opened)[-1] == "Fill: Telea fast marching, 100 ms"


# files


def test_the_table_is_saved_as_csv(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    run(qtbot, opened, compare)
    asker.save_path = tmp_path / "out.csv"
    key(compare, Qt.Key.Key_3)
    QTest.mouseClick(compare.sheet.save_table, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: compare.sheet.notice.text == "Saved as out.csv.")
    assert asker.asked[-1] == "comparison_to_save sea compared.csv"
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["method"] for row in rows] == titles(compare)[1:]
    assert float(rows[0]["seconds"]) == pytest.approx(0.1)
    assert float(rows[0]["psnr_db"]) > 0
    assert rows[0]["feature_distance"] == ""
    assert (rows[0]["photo"], rows[0]["width"], rows[0]["truth_known"]) == ("sea.png", "180", "True")


def test_the_table_is_copied(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    QTest.keyClick(compare.sheet.view.panes[1].canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].startswith("rank\tmethod\tseconds")
    assert [line.split("\t")[1] for line in lines[1:]] == titles(compare)[1:]


@pytest.mark.parametrize("at_full_size", [False, True])
def test_the_panes_are_saved_as_a_picture(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, asker: ScriptedAsker, tmp_path: Path, at_full_size: bool
) -> None:
    run(qtbot, opened, compare)
    asker.save_path = tmp_path / "out.png"
    actions = compare.sheet.save_picture.menu().actions()
    actions[at_full_size].trigger()
    qtbot.waitUntil(lambda: compare.sheet.notice.text == "Saved as out.png.")
    picture = read_photo(tmp_path / "out.png").pixels
    for stage in (Stage.COARSE, Stage.GLOBAL):
        seen = (picture == COLOURS[stage]).all(axis=2).sum()
        assert seen > 100, f"{stage} is in it"
    shades = np.unique(picture[:40, :200].reshape(-1, 3), axis=0)
    assert len(shades) > 5, "something is written above"


def test_a_folder_that_is_gone_is_told(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    run(qtbot, opened, compare)
    asker.save_path = tmp_path / "nowhere" / "out.csv"
    QTest.mouseClick(compare.sheet.save_table, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "out.csv" in compare.sheet.notice.text)
    assert not compare.sheet.notice.text.startswith("Saved")


# closing


def test_closing_while_it_runs_asks(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    engine.lasting = frozenset({Stage.COARSE})
    begin(compare)
    qtbot.waitUntil(lambda: engine.in_lasting.is_set())
    compare.close()
    assert compare.isVisible()
    assert compare.sheet.notice.text.startswith("The comparison is not done")
    buttons = {each.text(): each for each in compare.sheet.notice.findChildren(QPushButton)}
    QTest.mouseClick(buttons["Go on"], Qt.MouseButton.LeftButton)
    assert opened.comparison.is_running
    compare.close()
    assert compare.isVisible(), "asked once more"
    QTest.mouseClick(buttons["Stop and close"], Qt.MouseButton.LeftButton)
    assert not compare.isVisible()
    qtbot.waitUntil(engine.out_of_lasting.is_set)
    assert not opened.comparison.is_running
    assert not opened.comparison.entries


def test_closing_lets_everything_go(qtbot: QtBot, opened: MainWindow, compare: CompareWindow) -> None:
    run(qtbot, opened, compare)
    ground = opened.comparison.ground
    assert ground is not None
    gone = [weakref.ref(ground.pyramid), weakref.ref(compare.sheet.view.panes[1])]
    widgets = len(compare.findChildren(QWidget))
    del ground
    compare.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not opened.session.busy.words)

    def is_gone() -> bool:
        gc.collect()
        return not any(each() for each in gone)

    qtbot.waitUntil(is_gone)
    for _ in range(2):
        run(qtbot, opened, show(opened))
        compare.close()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert len(compare.findChildren(QWidget)) <= widgets


def test_closing_the_main_window_asks_and_ends_it(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine, asker: ScriptedAsker
) -> None:
    engine.lasting = frozenset({Stage.COARSE})
    begin(compare)
    qtbot.waitUntil(lambda: engine.in_lasting.is_set())
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.undo()
    opened.close()
    assert opened.isVisible()
    assert asker.asked[-1] == "may_stop_comparison 0 of 3"
    assert opened.comparison.is_running
    asker.stops_comparison = True
    opened.close()
    assert not opened.isVisible()
    assert not compare.isVisible()
    qtbot.waitUntil(engine.out_of_lasting.is_set)


# reach


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_clipped_and_all_has_a_name(qtbot: QtBot, window: MainWindow, tmp_path: Path, language: str) -> None:
    with speaking(language):
        open_photo(qtbot, window, write_sea(tmp_path))
        stroke(window, *FIRST)
        qtbot.waitUntil(lambda: window.session.hole_pixels > 0)
        window.action_set["compare_methods"].trigger()
        compare = window.commands.compare.window
        assert compare is not None
        compare.resize(1280, 800)
        assert not clipped(compare), "choices"
        run(qtbot, window, compare)
        assert not clipped(compare), "results"
        assert compare.minimumSizeHint().width() <= 1280
        assert not [each for each in compare.findChildren(QWidget) if _is_nameless(each)]


def test_the_window_fills_the_screen_and_closes_by_keys(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    key(compare, Qt.Key.Key_F11)
    assert compare.isFullScreen()
    key(compare, Qt.Key.Key_F11)
    assert not compare.isFullScreen()
    key(compare, Qt.Key.Key_Escape)
    assert not compare.isVisible()
    show(opened)
    qtbot.waitUntil(compare.isActiveWindow)
    QTest.keyClick(compare, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert not compare.isVisible()
    assert opened.session.document is not None, "the photo stays"


def test_whether_it_is_the_truth_stays_as_the_user_says(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    QTest.mouseClick(compare.choice.truth, Qt.MouseButton.LeftButton, pos=QPoint(8, compare.choice.truth.height() // 2))
    assert not compare.choice.truth.isChecked()
    opened.activateWindow()
    stroke(opened, *SECOND)
    qtbot.waitUntil(lambda: len(names_of(opened)) == 2)
    assert not compare.choice.truth.isChecked()
    run(qtbot, opened, compare, ("lgnet", Stage.GLOBAL))
    assert titles(compare)[0] == "Original"
    assert compare.sheet.model.index(0, PSNR).data() == "—"
    assert "less is better" in compare.sheet.model.index(0, DISTANCE).data(Qt.ItemDataRole.ToolTipRole)
    assert "perceptual network" in compare.sheet.model.index(0, DISTANCE).data(Qt.ItemDataRole.ToolTipRole)


def test_f1_shows_the_keys(opened: MainWindow, compare: CompareWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("app.ui.panels.key_sheet.KeySheet.exec", lambda sheet: shown.append(sheet.windowTitle()))
    key(compare, Qt.Key.Key_F1)
    assert len(shown) == 1
