"""Notices over the photograph: worth knowing, nothing to answer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.theme import GRID, Palette
from app.ui.session.crash import as_sentence

_LIMIT = 3
"""Sentences shown at a time; the oldest makes room."""


class Banner(QFrame):
    """Shows the last sentences until it is closed or another document is opened."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._notices: list[str] = []
        self._sign, self._text, self._close = QLabel(), QLabel(), QToolButton()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close.setToolTip(tr("Close"))
        self._close.setAccessibleName(tr("Close"))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._close)
        self.recolour(palette)
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; empty where nothing is."""
        return "\n".join(self._notices)

    def tell(self, notice: str) -> None:
        """Add a sentence; one that is shown already is not repeated."""
        sentence = as_sentence(notice)
        if sentence not in self._notices:
            self._notices = [*self._notices, sentence][-_LIMIT:]
            self._text.setText(self.text)
            self.show()

    def clear(self) -> None:
        """Take all away."""
        self._notices = []
        self.hide()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._sign.setPixmap(icon("information-outline", palette, colour=palette.on_warning).pixmap(18, 18))
        self._close.setIcon(icon("close", palette, colour=palette.on_warning))
