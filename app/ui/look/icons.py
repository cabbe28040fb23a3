"""Icons of the Material Design set, in the palette's colours."""

from __future__ import annotations

import qtawesome
from PySide6.QtGui import QIcon

from app.ui.look.palette import Palette

SIZE = 20
"""Pixels, in toolbars and buttons."""


def icon(name: str, palette: Palette, *, colour: str | None = None) -> QIcon:
    """The icon `name` (as in ``brush``); plain, dimmed where disabled, in the accent's colour where checked.

    `colour` replaces the palette's text colour. Needs a running application.
    """
    result: QIcon = qtawesome.icon(
        f"mdi6.{name}",
        color=colour or palette.text,
        color_disabled=palette.disabled,
        color_on=palette.accent_icon,
        color_on_disabled=palette.disabled,
    )
    return result
