"""Docks, labels, dialogs, messages, bubbles and what is shown while nothing is open."""

from __future__ import annotations

from app.ui.look.palette import Palette


def panels(colours: Palette, text: int) -> str:
    """See `style_sheet`."""
    return _docks(colours) + _labels(colours, text) + _messages(colours) + _empty(colours)


def _docks(colours: Palette) -> str:
    return f"""
QMainWindow::separator {{ background: {colours.line}; width: 1px; height: 1px; }}
QDockWidget {{ color: {colours.muted}; font-weight: 600; }}
QDockWidget::title {{ background: {colours.window}; padding: 8px 16px 4px 16px; text-align: left; }}
QDockWidget > QWidget {{ background: {colours.window}; }}
QSplitter::handle {{ background: {colours.line}; }}
QSplitter::handle:hover {{ background: {colours.accent_icon}; }}
QGroupBox {{ border: 1px solid {colours.line}; border-radius: 6px; margin-top: 12px; padding: 12px 8px 8px 8px; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 8px; padding: 0 4px; color: {colours.muted}; }}
QDialog {{ background: {colours.window}; }}
QFrame#candidates {{ background: {colours.window}; border-top: 1px solid {colours.line}; }}
QFrame#difference {{ background: {colours.window}; border-bottom: 1px solid {colours.line}; }}
QFrame#prompt {{ background: {colours.window}; border-top: 1px solid {colours.line}; }}
"""


def _labels(colours: Palette, text: int) -> str:
    small = max(text - 1, 11)
    return f"""
QLabel:disabled {{ color: {colours.disabled}; }}
QLabel[role="title"] {{ font-size: {2 * text}px; }}
QLabel[role="heading"] {{ color: {colours.muted}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {colours.muted}; }}
QLabel[role="hint"] {{ color: {colours.muted}; font-size: {small}px; }}
QLabel[role="note"] {{ color: {colours.on_warning}; }}
QLabel[role="key"] {{ color: {colours.text}; background: {colours.field}; border: 1px solid {colours.border};
    border-radius: 4px; padding: 1px 6px; font-size: {small}px; }}
"""


def _messages(colours: Palette) -> str:
    severities = (
        ("info", colours.info, colours.on_info),
        ("warning", colours.warning, colours.on_warning),
        ("error", colours.error, colours.on_error),
    )
    return f"""
QFrame[role="bubble"] {{ background: {colours.raised}; border: 1px solid {colours.accent_icon}; border-radius: 8px; }}
QFrame[role="bubble"] QLabel[role="heading"], QFrame#dropzone QLabel[role="heading"] {{ color: {colours.text}; }}
QFrame[role="offer"] {{ border: none; border-bottom: 1px solid {colours.line}; }}
QLabel[role="picture"] {{ background: {colours.canvas}; border-radius: 4px; }}
QFrame[role="message"] {{ border-bottom: 1px solid {colours.line}; }}
QFrame#notice {{ background: {colours.warning}; border-bottom: 1px solid {colours.line};
    border-left: 4px solid {colours.on_warning}; }}
QFrame#notice QLabel {{ color: {colours.on_warning}; }}
""" + "".join(_message(*each, colours) for each in severities)


def _message(severity: str, ground: str, text: str, colours: Palette) -> str:
    frame = f'QFrame[role="message"][severity="{severity}"]'
    return f"""
{frame} {{ background: {ground}; border-left: 4px solid {text}; }}
{frame} QLabel {{ color: {text}; }}
{frame} QPushButton {{ background: transparent; color: {text}; border: 1px solid {text}; padding: 3px 11px; }}
{frame} QPushButton:hover, {frame} QToolButton:hover {{ background: {colours.hover}; }}
{frame} QPushButton:pressed, {frame} QToolButton:pressed {{ background: {colours.pressed}; }}
{frame} QPushButton:focus {{ border: 2px solid {text}; padding: 2px 10px; }}
{frame} QToolButton:focus {{ border-color: {text}; }}
"""


def _empty(colours: Palette) -> str:
    return f"""
QWidget#empty {{ background: {colours.canvas}; }}
QFrame#dropzone {{ background: transparent; border: 2px dashed {colours.border}; border-radius: 12px; }}
"""
