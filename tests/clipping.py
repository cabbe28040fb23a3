"""Finds what does not fit: text wider than its widget, widgets outside or over each other, bars that hide their end."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from app.ui import language
from app.ui.language import Language, use_catalogue, use_language

LANGUAGES = (*(each.value for each in Language if each is not Language.SYSTEM), "pseudo")
_OVERFLOW = {"qt_toolbar_ext_button", "qt_menubar_ext_button"}


class PseudoTranslations(NullTranslations):
    """A language in which everything is 40 % longer than in English."""

    def gettext(self, message: str) -> str:
        """English, and some more."""
        return f"{message} {'mmmm ' * math.ceil(0.08 * len(message))}".rstrip() if len(message) > 8 else message + "mm"

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The same."""
        return self.gettext(one if count == 1 else many)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Everything made within is in one of `LANGUAGES`."""
    before = language._catalogue
    try:
        if name == "pseudo":
            use_catalogue(PseudoTranslations())
        else:
            use_language(Language(name))
        yield
    finally:
        use_catalogue(before)


def clipped(root: QWidget) -> list[str]:
    """One line for each thing in `root`, which is shown, that does not fit."""
    QApplication.processEvents()
    widgets = [root, *(each for each in root.findChildren(QWidget) if each.isVisible())]
    found = [words for widget in widgets for words in _faults(widget, root)]
    return [*found, *(words for widget in widgets for words in _overlaps(widget))]


def _faults(widget: QWidget, root: QWidget) -> Iterator[str]:
    if widget.objectName() in _OVERFLOW:
        yield f"{_name(widget)}: the bar is too short for all its entries"
    if widget is not root and not _free(widget) and not _inside(widget):
        yield f"{_name(widget)}: {widget.geometry()} reaches out of its parent {widget.parentWidget().rect()}"
    if isinstance(widget, QScrollArea) and widget.widget() is not None:
        least, room = widget.widget().minimumSizeHint().width(), widget.viewport().width()
        if widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff and least > room:
            yield f"{_name(widget)}: its content needs {least} pixels and has {room}"
    if isinstance(widget, QComboBox) and widget.currentText() not in widget.toolTip() and not _shows_text(widget):
        yield f"{_name(widget)}: “{widget.currentText()}” is cut off"
    wanted = _needed(widget)
    if wanted is not None and (widget.width() < wanted[0] or widget.height() < wanted[1]):
        yield f"{_name(widget)}: needs {wanted[0]} × {wanted[1]}, has {widget.width()} × {widget.height()}"


def _needed(widget: QWidget) -> tuple[int, int] | None:
    """The least size at which all text of `widget` shows; None where it has none, or elides it and has a tip."""
    if isinstance(widget, QLabel):
        if not widget.text() or (_elides(widget) and widget.toolTip()):
            return None
        if widget.wordWrap():
            return 0, widget.heightForWidth(widget.width())
        return widget.sizeHint().width(), widget.minimumSizeHint().height()
    if isinstance(widget, QAbstractButton | QComboBox | QAbstractSpinBox):
        hint = widget.minimumSizeHint()
        return hint.width(), hint.height()
    return None


def _shows_text(box: QComboBox) -> bool:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box
    )
    return box.fontMetrics().horizontalAdvance(box.currentText()) <= field.width()


def _elides(label: QLabel) -> bool:
    return label.sizePolicy().horizontalPolicy() in (QSizePolicy.Policy.Ignored,)


def _free(widget: QWidget) -> bool:
    """It may lie where it likes: scrolled, a window of its own, or one of Qt's helpers."""
    parent = widget.parentWidget()
    above = parent.parentWidget() if parent is not None else None
    is_own = widget.isWindow() or widget.objectName().startswith("qt_")
    return is_own or (isinstance(above, QAbstractScrollArea) and above.viewport() is parent)


def _inside(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return parent is None or parent.rect().contains(QRect(QPoint(widget.x(), widget.y()), widget.size()))


def _overlaps(widget: QWidget) -> Iterator[str]:
    layout = widget.layout()
    if layout is None:
        return
    children = [each for each in _laid_out(layout) if each.isVisible()]
    for index, one in enumerate(children):
        for other in children[index + 1 :]:
            if one.geometry().intersects(other.geometry()):
                yield f"{_name(one)} {one.geometry()} lies over {_name(other)} {other.geometry()}"


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    """The widgets that `layout` and those within it place; nothing where they lie on top of each other on purpose."""
    if isinstance(layout, QStackedLayout):
        return
    layouts = [layout, *layout.findChildren(QLayout)]
    for child in layout.parentWidget().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if any(each.indexOf(child) >= 0 for each in layouts):
            yield child


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", str)() or widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} “{text}” in {type(widget.parentWidget()).__name__}"
