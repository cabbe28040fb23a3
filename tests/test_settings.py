"""Settings: typed round trips, tolerance of garbage, one signal a change."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from app.inference.catalog import best_stage
from app.inference.request import AUTO_COARSE, DeviceChoice, InpaintOptions, Stage
from app.ui.settings import declared
from app.ui.settings.declared import ThemeName
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings


@pytest.fixture
def store(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def _all_settings() -> list[Setting[object]]:
    return list(declared.all_settings())


def test_keys_are_unique() -> None:
    keys = [setting.key for setting in _all_settings()]
    assert len(keys) == len(set(keys))


def test_defaults_survive_encoding() -> None:
    for setting in _all_settings():
        assert setting.decoded(setting.encoded(setting.default)) == setting.default


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (declared.THEME, ThemeName.LIGHT),
        (declared.BRUSH_SIZE, 33.5),
        (declared.COLOUR_MATCH, False),
        (declared.RECENT, ("/a b/ü, 1.jpg", "/c.png")),
        (declared.GEOMETRY, b"\x00\xff\x01"),
        (declared.RESULT_STAGE, declared.ResultStage.LOCAL),
        (declared.WORKING_SIZE, 256),
    ],
)
def test_values_survive_a_restart(tmp_path: Path, setting: Setting[object], value: object) -> None:
    path = str(tmp_path / "restart.ini")
    store = QSettings(path, QSettings.Format.IniFormat)
    Settings(store).set(setting, value)
    store.sync()
    again = Settings(QSettings(path, QSettings.Format.IniFormat)).get(setting)
    assert again == value
    assert type(again) is type(value)


@pytest.mark.parametrize("garbage", ["", "banana", "[1, 2]", "{}", "null", '"x"'])
def test_garbage_in_the_store_is_the_default(store: QSettings, garbage: str) -> None:
    for setting in (declared.THEME, declared.BRUSH_SIZE, declared.COLOUR_MATCH, declared.DEVICE, declared.GROW):
        store.setValue(setting.key, garbage)
        assert Settings(store).get(setting) == setting.default


def test_numbers_are_kept_in_range(store: QSettings) -> None:
    store.setValue(declared.BRUSH_SIZE.key, "1e9")
    store.setValue(declared.GROW.key, "-3")
    settings = Settings(store)
    assert settings.get(declared.BRUSH_SIZE) == 2000
    assert settings.get(declared.GROW) == 0


def test_changed_is_said_once_and_only_for_a_change(store: QSettings) -> None:
    settings = Settings(store)
    heard: list[Setting[object]] = []
    settings.changed.connect(heard.append)
    settings.set(declared.GROW, 9)
    settings.set(declared.GROW, 9)
    assert heard == [declared.GROW]


def test_run_options_come_from_the_settings(store: QSettings) -> None:
    settings = Settings(store)
    assert settings.run_options() == InpaintOptions(result_stage=best_stage(AUTO_COARSE))
    settings.set(declared.DEVICE, DeviceChoice.CPU)
    settings.set(declared.FEATHER, 11)
    settings.set(declared.RESULT_STAGE, declared.ResultStage.LOCAL)
    assert settings.run_options() == InpaintOptions(device=DeviceChoice.CPU, feather=11, result_stage=Stage.LOCAL)


def test_best_follows_the_coarse_inpainter(store: QSettings) -> None:
    settings = Settings(store)
    for name, stage in (
        ("exemplar", Stage.COARSE),
        ("patchmatch", Stage.COARSE),
        ("telea", Stage.GLOBAL),
        ("lgnet", Stage.GLOBAL),
    ):
        settings.set(declared.COARSE, name)
        assert settings.result_stage() is stage
    settings.set(declared.RESULT_STAGE, declared.ResultStage.LOCAL)
    assert settings.result_stage() is Stage.LOCAL
