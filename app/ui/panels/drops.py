"""Dropping on the window: whatever part of it is under the pointer, the whole window takes the photo and says so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.session.clipping import files_in, holds_picture


class DropTarget(QObject):
    """Takes what is dragged over `window`; `hint` is shown over `home` while it could be opened."""

    dropped = Signal(object)
    """The `QMimeData`, valid only during the call."""

    def __init__(self, window: QWidget, home: QWidget) -> None:
        super().__init__(window)
        self._home = home
        self.hint = DropHint(home)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The drag's events of the window."""
        kind = event.type()
        if kind == QEvent.Type.DragEnter and isinstance(event, QDragEnterEvent):
            self.hint.set_shown(is_promising(event.mimeData()))
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove) and isinstance(event, QDropEvent):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        if kind == QEvent.Type.DragLeave:
            self.hint.set_shown(False)
            return True
        if kind == QEvent.Type.Drop and isinstance(event, QDropEvent):
            self.hint.set_shown(False)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.dropped.emit(event.mimeData())
            return True
        return False


def is_promising(data: QMimeData) -> bool:
    """True for files, folders and pictures; what is in them shows when they are opened."""
    return bool(files_in(data)) or holds_picture(data)


class DropHint(QWidget):
    """A veil over the widget below that says what letting go will do."""

    def __init__(self, home: QWidget) -> None:
        super().__init__(home)
        self._home = home
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Drop to open"))
        self.hide()

    def set_shown(self, on: bool) -> None:
        """Show it over the whole of the widget below, or hide it."""
        if on:
            self.setGeometry(self._home.rect())
            self.raise_()
        self.setVisible(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A veil, a frame, three words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self.palette().color(QPalette.ColorRole.Window))
        veil.setAlphaF(0.8)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Link), GRID // 4))
        painter.drawRoundedRect(self.rect().adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID), GRID, GRID)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Drop to open"))
