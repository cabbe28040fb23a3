"""The Edit menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Key, Menu, has_document
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
        "copy",
        mark("&Copy the photo"),
        lambda c: c.share.copy(),
        Menu.EDIT,
        ("Ctrl+C",),
        standard=Key.Copy,
        icon="content-copy",
        tip=mark("Puts the whole photo, as edited and at full size, on the clipboard, in sRGB."),
        enabled=has_document,
        starts_group=True,
    )
    yield ActionSpec(
        "paste",
        mark("&Paste as a new photo"),
        lambda c: c.share.paste(),
        Menu.EDIT,
        ("Ctrl+V",),
        standard=Key.Paste,
        icon="content-paste",
        tip=mark("Opens the picture on the clipboard beside the photos that are open."),
    )
    yield ActionSpec(
        "copy_path",
        mark("Copy the &file's path"),
        lambda c: c.share.copy_path(),
        Menu.EDIT,
        enabled=lambda c: c.share.place() is not None,
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
