"""The look of the running application: Qt's palette and style sheet, made of one `Palette`.

Distances are multiples of `GRID`.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.look.palette import DARK, LIGHT, Palette
from app.ui.look.sheets import style_sheet
from app.ui.settings.declared import ThemeName

__all__ = ["DARK", "GRID", "LIGHT", "Palette", "apply_theme", "palette_of", "wear"]

GRID = 8
"""Pixels; every margin and gap is a multiple or a half of it."""


_SCHEMES = {
    ThemeName.DARK: Qt.ColorScheme.Dark,
    ThemeName.LIGHT: Qt.ColorScheme.Light,
    ThemeName.SYSTEM: Qt.ColorScheme.Unknown,
}


def palette_of(theme: ThemeName) -> Palette:
    """The colours of `theme`; SYSTEM asks the desktop, dark where that does not say. Needs a running application."""
    if theme is ThemeName.SYSTEM:
        return LIGHT if _desktop_scheme() is Qt.ColorScheme.Light else DARK
    return LIGHT if theme is ThemeName.LIGHT else DARK


def _desktop_scheme() -> Qt.ColorScheme:
    return QGuiApplication.styleHints().colorScheme()


def worn() -> Palette:
    """The colours that the running application has now."""
    window = QGuiApplication.palette().color(QPalette.ColorRole.Window).name()
    return LIGHT if window == LIGHT.window else DARK


def wear(theme: ThemeName) -> Palette:
    """Give the running application the look of `theme`, the frame that the desktop draws included; return its colours.

    With SYSTEM this is to be called again when the desktop's look changes.
    """
    hints = QGuiApplication.styleHints()
    if hasattr(hints, "setColorScheme"):  # Qt 6.8
        hints.setColorScheme(_SCHEMES[theme])
    palette = palette_of(theme)
    apply_theme(palette)
    return palette


def apply_theme(palette: Palette) -> None:
    """Give the running application this look; may be called again at any time, and does nothing where it has it."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        sheet = style_sheet(palette, QFontInfo(application.font()).pixelSize())
        if application.styleSheet() != sheet:
            application.setStyle("Fusion")
            application.setPalette(_qpalette(palette))
            application.setStyleSheet(sheet)


def _qpalette(colours: Palette) -> QPalette:
    result = QPalette()
    for each, colour in _roles(colours).items():
        result.setColor(each, QColor(colour))
    role = QPalette.ColorRole
    for dimmed in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        result.setColor(QPalette.ColorGroup.Disabled, dimmed, QColor(colours.disabled))
    return result


def _roles(colours: Palette) -> dict[QPalette.ColorRole, str]:
    role = QPalette.ColorRole
    return {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.field,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.on_accent,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent_icon,
        role.Link: colours.accent_icon,
        role.LinkVisited: colours.accent_icon,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Light: colours.hover,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.canvas,
        role.Shadow: colours.canvas,
    }
