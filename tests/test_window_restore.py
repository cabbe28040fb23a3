"""The brush that restores, in the real window."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.canvases import ALT, LEFT, SHIFT
from tests.driving import image_of, names_of, press, stroke
from tests.fakes import FakeEngine, ScriptedAsker
from tests.holes import mask_of, open_filled, photo_at, widget_point
from tests.pointers import pen

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(params=[np.uint8, np.uint16], ids=["8 bits", "16 bits"])
def filled(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    """A photo of either depth with a fill accepted round (60, 60)."""
    return open_filled(qtbot, window, photo_at(tmp_path / "sea.png", request.param))


def original_of(window: MainWindow) -> np.ndarray:
    assert window.session.document is not None
    return window.session.document.photo.pixels


def test_restoring_brings_the_opened_bits_back_as_one_edit(qtbot: QtBot, filled: MainWindow) -> None:
    before, original, mask = image_of(filled), original_of(filled), mask_of(filled)
    assert (before != original).any()
    with qtbot.waitSignal(filled.session.image_changed):
        stroke(filled, (45, 60), (60, 60))
    after = image_of(filled)
    assert (after[55:65, 45:60] == original[55:65, 45:60]).all()
    assert (after[:, 75:] == before[:, 75:]).all(), "what was not painted stays filled"
    assert (after[60, 80] != original[60, 80]).any()
    assert names_of(filled)[-1] == "Restore"
    assert (mask_of(filled) == mask).all()
    with qtbot.waitSignal(filled.session.image_changed):
        press(filled, Qt.Key.Key_Z, CONTROL)
    assert (image_of(filled) == before).all()
    with qtbot.waitSignal(filled.session.image_changed):
        press(filled, Qt.Key.Key_Y, CONTROL)
    assert (image_of(filled) == after).all()


def test_restoring_shows_while_painting(qtbot: QtBot, filled: MainWindow) -> None:
    canvas, document = filled.view.canvas(Pane.ORIGINAL), filled.session.document
    assert document is not None
    shown = canvas.grab().toImage()
    at = widget_point(filled, 60, 60).toPoint()
    revision = document.image_revision
    with qtbot.waitSignal(filled.session.image_touched):
        QTest.mousePress(canvas, LEFT, pos=at)
    assert (document.image[60, 60] == document.photo.pixels[60, 60]).all()
    assert canvas.grab().toImage().pixelColor(at) != shown.pixelColor(at)
    levels = filled.session.pyramid
    assert levels is not None
    assert (
        filled.session.pyramid.levels[0][60, 60] == filled.session.pyramid.shown(document.image[60:61, 60:61])
    ).all()
    assert document.image_revision == revision, "nothing is decided before the button is up"
    with qtbot.waitSignal(filled.session.image_changed):
        QTest.mouseRelease(canvas, LEFT, pos=at)


def test_escape_takes_the_restoring_stroke_back(qtbot: QtBot, filled: MainWindow) -> None:
    before, names = image_of(filled), names_of(filled)
    canvas = filled.view.canvas(Pane.ORIGINAL)
    QTest.mousePress(canvas, LEFT, pos=widget_point(filled, 60, 60).toPoint())
    assert (image_of(filled) != before).any()
    with qtbot.waitSignal(filled.session.image_touched):
        press(filled, Qt.Key.Key_Escape)
    assert (image_of(filled) == before).all()
    QTest.mouseRelease(canvas, LEFT)
    assert names_of(filled) == names


def test_nothing_to_restore_is_no_edit(qtbot: QtBot, filled: MainWindow) -> None:
    names = names_of(filled)
    stroke(filled, (150, 20), (160, 25))
    qtbot.waitUntil(lambda: not filled.session.loans.is_lent)
    assert names_of(filled) == names
    assert not filled.session.is_painting


def test_alt_restores_all_the_same_and_shift_draws_a_line(qtbot: QtBot, filled: MainWindow) -> None:
    canvas, original = filled.view.canvas(Pane.ORIGINAL), original_of(filled)
    with qtbot.waitSignal(filled.session.image_changed):
        QTest.mouseClick(canvas, LEFT, ALT, widget_point(filled, 45, 60).toPoint())
    assert (image_of(filled)[60, 45] == original[60, 45]).all()
    with qtbot.waitSignal(filled.session.image_changed):
        QTest.mouseClick(canvas, LEFT, SHIFT, widget_point(filled, 85, 60).toPoint())
    assert (image_of(filled)[60, 45:85] == original[60, 45:85]).all()


def test_the_pen_presses_the_restoring_brush_smaller(qtbot: QtBot, filled: MainWindow) -> None:
    canvas, original, before = filled.view.canvas(Pane.ORIGINAL), original_of(filled), image_of(filled)
    at = widget_point(filled, 60, 60)
    pen(canvas, QEvent.Type.TabletPress, (at.x(), at.y()), 0.2)
    with qtbot.waitSignal(filled.session.image_changed):
        pen(canvas, QEvent.Type.TabletRelease, (at.x(), at.y()), 0.0)
    after = image_of(filled)
    assert (after[60, 60] == original[60, 60]).all()
    assert (after[60, 66] == before[60, 66]).all(), "a fifth of 20 pixels is 4"


def test_restoring_stops_the_run_and_says_so(qtbot: QtBot, filled: MainWindow, engine: FakeEngine) -> None:
    engine.gates[Stage.COARSE] = threading.Event()
    press(filled, Qt.Key.Key_B)
    stroke(filled, (140, 90), (150, 90))
    press(filled, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    press(filled, Qt.Key.Key_R)
    with qtbot.waitSignal(filled.session.notice_given) as told:
        stroke(filled, (60, 60), (62, 60))
    assert "stopped" in told.args[0]
    assert filled.session.runs.phase is RunPhase.IDLE


def test_saving_during_a_restoring_stroke_waits_for_its_end(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    canvas = filled.view.canvas(Pane.ORIGINAL)
    asker.save_path = tmp_path / "out.png"
    QTest.mousePress(canvas, LEFT, pos=widget_point(filled, 60, 60).toPoint())
    filled.action_set["save_as"].trigger()
    assert filled.files.is_saving
    with qtbot.waitSignal(filled.files.saved):
        QTest.mouseRelease(canvas, LEFT, pos=widget_point(filled, 60, 60).toPoint())
    assert not filled.isWindowModified()


def test_the_restoring_brush_has_its_own_sign(filled: MainWindow) -> None:
    assert filled.toolbox.current is ToolName.RESTORE
    cursor = filled.toolbox.tool.cursor(Point(1, 1), ALT)
    assert cursor.restores
    assert not cursor.erase
