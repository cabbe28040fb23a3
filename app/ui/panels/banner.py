"""Messages over the photograph, in the place of dialogs: what went wrong, what is worth knowing, what can be done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.sign import Sign
from app.ui.look.theme import GRID, Palette
from app.ui.panels.pieces import flush, label
from app.ui.session.crash import as_sentence

LIMIT = 3
"""Messages shown at a time; the oldest makes room."""


class Severity(StrEnum):
    """How much a message matters; an error stays until it is closed."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def sign(self) -> str:
        """The name of its icon."""
        return _SIGNS[self]

    @property
    def spoken(self) -> str:
        """What a screen reader says first."""
        return {Severity.INFO: tr("Note"), Severity.WARNING: tr("Warning"), Severity.ERROR: tr("Error")}[self]

    def colour(self, palette: Palette) -> str:
        """Of its text."""
        return {
            Severity.INFO: palette.on_info,
            Severity.WARNING: palette.on_warning,
            Severity.ERROR: palette.on_error,
        }[self]


_SIGNS = {
    Severity.INFO: "information-outline",
    Severity.WARNING: "alert-outline",
    Severity.ERROR: "alert-circle-outline",
}


@dataclass(frozen=True, slots=True)
class Remedy:
    """A button on a message: its words, translated, and what it does."""

    text: str
    run: Callable[[], None]
    closes: bool = True
    """The message goes once it is pressed."""


class Banner(QWidget):
    """Up to three messages, the newest last; one that is shown already is not repeated."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._rows: list[MessageRow] = []
        self._column = flush(QVBoxLayout(self), 0)
        self.setAccessibleName(tr("Messages"))
        self.hide()

    @property
    def text(self) -> str:
        """What is shown, a line a message; empty where nothing is."""
        return "\n".join(row.text for row in self._rows)

    @property
    def rows(self) -> tuple[MessageRow, ...]:
        """The messages shown, oldest first."""
        return tuple(self._rows)

    def tell(self, text: str, severity: Severity = Severity.INFO, remedies: tuple[Remedy, ...] = ()) -> None:
        """Show a sentence, with a button for each of `remedies`; the keyboard stays where it is."""
        sentence = as_sentence(text)
        if any(row.text == sentence for row in self._rows):
            return
        if len(self._rows) == LIMIT:
            self._drop(self._rows[0])
        row = MessageRow(sentence, severity, remedies, self._palette)
        row.closed.connect(lambda: self._drop(row))
        self._rows.append(row)
        self._column.addWidget(row)
        row.show()
        self.show()
        row.announce()

    def offer(self, text: str, remedies: tuple[Remedy, ...]) -> None:
        """Put these buttons, and no others, on the message that says `text`."""
        for row in self._rows:
            if row.text == as_sentence(text):
                row.set_remedies(remedies)

    def withdraw(self, text: str) -> None:
        """Take the message that says `text` away, if it is there."""
        for row in self.rows:
            if row.text == as_sentence(text):
                self._drop(row)

    def clear(self) -> None:
        """Take all away."""
        for row in self.rows:
            self._drop(row)

    def clear_passing(self) -> None:
        """Take away what may pass unread: errors and messages with buttons stay until they are closed."""
        for row in self.rows:
            if row.may_pass:
                self._drop(row)

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._palette = palette
        for row in self._rows:
            row.recolour(palette)

    def event(self, event: QEvent) -> bool:
        """Esc is the banner's before it is an action's, as long as the banner has the keyboard."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the newest message."""
        if event.key() == Qt.Key.Key_Escape and self._rows:
            self._rows[-1].close_message()
        else:
            super().keyPressEvent(event)

    def _drop(self, row: MessageRow) -> None:
        if row in self._rows:
            had_keyboard = row.isAncestorOf(self.focusWidget() or self)
            self._rows.remove(row)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
            self.setVisible(bool(self._rows))
            if had_keyboard:
                self._hand_on_keyboard()

    def _hand_on_keyboard(self) -> None:
        if self._rows:
            self._rows[-1].take_keyboard()
        else:
            self.window().setFocus()


class MessageRow(QFrame):
    """One message: sign, sentence, buttons, and a cross that closes it."""

    closed = Signal()

    def __init__(self, text: str, severity: Severity, remedies: tuple[Remedy, ...], palette: Palette) -> None:
        super().__init__()
        self._severity = severity
        self.setProperty("role", "message")
        self.setProperty("severity", severity.value)
        self.setAccessibleName(f"{severity.spoken}: {text}")
        self._sign, self._text, self._close = Sign(severity.sign), label(text, wraps=True), QToolButton()
        self._buttons: list[QPushButton] = []
        self._row = QHBoxLayout(self)
        self._lay_out()
        self.set_remedies(remedies)
        self.recolour(palette)

    def _lay_out(self) -> None:
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._close.setToolTip(tr("Close this message (Esc)"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(self.closed)
        self._row.setContentsMargins(GRID + GRID // 2, GRID // 2, GRID, GRID // 2)
        self._row.setSpacing(GRID)
        self._row.addWidget(self._sign)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._close)

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text.text()

    @property
    def severity(self) -> Severity:
        """How much it matters."""
        return self._severity

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """One a remedy."""
        return tuple(self._buttons)

    @property
    def may_pass(self) -> bool:
        """No error, and nothing to answer."""
        return self._severity is not Severity.ERROR and not self._buttons

    def set_remedies(self, remedies: tuple[Remedy, ...]) -> None:
        """Other buttons."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._made_button(remedy) for remedy in remedies]
        for button in self._buttons:
            self._row.insertWidget(self._row.count() - 1, button)

    def announce(self) -> None:
        """Let screen readers say it at once."""
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def take_keyboard(self) -> None:
        """Focus the cross."""
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_message(self) -> None:
        """As the cross does."""
        self.closed.emit()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        colour = self._severity.colour(palette)
        self._sign.recolour(palette, colour)
        self._close.setIcon(icon("close", palette, colour=colour))

    def _made_button(self, remedy: Remedy) -> QPushButton:
        button = QPushButton(remedy.text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoDefault(True)
        button.setToolTip(remedy.text)
        button.clicked.connect(lambda: self._pressed(remedy))
        return button

    def _pressed(self, remedy: Remedy) -> None:
        if remedy.closes:
            self.closed.emit()
        remedy.run()
