"""Several photos in the real window: nothing is lost by switching, closing asks once for all."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo, write_image
from app.imaging.geometry import Point, Rect
from app.inference.request import STAGES, Stage
from app.ui.asking import Overwrite, Unsaved
from app.ui.main_window import MainWindow
from app.ui.panels.history_model import PICTURE
from app.ui.session.runs import RunPhase
from app.ui.stages.panes import Pane, PaneState
from tests.driving import dab
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker
from tests.several import names, open_each, photo, switch, write_three

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return write_three(tmp_path)


@pytest.fixture
def both(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> MainWindow:
    """Two photos open, the second shown."""
    return open_each(qtbot, window, paths[:2])


def test_the_dialog_opens_many_and_reads_the_first(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, paths: list[Path]
) -> None:
    asker.open_paths = paths
    with qtbot.waitSignal(window.files.opened):
        window.action_set["open"].trigger()
    assert names(window) == ["sea.png", "hill.png", "town.png"]
    assert window.files.name == "sea.png"
    assert photo(window, "town.png").parked is None
    with qtbot.waitSignal(window.files.opened):
        QTest.keyClick(window, Qt.Key.Key_Tab, CTRL)
    assert window.windowTitle() == "hill.png[*] — Lacuna"
    assert names(window) == ["sea.png", "hill.png", "town.png"]


def test_mask_history_edits_and_view_come_back(qtbot: QtBot, both: MainWindow) -> None:
    dab(both)
    both.session.set_contexts((Rect(5, 5, 30, 30),))
    both.view.viewport.set_scale(3.0)
    both.view.viewport.centre_on(Point(20, 30))
    before = both.session.document
    assert before is not None
    mask = before.mask.copy()
    switch(qtbot, both, "sea.png")
    assert both.session.hole_pixels == 0
    assert both.session.contexts == ()
    assert both.view.viewport.is_fit
    assert not both.isWindowModified()
    switch(qtbot, both, "hill.png")
    assert both.session.document is before
    assert (before.mask == mask).all()
    assert both.session.hole_pixels == (mask > 127).sum()
    assert both.session.contexts == (Rect(5, 5, 30, 30),)
    assert both.view.viewport.scale == 3.0
    assert both.view.viewport.centre == Point(20, 30)
    assert both.isWindowModified()
    with qtbot.waitSignal(both.session.mask_changed):
        both.action_set["undo"].trigger()
    assert not before.mask.any()


def test_a_stroke_in_progress_is_kept(qtbot: QtBot, both: MainWindow) -> None:
    both.session.strokes.begin_stroke(9, 1.0, False)
    both.session.strokes.stroke_to(Point(20, 20))
    switch(qtbot, both, "sea.png")
    parked = photo(both, "hill.png").parked
    assert parked is not None
    assert not parked.document.is_painting
    assert parked.document.history.names == ("Brush",)


def test_results_come_back_and_can_be_accepted(qtbot: QtBot, both: MainWindow) -> None:
    dab(both)
    both.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: both.session.runs.phase is RunPhase.READY)
    switch(qtbot, both, "sea.png")
    assert not both.session.runs.results
    assert both.view.current is Pane.ORIGINAL
    assert all(both.view.pane(Pane.of(stage)).state is PaneState.EMPTY for stage in STAGES)
    switch(qtbot, both, "hill.png")
    assert both.session.runs.phase is RunPhase.READY
    assert all(both.view.pane(Pane.of(stage)).state is PaneState.READY for stage in STAGES)
    with qtbot.waitSignal(both.session.image_changed):
        both.session.accept(Stage.LOCAL)
    assert both.session.document is not None
    assert (both.session.document.image[20, 20] == COLOURS[Stage.LOCAL]).all()


def test_a_run_goes_on_for_its_own_photo(qtbot: QtBot, both: MainWindow, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    dab(both)
    both.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: Stage.COARSE in both.session.runs.results)
    switch(qtbot, both, "sea.png")
    assert both.session.runs.phase is RunPhase.IDLE
    gate.set()
    parked = photo(both, "hill.png").parked
    assert parked is not None
    qtbot.waitUntil(lambda: parked.runs.phase is RunPhase.READY)
    assert not both.session.runs.results
    assert both.view.pane(Pane.COARSE).state is PaneState.EMPTY
    switch(qtbot, both, "hill.png")
    assert tuple(both.session.runs.results) == STAGES
    assert both.view.pane(Pane.GLOBAL).state is PaneState.READY


def test_one_may_come_back_in_the_middle_of_a_run(qtbot: QtBot, both: MainWindow, engine: FakeEngine) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    dab(both)
    both.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: both.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    switch(qtbot, both, "sea.png")
    switch(qtbot, both, "hill.png")
    assert both.session.runs.phase is RunPhase.RUNNING
    assert both.view.pane(Pane.COARSE).state is PaneState.READY
    assert both.view.pane(Pane.LOCAL).state is PaneState.RUNNING
    gate.set()
    qtbot.waitUntil(lambda: both.session.runs.phase is RunPhase.READY)
    assert tuple(both.session.runs.results) == STAGES


def test_a_run_that_failed_meanwhile_says_so_on_return(
    qtbot: QtBot, both: MainWindow, engine: FakeEngine, asker: ScriptedAsker
) -> None:
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    engine.failure, engine.fails_at = MemoryError(), Stage.LOCAL
    dab(both)
    both.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: Stage.COARSE in both.session.runs.results)
    switch(qtbot, both, "sea.png")
    gate.set()
    parked = photo(both, "hill.png").parked
    assert parked is not None
    qtbot.waitUntil(lambda: parked.runs.error is not None)
    failures: list[str] = []
    both.session.failed.connect(failures.append)
    switch(qtbot, both, "hill.png")
    assert len(failures) == 1
    assert tuple(both.session.runs.results) == (Stage.COARSE,)


def test_closing_a_photo_ends_its_run(qtbot: QtBot, both: MainWindow, engine: FakeEngine, asker: ScriptedAsker) -> None:
    engine.lasting = frozenset({Stage.LOCAL})
    dab(both)
    both.commands.edit.fill_or_accept()
    qtbot.waitUntil(engine.in_lasting.is_set)
    switch(qtbot, both, "sea.png")
    both.photos.close(photo(both, "hill.png"))
    assert engine.out_of_lasting.wait(5)
    assert names(both) == ["sea.png"]


def test_opening_what_is_open_switches(qtbot: QtBot, both: MainWindow, paths: list[Path]) -> None:
    both.commands.file.open_path(paths[0].parent / "." / "sea.png")
    assert both.files.name == "sea.png"
    assert names(both) == ["sea.png", "hill.png"]


def test_the_sample_is_opened_once(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> None:
    for _ in range(2):
        window.commands.file.open_sample()
        qtbot.waitUntil(lambda: window.files.name == "sample.jpg")
        open_each(qtbot, window, paths[:1]) if len(names(window)) == 1 else switch(qtbot, window, "sea.png")
    assert names(window) == ["sample.jpg", "sea.png"]
    assert photo(window, "sample.jpg").record.place is None


def test_what_was_not_changed_is_let_go_beyond_the_budget(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> None:
    window.photos._budget = lambda: 1.0
    open_each(qtbot, window, paths[:1])
    dab(window)
    open_each(qtbot, window, paths[1:])
    assert photo(window, "sea.png").parked is not None, "a change is never let go"
    assert photo(window, "hill.png").parked is None
    with qtbot.waitSignal(window.files.opened):
        window.photos.select(photo(window, "hill.png"))
    assert names(window) == ["sea.png", "hill.png", "town.png"]


def test_a_file_that_changed_is_not_let_go(qtbot: QtBot, both: MainWindow, paths: list[Path]) -> None:
    both.photos._budget = lambda: 1.0
    write_image(paths[1], np.zeros((9, 9, 3), np.uint8))
    switch(qtbot, both, "sea.png")
    assert photo(both, "hill.png").parked is not None


def test_all_variants_and_the_run_that_waits_come_back(
    qtbot: QtBot, both: MainWindow, engine: FakeEngine, asker: ScriptedAsker
) -> None:
    dab(both)
    options = both.settings.run_options()
    both.session.run(options)
    qtbot.waitUntil(lambda: both.session.runs.phase is RunPhase.READY)
    gate = engine.gates[Stage.COARSE] = threading.Event()
    both.session.again(replace(options, grow=options.grow + 1))
    both.session.queue(replace(options, grow=options.grow + 2))
    switch(qtbot, both, "sea.png")
    assert both.session.queued is None
    gate.set()
    parked = photo(both, "hill.png").parked
    assert parked is not None
    qtbot.waitUntil(lambda: parked.runs.phase is RunPhase.READY)
    assert len(engine.requests) == 2, "what waits begins when its photo is back"
    switch(qtbot, both, "hill.png")
    qtbot.waitUntil(lambda: len(both.session.runs.variants) == 3 and both.session.runs.phase is RunPhase.READY)
    assert [each.name for each in both.session.runs.variants] == ["A", "B", "C"]


def test_the_historys_pictures_come_back(qtbot: QtBot, both: MainWindow) -> None:
    def pictures() -> list[bool]:
        model = both.history.model
        return [model.index(row).data(PICTURE) is not None for row in range(model.rowCount())]

    dab(both)
    dab(both, 30, 30)
    qtbot.waitUntil(lambda: pictures() == [True, True, True])
    switch(qtbot, both, "sea.png")
    switch(qtbot, both, "hill.png")
    assert pictures() == [True, True, True]


# Unsaved work


def test_closing_the_window_asks_once_for_all(qtbot: QtBot, both: MainWindow, asker: ScriptedAsker) -> None:
    dab(both)
    switch(qtbot, both, "sea.png")
    dab(both)
    asker.unsaved = Unsaved.CANCEL
    assert not both.close()
    assert asker.asked == ["about_several_unsaved sea.png hill.png"]
    asker.unsaved = Unsaved.DISCARD
    assert both.close()


def test_saving_all_saves_each_and_closes(
    qtbot: QtBot, both: MainWindow, asker: ScriptedAsker, paths: list[Path]
) -> None:
    dab(both)
    switch(qtbot, both, "sea.png")
    dab(both)
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.YES
    both.close()
    qtbot.waitUntil(lambda: not both.isVisible())
    assert asker.asked[1:] == ["may_overwrite sea.png", "may_overwrite hill.png"]


def test_thinking_better_of_one_save_keeps_all(qtbot: QtBot, both: MainWindow, asker: ScriptedAsker) -> None:
    dab(both)
    switch(qtbot, both, "sea.png")
    dab(both)
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.CANCEL
    assert not both.close()
    assert asker.asked[1:] == ["may_overwrite sea.png"]
    assert len(both.photos.unsaved) == 2


def test_closing_a_parked_photo_shows_it_and_asks(qtbot: QtBot, both: MainWindow, asker: ScriptedAsker) -> None:
    dab(both)
    switch(qtbot, both, "sea.png")
    asker.unsaved = Unsaved.CANCEL
    both.commands.file.close_one(photo(both, "hill.png"))
    assert both.files.name == "hill.png"
    assert asker.asked == ["about_unsaved hill.png"]
    asker.unsaved = Unsaved.DISCARD
    both.action_set["close"].trigger()
    assert names(both) == ["sea.png"]


def test_a_save_is_its_own_photos_though_one_switches(
    qtbot: QtBot, both: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    dab(both)
    with qtbot.waitSignal(both.files.saved):
        both.files.save(tmp_path / "out.png")
        both.photos.select(photo(both, "sea.png"))
    qtbot.waitUntil(lambda: both.files.name == "sea.png")
    assert names(both) == ["sea.png", "out.png"]
    assert both.photos.unsaved == ()
    assert both.files.path is not None
    assert both.files.path.name == "sea.png"


def test_close_all(qtbot: QtBot, both: MainWindow, asker: ScriptedAsker) -> None:
    both.action_set["close_all"].trigger()
    assert names(both) == []
    assert both.empty.isVisible()
    assert asker.asked == []


@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_changed_meanwhile_is_replaced_only_when_asked(
    qtbot: QtBot, both: MainWindow, asker: ScriptedAsker, paths: list[Path], gone: bool
) -> None:
    dab(both)
    if gone:
        paths[1].unlink()
    else:
        write_image(paths[1], np.zeros((9, 9, 3), np.uint8))
    asker.overwrite = Overwrite.CANCEL
    both.action_set["save"].trigger()
    assert asker.asked == [f"may_replace_{'gone' if gone else 'changed'} hill.png"]
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(both.files.saved):
        both.action_set["save"].trigger()
    assert read_photo(paths[1]).extent == (60, 50)
    asker.asked.clear()
    with qtbot.waitSignal(both.files.saved):
        both.action_set["save"].trigger()
    assert asker.asked == [], "now it is as it was written"
