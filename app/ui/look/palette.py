"""The colours of the window, dark and light. No other module of the window's frame names a colour.

Surfaces are neutral greys so that they do not tint the eye's idea of the photograph. Every pair of text and ground that
is used has a contrast of 4.5:1 or more (WCAG 2.1, AA); icons, focus rings, the borders of controls and what is dimmed
on purpose have 3:1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look, as ``#rrggbb``."""

    name: str
    """Of the look, and the end of its glyphs' names."""
    canvas: str
    """Round the photograph."""
    window: str
    """Bars and docks."""
    raised: str
    """Buttons, menus, bubbles."""
    hover: str
    pressed: str
    field: str
    """Where text and numbers are typed, grooves, lists, key caps."""
    line: str
    """Parts one surface from another; says nothing by itself."""
    border: str
    """Of controls."""
    text: str
    muted: str
    disabled: str
    accent: str
    """Behind what is chosen, and behind the button that Enter stands for."""
    accent_hover: str
    accent_pressed: str
    on_accent: str
    accent_icon: str
    """Of icons, marks, links and focus rings, on any surface."""
    handle: str
    """Of sliders."""
    info: str
    on_info: str
    warning: str
    on_warning: str
    error: str
    on_error: str


PRESENTED = "#000000"
"""Round a presented photo and behind its words, in every look; the words have the colours of `DARK`."""

DARK = Palette(
    name="dark",
    canvas="#161616",
    window="#222222",
    raised="#2e2e2e",
    hover="#3a3a3a",
    pressed="#454545",
    field="#191919",
    line="#363636",
    border="#868686",
    text="#e8e8e8",
    muted="#b2b2b2",
    disabled="#828282",
    accent="#2868bf",
    accent_hover="#2f73ce",
    accent_pressed="#1f58a6",
    on_accent="#ffffff",
    accent_icon="#6aa9f7",
    handle="#e8e8e8",
    info="#1c2a3b",
    on_info="#cfe2fa",
    warning="#3a3120",
    on_warning="#f0cf8e",
    error="#43211e",
    on_error="#fbcac4",
)

LIGHT = Palette(
    name="light",
    canvas="#cdcdcd",
    window="#efefef",
    raised="#fbfbfb",
    hover="#e2e2e2",
    pressed="#d4d4d4",
    field="#ffffff",
    line="#d2d2d2",
    border="#707070",
    text="#1d1d1d",
    muted="#525252",
    disabled="#848484",
    accent="#1f66c1",
    accent_hover="#2871cd",
    accent_pressed="#1a56a4",
    on_accent="#ffffff",
    accent_icon="#1f66c1",
    handle="#ffffff",
    info="#e0ecfb",
    on_info="#123e6e",
    warning="#fbeecb",
    on_warning="#5a4200",
    error="#fbe0dd",
    on_error="#7d1d14",
)
