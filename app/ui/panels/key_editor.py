"""Gives one action other keys."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QKeySequenceEdit, QLineEdit, QVBoxLayout, QWidget

from app.ui.actions.keymap import Keymap, native
from app.ui.actions.spec import ActionSpec
from app.ui.actions.table import label as label_of
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import button, flush, label

_FIXED = ("Space", "Left", "Right", "Up", "Down")
"""They move the photo, whatever the tool."""


class KeyEditor(QWidget):
    """A field that takes the next key pressed; a clash is told below it before anything is changed."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._spec: ActionSpec | None = None
        self._name, self._field, self._words = label(), QKeySequenceEdit(), label(role="note", wraps=True)
        self._make_buttons()
        self._lay_out()
        self._field.keySequenceChanged.connect(lambda _: self.refresh())
        self.refresh()

    @property
    def words(self) -> str:
        """What is told below the field."""
        return self._words.text()

    def edit(self, spec: ActionSpec | None) -> None:
        """Change the keys of `spec`; None: of nothing."""
        self._spec = spec
        self._field.clear()
        self.refresh()

    def refresh(self) -> None:
        """Show what the buttons would do."""
        spec, key = self._spec, self._pressed()
        owner = self._keymap.owner(key, spec.id) if spec is not None and key else None
        self._name.setText(tr("Keys of “{}”:").format(label_of(spec)) if spec is not None else tr("Choose an action."))
        self._words.setText(_words(key, owner))
        self._assign.setText(tr("Assign anyway") if owner is not None else tr("Assign"))
        usable = spec is not None and bool(key) and key not in _FIXED
        self._field.setEnabled(spec is not None)
        self._assign.setEnabled(usable)
        self._add.setEnabled(usable and bool(self._keys()) and key not in self._keys())
        self._remove.setEnabled(bool(self._keys()))
        self._reset.setEnabled(spec is not None and self._keymap.is_changed(spec.id))

    def _make_buttons(self) -> None:
        tip = tr("The action has this key and no others.")
        self._assign = button(tr("Assign"), lambda: self._store(()), tip=tip)
        tip = tr("The action has this key besides those it has.")
        self._add = button(tr("Add"), lambda: self._store(self._keys()), tip=tip)
        tip = tr("The action has no keys; the menu still has it.")
        self._remove = button(tr("Remove"), self._cleared, tip=tip)
        tip = tr("The keys the action had before they were changed here.")
        self._reset = button(tr("Reset"), self._back, tip=tip)

    def _lay_out(self) -> None:
        self._field.setMaximumSequenceLength(1)
        self._field.setAccessibleName(tr("New key"))
        self._field.setMinimumWidth(20 * GRID)
        for line in self._field.findChildren(QLineEdit):
            line.setAccessibleName(tr("New key"))
            line.setPlaceholderText(tr("Press the new key"))
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for widget in (self._field, self._assign, self._add, self._remove, self._reset):
            row.addWidget(widget)
        row.setStretch(0, 1)
        rows = flush(QVBoxLayout(self))
        rows.addWidget(self._name)
        rows.addLayout(row)
        rows.addWidget(self._words)

    def _pressed(self) -> str:
        return str(self._field.keySequence().toString(QKeySequence.SequenceFormat.PortableText))

    def _keys(self) -> tuple[str, ...]:
        return self._keymap.keys(self._spec.id) if self._spec is not None else ()

    def _store(self, before: tuple[str, ...]) -> None:
        if self._spec is not None:
            key = self._pressed()
            self._field.clear()
            self._keymap.assign(self._spec.id, (*before, key))
            self.refresh()

    def _cleared(self) -> None:
        if self._spec is not None:
            self._keymap.assign(self._spec.id, ())
            self.refresh()

    def _back(self) -> None:
        if self._spec is not None:
            self._keymap.reset(self._spec.id)
            self.refresh()


def _words(key: str, owner: ActionSpec | None) -> str:
    if key in _FIXED:
        return tr("{} moves the photo and can't be given away.").format(native(key))
    if owner is not None:
        return tr("{} is used by “{}”, which will lose it.").format(native(key), label_of(owner))
    return ""
