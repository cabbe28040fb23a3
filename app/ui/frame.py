"""What surrounds the photograph: toolbars and docks, made and filled."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QSizePolicy, QToolBar, QVBoxLayout, QWidget

from app.ui.action_set import ActionSet
from app.ui.actions import Bar
from app.ui.icons import SIZE
from app.ui.theme import GRID


def column(*widgets: QWidget) -> QWidget:
    """A widget with `widgets` below each other, without gaps; the tallest policy takes what is left."""
    result = QWidget()
    rows = QVBoxLayout(result)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    for widget in widgets:
        rows.addWidget(widget)
    return result


def tool_bar(window: QMainWindow, actions: ActionSet, which: Bar) -> QToolBar:
    """One of the toolbars, with icons alone; its last entry of the top one stands at the far end."""
    bar = QToolBar()
    bar.setObjectName(which.value)
    bar.setMovable(False)
    bar.setIconSize(QSize(SIZE, SIZE))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    actions.fill_tool_bar(bar, which)
    if which is Bar.TOP:
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.insertWidget(bar.actions()[-1], spring)
    area = Qt.ToolBarArea.TopToolBarArea if which is Bar.TOP else Qt.ToolBarArea.LeftToolBarArea
    window.addToolBar(area, bar)
    return bar


def dock(window: QMainWindow, name: str, title: str, widget: QWidget) -> QDockWidget:
    """A panel on the right, fixed there; `title` is shown above it where it is not empty."""
    result = QDockWidget()
    result.setObjectName(name)
    result.setWindowTitle(title)
    result.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
    result.setTitleBarWidget(_heading(title) if title else QWidget())
    result.setWidget(widget)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, result)
    return result


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
    return label
