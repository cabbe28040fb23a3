"""A batch through the real window: choices, dry run, queue, the way to the editor and back. Files are real."""

from __future__ import annotations

import json
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton
from pytestqt.qtbot import QtBot

from app.batch.request import ProblemKind
from app.imaging.files import read_mask, read_photo, write_image
from app.imaging.geometry import Extent
from app.inference.request import Stage
from app.ui.batch.fields import PlaceRow
from app.ui.batch.plan_model import PROBLEM
from app.ui.batch.queue_model import AFTER, PICTURE, REMARKS, SECONDS, STATE, all_state_words
from app.ui.look.icons import SIZE
from app.ui.main_window import MainWindow
from app.ui.session.batch_rows import RowState
from app.ui.session.batch_work import BatchWork
from app.ui.settings import declared
from app.ui.settings.declared import MaskFrom, ReportKind
from tests.batches import checked, done, set_up, started, write_folder, write_mask, write_photo
from tests.driving import dab, open_path, wait_for_results
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker


def states(window: MainWindow) -> list[RowState]:
    return [row.state for row in window.batch.rows]


def hole_of(path: Path) -> np.ndarray:
    """The part of a result in which the mask of `write_mask` has its hole, without its soft edge."""
    return read_photo(path).pixels[8:12, 8:12]


def sentences(window: MainWindow) -> str:
    return window.banner.text


# choices and the dry run


def test_the_menu_opens_it_and_holes_are_filled_as_in_the_panel(window: MainWindow) -> None:
    window.settings.set(declared.GROW, 11)
    window.settings.set(declared.DETAIL, False)
    window.action_set["batch"].trigger()
    batch = window.commands.batch.window
    assert batch is not None
    assert batch.isVisible()
    assert batch.is_setting_up
    assert window.settings.get(declared.BATCH_GROW) == 11
    assert window.settings.get(declared.BATCH_DETAIL) is False
    assert batch.check.words == "Choose the folder with the photos."
    assert not batch.setup.start.isEnabled()


def test_every_problem_is_listed_before_the_first_file(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    photos = write_folder(tmp_path, "a", "b", "c")
    write_mask(tmp_path, "b", (10, 10))
    write_photo(tmp_path, "d")
    (photos / "e.jpg").write_bytes(b"\xff\xd8 no photo")
    batch = set_up(window, tmp_path)
    plan = checked(qtbot, batch)
    assert [job.name for job in plan.jobs] == ["a.png", "c.png"]
    assert {row.job.name: row.problem.kind for row in plan.problems if row.problem is not None} == {
        "b.png": ProblemKind.MASK_SIZE,
        "d.png": ProblemKind.MASK_MISSING,
        "e.jpg": ProblemKind.UNREADABLE,
    }
    assert "5 photos: 2 ready, 3 with problems." in batch.setup._found.text()
    assert batch.setup.model.rowCount() == 5
    batch.setup.problems_only.click()
    assert batch.setup.model.rowCount() == 3
    index = batch.setup.model.index(0, PROBLEM)
    assert "10×10" in index.data()
    assert index.data(Qt.ItemDataRole.ToolTipRole) == index.data(), "what is cut off is in the tip"
    assert not (tmp_path / "out").exists(), "nothing is written for it"


def test_rows_are_taller_where_a_problem_is_to_be_read(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    batch = set_up(window, tmp_path)
    checked(qtbot, batch)
    low = batch.setup.table.rowHeight(0)
    write_photo(tmp_path, "b")
    batch.check.refresh()
    assert checked(qtbot, batch).problems
    assert batch.setup.table.rowHeight(0) >= max(low, 3 * batch.fontMetrics().lineSpacing())
    assert batch.setup.table.rowHeight(0) > low


def test_the_column_of_states_has_room_for_each(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    batch = started(qtbot, window, tmp_path)
    metrics = batch.queue.table.fontMetrics()
    widest = max(metrics.horizontalAdvance(words) for words in all_state_words())
    assert batch.queue.table.columnWidth(STATE) > widest + SIZE
    seconds = batch.queue.model.index(0, SECONDS).data(Qt.ItemDataRole.TextAlignmentRole)
    assert seconds & Qt.AlignmentFlag.AlignTrailing, "numbers stand below each other"
    qtbot.waitUntil(lambda: not window.batch.is_running)


def test_while_the_report_is_written_nothing_can_be_paused_or_ended(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_folder(tmp_path, "a")
    batch = started(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: not window.batch.is_running)
    monkeypatch.setattr(BatchWork, "is_running", True)
    monkeypatch.setattr(BatchWork, "is_reporting", True)
    batch.queue.refresh()
    assert not batch.queue.pause.isEnabled()
    assert not batch.queue.cancel.isEnabled()
    monkeypatch.undo()


def test_another_choice_is_looked_at_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    batch = set_up(window, tmp_path)
    assert checked(qtbot, batch).jobs
    window.settings.set(declared.BATCH_MASK_FOLDER, str(tmp_path / "nowhere"))
    assert not batch.setup.start.isEnabled(), "what was found before counts no more"
    qtbot.waitUntil(lambda: bool(batch.check.words))
    assert "nowhere" in batch.check.words
    window.settings.set(declared.BATCH_MASK_FOLDER, str(tmp_path / "masks"))
    assert checked(qtbot, batch).jobs
    assert batch.setup.start.isEnabled()


def test_only_the_row_of_the_chosen_masks_is_shown(window: MainWindow, tmp_path: Path) -> None:
    batch = set_up(window, tmp_path)
    rows = batch.setup.rows
    own = declared.BATCH_MASK_FOLDER, declared.BATCH_MASK_SUFFIX, declared.BATCH_MASK_FILE
    expected = {MaskFrom.FOLDER: [0], MaskFrom.SUFFIX: [1], MaskFrom.FILE: [2], MaskFrom.ALPHA: [], MaskFrom.EDITOR: []}
    for origin, shown in expected.items():
        window.settings.set(declared.BATCH_MASKS, origin)
        assert [at for at, setting in enumerate(own) if not rows[setting].isHidden()] == shown


def test_the_names_are_previewed(window: MainWindow, tmp_path: Path) -> None:
    batch = set_up(window, tmp_path)
    window.settings.set(declared.BATCH_NAMING, "{stem}-edited")
    window.settings.set(declared.BATCH_FORMAT, ".png")
    assert batch.setup._preview.text() == "IMG_0007.jpg becomes IMG_0007-edited.png"
    window.settings.set(declared.BATCH_NAMING, "{other}")
    assert "braces" in batch.setup._preview.text()


def test_a_folder_is_chosen_or_dropped(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    window.commands.batch.show()
    batch = window.commands.batch.window
    assert batch is not None
    row = batch.setup.rows[declared.BATCH_FOLDER]
    assert isinstance(row, PlaceRow)
    asker.folder = tmp_path / "photos"
    row.button.click()
    assert window.settings.get(declared.BATCH_FOLDER) == str(tmp_path / "photos")
    output = batch.setup.rows[declared.BATCH_OUTPUT]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "out"))])
    button, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(output, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, data, button, no_keys))
    QApplication.sendEvent(output, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, button, no_keys))
    assert window.settings.get(declared.BATCH_OUTPUT) == str(tmp_path / "out")
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "masks"))])
    for kind, at in ((QDragEnterEvent, QPoint(5, 5)), (QDropEvent, QPointF(5, 5))):
        QApplication.sendEvent(batch.setup, kind(at, Qt.DropAction.CopyAction, data, button, no_keys))
    assert window.settings.get(declared.BATCH_FOLDER) == str(tmp_path / "masks"), "beside the rows it is the photos'"


def test_the_mask_of_the_editor_serves_for_all(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a", "b")
    batch = set_up(window, tmp_path)
    window.settings.set(declared.BATCH_MASKS, MaskFrom.EDITOR)
    assert "paint the mask" in batch.check.words
    open_path(qtbot, window, tmp_path / "photos" / "a.png")
    dab(window)
    plan = checked(qtbot, batch)
    assert len(plan.jobs) == 2
    mask = plan.jobs[0].mask
    assert mask is not None
    assert mask.parent == tmp_path / "out" / ".lacuna-batch" / "masks"
    assert window.session.document is not None
    assert np.array_equal(read_mask(mask, Extent(60, 40)), np.where(window.session.document.mask > 127, 255, 0))
    dab(window, 40, 30)
    newer = checked(qtbot, batch).jobs[0].mask
    assert newer != mask, "painting on is another mask"
    assert list(mask.parent.iterdir()) == [newer], "nothing was begun with the other"


# the run


def test_a_folder_is_filled_and_said_to_be(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.batch.provenance.models_used", lambda request: ())
    write_folder(tmp_path, "a", "b")
    write_photo(tmp_path, "c")
    batch = set_up(window, tmp_path)
    window.settings.set(declared.BATCH_REPORT, ReportKind.JSON)
    checked(qtbot, batch)
    with qtbot.waitSignal(window.batch.finished):
        batch.setup.start.click()
        assert not batch.is_setting_up
        assert window.status.batch.isVisible()
        assert window.status.batch.text().startswith("Batch 1 of 3"), "a problem is over already"
    assert states(window) == [RowState.DONE, RowState.DONE, RowState.FAILED]
    assert (hole_of(tmp_path / "out" / "a.png") == COLOURS[Stage.GLOBAL]).all()
    assert sentences(window) == "The batch is done: 2 photos are filled, 1 failed."
    assert not window.status.batch.isVisible()
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert [row["state"] for row in report["files"]] == ["done", "done", "failed"]
    assert engine.made == 1, "one engine, one set of weights"
    model = batch.queue.model
    assert model.index(0, AFTER).data(PICTURE) is not None
    assert model.index(2, AFTER).data(PICTURE) is None
    assert "no mask" in model.index(2, REMARKS).data()
    assert batch.queue.words.text() == "Done · 3 of 3 photos · 1 failed"
    assert batch.queue.report.isEnabled()


def test_the_editor_runs_meanwhile_on_the_same_thread(
    qtbot: QtBot, opened: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    """Each step of the batch waits at a gate: without turns the editor's run could not come to its end before it."""
    gate = threading.Event()
    engine.gates[Stage.COARSE] = gate
    write_folder(tmp_path, *"abcd")
    started(qtbot, opened, tmp_path)
    qtbot.waitUntil(lambda: bool(engine.requests))
    opened.activateWindow()
    dab(opened)
    opened.commands.edit.fill_or_accept()
    gate.set()
    qtbot.waitUntil(lambda: bool(opened.session.runs.shown and opened.session.runs.shown.report))
    assert len(engine.threads) == 1
    qtbot.waitUntil(lambda: not opened.batch.is_running)
    assert states(opened) == [RowState.DONE] * 4
    assert len(opened.session.runs.results) == 3


def test_pausing_and_going_on_by_the_button(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    engine.gates[Stage.GLOBAL] = threading.Event()
    write_folder(tmp_path, "a", "b", "c")
    batch = started(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: bool(engine.requests))
    batch.queue.pause.click()
    assert batch.queue.pause.text() == "Go on"
    assert window.status.batch.text().startswith("Batch paused")
    engine.gates[Stage.GLOBAL].set()
    with qtbot.waitSignal(window.batch.finished):
        batch.queue.pause.click()
    assert states(window) == [RowState.DONE] * 3


def test_cancelling_asks_and_the_batch_can_be_gone_on_with(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    engine.gates[Stage.LOCAL] = threading.Event()
    write_folder(tmp_path, "a", "b")
    batch = started(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: bool(engine.requests))
    batch.queue.cancel.click()
    assert batch.queue.question.text.startswith("End the batch?")
    assert window.batch.is_running
    focused = batch.queue.question.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Don't end it", "Enter pressed twice ends nothing"
    yes = next(each for each in batch.queue.question.findChildren(QPushButton) if each.text() == "End it")
    with qtbot.waitSignal(window.batch.finished):
        yes.click()
        engine.gates[Stage.LOCAL].set()
    assert states(window) == [RowState.WAITING] * 2
    assert "was stopped" in sentences(window)
    with qtbot.waitSignal(window.batch.finished):
        batch.queue.pause.click()
    assert states(window) == [RowState.DONE] * 2


def test_closing_its_window_stops_nothing_and_the_status_bar_shows_it_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    engine.gates[Stage.GLOBAL] = threading.Event()
    write_folder(tmp_path, "a")
    batch = started(qtbot, window, tmp_path)
    batch.close()
    assert window.batch.is_running
    QTest.mouseClick(window.status.batch, Qt.MouseButton.LeftButton)
    assert batch.isVisible()
    assert not batch.is_setting_up
    with qtbot.waitSignal(window.batch.finished):
        engine.gates[Stage.GLOBAL].set()


def test_a_batch_outlives_its_window(qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine) -> None:
    engine.gates[Stage.GLOBAL] = threading.Event()
    write_folder(tmp_path, "a", "b")
    started(qtbot, window, tmp_path)
    with qtbot.waitSignal(window.batch.finished):
        window.commands.batch.close_window()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        engine.gates[Stage.GLOBAL].set()
    assert states(window) == [RowState.WAITING] * 2


def test_a_batch_begun_before_is_gone_on_with(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a", "b")
    done(qtbot, window, tmp_path)
    before = (tmp_path / "out" / "a.png").stat().st_mtime_ns
    (tmp_path / "out" / "b.png").unlink()
    batch = window.commands.batch.window
    assert batch is not None
    batch.queue.new.click()
    assert checked(qtbot, batch).jobs
    assert batch.setup._found.text().startswith("This batch was begun before: 1 of 2 photos are done.")
    assert batch.setup.start.text() == "Go on"
    assert not batch.setup.start_over.isHidden()
    with qtbot.waitSignal(window.batch.finished):
        batch.setup.start.click()
    assert states(window) == [RowState.DONE] * 2
    assert (tmp_path / "out" / "a.png").stat().st_mtime_ns == before, "what is done is not done again"


def test_a_folder_deleted_underneath_rests_the_batch_until_it_is_to_go_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    write_folder(tmp_path, "a", "b", "c")
    engine.gates[Stage.GLOBAL] = threading.Event()
    batch = started(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: bool(engine.requests))
    shutil.rmtree(tmp_path / "out")
    with qtbot.waitSignal(window.batch.troubled) as told:
        engine.gates[Stage.GLOBAL].set()
    assert "there is no folder" in told.args[0]
    assert RowState.FAILED not in states(window)
    assert batch.isVisible()
    with qtbot.waitSignal(window.batch.finished):
        window.batch.go_on()
    assert states(window) == [RowState.DONE] * 3
    assert sorted(path.name for path in (tmp_path / "out").glob("*.png")) == ["a.png", "b.png", "c.png"]
    batch.queue.new.click()
    checked(qtbot, batch)
    assert batch.check.done == 3


# to the editor and back


def test_a_failure_is_mended_in_the_editor_and_put_back(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    write_photo(tmp_path, "b", 7)
    batch = done(qtbot, window, tmp_path)
    assert not window.action_set["batch_put_back"].isEnabled()
    batch.queue.choose(1)
    with qtbot.waitSignal(window.files.opened):
        batch.queue.open.click()
    assert window.files.name == "b.png"
    assert window.action_set["batch_put_back"].isEnabled()
    window.action_set["batch_put_back"].trigger()
    assert "Nothing is painted" in sentences(window)
    dab(window, 10, 10)
    with qtbot.waitSignal(window.batch.finished):
        window.action_set["batch_put_back"].trigger()
    assert states(window) == [RowState.DONE] * 2
    assert (hole_of(tmp_path / "out" / "b.png") == COLOURS[Stage.GLOBAL]).all()
    batch.queue.new.click()
    assert len(checked(qtbot, batch).jobs) == 2, "the mask that was put back belongs to this batch"
    assert batch.check.done == 2


def test_a_failed_photo_opens_with_its_mask_laid_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    engine.failure = ValueError("the network broke")
    write_folder(tmp_path, "a")
    batch = done(qtbot, window, tmp_path)
    assert states(window) == [RowState.FAILED]
    batch.queue.choose(0)
    with qtbot.waitSignal(window.files.opened):
        batch.queue.open.click()
    qtbot.waitUntil(lambda: window.session.hole_pixels == 100)
    engine.failure = None
    with qtbot.waitSignal(window.batch.finished):
        batch.queue.retry.click()
    assert states(window) == [RowState.DONE]


def test_a_result_opens_in_the_editor(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    batch = done(qtbot, window, tmp_path)
    batch.queue.choose(0)
    with qtbot.waitSignal(window.files.opened) as opened:
        batch.queue.table.doubleClicked.emit(batch.queue.model.index(0, 0))
    assert opened.args == [tmp_path / "out" / "a.png"]


def test_what_was_filled_by_hand_is_used(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    photo = write_photo(tmp_path, "b", 7)
    done(qtbot, window, tmp_path)
    open_path(qtbot, window, photo)
    dab(window, 10, 10)
    window.commands.edit.fill_or_accept()
    wait_for_results(qtbot, window)
    with qtbot.waitSignal(window.session.image_changed):
        window.session.accept(Stage.COARSE)
    window.action_set["batch_use"].trigger()
    qtbot.waitUntil(lambda: states(window) == [RowState.DONE] * 2)
    assert (hole_of(tmp_path / "out" / "b.png") == COLOURS[Stage.COARSE]).all()
    assert window.batch.rows[1].outcome is not None
    assert window.batch.rows[1].outcome.after.startswith(b"\xff\xd8")


@pytest.mark.parametrize("way", ["batch_put_back", "batch_use"])
def test_nothing_from_the_editor_takes_the_place_of_another_file(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, way: str
) -> None:
    photos = write_folder(tmp_path, "a", "b", "c")
    write_image(photos / "a.bmp", read_photo(photos / "a.png").pixels)
    window.settings.set(declared.BATCH_FORMAT, ".png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "b.png").write_bytes(b"somebody's")
    done(qtbot, window, tmp_path)
    assert states(window) == [RowState.FAILED] * 3 + [RowState.DONE]
    for name, words in (("a.png", "would both become a.png"), ("b.png", "is there already")):
        open_path(qtbot, window, photos / name)
        dab(window, 10, 10)
        window.action_set[way].trigger()
        assert words in sentences(window)
    assert not window.batch.is_running
    assert not window.session.saves.words
    assert not (tmp_path / "out" / "a.png").exists()
    assert (tmp_path / "out" / "b.png").read_bytes() == b"somebody's"


def test_what_appeared_meanwhile_is_not_replaced_by_hand(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, asker: ScriptedAsker
) -> None:
    photos = write_folder(tmp_path, "a")
    write_photo(tmp_path, "b", 7)
    done(qtbot, window, tmp_path)
    (tmp_path / "out" / "b.png").write_bytes(b"somebody's")
    open_path(qtbot, window, photos / "b.png")
    window.action_set["batch_use"].trigger()
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert "is there by now" in asker.errors[0]
    assert (tmp_path / "out" / "b.png").read_bytes() == b"somebody's"


def test_what_a_batch_is_yet_to_do_is_not_done_by_hand_as_well(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, engine: FakeEngine
) -> None:
    write_folder(tmp_path, "a", "b")
    engine.gates[Stage.COARSE] = threading.Event()
    started(qtbot, window, tmp_path)
    qtbot.waitUntil(lambda: states(window)[0] is RowState.WORKING)
    open_path(qtbot, window, window.batch.rows[1].job.photo)
    assert not window.action_set["batch_use"].isEnabled(), "the batch would write over it"
    with qtbot.waitSignal(window.batch.finished):
        engine.gates[Stage.COARSE].set()
    assert window.action_set["batch_use"].isEnabled()


def test_every_part_of_the_window_has_a_name_and_a_tip(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    write_folder(tmp_path, "a")
    batch = set_up(window, tmp_path)
    for each in (*batch.findChildren(QPushButton), *batch.findChildren(QComboBox)):
        assert each.accessibleName() or (isinstance(each, QPushButton) and each.text()) or each.isHidden()
        if each.window() is batch and each.parent() is not batch.queue.question:
            assert each.toolTip(), each
