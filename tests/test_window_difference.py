"""Difference maps in the real window: which two stages, how strongly, the figures, and when they come and go."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.colour_difference import ciede2000, lab_of_levels
from app.imaging.difference_map import WHOLE, DifferenceMap, ramp
from app.imaging.files import write_image
from app.imaging.geometry import Point
from app.inference.request import Stage
from app.ui.canvas.canvas import Canvas
from app.ui.main_window import MainWindow
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages import comparison
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.veil import Veil
from app.ui.stages.versions import Version
from tests.driving import FIRST, buttons_of, image_of, open_path, press, run_to_end, stroke, wait_for_results
from tests.fakes import COLOURS, FakeEngine, ScriptedAsker
from tests.presenting import hit, present

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
RETURN, ESCAPE, MAP = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_I
SPOT = 70.5, 60.5
"""In the hole, image pixels."""


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """All three stages of the first hole are there."""
    opened.settings.set(declared.GROW, 0)
    stroke(opened, *FIRST)
    run_to_end(qtbot, opened)
    return opened


def show(qtbot: QtBot, window: MainWindow) -> None:
    """Press I and wait for the map."""
    press(window, MAP)
    settle(qtbot, window)


def settle(qtbot: QtBot, window: MainWindow) -> None:
    difference = window.commands.difference.difference
    qtbot.waitUntil(lambda: difference.map is not None and bool(difference.picture) and not difference.is_at_work)


def colour(canvas: Canvas, spot: tuple[float, float] = SPOT) -> tuple[int, int, int]:
    """What is seen there."""
    picture = canvas.grab().toImage()
    at = canvas.from_image(Point(*spot)).toPoint()
    found = picture.pixelColor(at * picture.devicePixelRatio())
    return found.red(), found.green(), found.blue()


def between(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The difference of two colours."""
    labs = [lab_of_levels(np.array([[each]], np.float32)) for each in (one, other)]
    return float(ciede2000(labs[0], labs[1])[0, 0])


def in_heat(difference: float, amplification: int) -> tuple[int, ...]:
    return tuple(ramp()[0, min(int(255 * difference * amplification / WHOLE), 255)].tolist())


def pair_of(window: MainWindow) -> tuple[str, str]:
    bar = window.difference.bar
    return bar.first.currentText(), bar.second.currentText()


def test_the_map_shows_how_two_stages_differ(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    page = filled.difference
    assert page.isVisible()
    assert not filled.view.pane(Pane.COARSE).isVisible()
    assert pair_of(filled) == ("Coarse", "Global")
    difference = between(COLOURS[Stage.COARSE], COLOURS[Stage.GLOBAL])
    assert colour(page.map.canvas) == in_heat(difference, 4)
    assert colour(page.map.canvas, (10.5, 10.5)) == tuple(image_of(filled)[10, 10])
    assert f"Mean ΔE {difference:.2f} · 100 % of the hole's" in page.bar.figures.text()
    assert filled.action_set["difference"].isChecked()
    assert not filled.action_set["show_grid"].isChecked()
    assert not any("Esc" in text for text in buttons_of(filled)), "the key leaves the map"
    press(filled, MAP)
    assert not page.isVisible()
    assert filled.view.pane(Pane.COARSE).isVisible()
    assert filled.session.runs.phase is RunPhase.READY


def test_it_is_there_again_after_a_presentation(qtbot: QtBot, filled: MainWindow) -> None:
    filled.view.viewport.set_scale(2.5)
    show(qtbot, filled)
    before = filled.view.viewport.scale, filled.view.viewport.centre
    hit(present(filled), Qt.Key.Key_Right, Qt.Key.Key_Escape)
    assert filled.commands.present.shown is None
    assert filled.difference.isVisible()
    assert filled.action_set["difference"].isChecked()
    assert (filled.view.viewport.scale, filled.view.viewport.centre) == before


def test_the_stage_looked_at_is_compared_with_the_one_before(qtbot: QtBot, filled: MainWindow) -> None:
    press(filled, Qt.Key.Key_3)
    show(qtbot, filled)
    assert pair_of(filled) == ("Coarse", "Local")
    assert filled.difference.map.canvas.hasFocus()


def test_keys_lead_through_pairs_and_amplifications(qtbot: QtBot, filled: MainWindow) -> None:
    press(filled, MAP, SHIFT)
    settle(qtbot, filled)
    pairs = []
    for _ in range(5):
        press(filled, MAP, SHIFT)
        settle(qtbot, filled)
        pairs.append(pair_of(filled))
    assert pairs == [
        ("Original", "Global"),
        ("Original", "Coarse"),
        ("Coarse", "Local"),
        ("Local", "Global"),
        ("Coarse", "Global"),
    ]
    bar = filled.difference.bar
    difference = between(COLOURS[Stage.COARSE], COLOURS[Stage.GLOBAL])
    for key, times, end in (
        (Qt.Key.Key_Minus, 2, "ΔE 32"),
        (Qt.Key.Key_Minus, 1, "ΔE 64"),
        (Qt.Key.Key_Minus, 1, "ΔE 64"),
    ):
        press(filled, key)
        settle(qtbot, filled)
        assert AMPLIFIED[bar.slider.value()] == times
        assert bar.legend.marks[2] == end
        assert colour(filled.difference.map.canvas) == in_heat(difference, times)
    for _ in range(5):
        press(filled, Qt.Key.Key_Plus)
    assert AMPLIFIED[bar.slider.value()] == 16
    assert not filled.action_set["difference_more"].isEnabled()
    assert filled.action_set["difference_less"].isEnabled()


AMPLIFIED = (1, 2, 4, 8, 16)


def test_everything_works_from_the_bar(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    bar = filled.difference.bar
    bar.slider.setFocus()
    QTest.keyClick(bar.slider, Qt.Key.Key_Right)
    assert filled.commands.difference.difference.amplification == 8
    QTest.keyClick(bar.first, Qt.Key.Key_Up)
    assert pair_of(filled) == ("Original", "Global")
    settle(qtbot, filled)
    QTest.keyClick(bar.signed, Qt.Key.Key_Space)
    settle(qtbot, filled)
    first, second = (np.array(each, float) for each in (image_of(filled)[60, 70], COLOURS[Stage.GLOBAL]))
    wanted = np.clip(np.rint(128 + 4 * (second - first)), 0, 255)
    assert colour(filled.difference.map.canvas) == tuple(wanted.astype(int).tolist())
    assert bar.legend.marks == ("−31.9", "0", "+31.9")
    QTest.keyClick(bar.close_button, Qt.Key.Key_Space)
    assert not filled.difference.isVisible()


def test_the_keyboard_gets_to_the_bar_and_through_it(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    bar = filled.difference.bar
    press(filled, Qt.Key.Key_F6)
    assert bar.first.hasFocus()
    reached = []
    for widget in (bar.second, bar.slider, bar.signed, bar.beside, bar.close_button):
        press(filled, Qt.Key.Key_Tab)
        reached.append(widget.hasFocus())
    assert all(reached)
    assert filled.commands.view.window.are_panels_shown(), "the key hides no panels in here"
    press(filled, Qt.Key.Key_Plus)
    assert filled.commands.difference.difference.amplification == 8
    press(filled, ESCAPE)
    assert filled.view.isAncestorOf(filled.focusWidget())
    assert not filled.difference.isVisible()


def test_both_versions_are_seen_beside_the_map(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    page = filled.difference
    assert not page.sides[0].isVisible()
    QTest.mouseClick(page.bar.beside, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.sides[0].isVisible())
    assert colour(page.sides[0].canvas) == COLOURS[Stage.COARSE]
    assert colour(page.sides[1].canvas) == COLOURS[Stage.GLOBAL]
    assert [side.caption.text() for side in (*page.sides, page.map)] == ["Coarse", "Global", "Coarse → Global, 4×"]
    zoom = filled.view.viewport.scale
    press(filled, Qt.Key.Key_Plus, CONTROL)
    assert filled.view.viewport.scale > zoom
    assert page.sides[0].canvas.transform().scale == page.map.canvas.transform().scale


def test_what_is_beside_the_map_is_laid_there_once(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, filled)
    page, laid = filled.difference, list[int]()
    page.bar.beside.click()
    for index, side in enumerate(page.sides):
        lay = side.canvas.set_patches

        def heard(patches: Any, *, are_colours: bool = False, index: int = index, lay: Any = lay) -> None:
            laid.append(index)
            lay(patches)

        monkeypatch.setattr(side.canvas, "set_patches", heard)
    press(filled, Qt.Key.Key_Plus)
    settle(qtbot, filled)
    assert laid == []
    filled.commands.difference.difference.choose(Version(Pane.COARSE), Version(Pane.LOCAL))
    settle(qtbot, filled)
    assert laid == [1]
    assert colour(page.sides[1].canvas) == COLOURS[Stage.LOCAL]
    press(filled, MAP)
    assert sorted(laid) == [0, 1, 1]
    assert all(side.canvas.scene.patches is None for side in page.sides)
    show(qtbot, filled)
    assert colour(page.sides[0].canvas) == COLOURS[Stage.COARSE]


def test_the_pointer_tells_the_difference_under_it(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    canvas = filled.difference.map.canvas
    difference = between(COLOURS[Stage.COARSE], COLOURS[Stage.GLOBAL])
    QTest.mouseMove(canvas, canvas.from_image(Point(*SPOT)).toPoint())
    assert filled.difference.bar.here.text() == f"here ΔE {difference:.1f}"
    QTest.mouseMove(canvas, canvas.from_image(Point(10, 10)).toPoint() + QPoint(1, 0))
    assert filled.difference.bar.here.text() == ""


def test_escape_and_pane_keys_leave_and_keep_the_results(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    press(filled, ESCAPE)
    assert not filled.difference.isVisible()
    assert filled.session.runs.phase is RunPhase.READY
    show(qtbot, filled)
    press(filled, Qt.Key.Key_4)
    assert not filled.difference.isVisible()
    assert filled.view.current is Pane.GLOBAL
    assert not filled.action_set["difference"].isChecked()


def test_it_goes_with_the_results(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    with qtbot.waitSignal(filled.session.image_changed):
        press(filled, RETURN)
    assert not filled.difference.isVisible()
    assert filled.view.current is Pane.ORIGINAL
    assert filled.view.pane(Pane.ORIGINAL).isVisible()
    assert not filled.action_set["difference"].isEnabled()
    press(filled, MAP)
    assert not filled.difference.isVisible()


def test_another_variant_is_compared_when_it_is_shown(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COLOURS, Stage.GLOBAL, (250, 250, 250))
    filled.settings.set(declared.FEATHER, 9)
    press(filled, RETURN, SHIFT)
    wait_for_results(qtbot, filled)
    show(qtbot, filled)
    canvas, coarse = filled.difference.map.canvas, COLOURS[Stage.COARSE]
    assert colour(canvas) == in_heat(between(coarse, (250, 250, 250)), 4)
    press(filled, Qt.Key.Key_Comma)
    settle(qtbot, filled)
    assert colour(canvas) == in_heat(between(coarse, (0, 0, 200)), 4)
    bar = filled.difference.bar
    assert bar.second.itemText(bar.second.count() - 1) == "B · Global"
    filled.commands.difference.difference.choose(bar.second.currentData(), bar.second.itemData(bar.second.count() - 1))
    settle(qtbot, filled)
    assert colour(canvas) == in_heat(between((0, 0, 200), (250, 250, 250)), 4)
    assert filled.difference.isVisible()


def test_two_runs_go_on_to_be_compared_when_the_other_is_looked_at(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(COLOURS, Stage.GLOBAL, (250, 250, 250))
    filled.settings.set(declared.FEATHER, 9)
    press(filled, RETURN, SHIFT)
    wait_for_results(qtbot, filled)
    press(filled, Qt.Key.Key_Comma)
    show(qtbot, filled)
    difference = filled.commands.difference.difference
    difference.choose(Version(Pane.COARSE), Version(Pane.GLOBAL, "B"))
    settle(qtbot, filled)
    wanted = in_heat(between(COLOURS[Stage.COARSE], (250, 250, 250)), 4)
    for pair in (("A · Coarse", "Global"), ("Coarse", "B · Global")):
        press(filled, Qt.Key.Key_Period)
        settle(qtbot, filled)
        assert pair_of(filled) == pair
        assert colour(filled.difference.map.canvas) == wanted
        assert "Mean ΔE" in filled.difference.bar.figures.text()
    press(filled, MAP)
    press(filled, Qt.Key.Key_Period)
    show(qtbot, filled)
    assert pair_of(filled) == ("A · Coarse", "Global"), "also where it was looked at meanwhile"


def test_a_pair_without_the_run_that_was_looked_at_begins_anew(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    filled.settings.set(declared.FEATHER, 9)
    press(filled, RETURN, SHIFT)
    wait_for_results(qtbot, filled)
    show(qtbot, filled)
    filled.commands.difference.difference.choose(Version(Pane.GLOBAL, "A"), Version(Pane.GLOBAL))
    settle(qtbot, filled)
    gate = engine.gates[Stage.COARSE] = threading.Event()
    filled.session.run_anew(filled.settings.run_options())
    qtbot.waitUntil(lambda: pair_of(filled) == ("Original", "Global"))
    assert filled.difference.bar.figures.text() == "Not there yet"
    gate.set()
    wait_for_results(qtbot, filled)
    settle(qtbot, filled)
    difference = between(tuple(image_of(filled)[60, 70]), COLOURS[Stage.GLOBAL])
    assert colour(filled.difference.map.canvas) == in_heat(difference, 4)


def test_the_map_of_another_pair_is_not_shown_under_the_new_name(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, filled)
    gate, compared = threading.Event(), comparison.compared

    def waiting(*arguments: Any) -> DifferenceMap:
        assert gate.wait(10)
        return compared(*arguments)

    monkeypatch.setattr(comparison, "compared", waiting)
    page, difference = filled.difference, filled.commands.difference.difference
    difference.choose(Version(Pane.COARSE), Version(Pane.LOCAL))
    assert difference.picture == ()
    assert page.bar.figures.text() == "Comparing…"
    veil = page.findChild(Veil)
    assert veil.isVisible()
    gate.set()
    settle(qtbot, filled)
    assert not veil.isVisible()
    assert colour(page.map.canvas) == in_heat(between(COLOURS[Stage.COARSE], COLOURS[Stage.LOCAL]), 4)


def test_a_comparison_that_fails_is_told_and_can_be_tried_again(
    qtbot: QtBot, filled: MainWindow, monkeypatch: pytest.MonkeyPatch, asker: ScriptedAsker
) -> None:
    def broken(*_: Any) -> DifferenceMap:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(comparison, "compared", broken)
        press(filled, MAP)
        qtbot.waitUntil(lambda: len(asker.errors) == 1)
    assert not filled.difference.isVisible()
    assert not filled.action_set["difference"].isChecked()
    show(qtbot, filled)
    assert pair_of(filled) == ("Coarse", "Global")


def test_a_stage_that_is_to_come_is_compared_when_it_is_there(
    qtbot: QtBot, filled: MainWindow, engine: FakeEngine
) -> None:
    show(qtbot, filled)
    gate = engine.gates[Stage.LOCAL] = threading.Event()
    filled.settings.set(declared.FEATHER, 9)
    press(filled, RETURN, SHIFT)
    qtbot.waitUntil(lambda: filled.view.pane(Pane.LOCAL).state is PaneState.RUNNING)
    assert filled.difference.isVisible(), "a run leaves the map where it is"
    assert filled.difference.bar.figures.text() == "Not there yet"
    assert pair_of(filled) == ("Coarse", "Global")
    gate.set()
    wait_for_results(qtbot, filled)
    settle(qtbot, filled)
    assert "Mean ΔE" in filled.difference.bar.figures.text()


def test_only_what_is_filled_counts(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.GROW, 0)
    stroke(opened, *FIRST)
    hole = opened.session.hole_pixels
    run_to_end(qtbot, opened)
    show(qtbot, opened)
    found = opened.commands.difference.difference.map
    assert found is not None
    assert found.pixels == hole


def test_a_deep_photo_has_the_same_colours(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    write_image(path, np.full((120, 180, 3), 0x8080, np.uint16))
    open_path(qtbot, window, path)
    window.toolbox.brush.set_size(12)
    stroke(window, *FIRST)
    run_to_end(qtbot, window)
    show(qtbot, window)
    assert colour(window.difference.map.canvas) == in_heat(between((1, 0, 0), (0, 0, 1)), 4), "200 of 65,535"
    press(window, MAP, SHIFT)
    settle(qtbot, window)
    assert pair_of(window) == ("Original", "Global")
    assert colour(window.difference.map.canvas) == in_heat(between((128, 128, 128), (0, 0, 1)), 4)


def test_the_original_is_held_in_the_map_too(qtbot: QtBot, filled: MainWindow) -> None:
    show(qtbot, filled)
    canvas = filled.difference.map.canvas
    QTest.keyPress(canvas, Qt.Key.Key_Backslash)
    assert colour(canvas) == tuple(image_of(filled)[60, 70])
    QTest.keyRelease(canvas, Qt.Key.Key_Backslash)
    assert colour(canvas) != tuple(image_of(filled)[60, 70])


def test_arrow_keys_step_through_candidates_there_too(qtbot: QtBot, opened: MainWindow) -> None:
    opened.settings.set(declared.CANDIDATES, 2)
    stroke(opened, *FIRST)
    press(opened, RETURN, CONTROL)
    wait_for_results(qtbot, opened)
    show(qtbot, opened)
    press(opened, Qt.Key.Key_Right)
    assert opened.session.runs.shown is opened.session.runs.variants[1]
    assert opened.difference.isVisible()
