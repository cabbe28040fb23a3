"""The about box and the report it copies: true, offline, and without the user's name."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app import __version__
from app.inference.request import DeviceChoice
from app.machine import version_of
from app.ui.main_window import MainWindow
from app.ui.panels import diagnostics
from app.ui.panels.about import AboutBox
from app.ui.session.crash import log_file, without_home
from app.ui.settings import declared


@pytest.fixture
def about(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> AboutBox:
    monkeypatch.setattr(diagnostics, "device_in_use", lambda choice: f"device for {choice.value}")
    window.settings.set(declared.DEVICE, DeviceChoice.CPU)
    window.action_set["about"].trigger()
    box = window.findChild(AboutBox)
    assert isinstance(box, AboutBox)
    qtbot.waitUntil(box.isVisible)
    return box


def test_it_names_versions_and_device(qtbot: QtBot, about: AboutBox) -> None:
    qtbot.waitUntil(lambda: "device for cpu" in {label.text() for label in about.findChildren(QLabel)})
    shown = {label.text() for label in about.findChildren(QLabel)}
    assert f"Lacuna {__version__}" in shown
    assert {version_of(package) for package in ("torch", "numpy", "PySide6-Essentials")} <= shown
    assert "lgnet-small" in shown


def test_it_lists_licences_and_shows_their_texts(qtbot: QtBot, about: AboutBox) -> None:
    listed, text = about._licences.findChild(QListWidget), about._licences.findChild(QPlainTextEdit)
    qtbot.waitUntil(lambda: listed.count() > 10)
    qtbot.waitUntil(lambda: "MIT License" in text.toPlainText())
    row = next(row for row in range(listed.count()) if listed.item(row).text().startswith("platformdirs"))
    listed.setCurrentRow(row)
    qtbot.waitUntil(lambda: "platformdirs" in text.toPlainText())


def test_esc_closes_it_and_it_opens_again(qtbot: QtBot, window: MainWindow, about: AboutBox) -> None:
    QTest.keyClick(about, Qt.Key.Key_Escape)
    assert not about.isVisible()
    window.action_set["about"].trigger()
    assert about.isVisible()
    assert window.findChildren(AboutBox) == [about]
    QTest.keyClick(about, Qt.Key.Key_Return)
    assert not about.isVisible(), "Close is the default"


def test_the_report_is_copied(about: AboutBox) -> None:
    about.copy_report()
    assert QGuiApplication.clipboard().text() == about.report


def test_the_report_holds_what_helps_and_no_home(window: MainWindow) -> None:
    home = str(Path.home())
    log_file().parent.mkdir(parents=True, exist_ok=True)
    log_file().write_text(f"ERROR {home}/pictures/a.jpg is damaged\n", "utf-8")
    window.settings.set(declared.GROW, 9)
    window.settings.set(declared.FOLDER, f"{home}/pictures")
    report = diagnostics.diagnostics(window.settings, "cpu")
    for part in (f"Lacuna {__version__}", "Python 3", "torch ", "Device: cpu", "Screen: ", "run/grow = 9"):
        assert part in report
    assert "~/pictures/a.jpg is damaged" in report
    assert home not in report
    assert "files/folder" not in report, "not an option"


def test_without_home_knows_both_slashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: r"C:\Users\ada")
    text = r"C:\Users\ada\x.jpg C:/Users/ada/y.jpg 'C:\\Users\\ada\\z.jpg'"
    assert without_home(text) == r"~\x.jpg ~/y.jpg '~\\z.jpg'"


def test_packages_are_ours_and_what_they_need() -> None:
    names = {package.name.lower() for package in diagnostics.packages()}
    assert {"torch", "numpy", "sympy", "qtpy"} <= names
    assert "pytest" not in names
    assert all(package.licence for package in diagnostics.packages())


def test_a_missing_card_or_package_is_no_error(tmp_path: Path) -> None:
    assert diagnostics.model_card(tmp_path) is None
    (tmp_path / "model.json").write_text("[]", "utf-8")
    assert diagnostics.model_card(tmp_path) is None
    assert version_of("no-such-package") == "–"


def test_the_device_is_asked_for_by_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    device = SimpleNamespace(
        choose_device=lambda choice: choice, device_label=lambda chosen: f"label of {chosen.value}"
    )
    monkeypatch.setitem(sys.modules, "app.inference.device", device)
    assert diagnostics.device_in_use(DeviceChoice.CPU) == "label of cpu"
