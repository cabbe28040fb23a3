"""What surrounds the photograph: toolbars, panels, the screen, the sheets of help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.ui.actions.action_set import ActionSet
from app.ui.actions.spec import Bar
from app.ui.look.icons import SIZE
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush, label
from app.ui.panels.sheets import Sheets
from app.ui.settings.setting import Setting

_OPTIONS = "options"
"""The options bar's name, for the style sheet and the remembered layout."""


class Frame:
    """Fills the frame of `window` round `home`, the widget that has the keyboard while one paints.

    A `commands.view.Window`.
    """

    def __init__(self, window: QMainWindow, home: QWidget, sheets: Sheets) -> None:
        self._window, self._home, self._sheets = window, home, sheets
        self._docks: list[QDockWidget] = []
        self._options: QToolBar | None = None
        self._areas: list[QWidget] = []
        self._unwanted: set[str] = set()
        self._followers: list[Callable[[bool], None]] = []

    def add_tool_bars(self, actions: ActionSet) -> None:
        """All toolbars, with icons alone; the last entry of the top one stands at its far end."""
        top = self._tool_bar(actions, Bar.TOP, Qt.ToolBarArea.TopToolBarArea)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        top.insertWidget(top.actions()[-1], spring)
        self._tool_bar(actions, Bar.TOOLS, Qt.ToolBarArea.LeftToolBarArea)

    def add_options(self, options: QWidget) -> None:
        """A row below the top toolbar; it comes and goes with the panels."""
        self._window.addToolBarBreak(Qt.ToolBarArea.TopToolBarArea)
        self._options = bar = _bar(_OPTIONS)
        bar.setWindowTitle(options.accessibleName())
        bar.addWidget(options)
        self._window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)

    def add_panel(
        self,
        name: str,
        title: str,
        widget: QWidget,
        area: Qt.DockWidgetArea = Qt.DockWidgetArea.RightDockWidgetArea,
    ) -> None:
        """A panel on the right, or in another `area`, fixed there; `title` is shown above it where it is not empty."""
        dock = QDockWidget()
        dock.setObjectName(name)
        dock.setWindowTitle(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(_heading(title) if title else QWidget())
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        self._docks.append(dock)

    def add_area(self, area: QWidget) -> None:
        """Let the keyboard get to `area`, which comes and goes beside the photo, before it gets to bars and panels."""
        self._areas.append(area)

    def close(self) -> None:
        """Close the window, after asking about unsaved changes."""
        self._window.close()

    def follow(self, follower: Callable[[bool], None]) -> None:
        """Call `follower` whenever panels are shown or hidden: for what is no panel but comes and goes with them."""
        self._followers.append(follower)

    def are_panels_shown(self) -> bool:
        """True while any panel is visible."""
        return any(not dock.isHidden() for dock in self._docks)

    def show_panels(self, on: bool) -> None:
        """Show or hide all panels."""
        for dock in self._docks:
            dock.setVisible(on and dock.objectName() not in self._unwanted)
        for follower in (*self._followers, *([] if self._options is None else [self._options.setVisible])):
            follower(on)
        if not on:
            self._home.setFocus()

    def set_panel_wanted(self, name: str, on: bool) -> None:
        """Whether the panel `name` is among those that are shown."""
        (self._unwanted.discard if on else self._unwanted.add)(name)
        self.show_panels(self.are_panels_shown())

    def focus_panel(self) -> None:
        """Move the keyboard on: from the photo to bars with fields, through the panels, and back to the photo."""
        focus = QApplication.focusWidget() or self._home
        if self._home.isAncestorOf(focus):
            self.show_panels(True)
        areas: list[QWidget] = [*self._areas, *self._window.findChildren(QToolBar), *self._docks]
        passed = next((index for index, area in enumerate(areas, 1) if area.isAncestorOf(focus)), 0)
        fields = (first for area in areas[passed:] if (first := _first_field(area)) is not None)
        next(fields, self._home).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_full_screen(self) -> bool:
        """True while the window fills the screen."""
        return self._window.isFullScreen()

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or no longer."""
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if on else state & ~full)

    def show_keys(self) -> None:
        """Show the key sheet."""
        self._sheets.show_keys()

    def show_settings(self, setting: Setting[Any] | None = None) -> None:
        """Show the settings, at `setting` where one is named."""
        self._sheets.show_settings(setting)

    def _tool_bar(self, actions: ActionSet, which: Bar, area: Qt.ToolBarArea) -> QToolBar:
        bar = _bar(which.value)
        bar.setIconSize(QSize(SIZE, SIZE))
        actions.fill_tool_bar(bar, which)
        self._window.addToolBar(area, bar)
        return bar


def _bar(name: str) -> QToolBar:
    """A toolbar that stays where it is."""
    bar = QToolBar()
    bar.setObjectName(name)
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    return bar


def column(*widgets: QWidget) -> QWidget:
    """A widget with `widgets` below each other, without gaps."""
    result = QWidget()
    rows = flush(QVBoxLayout(result), 0)
    for widget in widgets:
        rows.addWidget(widget)
    return result


def _heading(text: str) -> QLabel:
    heading = label(text, "heading")
    heading.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
    return heading


def _first_field(area: QWidget) -> QWidget | None:
    """What Tab would reach first in a bar or panel that is shown."""
    widget = area.nextInFocusChain()
    while widget is not None and widget is not area:
        if area.isAncestorOf(widget) and _takes_tab(widget):
            return widget
        widget = widget.nextInFocusChain()
    return None


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.isVisible()
