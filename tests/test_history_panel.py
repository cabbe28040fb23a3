"""The history panel in the real window: pictures, names, marks, travelling, memory, and no stutter when it is long."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.document.edits import MaskEdit
from app.imaging.geometry import Extent, Rect
from app.imaging.thumbnails import framed, thumbnail, tinted
from app.ui.main_window import MainWindow
from app.ui.panels.edit_names import edit_name
from app.ui.panels.history_model import PICTURE, SAVED, UNDONE
from app.ui.panels.history_panel import HistoryPanel
from tests.driving import image_of, open_photo, press, run_to_end, stroke
from tests.fakes import ScriptedAsker

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def panel(opened: MainWindow) -> HistoryPanel:
    return opened.history


def names(panel: HistoryPanel) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def marked(panel: HistoryPanel, role: int) -> list[int]:
    return [row for row in range(panel.model.rowCount()) if panel.model.index(row).data(role)]


def picture(panel: HistoryPanel, row: int) -> QPixmap | None:
    return panel.model.index(row).data(PICTURE)  # type: ignore[no-any-return]


def two_strokes(window: MainWindow) -> None:
    stroke(window, (60, 60), (80, 60))
    stroke(window, (30, 30), (40, 30))


def fill(qtbot: QtBot, window: MainWindow) -> None:
    stroke(window, (60, 60), (80, 60))
    run_to_end(qtbot, window)
    with qtbot.waitSignal(window.session.image_changed):
        press(window, Qt.Key.Key_Return)


def test_it_lists_and_travels_by_click(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    two_strokes(opened)
    assert names(panel) == ["Opened", "Brush", "Brush"]
    assert panel.list.currentIndex().row() == 2
    with qtbot.waitSignal(opened.session.history_changed):
        rect = panel.list.visualRect(panel.model.index(1))
        panel.list.scrollTo(panel.model.index(1))
        rect = panel.list.visualRect(panel.model.index(1))
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert opened.session.document is not None
    assert opened.session.document.history.index == 1
    assert marked(panel, UNDONE) == [2]
    assert opened.action_set["redo"].isEnabled()


def test_it_travels_by_keys(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    two_strokes(opened)
    panel.list.setFocus()
    for key, index in ((Qt.Key.Key_Up, 1), (Qt.Key.Key_Home, 0), (Qt.Key.Key_End, 2)):
        with qtbot.waitSignal(opened.session.history_changed):
            QTest.keyClick(panel.list, key)
        assert opened.session.document is not None
        assert opened.session.document.history.index == index
        assert panel.list.currentIndex().row() == index


def test_the_menu_goes_there_and_the_right_button_alone_does_not(
    qtbot: QtBot, opened: MainWindow, panel: HistoryPanel
) -> None:
    two_strokes(opened)
    panel.list.scrollTo(panel.model.index(1))
    place = panel.list.visualRect(panel.model.index(1)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert opened.session.document is not None
    assert opened.session.document.history.index == 2
    viewport = panel.list.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, event)
    menu = next(each for each in panel.findChildren(QMenu) if each.isVisible())
    with qtbot.waitSignal(opened.session.history_changed):
        menu.actions()[0].trigger()
    menu.close()
    assert opened.session.document.history.index == 1


def test_names_of_the_document_are_translated_where_they_are_shown(qtbot: QtBot, panel: HistoryPanel) -> None:
    assert [edit_name(name) for name in ("Brush", "Eraser", "Fill: global, 300 ms")] == [
        "Brush",
        "Eraser",
        "Fill: global, 300 ms",
    ]


def test_fills_are_named_with_their_time(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    fill(qtbot, opened)
    assert names(panel) == ["Opened", "Brush", "Fill: global, 300 ms"]


def test_every_state_gets_its_picture(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    fill(qtbot, opened)
    qtbot.waitUntil(lambda: all(picture(panel, row) is not None for row in range(3)))
    photo, brush, filled = (picture(panel, row).toImage() for row in range(3))  # type: ignore[union-attr]
    assert (photo.width(), photo.height()) == (96, 64)
    middle = QPoint(48, 32)
    tint = brush.pixelColor(middle)
    assert tint.red() > tint.green() + 60, "the shape of the mask is tinted"
    assert filled.pixelColor(middle).blue() > 150, "the accepted result is blue"


def test_pictures_do_not_wait_for_the_document(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    stroke(opened, (60, 60), (80, 60))
    assert not opened.session.loans.is_lent, "a stroke may follow at once"
    qtbot.waitUntil(lambda: picture(panel, 1) is not None)


def test_pictures_go_with_their_document(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel, tmp_path: Path) -> None:
    stroke(opened, (60, 60), (80, 60))
    opened.session.close_document()
    assert panel.model.rowCount() == 0
    assert panel.footer.text() == ""
    open_photo(qtbot, opened, tmp_path / "sea.png")
    assert names(panel) == ["Opened"]
    qtbot.waitUntil(lambda: picture(panel, 0) is not None)


def test_undo_across_a_save_and_the_mark_of_the_saved_state(
    qtbot: QtBot, opened: MainWindow, panel: HistoryPanel, asker: ScriptedAsker, tmp_path: Path
) -> None:
    before = image_of(opened)
    assert marked(panel, SAVED) == [0], "at first what was opened"
    fill(qtbot, opened)
    after = image_of(opened)
    asker.save_path = tmp_path / "sea-edited.png"
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save_as"].trigger()
    assert marked(panel, SAVED) == [2]
    assert not opened.isWindowModified()
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Z, CONTROL)
    assert (image_of(opened) == before).all()
    assert opened.isWindowModified()
    assert marked(panel, SAVED) == [2]
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Y, CONTROL)
    assert (image_of(opened) == after).all()
    assert not opened.isWindowModified()
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.jump(0)
    stroke(opened, (100, 100), (110, 100))
    assert marked(panel, SAVED) == [], "the saved state can't be reached any longer"


def test_rows_come_and_go_without_the_others(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    resets: list[bool] = []
    inserted: list[tuple[int, int]] = []
    removed: list[tuple[int, int]] = []
    panel.model.modelReset.connect(lambda: resets.append(True))
    panel.model.rowsInserted.connect(lambda _, first, last: inserted.append((first, last)))
    panel.model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    two_strokes(opened)
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.jump(0)
    stroke(opened, (60, 60), (80, 60))
    assert inserted == [(1, 1), (2, 2), (1, 1)]
    assert removed == [(1, 2)]
    assert resets == []


def test_old_edits_are_let_go_in_front(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    document = opened.session.document
    assert document is not None
    two_strokes(opened)
    document.history._limit = document.history.nbytes
    removed: list[tuple[int, int]] = []
    panel.model.rowsRemoved.connect(lambda _, first, last: removed.append((first, last)))
    stroke(opened, (100, 100), (110, 100))
    assert removed
    assert all(first == 0 for first, _ in removed)
    assert names(panel)[0] == f"{document.history.pruned} older edit{'s' if document.history.pruned > 1 else ''}"
    assert panel.model.rowCount() == len(document.history) + 1


def test_the_megabytes_stand_below(opened: MainWindow, panel: HistoryPanel) -> None:
    assert panel.footer.text() == "0 edits · 0 MB of 512 MB"
    stroke(opened, (60, 60), (80, 60))
    assert panel.footer.text() == "1 edit · < 0.1 MB of 512 MB"


def test_five_hundred_edits_do_not_stutter(opened: MainWindow, panel: HistoryPanel) -> None:
    document = opened.session.document
    assert document is not None
    for index in range(500):
        at = Rect(index % 150, index % 100, 4, 4)
        before = document.mask[at.slices].copy()
        edit = MaskEdit.within("Brush", at, before, np.full((4, 4), index % 254 + 1, np.uint8))
        if edit is not None:
            document.apply(edit)
    panel.refresh()
    opened.repaint()
    taken = []
    for index in range(9):
        at = Rect(10 * index, 110, 4, 4)
        edit = MaskEdit.within("Brush", at, document.mask[at.slices].copy(), np.full((4, 4), 77, np.uint8))
        assert edit is not None
        document.apply(edit)
        began = time.perf_counter()
        panel.refresh()
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.005, taken
    assert panel.list.currentIndex().row() == panel.model.rowCount() - 1


def test_what_a_screen_reader_hears(qtbot: QtBot, opened: MainWindow, panel: HistoryPanel) -> None:
    two_strokes(opened)
    with qtbot.waitSignal(opened.session.history_changed):
        opened.session.jump(1)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert [panel.model.index(row).data(role) for row in range(3)] == ["Opened, saved", "Brush", "Brush, undone"]
    assert panel.model.data(QModelIndex()) is None


def test_pictures_are_framed_inside_the_image() -> None:
    shape, whole = Extent(48, 32), Rect(0, 0, 1000, 800)
    for rect in (Rect(0, 0, 10, 10), Rect(990, 790, 10, 10), Rect(0, 0, 1000, 800), Rect(400, 0, 3, 800)):
        frame = framed(rect, shape, whole)
        assert whole.contains(frame)
        assert not frame.is_empty
    assert framed(Rect(400, 300, 48, 32), shape, whole) == Rect(394, 296, 60, 40)


def test_thumbnails_cover_their_extent() -> None:
    image = np.zeros((30, 200, 3), np.uint8)
    image[:, 90:110] = 255
    small = thumbnail(image, Extent(12, 8))
    assert small.shape == (8, 12, 3)
    assert small[4, 6].min() > 100
    assert thumbnail(image[:2, :2], Extent(12, 8)).shape == (8, 12, 3)


def test_a_tint_is_as_strong_as_the_mask() -> None:
    image = np.full((1, 3, 3), 100, np.uint8)
    mask = np.array([[0, 51, 255]], np.uint8)
    assert tinted(image, mask, (200, 0, 100), 0.5)[0].tolist() == [[100, 100, 100], [110, 90, 100], [150, 50, 100]]
