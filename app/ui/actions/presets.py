"""The keys of other programs, as far as they differ from the table's own.

Photoshop's default keys, GIMP 2.10's and Krita 5's. What they have no key for keeps the table's; where two would meet,
the other program's own key wins and the table's gets one of the same family.
"""

from __future__ import annotations

from app.ui.settings.declared import KeyPreset

Keys = tuple[str, ...]

_PANES_ON_ALT: dict[str, Keys] = {
    "show_original": ("Alt+1",),
    "show_coarse": ("Alt+2",),
    "show_local": ("Alt+3",),
    "show_global": ("Alt+4",),
    "show_detail": ("Alt+5",),
    "show_grid": ("Alt+0",),
}
"""Where the plain digits zoom."""

PRESETS: dict[KeyPreset, dict[str, Keys]] = {
    KeyPreset.LACUNA: {},
    KeyPreset.PHOTOSHOP: {
        "restore": ("Y",),
        "invert_mask": ("Ctrl+Shift+I", "Shift+F7"),
        "feather_mask": ("Shift+F6",),
        "fill": ("Return", "Enter", "Shift+F5"),
        "full_screen": ("F", "F11"),
        "settings": ("Ctrl+K", "Ctrl+,"),
        "keys": ("F1", "?", "Ctrl+Alt+Shift+K"),
        "redo": ("Ctrl+Shift+Z",),
    },
    KeyPreset.GIMP: {
        **_PANES_ON_ALT,
        "brush": ("P",),
        "eraser": ("Shift+E",),
        "restore": ("C",),
        "rectangle": ("R",),
        "ellipse": ("E",),
        "lasso": ("F",),
        "wand": ("U",),
        "context": ("Shift+C",),
        "clear_mask": ("Ctrl+Shift+A",),
        "invert_mask": ("Ctrl+I",),
        "redo": ("Ctrl+Y",),
        "zoom_in": ("+", "Ctrl++"),
        "zoom_out": ("-", "Ctrl+-"),
        "fit": ("Ctrl+Shift+J",),
        "actual_size": ("1",),
        "double_size": ("2",),
        "mask_tint": ("Shift+Q",),
    },
    KeyPreset.KRITA: {
        **_PANES_ON_ALT,
        "rectangle": ("Ctrl+R",),
        "ellipse": ("J",),
        "clear_mask": ("Ctrl+Shift+A",),
        "feather_mask": ("Shift+F6",),
        "redo": ("Ctrl+Shift+Z",),
        "actual_size": ("1", "Ctrl+0"),
        "fit": ("2",),
        "turn_left": ("4",),
        "turn_back": ("5",),
        "turn_right": ("6",),
        "full_screen": ("Ctrl+Shift+F", "F11"),
    },
}
"""Keys by the ids of the action table."""
