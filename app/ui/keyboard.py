"""Which keys belong to a text field or a panel before they belong to an action, and keys that act while held."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from app.ui.actions.keymap import Keymap
from app.ui.actions.spec import ActionSpec, Commands
from app.ui.actions.table import ACTIONS

_FIELDS = (QLineEdit, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
_COMMAND_KEYS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_LEAVE = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class Keyboard:
    """What a main window asks in its key events. `home` is the widget that has the keyboard while one paints."""

    def __init__(self, commands: Commands, keymap: Keymap, home: QWidget) -> None:
        self._commands, self._keymap = commands, keymap
        self._home = home
        self._held: ActionSpec | None = None

    def overrides(self, event: QKeyEvent) -> bool:
        """True where the focused widget gets this key although an action has it as a shortcut.

        In a field, every key without Ctrl, Alt or Meta that is no function key; in a panel, Tab, which then moves on
        as everywhere.
        """
        if event.modifiers() & _COMMAND_KEYS or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
            return False
        return _in_field() or (event.key() in _TABS and not self._at_home())

    def pressed(self, event: QKeyEvent) -> bool:
        """Handle a key that nobody wanted; returns whether it meant something."""
        if _in_field():
            if event.key() in _LEAVE:
                self._home.setFocus()
            return event.key() in _LEAVE
        if event.isAutoRepeat() or self._held is not None:
            return self._held is not None
        self._held = next((spec for spec in ACTIONS if spec.is_held and self._is_key(spec, event)), None)
        if self._held is not None:
            self._held.run(self._commands)
        return self._held is not None

    def released(self, event: QKeyEvent) -> bool:
        """A key went up; returns whether it was one that is held."""
        if self._held is None or event.isAutoRepeat() or not self._is_key(self._held, event):
            return False
        self.let_go()
        return True

    def let_go(self) -> None:
        """The window loses the keyboard: nothing is held any longer."""
        held, self._held = self._held, None
        if held is not None and held.release is not None:
            held.release(self._commands)

    def _is_key(self, spec: ActionSpec, event: QKeyEvent) -> bool:
        return QKeySequence(event.key()) in self._keymap.sequences(spec.id)

    def _at_home(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is None or focus is self._home or self._home.isAncestorOf(focus) or focus.isWindow()


def _in_field() -> bool:
    return isinstance(QApplication.focusWidget(), _FIELDS)
