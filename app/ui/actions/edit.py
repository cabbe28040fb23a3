"""The Edit menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Key, Menu
from app.ui.language import mark


def edit_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "undo",
        mark("&Undo"),
        lambda c: c.edit.session.undo(),
        Menu.EDIT,
        ("Ctrl+Z",),
        standard=Key.Undo,
        icon="undo",
        enabled=lambda c: c.edit.can_undo(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "redo",
        mark("&Redo"),
        lambda c: c.edit.session.redo(),
        Menu.EDIT,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        standard=Key.Redo,
        icon="redo",
        enabled=lambda c: c.edit.can_redo(),
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "settings",
        mark("Se&ttings…"),
        lambda c: c.view.window.show_settings(),
        Menu.EDIT,
        ("Ctrl+,",),
        standard=Key.Preferences,
        icon="tune-variant",
        starts_group=True,
    )
