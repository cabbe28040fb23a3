"""A hand on one of the widgets that are shown: it is clicked, turned, typed into, as its kind asks for."""

from __future__ import annotations

from random import Random

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QTabBar,
    QWidget,
)

LEFT = Qt.MouseButton.LeftButton
KINDS = QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView, QTabBar

_WORDS = ("gr", "fill", "mask 1", "é 漢", "", "0", "x" * 60)
_TURNS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home)


def poke(parent: QWidget, random: Random) -> str:
    """Do something to one of the widgets in `parent`; returns what.

    Not by `findChildren`, which makes every object found, for Python, a child of the one that was asked.
    """
    able = [
        each
        for each in QApplication.allWidgets()
        if isinstance(each, KINDS) and parent.isAncestorOf(each) and _is_able(each)
    ]
    able.sort(key=_place)
    if not able:
        return "nothing to poke"
    widget = random.choice(able)
    words = f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}"
    _do(widget, random)
    return words


def _is_able(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and not widget.visibleRegion().isEmpty()


def _place(widget: QWidget) -> tuple[int, int, str]:
    """Where it stands: an order that is the same in every game."""
    at = widget.mapToGlobal(QPoint(0, 0))
    return at.y(), at.x(), type(widget).__name__


def _do(widget: QWidget, random: Random) -> None:
    if isinstance(widget, QLineEdit):
        _type(widget, random.choice(_WORDS))
        QTest.keyClick(widget, random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Backspace)))
    elif isinstance(widget, QAbstractSlider | QAbstractSpinBox) or (
        isinstance(widget, QComboBox) and random.random() < 0.7
    ):
        QTest.keyClick(widget, random.choice(_TURNS))
    elif isinstance(widget, QAbstractItemView):
        _click_row(widget, random)
    else:
        size = widget.size()
        at = widget.rect().center() if random.random() < 0.7 else _within(size.width(), size.height(), random)
        QTest.mouseClick(widget, LEFT, pos=at)


def _type(field: QLineEdit, text: str) -> None:
    """`QTest` can only type ASCII."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))


def _click_row(view: QAbstractItemView, random: Random) -> None:
    model = view.model()
    count = 0 if model is None else model.rowCount(QModelIndex())
    if count:
        index = model.index(random.randrange(count), 0)
        view.scrollTo(index)
        QTest.mouseClick(view.viewport(), LEFT, pos=view.visualRect(index).center())


def _within(width: int, height: int, random: Random) -> QPoint:
    return QPoint(random.randrange(max(width, 1)), random.randrange(max(height, 1)))
