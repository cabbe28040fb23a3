"""Save options and export, through the real window and its sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.imaging.exporting import SizeKind
from app.imaging.geometry import Extent, Point
from app.imaging.save_options import Keep
from app.ui.main_window import MainWindow
from app.ui.panels.save_options import ExportSheet, SaveSheet
from app.ui.session.file_record import suggested_name
from app.ui.settings import declared
from app.ui.settings.saving import is_in_use, save_options, settings_of
from tests.driving import open_path
from tests.fakes import ScriptedAsker
from tests.photo_files import loaded, write_camera_photo


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_camera_photo(tmp_path)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    return open_path(qtbot, window, photo)


def test_the_options_of_save_as_are_used_and_remembered(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    opened.settings.set(declared.JPEG_AS_SOURCE, False)
    opened.settings.set(declared.JPEG_QUALITY, 10)
    opened.settings.set(declared.KEEP, Keep.NO_PLACE)
    asker.save_path = tmp_path / "small.jpg"
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save_as"].trigger()
    assert asker.sheets == ["save JPEG"]
    size = asker.save_path.stat().st_size
    assert b"GPS" not in asker.save_path.read_bytes()
    opened.settings.set(declared.JPEG_AS_SOURCE, True)
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save"].trigger()
    assert asker.save_path.stat().st_size == size, "saved again as it was saved"


def test_a_plain_save_keeps_the_cameras_blocks_whatever_was_chosen_before(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, photo: Path
) -> None:
    from app.ui.asking import Overwrite

    before = photo.read_bytes()
    opened.settings.set(declared.JPEG_AS_SOURCE, False)
    asker.overwrite = Overwrite.YES
    with qtbot.waitSignal(opened.files.saved):
        opened.action_set["save"].trigger()
    assert photo.read_bytes() == before


def test_no_options_no_file(opened: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    asker.save_path, asker.wants_sheet = tmp_path / "out.jpg", False
    opened.action_set["save_as"].trigger()
    assert not opened.files.is_saving
    assert not asker.save_path.exists()


def test_export_writes_a_copy_and_leaves_the_photo_alone(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, photo: Path
) -> None:
    opened.session.strokes.begin_stroke(5, 1.0, False)
    opened.session.strokes.stroke_to(Point(20, 20))
    opened.session.strokes.end_stroke()
    opened.settings.set(declared.EXPORT_KIND, SizeKind.PERCENT)
    opened.settings.set(declared.EXPORT_PERCENT, 0.5)
    asker.save_path = tmp_path / "copy.jpg"
    with qtbot.waitSignal(opened.files.exported):
        QTest.keyClick(opened, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert asker.asked == ["photo_to_save sea-30.jpg"]
    assert asker.sheets == ["export 60×40 JPEG"]
    assert loaded(asker.save_path).size == (30, 20)
    assert opened.files.path == photo
    assert opened.isWindowModified()
    assert "copy.jpg" in opened.banner.text


@pytest.mark.parametrize("chosen", ["", ".webp"])
def test_the_export_suggests_a_free_name_in_the_format(
    opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, chosen: str
) -> None:
    opened.settings.set(declared.EXPORT_FORMAT, chosen)
    (tmp_path / f"sea-60{chosen or '.jpg'}").touch()
    opened.action_set["export"].trigger()
    assert asker.asked == [f"photo_to_save sea-60-2{chosen or '.jpg'}"]


def test_the_export_sheet_says_the_size_and_forgets_when_cancelled(qtbot: QtBot, window: MainWindow) -> None:
    settings = window.settings
    sheet = ExportSheet(settings, Extent(6000, 4000), "JPEG", window)
    sheet.show()
    settings.set(declared.EXPORT_KIND, SizeKind.LONG_SIDE)
    settings.set(declared.EXPORT_PIXELS, 1500)
    assert "1500×1000 pixels, from 6000×4000" in [each.text() for each in sheet.findChildren(QLabel)]
    settings.set(declared.EXPORT_FORMAT, ".png")
    settings.set(declared.PNG_EFFORT, 9)
    sheet.reject()
    assert settings.get(declared.EXPORT_PIXELS) == 2048
    assert settings.get(declared.EXPORT_FORMAT) == ""
    assert settings.get(declared.PNG_EFFORT) == -1


def test_a_sheet_that_is_accepted_remembers(window: MainWindow) -> None:
    sheet = SaveSheet(window.settings, "JPEG", window)
    window.settings.set(declared.JPEG_QUALITY, 55)
    sheet.accept()
    assert window.settings.get(declared.JPEG_QUALITY) == 55


def test_options_that_do_not_count_are_dimmed(window: MainWindow) -> None:
    settings = window.settings
    assert not is_in_use(settings, declared.JPEG_QUALITY)
    assert not is_in_use(settings, declared.WEBP_QUALITY)
    settings.set(declared.JPEG_AS_SOURCE, False)
    settings.set(declared.WEBP_CODING, declared.WebpCoding.LOSSY)
    assert is_in_use(settings, declared.JPEG_QUALITY)
    assert save_options(settings, "JPEG").quality == 92
    assert save_options(settings, "WEBP").quality == 90
    assert save_options(settings, "PNG").quality is None
    assert settings_of("BMP") == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("photo.jpg", "photo-edited.jpg"),
        ("photo-edited.jpg", "photo-edited.jpg"),
        ("scan.TIF", "scan-edited.TIF"),
        ("raw.nef", "raw-edited.tif"),
        ("phone.heic", "phone-edited.tif"),
        ("pair.mpo", "pair-edited.jpg"),
        ("Untitled", "Untitled.png"),
        ("v1.2 final", "v1.2 final.png"),
    ],
)
def test_suggested_names(tmp_path: Path, name: str, expected: str) -> None:
    assert suggested_name(None, name, tmp_path).name == expected
    (tmp_path / expected).touch()
    again = suggested_name(None, name, tmp_path)
    assert again.stem == f"{Path(expected).stem}-2"
