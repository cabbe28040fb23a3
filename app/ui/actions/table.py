"""The one table of what the window can do. Menus, toolbars, the key sheet and the README's key table come from it.

An entry names real callables, so a typing error is an error of the type checker and not of the user. Texts are
translated where they are shown.
"""

from __future__ import annotations

import re

from app.ui.actions.edit import edit_actions
from app.ui.actions.file import file_actions
from app.ui.actions.gestures import GESTURES
from app.ui.actions.help import help_actions
from app.ui.actions.mask import mask_actions
from app.ui.actions.run import run_actions
from app.ui.actions.spec import ActionSpec
from app.ui.actions.stages import stage_actions
from app.ui.actions.tools import tool_actions
from app.ui.actions.view import view_actions
from app.ui.language import tr
from app.ui.presenting.keys import PRESENTING

_MENU_KEY = re.compile(r"\s?\(&.\)")

ACTIONS: tuple[ActionSpec, ...] = (
    *file_actions(),
    *edit_actions(),
    *tool_actions(),
    *mask_actions(),
    *run_actions(),
    *stage_actions(),
    *view_actions(),
    *help_actions(),
)
"""In the order of the menus."""


def label(spec: ActionSpec) -> str:
    """The entry's text, translated, without the ampersand of its menu key and without dots."""
    return plain(tr(spec.text))


def plain(text: str) -> str:
    """A menu's text without the ampersand of its menu key, or the key in brackets as in Japanese, and without dots."""
    return _MENU_KEY.sub("", text).replace("&", "").rstrip("…")


def keys_markdown() -> str:
    """The README's key table: the table's own keys, those of a presentation, then what the pointer does."""
    rows = [(label(spec), spec.keys) for spec in ACTIONS if spec.keys]
    rows += [(f"Presentation: {text[:1].lower()}{text[1:]}", keys) for text, keys in PRESENTING]
    rows += GESTURES
    lines = (f"| {text} | {' / '.join(f'`{key}`' for key in keys)} |" for text, keys in rows)
    return "\n".join(("| action | keys |", "|---|---|", *lines)) + "\n"
