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
        "last_mask",
        mark("&Last mask again"),
        lambda c: c.mask.bring_back(),
        Menu.MASK,
        ("Ctrl+Shift+D",),
        icon="selection-ellipse-arrow-inside",
        tip=mark("Bring back the mask of the last run, without running."),
        enabled=lambda c: c.mask.has_last_mask(),
    )
    yield ActionSpec(
        "mask_from_alpha",
        mark("From &transparency"),
        lambda c: c.mask.take_transparency(),
        Menu.MASK,
        tip=mark("Make hole what is transparent in the photo, and nothing else."),
        enabled=lambda c: c.mask.has_transparency(),
    )
    yield from _border()
    yield from _files()


def _border() -> Iterator[ActionSpec]:
    """What moves and softens the border."""
    yield ActionSpec(
        "grow_mask",
        mark("&Grow"),
        lambda c: c.mask.grow(),
        Menu.MASK,
        ("Ctrl+Alt+=",),
        ("Ctrl+Alt++",),
        icon="arrow-expand-all",
        tip=mark("Move the border of the mask outwards by the step set in the panel."),
        enabled=lambda c: c.edit.has_hole(),
        starts_group=True,
    )
    yield ActionSpec(
        "shrink_mask",
        mark("&Shrink"),
        lambda c: c.mask.shrink(),
        Menu.MASK,
        ("Ctrl+Alt+-",),
        icon="arrow-collapse-all",
        tip=mark("Move the border of the mask inwards by the step set in the panel."),
        enabled=lambda c: c.edit.has_hole(),
    )
    yield ActionSpec(
        "feather_mask",
        mark("&Feather"),
        lambda c: c.mask.feather(),
        Menu.MASK,
        ("Shift+F6",),
        icon="blur",
        tip=mark("Soften the border of the mask. What is more than half painted is filled."),
        enabled=lambda c: c.edit.has_hole(),
    )
    yield ActionSpec(
        "smooth_mask",
        mark("Sm&ooth"),
        lambda c: c.mask.smooth(),
        Menu.MASK,
        icon="vector-curve",
        tip=mark("Round off ragged borders; specks and pinholes go."),
        enabled=lambda c: c.edit.has_hole(),
    )


def _files() -> Iterator[ActionSpec]:
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
