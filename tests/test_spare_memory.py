"""What was freed goes back to the system."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import memory
from app.ui.main_window import MainWindow
from app.ui.session import spare_memory
from app.ui.session.jobs import JobRunner
from app.ui.session.spare_memory import SpareMemory


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries keep little")
def test_what_was_freed_goes_back() -> None:
    pieces = [np.ones(100_000, np.uint8) for _ in range(2000)]  # each too small to have pages of its own
    kept = pieces[-1]
    full = memory.current_mb()
    pieces.clear()
    memory.give_back()
    left = memory.current_mb()
    assert full is not None
    assert left is not None
    assert kept.all()
    assert left < full - 150


def test_it_waits_for_a_rest_and_while_the_user_paints(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "_REST", 1)
    runner, asked, given = JobRunner(), [True, True, False], []
    monkeypatch.setattr(memory, "give_back", lambda: given.append(len(asked)))
    spare = SpareMemory(runner, lambda: asked.pop(0))
    assert not spare.is_due
    spare.freed()
    assert spare.is_due
    qtbot.waitUntil(lambda: not spare.is_due)
    runner.close()
    assert given == [0]


def test_it_follows_a_photo_that_is_closed(qtbot: QtBot, opened: MainWindow, qapp: QApplication) -> None:
    opened.spare_memory.give_back()
    qtbot.waitUntil(lambda: not opened.spare_memory.is_due)
    opened.photos.close_all()
    assert opened.spare_memory.is_due
