"""What is shown of the photograph and round it: panes, mask tint, panels, theme."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from app.ui.canvas.mask_look import MaskLook
from app.ui.session.crash import log_file
from app.ui.settings import declared
from app.ui.settings.declared import ThemeName
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView


class Window(Protocol):
    """What the commands ask of the main window."""

    def close(self) -> None:
        """Close, after asking about unsaved changes."""

    def are_panels_shown(self) -> bool:
        """True while any panel is visible."""

    def show_panels(self, on: bool) -> None:
        """Show or hide all panels."""

    def focus_panel(self) -> None:
        """Move the keyboard on: from the photo into bars and panels, and back."""

    def set_panel_wanted(self, name: str, on: bool) -> None:
        """Whether the panel `name` is among those that are shown."""

    def is_full_screen(self) -> bool:
        """True while the screen is filled."""

    def set_full_screen(self, on: bool) -> None:
        """Fill the screen, or no longer."""

    def show_keys(self) -> None:
        """Show the key sheet."""

    def show_settings(self, setting: Setting[Any] | None = None) -> None:
        """Show the settings, at `setting` where one is named."""


class ViewCommands(QObject):
    """Changes nothing but what is seen."""

    def __init__(self, view: StageView, settings: Settings, window: Window) -> None:
        super().__init__()
        self.window = window
        self._view, self._settings = view, settings
        self._mask_visible = True
        settings.changed.connect(self._setting_changed)
        self._tint()

    def shows(self, pane: Pane | None) -> bool:
        """`pane` is shown large; None: all are shown."""
        return self._view.page is None and self._view.current is pane

    def show(self, pane: Pane | None) -> None:
        """Show `pane` large; None: all."""
        self._view.show_pane(pane)

    def is_mask_shown(self) -> bool:
        """The mask is tinted."""
        return self._mask_visible

    def toggle_mask(self) -> None:
        """Show or hide the mask's tint."""
        self._mask_visible = not self._mask_visible
        self._tint()

    def has_mask_look(self, look: MaskLook) -> bool:
        """The mask is shown like that."""
        return self._settings.get(declared.OVERLAY_LOOK) is look

    def set_mask_look(self, look: MaskLook) -> None:
        """Show the mask differently."""
        self._settings.set(declared.OVERLAY_LOOK, look)

    def is_edge_shown(self) -> bool:
        """What will be filled beyond the mask is drawn."""
        return self._settings.get(declared.OVERLAY_EDGE)

    def toggle_edge(self) -> None:
        """Draw it, or not."""
        self._settings.set(declared.OVERLAY_EDGE, not self.is_edge_shown())

    def are_contexts_shown(self) -> bool:
        """Context boxes are drawn whichever tool is in hand."""
        return self._settings.get(declared.CONTEXT_BOXES)

    def toggle_contexts(self) -> None:
        """Show or hide the context boxes; the context tool shows them either way."""
        self._settings.set(declared.CONTEXT_BOXES, not self.are_contexts_shown())

    def toggle_panels(self) -> None:
        """Hide all panels, or show them again."""
        self.window.show_panels(not self.window.are_panels_shown())

    def has_navigator(self) -> bool:
        """The navigator is among the panels."""
        return self._settings.get(declared.NAVIGATOR)

    def toggle_navigator(self) -> None:
        """Show the navigator among the panels, or no longer."""
        self._settings.set(declared.NAVIGATOR, not self.has_navigator())

    def toggle_full_screen(self) -> None:
        """Fill the screen, or no longer."""
        self.window.set_full_screen(not self.window.is_full_screen())

    def has_theme(self, theme: ThemeName) -> bool:
        """The window has this look."""
        return self._settings.get(declared.THEME) is theme

    def set_theme(self, theme: ThemeName) -> None:
        """Change the look."""
        self._settings.set(declared.THEME, theme)

    def open_log_folder(self) -> None:
        """Show the folder of the log in the file manager."""
        log_file().parent.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file().parent)))

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in (declared.OVERLAY_COLOUR, declared.OVERLAY_OPACITY, declared.OVERLAY_LOOK):
            self._tint()
        elif setting is declared.NAVIGATOR:
            self.window.set_panel_wanted("navigator", self.has_navigator())

    def _tint(self) -> None:
        colour, opacity = self._settings.get(declared.OVERLAY_COLOUR), self._settings.get(declared.OVERLAY_OPACITY)
        self._view.set_overlay(self._mask_visible, colour, opacity, self._settings.get(declared.OVERLAY_LOOK))
