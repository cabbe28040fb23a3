"""How the window looks: one palette of named colours, dark and light, and what is made of it.

Surfaces are neutral greys so that they do not tint the eye's idea of the photograph. Distances are multiples of `GRID`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.settings.declared import ThemeName

GRID = 8
"""Pixels; every margin and gap is a multiple or a half of it."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one look, as ``#rrggbb``."""

    canvas: str
    """Round the photograph."""
    window: str
    """Bars and docks."""
    raised: str
    """Buttons and menus."""
    hover: str
    field: str
    """Where text and numbers are typed, grooves, lists."""
    line: str
    text: str
    muted: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_icon: str
    """Of icons and marks, on any surface."""
    handle: str
    """Of sliders."""
    chevron: str
    """Name of the glyph that marks a drop-down list."""
    warning: str
    """Behind a notice."""
    on_warning: str


DARK = Palette(
    canvas="#161616",
    window="#222222",
    raised="#303030",
    hover="#3b3b3b",
    field="#191919",
    line="#3a3a3a",
    text="#e6e6e6",
    muted="#a3a3a3",
    disabled="#6b6b6b",
    accent="#2f74d0",
    accent_hover="#3d84e2",
    on_accent="#ffffff",
    accent_icon="#6aa9f7",
    handle="#e6e6e6",
    chevron="chevron-dark",
    warning="#3a3120",
    on_warning="#f0cf8e",
)

LIGHT = Palette(
    canvas="#cfcfcf",
    window="#efefef",
    raised="#fbfbfb",
    hover="#e2e2e2",
    field="#ffffff",
    line="#cdcdcd",
    text="#1d1d1d",
    muted="#5c5c5c",
    disabled="#9d9d9d",
    accent="#1f66c1",
    accent_hover="#2a74d3",
    on_accent="#ffffff",
    accent_icon="#1f66c1",
    handle="#ffffff",
    chevron="chevron-light",
    warning="#fdf1d3",
    on_warning="#5e4500",
)

PALETTES = {ThemeName.DARK: DARK, ThemeName.LIGHT: LIGHT}


def apply_theme(palette: Palette) -> None:
    """Give the running application this look; may be called again at any time."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setStyle("Fusion")
        application.setPalette(_qpalette(palette))
        application.setStyleSheet(style_sheet(palette))


def _qpalette(colours: Palette) -> QPalette:
    role = QPalette.ColorRole
    roles = {
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
        role.Link: colours.accent_icon,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.muted,
        role.Light: colours.hover,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.canvas,
        role.Shadow: colours.canvas,
    }
    result = QPalette()
    for each, colour in roles.items():
        result.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, each, QColor(colours.disabled))
    return result


def style_sheet(colours: Palette) -> str:
    """The little that the palette alone can't say. Widgets opt in by object name or the ``role`` property."""
    return f"""
QToolTip {{ background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.line}; padding: 4px 6px; }}

QMenuBar {{ background: {colours.window}; padding: 2px 4px; }}
QMenuBar::item {{ padding: 4px 8px; border-radius: 4px; background: transparent; }}
QMenuBar::item:selected {{ background: {colours.hover}; }}
QMenu {{ background: {colours.raised}; border: 1px solid {colours.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 24px 5px 8px; border-radius: 4px; }}
QMenu::item:selected {{ background: {colours.accent}; color: {colours.on_accent}; }}
QMenu::item:disabled {{ color: {colours.disabled}; background: transparent; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::separator {{ height: 1px; background: {colours.line}; margin: 4px 8px; }}

QToolBar {{ background: {colours.window}; border: none; padding: 4px; spacing: 4px; }}
QToolBar#top {{ border-bottom: 1px solid {colours.line}; }}
QToolBar#tools {{ border-right: 1px solid {colours.line}; }}
QToolBar::separator:horizontal {{ width: 1px; background: {colours.line}; margin: 6px 4px; }}
QToolBar::separator:vertical {{ height: 1px; background: {colours.line}; margin: 4px 6px; }}
QToolBar QToolButton {{ border: none; border-radius: 6px; padding: 6px; }}
QToolBar QToolButton:hover {{ background: {colours.hover}; }}
QToolBar QToolButton:pressed {{ background: {colours.line}; }}
QToolBar QToolButton:checked {{ background: {colours.hover}; }}

QToolButton[role="section"] {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 6px 3px 0;
    color: {colours.muted}; font-weight: 600; }}
QToolButton[role="section"]:hover {{ background: {colours.hover}; }}
QToolButton[role="link"] {{ border: 1px solid transparent; border-radius: 4px; padding: 3px 6px;
    color: {colours.accent_icon}; }}
QToolButton[role="link"]:hover {{ background: {colours.hover}; }}
QToolButton[role="dot"] {{ border: 1px solid transparent; border-radius: 8px; padding: 0; font-size: 7pt;
    color: {colours.accent_icon}; }}
QToolButton[role="dot"]:hover {{ background: {colours.hover}; }}
QToolButton[role="menu"] {{ border: 1px solid {colours.line}; border-radius: 4px; padding: 3px 8px;
    background: {colours.raised}; }}
QToolButton[role="menu"]:hover {{ background: {colours.hover}; }}
QToolButton[role="menu"]::menu-indicator {{ image: none; }}
QToolButton[role="variant"] {{ border: 1px solid {colours.line}; border-radius: 6px; background: {colours.raised};
    font-weight: 600; }}
QToolButton[role="variant"]:hover {{ background: {colours.hover}; }}
QToolButton[role="variant"]:checked {{ background: {colours.accent}; color: {colours.on_accent};
    border-color: {colours.accent}; }}
QToolButton[role="section"]:focus, QToolButton[role="link"]:focus, QToolButton[role="dot"]:focus,
QToolButton[role="menu"]:focus, QToolButton[role="variant"]:focus {{ border-color: {colours.accent_icon}; }}
QToolButton[role="variant"]:checked:focus {{ border-color: {colours.text}; }}

QMainWindow::separator {{ background: {colours.line}; width: 1px; height: 1px; }}
QDockWidget > QWidget {{ background: {colours.window}; }}
QLabel[role="heading"] {{ color: {colours.muted}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {colours.muted}; }}
QLabel[role="title"] {{ font-size: 20pt; font-weight: 300; }}
QLabel[role="key"] {{ color: {colours.text}; background: {colours.field}; border: 1px solid {colours.line};
    border-radius: 4px; padding: 1px 6px; }}

QPushButton {{ background: {colours.raised}; border: 1px solid {colours.line}; border-radius: 6px; padding: 5px 14px; }}
QPushButton:hover {{ background: {colours.hover}; }}
QPushButton:pressed {{ background: {colours.line}; }}
QPushButton:focus {{ border-color: {colours.accent_icon}; }}
QPushButton:disabled {{ color: {colours.disabled}; }}
QPushButton[role="primary"], QPushButton:default {{ background: {colours.accent}; color: {colours.on_accent};
    border-color: {colours.accent}; }}
QPushButton[role="primary"]:hover, QPushButton:default:hover {{ background: {colours.accent_hover}; }}
QPushButton[role="primary"]:disabled {{ background: {colours.raised}; color: {colours.disabled};
    border-color: {colours.line}; }}
QPushButton[role="primary"]:focus {{ border-color: {colours.text}; }}

QAbstractSpinBox, QLineEdit {{ background: {colours.field}; border: 1px solid {colours.line}; border-radius: 4px;
    padding: 3px 6px; selection-background-color: {colours.accent}; }}
QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none; }}
QAbstractSpinBox:focus, QLineEdit:focus, QComboBox:focus {{ border-color: {colours.accent_icon}; }}
QComboBox {{ background: {colours.raised}; border: 1px solid {colours.line}; border-radius: 4px; padding: 4px 8px; }}
QComboBox:hover {{ background: {colours.hover}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url({_glyph(colours.chevron)}); width: 12px; height: 12px; }}
QCheckBox {{ spacing: 8px; }}
QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {colours.disabled}; border-radius: 4px;
    background: {colours.field}; }}
QCheckBox::indicator:hover, QCheckBox::indicator:focus {{ border-color: {colours.accent_icon}; }}
QCheckBox::indicator:checked {{ background: {colours.accent}; border-color: {colours.accent};
    image: url({_glyph("check")}); }}
QComboBox QAbstractItemView {{ background: {colours.raised}; border: 1px solid {colours.line}; padding: 4px;
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent}; outline: none; }}

QSlider {{ min-height: 20px; }}
QSlider::groove:horizontal {{ height: 4px; background: {colours.line}; border-radius: 2px; }}
QSlider::sub-page:horizontal {{ background: {colours.accent}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 12px; margin: -5px 0; border-radius: 7px; background: {colours.handle};
    border: 1px solid {colours.disabled}; }}
QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover {{ border-color: {colours.accent_icon}; }}

QListView {{ background: {colours.field}; border: 1px solid {colours.line}; border-radius: 4px; padding: 4px;
    outline: none; }}
QListView::item {{ padding: 4px 6px; border-radius: 4px; }}
QListView::item:hover {{ background: {colours.hover}; }}
QListView::item:selected {{ background: {colours.accent}; color: {colours.on_accent}; }}

QProgressBar {{ background: {colours.field}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {colours.accent}; border-radius: 3px; }}

QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {colours.line}; border-radius: 4px; margin: 1px; min-height: 24px; min-width: 24px; }}
QScrollBar::handle:hover {{ background: {colours.disabled}; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none;
    width: 0; height: 0; }}

QStatusBar {{ background: {colours.window}; border-top: 1px solid {colours.line}; color: {colours.muted}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ color: {colours.muted}; padding: 2px 8px; }}

QFrame#prompt, QFrame#filmstrip {{ background: {colours.window}; border-top: 1px solid {colours.line}; }}
QFrame#filmstrip QListView {{ background: transparent; border: none; border-radius: 0; padding: 0; }}
QFrame#banner {{ background: {colours.warning}; border-bottom: 1px solid {colours.line}; }}
QFrame#banner QLabel {{ color: {colours.on_warning}; }}
QFrame#banner QToolButton {{ border: none; border-radius: 4px; padding: 4px; }}
QWidget#empty {{ background: {colours.canvas}; }}
"""


def _glyph(name: str) -> str:
    """The path of a small picture, as a style sheet wants it."""
    return (Path(__file__).parent / "glyphs" / f"{name}.svg").as_posix()
