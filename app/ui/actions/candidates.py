"""The entry that fills the hole several times."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu
from app.ui.language import mark


def candidate_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "candidates",
        mark("Can&didates"),
        lambda c: c.candidates.make(),
        Menu.RUN,
        ("Ctrl+Return", "Ctrl+Enter"),
        icon="view-carousel-outline",
        tip=mark(
            "Fills the hole several times, seeing more or less of the photo and copying from other places. The arrow"
            " keys look at one after the other, Enter takes one, and undo brings all of them back."
        ),
        enabled=lambda c: c.candidates.can_make(),
    )
