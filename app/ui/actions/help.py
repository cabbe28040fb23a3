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
    yield ActionSpec("about", mark("&About Lacuna"), lambda c: c.view.window.show_about(), Menu.HELP, starts_group=True)
