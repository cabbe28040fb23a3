"""A sentence within a window, and where it asks something, the buttons that answer."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import button, label


class InlineBar(QFrame):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._yes: Callable[[], None] | None = None
        self._no: Callable[[], None] | None = None
        self._text = label(wraps=True)
        self._accept, self._close = button("", self._accepted), button(tr("OK"), self._closed)
        self._accept.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        row.setSpacing(GRID)
        row.addWidget(self._text, 1)
        row.addWidget(self._accept)
        row.addWidget(self._close)
        self.hide()

    @property
    def text(self) -> str:
        """What is said; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def tell(self, text: str) -> None:
        """Say something."""
        self._show(text, "", tr("OK"))

    def ask(
        self,
        text: str,
        accept: str,
        yes: Callable[[], None],
        otherwise: str = "",
        no: Callable[[], None] | None = None,
        *,
        is_safe: bool = True,
    ) -> None:
        """Ask; `yes` is called when the button called `accept` is pressed, `no` with the one called `otherwise`.

        Without `otherwise` that one is called *Cancel*. It has the keyboard where `yes` is not `is_safe`.
        """
        self._yes, self._no = yes, no
        self._show(text, accept, otherwise or tr("Cancel"))
        (self._accept if is_safe else self._close).setFocus()

    def clear(self) -> None:
        """Say nothing more."""
        self._yes = self._no = None
        self.hide()

    def _show(self, text: str, accept: str, close: str) -> None:
        self._text.setText(text)
        self._accept.setText(accept)
        self._accept.setVisible(bool(accept))
        self._close.setText(close)
        self.show()

    def _accepted(self) -> None:
        self._answer(self._yes)

    def _closed(self) -> None:
        self._answer(self._no)

    def _answer(self, verb: Callable[[], None] | None) -> None:
        self.clear()
        if verb is not None:
            verb()
