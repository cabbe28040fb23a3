"""Sections of a panel that fold away, and rows that tell whether they are as they came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.panels.pieces import flush, keep_room
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.settings.words import value_words

_DOT = 2 * GRID
"""Side of the mark beside a row, pixels."""


class OptionRow(QWidget):
    """The row of a setting, and where its value is not the default a dot that brings it back."""

    def __init__(self, settings: Settings, setting: Setting[Any]) -> None:
        super().__init__()
        self.setting = setting
        self._settings = settings
        self.dot = QToolButton(text="●", focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
        self.dot.setProperty("role", "dot")
        self.dot.setFixedSize(_DOT, _DOT)
        self.dot.setAccessibleName(tr("Reset {}").format(tr(setting.name)))
        keep_room(self.dot)
        self.dot.clicked.connect(self.reset)
        row = flush(QHBoxLayout(self), 0)
        row.addWidget(row_for(settings, setting), 1)
        row.addWidget(self.dot)
        settings.changed.connect(self._setting_changed)
        self._refresh()

    @property
    def is_modified(self) -> bool:
        """The value is not the default."""
        return self._settings.is_changed(self.setting)

    def reset(self) -> None:
        """Back to the default."""
        self._settings.reset(self.setting)

    def _setting_changed(self, setting: Setting[Any]) -> None:
        if setting is self.setting:
            self._refresh()

    def _refresh(self) -> None:
        if self.dot.hasFocus() and not self.is_modified:
            self.focusNextChild()
        self.dot.setVisible(self.is_modified)
        default = value_words(self.setting, self.setting.default)
        self.dot.setToolTip(tr("Changed. A click brings the default back: {}").format(default))


class Section(QWidget):
    """A heading that folds its rows away, with a button that resets them. Which are folded is remembered."""

    reset_pressed = Signal()

    def __init__(self, settings: Settings, name: str, shown: Sequence[Setting[Any]]) -> None:
        """`name` is marked; it is also what is remembered."""
        super().__init__()
        self._settings, self._name = settings, name
        self.rows = [OptionRow(settings, setting) for setting in shown]
        self.heading, self.reset_button = _heading(tr(name)), _reset(tr(name))
        self._body = QWidget()
        self._lay_out()
        self.heading.setChecked(name not in settings.get(declared.FOLDED_SECTIONS))
        self.heading.toggled.connect(self._toggled)
        self.reset_button.clicked.connect(self.reset_pressed)
        settings.changed.connect(lambda setting: self._refresh())
        self._refresh()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID // 2)
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addWidget(self.reset_button)
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, GRID)
        body.setSpacing(GRID)
        for row in self.rows:
            body.addWidget(row)
        column = flush(QVBoxLayout(self), GRID // 2)
        column.addLayout(top)
        column.addWidget(self._body)

    @property
    def is_open(self) -> bool:
        """Its rows are shown."""
        return self.heading.isChecked()

    def _toggled(self, is_open: bool) -> None:
        others = tuple(each for each in self._settings.get(declared.FOLDED_SECTIONS) if each != self._name)
        self._settings.set(declared.FOLDED_SECTIONS, others if is_open else (*others, self._name))
        self._refresh()

    def _refresh(self) -> None:
        self._body.setVisible(self.is_open)
        self.heading.setArrowType(Qt.ArrowType.DownArrow if self.is_open else _folded_arrow(self))
        self.heading.setToolTip(tr("Fold away") if self.is_open else tr("Unfold"))
        self.reset_button.setVisible(any(row.is_modified for row in self.rows))


def _heading(text: str) -> QToolButton:
    button = QToolButton(text=text, checkable=True, focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setProperty("role", "section")
    button.setIconSize(QSize(3 * GRID // 2, GRID))
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return button


def _reset(name: str) -> QToolButton:
    button = QToolButton(text=tr("Reset"), focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
    button.setProperty("role", "link")
    button.setAccessibleName(tr("Reset {}").format(name))
    button.setToolTip(tr("Bring the defaults of this section back"))
    keep_room(button)
    return button


def _folded_arrow(widget: QWidget) -> Qt.ArrowType:
    leftward = widget.layoutDirection() is Qt.LayoutDirection.RightToLeft
    return Qt.ArrowType.LeftArrow if leftward else Qt.ArrowType.RightArrow
