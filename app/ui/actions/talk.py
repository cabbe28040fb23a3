"""The entries of the Stages menu that save something for a talk or a paper."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu
from app.ui.language import mark


def talk_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "save_film",
        mark("&Film of the stages…"),
        lambda c: c.talk.save_film(),
        Menu.SAVE_STAGES,
        ("Ctrl+Alt+F",),
        icon="movie-open-outline",
        tip=mark("A film that goes from the hole through all stages: MP4, WebP or GIF."),
        enabled=lambda c: c.talk.has_results(),
    )
    yield ActionSpec(
        "save_strip",
        mark("&Strip of the stages…"),
        lambda c: c.talk.save_strip(),
        Menu.SAVE_STAGES,
        ("Ctrl+Alt+P",),
        icon="view-column-outline",
        tip=mark("All stages side by side in one picture, for a slide or a paper: PNG or PDF."),
        enabled=lambda c: c.talk.has_results(),
    )
