"""Where text and numbers are typed or chosen: fields, drop-down lists, sliders, progress."""

from __future__ import annotations

from app.ui.look.palette import Palette
from app.ui.look.sheets.glyphs import glyph


def fields(colours: Palette) -> str:
    """See `style_sheet`."""
    return _texts(colours) + _choices(colours) + _sliders(colours)


def _texts(colours: Palette) -> str:
    return f"""
QAbstractSpinBox, QLineEdit, QKeySequenceEdit QLineEdit, QPlainTextEdit, QTextEdit {{ background: {colours.field};
    color: {colours.text}; border: 1px solid {colours.border}; border-radius: 4px; padding: 3px 7px;
    selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
    placeholder-text-color: {colours.muted}; }}
QAbstractSpinBox:hover, QLineEdit:hover {{ border-color: {colours.muted}; }}
QAbstractSpinBox:focus, QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {colours.accent_icon}; padding: 2px 6px; }}
QAbstractSpinBox:disabled, QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled {{
    color: {colours.disabled}; background: {colours.window}; border-color: {colours.line}; }}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {{ border: none; background: transparent;
    padding: 0 4px; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; border: none;
    subcontrol-origin: padding; }}
"""


def _choices(colours: Palette) -> str:
    return f"""
QComboBox {{ background: {colours.raised}; color: {colours.text}; border: 1px solid {colours.border};
    border-radius: 4px; padding: 3px 7px; min-height: 18px; }}
QComboBox:hover {{ background: {colours.hover}; }}
QComboBox:on {{ background: {colours.pressed}; }}
QComboBox:focus {{ border: 2px solid {colours.accent_icon}; padding: 2px 6px; }}
QComboBox:disabled {{ color: {colours.disabled}; border-color: {colours.line}; }}
QComboBox::drop-down {{ border: none; width: 22px; }}
QComboBox::down-arrow {{ image: url({glyph(f"down-{colours.name}")}); width: 12px; height: 12px; }}
QComboBox::down-arrow:disabled {{ image: url({glyph(f"down-off-{colours.name}")}); }}
QComboBox QAbstractItemView {{ background: {colours.raised}; border: 1px solid {colours.border}; border-radius: 0;
    padding: 4px; selection-background-color: {colours.accent}; selection-color: {colours.on_accent};
    outline: none; }}
QComboBox QAbstractItemView::item {{ min-height: 20px; padding: 2px 6px; border-radius: 4px; }}
QComboBox QAbstractItemView::item:disabled {{ color: {colours.disabled}; }}
"""


def _sliders(colours: Palette) -> str:
    return f"""
QSlider:horizontal {{ min-height: 20px; }}
QSlider:vertical {{ min-width: 20px; }}
QSlider::groove:horizontal {{ height: 4px; background: {colours.pressed}; border-radius: 2px; }}
QSlider::groove:vertical {{ width: 4px; background: {colours.pressed}; border-radius: 2px; }}
QSlider::sub-page:horizontal, QSlider::add-page:vertical {{ background: {colours.accent_icon}; border-radius: 2px; }}
QSlider::sub-page:horizontal:disabled, QSlider::add-page:vertical:disabled {{ background: {colours.disabled}; }}
QSlider::handle {{ background: {colours.handle}; border: 1px solid {colours.border}; border-radius: 7px; }}
QSlider::handle:horizontal {{ width: 12px; margin: -5px 0; }}
QSlider::handle:vertical {{ height: 12px; margin: 0 -5px; }}
QSlider::handle:hover {{ border-color: {colours.accent_icon}; }}
QSlider::handle:focus {{ background: {colours.accent_icon}; border: 2px solid {colours.text}; }}
QSlider::handle:horizontal:focus {{ width: 10px; }}
QSlider::handle:vertical:focus {{ height: 10px; }}
QSlider::handle:disabled {{ background: {colours.disabled}; border-color: {colours.disabled}; }}
QProgressBar {{ background: {colours.pressed}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {colours.accent_icon}; border-radius: 3px; }}
"""
