"""The Stages menu: what shows how a hole is filled, stage by stage. Each part has a module of its own."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec
from app.ui.actions.talk import talk_actions


def stage_actions() -> Iterator[ActionSpec]:
    yield from talk_actions()
