"""How the history's edits are called on the screen."""

from __future__ import annotations

from app.ui.language import mark, tr

_OF_DOCUMENT = frozenset({mark("Brush"), mark("Eraser"), mark("Restore"), mark("Don't use"), mark("Use again")})
"""What the document itself calls its edits; all other names are translated where the edit is made."""


def edit_name(name: str) -> str:
    """The name of an edit in the user's language."""
    return tr(name) if name in _OF_DOCUMENT else name
