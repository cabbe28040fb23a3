"""Unsaved work: every way out of a changed photo asks, and does what was answered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo, write_image
from app.imaging.geometry import Point
from app.ui.asking import Overwrite, Unsaved
from app.ui.main_window import MainWindow
from tests.fakes import ScriptedAsker


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "sea.png"
    write_image(path, np.full((40, 60, 3), 77, np.uint8))
    return path


@pytest.fixture
def changed(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    """A window with a photo open and one stroke painted."""
    with qtbot.waitSignal(window.files.opened):
        window.commands.file.open_path(photo)
    window.session.strokes.begin_stroke(9, 1.0, False)
    window.session.strokes.stroke_to(Point(20, 20))
    window.session.strokes.end_stroke()
    assert window.isWindowModified()
    return window


def test_an_unchanged_photo_closes_without_a_question(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, photo: Path
) -> None:
    with qtbot.waitSignal(window.files.opened):
        window.commands.file.open_path(photo)
    assert window.close()
    assert asker.asked == []


def test_cancel_keeps_the_window(changed: MainWindow, asker: ScriptedAsker) -> None:
    asker.unsaved = Unsaved.CANCEL
    assert not changed.close()
    assert changed.isVisible()
    assert asker.asked == ["about_unsaved sea.png"]


def test_discard_closes(changed: MainWindow, asker: ScriptedAsker, photo: Path) -> None:
    asker.unsaved = Unsaved.DISCARD
    assert changed.close()
    assert not changed.isVisible()
    assert (read_photo(photo).pixels == 77).all()


def test_save_saves_then_closes(qtbot: QtBot, changed: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.SAVE_AS
    asker.save_path = tmp_path / "out.png"
    assert not changed.close(), "not before it is on the disk"
    qtbot.waitUntil(lambda: not changed.isVisible())
    assert asker.asked == ["about_unsaved sea.png", "may_overwrite sea.png", "photo_to_save sea-edited.png"]
    assert asker.save_path.is_file()


@pytest.mark.parametrize("overwrite", [Overwrite.CANCEL, Overwrite.SAVE_AS])
def test_thinking_better_of_the_save_keeps_the_window(
    changed: MainWindow, asker: ScriptedAsker, overwrite: Overwrite
) -> None:
    asker.unsaved, asker.overwrite, asker.save_path = Unsaved.SAVE, overwrite, None
    assert not changed.close()
    assert changed.isVisible()
    asker.unsaved = Unsaved.DISCARD
    assert changed.close(), "nothing lingers of the save that was not made"


def test_a_failed_save_keeps_the_window(
    qtbot: QtBot, changed: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.SAVE_AS
    asker.save_path = tmp_path / "missing" / "out.png"
    assert not changed.close()
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert changed.isVisible()
    assert changed.isWindowModified()


def test_opening_another_photo_needs_no_question(
    qtbot: QtBot, changed: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    other = tmp_path / "other.png"
    write_image(other, np.zeros((5, 7, 3), np.uint8))
    with qtbot.waitSignal(changed.files.opened):
        changed.commands.file.open_path(other)
    assert changed.files.name == "other.png"
    assert asker.asked == []
    assert [photo.name for photo in changed.photos.unsaved] == ["sea.png"]


def test_closing_the_photo_shows_the_empty_state(changed: MainWindow, asker: ScriptedAsker) -> None:
    asker.unsaved = Unsaved.DISCARD
    changed.action_set["close"].trigger()
    assert changed.empty.isVisible()
    assert changed.windowTitle() == "Lacuna"
    assert not changed.isWindowModified()


def test_the_original_is_replaced_only_with_consent_and_asked_once(
    qtbot: QtBot, changed: MainWindow, asker: ScriptedAsker, photo: Path
) -> None:
    stamp = photo.stat().st_mtime_ns
    asker.overwrite = Overwrite.CANCEL
    changed.action_set["save"].trigger()
    assert photo.stat().st_mtime_ns == stamp
    asker.overwrite = Overwrite.YES
    for _ in range(2):
        with qtbot.waitSignal(changed.files.saved):
            changed.action_set["save"].trigger()
    assert asker.asked == ["may_overwrite sea.png"] * 2, "once refused, once granted, then no more"


def test_closing_while_a_save_is_under_way_waits_for_it(
    qtbot: QtBot, changed: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    target = tmp_path / "out.png"
    changed.files.save(target)
    assert not changed.close()
    qtbot.waitUntil(lambda: not changed.isVisible())
    assert target.is_file()
    assert asker.asked == []


def test_the_window_comes_back_as_it_was(qtbot: QtBot, window: MainWindow) -> None:
    window.resize(800, 600)
    window.frame.show_panels(False)
    window.close()
    again = MainWindow(window.session, window.settings, window.asker)
    qtbot.addWidget(again)
    assert again.height() == 600
    assert not again.frame.are_panels_shown()
