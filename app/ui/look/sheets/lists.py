"""Lists, trees, tables, the filmstrip and tabs."""

from __future__ import annotations

from app.ui.look.palette import Palette
from app.ui.look.sheets.glyphs import glyph


def lists(colours: Palette) -> str:
    """See `style_sheet`."""
    return _views(colours) + _filmstrip(colours) + _tabs(colours)


def _views(colours: Palette) -> str:
    return f"""
QListView, QTreeView, QTableView {{ background: {colours.field}; color: {colours.text};
    border: 1px solid {colours.line}; border-radius: 4px; padding: 4px; outline: none;
    alternate-background-color: {colours.field}; gridline-color: {colours.line}; }}
QListView:focus, QTreeView:focus, QTableView:focus {{ border-color: {colours.accent_icon}; }}
QListView::item, QTreeView::item, QTableView::item {{ padding: 2px 4px; border: 2px solid transparent;
    border-radius: 4px; }}
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover {{ background: {colours.hover}; }}
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {{ background: {colours.accent};
    color: {colours.on_accent}; }}
QListView::item:focus, QTreeView::item:focus {{ border-color: {colours.accent_icon}; }}
QListView::item:selected:focus, QTreeView::item:selected:focus {{ border-color: {colours.text}; }}
QTableView::item:focus, QTableView::item:selected:focus {{ border-color: transparent; }}
QListView QLineEdit, QListView QLineEdit:focus {{ min-height: 0; padding: 0 4px; }}
QListView::item:disabled, QTreeView::item:disabled, QTableView::item:disabled {{ color: {colours.disabled}; }}
QTreeView::item {{ min-height: 20px; }}
QTreeView {{ show-decoration-selected: 0; }}
QTreeView::branch, QTreeView::branch:selected {{ background: transparent; }}
QTreeView::branch:closed:has-children {{ image: url({glyph(f"right-{colours.name}")}); }}
QTreeView::branch:open:has-children {{ image: url({glyph(f"down-{colours.name}")}); }}
QHeaderView::section {{ background: {colours.window}; color: {colours.muted}; border: none;
    border-bottom: 1px solid {colours.line}; padding: 4px 8px; }}
QHeaderView::down-arrow, QHeaderView::up-arrow {{ width: 10px; height: 10px; subcontrol-position: center left;
    left: 4px; }}
QHeaderView::down-arrow {{ image: url({glyph(f"down-{colours.name}")}); }}
QHeaderView::up-arrow {{ image: url({glyph(f"up-{colours.name}")}); }}
"""


def _filmstrip(colours: Palette) -> str:
    return f"""
QFrame#filmstrip {{ background: {colours.window}; border-top: 1px solid {colours.line}; }}
QFrame#filmstrip QListView {{ background: transparent; border: none; border-radius: 0; padding: 0; }}
QFrame#filmstrip QListView::item:selected {{ background: {colours.hover}; color: {colours.text};
    border-color: {colours.accent_icon}; }}
QFrame#filmstrip QListView::item:selected:focus {{ border-color: {colours.text}; }}
"""


def _tabs(colours: Palette) -> str:
    return f"""
QTabWidget::pane {{ border: none; border-top: 1px solid {colours.line}; }}
QTabBar {{ background: transparent; qproperty-drawBase: 0; }}
QTabBar::tab {{ background: transparent; color: {colours.muted}; border: 2px solid transparent; padding: 6px 12px;
    border-bottom: 2px solid transparent; }}
QTabBar::tab:hover {{ background: {colours.hover}; color: {colours.text}; }}
QTabBar::tab:selected {{ color: {colours.text}; border-bottom-color: {colours.accent_icon}; }}
QTabBar::tab:disabled {{ color: {colours.disabled}; }}
QTabBar:focus {{ outline: none; }}
QTabBar::tab:selected:focus {{ border: 2px solid {colours.accent_icon}; border-radius: 4px; }}
"""
