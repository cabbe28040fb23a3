"""The window's keys that mean the same in a presentation."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence

from app.ui.actions.keymap import Keymap, native
from app.ui.actions.table import ACTIONS, label

IDS = ("loupe", "loupe_zoom", "loupe_next", "loupe_back", "next_variant", "previous_variant")


class PresentedKeys:
    """A `presenting.keys.SharedKeys`, of what the user has set."""

    def __init__(self, keymap: Keymap) -> None:
        self._keymap = keymap

    def action(self, keys: QKeySequence) -> str | None:
        """See `SharedKeys`."""
        return next((id_ for id_ in IDS if keys in self._keymap.sequences(id_)), None)

    def rows(self) -> list[tuple[str, list[str]]]:
        """See `SharedKeys`."""
        specs = [spec for spec in ACTIONS if spec.id in IDS]
        return [(label(spec), [native(key) for key in self._keymap.keys(spec.id)]) for spec in specs]
