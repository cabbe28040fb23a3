"""How a presentation gets from one step to the next, and closer: what is seen on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.imaging.geometry import Rect
from app.inference.request import Stage
from app.ui.canvas.viewport import Viewport
from app.ui.main_window import MainWindow
from app.ui.presenting.moves import Moves
from app.ui.presenting.presentation import Presentation
from app.ui.presenting.steps import Step
from app.ui.settings import declared
from tests.fakes import COLOURS
from tests.looking import fill, open_hills
from tests.presenting import Key, colour_of, hit, present


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_hills(qtbot, window, tmp_path)


@pytest.fixture
def shown(qtbot: QtBot, opened: MainWindow) -> Presentation:
    """A hole and its three results, presented."""
    fill(qtbot, opened, accept=False)
    return present(opened)


@pytest.fixture
def wiping(shown: Presentation, opened: MainWindow) -> Presentation:
    """At the coarse step, with time standing still in every wipe."""
    hit(shown, Key.Key_2)
    opened.settings.set(declared.ANIMATIONS, False)
    opened.settings.set(declared.ANIMATIONS, True)
    assert opened.view.is_animated
    return shown


def halfway(shown: Presentation) -> None:
    """Let a wipe stand at its middle."""
    clock = shown.canvas.wipe.clock
    clock.pause()
    clock.setCurrentTime(clock.duration() // 2)
    QApplication.processEvents()


def sides(shown: Presentation) -> tuple[list[int], list[int]]:
    """The hole at the left of the screen's middle, and at its right."""
    return colour_of(shown, (80, 60)), colour_of(shown, (100, 60))


def test_halfway_a_wipe_shows_both_steps(wiping: Presentation) -> None:
    hit(wiping, Key.Key_Right)
    halfway(wiping)
    assert wiping.canvas.line == pytest.approx(wiping.canvas.width() / 2, abs=1)
    assert sides(wiping) == (list(COLOURS[Stage.LOCAL]), list(COLOURS[Stage.COARSE]))
    wiping.canvas.wipe.clock.resume()
    wiping.canvas.wipe.clock.setCurrentTime(wiping.canvas.wipe.clock.duration())
    assert wiping.canvas.line is None
    assert sides(wiping) == (list(COLOURS[Stage.LOCAL]),) * 2


def test_going_back_the_later_step_leaves_to_the_left(wiping: Presentation) -> None:
    hit(wiping, Key.Key_Left)
    halfway(wiping)
    left, right = sides(wiping)
    assert left == list(COLOURS[Stage.COARSE])
    assert right != left


def test_a_wipe_is_called_back_from_where_it_stands(wiping: Presentation) -> None:
    hit(wiping, Key.Key_Right)
    halfway(wiping)
    line = wiping.canvas.line
    hit(wiping, Key.Key_Left)
    assert wiping.canvas.line == line
    assert wiping.slides.current is Step.COARSE
    assert sides(wiping) == (list(COLOURS[Stage.LOCAL]), list(COLOURS[Stage.COARSE]))
    wiping.canvas.wipe.clock.resume()
    wiping.canvas.wipe.clock.setCurrentTime(0)
    assert sides(wiping) == (list(COLOURS[Stage.COARSE]),) * 2


def test_the_next_step_ends_a_wipe_under_way(wiping: Presentation) -> None:
    hit(wiping, Key.Key_Right)
    halfway(wiping)
    hit(wiping, Key.Key_Right)
    halfway(wiping)
    assert sides(wiping) == (list(COLOURS[Stage.GLOBAL]), list(COLOURS[Stage.LOCAL]))


def test_only_what_differs_is_painted(wiping: Presentation, monkeypatch: pytest.MonkeyPatch) -> None:
    hit(wiping, Key.Key_Right)
    halfway(wiping)
    regions: list[int] = []
    monkeypatch.setattr(
        wiping.canvas, "update", lambda region: regions.append(sum(r.width() * r.height() for r in region))
    )
    clock = wiping.canvas.wipe.clock
    clock.setCurrentTime(clock.duration() // 2 + 16)
    monkeypatch.undo()
    strip = abs(wiping.canvas.wipe.share - 0.5) * wiping.canvas.width() * wiping.canvas.height()
    lines = 2 * 4 * wiping.canvas.height()
    assert len(regions) == 1
    assert regions[0] < strip / 2 + lines


def test_without_animations_steps_change_at_once(shown: Presentation, opened: MainWindow) -> None:
    opened.settings.set(declared.ANIMATIONS, False)
    hit(shown, Key.Key_3)
    assert shown.canvas.line is None
    assert sides(shown) == (list(COLOURS[Stage.LOCAL]),) * 2


# Closer


def test_up_looks_closely_at_the_hole_and_down_at_all(shown: Presentation) -> None:
    fitted = shown.viewport.scale
    hit(shown, Key.Key_Up)
    assert shown.viewport.scale > fitted
    assert shown.viewport.centre.x == pytest.approx(90, abs=8)
    assert shown.viewport.centre.y == pytest.approx(60, abs=8)
    hit(shown, Key.Key_Down)
    assert shown.viewport.is_fit
    assert shown.viewport.scale == fitted


def test_a_move_is_smooth_and_about_one_point(qapp: QApplication) -> None:
    viewport = Viewport()
    viewport.set_extent(viewport.extent._replace(width=4000, height=3000))
    viewport.set_view_size(800, 600)
    moves = Moves(viewport)
    moves.to_rect(Rect(1000, 700, 200, 150), animated=True)
    moves.clock.pause()
    scales, begin = [], viewport.scale
    for time in (0, 125, 250, 375, moves.clock.duration()):
        moves.clock.setCurrentTime(time)
        scales.append(viewport.scale)
    assert scales == sorted(scales)
    assert scales[0] == begin
    assert scales[2] == pytest.approx((begin * scales[-1]) ** 0.5, rel=0.01)
    moves.to_fit(animated=False)
    assert viewport.is_fit
