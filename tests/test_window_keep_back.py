"""What was kept of results that were accepted, when the history goes back to them, in the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.document.document import Document
from app.document.kept import Kept
from app.imaging.geometry import Rect
from app.imaging.patches import TILE
from app.imaging.stage_map import are_weights
from app.inference.request import Stage
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from tests.driving import SECOND, image_of, open_path, press, run_to_end, stroke
from tests.fakes import FakeEngine
from tests.session.driving import run_nothing
from tests.test_window_keep import CONTROL, HOLE, SHIFT, back, mixture, paint

OPENED, MASK, FIRST, LAST, ACCEPTED = range(5)
"""How many edits are in effect."""


@dataclass
class Accepted:
    """A window in which a mixture of two strokes was accepted."""

    window: MainWindow
    original: np.ndarray
    mixtures: dict[int, np.ndarray]
    """As accepting them would make the image, by the number of edits in effect."""

    @property
    def document(self) -> Document:
        found = self.window.session.document
        assert found is not None
        return found

    @property
    def kept(self) -> Kept:
        """Of the results that are shown."""
        shown = self.window.session.runs.shown
        assert shown is not None
        assert shown.kept is not None
        return shown.kept

    def assert_at(self, index: int) -> None:
        """The results are there, with what was kept of them when `index` edits were in effect."""
        assert self.document.history.index == index
        assert self.window.session.runs.phase is RunPhase.READY
        assert (image_of(self.window) == self.original).all()
        assert (mixture(self.window) == self.mixtures[index]).all()

    def jump(self, qtbot: QtBot, index: int) -> None:
        """Choose a row of the history, unless it is the present one."""
        if self.document.history.index == index:
            return
        with qtbot.waitSignal(self.window.session.history_changed):
            history = self.window.history
            history.list.setCurrentIndex(history.model.index(index))

    def reopen(self, qtbot: QtBot, folder: Path) -> None:
        """Save the session, close it and open it again."""
        path = folder / "work.lacuna"
        with qtbot.waitSignal(self.window.sessions.saved):
            self.window.sessions.save(path, embed=False)
        self.window.photos.close_all()
        qtbot.waitUntil(lambda: self.window.session.document is None)
        open_path(qtbot, self.window, path)


@pytest.fixture
def accepted(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> Accepted:
    """Soft strokes of two stages, one over the other."""
    engine.has_detail = True
    opened.toolbox.brush.set_size(20)
    opened.toolbox.brush.set_hardness(1)
    stroke(opened, *HOLE)
    original = image_of(opened)
    run_to_end(qtbot, opened)
    press(opened, Qt.Key.Key_K)
    mixtures = {MASK: mixture(opened)}
    opened.toolbox.brush.set_size(10)
    opened.toolbox.brush.set_hardness(0.2)
    paint(qtbot, opened, (60, 60), (70, 60))
    mixtures[FIRST] = mixture(opened)
    opened.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, opened, (66, 60), (80, 60))
    mixtures[LAST] = mixture(opened)
    with qtbot.waitSignal(opened.session.image_changed):
        press(opened, Qt.Key.Key_Return)
    return Accepted(opened, original, mixtures)


def test_steps_back_asked_for_at_once_go_one_by_one(qtbot: QtBot, accepted: Accepted) -> None:
    session = accepted.window.session
    session.undo()
    session.undo()
    run_nothing(qtbot, session)
    accepted.assert_at(FIRST)
    session.redo()
    session.redo()
    run_nothing(qtbot, session)
    assert accepted.document.history.index == ACCEPTED
    for _ in range(3):
        session.undo()
    run_nothing(qtbot, session)
    accepted.assert_at(MASK)


@pytest.mark.parametrize("row", [MASK, FIRST, LAST])
def test_every_row_before_brings_it_back(qtbot: QtBot, accepted: Accepted, row: int) -> None:
    accepted.jump(qtbot, row)
    accepted.assert_at(row)
    accepted.jump(qtbot, LAST)
    accepted.assert_at(LAST)


@pytest.mark.parametrize("row", [MASK, FIRST, LAST])
def test_it_comes_back_from_before_the_mask(qtbot: QtBot, accepted: Accepted, row: int) -> None:
    accepted.jump(qtbot, OPENED)
    assert accepted.window.session.runs.phase is RunPhase.IDLE
    accepted.jump(qtbot, row)
    accepted.assert_at(row)


def test_step_by_step_from_before_the_mask(qtbot: QtBot, accepted: Accepted) -> None:
    accepted.jump(qtbot, OPENED)
    for row in (MASK, FIRST, LAST):
        back(qtbot, accepted.window, CONTROL | SHIFT)
        accepted.assert_at(row)


def test_the_accepted_row_alone_offers_the_others(qtbot: QtBot, accepted: Accepted) -> None:
    accepted.jump(qtbot, OPENED)
    history = accepted.window.history
    found: list[Callable[[], None]] = []
    for row in range(ACCEPTED + 1):
        actions = history.menu_of(history.model.index(row)).actions()
        found += [each.trigger for each in actions if each.text() == "Other candidates"]
        assert len(found) == (row == ACCEPTED)
    with qtbot.waitSignal(accepted.window.session.brought_back):
        found[0]()
    accepted.assert_at(LAST)


def test_a_session_saved_after_taking_it_back(qtbot: QtBot, accepted: Accepted, tmp_path: Path) -> None:
    back(qtbot, accepted.window)
    accepted.reopen(qtbot, tmp_path)
    accepted.assert_at(LAST)
    assert accepted.document.kept[accepted.kept.number] is accepted.kept
    back(qtbot, accepted.window)
    accepted.assert_at(FIRST)
    press(accepted.window, Qt.Key.Key_K)
    accepted.window.settings.set(declared.KEEP_STAGE, Stage.COARSE)
    paint(qtbot, accepted.window, (62, 60), (90, 60))
    back(qtbot, accepted.window)
    accepted.assert_at(FIRST)
    back(qtbot, accepted.window, CONTROL | SHIFT)
    back(qtbot, accepted.window)
    back(qtbot, accepted.window)
    accepted.assert_at(MASK)
    assert accepted.kept.is_blank
    assert all(are_weights(accepted.kept.weights.read(tile)) for tile in accepted.kept.weights.tiles)


@pytest.mark.parametrize("row", [OPENED, ACCEPTED])
def test_a_session_saved_elsewhere_in_the_history(qtbot: QtBot, accepted: Accepted, tmp_path: Path, row: int) -> None:
    if row != ACCEPTED:
        accepted.jump(qtbot, row)
    accepted.reopen(qtbot, tmp_path)
    accepted.jump(qtbot, FIRST)
    accepted.assert_at(FIRST)
    accepted.jump(qtbot, LAST)
    accepted.assert_at(LAST)


def test_what_comes_back_shows_nothing_of_later_edits(qtbot: QtBot, accepted: Accepted, tmp_path: Path) -> None:
    stroke(accepted.window, *SECOND)
    run_to_end(qtbot, accepted.window)
    with qtbot.waitSignal(accepted.window.session.image_changed):
        press(accepted.window, Qt.Key.Key_Return)
    assert (image_of(accepted.window)[100, 130] != accepted.original[100, 130]).any()
    accepted.reopen(qtbot, tmp_path)
    accepted.jump(qtbot, LAST)
    accepted.assert_at(LAST)
    picture = accepted.kept.tile(Rect(0, 0, TILE, TILE))
    assert picture is not None
    changed = (picture != accepted.original).any(axis=2)
    assert not changed[90:].any()
    assert changed[60, 64]
