"""The sheet of all keys (F1), made from the action table and the keys there are now."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions.gestures import GESTURES
from app.ui.actions.keymap import Keymap, native
from app.ui.actions.spec import Menu
from app.ui.actions.table import ACTIONS, plain
from app.ui.actions.table import label as label_of
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import button, label
from app.ui.presenting.keys import key_rows

_LARGEST = 150 * GRID, 90 * GRID
"""Width and height that fit a small screen."""

_MOST_COLUMNS = 3

Row = tuple[str, list[str]]


class KeySheet(QDialog):
    """As many columns as fit beside each other, scrolled where they are long."""

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Keys"))
        scroll = QScrollArea()
        scroll.setAccessibleName(tr("Keys"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        body = _body([_block(title, rows) for title, rows in _groups(keymap)])
        scroll.setWidget(body)
        close = button(tr("Close"), self.reject)
        close.setDefault(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(3 * GRID, 3 * GRID, GRID, 2 * GRID)
        rows.setSpacing(2 * GRID)
        rows.addWidget(scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 2 * GRID, 0)
        foot.addStretch(1)
        foot.addWidget(close)
        rows.addLayout(foot)
        close.setFocus()
        hint = body.sizeHint()
        self.resize(hint.width() + 7 * GRID, min(hint.height() + 12 * GRID, _LARGEST[1]))


def _groups(keymap: Keymap) -> Iterator[tuple[str, list[Row]]]:
    """Heading and rows of each menu that has keys, then what is held, then the pointer's gestures."""
    for menu in Menu:
        rows = [
            (label_of(spec), [native(key) for key in keymap.keys(spec.id)])
            for spec in ACTIONS
            if spec.menu is menu and keymap.keys(spec.id)
        ]
        if rows:
            yield plain(tr(menu.value.rpartition("/")[2])) or tr("While held"), rows
    yield tr("Presentation"), key_rows()
    yield tr("Pointer"), [(tr(text), [tr(gesture) for gesture in gestures]) for text, gestures in GESTURES]


def _body(blocks: list[QWidget]) -> QWidget:
    body = QWidget()
    columns = QHBoxLayout(body)
    columns.setContentsMargins(0, 0, 2 * GRID, 0)
    columns.setSpacing(5 * GRID)
    for column in _columns(blocks, _fitting(blocks)):
        rows = QVBoxLayout()
        rows.setSpacing(3 * GRID)
        for block in column:
            rows.addWidget(block)
        rows.addStretch(1)
        columns.addLayout(rows, 1)
    return body


def _fitting(blocks: list[QWidget]) -> int:
    """How many columns fit beside each other."""
    for count in range(_MOST_COLUMNS, 1, -1):
        widths = (max(block.sizeHint().width() for block in column) for column in _columns(blocks, count) if column)
        if sum(widths) + (count - 1) * 5 * GRID + 7 * GRID <= _LARGEST[0]:
            return count
    return 1


def _columns(blocks: list[QWidget], count: int) -> list[list[QWidget]]:
    """`blocks` in their order, in columns of about the same height."""
    height = sum(block.sizeHint().height() for block in blocks)
    result: list[list[QWidget]] = [[] for _ in range(count)]
    above = 0
    for block in blocks:
        middle = above + block.sizeHint().height() / 2
        result[min(int(middle * count / height), count - 1)].append(block)
        above += block.sizeHint().height()
    return result


def _block(title: str, rows: list[Row]) -> QWidget:
    block = QWidget()
    grid = QGridLayout(block)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * GRID)
    grid.setVerticalSpacing(GRID // 2)
    grid.setColumnStretch(0, 1)
    grid.addWidget(label(title, "heading"), 0, 0, 1, 2)
    for row, (text, keys) in enumerate(rows, 1):
        grid.addWidget(label(text), row, 0)
        grid.addLayout(_caps(keys), row, 1)
    return block


def _caps(keys: list[str]) -> QHBoxLayout:
    caps = QHBoxLayout()
    caps.setSpacing(GRID // 2)
    caps.addStretch(1)
    for key in keys:
        caps.addWidget(label(key, "key"), 0, Qt.AlignmentFlag.AlignVCenter)
    return caps
