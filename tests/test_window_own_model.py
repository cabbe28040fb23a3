"""The user's own model in the window: off until it is allowed, asked about again when it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from app.ui.panels.file_row import FileRow
from PySide6.QtWidgets import QComboBox, QMessageBox
from pytestqt.qtbot import QtBot

from app.inference.allowed import NotAllowedError, allowed_file
from app.inference.catalog import CUSTOM
from app.ui.dialogs import QtAsker
from app.ui.main_window import MainWindow
from app.ui.panels.controls import row_for
from app.ui.settings import declared, exchange
from tests.driving import dab
from tests.fakes import FakeEngine, ScriptedAsker


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """What could be a model; the window itself never looks."""
    path = tmp_path / "own.pt"
    path.write_bytes(b"one")
    return path


def allow(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    """Choose the file, switch it on, consent, and let it be what fills first."""
    asker.allows_models = True
    window.settings.set(declared.MODEL_FILE, str(model))
    window.settings.set(declared.ALLOW_MODEL_CODE, True)
    qtbot.waitUntil(lambda: bool(window.settings.get(declared.MODEL_SHA256)))
    window.settings.set(declared.COARSE, CUSTOM.name)


def test_it_is_off_and_a_file_alone_changes_nothing(window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    window.settings.set(declared.MODEL_FILE, str(model))
    window.settings.set(declared.COARSE, CUSTOM.name)
    assert window.settings.run_options().coarse_file is None
    assert not asker.asked


def test_consent_is_to_the_file_as_it_is(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    allow(qtbot, window, asker, model)
    assert asker.asked == ["may_run_model own.pt"]
    assert window.settings.run_options().coarse_file == allowed_file(model)


def test_without_consent_the_switch_goes_back(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    window.settings.set(declared.MODEL_FILE, str(model))
    window.settings.set(declared.ALLOW_MODEL_CODE, True)
    qtbot.waitUntil(lambda: not window.settings.get(declared.ALLOW_MODEL_CODE))
    assert asker.asked == ["may_run_model own.pt"]
    assert not window.settings.get(declared.MODEL_SHA256)


def test_switched_on_without_a_file_it_asks_too(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker) -> None:
    window.settings.set(declared.ALLOW_MODEL_CODE, True)
    qtbot.waitUntil(lambda: asker.asked == ["may_run_model -"])
    assert not window.settings.get(declared.ALLOW_MODEL_CODE)


def test_another_file_is_asked_about_and_refused_is_gone(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    allow(qtbot, window, asker, model)
    other = model.with_name("other.onnx")
    other.write_bytes(b"two")
    asker.allows_models = False
    window.settings.set(declared.MODEL_FILE, str(other))
    assert window.settings.run_options().coarse_file is None
    qtbot.waitUntil(lambda: not window.settings.get(declared.MODEL_FILE))
    assert asker.asked[-1] == "may_run_model other.onnx"
    assert window.settings.get(declared.COARSE) != CUSTOM.name


def test_switched_off_it_is_no_choice(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    row = row_for(window.settings, declared.COARSE)
    qtbot.addWidget(row)
    box = row.findChild(QComboBox)

    def can_choose() -> bool:
        return bool(box.model().item(box.count() - 1).isEnabled())

    assert not can_choose()
    allow(qtbot, window, asker, model)
    assert can_choose()
    window.settings.set(declared.ALLOW_MODEL_CODE, False)
    assert not can_choose()
    assert window.settings.get(declared.COARSE) == declared.COARSE.default
    assert not window.settings.get(declared.MODEL_SHA256)


def test_a_changed_file_is_asked_about_again(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, engine: FakeEngine, model: Path
) -> None:
    allow(qtbot, opened, asker, model)
    model.write_bytes(b"another one")
    engine.failure = NotAllowedError("own.pt was changed since")
    dab(opened)
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: asker.asked[-1] == "may_run_model own.pt changed")
    assert opened.settings.run_options().coarse_file == allowed_file(model)


def test_a_file_that_is_gone_is_told_and_not_asked_about(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    window.settings.set(declared.MODEL_FILE, str(tmp_path / "gone.pt"))
    window.settings.set(declared.ALLOW_MODEL_CODE, True)
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert not asker.asked
    assert not window.settings.get(declared.ALLOW_MODEL_CODE)


def test_a_file_of_settings_neither_tells_nor_brings_consent(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    allow(qtbot, window, asker, model)
    text = exchange.exported(window.settings)
    assert "model_file" not in text
    assert "allow_model_code" not in text
    added = text.replace('"run/grow"', f'"{declared.ALLOW_MODEL_CODE.key}": true, "run/grow"')
    assert exchange.taken(added).unknown == (declared.ALLOW_MODEL_CODE.key,)


def test_the_row_chooses_a_file(qtbot: QtBot, window: MainWindow, model: Path) -> None:
    asked: list[str] = []

    def ask(*words: object) -> tuple[str, str]:
        asked.append(str(words[-1]))
        return str(model), ""

    row = FileRow(window.settings, declared.MODEL_FILE, ask)
    qtbot.addWidget(row)
    row.choose.click()
    assert window.settings.get(declared.MODEL_FILE) == str(model)
    assert "*.onnx *.pt *.ts" in asked[0]


@pytest.mark.parametrize("allows", [True, False])
def test_the_dialog_says_what_it_means(
    qtbot: QtBot, window: MainWindow, model: Path, monkeypatch: pytest.MonkeyPatch, allows: bool
) -> None:
    said: list[str] = []

    def exec_(box: QMessageBox) -> int:
        said.append(f"{box.text()} {box.informativeText()}")
        assert box.defaultButton() is box.escapeButton()
        next(each for each in box.buttons() if (each is box.defaultButton()) is not allows).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    assert QtAsker(window).may_run_model(model, is_changed=False) is allows
    assert "own.pt" in said[0]
    assert "whatever you can do" in said[0]
