"""The command that photographs the window: it writes what it says, and leaves out what there is not."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from app.imaging.files import write_image
from app.ui.settings import declared
from app.ui.tools.toolbox import ToolName

COMMAND = Path(__file__).parents[1] / "resources" / "screenshots.py"


@pytest.fixture
def shots(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The command as a module, over a small sample."""
    rng = np.random.default_rng(3)
    mask = np.zeros((80, 120), np.uint8)
    mask[30:50, 50:80] = 255
    write_image(tmp_path / "sample.jpg", rng.integers(0, 256, (80, 120, 3), dtype=np.uint8))
    write_image(tmp_path / "sample_mask.png", mask)
    for where in ("app.paths", "app.ui.commands.file"):
        monkeypatch.setattr(f"{where}.resource", lambda name: tmp_path / name)
    monkeypatch.setenv("QT_SCALE_FACTOR", os.environ.get("QT_SCALE_FACTOR", "1"))
    monkeypatch.syspath_prepend(COMMAND.parent)
    spec = importlib.util.spec_from_file_location("screenshots", COMMAND)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "screenshots", module)
    spec.loader.exec_module(module)
    monkeypatch.setattr("screenshot_studio.PAUSE", 0)
    return module


def test_states_are_written_at_each_size(shots: ModuleType, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert shots.shoot(out, ["panes", "error"], ((960, 640), (1000, 700)), 1, True) == 0
    assert {path.name for path in out.iterdir()} == {
        f"{name}-{size}.png" for name in ("panes", "error") for size in ("960x640", "1000x700")
    }
    picture = QPixmap(str(out / "panes-1000x700.png"))
    assert (picture.width(), picture.height()) == (1000, 700)


def test_what_is_not_there_is_left_out(
    shots: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("PySide6.QtGui.QFontDatabase.families", lambda *_: [])
    assert shots.shoot(tmp_path, ["japanese"], ((900, 640),), 1, True) == 1
    assert "japanese: left out, no font for Japanese" in capsys.readouterr().out
    assert not list(tmp_path.glob("japanese*"))


def test_one_state_leaves_nothing_for_the_next(shots: ModuleType, tmp_path: Path) -> None:
    studio = shots._studio(True, tmp_path)
    list(shots.grabs(studio, "wand", ((900, 640),)))
    studio.trigger("divider")
    studio.trigger("navigator")
    studio.clear()
    window = studio.window
    assert not window.view.divider.is_on
    assert window.toolbox.current is ToolName.BRUSH
    assert not window.toolbox.is_busy
    assert window.commands.view.has_navigator()
    assert window.settings.get(declared.WAND_TOLERANCE) == declared.WAND_TOLERANCE.default
    studio.close()


def test_what_is_asked_lies_over_the_window_and_is_gone_after(shots: ModuleType, tmp_path: Path) -> None:
    studio = shots._studio(True, tmp_path)
    for name in ("session", "recovery", "closing"):
        ((_, picture),) = shots.grabs(studio, name, ((900, 640),))
        assert picture.toImage() != studio.window.grab().toImage(), name
        studio.clear()
    assert not [each for each in studio.window.findChildren(QDialog) if each.isVisible()]
    assert studio.window.commands.recover.sheet is None
    studio.close()


def test_waiting_in_vain_is_said(shots: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screenshot_studio.PATIENCE", 0.0)
    studio = shots.Studio.__new__(shots.Studio)
    studio.window = SimpleNamespace(banner=SimpleNamespace(text="No room"))
    with pytest.raises(TimeoutError, match="in vain for the run to end; the window says: “No room”"):
        studio.wait(lambda: False, "for the run to end")


def test_the_readme_s_pictures_are_small_jpegs(
    shots: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shots, "README", ("empty", "painting"))
    monkeypatch.setattr(shots, "README_SIZE", (1000, 700))
    shots.for_readme(tmp_path / "readme", ["painting", "empty"], True)
    written = sorted((tmp_path / "readme").iterdir())
    assert [path.name for path in written] == ["empty.jpg", "painting.jpg", "strip.jpg"]
    for path in written:
        assert path.stat().st_size <= shots.README_BYTES
        assert path.read_bytes()[:2] == b"\xff\xd8"
        assert QPixmap(str(path)).width() == shots.README_SIZE[0]


def test_the_readme_s_pictures_are_states(shots: ModuleType) -> None:
    assert set(shots.README) <= set(shots.STATES)
    shown = re.findall(r"resources/screenshots/(\w+)\.jpg", (COMMAND.parents[1] / "README.md").read_text("utf-8"))
    assert sorted(shown) == sorted((*shots.README, "strip"))
    assert list(shots.STATES)[-1] == "japanese", "another language stays once it is spoken"
