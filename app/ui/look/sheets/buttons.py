"""Push buttons, tool buttons, check boxes and radio buttons. A focus ring is a border of two pixels."""

from __future__ import annotations

from app.ui.look.palette import Palette
from app.ui.look.sheets.glyphs import glyph


def buttons(colours: Palette, text: int) -> str:
    """See `style_sheet`."""
    parts = _push_buttons, _special_buttons, _tool_buttons, _switches
    return "".join(part(colours) for part in parts) + _special_tool_buttons(colours, text)


def _push_buttons(colours: Palette) -> str:
    return f"""
QPushButton {{ background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.border};
    border-radius: 6px; padding: 5px 13px; min-height: 16px; }}
QPushButton:hover {{ background: {colours.hover}; }}
QPushButton:pressed {{ background: {colours.pressed}; }}
QPushButton:checked {{ background: {colours.hover}; border-color: {colours.accent_icon}; }}
QPushButton:focus {{ border: 2px solid {colours.accent_icon}; padding: 4px 12px; }}
QPushButton:disabled {{ color: {colours.disabled}; border-color: {colours.line}; }}
QPushButton[role="primary"], QPushButton:default {{ background: {colours.accent}; color: {colours.on_accent};
    border-color: {colours.accent}; }}
QPushButton[role="primary"]:hover, QPushButton:default:hover {{ background: {colours.accent_hover}; }}
QPushButton[role="primary"]:pressed, QPushButton:default:pressed {{ background: {colours.accent_pressed}; }}
QPushButton[role="primary"]:focus, QPushButton:default:focus {{ border-color: {colours.text}; }}
QPushButton[role="primary"]:disabled {{ background: {colours.raised}; color: {colours.disabled};
    border-color: {colours.line}; }}
"""


def _special_buttons(colours: Palette) -> str:
    return f"""
QPushButton[role="flat"] {{ background: transparent; color: {colours.text}; border: 2px solid transparent;
    padding: 4px 8px; }}
QPushButton[role="flat"]:hover {{ background: {colours.hover}; }}
QPushButton[role="flat"]:pressed {{ background: {colours.pressed}; }}
QPushButton[role="flat"]:focus {{ border-color: {colours.accent_icon}; }}
QPushButton[role="flat"]:disabled {{ color: {colours.disabled}; }}
"""


def _tool_buttons(colours: Palette) -> str:
    return f"""
QToolButton {{ color: {colours.text}; border: 2px solid transparent; border-radius: 4px; padding: 2px; }}
QToolButton:hover, QToolButton:checked {{ background: {colours.hover}; }}
QToolButton:pressed {{ background: {colours.pressed}; }}
QToolButton:focus {{ border-color: {colours.accent_icon}; }}
QToolButton:disabled {{ color: {colours.disabled}; }}
QToolButton[popupMode="1"] {{ padding-right: 16px; }}
QToolButton[popupMode="2"] {{ padding-right: 14px; }}
QToolButton::menu-indicator {{ image: url({glyph(f"down-{colours.name}")}); width: 10px; height: 10px;
    subcontrol-position: right center; right: 2px; }}
QToolButton::menu-button {{ border: none; width: 14px; }}
QToolButton::menu-arrow {{ image: url({glyph(f"down-{colours.name}")}); width: 12px; height: 12px; }}
"""


def _special_tool_buttons(colours: Palette, text: int) -> str:
    return f"""
QToolButton[role="section"] {{ color: {colours.muted}; font-weight: 600; padding: 2px 4px 2px 0; }}
QToolButton[role="section"]:hover {{ color: {colours.text}; }}
QToolButton[role="section"]:checked {{ background: transparent; }}
QToolButton[role="section"]:checked:hover {{ background: {colours.hover}; }}
QToolButton[role="link"] {{ color: {colours.accent_icon}; padding: 2px 4px; }}
QToolButton[role="dot"] {{ color: {colours.accent_icon}; border-radius: 8px; padding: 0;
    font-size: {text * 3 // 4}px; }}
QToolButton[role="menu"] {{ background: {colours.raised}; border: 1px solid {colours.border}; padding: 3px 8px; }}
QToolButton[role="menu"]:hover {{ background: {colours.hover}; }}
QToolButton[role="menu"]::menu-indicator {{ image: none; }}
QToolButton[role="variant"] {{ background: {colours.raised}; border: 1px solid {colours.border}; border-radius: 6px;
    font-weight: 600; }}
QToolButton[role="variant"]:hover {{ background: {colours.hover}; }}
QToolButton[role="variant"]:checked {{ background: {colours.accent}; color: {colours.on_accent};
    border-color: {colours.accent}; }}
QToolButton[role="menu"]:focus, QToolButton[role="variant"]:focus {{ border: 2px solid {colours.accent_icon}; }}
QToolButton[role="variant"]:checked:focus {{ border-color: {colours.text}; }}
"""


def _switches(colours: Palette) -> str:
    return f"""
QCheckBox, QRadioButton {{ spacing: 8px; padding: 2px 0; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {colours.disabled}; }}
QCheckBox::indicator, QRadioButton::indicator {{ width: 14px; height: 14px; border: 1px solid {colours.border};
    background: {colours.field}; }}
QCheckBox::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: 8px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {colours.accent_icon}; }}
QCheckBox::indicator:checked {{ background: {colours.accent}; border-color: {colours.accent_icon};
    image: url({glyph("check")}); }}
QCheckBox::indicator:indeterminate {{ background: {colours.accent}; border-color: {colours.accent_icon};
    image: url({glyph("dash")}); }}
QRadioButton::indicator:checked {{ background: {colours.accent}; border-color: {colours.accent_icon};
    image: url({glyph("dot")}); }}
QCheckBox::indicator:focus, QRadioButton::indicator:focus {{ width: 12px; height: 12px;
    border: 2px solid {colours.accent_icon}; }}
QCheckBox::indicator:checked:focus, QRadioButton::indicator:checked:focus {{ border-color: {colours.text}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ background: {colours.window};
    border-color: {colours.disabled}; }}
QCheckBox::indicator:checked:disabled {{ image: url({glyph(f"check-off-{colours.name}")}); }}
"""
