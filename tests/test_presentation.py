"""The presentation by real keys and clicks: steps, wipes, zoom, fills, and that all is as it was when it ends."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.geometry import Extent, Point, Rect
from app.inference.request import Stage
from app.ui.canvas.viewport import Viewport
from app.ui.main_window import MainWindow
from app.ui.presenting.keys import KEYS, Verb
from app.ui.presenting.moves import Moves
from app.ui.presenting.presentation import Presentation
from app.ui.presenting.screens import chosen_screen
from app.ui.presenting.step_label import Caption, StepLabel
from app.ui.presenting.steps import Step
from app.ui.session.runs import RunPhase
from app.ui.settings import declared
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName
from tests.canvases import LEFT, RIGHT, mouse, pixels
from tests.driving import dab, image_of, press, run_to_end, wait_for_results
from tests.fakes import COLOURS, FakeEngine
from tests.looking import fill, open_hills
from tests.pointers import wheel
from tests.presenting import HOLE, Key, colour_of, hit, own_colour, present

BESIDE = (90, 100)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    return open_hills(qtbot, window, tmp_path)


@pytest.fixture
def shown(qtbot: QtBot, opened: MainWindow) -> Presentation:
    """A hole and its three results, presented."""
    fill(qtbot, opened, accept=False)
    return present(opened)


# Steps


def test_it_fills_the_screen_with_the_photo_alone(shown: Presentation, opened: MainWindow) -> None:
    assert shown.isFullScreen()
    assert shown.isWindow()
    assert shown.canvas.geometry() == shown.rect()
    assert colour_of(shown) == own_colour(opened)
    surround = pixels(shown.canvas)
    assert surround[0, 0].tolist() == [0, 0, 0] or colour_of(shown, (0, 0)) == own_colour(opened, (0, 0))
    assert shown.telling.label.caption is not None
    assert shown.telling.label.caption.count == "1 / 5"


def test_arrows_step_from_the_original_to_the_last_stage_and_back(shown: Presentation, opened: MainWindow) -> None:
    seen = []
    for _ in range(6):
        assert shown.telling.label.caption is not None
        seen.append((shown.slides.current, shown.telling.label.caption.index))
        hit(shown, Key.Key_Right)
    assert [step for step, _ in seen] == [Step.ORIGINAL, Step.MASK, Step.COARSE, Step.LOCAL, Step.GLOBAL, Step.GLOBAL]
    assert [index for _, index in seen] == [0, 1, 2, 3, 4, 4]
    assert colour_of(shown) == list(COLOURS[Stage.GLOBAL])
    assert colour_of(shown, BESIDE) == own_colour(opened, BESIDE)
    hit(shown, Key.Key_Left)
    assert colour_of(shown) == list(COLOURS[Stage.LOCAL])
    hit(shown, Key.Key_PageUp, Key.Key_Backspace)
    assert shown.slides.current is Step.MASK
    assert colour_of(shown) != own_colour(opened)
    hit(shown, Key.Key_Home)
    assert colour_of(shown) == own_colour(opened)
    hit(shown, Key.Key_End)
    assert shown.slides.current is Step.GLOBAL
    hit(shown, Key.Key_Space, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert shown.slides.current is Step.LOCAL
    hit(shown, Key.Key_PageDown, Key.Key_1, Key.Key_Space)
    assert shown.slides.current is Step.MASK


def test_digits_jump_and_never_reach_the_window(shown: Presentation, opened: MainWindow) -> None:
    opened.toolbox.take(ToolName.LASSO)
    before = opened.view.current
    for key, step in ((Key.Key_4, Step.GLOBAL), (Key.Key_2, Step.COARSE), (Key.Key_3, Step.LOCAL)):
        hit(shown, key)
        assert shown.slides.current is step
    hit(shown, Key.Key_5, Key.Key_E, Key.Key_B, Key.Key_B, Key.Key_Q, Key.Key_Tab, Key.Key_D)
    assert shown.slides.current is Step.LOCAL
    assert opened.view.current is before
    assert opened.toolbox.current is ToolName.LASSO
    assert opened.commands.view.is_mask_shown()
    assert opened.commands.view.window.are_panels_shown()
    assert not opened.view.divider.is_on


def test_clicks_step_and_drags_pan(shown: Presentation) -> None:
    middle = shown.canvas.rect().center()
    QTest.mouseClick(shown.canvas, LEFT, pos=middle)
    QTest.mouseClick(shown.canvas, LEFT, pos=middle)
    assert shown.slides.current is Step.COARSE
    QTest.mouseClick(shown.canvas, RIGHT, pos=middle)
    assert shown.slides.current is Step.MASK
    shown.viewport.set_scale(6.0)
    before = shown.viewport.centre
    mouse(shown.canvas, QEvent.Type.MouseButtonPress, (middle.x(), middle.y()))
    mouse(shown.canvas, QEvent.Type.MouseMove, (middle.x() - 60, middle.y()))
    mouse(shown.canvas, QEvent.Type.MouseButtonRelease, (middle.x() - 60, middle.y()))
    assert shown.viewport.centre.x == pytest.approx(before.x + 60 / 6.0, abs=1)
    assert shown.slides.current is Step.MASK


def test_a_right_click_that_slips_a_little_is_one(shown: Presentation) -> None:
    hit(shown, Key.Key_3)
    mouse(shown.canvas, QEvent.Type.MouseButtonPress, (90, 90), RIGHT)
    mouse(shown.canvas, QEvent.Type.MouseMove, (91, 90), RIGHT)
    mouse(shown.canvas, QEvent.Type.MouseButtonRelease, (91, 90), RIGHT)
    assert shown.slides.current is Step.COARSE
    shown.viewport.set_scale(6.0)
    before = shown.viewport.centre
    mouse(shown.canvas, QEvent.Type.MouseButtonPress, (90, 90), RIGHT)
    mouse(shown.canvas, QEvent.Type.MouseMove, (190, 90), RIGHT)
    mouse(shown.canvas, QEvent.Type.MouseButtonRelease, (190, 90), RIGHT)
    assert shown.slides.current is Step.COARSE
    assert shown.viewport.centre == before


def test_a_turned_hole_is_seen_whole_from_close_by(qapp: object) -> None:
    viewport = Viewport()
    viewport.set_view_size(800, 400)
    viewport.set_extent(Extent(4000, 3000))
    viewport.set_angle(90.0)
    Moves(viewport).to_rect(Rect(1000, 1000, 400, 100), animated=False)
    assert viewport.scale == pytest.approx(0.6 * 400 / 400)
    assert viewport.centre == Point(1200, 1050)


def test_a_pointer_that_rests_is_hidden(shown: Presentation) -> None:
    mouse(shown.canvas, QEvent.Type.MouseMove, (40, 40), Qt.MouseButton.NoButton)
    assert shown.canvas.cursor().shape() is Qt.CursorShape.ArrowCursor
    shown.pointer.rest.timeout.emit()
    assert shown.canvas.cursor().shape() is Qt.CursorShape.BlankCursor
    mouse(shown.canvas, QEvent.Type.MouseMove, (50, 40), Qt.MouseButton.NoButton)
    assert shown.canvas.cursor().shape() is Qt.CursorShape.ArrowCursor


# Labels, darkness, keys


def test_labels_go_and_come(shown: Presentation) -> None:
    assert shown.telling.label.isVisible()
    hit(shown, Key.Key_L)
    assert not shown.telling.label.isVisible()
    hit(shown, Key.Key_Right, Key.Key_L)
    assert shown.telling.label.isVisible()
    assert shown.telling.label.accessibleName().startswith("Mask, ")


@pytest.mark.parametrize(
    ("hole", "corner"),
    [
        (QRect(300, 200, 200, 100), "below left"),
        (QRect(0, 500, 100, 100), "below right"),
        (QRect(0, 500, 800, 100), "above left"),
        (QRect(0, 0, 800, 600), "below left"),
    ],
)
def test_the_label_keeps_off_the_hole(shown: Presentation, hole: QRect, corner: str) -> None:
    shown.canvas.hide()
    shown.setGeometry(0, 0, 800, 600)
    label = StepLabel(shown)
    label.set_caption(Caption(("Original", "Global"), 0, 2, ("", "1 s")), QRect(0, 0, 800, 600), hole)
    middle = label.geometry().center()
    assert corner == ("above" if middle.y() < 300 else "below") + (" left" if middle.x() < 400 else " right")


def test_b_makes_the_screen_black_and_any_step_brings_it_back(shown: Presentation) -> None:
    hit(shown, Key.Key_2, Key.Key_B)
    assert shown.black.isVisible()
    assert not pixels(shown).any()
    hit(shown, Key.Key_Right)
    assert not shown.black.isVisible()
    assert shown.slides.current is Step.COARSE
    hit(shown, Key.Key_B, Key.Key_B)
    assert not shown.black.isVisible()


def test_f1_lists_the_keys(shown: Presentation, opened: MainWindow) -> None:
    hit(shown, Key.Key_F1)
    assert shown.card.isVisible()
    assert "Black screen: B" in shown.card.accessibleName()
    assert "Loupe: Z" in shown.card.accessibleName()
    hit(shown, Key.Key_Escape)
    assert not shown.card.isVisible()
    assert opened.commands.present.shown is shown


def test_every_verb_has_a_key(shown: Presentation) -> None:
    assert set(KEYS.values()) == set(Verb)


def test_the_loupe_works_in_it(shown: Presentation, opened: MainWindow) -> None:
    shown.viewport.set_scale(0.6)
    hit(shown, Key.Key_3, Key.Key_Z)
    at = shown.canvas.from_image(Point(*HOLE))
    mouse(shown.canvas, QEvent.Type.MouseMove, (at.x(), at.y()), Qt.MouseButton.NoButton)
    sight = shown.loupe.glass.sight
    assert sight is not None
    assert sight.words == "Local · 100 %"
    middle = sight.frame.center()
    assert pixels(shown.canvas)[middle.y(), middle.x()].tolist() == list(COLOURS[Stage.LOCAL])
    hit(shown, Key.Key_S)
    assert shown.loupe.glass.sight is not None
    assert shown.loupe.glass.sight.words == "Global · 100 %"
    assert pixels(shown.canvas)[middle.y(), middle.x()].tolist() == list(COLOURS[Stage.GLOBAL])
    assert shown.slides.current is Step.LOCAL
    hit(shown, Key.Key_Escape)
    assert not opened.commands.present.loupe.is_on


def test_the_wheel_with_ctrl_and_shift_changes_the_loupes_zoom(shown: Presentation, opened: MainWindow) -> None:
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    shown.viewport.set_scale(0.6)
    hit(shown, Key.Key_Z)
    for _ in range(2):
        wheel(shown.canvas, HOLE, (0, 60), keys, shown)
    assert opened.settings.get(declared.LOUPE_ZOOM) == 200
    assert shown.viewport.scale == 0.6
    hit(shown, Key.Key_Z)
    wheel(shown.canvas, HOLE, (0, 120), keys, shown)
    assert opened.settings.get(declared.LOUPE_ZOOM) == 200
    assert shown.viewport.scale > 0.6


# Fills and variants


def test_enter_fills_where_nothing_is_filled_and_results_appear(
    qtbot: QtBot, opened: MainWindow, engine: FakeEngine
) -> None:
    engine.gates = {Stage.LOCAL: threading.Event(), Stage.GLOBAL: threading.Event()}
    dab(opened, *HOLE)
    shown = present(opened)
    assert shown.telling.message.text == "Press Enter to fill"
    hit(shown, Key.Key_Return)
    qtbot.waitUntil(lambda: shown.slides.current is Step.COARSE)
    assert colour_of(shown) == list(COLOURS[Stage.COARSE])
    qtbot.waitUntil(lambda: shown.telling.message.text.startswith("Local"))
    hit(shown, Key.Key_Left)
    assert shown.slides.current is Step.MASK
    assert shown.telling.message.text == ""
    engine.gates[Stage.LOCAL].set()
    qtbot.waitUntil(lambda: Step.LOCAL in shown.slides.ready)
    assert shown.slides.current is Step.MASK
    hit(shown, Key.Key_End)
    engine.gates[Stage.GLOBAL].set()
    qtbot.waitUntil(lambda: shown.slides.current is Step.GLOBAL)
    wait_for_results(qtbot, opened)
    assert shown.telling.message.text == ""
    edits = len(opened.session.document.history) if opened.session.document else 0
    hit(shown, Key.Key_Return)
    assert opened.session.runs.phase is RunPhase.READY
    assert opened.session.document is not None
    assert len(opened.session.document.history) == edits


def test_without_a_hole_it_says_what_to_do(opened: MainWindow) -> None:
    shown = present(opened)
    assert "Nothing is painted yet" in shown.telling.message.text
    hit(shown, Key.Key_Return, Key.Key_Right, Key.Key_Up)
    assert shown.slides.current is Step.ORIGINAL
    assert opened.session.runs.phase is RunPhase.IDLE


def test_what_goes_wrong_is_said_there(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    engine.failure = RuntimeError("no such luck")
    dab(opened, *HOLE)
    shown = present(opened)
    hit(shown, Key.Key_Return)
    qtbot.waitUntil(lambda: opened.session.runs.phase is RunPhase.IDLE and "luck" in shown.telling.message.text)


def test_variants_are_swapped_by_the_windows_keys(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> None:
    fill(qtbot, opened, accept=False)
    opened.settings.set(declared.GROW, 9)
    press(opened, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: len(opened.session.runs.variants) == 2)
    wait_for_results(qtbot, opened)
    shown = present(opened)
    hit(shown, Key.Key_End)
    assert shown.telling.label.caption is not None
    assert shown.telling.label.caption.note == "100 ms · B"
    hit(shown, Key.Key_Period)
    assert shown.telling.label.caption.note == "100 ms · A"
    assert shown.slides.current is Step.GLOBAL
    assert colour_of(shown) == list(COLOURS[Stage.GLOBAL])


# The end


def test_escape_brings_everything_back(qtbot: QtBot, opened: MainWindow) -> None:
    fill(qtbot, opened, accept=False)
    press(opened, Key.Key_3)
    opened.view.viewport.set_scale(2.5)
    opened.view.viewport.centre_on(Point(70, 50))
    opened.commands.present.toggle_loupe()
    focus, viewport = opened.focusWidget(), opened.view.viewport
    before = viewport.scale, viewport.centre, viewport.is_fit, opened.view.current, opened.saveState()
    shown = present(opened)
    hit(shown, Key.Key_End, Key.Key_Z, Key.Key_Up)
    closed = []
    shown.destroyed.connect(lambda: closed.append(True))
    hit(shown, Key.Key_Escape)
    assert opened.commands.present.shown is None
    after = viewport.scale, viewport.centre, viewport.is_fit, opened.view.current, opened.saveState()
    assert after == before
    assert opened.commands.present.loupe.is_on
    qtbot.waitUntil(lambda: bool(closed))
    qtbot.waitUntil(opened.isActiveWindow)
    assert opened.focusWidget() is focus
    press(opened, Key.Key_2)
    assert opened.view.current is Pane.COARSE


def test_a_fill_there_leaves_the_pane_as_it_was(qtbot: QtBot, opened: MainWindow) -> None:
    dab(opened, *HOLE)
    shown = present(opened)
    hit(shown, Key.Key_Return)
    wait_for_results(qtbot, opened)
    assert opened.view.current is None
    hit(shown, Key.Key_Escape)
    assert opened.view.current is Pane.ORIGINAL
    assert opened.view.viewport.is_fit


def test_it_ends_with_its_photo(opened: MainWindow) -> None:
    present(opened)
    opened.session.close_document()
    assert opened.commands.present.shown is None
    press(opened, Key.Key_F5)
    assert opened.commands.present.shown is None


def test_nothing_listens_after_its_end(qtbot: QtBot, shown: Presentation, opened: MainWindow) -> None:
    closed = []
    shown.destroyed.connect(lambda: closed.append(True))
    hit(shown, Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(closed))
    opened.session.runs.clear()
    dab(opened, 20, 20)
    opened.setFocus()
    run_to_end(qtbot, opened)
    assert np.array_equal(image_of(opened).shape, (120, 180, 3))


class Screen:
    """One that is attached."""

    def __init__(self, name: str) -> None:
        self._name = name

    def name(self) -> str:
        return self._name


def test_another_screen_is_chosen_by_name(opened: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    own, *others = attached = [Screen("own"), Screen("wall"), Screen("ceiling")]
    monkeypatch.setattr("PySide6.QtGui.QGuiApplication.screens", lambda: attached)
    monkeypatch.setattr(opened, "screen", lambda: own)
    commands = opened.commands.present
    opened.action_set.refresh()
    assert opened.action_set["present_elsewhere"].isEnabled()
    for screen in (*others, own):
        opened.action_set["present_elsewhere"].trigger()
        assert chosen_screen(opened.settings, opened.screen()) is screen
        assert opened.action_set["present_elsewhere"].isChecked() == commands.is_elsewhere() == (screen is not own)


def test_a_screen_that_is_gone_is_as_good_as_none(opened: MainWindow) -> None:
    assert not opened.action_set["present_elsewhere"].isEnabled()
    opened.settings.set(declared.PRESENTATION_SCREEN, "one that is gone")
    shown = present(opened)
    assert shown.screen() is opened.screen()
    assert shown.isFullScreen()


@pytest.mark.parametrize(
    ("photo", "left", "bottom"),
    [(QRect(0, 0, 800, 600), 0, 600), (QRect(40, 0, 720, 600), 40, 600), (QRect(0, 20, 800, 380), 0, 600)],
)
def test_the_label_lies_beside_the_photo_or_wholly_on_it(
    shown: Presentation, photo: QRect, left: int, bottom: int
) -> None:
    shown.canvas.hide()
    shown.setGeometry(0, 0, 800, 600)
    label = StepLabel(shown)
    label.set_caption(Caption(("Original", "Global"), 0, 2, ("", "1 s")), photo, QRect())
    margin = label.geometry().left() - left
    assert 0 < margin < 30
    assert label.geometry().bottom() + 1 + margin == bottom
