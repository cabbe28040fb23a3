"""The filmstrip in the real window: it shows all photos, chooses, sorts and closes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.main_window import MainWindow
from app.ui.panels.banner import Severity
from app.ui.settings import declared
from tests.driving import dab
from tests.fakes import ScriptedAsker
from tests.several import names, open_each, write_three

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return write_three(tmp_path)


@pytest.fixture
def both(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> MainWindow:
    """Two photos open, the second shown."""
    return open_each(qtbot, window, paths[:2])


def frame_at(window: MainWindow, row: int) -> QPoint:
    shown = window.filmstrip.list
    return shown.visualRect(shown.items.index(row, 0)).center()


def test_the_strip_comes_with_the_second_photo_and_goes_with_the_panels(
    qtbot: QtBot, window: MainWindow, paths: list[Path]
) -> None:
    open_each(qtbot, window, paths[:1])
    assert not window.filmstrip.isVisible()
    open_each(qtbot, window, paths[1:2])
    assert window.filmstrip.isVisible()
    window.action_set["panels"].trigger()
    assert not window.filmstrip.isVisible()
    window.action_set["panels"].trigger()
    assert window.filmstrip.isVisible()
    window.action_set["filmstrip"].trigger()
    assert not window.filmstrip.isVisible()
    assert not window.settings.get(declared.FILMSTRIP)
    window.action_set["filmstrip"].trigger()
    window.action_set["close"].trigger()
    assert not window.filmstrip.isVisible()


def test_keys_go_round(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> None:
    open_each(qtbot, window, paths)
    seen = []
    for key, modifiers in ((Qt.Key.Key_Tab, CTRL), (Qt.Key.Key_PageDown, CTRL), (Qt.Key.Key_PageUp, CTRL)):
        QTest.keyClick(window, key, modifiers)
        seen.append(window.files.name)
    QTest.keyClick(window, Qt.Key.Key_Backtab, CTRL | SHIFT)
    assert [*seen, window.files.name] == ["sea.png", "hill.png", "sea.png", "town.png"]


def test_clicks_choose_and_middle_clicks_close(qtbot: QtBot, both: MainWindow) -> None:
    strip = both.filmstrip.list
    QTest.mouseClick(strip.viewport(), LEFT, pos=frame_at(both, 0))
    assert both.files.name == "sea.png"
    QTest.mouseClick(strip.viewport(), MIDDLE, pos=frame_at(both, 1))
    assert names(both) == ["sea.png"]


def test_the_cross_closes(both: MainWindow) -> None:
    strip = both.filmstrip.list
    cross = strip._frame.cross(strip.visualRect(strip.items.index(1, 0)))
    QTest.mouseMove(strip.viewport(), cross.center())
    QTest.mouseClick(strip.viewport(), LEFT, pos=cross.center())
    assert names(both) == ["sea.png"]
    assert both.files.name == "sea.png", "the neighbour took its place"


def test_the_strip_by_keyboard(qtbot: QtBot, both: MainWindow) -> None:
    strip = both.filmstrip.list
    strip.setFocus()
    qtbot.waitUntil(strip.hasFocus)
    QTest.keyClick(strip, Qt.Key.Key_Left)
    assert both.files.name == "hill.png", "the arrows only point"
    QTest.keyClick(strip, Qt.Key.Key_Return)
    assert both.files.name == "sea.png"
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert names(both) == ["hill.png"]


def test_dragging_sorts(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> None:
    open_each(qtbot, window, paths)
    port = window.filmstrip.list.viewport()
    QTest.mousePress(port, LEFT, pos=frame_at(window, 2))
    for row in (1, 0):
        at = frame_at(window, row)
        _drag(window, at)
    QTest.mouseRelease(port, LEFT, pos=frame_at(window, 0))
    assert names(window) == ["town.png", "sea.png", "hill.png"]
    assert window.files.name == "town.png"


def _drag(window: MainWindow, at: QPoint) -> None:
    from tests.canvases import NONE, QApplication, QEvent, QMouseEvent, QPointF

    port = window.filmstrip.list.viewport()
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(port.mapToGlobal(at)), Qt.MouseButton.NoButton, LEFT, NONE
    )
    QApplication.sendEvent(port, event)


def test_the_strip_speaks(both: MainWindow, paths: list[Path]) -> None:
    dab(both)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    items = both.filmstrip.list.items
    assert items.item(1).data(spoken) == "hill.png, shown, unsaved changes"
    assert items.item(0).data(spoken) == "sea.png"
    assert items.item(0).toolTip() == str(paths[0])
    assert both.filmstrip.list.accessibleName()


def test_two_hundred_photos_are_not_read_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for index in range(200):
        write_image(folder / f"{index:03}.png", np.full((4, 4, 3), index, np.uint8))
    read: list[Path] = []
    window.files.opened.connect(read.append)
    window.commands.file.open_dropped([folder])
    qtbot.waitUntil(lambda: len(window.photos.photos) == 200 and bool(read))
    assert read == [folder / "000.png"]
    assert not any(each.parked for each in window.photos.photos)


def test_a_photo_that_cannot_be_read_leaves_the_strip(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, paths: list[Path]
) -> None:
    paths[0].write_bytes(b"no picture")
    window.commands.file.open_paths(paths)
    qtbot.waitUntil(lambda: window.files.name == "hill.png")
    assert names(window) == ["hill.png", "town.png"]


def test_photos_and_messages_do_not_outgrow_a_laptop(both: MainWindow) -> None:
    both.resize(1280, 740)
    for text in ("one.jpg can't be read", "two.jpg can't be read", "three.jpg can't be read"):
        both.banner.tell(text, Severity.ERROR)
    QApplication.processEvents()
    assert both.minimumSizeHint().height() <= 740
    assert both.height() == 740
