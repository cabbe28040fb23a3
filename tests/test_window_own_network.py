"""Weights of LaMa in the real window over the real engine: added, allowed, run, refined, and changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from app.inference.allowed import AllowedFile
from app.inference.engine import Engine
from app.inference.own_models import allowed_models, kept, with_model
from app.inference.request import Check, Event, InpaintRequest, Stage
from app.ui.main_window import MainWindow
from app.ui.panels.coarse_row import CoarseRow
from app.ui.panels.options_panel import OptionsPanel
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from tests.driving import dab
from tests.fakes import FakeEngine, ScriptedAsker
from tests.known_networks import lama_file
from tests.networks import write_tiny_weights


class RealEngine(FakeEngine):
    """The engine itself, over tiny networks."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self._engine = Engine(weights)

    def run(self, request: InpaintRequest, check: Check) -> Iterator[Event]:
        """A `RunEngine`."""
        yield from self._engine.run(request, check)


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    return RealEngine(write_tiny_weights(tmp_path))


def test_lama_is_added_allowed_asked_about_when_it_changed_and_refined(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    path, settings = lama_file(tmp_path / "big-lama.safetensors"), opened.settings
    name = "LaMa (big-lama.safetensors)"

    def allowed() -> list[str]:
        return [each.name for each in allowed_models(settings.get(declared.OWN_MODELS))]

    settings.set(declared.DETAIL, False)
    asker.allows_models = True
    settings.set(declared.OWN_MODELS, kept(with_model((), AllowedFile(path, ""))))
    qtbot.waitUntil(lambda: allowed() == [name])
    row = opened.findChild(OptionsPanel).row(declared.COARSE).findChild(CoarseRow)
    row.store(row.choices()[-1].value)
    assert row.findChild(QComboBox).currentText() == name

    lama_file(path, seed=6)
    dab(opened)
    opened.commands.edit.fill_or_accept()
    qtbot.waitUntil(lambda: asker.asked[-1] == "may_run_model big-lama.safetensors changed", timeout=30_000)
    qtbot.waitUntil(lambda: allowed() == [name])
    assert opened.session.runs.phase is RunPhase.IDLE

    opened.commands.edit.fill_or_accept()
    runs = opened.session.runs
    qtbot.waitUntil(lambda: runs.phase is RunPhase.READY and runs.shown.report is not None, timeout=30_000)
    assert set(runs.results) >= {Stage.COARSE, Stage.LOCAL, Stage.GLOBAL}
    assert runs.shown.report.model == "lama (big-lama.safetensors) + tiny"
