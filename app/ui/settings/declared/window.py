"""The settings on the window as a whole: language, theme, keys, what was folded or seen."""

from __future__ import annotations

from enum import StrEnum

from app.ui.language import LANGUAGE_NAMES, Language, mark, tr
from app.ui.settings.setting import Choice, Page, Setting


class ThemeName(StrEnum):
    """The looks of the window; SYSTEM is the one that the desktop has at the moment."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class KeyPreset(StrEnum):
    """Whose keys the window has."""

    LACUNA = "lacuna"
    PHOTOSHOP = "photoshop"
    GIMP = "gimp"
    KRITA = "krita"


def _themes() -> tuple[Choice[ThemeName], ...]:
    return (
        Choice(ThemeName.DARK, tr("Dark")),
        Choice(ThemeName.LIGHT, tr("Light")),
        Choice(ThemeName.SYSTEM, tr("As the system")),
    )


def _languages() -> tuple[Choice[Language], ...]:
    return (
        Choice(Language.SYSTEM, tr("As the system")),
        *(Choice(language, name) for language, name in LANGUAGE_NAMES.items()),
    )


def _scales() -> tuple[Choice[int], ...]:
    return (
        Choice(100, tr("As the system")),
        *(Choice(percent, tr("{} %").format(percent)) for percent in range(125, 301, 25)),
    )


def _key_presets() -> tuple[Choice[KeyPreset], ...]:
    names = ("Lacuna", "Photoshop", "GIMP", "Krita")
    return tuple(Choice(preset, name) for preset, name in zip(KeyPreset, names, strict=True))


LANGUAGE = Setting(
    "window/language",
    Language.SYSTEM,
    name=mark("Language"),
    tip=mark("The language of the window."),
    page=Page.GENERAL,
    choices=_languages,
    needs_restart=True,
)
THEME = Setting(
    "window/theme",
    ThemeName.DARK,
    name=mark("Theme"),
    tip=mark("The look of the window. Dark greys tint the eye's idea of a photo least."),
    page=Page.GENERAL,
    choices=_themes,
)
ANIMATIONS = Setting(
    "window/animations",
    True,
    name=mark("Animations"),
    tip=mark("Results fade in, ants march, and a presentation wipes from one stage to the next."),
    page=Page.GENERAL,
)
SCALE = Setting(
    "window/scale",
    100,
    100,
    300,
    name=mark("Size of the window's parts"),
    tip=mark("Enlarges text, icons and panels. The photo is not touched by it: 100 % stays pixel for pixel."),
    page=Page.GENERAL,
    choices=_scales,
    needs_restart=True,
)
KEY_PRESET = Setting(
    "keys/preset",
    KeyPreset.LACUNA,
    name=mark("Keys as in"),
    tip=mark("The keys to start from. What you change below stays changed."),
    page=Page.KEYS,
    choices=_key_presets,
)
KEY_CHANGES = Setting("keys/changes", "{}")
GEOMETRY = Setting("window/geometry", b"")
LAYOUT = Setting("window/layout", b"")
HINTS_SEEN: Setting[tuple[str, ...]] = Setting("hints/seen", ())
"""Names of the first steps that are not shown any more."""
FOLDED_SECTIONS: Setting[tuple[str, ...]] = Setting("window/folded_sections", ())
