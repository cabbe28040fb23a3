"""Nothing is clipped in any language, all works by keyboard, everything has a name, and mirrored it stays intact."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.canvas.scene_view import SceneView
from app.ui.main_window import MainWindow
from app.ui.panels.key_sheet import KeySheet
from app.ui.panels.settings_dialog import SettingsDialog, pages
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings.store import Settings
from tests.clipping import LANGUAGES, clipped, speaking
from tests.driving import show_page
from tests.fakes import FakeEngine, ScriptedAsker

SMALL = QSize(1280, 800)
INTERACTIVE = (QAbstractButton, QComboBox, QAbstractSlider, QAbstractSpinBox, QLineEdit, QAbstractItemView)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "a photo with a rather long name.png"
    write_image(path, np.random.default_rng(3).integers(0, 256, (90, 120, 3), dtype=np.uint8))
    return path


def made(tmp_path: Path) -> MainWindow:
    settings = Settings(QSettings(str(tmp_path / "reach.ini"), QSettings.Format.IniFormat))
    window = MainWindow(Session(FakeEngine().factory), settings, ScriptedAsker())
    window.view.set_animated(False)
    window.resize(SMALL)
    window.show()
    return window


def end(window: MainWindow) -> None:
    window.session.close_document()
    window.session.close()
    window.close()
    window.deleteLater()


@pytest.fixture(params=LANGUAGES)
def foreign(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """The window at 1280×800 in each language."""
    with speaking(request.param):
        window = made(tmp_path)
        qtbot.waitExposed(window)
        yield window
        end(window)


def fill(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    """Open `photo` and have results on the screen."""
    with qtbot.waitSignal(window.session.document_opened):
        window.files.open(photo)
    window.session.set_mask("Mask", np.pad(np.full((20, 20), 255, np.uint8), ((30, 40), (40, 60))))
    qtbot.waitUntil(lambda: window.session.hole_pixels > 0)
    window.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: window.session.runs.phase is RunPhase.READY)


def test_nothing_is_clipped_at_1280_by_800(qtbot: QtBot, foreign: MainWindow, photo: Path) -> None:
    assert not clipped(foreign), "empty"
    fill(qtbot, foreign, photo)
    assert not clipped(foreign), "with results"
    least = foreign.minimumSizeHint()
    assert least.width() <= SMALL.width()
    assert least.height() <= SMALL.height()
    assert foreign.size() == SMALL


def test_the_sheets_are_not_clipped(qtbot: QtBot, foreign: MainWindow) -> None:
    sheet = KeySheet(foreign.keymap, foreign)
    sheet.show()
    assert not clipped(sheet)
    dialog = SettingsDialog(foreign.settings, foreign.keymap, ScriptedAsker(), foreign)
    dialog.show()
    for page in pages():
        show_page(dialog, page)
        assert not clipped(dialog), page
    for each in (sheet, dialog):
        assert each.width() <= SMALL.width()
        assert each.height() <= SMALL.height()


def test_mirrored_nothing_is_clipped(qtbot: QtBot, tmp_path: Path, photo: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = made(tmp_path)
        fill(qtbot, window, photo)
        assert not clipped(window)
        assert window.menuBar().layoutDirection() == Qt.LayoutDirection.RightToLeft
        canvases = window.findChildren(SceneView)
        assert canvases
        assert {each.layoutDirection() for each in canvases} == {Qt.LayoutDirection.LeftToRight}
        end(window)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_everything_has_a_name(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    """What a screen reader says: a text of its own, or an accessible name."""
    fill(qtbot, window, photo)
    dialog = SettingsDialog(window.settings, window.keymap, ScriptedAsker(), window)
    for root in (window, dialog, KeySheet(window.keymap, window)):
        nameless = [each for each in root.findChildren(QWidget) if _is_nameless(each)]
        assert not [f"{type(each).__name__} in {type(each.parentWidget()).__name__}" for each in nameless]


def _is_nameless(widget: QWidget) -> bool:
    if not isinstance(widget, INTERACTIVE) or isinstance(widget, QScrollBar | QHeaderView) or widget.isHidden():
        return False
    if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QLineEdit | QKeySequenceEdit):
        return False
    if widget.objectName().startswith("qt_") or widget.parentWidget().inherits("QComboBoxPrivateContainer"):
        return False
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return not (text or widget.accessibleName())


def test_tab_walks_down_the_panels(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    """From the first field of the panel downwards, row by row, and back by Shift+Tab."""
    fill(qtbot, window, photo)
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_F6)
    panel = QApplication.focusWidget()
    assert panel is not None
    walked = [panel]
    while (focus := _tab(Qt.KeyboardModifier.NoModifier)) not in walked and len(walked) < 200:
        walked.append(focus)
    inside = [each for each in walked if _panel_of(each) is _panel_of(panel)]
    assert len(inside) >= 5
    heights = [each.mapTo(window, each.rect().center()).y() for each in inside]
    assert all(below - above > -8 for above, below in itertools.pairwise(heights)), "row by row"


def test_shift_tab_walks_back(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    fill(qtbot, window, photo)
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_F6)
    first = QApplication.focusWidget()
    second = _tab(Qt.KeyboardModifier.NoModifier)
    assert second is not first
    assert _tab(Qt.KeyboardModifier.ShiftModifier) is first


def _tab(modifiers: Qt.KeyboardModifier) -> QWidget:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Backtab if modifiers else Qt.Key.Key_Tab, modifiers)
    after = QApplication.focusWidget()
    assert after is not None
    return after


def _panel_of(widget: QWidget) -> QWidget | None:
    parent = widget.parentWidget()
    while parent is not None and not parent.inherits("QDockWidget"):
        parent = parent.parentWidget()
    return parent


def test_f6_leads_into_the_panels_and_back(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    fill(qtbot, window, photo)
    home = window.focusWidget()
    assert home is not None
    passed: list[QWidget | None] = []
    for _ in range(8):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
        focus = QApplication.focusWidget() or window
        if window.view.isAncestorOf(focus):
            break
        passed.append(window.options if window.options.isAncestorOf(focus) else _panel_of(focus))
    else:
        pytest.fail("F6 never came back to the photo")
    assert None not in passed
    assert len(set(passed)) == len(passed) == 4, "the tool's options, the navigator, the options, the history"
