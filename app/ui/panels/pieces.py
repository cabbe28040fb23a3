"""What all panels are made of: labels by their role, buttons by what they do, rows and columns without margins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QWidget

from app.ui.look.theme import GRID

Box = TypeVar("Box", bound=QBoxLayout)


def label(text: str = "", role: str = "", *, wraps: bool = False) -> QLabel:
    """A label of plain text; `role` is one of those of `look.sheets`, `wraps` breaks long lines."""
    result = QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wraps)
    if role:
        result.setProperty("role", role)
    return result


def button(text: str, run: Callable[[], object], *, tip: str = "") -> QPushButton:
    """A button of a dialog that Enter does not press from elsewhere."""
    result = QPushButton(text, autoDefault=False)
    result.setToolTip(tip)
    result.clicked.connect(lambda: run())
    return result


def flush(box: Box, gap: int = GRID) -> Box:
    """`box` without margins, with `gap` pixels between its parts."""
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(gap)
    return box


def keep_room(widget: QWidget) -> None:
    """Hidden, `widget` leaves its place empty, so that nothing moves."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)
