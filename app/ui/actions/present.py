"""The entries of the Stages menu that look closely, and that show a photo to others."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Commands, Menu, Run, has_document
from app.ui.language import mark

_SWAPS = (
    ("loupe_next", mark("Next stage in the loupe"), "S", 1),
    ("loupe_back", mark("Stage before in the loupe"), "Shift+S", -1),
)
"""Id, text, key, and steps."""


def present_actions() -> Iterator[ActionSpec]:
    yield from _loupe()
    yield ActionSpec(
        "present",
        mark("Presentation"),
        lambda c: c.present.present(),
        Menu.STAGES,
        ("F5",),
        icon="presentation-play",
        tip=mark("Show the photo alone on a dark screen; the arrow keys step through the stages, F1 has all keys."),
        enabled=has_document,
        starts_group=True,
    )
    yield ActionSpec(
        "present_elsewhere",
        mark("Present on the other screen"),
        lambda c: c.present.use_other_screen(),
        Menu.STAGES,
        icon="monitor-multiple",
        tip=mark("Fill another screen than the one with this window."),
        enabled=lambda c: c.present.has_other_screen(),
        checked=lambda c: c.present.is_elsewhere(),
    )


def _loupe() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "loupe",
        mark("Loupe"),
        lambda c: c.present.toggle_loupe(),
        Menu.STAGES,
        ("Z",),
        icon="loupe",
        tip=mark("Show what is under the pointer pixel for pixel, while the view stays as it is."),
        enabled=has_document,
        checked=lambda c: c.present.loupe.is_on,
        starts_group=True,
    )
    yield ActionSpec(
        "loupe_zoom",
        mark("Closer in the loupe"),
        lambda c: c.present.loupe.cycle_zoom(),
        Menu.STAGES,
        ("Shift+Z",),
        tip=mark("From 100 % to 200 %, to 400 %, and back to 100 %."),
        enabled=_has_loupe,
    )
    for id_, text, key, step in _SWAPS:
        yield ActionSpec(
            id_,
            text,
            _swap(step),
            Menu.STAGES,
            (key,),
            tip=mark("Show another stage in the glass than the one below it."),
            enabled=lambda c: c.present.can_swap(),
        )


def _has_loupe(commands: Commands) -> bool:
    return has_document(commands) and commands.present.loupe.is_on


def _swap(step: int) -> Run:
    return lambda commands: commands.present.swap_in_loupe(step)
