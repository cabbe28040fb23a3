"""Comparing methods through the real window: one comparison after another, changed options, bounds, what is saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo
from app.imaging.picture_sheet import GAP
from app.inference.request import Stage
from app.ui.compare.sheet_export import sheet_task
from app.ui.compare.window import CompareWindow
from app.ui.look.theme import worn
from app.ui.main_window import MainWindow
from app.ui.session import variants
from app.ui.session.comparison_parts import EntryState
from app.ui.settings import declared
from tests.driving import FIRST, image_of, open_path, run_to_end, stroke
from tests.driving import press as press_in
from tests.fakes import FakeEngine
from tests.test_window_methods import SECONDS, begin, key, run, show, tick, titles

LEFT = Qt.MouseButton.LeftButton
SHARPNESS = 7
CELLS = (("lgnet", Stage.COARSE), ("lgnet", Stage.GLOBAL), ("telea", Stage.COARSE))


@pytest.fixture
def compare(qtbot: QtBot, opened: MainWindow) -> CompareWindow:
    """The choices, over a photo with a hole."""
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.session.hole_pixels > 0)
    return show(opened)


def ticked(compare: CompareWindow) -> set[tuple[str, Stage]]:
    return {cell for cell, box in compare.choice.boxes.items() if box.isChecked()}


def stopped_after_one(qtbot: QtBot, window: MainWindow, compare: CompareWindow, engine: FakeEngine) -> None:
    """Compare three results and stop when the first is there."""
    engine.lasting = frozenset({Stage.LOCAL})
    begin(compare)
    qtbot.waitUntil(lambda: window.comparison.done == 1 and engine.in_lasting.is_set())
    with qtbot.waitSignal(window.comparison.finished):
        key(compare, Qt.Key.Key_Escape)


def test_in_a_session_the_photo_as_edited_is_filled(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    stroke(opened, (120, 100), (140, 100))
    run_to_end(qtbot, opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press_in(opened, Qt.Key.Key_Return)
    with qtbot.waitSignal(opened.sessions.saved):
        opened.sessions.save(tmp_path / "work.lacuna", embed=False)
    edited = image_of(opened)
    opened.photos.close_all()
    open_path(qtbot, opened, tmp_path / "work.lacuna")
    stroke(opened, *FIRST)
    qtbot.waitUntil(lambda: opened.session.hole_pixels > 0)
    run(qtbot, opened, show(opened), ("lgnet", Stage.GLOBAL))
    ground = opened.comparison.ground
    assert ground is not None
    assert np.array_equal(ground.subject.image, edited)


def test_a_new_comparison_has_its_table_though_a_pane_was_large(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    run(qtbot, opened, compare)
    QTest.mouseDClick(compare.sheet.view.panes[2].canvas, LEFT)
    assert not compare.sheet.table.isVisible()
    QTest.mouseClick(compare.sheet.choices, LEFT)
    run(qtbot, opened, compare)
    assert compare.sheet.view.large is None
    assert compare.sheet.table.isVisible()


# options


def test_options_that_change_meanwhile_are_those_that_run(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine
) -> None:
    tick(compare.choice, *CELLS)
    opened.settings.set(declared.GROW, 11)
    assert ticked(compare) == set(CELLS)
    opened.settings.set(declared.DETAIL, False)
    assert not compare.choice.boxes["lgnet", Stage.DETAIL].isEnabled()
    run(qtbot, opened, compare)
    assert {request.options.grow for request in engine.requests} == {11}
    assert {request.options.detail for request in engine.requests} == {False}


def test_nothing_ticked_stays_nothing_when_an_option_changes(opened: MainWindow, compare: CompareWindow) -> None:
    none = next(each for each in compare.choice.findChildren(QPushButton) if each.text() == "None")
    QTest.mouseClick(none, LEFT)
    opened.settings.set(declared.GROW, 11)
    assert not ticked(compare)
    assert not compare.choice.start.isEnabled()


def test_what_says_nothing_of_the_fill_leaves_the_choices_as_they_are(
    opened: MainWindow, compare: CompareWindow
) -> None:
    box = compare.choice.boxes["lgnet", Stage.GLOBAL]
    opened.settings.set(declared.OVERLAY_OPACITY, 0.4)
    assert compare.choice.boxes["lgnet", Stage.GLOBAL] is box
    opened.settings.set(declared.GROW, 11)
    assert compare.choice.boxes["lgnet", Stage.GLOBAL] is not box


# bounds


def test_results_that_would_fill_the_memory_end_it_and_what_is_there_stays(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "MOST_BYTES", 100)
    run(qtbot, opened, compare)
    states = [entry.state for entry in opened.comparison.entries]
    assert states == [EntryState.READY, EntryState.STOPPED, EntryState.STOPPED]
    assert "memory" in compare.sheet.notice.text
    assert compare.sheet.words.text() == "Stopped: 1 of 3 results are there"
    assert compare.sheet.view.panes[1].is_ready


def test_the_last_result_ends_nothing_that_it_does_not_end_anyway(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variants, "MOST_BYTES", 100)
    run(qtbot, opened, compare, ("lgnet", Stage.GLOBAL))
    assert [entry.state for entry in opened.comparison.entries] == [EntryState.READY]
    assert not compare.sheet.notice.text


# what is saved


@pytest.mark.parametrize("at_full_size", [False, True])
def test_a_result_that_is_not_there_is_no_picture_in_what_is_saved(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow, engine: FakeEngine, tmp_path: Path, at_full_size: bool
) -> None:
    stopped_after_one(qtbot, opened, compare, engine)
    ground, view, path = opened.comparison.ground, compare.sheet.view, tmp_path / "out.png"
    assert ground is not None
    task = sheet_task(view, ground, worn(), at_full_size=at_full_size)
    task.write(path)
    sheet, size = read_photo(path).pixels, task.look.size
    is_plain = []
    for at, (strip, _) in enumerate(task.cells):
        x = GAP + at % task.columns * (size.width + GAP)
        above = 2 * GAP + task.heading.shape[0] + strip.shape[0]
        y = above + at // task.columns * (strip.shape[0] + size.height + GAP)
        is_plain.append(bool((sheet[y : y + size.height, x : x + size.width] == task.colour).all()))
    assert titles(compare) == ["Truth", "LGNet", "LGNet + global", "Telea fast marching"]
    assert is_plain == [False, False, True, True]


# keys and columns


def test_the_original_is_let_go_when_the_window_is_left(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    run(qtbot, opened, compare)
    panes = compare.sheet.view.panes
    QTest.keyPress(panes[1].canvas, Qt.Key.Key_Backslash)
    assert all(pane.canvas.scene.patches_hidden for pane in panes)
    QApplication.sendEvent(compare, QEvent(QEvent.Type.WindowDeactivate))
    assert not any(pane.canvas.scene.patches_hidden for pane in panes)


def test_the_sharpness_nearest_to_its_surroundings_comes_first(
    qtbot: QtBot, opened: MainWindow, compare: CompareWindow
) -> None:
    run(qtbot, opened, compare)
    for entry, sharpness in zip(opened.comparison.entries, (0.2, 1.6, 0.9), strict=True):
        assert entry.figures is not None
        entry.figures = replace(entry.figures, sharpness=sharpness)
    model = compare.sheet.model
    assert model.measures[SHARPNESS - SECONDS].key == "sharpness"
    compare.sheet.sort_by(SHARPNESS)
    assert [entry.figures.sharpness for entry in model.rows if entry.figures] == [0.9, 1.6, 0.2]
    assert model.is_best(model.rows[0], SHARPNESS)
    compare.sheet.sort_by(SHARPNESS)
    assert [entry.figures.sharpness for entry in model.rows if entry.figures] == [0.2, 1.6, 0.9]
