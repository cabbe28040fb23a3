"""The presets to choose from, and the menu that keeps, renames and deletes the user's own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush, label
from app.ui.settings.presets import Presets


class NameField(QLineEdit):
    """A name is typed here: Enter takes it, Esc and going elsewhere leave it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
            event.setAccepted(event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.isAccepted())


class PresetBar(QWidget):
    """A list with a menu beside it; names are typed in place."""

    def __init__(self, presets: Presets, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets = presets
        self._naming: Callable[[str], None] | None = None
        self.box, self.menu_button, self.field = QComboBox(), QToolButton(), NameField()
        self._wrong = label(role="muted", wraps=True)
        self._name_row = QWidget()
        self.menu = QMenu(self)
        self._lay_out()
        self._connect()
        self._refresh()

    def _lay_out(self) -> None:
        self.box.setAccessibleName(tr("Preset"))
        self.box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.box.setMinimumContentsLength(12)
        self.menu_button.setText("⋯")
        self.menu_button.setProperty("role", "menu")
        self.menu_button.setAccessibleName(tr("Presets: save, rename, delete"))
        self.menu_button.setToolTip(tr("Save, rename or delete presets"))
        self.menu_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setMenu(self.menu)
        self.field.setAccessibleName(tr("Name of the preset"))
        self.field.setPlaceholderText(tr("Name of the preset"))
        self._arrange()

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID // 2)
        top.addWidget(self.box, 1)
        top.addWidget(self.menu_button)
        naming = flush(QVBoxLayout(self._name_row), GRID // 2)
        naming.addWidget(self.field)
        naming.addWidget(self._wrong)
        column = flush(QVBoxLayout(self), GRID // 2)
        column.addLayout(top)
        column.addWidget(self._name_row)
        self._name_row.hide()

    def _connect(self) -> None:
        """The actions are made here: of those that Qt makes Python may lose hold while a dialog is shown."""
        self.save_action, self.rename_action = QAction(tr("Save as…"), self), QAction(tr("Rename…"), self)
        self.delete_action = QAction(tr("Delete"), self)
        self.menu.addActions([self.save_action, self.rename_action, self.delete_action])
        self.save_action.triggered.connect(lambda: self._ask("", self._presets.save_as))
        self.rename_action.triggered.connect(lambda: self._ask(self._presets.current.name, self._presets.rename))
        self.delete_action.triggered.connect(lambda: self._presets.delete())
        self.box.activated.connect(lambda index: self._presets.choose(self._presets.all[index]))
        self.field.returnPressed.connect(self._named)
        self.field.textChanged.connect(lambda text: self._wrong.hide())
        self.field.left.connect(self._leave)
        self._presets.changed.connect(self._refresh)

    @property
    def name_error(self) -> str:
        """What is wrong with the name that was typed; empty where nothing is, or none was."""
        return self._wrong.text() if self._wrong.isVisible() else ""

    def _ask(self, name: str, then: Callable[[str], None]) -> None:
        self._naming = then
        self.field.setText(name)
        self.field.selectAll()
        self._wrong.hide()
        self._name_row.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _named(self) -> None:
        wrong = self._presets.name_error(self.field.text())
        self._wrong.setText(wrong)
        self._wrong.setVisible(bool(wrong))
        if not wrong and self._naming is not None:
            self._naming(self.field.text())
            self._leave()

    def _leave(self) -> None:
        self._naming = None
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self._name_row.hide()

    def _refresh(self) -> None:
        presets, current = self._presets.all, self._presets.current
        with QSignalBlocker(self.box):
            self.box.clear()
            for index, preset in enumerate(presets):
                modified = preset == current and self._presets.is_modified
                self.box.addItem(tr("{} (modified)").format(preset.name) if modified else preset.name)
                self.box.setItemData(index, preset.tip, Qt.ItemDataRole.ToolTipRole)
            self.box.setCurrentIndex(presets.index(current))
        self.box.setToolTip(current.tip or tr("Values of all options of a run under one name"))
        self.rename_action.setEnabled(current.is_own)
        self.delete_action.setEnabled(current.is_own)
