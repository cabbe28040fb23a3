"""What surrounds the photograph: toolbars, panels, the screen, the sheets of help."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.ui.actions.action_set import ActionSet
from app.ui.actions.spec import Bar
from app.ui.language import tr
from app.ui.look.icons import SIZE
from app.ui.look.theme import GRID
from app.ui.panels.key_sheet import KeySheet


class Frame:
    """Fills the frame of `window` round `home`, the widget that has the keyboard while one paints.

    A `view_commands.Window`.
    """

    def __init__(self, window: QMainWindow, home: QWidget) -> None:
        self._window = window
        self._home = home
        self._docks: list[QDockWidget] = []
        self._followers: list[Callable[[bool], None]] = []

    def add_tool_bars(self, actions: ActionSet) -> None:
        """All toolbars, with icons alone; the last entry of the top one stands at its far end."""
        top = self._tool_bar(actions, Bar.TOP, Qt.ToolBarArea.TopToolBarArea)
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        top.insertWidget(top.actions()[-1], spring)
        self._tool_bar(actions, Bar.TOOLS, Qt.ToolBarArea.LeftToolBarArea)

    def add_panel(self, name: str, title: str, widget: QWidget) -> None:
        """A panel on the right, fixed there; `title` is shown above it where it is not empty."""
        dock = QDockWidget()
        dock.setObjectName(name)
        dock.setWindowTitle(title)
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(_heading(title) if title else QWidget())
        dock.setWidget(widget)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        self._docks.append(dock)

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
            dock.setVisible(on)
        for follower in self._followers:
            follower(on)
        if not on:
            self._home.setFocus()

    def focus_panel(self) -> None:
        """Move the keyboard from the photo into the panels, or back."""
        if self._home.isAncestorOf(QApplication.focusWidget() or self._home):
            self.show_panels(True)
            first = next((each for each in self._docks[0].findChildren(QWidget) if _takes_tab(each)), None)
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._home.setFocus()

    def is_full_screen(self) -> bool:
        """True while the window fills the screen."""
        return self._window.isFullScreen()

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or no longer."""
        state, full = self._window.windowState(), Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if on else state & ~full)

    def show_keys(self) -> None:
        """Show the key sheet."""
        KeySheet(self._window).exec()

    def show_about(self) -> None:
        """Say what this program is."""
        text = tr("Paint over what should not be there, and the photograph is whole again.")
        QMessageBox.about(self._window, "Lacuna", f"<b>Lacuna {__version__}</b><p>{text}")

    def _tool_bar(self, actions: ActionSet, which: Bar, area: Qt.ToolBarArea) -> QToolBar:
        bar = QToolBar()
        bar.setObjectName(which.value)
        bar.setMovable(False)
        bar.setIconSize(QSize(SIZE, SIZE))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        actions.fill_tool_bar(bar, which)
        self._window.addToolBar(area, bar)
        return bar


def column(*widgets: QWidget) -> QWidget:
    """A widget with `widgets` below each other, without gaps."""
    result = QWidget()
    rows = QVBoxLayout(result)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(0)
    for widget in widgets:
        rows.addWidget(widget)
    return result


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    label.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 0)
    return label


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
