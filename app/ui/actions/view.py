"""The View menu."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.look import look_actions
from app.ui.actions.spec import ActionSpec, Ask, Bar, Key, Menu, Run, has_document
from app.ui.canvas.mask_look import MaskLook
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
_THEMES = (
    (ThemeName.DARK, mark("&Dark")),
    (ThemeName.LIGHT, mark("&Light")),
    (ThemeName.SYSTEM, mark("As the &system")),
)


_LOOKS = (
    (MaskLook.TINT, mark("&Tint")),
    (MaskLook.OUTLINE, mark("&Outline")),
    (MaskLook.ANTS, mark("&Marching ants")),
)


def view_actions() -> Iterator[ActionSpec]:
    yield from look_actions()
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
    for look, text in _LOOKS:
        choose, chosen = _look(look)
        yield ActionSpec(f"mask_{look.value}_look", text, choose, Menu.MASK_LOOK, checked=chosen)
    yield ActionSpec(
        "mask_edge",
        mark("Filled &edge"),
        lambda c: c.view.toggle_edge(),
        Menu.VIEW,
        tip=mark("Show round the mask how far the filling will go and how softly it will end."),
        enabled=has_document,
        checked=lambda c: c.view.is_edge_shown(),
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
        "navigator",
        mark("&Navigator"),
        lambda c: c.view.toggle_navigator(),
        Menu.VIEW,
        tip=mark("Show the whole photo, small, among the panels, with what is seen of it framed."),
        checked=lambda c: c.view.has_navigator(),
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
    yield ActionSpec(
        "focus_panel", mark("Keyboard to the next area"), lambda c: c.view.window.focus_panel(), Menu.VIEW, ("F6",)
    )
    yield ActionSpec(
        "full_screen",
        mark("F&ull screen"),
        lambda c: c.view.toggle_full_screen(),
        Menu.VIEW,
        ("F11",),
        standard=Key.FullScreen,
        checked=lambda c: c.view.window.is_full_screen(),
    )
    for theme, text in _THEMES:
        choose, chosen = _theme(theme)
        yield ActionSpec(f"theme_{theme.value}", text, choose, Menu.THEME, checked=chosen)


def _show(pane: Pane | None) -> tuple[Run, Ask]:
    return lambda commands: commands.view.show(pane), lambda commands: commands.view.shows(pane)


def _look(look: MaskLook) -> tuple[Run, Ask]:
    return lambda commands: commands.view.set_mask_look(look), lambda commands: commands.view.has_mask_look(look)


def _theme(theme: ThemeName) -> tuple[Run, Ask]:
    return lambda commands: commands.view.set_theme(theme), lambda commands: commands.view.has_theme(theme)
