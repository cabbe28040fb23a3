"""The menu of photos opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.ui.language import tr
from app.ui.settings import declared
from app.ui.settings.store import Settings


class RecentMenu(QMenu):
    """Filled each time it is opened; files that are gone are left out."""

    chosen = Signal(object)
    """The `Path`."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(tr("Open &recent"))
        self._settings = settings
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """List the files as they are now."""
        self.clear()
        paths = [Path(name) for name in self._settings.get(declared.RECENT) if Path(name).is_file()]
        for path in paths:
            action = self.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._choose, path))
        if not paths:
            self.addAction(tr("None yet")).setEnabled(False)
        else:
            self.addSeparator()
            self.addAction(tr("&Forget all")).triggered.connect(self._forget)
        self.setToolTipsVisible(True)

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.chosen.emit(path)

    def _forget(self) -> None:
        self._settings.set(declared.RECENT, ())
