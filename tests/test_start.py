"""How the application starts: size and language before there is a window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from app.ui.language import Language
from app.ui.settings import declared
from app.ui.settings.setting import Setting

ROOT = Path(__file__).parents[1]
_START = """
from PySide6.QtCore import QCoreApplication, QSettings
QCoreApplication.setOrganizationName("Lacuna")
QCoreApplication.setApplicationName("lacuna")
store = QSettings()
for key, text in {values!r}.items():
    store.setValue(key, text)
store.sync()
from app.ui.app import make_application
application = make_application()
from PySide6.QtWidgets import QLabel
from app.ui.language import tr
from PySide6.QtCore import QLocale
print(QLabel().devicePixelRatioF(), tr("Settings"), QLocale().name())
"""


def started(*chosen: tuple[Setting[object], object], **environment: str) -> list[str]:
    """Pixel ratio, a word and the locale of an application that starts with these settings."""
    values = {setting.key: setting.encoded(value) for setting, value in chosen}
    done = subprocess.run(
        [sys.executable, "-c", _START.format(values=values)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUTF8": "1", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout.split()


def test_size_and_language_are_those_chosen() -> None:
    assert started((declared.SCALE, 175), (declared.LANGUAGE, Language.JAPANESE)) == ["1.75", "設定", "ja_JP"]


def test_without_a_choice_the_system_decides() -> None:
    assert started(LANG="de_DE.UTF-8", LC_ALL="de_DE.UTF-8", LANGUAGE="")[:2] == ["1.0", "Einstellungen"]


def test_the_environment_counts_besides() -> None:
    assert started((declared.SCALE, 200), QT_SCALE_FACTOR="1.5")[0] == "3.0"
