"""The Help menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Menu
from app.ui.language import mark


def help_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "keys", mark("&Keys"), lambda c: c.view.window.show_keys(), Menu.HELP, ("F1", "?"), icon="keyboard-outline"
    )
    yield ActionSpec("log", mark("Open the &log folder"), lambda c: c.view.open_log_folder(), Menu.HELP)
    yield ActionSpec(
        "first_steps",
        mark("Show the &first steps again"),
        lambda c: c.help.show_first_steps(),
        Menu.HELP,
        tip=mark("The hints beside brush and prompt, each until it has been done once."),
        enabled=lambda c: c.help.has_seen_steps(),
    )
    yield ActionSpec("about", mark("&About Lacuna"), lambda c: c.help.show_about(), Menu.HELP, starts_group=True)
