"""The Stages menu: what shows how a hole is filled, stage by stage. Each part has a module of its own."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.attention import attention_actions
from app.ui.actions.compare import compare_actions
from app.ui.actions.costs import cost_actions
from app.ui.actions.difference import difference_actions
from app.ui.actions.keep import keep_actions
from app.ui.actions.present import present_actions
from app.ui.actions.spec import ActionSpec
from app.ui.actions.talk import talk_actions


def stage_actions() -> Iterator[ActionSpec]:
    yield from compare_actions()
    yield from difference_actions()
    yield from keep_actions()
    yield from attention_actions()
    yield from present_actions()
    yield from cost_actions()
    yield from talk_actions()
