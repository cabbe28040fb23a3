"""An icon that stands by itself, without a button: sharp on a screen of any density."""

from __future__ import annotations

from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.look.icons import icon
from app.ui.look.palette import Palette


class Sign(QWidget):
    """Shows one icon at a fixed size; takes no part in the tab order."""

    def __init__(self, name: str, size: int = 20, parent: QWidget | None = None) -> None:
        """`name` as in `icon`; `size` in pixels."""
        super().__init__(parent)
        self._name, self._icon = name, QIcon()
        self.setFixedSize(size, size)

    def recolour(self, palette: Palette, colour: str | None = None) -> None:
        """Another look; `colour` instead of the text's."""
        self._icon = icon(self._name, palette, colour=colour)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon at this screen's density."""
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
