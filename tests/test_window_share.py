"""Drops, clipboard, recent photos and the file manager, through the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo, write_image
from app.imaging.photo_thumbnails import SIDE, ThumbnailCache
from app.ui.canvas.qimages import to_rgb, wrap_rgb
from app.ui.commands.file import photos_among
from app.ui.main_window import MainWindow
from app.ui.session import reveal as revealing
from app.ui.session.reveal import reveal_command
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.driving import open_path
from tests.fakes import ScriptedAsker
from tests.photo_files import encoded, exif, noise, saved, smooth, write_camera_photo

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # drop events have no other constructor yet


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_camera_photo(tmp_path)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    return open_path(qtbot, window, photo)


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[None]:
    """Empty before and after."""
    QGuiApplication.clipboard().clear()
    yield
    QGuiApplication.clipboard().clear()


def drop(widget: QWidget, data: QMimeData, *, release: bool = True) -> None:
    """Drag over `widget` as the system would, and let go there."""
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(5, 5), COPY, data, LEFT, NONE))
    if release:
        QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), COPY, data, LEFT, NONE))


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


# Drops


@pytest.mark.parametrize("over", ["window", "empty"])
def test_a_file_is_dropped(qtbot: QtBot, window: MainWindow, photo: Path, over: str) -> None:
    target = window if over == "window" else window.empty
    with qtbot.waitSignal(window.files.opened):
        drop(window if over == "window" else target.window(), files(photo))
    assert window.files.path == photo


def test_nothing_inside_the_window_takes_drops_from_it(opened: MainWindow) -> None:
    for part in (opened.view, opened.view.canvas(Pane.ORIGINAL), opened.empty, opened.filmstrip.list):
        assert not part.acceptDrops()
    assert opened.acceptDrops()


def test_the_window_says_that_it_will_open(window: MainWindow, photo: Path) -> None:
    drop(window, files(photo), release=False)
    assert window.drops.hint.isVisible()
    assert window.drops.hint.size() == window.centralWidget().size()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.drops.hint.isVisible()
    text = QMimeData()
    text.setText("words")
    drop(window, text, release=False)
    assert not window.drops.hint.isVisible()


def test_many_files_and_folders(qtbot: QtBot, window: MainWindow, photo: Path, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.png", "A.png", "deeper/c.png"):
        write_image(folder / name, smooth())
    (folder / "notes.txt").write_text("x")
    with qtbot.waitSignal(window.files.opened):
        drop(window, files(photo, folder, tmp_path / "notes.txt"))
    assert [each.name for each in window.photos.photos] == ["sea.jpg", "A.png", "b.png"]


def test_what_is_no_photo_is_told_in_a_sentence(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    text = QMimeData()
    text.setText("words")
    drop(window, text)
    assert window.banner.text == "Only photos, and folders with photos, can be dropped here."
    empty = tmp_path / "empty"
    empty.mkdir()
    drop(window, files(empty))
    qtbot.waitUntil(lambda: "There is no photo in what was dropped." in window.banner.text)
    assert window.photos.photos == ()


def test_image_data_from_a_browser_opens_untitled(qtbot: QtBot, window: MainWindow) -> None:
    for number, kind in enumerate(("png", "webp", "jpeg")):
        data = QMimeData()
        data.setUrls([QUrl("https://example.org/a.jpg")])
        data.setData(f"image/{kind}", encoded(smooth(), kind.upper()))
        drop(window, data)
        qtbot.waitUntil(lambda number=number: len(window.photos.photos) == number + 1)  # type: ignore[misc]
    assert [each.name for each in window.photos.photos] == ["Untitled", "Untitled 2", "Untitled 3"]


def test_one_file_is_judged_by_its_content(tmp_path: Path) -> None:
    odd = tmp_path / "photo.dat"
    assert photos_among([odd]) == [odd]
    assert photos_among([odd, tmp_path / "a.jpg", tmp_path / "a.jpg"]) == [tmp_path / "a.jpg"]


def test_the_hint_is_drawn_from_the_palette(window: MainWindow, photo: Path) -> None:
    drop(window, files(photo), release=False)
    drawn = to_rgb(window.drops.hint.grab().toImage())
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 2


# The clipboard


def test_copy_and_paste(qtbot: QtBot, opened: MainWindow, clipboard: None, asker: ScriptedAsker) -> None:
    QTest.keyClick(opened, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    board = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: bool(board.mimeData()) and board.mimeData().hasFormat("image/png"))
    assert opened.session.document is not None
    before = opened.session.document.image.copy()
    QTest.keyClick(opened, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: opened.files.name == "Untitled")
    assert (opened.session.document.image == before).all()
    assert opened.files.path is None
    assert opened.isWindowModified(), "it is nowhere else"
    opened.close()
    assert asker.asked == ["about_unsaved Untitled"]


def test_what_other_programs_copy_is_pasted(qtbot: QtBot, window: MainWindow, clipboard: None) -> None:
    picture = noise()
    QGuiApplication.clipboard().setImage(wrap_rgb(picture).copy())
    window.action_set["paste"].trigger()
    qtbot.waitUntil(lambda: window.session.document is not None)
    assert window.session.document is not None
    assert (window.session.document.image == picture).all()


def test_files_on_the_clipboard_are_opened(qtbot: QtBot, window: MainWindow, clipboard: None, photo: Path) -> None:
    QGuiApplication.clipboard().setMimeData(files(photo))
    with qtbot.waitSignal(window.files.opened):
        window.action_set["paste"].trigger()
    assert window.files.path == photo


def test_an_empty_clipboard_is_told(window: MainWindow, clipboard: None) -> None:
    window.action_set["paste"].trigger()
    assert window.banner.text == "There is no picture on the clipboard."


def test_the_path_is_copied(opened: MainWindow, clipboard: None, photo: Path) -> None:
    opened.action_set["copy_path"].trigger()
    assert QGuiApplication.clipboard().text() == str(photo)


def test_an_untitled_photo_is_saved_under_a_name(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, clipboard: None, tmp_path: Path
) -> None:
    QGuiApplication.clipboard().setImage(wrap_rgb(noise()).copy())
    window.action_set["paste"].trigger()
    qtbot.waitUntil(lambda: window.session.document is not None)
    asker.save_path = tmp_path / "kept.png"
    with qtbot.waitSignal(window.files.saved):
        window.action_set["save"].trigger()
    assert asker.asked == ["photo_to_save Untitled.png"]
    assert not window.isWindowModified()
    assert (read_photo(asker.save_path).pixels == noise()).all()


# Recent photos


def test_the_menu_has_pictures_and_can_be_cleared(qtbot: QtBot, opened: MainWindow, isolated_user: Path) -> None:
    opened.recent.refresh()
    opened.recent.popup(QPoint(0, 0))
    qtbot.waitUntil(lambda: not opened.recent.actions()[0].icon().isNull())
    assert opened.recent.actions()[0].text() == "sea.jpg"
    opened.recent.close()
    kept = opened.thumbnails._cache._folder
    assert isolated_user in kept.parents
    assert len(list(kept.iterdir())) == 1
    opened.recent.actions()[-1].trigger()
    assert opened.settings.get(declared.RECENT) == ()
    qtbot.waitUntil(lambda: not list(kept.iterdir()))


def test_the_empty_window_offers_recent_photos(qtbot: QtBot, opened: MainWindow, photo: Path) -> None:
    opened.action_set["close"].trigger()
    assert opened.recent_row.isVisible()
    button = opened.recent_row.findChild(QToolButton)
    assert isinstance(button, QToolButton)
    assert button.accessibleName() == "Open sea.jpg"
    assert button.toolTip() == str(photo)
    qtbot.waitUntil(lambda: not button.icon().isNull())
    button.setFocus()
    with qtbot.waitSignal(opened.files.opened):
        QTest.keyClick(button, Qt.Key.Key_Space)
    opened.action_set["close"].trigger()
    opened.settings.set(declared.RECENT, ())
    assert not opened.recent_row.isVisible()


def test_thumbnails_are_kept_made_anew_and_bounded(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache", limit=2)
    path = saved(tmp_path / "a.jpg", smooth(600, 300), exif=exif(6))
    first = cache.thumbnail(path)
    assert first.shape == (SIDE, SIDE // 2, 3), "upright"
    assert cache.thumbnail(path).shape == first.shape
    assert len(list((tmp_path / "cache").iterdir())) == 1
    saved(path, noise(300, 600))
    assert cache.thumbnail(path).shape == (SIDE, SIDE // 2, 3)
    for name in "bcd":
        cache.thumbnail(saved(tmp_path / f"{name}.png", smooth()))
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_transparent_and_deep_photos_have_thumbnails(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache")
    layers = np.dstack([smooth(), np.zeros((32, 48), np.uint8)])
    assert (cache.thumbnail(saved(tmp_path / "a.png", layers)) == 128).all()
    write_image(tmp_path / "deep.png", smooth().astype(np.uint16) * 257)
    assert cache.thumbnail(tmp_path / "deep.png").dtype == np.uint8


# The file manager


def test_reveal_knows_each_platform(tmp_path: Path) -> None:
    path = tmp_path / "a b.jpg"
    assert reveal_command(path, "win32") == ["explorer", f"/select,{path}"]
    assert reveal_command(path, "darwin") == ["open", "-R", str(path)]
    assert reveal_command(path, "linux") is None


def test_reveal_falls_back_to_the_folder(
    qtbot: QtBot, opened: MainWindow, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ui.commands import share

    opened_folders: list[Path] = []
    monkeypatch.setattr(revealing, "_asked_file_manager", lambda path: False)
    monkeypatch.setattr(revealing, "reveal_command", lambda path: None)
    monkeypatch.setattr(share, "open_folder", lambda path: opened_folders.append(path))
    opened.action_set["reveal"].trigger()
    qtbot.waitUntil(lambda: bool(opened_folders))
    assert opened_folders == [photo]
    qtbot.waitUntil(lambda: "No file manager could be opened" in opened.banner.text)
