"""Comparing methods, in the Stages menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu, has_document
from app.ui.language import mark


def compare_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "compare_methods",
        mark("&Compare methods…"),
        lambda c: c.compare.show(),
        Menu.STAGES,
        ("Ctrl+Shift+C",),
        icon="view-grid-outline",
        tip=mark(
            "Fills the same hole by several methods, one after the other, and shows them side by side with times and"
            " figures; the photo stays as it is."
        ),
        enabled=has_document,
    )
