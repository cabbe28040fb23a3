"""Photos opened lately: a menu, and a row of pictures where nothing is open."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from app.imaging.arrays import Image
from app.ui.canvas.qimages import to_pixmap
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush, label
from app.ui.session.jobs import PATIENCE, answer_within
from app.ui.session.thumbnails import Thumbnails
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_IN_MENU = 4 * GRID
_IN_ROW = QSize(12 * GRID, 8 * GRID)
_MOST = 6
"""Pictures in the row."""


def recent_files(settings: Settings) -> list[Path]:
    """The photos opened lately that are still there, the last first; all where a place does not answer."""
    recent = [Path(name) for name in settings.get(declared.RECENT)]
    return answer_within(PATIENCE, lambda: [path for path in recent if path.is_file()], recent)


class RecentMenu(QMenu):
    """Filled each time it is opened; files that are gone are left out."""

    chosen = Signal(object)
    """The `Path`."""

    def __init__(self, settings: Settings, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTitle(tr("Open &recent"))
        self.setStyleSheet(f"QMenu {{ icon-size: {_IN_MENU}px; }}")
        self.setToolTipsVisible(True)
        self._settings, self._thumbnails = settings, thumbnails
        self._entries: dict[Path, QAction] = {}
        self.aboutToShow.connect(self.refresh)
        thumbnails.ready.connect(self._thumbnail_ready)

    def refresh(self) -> None:
        """List the files as they are now."""
        self.clear()
        self._entries = {path: self.addAction(path.name.replace("&", "&&")) for path in recent_files(self._settings)}
        for path, action in self._entries.items():
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._choose, path))
            picture = self._thumbnails.request(path)
            if picture is not None:
                action.setIcon(QIcon(to_pixmap(picture)))
        if not self._entries:
            self.addAction(tr("None yet")).setEnabled(False)
            return
        self.addSeparator()
        self.addAction(tr("&Clear recent")).triggered.connect(self._forget)

    def _thumbnail_ready(self, path: Path, thumbnail: Image) -> None:
        if self.isVisible() and path in self._entries:
            self._entries[path].setIcon(QIcon(to_pixmap(thumbnail)))

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.chosen.emit(path)

    def _forget(self) -> None:
        self._settings.set(declared.RECENT, ())
        self._thumbnails.clear()


class RecentRow(QWidget):
    """Up to six pictures to press; nothing where nothing was opened lately."""

    chosen = Signal(object)
    """The `Path`."""

    def __init__(self, settings: Settings, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._thumbnails = settings, thumbnails
        self._buttons: dict[Path, QToolButton] = {}
        heading = label(tr("Opened lately"), "muted")
        heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._row = QHBoxLayout()
        self._row.setSpacing(GRID)
        column = flush(QVBoxLayout(self))
        column.addWidget(heading)
        column.addLayout(self._row)
        thumbnails.ready.connect(self._thumbnail_ready)
        settings.changed.connect(self._setting_changed)
        self.refresh()

    def refresh(self) -> None:
        """Show the files as they are now."""
        for button in self._buttons.values():
            button.deleteLater()
        while self._row.takeAt(0) is not None:
            pass
        self._buttons = {path: self._button(path) for path in recent_files(self._settings)[:_MOST]}
        self._row.addStretch(1)
        for button in self._buttons.values():
            self._row.addWidget(button)
        self._row.addStretch(1)
        self.setVisible(bool(self._buttons))

    def _button(self, path: Path) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(_IN_ROW)
        name = button.fontMetrics().elidedText(path.name, Qt.TextElideMode.ElideMiddle, _IN_ROW.width())
        button.setText(name.replace("&", "&&"))
        button.setToolTip(str(path))
        button.setAccessibleName(tr("Open {}").format(path.name))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAutoRaise(True)
        button.clicked.connect(partial(self._choose, path))
        picture = self._thumbnails.request(path)
        if picture is not None:
            button.setIcon(QIcon(to_pixmap(picture)))
        return button

    def _thumbnail_ready(self, path: Path, thumbnail: Image) -> None:
        if path in self._buttons:
            self._buttons[path].setIcon(QIcon(to_pixmap(thumbnail)))

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.RECENT:
            self.refresh()

    def _choose(self, path: Path, _checked: bool = False) -> None:
        self.chosen.emit(path)
