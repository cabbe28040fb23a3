"""The panes: states, switching, one viewport and one pointer for all, painting in the original."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image
from app.imaging.geometry import Extent, Point, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.inference.request import STAGES, RegionPatch, Stage
from app.ui.stages import pane_caption
from app.ui.stages.pane_grid import cells, rows
from app.ui.stages.stage_strip import Pane, PaneState, StageView
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from tests.canvases import LEFT, MaskSink, blank, drag, mouse, picture, pixels

HOLE = Rect(30, 20, 20, 15)


@pytest.fixture
def image() -> Image:
    return picture()


@pytest.fixture
def sink(image: Image) -> MaskSink:
    return MaskSink(blank(image))


@pytest.fixture
def view(qapp: QApplication, image: Image, sink: MaskSink) -> Iterator[StageView]:
    result = StageView()
    result.set_animated(False)
    result.resize(700, 500)
    result.set_source(Pyramid(image), sink.levels)
    result.set_tool(BrushTool(BrushSettings(6, 1.0), sink))
    result.show()
    qapp.processEvents()
    yield result
    result.close()


@pytest.fixture
def five(view: StageView, qapp: QApplication) -> StageView:
    """All panes side by side, a run with a detail step under way."""
    view.resize(1200, 700)
    view.show_pane(None)
    view.begin_run(tuple(Stage))
    qapp.processEvents()
    return view


def result_of(shade: int) -> list[RegionPatch]:
    return [RegionPatch(HOLE, np.full((HOLE.height, HOLE.width, 3), shade, np.uint8))]


PANES = tuple(pane for pane in Pane if pane is not Pane.KEPT)
"""Those of a run; that of the keep brush is not there before somebody takes it."""


def middle(view: StageView, pane: Pane) -> list[int]:
    """The colour that `pane` shows in the middle of the hole."""
    canvas = view.canvas(pane)
    x, y = canvas.transform().to_view(Point(HOLE.x + HOLE.width / 2, HOLE.y + HOLE.height / 2))
    colour: list[int] = pixels(canvas)[int(y), int(x)].tolist()
    return colour


def fill(view: StageView) -> None:
    view.begin_run()
    for index, stage in enumerate(STAGES):
        view.set_result(stage, result_of(40 * index + 100), 0.5 + index)


def states(view: StageView) -> list[PaneState]:
    return [view.pane(pane).state for pane in PANES]


# States


def test_it_starts_with_the_original_alone(view: StageView) -> None:
    assert view.current is Pane.ORIGINAL
    assert view.canvas(Pane.ORIGINAL).isVisible()
    assert not view.pane(Pane.ORIGINAL).caption.isVisible()
    assert not view.canvas(Pane.GLOBAL).isVisible()
    assert states(view) == [PaneState.READY] + [PaneState.EMPTY] * 4


def test_a_run_goes_through_its_states(view: StageView) -> None:
    view.show_pane(None)
    view.begin_run([Stage.COARSE, Stage.LOCAL])
    assert states(view)[1:] == [PaneState.WAITING, PaneState.WAITING, PaneState.EMPTY, PaneState.EMPTY]
    view.set_progress(Stage.COARSE, "Region 1 of 2")
    assert states(view)[1] is PaneState.RUNNING
    view.set_progress(Stage.COARSE, "Region 2 of 2")
    assert view.pane(Pane.COARSE).detail == "Region 2 of 2"
    assert not view.pane(Pane.COARSE).caption.accept_button.isVisible()
    view.set_result(Stage.COARSE, result_of(200), 0.84)
    assert states(view)[1] is PaneState.READY
    assert "840" in view.pane(Pane.COARSE).caption.detail
    assert view.pane(Pane.COARSE).caption.accept_button.isVisible()
    view.end_run()
    assert states(view)[1:] == [PaneState.READY, PaneState.EMPTY, PaneState.EMPTY, PaneState.EMPTY]
    view.clear_results()
    assert states(view)[1:] == [PaneState.EMPTY] * 4
    assert view.canvas(Pane.COARSE).scene.patches is None


def test_results_show_in_their_panes_only(view: StageView) -> None:
    view.show_pane(None)
    before = middle(view, Pane.ORIGINAL)
    fill(view)
    assert middle(view, Pane.ORIGINAL) == before
    for index, pane in enumerate((Pane.COARSE, Pane.LOCAL, Pane.GLOBAL)):
        assert middle(view, pane) == [40 * index + 100] * 3


def test_a_waiting_pane_is_dimmed(view: StageView) -> None:
    view.show_pane(None)
    view.begin_run()
    waiting = middle(view, Pane.LOCAL)
    view.set_result(Stage.LOCAL, [RegionPatch(Rect(0, 0, 1, 1), np.zeros((1, 1, 3), np.uint8))], 1.0)
    assert waiting != middle(view, Pane.LOCAL)


def test_results_fade_in_where_animated(view: StageView, qtbot: object) -> None:
    view.show_pane(None)
    view.set_animated(True)
    view.set_result(Stage.COARSE, result_of(200), 1.0)
    scene = view.canvas(Pane.COARSE).scene
    assert scene.patch_opacity < 1.0
    qtbot.waitUntil(lambda: scene.patch_opacity == 1.0, timeout=2000)


def test_the_original_shows_while_held(view: StageView) -> None:
    view.show_pane(Pane.GLOBAL)
    fill(view)
    view.show_original(True)
    assert middle(view, Pane.GLOBAL) != [180] * 3
    view.show_original(False)
    assert middle(view, Pane.GLOBAL) == [180] * 3


def test_another_image_forgets_results(view: StageView, image: Image) -> None:
    fill(view)
    view.set_source(Pyramid(image), MaskLevels(blank(image)))
    assert states(view)[1:] == [PaneState.EMPTY] * 4
    assert view.viewport.is_fit
    view.set_source(None, None)
    assert (pixels(view.canvas(Pane.ORIGINAL)) == pixels(view.canvas(Pane.ORIGINAL))[0, 0]).all()


# Switching


def test_switching_tells_once(view: StageView) -> None:
    told: list[Pane | None] = []
    view.pane_shown.connect(told.append)
    for pane in (None, None, Pane.LOCAL, Pane.LOCAL):
        view.show_pane(pane)
    assert told == [None, Pane.LOCAL]
    assert [view.canvas(pane).isVisible() for pane in PANES] == [False, False, True, False, False]


def test_captions_double_clicks_and_tabs_switch(view: StageView, qapp: QApplication) -> None:
    fill(view)
    view.show_pane(None)
    QTest.mouseClick(view.pane(Pane.COARSE).caption, LEFT, pos=QPoint(20, 10))
    assert view.current is Pane.COARSE
    tabs = view.tabs
    assert tabs.isVisible()
    assert tabs.tab(Pane.COARSE).isChecked()
    QTest.mouseClick(tabs.tab(Pane.GLOBAL), LEFT)
    assert view.current is Pane.GLOBAL
    assert not tabs.tab(Pane.COARSE).isChecked()
    pixels(tabs)
    QTest.mouseClick(view.pane(Pane.GLOBAL).caption, LEFT, pos=QPoint(20, 10))
    assert view.current is None
    assert not tabs.isVisible()
    mouse(view.canvas(Pane.LOCAL), QEvent.Type.MouseButtonDblClick, (50, 50))
    assert view.current is Pane.LOCAL
    QTest.mouseClick(tabs.all_button, LEFT)
    assert view.current is None


def test_five_tabs_keep_their_words_in_a_narrow_window(five: StageView, qapp: QApplication) -> None:
    five.show_pane(Pane.DETAIL)
    five.resize(672, 600)
    qapp.processEvents()
    assert five.width() == 672, "the tabs do not widen the window"
    for pane in PANES:
        tab = five.tabs.tab(pane)
        words = tab.fontMetrics().horizontalAdvance(pane.title)
        assert tab.width() - tab.thumbnail_size().width() - 20 >= words, pane


def test_accept_asks_for_its_stage(view: StageView) -> None:
    asked: list[Stage] = []
    view.accept_requested.connect(asked.append)
    fill(view)
    view.show_pane(None)
    for pane in (Pane.GLOBAL, Pane.COARSE):
        QTest.mouseClick(view.pane(pane).caption.accept_button, LEFT)
    assert asked == [Stage.GLOBAL, Stage.COARSE]
    assert view.current is None


def test_switching_keeps_the_keys_on_a_canvas(view: StageView, qapp: QApplication) -> None:
    view.activateWindow()
    view.canvas(Pane.ORIGINAL).setFocus()
    fill(view)
    view.show_pane(Pane.GLOBAL)
    assert view.focusWidget() is view.canvas(Pane.GLOBAL)


# Shared zoom, pan and pointer


def test_panes_share_zoom_and_pan(view: StageView, qapp: QApplication) -> None:
    view.show_pane(None)
    qapp.processEvents()
    four = [pane for pane in PANES if pane is not Pane.DETAIL]
    assert len({(view.canvas(pane).width(), view.canvas(pane).height()) for pane in four}) == 1
    drag(view.canvas(Pane.LOCAL), (60, 60), (80, 65))
    view.viewport.set_scale(3.0)
    assert len({view.canvas(pane).transform() for pane in four}) == 1
    assert not view.viewport.is_fit


def test_a_fitted_image_stays_fitted_between_grid_and_large(view: StageView, qapp: QApplication) -> None:
    large = view.viewport.scale
    view.show_pane(None)
    qapp.processEvents()
    assert view.viewport.scale < large
    view.show_pane(Pane.ORIGINAL)
    qapp.processEvents()
    assert view.viewport.scale == pytest.approx(large)


def test_the_pointer_shows_in_the_other_panes(view: StageView, qapp: QApplication) -> None:
    view.show_pane(None)
    fill(view)
    qapp.processEvents()
    clean = {pane: pixels(view.canvas(pane)) for pane in PANES}
    mouse(view.canvas(Pane.LOCAL), QEvent.Type.MouseMove, (100, 80), Qt.MouseButton.NoButton)
    for pane in (Pane.ORIGINAL, Pane.COARSE, Pane.GLOBAL):
        changed = np.argwhere((pixels(view.canvas(pane)) != clean[pane]).any(axis=2))
        assert abs(changed.mean(axis=0) - [80, 100]).max() < 2, pane
    assert np.array_equal(pixels(view.canvas(Pane.LOCAL)), clean[Pane.LOCAL])
    QApplication.sendEvent(view.canvas(Pane.LOCAL), QEvent(QEvent.Type.Leave))
    for pane in PANES:
        assert np.array_equal(pixels(view.canvas(pane)), clean[pane])


@pytest.mark.parametrize("shown", [Pane.ORIGINAL, None])
def test_painting_works_in_the_original_large_and_in_the_grid(
    view: StageView, sink: MaskSink, qapp: QApplication, shown: Pane | None
) -> None:
    view.show_pane(shown)
    qapp.processEvents()
    drag(view.canvas(Pane.ORIGINAL), (100, 100), (110, 100))
    assert sink.verbs == ["begin", "to", "to", "end"]
    drag(view.canvas(Pane.GLOBAL), (100, 100), (110, 100))
    assert sink.verbs.count("begin") == 1
    drag(view.canvas(Pane.ORIGINAL), (100, 100), (110, 100), release=False)
    assert view.abort()
    assert not view.abort()


def test_the_overlay_is_in_the_original_only(view: StageView, sink: MaskSink) -> None:
    view.show_pane(None)
    view.begin_run()
    before = middle(view, Pane.ORIGINAL)
    sink.mask[HOLE.slices] = 255
    sink.levels.update(HOLE)
    view.refresh_mask(HOLE)
    assert middle(view, Pane.ORIGINAL) != before
    view.set_overlay(False, "#00ff00", 0.5)
    assert middle(view, Pane.ORIGINAL) == before
    assert view.canvas(Pane.LOCAL).scene.overlay is None


# The grid


@pytest.mark.parametrize(("area", "extent", "columns"), [
    ((1600, 400), Extent(300, 200), 4), ((1600, 1000), Extent(300, 200), 2), ((400, 1600), Extent(300, 200), 1),
    ((900, 1000), Extent(200, 300), 2), ((1600, 900), Extent(100, 400), 4),
])  # fmt: skip
def test_the_grid_shows_the_image_as_large_as_it_can(area: tuple[int, int], extent: Extent, columns: int) -> None:
    placed = cells(QRect(0, 0, *area), extent, 4)
    assert len({cell.x() for cell in placed}) == columns
    assert len({(cell.width(), cell.height()) for cell in placed}) == 1
    for index, cell in enumerate(placed):
        assert QRect(0, 0, *area).contains(cell)
        assert not any(cell.intersects(other) for other in placed[:index])
    assert all(cell.height() > pane_caption.HEIGHT for cell in placed)


def test_detail_stands_large_beside_the_original(five: StageView) -> None:
    at = {pane: five.pane(pane).geometry() for pane in PANES}
    original, detail = at[Pane.ORIGINAL], at[Pane.DETAIL]
    lower = [at[pane] for pane in (Pane.COARSE, Pane.LOCAL, Pane.GLOBAL)]
    assert original.size() == detail.size()
    assert original.y() == detail.y() == 0
    assert original.x() < detail.x()
    assert [cell.x() for cell in lower] == sorted(cell.x() for cell in lower)
    assert {cell.y() for cell in lower} == {original.height() + 1}
    assert all(cell.width() < original.width() and cell.height() < original.height() for cell in lower)
    assert all(five.canvas(pane).isVisible() for pane in PANES)


def test_fitted_panes_of_two_sizes_show_the_whole_image_each_zoomed_ones_the_same_zoom(five: StageView) -> None:
    shown = {pane: five.canvas(pane).transform() for pane in PANES}
    assert shown[Pane.DETAIL] == shown[Pane.ORIGINAL]
    assert shown[Pane.ORIGINAL].scale == five.viewport.scale > shown[Pane.LOCAL].scale
    for pane, view in shown.items():
        width, height = five.canvas(pane).view_size()
        x, y = view.to_view(Point(96, 64))
        assert 0 <= view.x < x <= width, pane
        assert 0 <= view.y < y <= height, pane
    five.viewport.zoom_step(1)
    assert {five.canvas(pane).transform().scale for pane in PANES} == {five.viewport.scale}


def test_without_detail_the_grid_is_of_four(five: StageView, qapp: QApplication) -> None:
    tab = five.tabs.tab(Pane.DETAIL)
    five.show_pane(Pane.LOCAL)
    assert tab.isVisible()
    five.begin_run(STAGES)
    assert not tab.isVisible()
    five.show_pane(None)
    qapp.processEvents()
    assert not five.canvas(Pane.DETAIL).isVisible()
    four = [pane for pane in PANES if pane is not Pane.DETAIL]
    assert len({(five.canvas(pane).width(), five.canvas(pane).height()) for pane in four}) == 1
    five.show_pane(Pane.DETAIL)
    five.end_run()
    assert tab.isVisible(), "who looks at it sees where he is"
    assert five.pane(Pane.DETAIL).detail == "Not part of this run"


def test_a_detail_step_that_never_came_leaves_no_gap(five: StageView) -> None:
    for stage in STAGES:
        five.set_result(stage, result_of(100), 0.1)
    five.end_run()
    assert not five.canvas(Pane.DETAIL).isVisible()
    assert five.pane(Pane.ORIGINAL).size() == five.pane(Pane.GLOBAL).size()


@pytest.mark.parametrize(("area", "extent"), [
    ((1400, 800), Extent(300, 200)), ((1400, 800), Extent(200, 300)), ((900, 1300), Extent(300, 200)),
    ((1600, 500), Extent(600, 100)), ((300, 300), Extent(1, 1)),
])  # fmt: skip
def test_two_rows_fill_the_area_and_the_upper_is_the_larger(area: tuple[int, int], extent: Extent) -> None:
    upper, lower = rows(QRect(0, 0, *area), extent, 2, 3)
    for row in (upper, lower):
        assert len({(cell.width(), cell.height(), cell.y()) for cell in row}) == 1
        assert row[-1].right() < area[0]
        assert all(one.right() + 2 == other.x() for one, other in pairwise(row))
    assert upper[0].y() == 0
    assert upper[0].bottom() + 2 == lower[0].y()
    assert lower[0].bottom() == area[1] - 1
    assert upper[0].height() > lower[0].height() > pane_caption.HEIGHT


def test_everything_has_a_name_for_screen_readers(view: StageView) -> None:
    for pane in PANES:
        assert view.canvas(pane).accessibleName()
        assert view.tabs.tab(pane).accessibleName()
        assert view.pane(pane).caption.accept_button.accessibleName()


def test_a_narrow_caption_lets_the_time_go_first_then_the_button(qtbot: QtBot) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    caption = pane_caption.PaneCaption("Coarse", host)
    host.resize(400, 36)
    host.show()
    caption.set_result("840 ms", acceptable=True)
    detail, button = caption.findChildren(QLabel)[1], caption.accept_button
    assert detail.text() == "840 ms"
    name, margins = caption.findChildren(QLabel)[0], 32
    without = margins + name.sizeHint().width() + 8 + button.sizeHint().width()
    whole = without + 8 + detail.sizeHint().width()
    for width, shown in ((whole, (True, True)), (without, (False, True)), (60, (False, False)), (whole, (True, True))):
        caption.resize(width, 36)
        assert (detail.isVisible(), button.isVisible()) == shown, width
