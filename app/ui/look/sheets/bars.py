"""Menus, toolbars, scroll bars and the status bar."""

from __future__ import annotations

from app.ui.look.palette import Palette


def bars(colours: Palette) -> str:
    """See `style_sheet`."""
    return _menus(colours) + _tool_bars(colours) + _edges(colours)


def _menus(colours: Palette) -> str:
    return f"""
QToolTip {{ background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.border};
    padding: 4px 6px; }}
QMenuBar {{ background: {colours.window}; padding: 2px 4px; border-bottom: 1px solid {colours.line}; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {colours.hover}; }}
QMenuBar::item:pressed {{ background: {colours.accent}; color: {colours.on_accent}; }}
QMenuBar::item:disabled {{ color: {colours.disabled}; }}
QMenu {{ background: {colours.raised}; border: 1px solid {colours.border}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 8px; border-radius: 4px; }}
QMenu::item:selected {{ background: {colours.accent}; color: {colours.on_accent}; }}
QMenu::item:disabled {{ color: {colours.disabled}; background: transparent; }}
QMenu::icon {{ padding-left: 8px; }}
QMenu::separator {{ height: 1px; background: {colours.line}; margin: 4px 8px; }}
"""


def _tool_bars(colours: Palette) -> str:
    return f"""
QToolBar {{ background: {colours.window}; border: none; padding: 4px; spacing: 4px; }}
QToolBar#top, QToolBar#options {{ border-bottom: 1px solid {colours.line}; }}
QToolBar#tools {{ border-right: 1px solid {colours.line}; }}
QToolBar::separator:horizontal {{ width: 1px; background: {colours.line}; margin: 6px 4px; }}
QToolBar::separator:vertical {{ height: 1px; background: {colours.line}; margin: 4px 6px; }}
QToolBar QToolButton {{ border: 2px solid transparent; border-radius: 6px; padding: 4px; }}
QToolBar QToolButton:hover {{ background: {colours.hover}; }}
QToolBar QToolButton:checked {{ background: {colours.hover}; }}
QToolBar#tools QToolButton:checked {{ background: {colours.hover}; border-left: 2px solid {colours.accent_icon};
    border-top-left-radius: 0; border-bottom-left-radius: 0; }}
QToolBar QToolButton:pressed {{ background: {colours.pressed}; }}
QToolBar QToolButton:focus, QToolBar#tools QToolButton:focus {{ border: 2px solid {colours.accent_icon};
    border-radius: 6px; }}
QToolBar QLabel {{ color: {colours.muted}; }}
"""


def _edges(colours: Palette) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {colours.border}; border-radius: 3px; margin: 2px; min-height: 24px;
    min-width: 24px; }}
QScrollBar::handle:hover {{ background: {colours.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
    width: 0; height: 0; }}
QStatusBar {{ background: {colours.window}; border-top: 1px solid {colours.line}; color: {colours.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {colours.muted}; padding: 2px 8px; }}
QStatusBar QToolButton[role="link"] {{ border: 1px solid transparent; padding: 0 4px; }}
QStatusBar QToolButton[role="link"]:focus {{ border-color: {colours.accent_icon}; }}
"""
