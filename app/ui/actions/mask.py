"""The Mask menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Key, Menu, has_document
from app.ui.language import mark


def mask_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "select_all",
        mark("&All"),
        lambda c: c.edit.session.select_all(),
        Menu.MASK,
        ("Ctrl+A",),
        standard=Key.SelectAll,
        tip=mark("Make the whole photo hole."),
        enabled=has_document,
    )
    yield ActionSpec(
        "clear_mask",
        mark("&None"),
        lambda c: c.edit.session.clear_mask(),
        Menu.MASK,
        ("Ctrl+D",),
        icon="selection-off",
        tip=mark("Take all paint away."),
        enabled=lambda c: c.edit.has_hole(),
        bar=Bar.TOOLS,
        starts_group=True,
    )
    yield ActionSpec(
        "invert_mask",
        mark("&Invert"),
        lambda c: c.edit.session.invert_mask(),
        Menu.MASK,
        ("Ctrl+Shift+I",),
        icon="invert-colors",
        tip=mark("Paint what is not painted, and the other way round."),
        enabled=has_document,
        bar=Bar.TOOLS,
    )
    yield ActionSpec(
        "import_mask",
        mark("I&mport a mask…"),
        lambda c: c.mask.import_mask(),
        Menu.MASK,
        enabled=has_document,
        starts_group=True,
    )
    yield ActionSpec(
        "export_mask",
        mark("&Export the mask…"),
        lambda c: c.mask.export_mask(),
        Menu.MASK,
        enabled=lambda c: c.edit.has_hole(),
    )
