"""The sheet of all keys (F1), made from the action table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.ui.actions.gestures import GESTURES
from app.ui.actions.spec import Menu
from app.ui.actions.table import ACTIONS, label
from app.ui.language import tr
from app.ui.look.theme import GRID

_COLUMNS: tuple[tuple[Menu, ...], ...] = (
    (Menu.TOOLS, Menu.MASK, Menu.RUN),
    (Menu.VIEW, Menu.NONE),
    (Menu.FILE, Menu.EDIT, Menu.HELP),
)
"""`NONE` stands for the keys that are held; they are listed with the view's."""


class KeySheet(QDialog):
    """Three columns, and the pointer's gestures below the last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        columns = QHBoxLayout()
        columns.setSpacing(5 * GRID)
        for menus in _COLUMNS:
            columns.addLayout(_column(menus, tr("Pointer") if menus is _COLUMNS[-1] else ""))
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        rows.setSpacing(2 * GRID)
        rows.addLayout(columns)
        rows.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)


def _column(menus: tuple[Menu, ...], pointer: str) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    for menu in menus:
        if menu is not Menu.NONE:
            _add_heading(grid, tr(menu.value).replace("&", ""))
        for spec in ACTIONS:
            if (spec.menu is menu or spec.menu.startswith(f"{menu}/")) and spec.keys:
                _add_row(grid, label(spec), [_native(key) for key in spec.keys])
    if pointer:
        _add_heading(grid, pointer)
        for text, gestures in GESTURES:
            _add_row(grid, tr(text), [tr(gesture) for gesture in gestures])
    grid.setRowStretch(grid.rowCount(), 1)
    grid.setColumnStretch(0, 1)
    return grid


def _add_heading(grid: QGridLayout, text: str) -> None:
    heading = QLabel(text)
    heading.setProperty("role", "heading")
    row = grid.rowCount()
    grid.setRowMinimumHeight(row, 4 * GRID if row > 1 else 0)
    grid.addWidget(heading, row, 0, 1, 2, Qt.AlignmentFlag.AlignBottom)


def _add_row(grid: QGridLayout, text: str, keys: list[str]) -> None:
    row = grid.rowCount()
    caps = QHBoxLayout()
    caps.setSpacing(GRID // 2)
    caps.addStretch(1)
    for key in keys:
        cap = QLabel(key)
        cap.setProperty("role", "key")
        caps.addWidget(cap)
    grid.addWidget(QLabel(text), row, 0)
    grid.addLayout(caps, row, 1)


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
