"""What the stages cost, in the real window: opened by menu and key, read, copied; counted only where it is wanted."""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSettings, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.imaging.geometry import Extent
from app.inference.costs import NetworkCost, run_costs
from app.inference.engine import Engine
from app.inference.request import DeviceChoice, InpaintOptions, RunReport, Stage
from app.ui.actions.spec import Menu
from app.ui.actions.table import ACTIONS
from app.ui.costs import counting
from app.ui.costs.model import SHARE
from app.ui.costs.rows import CostRow, Lack, cost_rows
from app.ui.costs.words import FIELD, MEMORY, PARAMETERS, STAGE, TIME, WORK, cell, cell_tip, comma_separated, shortened
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.session.variants import Variant
from app.ui.settings import declared
from app.ui.settings.store import Settings
from tests.clipping import LANGUAGES, clipped, speaking
from tests.driving import FIRST, dab, open_photo, press, run_to_end, stroke, wait_for_results
from tests.fakes import FakeEngine, ScriptedAsker
from tests.networks import write_tiny_weights

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NETWORKS = (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL)


@pytest.fixture
def tiny(
    qtbot: QtBot, tmp_path: Path, photo: Path, asker: ScriptedAsker, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window over the real engine with tiny networks, a photo open."""
    weights = write_tiny_weights(tmp_path)
    monkeypatch.setattr(counting.costs, "run_costs", partial(run_costs, weights=weights))
    settings = Settings(QSettings(str(tmp_path / "tiny.ini"), QSettings.Format.IniFormat))
    window = MainWindow(Session(lambda: Engine(weights).run), settings, asker)
    window.view.set_animated(False)
    window.resize(1000, 800)
    window.show()
    qtbot.waitExposed(window)
    settings.set(declared.DETAIL, False)
    settings.set(declared.WORKING_SIZE, 256)
    yield open_photo(qtbot, window, photo)
    window.photos.close_all()
    window.session.close()
    window.close()
    window.deleteLater()


def texts(window: MainWindow, row: int) -> list[str]:
    model = window.cost_panel.model
    return [model.index(row, column).data() for column in range(model.columnCount())]


def tip(window: MainWindow, row: int, column: int) -> str:
    return str(window.cost_panel.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole))


def toggle(window: MainWindow) -> None:
    press(window, Qt.Key.Key_I, CONTROL | ALT)


def wait_until_counted(qtbot: QtBot, window: MainWindow) -> None:
    """The first time, what counts is loaded."""
    qtbot.waitUntil(lambda: any(row.parameters is not None for row in window.costs.rows), timeout=60_000)


# opening and closing


def test_it_opens_and_closes_by_key_menu_and_cross_and_is_remembered(qtbot: QtBot, opened: MainWindow) -> None:
    panel, action = opened.cost_panel, opened.action_set["costs"]
    assert next(spec for spec in ACTIONS if spec.id == "costs").menu is Menu.STAGES
    assert not panel.isVisible()
    toggle(opened)
    assert panel.isVisible()
    assert action.isChecked()
    assert opened.settings.get(declared.COSTS)
    assert panel.hint.isVisible()
    assert not panel.table.isVisible()
    toggle(opened)
    assert not panel.isVisible()
    action.trigger()
    assert panel.isVisible()
    QTest.mouseClick(panel.close_button, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert not action.isChecked()


def test_with_all_panels_hidden_its_key_brings_them_back(opened: MainWindow) -> None:
    toggle(opened)
    press(opened, Qt.Key.Key_Tab)
    assert not opened.cost_panel.isVisible()
    assert not opened.action_set["costs"].isChecked()
    toggle(opened)
    assert opened.cost_panel.isVisible()
    press(opened, Qt.Key.Key_Tab)
    press(opened, Qt.Key.Key_Tab)
    assert opened.cost_panel.isVisible()


def test_the_keyboard_gets_to_the_table_and_out_again(qtbot: QtBot, opened: MainWindow) -> None:
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    toggle(opened)
    panel, reached = opened.cost_panel, set()
    for _ in range(12):
        press(opened, Qt.Key.Key_F6)
        reached.add(panel.isAncestorOf(opened.focusWidget()))
    assert reached == {True, False}
    panel.table.setFocus()
    press(opened, Qt.Key.Key_Tab)
    assert not panel.table.hasFocus()


# what it shows


def test_a_run_shows_its_times_as_they_come_and_why_the_rest_is_not_known(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    gate = engine.gates[Stage.GLOBAL] = threading.Event()
    toggle(opened)
    stroke(opened, *FIRST)
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: Stage.LOCAL in opened.session.runs.results)
    assert texts(opened, 0) == ["Coarse", "100 ms", "—", "—", "—", "—"]
    assert texts(opened, 2)[TIME] == "—"
    assert "after the run" in tip(opened, 0, WORK)
    gate.set()
    qtbot.waitUntil(lambda: texts(opened, 2)[TIME] == "100 ms")
    qtbot.waitUntil(lambda: "other weights" in tip(opened, 0, WORK))
    assert texts(opened, 3)[:2] == ["Together", "300 ms"]
    press(opened, Qt.Key.Key_Escape)
    qtbot.waitUntil(opened.cost_panel.hint.isVisible)


def test_real_networks_are_counted_and_the_table_has_their_figures(qtbot: QtBot, tiny: MainWindow) -> None:
    tiny.settings.set(declared.COARSE, "lgnet")
    stroke(tiny, *FIRST)
    run_to_end(qtbot, tiny)
    toggle(tiny)
    wait_until_counted(qtbot, tiny)
    report = tiny.session.runs.shown.report
    assert report is not None
    expected = counting.costs.run_costs(report)
    for index, stage in enumerate(NETWORKS):
        row, cost = tiny.costs.rows[index], expected[stage]
        assert (row.parameters, row.multiply_adds, row.memory) == (cost.parameters, cost.multiply_adds, cost.memory)
        assert texts(tiny, index)[PARAMETERS] == shortened(cost.parameters)
        assert texts(tiny, index)[WORK] == shortened(cost.multiply_adds)
        assert tiny.costs.rows[index].lack is Lack.NOTHING
    assert texts(tiny, 1)[FIELD].endswith(" px")
    assert texts(tiny, 2)[FIELD] == "whole picture"
    total = tiny.costs.rows[-1]
    assert total.multiply_adds == sum(cost.multiply_adds for cost in expected.values())
    assert total.memory == max(cost.memory for cost in expected.values())
    assert tiny.cost_panel.facts.text() == "tiny · cpu · seen at 192 × 128 px"
    shares = [tiny.cost_panel.model.index(row, WORK).data(SHARE) for row in range(4)]
    assert max(shares[:3]) == 1.0
    assert shares[3] is None


def test_of_a_foreign_coarse_inpainter_only_the_time_is_known(qtbot: QtBot, tiny: MainWindow) -> None:
    tiny.settings.set(declared.COARSE, "telea")
    toggle(tiny)
    stroke(tiny, *FIRST)
    run_to_end(qtbot, tiny)
    wait_until_counted(qtbot, tiny)
    assert texts(tiny, 0)[MEMORY:] == ["—"] * 4
    assert texts(tiny, 0)[TIME] != "—"
    assert "no network" in tip(tiny, 0, FIELD)
    assert "—" not in texts(tiny, 1)


def test_another_result_has_its_own_costs(qtbot: QtBot, tiny: MainWindow) -> None:
    toggle(tiny)
    stroke(tiny, *FIRST)
    run_to_end(qtbot, tiny)
    tiny.settings.set(declared.COARSE, "telea")
    press(tiny, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(tiny.session.runs.variants) == 2 and tiny.session.runs.running is None)
    qtbot.waitUntil(lambda: tiny.cost_panel.facts.text().startswith("Result B"))
    assert tiny.costs.rows[0].lack is Lack.NO_NETWORK
    press(tiny, Qt.Key.Key_Comma)
    assert tiny.cost_panel.facts.text().startswith("Result A · tiny")
    qtbot.waitUntil(lambda: tiny.costs.rows[0].lack is Lack.NOTHING, timeout=60_000)


def test_nothing_is_counted_while_it_is_closed_and_nothing_twice(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[RunReport] = []

    def count(report: RunReport, *, exact: bool) -> dict[Stage, NetworkCost]:
        calls.append(report)
        return dict.fromkeys(NETWORKS, NetworkCost(7, 8, 9, 10))

    monkeypatch.setattr(counting.costs, "run_costs", count)
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    shown = opened.session.runs.shown
    assert shown.report is not None
    shown.report = RunReport("m", "cpu", {}, shown.report.regions, 1, (), (Extent(64, 32),))
    toggle(opened)
    wait_until_counted(qtbot, opened)
    toggle(opened)
    toggle(opened)
    assert texts(opened, 0)[PARAMETERS] == "7"
    assert len(calls) == 1


def test_a_failure_to_count_leaves_the_times(
    qtbot: QtBot,
    opened: MainWindow,
    asker: ScriptedAsker,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(counting.costs, "run_costs", lambda *_, **__: 1 / 0)
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    shown = opened.session.runs.shown
    shown.report = RunReport("m", "cpu", {}, (), 1, (), (Extent(64, 32),))
    toggle(opened)
    qtbot.waitUntil(lambda: opened.costs.rows[0].lack is Lack.NOT_COUNTED)
    assert "times are all" in tip(opened, 0, WORK)
    assert "other weights" not in tip(opened, 0, WORK)
    assert not asker.errors
    assert any("could not be counted" in record.message for record in caplog.records)


def test_a_run_that_failed_half_way_promises_nothing(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    engine.failure, engine.fails_at = RuntimeError("no"), Stage.GLOBAL
    toggle(opened)
    stroke(opened, *FIRST)
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.READY)
    assert texts(opened, 0)[:2] == ["Coarse", "100 ms"]
    assert [row.lack for row in opened.cost_panel.model.rows[:3]] == [Lack.NOT_COUNTED] * 3
    assert "after the run" not in tip(opened, 0, WORK)


# copying


def test_the_table_is_copied_by_button_key_and_menu(qtbot: QtBot, tiny: MainWindow) -> None:
    stroke(tiny, *FIRST)
    run_to_end(qtbot, tiny)
    toggle(tiny)
    wait_until_counted(qtbot, tiny)
    panel, clipboard = tiny.cost_panel, QGuiApplication.clipboard()
    clipboard.clear()
    QTest.mouseClick(panel.copy_button, Qt.MouseButton.LeftButton, pos=QPoint(6, 10))
    lines = [line.split("\t") for line in clipboard.text().splitlines()]
    assert lines[0] == ["Stage", "Time", "Memory", "Parameters", "Multiply-adds", "Receptive field"]
    assert lines[1:] == [texts(tiny, row) for row in range(4)]
    clipboard.clear()
    panel.table.setFocus()
    press(tiny, Qt.Key.Key_C, CONTROL)
    assert clipboard.text().startswith("Stage\t"), "not the photo"
    content = list(csv.DictReader(io.StringIO(bytes(clipboard.mimeData().data("text/csv").data()).decode())))
    assert [row["stage"] for row in content] == ["coarse", "local", "global", "total"]
    assert int(content[1]["parameters"]) == tiny.costs.rows[1].parameters
    assert content[2]["receptive_field_pixels"] == "all"
    assert content[0]["memory_is"] == "counted"
    menu = context_menu(panel.table)
    names = {action.text(): action for action in menu.actions()}
    names["Copy as CSV"].trigger()
    assert clipboard.text().startswith("stage,seconds,")
    panel.table.setCurrentIndex(panel.model.index(1, FIELD))
    menu.aboutToShow.emit()
    assert names["Copy the cell"].isEnabled()
    names["Copy the cell"].trigger()
    assert clipboard.text() == texts(tiny, 1)[FIELD]
    menu.close()


def context_menu(table: object) -> QMenu:
    place = QPoint(20, 20)
    where = table.viewport()  # type: ignore[attr-defined]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, where.mapToGlobal(place))
    QApplication.sendEvent(where, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_without_a_run_there_is_nothing_to_copy(opened: MainWindow) -> None:
    toggle(opened)
    assert not opened.cost_panel.copy_button.isEnabled()
    QGuiApplication.clipboard().setText("before")
    opened.cost_panel.copy_cell()
    assert QGuiApplication.clipboard().text() == "before"


# rows and words


def variant(report: RunReport | None, coarse: str = "lgnet") -> Variant:
    options = InpaintOptions(coarse=coarse, device=DeviceChoice.CPU)
    return Variant("A", options=options, stages=tuple(Stage), report=report)


def test_what_a_graphics_card_took_goes_before_what_is_counted() -> None:
    peaks = {"local": 5_000_000}
    made = variant(RunReport("m", "cuda", {}, (), 1, (), (Extent(64, 64),), peaks))
    costs = dict.fromkeys(NETWORKS, NetworkCost(1, 2, 3_000_000, None))
    coarse, local, _, detail, total = cost_rows(made, costs, is_coming=False)
    assert (coarse.memory, coarse.is_measured) == (3_000_000, False)
    assert (local.memory, local.is_measured, total.memory) == (5_000_000, True, 5_000_000)
    assert "Measured" in cell_tip(local, MEMORY)
    assert "Counted" in cell_tip(coarse, MEMORY)
    assert detail.lack is Lack.NO_NETWORK
    assert (total.multiply_adds, cell(total, FIELD), cell(total, STAGE)) == (6, "", "Together")
    assert "local,,5000000,measured,1,2,all" in comma_separated([local])


def test_without_options_or_costs_nothing_is_made_up() -> None:
    assert cost_rows(None, None, is_coming=True) == ()
    assert cost_rows(Variant("A"), None, is_coming=True) == ()
    made = variant(RunReport("m", "cpu", {}, (), 1, (), (Extent(64, 64),)), "telea")
    for is_coming, lack in ((True, Lack.UNDER_WAY), (False, Lack.NOT_COUNTED)):
        lacks = [row.lack for row in cost_rows(made, None, is_coming=is_coming)[:3]]
        assert lacks == [Lack.NO_NETWORK, lack, lack]
    assert cost_rows(made, {}, is_coming=False)[-1] == CostRow(None)


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.00 k"),
        (777_483, "777 k"),
        (999_600, "1.00 M"),
        (5_886_579, "5.89 M"),
        (33_174_847_488, "33.2 G"),
        (99_960_000, "100 M"),
        (2_000_000_000_000_000, "2000 T"),
    ],
)
def test_counts_have_three_digits(count: int, words: str) -> None:
    assert shortened(count) == words


@pytest.mark.parametrize("name", LANGUAGES)
def test_nothing_is_clipped_in_any_language(qtbot: QtBot, tmp_path: Path, photo: Path, name: str) -> None:
    with speaking(name):
        settings = Settings(QSettings(str(tmp_path / "words.ini"), QSettings.Format.IniFormat))
        settings.set(declared.COSTS, True)
        window = MainWindow(Session(FakeEngine(has_detail=True).factory), settings, ScriptedAsker())
        window.view.set_animated(False)
        window.resize(QSize(1280, 800))
        window.show()
        qtbot.waitExposed(window)
        with qtbot.waitSignal(window.session.document_opened):
            window.files.open(photo)
        dab(window)
        window.commands.edit.fill_or_accept()
        wait_for_results(qtbot, window)
        assert window.cost_panel.table.isVisible()
        assert not clipped(window.cost_panel)
        assert window.size() == QSize(1280, 800)
        table = window.cost_panel.table
        assert table.verticalScrollBar().maximum() == 0, "all rows are seen"
        window.photos.close_all()
        window.session.close()
        window.close()
        window.deleteLater()
