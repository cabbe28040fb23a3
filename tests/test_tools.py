import pytest

from app.imaging.geometry import EMPTY, Point, Rect
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.pressure import LIGHTEST, PressureCurve
from tests.canvases import ALT, LEFT, MIDDLE, NONE, RIGHT, SHIFT, MaskSink, blank, picture


@pytest.fixture
def brush() -> BrushSettings:
    return BrushSettings(size=10, hardness=1.0)


@pytest.fixture
def sink() -> MaskSink:
    return MaskSink(blank(picture()))


def test_a_drag_is_one_stroke(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    dirty = tool.press(Point(10, 10), NONE)
    assert tool.busy
    assert not dirty.is_empty
    tool.move(Point(20, 10), NONE)
    tool.release(Point(20, 10), NONE)
    assert not tool.busy
    assert sink.log == [("begin", 10, 1.0, False), ("to", 10, 10, 1.0), ("to", 20, 10, 1.0), ("end",)]


@pytest.mark.parametrize(("erase", "modifiers", "erases"), [
    (False, NONE, False), (False, ALT, True), (True, NONE, True), (True, ALT, False),
])  # fmt: skip
def test_alt_inverts(brush: BrushSettings, sink: MaskSink, erase: bool, modifiers: object, erases: bool) -> None:
    tool = BrushTool(brush, sink, erase=erase)
    assert tool.cursor(Point(0, 0), modifiers).erase is erases
    tool.press(Point(10, 10), modifiers)
    assert sink.log[0][3] is erases


def test_a_stroke_stays_what_it_began_as(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(10, 10), ALT)
    tool.move(Point(12, 10), NONE)
    assert tool.cursor(Point(12, 10), NONE).erase
    assert sink.verbs == ["begin", "to", "to"]


def test_shift_click_draws_a_line_from_the_last_point(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(5, 5), NONE)
    tool.release(Point(5, 5), NONE)
    tool.press(Point(40, 25), SHIFT)
    assert sink.log[-2:] == [("to", 5, 5, 1.0), ("to", 40, 25, 1.0)]
    tool.release(Point(40, 25), SHIFT)
    assert sink.verbs.count("begin") == 2


def test_shift_click_without_a_last_point_is_a_dab(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(5, 5), SHIFT)
    assert sink.verbs == ["begin", "to"]
    tool.release(Point(5, 5), SHIFT)
    tool.forget()
    tool.press(Point(9, 9), SHIFT)
    assert sink.verbs.count("to") == 2


def test_abort_takes_the_stroke_and_its_end_point_back(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(5, 5), NONE)
    tool.release(Point(5, 5), NONE)
    tool.press(Point(30, 30), NONE)
    assert tool.abort() == Rect.of_array(sink.mask)
    assert not tool.busy
    tool.press(Point(8, 8), SHIFT)
    assert ("to", 5, 5, 1.0) in sink.log[-2:]


def test_nothing_to_abort_is_fine(brush: BrushSettings, sink: MaskSink) -> None:
    assert BrushTool(brush, sink).abort() == EMPTY
    assert sink.log == []


def test_adjusting_changes_the_brush_round_the_place_pressed(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.begin_adjust(Point(10, 10))
    tool.adjust(30, 0)
    tool.move(Point(25, 10), ALT)
    assert brush.size == 40
    assert tool.cursor(Point(25, 40), ALT).centre == Point(10, 10)
    assert tool.outline(Point(25, 40), ALT).label == "40 px · 100 %"
    tool.release(Point(25, 40), ALT)
    assert sink.log == []
    assert tool.outline(Point(25, 40), ALT) is None
    tool.begin_adjust(Point(0, 0))
    tool.adjust(18, -0.5)
    assert (brush.size, brush.hardness) == (58, 0.5)
    tool.abort()
    assert (brush.size, brush.hardness) == (40, 1)


@pytest.mark.parametrize("button", [RIGHT, MIDDLE])
def test_other_buttons_do_nothing(brush: BrushSettings, sink: MaskSink, button: object) -> None:
    tool = BrushTool(brush, sink)
    assert tool.press(Point(1, 1), NONE, button=button) == EMPTY
    assert not tool.busy


def test_a_second_press_during_a_stroke_is_ignored(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(1, 1), NONE)
    tool.press(Point(5, 5), ALT, button=LEFT)
    assert sink.verbs == ["begin", "to"]


def test_pressure_scales_the_size_unless_switched_off(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(1, 1), NONE, 0.5)
    tool.move(Point(2, 1), NONE, 0.0)
    brush.set_pressure_curve(None)
    tool.move(Point(3, 1), NONE, 0.5)
    assert [entry[3] for entry in sink.log if entry[0] == "to"] == [0.5, 0.05, 1.0]


def test_settings_are_clamped_and_told_once() -> None:
    brush = BrushSettings(size=0, hardness=3)
    assert (brush.size, brush.hardness) == (1, 1)
    told = []
    brush.changed.connect(lambda: told.append(brush.size))
    brush.set_size(99999)
    brush.set_size(2000)
    brush.set_hardness(-1)
    assert (brush.size, brush.hardness) == (2000, 0)
    assert len(told) == 2


# Pressure


@pytest.mark.parametrize(
    ("curve", "expected"),
    [(PressureCurve.SOFT, 0.5), (PressureCurve.LINEAR, 0.25), (PressureCurve.FIRM, 0.0625), (None, 1.0)],
)
def test_a_curve_says_how_hard_to_press(brush: BrushSettings, curve: PressureCurve | None, expected: float) -> None:
    brush.set_pressure_curve(curve)
    assert brush.share(0.25) == pytest.approx(expected)
    assert brush.share(1.0) == brush.share(7.0) == 1.0


@pytest.mark.parametrize("curve", PressureCurve)
def test_curves_rise_and_the_lightest_touch_still_paints(curve: PressureCurve) -> None:
    shares = [curve.share(step / 20) for step in range(21)]
    assert shares == sorted(shares)
    assert shares[0] == curve.share(-1) == LIGHTEST


def test_a_pen_that_comes_down_without_pressure_paints_a_small_dot(sink: MaskSink) -> None:
    tool = BrushTool(BrushSettings(80, 1.0), sink)
    dirty = tool.press(Point(40, 30), NONE, 0.0)
    assert (dirty.width, dirty.height) == (4, 4)
    tool.release(Point(40, 30), NONE)
    assert 0 < (sink.mask > 0).sum() <= 16


# Rows and columns


def to_points(sink: MaskSink) -> list[tuple[float, float]]:
    return [(entry[1], entry[2]) for entry in sink.log if entry[0] == "to"]


def test_shift_pressed_later_keeps_to_the_row_or_column(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(10, 10), NONE)
    tool.move(Point(12, 12), NONE)
    tool.move(Point(12.5, 13), SHIFT)
    tool.move(Point(30, 16), SHIFT)
    tool.move(Point(40, 60), SHIFT)
    tool.move(Point(42, 50), NONE)
    tool.move(Point(43, 70), SHIFT)
    assert to_points(sink) == [(10, 10), (12, 12), (12, 12), (30, 12), (40, 12), (42, 50), (42, 70)]


def test_after_a_straight_line_shift_must_be_let_go_first(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(5, 5), NONE)
    tool.release(Point(5, 5), NONE)
    tool.press(Point(40, 25), SHIFT)
    tool.move(Point(44, 35), SHIFT)
    tool.move(Point(45, 36), NONE)
    tool.move(Point(60, 38), SHIFT)
    assert to_points(sink)[1:] == [(5, 5), (40, 25), (44, 35), (45, 36), (60, 36)]


def test_the_first_stroke_has_no_line_to_draw_so_shift_keeps_to_the_row(brush: BrushSettings, sink: MaskSink) -> None:
    tool = BrushTool(brush, sink)
    tool.press(Point(5, 5), SHIFT)
    tool.move(Point(15, 8), SHIFT)
    assert to_points(sink) == [(5, 5), (15, 5)]
