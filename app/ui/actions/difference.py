"""The entries that show how two stages differ."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu
from app.ui.language import mark


def difference_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "difference",
        mark("&Difference map"),
        lambda c: c.difference.toggle(),
        Menu.STAGES,
        ("I",),
        icon="vector-difference",
        tip=mark("Shows where two stages differ, and how much, in colours and in figures."),
        enabled=lambda c: c.difference.can_show(),
        checked=lambda c: c.difference.is_on(),
    )
    yield ActionSpec(
        "difference_next",
        mark("Next &pair of stages"),
        lambda c: c.difference.next_pair(),
        Menu.STAGES,
        ("Shift+I",),
        tip=mark("Compares each stage with the one before it, then the first and the original with the last."),
        enabled=lambda c: c.difference.can_show(),
    )
    yield ActionSpec(
        "difference_more",
        mark("&Amplify more"),
        lambda c: c.difference.amplify(1),
        Menu.DIFFERENCE,
        enabled=lambda c: c.difference.can_amplify(1),
    )
    yield ActionSpec(
        "difference_less",
        mark("Amplify &less"),
        lambda c: c.difference.amplify(-1),
        Menu.DIFFERENCE,
        enabled=lambda c: c.difference.can_amplify(-1),
    )
    yield ActionSpec(
        "difference_signed",
        mark("&Signed difference"),
        lambda c: c.difference.toggle_signed(),
        Menu.DIFFERENCE,
        tip=mark("Lighter and darker round grey, instead of how large a difference is."),
        enabled=lambda c: c.difference.is_on(),
        checked=lambda c: c.difference.is_signed(),
    )
