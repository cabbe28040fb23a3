"""The user's own models in the window: each off until it is allowed, asked about again when its file changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.inference.allowed import PROGRAM, WEIGHTS, AllowedFile, NotAllowedError, allowed_file
from app.inference.catalog import CUSTOM
from app.inference.own_models import MOST, OwnModel, allowed_models, kept, own_models, renamed, with_model
from app.models.known_names import KnownNetwork
from app.ui.commands.model_consent import ModelConsent
from app.ui.dialogs import QtAsker
from app.ui.main_window import MainWindow
from app.ui.panels.controls import row_for
from app.ui.panels.models_row import ModelsRow
from app.ui.panels.settings_dialog import SettingsDialog
from app.ui.settings import declared, exchange
from app.ui.settings.presets import Presets
from app.ui.settings.store import Settings
from tests.driving import dab
from tests.fakes import FakeEngine, ScriptedAsker
from tests.known_networks import lama_file


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """What could be a model; the window itself never looks into a program."""
    path = tmp_path / "own.pt"
    path.write_bytes(b"one")
    return path


def put_in(window: MainWindow, path: Path) -> None:
    """Add a file to the list, as the row does."""
    models = own_models(window.settings.get(declared.OWN_MODELS))
    window.settings.set(declared.OWN_MODELS, kept(with_model(models, AllowedFile(path, ""))))


def names(window: MainWindow) -> list[str]:
    return [each.name for each in allowed_models(window.settings.get(declared.OWN_MODELS))]


def allow(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, path: Path) -> None:
    """Add the file, consent, and let it be what fills first."""
    asker.allows_models = True
    before = len(names(window))
    put_in(window, path)
    qtbot.waitUntil(lambda: len(names(window)) == before + 1)
    window.settings.set(declared.OWN_MODEL, names(window)[-1])
    window.settings.set(declared.COARSE, CUSTOM.name)


def entries(box: QComboBox) -> list[tuple[str, bool]]:
    """What the box lists, and whether it can be chosen."""
    return [(box.itemText(index), box.model().item(index).isEnabled()) for index in range(box.count())]


@pytest.fixture
def box(qtbot: QtBot, window: MainWindow) -> Iterator[QComboBox]:
    """The list of what can fill first."""
    row = row_for(window.settings, declared.COARSE)
    qtbot.addWidget(row)
    yield row.findChild(QComboBox)
    row.hide()


def test_without_any_an_entry_says_where_to_add_one(box: QComboBox) -> None:
    assert entries(box)[-1] == ("Your own model", False)
    assert "settings" in box.itemData(box.count() - 1, Qt.ItemDataRole.ToolTipRole)


def test_consent_is_to_the_file_as_it_is(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    allow(qtbot, window, asker, model)
    assert asker.asked == ["may_run_model own.pt"]
    assert window.settings.run_options().coarse == CUSTOM.name
    assert window.settings.run_options().coarse_file == allowed_file(model)


def test_what_is_not_allowed_is_taken_out(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    put_in(window, model)
    assert not names(window)
    qtbot.waitUntil(lambda: not own_models(window.settings.get(declared.OWN_MODELS)))
    assert asker.asked == ["may_run_model own.pt"]


def test_several_are_chosen_from_by_their_names(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path, box: QComboBox
) -> None:
    allow(qtbot, window, asker, model)
    other = model.with_name("other.onnx")
    other.write_bytes(b"two")
    allow(qtbot, window, asker, other)
    assert entries(box)[-2:] == [("own.pt", True), ("other.onnx", True)]
    assert box.currentText() == "other.onnx"
    assert window.settings.run_options().coarse_file == allowed_file(other)
    box.activated.emit(box.count() - 2)
    assert window.settings.run_options().coarse_file == allowed_file(model)
    box.activated.emit(0)
    assert window.settings.get(declared.OWN_MODEL) == ""
    assert window.settings.run_options().coarse_file is None


def test_two_files_are_asked_about_one_after_the_other(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    other = model.with_name("other.onnx")
    other.write_bytes(b"two")
    asker.allows_models = True
    put_in(window, model)
    put_in(window, other)
    qtbot.waitUntil(lambda: names(window) == ["own.pt", "other.onnx"])
    assert asker.asked == ["may_run_model own.pt", "may_run_model other.onnx"]


def test_a_model_that_is_removed_fills_no_more(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    allow(qtbot, window, asker, model)
    window.settings.reset(declared.OWN_MODELS)
    assert window.settings.get(declared.COARSE) == declared.COARSE.default
    assert window.settings.get(declared.OWN_MODEL) == ""


@pytest.mark.parametrize("allows", [True, False])
def test_a_changed_file_is_asked_about_again(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, engine: FakeEngine, model: Path, allows: bool
) -> None:
    allow(qtbot, opened, asker, model)
    model.write_bytes(b"another one")
    asker.allows_models = allows
    engine.failure = NotAllowedError("own.pt was changed since")
    dab(opened)
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: asker.asked[-1] == "may_run_model own.pt changed")
    qtbot.waitUntil(lambda: names(opened) == (["own.pt"] if allows else []))
    assert opened.settings.run_options().coarse_file == (allowed_file(model) if allows else None)
    assert (opened.settings.get(declared.COARSE) == CUSTOM.name) is allows


@pytest.mark.parametrize(("name", "content"), [("gone.pt", None), ("other.safetensors", b"no weights")])
def test_a_file_that_cannot_be_used_is_told_and_not_asked_about(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    put_in(window, tmp_path / name)
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert name in asker.errors[0]
    assert not asker.asked
    assert not own_models(window.settings.get(declared.OWN_MODELS))


def test_a_file_of_settings_neither_tells_nor_brings_consent(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path
) -> None:
    allow(qtbot, window, asker, model)
    text = exchange.exported(window.settings)
    assert "own_model" not in text
    added = text.replace('"run/grow"', f'"{declared.OWN_MODELS.key}": "[]", "run/grow"')
    assert exchange.taken(added).unknown == (declared.OWN_MODELS.key,)


def test_a_preset_keeps_which_of_them(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    presets = Presets(window.settings)
    allow(qtbot, window, asker, model)
    presets.save_as("Mine")
    presets.choose(presets.all[0])
    assert window.settings.get(declared.OWN_MODEL) == ""
    presets.choose(next(each for each in presets.all if each.name == "Mine"))
    assert window.settings.run_options().coarse_file == allowed_file(model)
    assert not presets.is_modified


def test_what_was_allowed_before_there_could_be_several_still_is(
    window: MainWindow, asker: ScriptedAsker, tmp_path: Path, model: Path
) -> None:
    settings = Settings(QSettings(str(tmp_path / "old.ini"), QSettings.Format.IniFormat))
    settings.set(declared.MODEL_FILE, str(model))
    settings.set(declared.MODEL_SHA256, allowed_file(model).sha256)
    settings.set(declared.COARSE, CUSTOM.name)
    consent = ModelConsent(window.session, settings, asker, window)
    assert settings.run_options().coarse_file == allowed_file(model)
    assert not settings.get(declared.MODEL_FILE)
    consent.deleteLater()


# the list in the settings


def models_row(qtbot: QtBot, window: MainWindow, *answers: Path) -> tuple[ModelsRow, list[str]]:
    """The row, over a user who chooses `answers`, and what was asked."""
    asked: list[str] = []
    waiting = list(answers)

    def ask(*words: object) -> tuple[str, str]:
        asked.append(str(words[-1]))
        return str(waiting.pop(0)) if waiting else "", ""

    row = ModelsRow(window.settings, declared.OWN_MODELS, ask)
    qtbot.addWidget(row)
    row.show()
    return row, asked


def shown(row: ModelsRow) -> list[str]:
    return [row.list.item(index).text() for index in range(row.list.count())]


def test_the_row_adds_renames_and_removes(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, model: Path) -> None:
    asker.allows_models = True
    row, asked = models_row(qtbot, window, model)
    assert not row.remove.isEnabled()
    row.add.click()
    assert shown(row) == ["own.pt (not allowed yet)"]
    assert not row.rename.isEnabled()
    qtbot.waitUntil(lambda: shown(row) == ["own.pt"])
    assert "*.safetensors *.onnx *.pt *.pth *.ts" in asked[0]
    window.settings.set(declared.OWN_MODEL, "own.pt")
    window.settings.set(declared.COARSE, CUSTOM.name)
    row.rename.click()
    field = row.list.findChild(QLineEdit)
    field.setText("Mine")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(window) == ["Mine"])
    assert shown(row) == ["Mine"]
    assert window.settings.run_options().coarse_file == allowed_file(model)
    row.add.click()
    assert names(window) == ["Mine"]
    row.list.setFocus()
    qtbot.keyClick(row.list, Qt.Key.Key_Delete)
    assert shown(row) == []
    assert window.settings.get(declared.COARSE) == declared.COARSE.default


def test_a_full_list_takes_no_more(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    models: tuple[OwnModel, ...] = ()
    for number in range(MOST):
        models = with_model(models, AllowedFile(tmp_path / f"{number}.pt", "ab" * 32))
    window.settings.set(declared.OWN_MODELS, kept(models[:-1]))
    row, asked = models_row(qtbot, window, tmp_path / "one_more.pt")
    assert row.add.isEnabled()
    window.settings.set(declared.OWN_MODELS, kept(models))
    row.add.click()
    assert not asked
    assert not row.add.isEnabled()
    assert "full" in row.add.toolTip()
    row.list.setFocus()
    qtbot.keyClick(row.list, Qt.Key.Key_Delete)
    assert row.add.isEnabled()
    assert "full" not in row.add.toolTip()


def test_allowing_one_model_renames_no_other(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path, model: Path
) -> None:
    (tmp_path / "new").mkdir()
    weights = lama_file(tmp_path / "new" / "own.safetensors")
    allow(qtbot, window, asker, model)
    models = own_models(window.settings.get(declared.OWN_MODELS))
    window.settings.set(declared.OWN_MODEL, weights.name)
    window.settings.set(declared.OWN_MODELS, kept(renamed(models, "own.pt", weights.name)))
    allow(qtbot, window, asker, weights)
    assert names(window) == ["own.safetensors", "LaMa (own.safetensors)"]


def test_the_menu_leads_to_the_list(qtbot: QtBot, window: MainWindow) -> None:
    window.action_set["own_models"].trigger()
    dialog = next(each for each in QApplication.topLevelWidgets() if isinstance(each, SettingsDialog))
    row = dialog.findChild(ModelsRow)
    assert row.isVisible()
    qtbot.waitUntil(lambda: not row.visibleRegion().isEmpty())
    assert row.isAncestorOf(dialog.focusWidget())
    dialog.close()


@pytest.mark.parametrize("allows", [True, False])
@pytest.mark.parametrize("network", [KnownNetwork.NONE, KnownNetwork.LAMA])
def test_the_dialog_says_what_it_means(
    window: MainWindow, model: Path, monkeypatch: pytest.MonkeyPatch, allows: bool, network: KnownNetwork
) -> None:
    said: list[str] = []

    def exec_(box: QMessageBox) -> int:
        said.append(f"{box.text()} {box.informativeText()}")
        assert box.defaultButton() is box.escapeButton()
        next(each for each in box.buttons() if (each is box.defaultButton()) is not allows).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)
    assert QtAsker(window).may_run_model(AllowedFile(model, "", network), is_changed=False) is allows
    assert "own.pt" in said[0]
    assert (WEIGHTS if network else PROGRAM) in said[0]
    assert network.label in said[0]
