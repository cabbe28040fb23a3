"""The View menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Ask, Bar, Commands, Key, Menu, Run, has_document
from app.ui.language import mark
from app.ui.settings.declared import ThemeName
from app.ui.stages.panes import Pane

_PANES = (
    ("1", Pane.ORIGINAL, mark("&Original")),
    ("2", Pane.COARSE, mark("&Coarse")),
    ("3", Pane.LOCAL, mark("&Local")),
    ("4", Pane.GLOBAL, mark("&Global")),
    ("5", Pane.DETAIL, mark("&Detail")),
)


def view_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "zoom_in",
        mark("Zoom &in"),
        lambda c: c.view.zoom_in(),
        Menu.VIEW,
        ("Ctrl++",),
        ("Ctrl+=",),
        standard=Key.ZoomIn,
        icon="magnify-plus-outline",
        enabled=has_document,
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "zoom_out",
        mark("&Zoom out"),
        lambda c: c.view.zoom_out(),
        Menu.VIEW,
        ("Ctrl+-",),
        standard=Key.ZoomOut,
        icon="magnify-minus-outline",
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "fit",
        mark("&Fit"),
        lambda c: c.view.fit(),
        Menu.VIEW,
        ("Ctrl+0",),
        icon="fit-to-screen-outline",
        tip=mark("Show the whole photo."),
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "actual_size",
        mark("&100 %"),
        lambda c: c.view.actual_size(),
        Menu.VIEW,
        ("Ctrl+1",),
        icon="numeric-1-box-outline",
        tip=mark("One pixel of the photo is one pixel of the screen."),
        enabled=has_document,
        bar=Bar.TOP,
    )
    yield from _panes()
    yield ActionSpec(
        "mask_tint",
        mark("&Mask tint"),
        lambda c: c.view.toggle_mask(),
        Menu.VIEW,
        ("Q",),
        icon="layers-outline",
        tip=mark("Show or hide the mask; it works either way."),
        enabled=has_document,
        checked=lambda c: c.view.is_mask_shown(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "context_boxes",
        mark("Conte&xt boxes"),
        lambda c: c.view.toggle_contexts(),
        Menu.VIEW,
        tip=mark("Show what is seen round each hole when it is filled, and at which scale."),
        enabled=has_document,
        checked=lambda c: c.view.are_contexts_shown(),
    )
    yield from _window()


def _panes() -> Iterator[ActionSpec]:
    for key, pane, text in _PANES:
        show, shown = _show(pane)
        yield ActionSpec(
            f"show_{pane.value}",
            text,
            show,
            Menu.VIEW,
            (key,),
            enabled=has_document,
            checked=shown,
            starts_group=pane is Pane.ORIGINAL,
        )
    show, shown = _show(None)
    yield ActionSpec(
        "show_grid",
        mark("&Side by side"),
        show,
        Menu.VIEW,
        ("0",),
        icon="view-grid-outline",
        tip=mark("The photo and all results, with one zoom for all."),
        enabled=has_document,
        checked=shown,
        bar=Bar.TOP,
        starts_group=False,
    )
    yield ActionSpec(
        "hold_original",
        mark("Original, while held"),
        lambda c: c.view.hold_original(),
        Menu.NONE,
        ("\\",),
        release=lambda c: c.view.release_original(),
    )


def _window() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "panels",
        mark("&Panels"),
        lambda c: c.view.toggle_panels(),
        Menu.VIEW,
        ("Tab",),
        icon="dock-right",
        checked=lambda c: c.view.window.are_panels_shown(),
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "filmstrip",
        mark("Filmstrip"),
        lambda c: c.file.toggle_filmstrip(),
        Menu.VIEW,
        icon="filmstrip",
        tip=mark("The open photos along the bottom, as soon as there are two."),
        checked=lambda c: c.file.wants_filmstrip(),
    )
    yield ActionSpec("focus_panel", mark("Keyboard to the panels and back"), _focus_panel, Menu.VIEW, ("F6",))
    yield ActionSpec(
        "full_screen",
        mark("F&ull screen"),
        lambda c: c.view.toggle_full_screen(),
        Menu.VIEW,
        ("F11",),
        standard=Key.FullScreen,
        checked=lambda c: c.view.window.is_full_screen(),
    )
    for theme, text in ((ThemeName.DARK, mark("&Dark")), (ThemeName.LIGHT, mark("&Light"))):
        choose, chosen = _theme(theme)
        yield ActionSpec(f"theme_{theme.value}", text, choose, Menu.THEME, checked=chosen)


def _focus_panel(commands: Commands) -> None:
    commands.view.window.focus_panel()


def _show(pane: Pane | None) -> tuple[Run, Ask]:
    return lambda commands: commands.view.show(pane), lambda commands: commands.view.shows(pane)


def _theme(theme: ThemeName) -> tuple[Run, Ask]:
    return lambda commands: commands.view.set_theme(theme), lambda commands: commands.view.has_theme(theme)
