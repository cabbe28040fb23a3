"""The entries of the View menu that zoom, turn and compare."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Commands, Key, Menu, Run, has_document
from app.ui.commands.look import TURN
from app.ui.language import mark

_STEPS = (
    ("divider_back", mark("Move the line &back"), "Alt+Left", -0.05),
    ("divider_on", mark("Move the line &on"), "Alt+Right", 0.05),
)
"""Id, text, key, and the share of the pane."""


def look_actions() -> Iterator[ActionSpec]:
    yield from _zoom()
    yield from _turn()
    yield from _compare()


def _zoom() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "zoom_in",
        mark("Zoom &in"),
        lambda c: c.look.zoom_in(),
        Menu.VIEW,
        ("Ctrl++",),
        ("Ctrl+=",),
        standard=Key.ZoomIn,
        icon="magnify-plus-outline",
        enabled=has_document,
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "zoom_out",
        mark("&Zoom out"),
        lambda c: c.look.zoom_out(),
        Menu.VIEW,
        ("Ctrl+-",),
        standard=Key.ZoomOut,
        icon="magnify-minus-outline",
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "fit",
        mark("&Fit"),
        lambda c: c.look.fit(),
        Menu.VIEW,
        ("Ctrl+0",),
        icon="fit-to-screen-outline",
        tip=mark("Show the whole photo."),
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "fill_view",
        mark("Fill the vie&w"),
        lambda c: c.look.fill(),
        Menu.VIEW,
        ("Ctrl+Shift+0",),
        ("Ctrl+)",),
        tip=mark("Show as much of the photo as leaves no empty margins."),
        enabled=has_document,
    )
    yield ActionSpec(
        "actual_size",
        mark("&100 %"),
        lambda c: c.look.zoom_to(1.0),
        Menu.VIEW,
        ("Ctrl+1",),
        icon="numeric-1-box-outline",
        tip=mark("One pixel of the photo is one pixel of the screen."),
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "double_size",
        mark("&200 %"),
        lambda c: c.look.zoom_to(2.0),
        Menu.VIEW,
        ("Ctrl+2",),
        tip=mark("One pixel of the photo is a square of two by two on the screen."),
        enabled=has_document,
    )
    yield ActionSpec(
        "pixel_grid",
        mark("Pixel grid"),
        lambda c: c.look.toggle_grid(),
        Menu.VIEW,
        tip=mark("Part the photo's pixels with lines from 800 % on."),
        enabled=has_document,
        checked=lambda c: c.look.has_grid(),
    )


def _turn() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "turn_right",
        mark("Turn the view &right"),
        lambda c: c.look.turn(TURN),
        Menu.TURN,
        ("Ctrl+]",),
        icon="rotate-right",
        tip=mark("Turn the view by 15°. The photo itself stays as it is."),
        enabled=has_document,
    )
    yield ActionSpec(
        "turn_left",
        mark("Turn the view &left"),
        lambda c: c.look.turn(-TURN),
        Menu.TURN,
        ("Ctrl+[",),
        icon="rotate-left",
        tip=mark("Turn the view by 15°. The photo itself stays as it is."),
        enabled=has_document,
    )
    yield ActionSpec(
        "turn_quarter",
        mark("Turn it by a &quarter"),
        lambda c: c.look.turn(90.0),
        Menu.TURN,
        tip=mark("Turn the view by 90°. The photo itself stays as it is."),
        enabled=has_document,
    )
    yield ActionSpec(
        "turn_back",
        mark("Turn it &upright again"),
        lambda c: c.look.turn_back(),
        Menu.TURN,
        ("Ctrl+5",),
        enabled=lambda c: has_document(c) and c.look.is_turned(),
        starts_group=True,
    )


def _compare() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "divider",
        mark("Before &and after"),
        lambda c: c.look.toggle_divider(),
        Menu.COMPARE,
        ("D",),
        icon="compare",
        tip=mark(
            "Part the picture: the photo as it was on one side of a line, as it is now on the other.<br>"
            "Drag the line, or move it with the arrow keys."
        ),
        enabled=has_document,
        checked=lambda c: c.look.is_compared(),
        bar=Bar.TOP,
    )
    for id_, text, key, step in _STEPS:
        yield ActionSpec(id_, text, _move(step), Menu.COMPARE, (key,), enabled=_is_compared)
    yield ActionSpec(
        "divider_level",
        mark("Before above after"),
        lambda c: c.look.turn_divider(),
        Menu.COMPARE,
        ("Shift+D",),
        enabled=_is_compared,
        checked=lambda c: not c.look.is_divider_upright(),
    )
    yield ActionSpec(
        "hold_original",
        mark("Original, while held"),
        lambda c: c.look.hold_original(),
        Menu.NONE,
        ("\\",),
        release=lambda c: c.look.release_original(),
    )


def _is_compared(commands: Commands) -> bool:
    return has_document(commands) and commands.look.is_compared()


def _move(step: float) -> Run:
    return lambda commands: commands.look.move_divider(step)
