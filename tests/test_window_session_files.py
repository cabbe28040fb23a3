"""Sessions saved and opened again in the real window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from app.document.session_file import read_session
from app.imaging.files import write_image
from app.imaging.geometry import Point, Rect
from app.inference.request import Stage
from app.ui.asking import Overwrite, Unsaved
from app.ui.canvas.qimages import to_pixmap
from app.ui.main_window import MainWindow
from app.ui.panels.save_options import SessionSheet
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from tests.driving import FIRST, SECOND, dab, image_of, names_of, press, run_to_end, stroke
from tests.fakes import ScriptedAsker

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def save(qtbot: QtBot, window: MainWindow) -> None:
    """Ctrl+Alt+S, and wait until the file is there."""
    with qtbot.waitSignal(window.sessions.saved):
        press(window, Qt.Key.Key_S, CTRL_ALT)


def open_file(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Open a session and wait until it lies on the desk."""
    with qtbot.waitSignal(window.files.session_opened):
        window.commands.file.open_path(path)


def painted_at(window: MainWindow, x: int, y: int) -> bool:
    """Whether that pixel is in the mask."""
    assert window.session.document is not None
    return bool(window.session.document.mask[y, x])


@pytest.fixture
def work(asker: ScriptedAsker, tmp_path: Path) -> Path:
    """Where the session is saved."""
    asker.save_path = tmp_path / "work.lacuna"
    return asker.save_path


def worked(qtbot: QtBot, window: MainWindow) -> None:
    """Two strokes, filled and accepted, a third one, and one undone."""
    stroke(window, *FIRST)
    run_to_end(qtbot, window)
    with qtbot.waitSignal(window.session.image_changed):
        window.session.accept(Stage.GLOBAL)
    stroke(window, *SECOND)
    dab(window, 20, 100)
    with qtbot.waitSignal(window.session.history_changed):
        window.session.undo()


def reopened(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    """Close the photo, which is saved, and open the session."""
    window.commands.file.close_photo()
    assert window.session.document is None
    open_file(qtbot, window, path)


def test_a_session_brings_everything_back(qtbot: QtBot, opened: MainWindow, work: Path) -> None:
    worked(qtbot, opened)
    image, names = image_of(opened), names_of(opened)
    opened.session.set_contexts((Rect(40, 40, 90, 60),))
    opened.settings.set(declared.GROW, 9)
    save(qtbot, opened)
    opened.settings.set(declared.GROW, 3)
    reopened(qtbot, opened, work)
    assert np.array_equal(image_of(opened), image)
    assert names_of(opened) == names
    assert painted_at(opened, 130, 100)
    assert not painted_at(opened, 20, 100)
    assert opened.session.contexts == (Rect(40, 40, 90, 60),)
    assert opened.settings.get(declared.GROW) == 9
    assert "options for filling" in opened.banner.text
    with qtbot.waitSignal(opened.session.history_changed):
        press(opened, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert painted_at(opened, 20, 100)
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.jump(0)
    document = opened.session.document
    assert document is not None
    assert np.array_equal(document.image, document.photo.pixels)


def test_a_saved_session_is_safe_until_the_next_change(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, photo: Path
) -> None:
    before = photo.read_bytes()
    stroke(opened, *FIRST)
    assert opened.isWindowModified()
    save(qtbot, opened)
    assert not opened.isWindowModified()
    assert opened.windowTitle().startswith("sea.png · work.lacuna")
    assert photo.read_bytes() == before
    stroke(opened, *SECOND)
    assert opened.isWindowModified()
    opened.commands.file.close_photo()
    assert asker.asked[-1] == "about_unsaved sea.png · work.lacuna"


def test_saving_the_photo_saves_nothing_of_its_session(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, tmp_path: Path
) -> None:
    save(qtbot, opened)
    stroke(opened, *FIRST)
    with qtbot.waitSignal(opened.files.saved):
        opened.files.save(tmp_path / "elsewhere.png")
    assert opened.isWindowModified(), "a mask is in no photo"
    asker.unsaved = Unsaved.SAVE
    with qtbot.waitSignal(opened.session.document_closed):
        opened.commands.file.close_photo()
    assert read_session(work).document.mask.any()


def test_save_at_closing_saves_the_session_a_photo_belongs_to(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, photo: Path
) -> None:
    before = photo.read_bytes()
    stroke(opened, *FIRST)
    save(qtbot, opened)
    stroke(opened, *SECOND)
    asker.unsaved = Unsaved.SAVE
    with qtbot.waitSignal(opened.session.document_closed):
        opened.commands.file.close_photo()
    assert len(read_session(work).document.history) == 2
    assert photo.read_bytes() == before


def test_saving_again_asks_nothing_and_saving_as_does(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, tmp_path: Path
) -> None:
    save(qtbot, opened)
    assert asker.asked == ["session_to_save sea.lacuna"]
    assert asker.sheets == ["session sea.png"]
    stroke(opened, *FIRST)
    save(qtbot, opened)
    assert len(asker.asked) == 1
    asker.save_path = tmp_path / "other.name"
    with qtbot.waitSignal(opened.sessions.saved) as saved:
        opened.commands.file.sessions.save_as()
    assert asker.asked[-1] == "session_to_save work.lacuna"
    assert saved.args == [tmp_path / "other.name.lacuna"]
    assert opened.files.record.session == tmp_path / "other.name.lacuna"


@pytest.mark.parametrize("answer", ["no name", "no sheet"])
def test_thinking_better_of_it_saves_nothing(opened: MainWindow, work: Path, asker: ScriptedAsker, answer: str) -> None:
    stroke(opened, *FIRST)
    asker.wants_sheet = answer != "no sheet"
    asker.save_path = None if answer == "no name" else work
    press(opened, Qt.Key.Key_S, CTRL_ALT)
    assert not work.exists()
    assert opened.isWindowModified()
    assert opened.banner.text == ""


def test_results_are_there_to_choose_from_again(qtbot: QtBot, opened: MainWindow, work: Path) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    opened.settings.set(declared.GROW, 11)
    opened.commands.edit.again()
    qtbot.waitUntil(lambda: len(opened.session.runs.variants) == 2 and opened.session.runs.phase is RunPhase.READY)
    runs = opened.session.runs
    pixels = [variant.results[Stage.GLOBAL].patches[0].pixels.copy() for variant in runs.variants]
    runs.show(runs.variants[0])
    save(qtbot, opened)
    reopened(qtbot, opened, work)
    assert [variant.name for variant in runs.variants] == ["A", "B"]
    assert runs.shown is runs.variants[0]
    assert [variant.options.grow for variant in runs.variants if variant.options] == [4, 11]
    for variant, before in zip(runs.variants, pixels, strict=True):
        assert np.array_equal(variant.results[Stage.GLOBAL].patches[0].pixels, before)
        assert variant.report is not None
    assert not opened.session.mask_changed_since_run
    with qtbot.waitSignal(opened.session.image_changed):
        opened.session.accept(Stage.GLOBAL)
    assert image_of(opened)[60, 70].tolist() == [0, 0, 200]
    assert opened.session.hole_pixels == 0


def test_the_photo_goes_into_the_session_where_that_is_wanted(
    qtbot: QtBot, opened: MainWindow, work: Path, photo: Path
) -> None:
    opened.settings.set(declared.SESSION_EMBED, True)
    worked(qtbot, opened)
    image = image_of(opened)
    save(qtbot, opened)
    photo.unlink()
    reopened(qtbot, opened, work)
    assert np.array_equal(image_of(opened), image)
    assert opened.files.path is None
    assert opened.files.name == "sea.png"


def test_a_photo_that_was_saved_over_goes_into_the_session(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker
) -> None:
    worked(qtbot, opened)
    image = image_of(opened)
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(opened.files.saved):
        press(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    save(qtbot, opened)
    assert asker.sheets == []
    assert "the photo is in it" in opened.banner.text
    reopened(qtbot, opened, work)
    assert np.array_equal(image_of(opened), image)
    opened.session.jump(0)
    qtbot.waitUntil(lambda: not np.array_equal(image_of(opened), image))


def test_a_session_takes_its_photo_in_before_that_is_saved_over(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, photo: Path
) -> None:
    before = photo.read_bytes()
    worked(qtbot, opened)
    image = image_of(opened)
    save(qtbot, opened)
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(opened.files.saved):
        press(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert photo.read_bytes() != before
    assert "work.lacuna now holds the photo" in opened.banner.text
    reopened(qtbot, opened, work)
    assert np.array_equal(image_of(opened), image)


def test_a_session_takes_its_photo_in_before_another_place_is_that_of_its_photo(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, photo: Path, tmp_path: Path
) -> None:
    worked(qtbot, opened)
    save(qtbot, opened)
    opened.files.save(tmp_path / "none" / "out.png")
    qtbot.waitUntil(lambda: bool(opened.banner.rows) and bool(opened.banner.rows[-1].buttons))
    asker.save_path = photo
    with qtbot.waitSignal(opened.files.saved):
        opened.banner.rows[-1].buttons[0].click()
    opened.photos.close_all()
    photo.unlink()
    open_file(qtbot, opened, work)
    assert opened.files.record.embeds


def test_a_photo_is_not_saved_over_where_its_session_cannot_take_it_in(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, photo: Path
) -> None:
    before = photo.read_bytes()
    worked(qtbot, opened)
    save(qtbot, opened)
    work.unlink()
    work.mkdir()
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(opened.session.saves.failed):
        press(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert photo.read_bytes() == before


def test_what_was_pasted_is_in_its_session(qtbot: QtBot, window: MainWindow, work: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8)
    data = QMimeData()
    data.setImageData(to_pixmap(pixels).toImage())
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.share.open_data(data)
    assert window.isWindowModified()
    with qtbot.waitSignal(window.sessions.saved):
        window.commands.file.sessions.save()
    assert not window.isWindowModified()
    reopened(qtbot, window, work)
    assert np.array_equal(image_of(window), pixels)
    assert window.files.name == "Untitled"


def test_a_photo_that_is_gone_can_be_located(
    qtbot: QtBot, opened: MainWindow, work: Path, photo: Path, asker: ScriptedAsker, tmp_path: Path
) -> None:
    worked(qtbot, opened)
    image = image_of(opened)
    save(qtbot, opened)
    opened.commands.file.close_photo()
    moved = photo.rename(tmp_path / "moved.png")
    with qtbot.waitSignal(opened.files.photo_needed):
        opened.commands.file.open_path(work)
    assert "is no longer there" in opened.banner.text
    asker.open_path = moved
    (row,) = opened.banner.rows
    (locate,) = row.buttons
    with qtbot.waitSignal(opened.files.session_opened):
        locate.click()
    assert asker.asked[-1] == "photo_to_locate sea.png"
    assert np.array_equal(image_of(opened), image)
    assert opened.files.path == moved


def test_another_photo_of_the_same_size_is_refused(
    qtbot: QtBot, opened: MainWindow, work: Path, photo: Path, asker: ScriptedAsker, tmp_path: Path
) -> None:
    save(qtbot, opened)
    opened.commands.file.close_photo()
    photo.unlink()
    asker.open_path = tmp_path / "other.png"
    write_image(asker.open_path, np.zeros((120, 180, 3), np.uint8))
    with qtbot.waitSignal(opened.files.photo_needed):
        opened.commands.file.open_path(work)
    with qtbot.waitSignal(opened.files.photo_needed):
        opened.banner.rows[0].buttons[0].click()
    assert "its pixels are others" in opened.banner.text
    assert opened.banner.rows[-1].buttons[0].text() == "Locate…"
    assert opened.session.document is None


def test_a_session_that_is_open_is_shown(qtbot: QtBot, opened: MainWindow, work: Path, tmp_path: Path) -> None:
    stroke(opened, *FIRST)
    save(qtbot, opened)
    first = opened.photos.current
    write_image(tmp_path / "lake.png", np.zeros((30, 40, 3), np.uint8))
    with qtbot.waitSignal(opened.files.opened):
        opened.commands.file.open_path(tmp_path / "lake.png")
    opened.commands.file.open_path(work)
    assert opened.photos.current is first
    assert len(opened.photos.photos) == 2


def test_a_photo_with_changes_is_not_opened_twice_by_its_session(
    qtbot: QtBot, opened: MainWindow, work: Path, photo: Path
) -> None:
    save(qtbot, opened)
    opened.commands.file.close_photo()
    with qtbot.waitSignal(opened.files.opened):
        opened.commands.file.open_path(photo)
    dab(opened)
    current = opened.photos.current
    with qtbot.waitSignal(opened.session.notice_given) as given:
        opened.commands.file.open_path(work)
    assert given.args == ["sea.png is open already, with changes. Close it first to open work.lacuna."]
    assert opened.photos.photos == (current,)


def test_a_photo_without_changes_makes_room_for_its_session(
    qtbot: QtBot, opened: MainWindow, work: Path, photo: Path
) -> None:
    dab(opened)
    save(qtbot, opened)
    opened.commands.file.close_photo()
    with qtbot.waitSignal(opened.files.opened):
        opened.commands.file.open_path(photo)
    open_file(qtbot, opened, work)
    assert len(opened.photos.photos) == 1
    assert opened.session.hole_pixels > 0


def test_sessions_can_be_dropped_and_are_among_the_recent_files(qtbot: QtBot, opened: MainWindow, work: Path) -> None:
    dab(opened)
    save(qtbot, opened)
    opened.commands.file.close_photo()
    assert opened.settings.get(declared.RECENT)[0] == str(work)
    qtbot.waitUntil(lambda: opened.thumbnails.request(work) is not None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(work))])
    with qtbot.waitSignal(opened.files.session_opened):
        opened.drops.dropped.emit(data)
    assert opened.session.hole_pixels > 0


def test_a_damaged_session_is_a_sentence_and_what_is_open_stays(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker
) -> None:
    work.write_bytes(b"PK no session")
    document = opened.session.document
    with qtbot.waitSignal(opened.session.failed):
        opened.commands.file.open_path(work)
    assert asker.errors[-1].startswith("work.lacuna is damaged or no session of Lacuna")
    assert opened.session.document is document


def test_a_session_that_cannot_be_saved_keeps_the_work_and_offers_another_place(
    qtbot: QtBot, opened: MainWindow, work: Path, asker: ScriptedAsker, tmp_path: Path
) -> None:
    dab(opened)
    asker.save_path = tmp_path / "gone" / "work.lacuna"
    with qtbot.waitSignal(opened.session.saves.failed):
        press(opened, Qt.Key.Key_S, CTRL_ALT)
    assert "there is no folder" in opened.banner.text
    assert opened.isWindowModified()
    asker.save_path = work
    with qtbot.waitSignal(opened.sessions.saved):
        opened.banner.rows[0].buttons[0].click()
    assert not opened.isWindowModified()


def test_a_stroke_in_progress_is_kept(qtbot: QtBot, opened: MainWindow, work: Path) -> None:
    opened.session.strokes.begin_stroke(9, 1.0, False)
    opened.session.strokes.stroke_to(Point(30, 30))
    save(qtbot, opened)
    assert read_session(work).document.mask[30, 30] == 255
    assert not opened.session.is_painting


def test_the_sheet_says_what_embedding_means(qtbot: QtBot, window: MainWindow, photo: Path) -> None:
    sheet = SessionSheet(window.settings, photo)
    qtbot.addWidget(sheet)
    (box,) = sheet.findChildren(QCheckBox)
    assert "stays small" in sheet.note
    box.click()
    assert window.settings.get(declared.SESSION_EMBED)
    assert "all that is needed" in sheet.note
    cancel = next(each for each in sheet.findChildren(QPushButton) if each.text() == "Cancel")
    cancel.click()
    assert not window.settings.get(declared.SESSION_EMBED)
