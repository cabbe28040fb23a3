"""The real window with photographs of 16 bits, of wide gamut, and of kinds that are only read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.imaging.depth import widened
from app.imaging.files import read_photo, write_image
from app.imaging.screen import look_of
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from tests.driving import image_of, press, run_to_end, stroke
from tests.fakes import ScriptedAsker
from tests.test_screen import wide_profile


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_deep_photo_is_painted_filled_undone_and_saved_at_16_bits(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path, suffix: str
) -> None:
    path, pixels = tmp_path / f"sea{suffix}", np.random.default_rng(0).integers(0, 1 << 16, (120, 180, 3), np.uint16)
    write_image(path, pixels, wide_profile())
    _open(qtbot, window, path)
    assert image_of(window).dtype == np.uint16
    pyramid = window.session.pyramid
    assert pyramid is not None
    look = look_of(wide_profile())
    np.testing.assert_array_equal(pyramid.levels[0], look(pixels))

    stroke(window, (60, 60), (100, 60))
    run_to_end(qtbot, window)
    with qtbot.waitSignal(window.session.image_changed):
        press(window, Qt.Key.Key_Return)
    filled = image_of(window)
    assert not np.array_equal(filled, pixels)
    np.testing.assert_array_equal(pyramid.levels[0], look(filled))

    asker.save_path = tmp_path / f"out{suffix}"
    with qtbot.waitSignal(window.files.saved):
        window.action_set["save_as"].trigger()
    again = read_photo(asker.save_path)
    np.testing.assert_array_equal(again.pixels, filled)
    assert again.metadata.icc_profile == wide_profile()
    with qtbot.waitSignal(window.session.image_changed):
        window.action_set["undo"].trigger()
    np.testing.assert_array_equal(image_of(window), pixels)
    np.testing.assert_array_equal(pyramid.levels[0], look(pixels))


def test_saving_a_deep_photo_as_a_jpeg_says_what_is_lost(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    write_image(tmp_path / "sea.tif", widened(np.full((60, 80, 3), 90, np.uint8)))
    _open(qtbot, window, tmp_path / "sea.tif")
    asker.save_path = tmp_path / "sea.jpg"
    with qtbot.waitSignal(window.session.notice_given) as told:
        window.action_set["save_as"].trigger()
    assert "sea.jpg has 8 bits per channel" in told.args[0]


def test_what_is_only_read_is_saved_under_a_new_name(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    deep = np.zeros((48, 64, 3), np.uint16)
    pillow_heif.from_bytes(mode="RGB;16", size=(64, 48), data=deep.tobytes()).save(tmp_path / "sea.heic", quality=-1)
    _open(qtbot, window, tmp_path / "sea.heic")
    window.commands.file.save()
    assert asker.asked == ["photo_to_save sea-edited.tif"]


def _open(qtbot: QtBot, window: MainWindow, path: Path) -> None:
    with qtbot.waitSignal(window.session.document_opened):
        window.commands.file.open_path(path)
    window.toolbox.brush.set_size(12)
    window.settings.set(declared.RESULT_STAGE, declared.ResultStage.GLOBAL)
    qtbot.waitUntil(lambda: window.view.canvas(Pane.ORIGINAL).hasFocus())
