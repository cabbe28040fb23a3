"""Keeping a stage here and another there."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Menu
from app.ui.language import mark


def keep_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "keep",
        mark("&Keep a stage"),
        lambda c: c.keep.take(),
        Menu.STAGES,
        ("K",),
        icon="layers-edit",
        tip=mark("With results on the screen: paint where another stage should win. Alt takes it back."),
        enabled=lambda c: c.keep.can_keep(),
        checked=lambda c: c.keep.is_in_hand(),
        bar=Bar.TOOLS,
        starts_group=True,
    )
    yield ActionSpec(
        "keep_next",
        mark("Keep the &next stage"),
        lambda c: c.keep.next_stage(),
        Menu.STAGES,
        ("Shift+K",),
        tip=mark("Let the keep brush choose the next stage that has a result."),
        enabled=lambda c: c.keep.can_keep(),
    )
    yield ActionSpec(
        "keep_tint",
        mark("Show &where each stage is kept"),
        lambda c: c.keep.toggle_tint(),
        Menu.STAGES,
        tip=mark("Tint it in the stage's colour, while the keep brush is in hand."),
        checked=lambda c: c.keep.is_tint_shown(),
    )
    yield ActionSpec(
        "show_kept",
        mark("Show what is k&ept"),
        lambda c: c.keep.show_mixture(),
        Menu.STAGES,
        tip=mark("The mixture of the stages, large."),
        enabled=lambda c: c.keep.has_kept(),
        checked=lambda c: c.keep.is_mixture_shown(),
    )
    yield ActionSpec(
        "accept_kept",
        mark("Accept what &is kept"),
        lambda c: c.keep.accept(),
        Menu.STAGES,
        tip=mark("Take the mixture of the stages into the photo."),
        enabled=lambda c: c.keep.can_accept(),
    )
