"""The File menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Commands, Key, Menu, has_document
from app.ui.language import mark


def file_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "open",
        mark("&Open…"),
        lambda c: c.file.open_photo(),
        Menu.FILE,
        ("Ctrl+O",),
        standard=Key.Open,
        icon="folder-open-outline",
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "sample", mark("Open the sa&mple"), lambda c: c.file.open_sample(), Menu.FILE, icon="image-outline"
    )
    yield ActionSpec(
        "save",
        mark("&Save"),
        lambda c: c.file.save(),
        Menu.FILE,
        ("Ctrl+S",),
        standard=Key.Save,
        icon="content-save-outline",
        tip=mark("Writes the photo with its metadata. The original is only replaced after asking."),
        enabled=lambda c: c.file.can_save(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "save_as",
        mark("Save &as…"),
        lambda c: c.file.save_as(),
        Menu.FILE,
        ("Ctrl+Shift+S",),
        standard=Key.SaveAs,
        enabled=lambda c: c.file.can_save(),
    )
    yield ActionSpec(
        "close",
        mark("&Close"),
        lambda c: c.file.close_photo(),
        Menu.FILE,
        ("Ctrl+W",),
        standard=Key.Close,
        enabled=has_document,
        starts_group=True,
    )
    yield ActionSpec("quit", mark("&Quit"), lambda c: _closed(c), Menu.FILE, ("Ctrl+Q",), standard=Key.Quit)


def _closed(commands: Commands) -> None:
    commands.view.window.close()
