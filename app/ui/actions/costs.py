"""The entry of the Stages menu that tells what each stage took."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu
from app.ui.language import mark


def cost_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "costs",
        mark("W&hat the stages cost"),
        lambda c: c.costs.toggle(),
        Menu.STAGES,
        ("Ctrl+Alt+I",),
        icon="scale-balance",
        tip=mark("Time, memory, parameters, multiply-adds and receptive field of each stage of the run that is shown."),
        checked=lambda c: c.costs.is_shown(),
    )
