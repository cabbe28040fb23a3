"""The options of the tool in hand, in a row below the top toolbar, and one line on how it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from app.ui.language import mark, tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.keep_row import KeepRow
from app.ui.panels.pieces import flush, label
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.tools.toolbox import ToolName

_MARGIN = 3 * GRID // 2
"""With the bar's own, as far from the window's edge as the line of words below the photo is from the canvas's."""
_LEAST_SLIDER = 4 * GRID
_BRUSH = declared.BRUSH_SIZE, declared.BRUSH_HARDNESS, declared.BRUSH_PRESSURE, declared.BRUSH_PRESSURE_CURVE
_SHAPE = mark("Shift keeps the sides equal · Ctrl draws from the middle · Space moves it · Alt erases")


@dataclass(frozen=True, slots=True)
class _Options:
    """What the bar shows for one tool; the texts are marked, not translated."""

    name: str
    settings: tuple[Setting[Any], ...]
    hint: str


_TOOLS = {
    ToolName.BRUSH: _Options(
        mark("Brush"), _BRUSH, mark("Alt erases · Shift+click draws a line · Alt+right-drag changes the size")
    ),
    ToolName.ERASER: _Options(
        mark("Eraser"), _BRUSH, mark("Alt paints · Shift+click draws a line · Alt+right-drag changes the size")
    ),
    ToolName.RESTORE: _Options(
        mark("Restore original"), _BRUSH, mark("Paint where the photo should be as it was opened")
    ),
    ToolName.RECTANGLE: _Options(mark("Rectangle"), (), _SHAPE),
    ToolName.ELLIPSE: _Options(mark("Ellipse"), (), _SHAPE),
    ToolName.LASSO: _Options(
        mark("Lasso"), (), mark("Draw round what should go · the line closes itself · Alt erases")
    ),
    ToolName.POLYGON: _Options(
        mark("Polygon"),
        (),
        mark("Click the corners · Enter or a double click closes it · Backspace takes one back · Alt erases"),
    ),
    ToolName.WAND: _Options(
        mark("Magic wand"),
        (declared.WAND_TOLERANCE, declared.WAND_GROW, declared.WAND_CONTIGUOUS),
        mark("Click a colour · drag right for more of it, left for less · Alt erases"),
    ),
    ToolName.OBJECT: _Options(
        mark("Object"),
        (declared.OBJECT_GROW,),
        mark("Click the object or drag a box round it · more clicks add, Alt+click leaves out · Enter takes it"),
    ),
    ToolName.KEEP: _Options(
        mark("Keep"),
        (declared.KEEP_STAGE, declared.BRUSH_SIZE, declared.BRUSH_HARDNESS, declared.KEEP_SHOWN),
        mark("Paint where that stage should win · Alt takes it back · Shift+click draws a line"),
    ),
    ToolName.CONTEXT: _Options(
        mark("Context box"), (), mark("Drag an edge or the box · Shift keeps its shape · double click: automatic")
    ),
    ToolName.ATTENTION: _Options(
        mark("Attention"),
        (declared.ATTENTION_LEVEL, declared.BRUSH_SIZE),
        mark("Point at what was filled · paint over what must not be used · Alt takes that back, Delete all of it"),
    ),
}


class ToolOptions(QWidget):
    """One page of rows for each tool that has options; tools with the same ones share a page."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Tool options"))
        self._name, self._hint = label(role="heading"), ElidedLabel()
        self._hint.setProperty("role", "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._pages = {
            shown: _page(settings, shown) for shown in dict.fromkeys(each.settings for each in _TOOLS.values())
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 0, _MARGIN, 0)
        row.setSpacing(2 * GRID)
        row.addWidget(self._name)
        for page in self._pages.values():
            row.addWidget(page)
            page.hide()
        row.addWidget(self._hint, 1)

    @property
    def keep_row(self) -> KeepRow:
        """The stages to choose among."""
        row = self.findChild(KeepRow)
        assert isinstance(row, KeepRow)
        return row

    def sizeHint(self) -> QSize:
        """As tall as the tallest page: the picture below must not move when another tool is taken."""
        return super().sizeHint().expandedTo(self._tallest())

    def minimumSizeHint(self) -> QSize:
        """As tall."""
        return super().minimumSizeHint().expandedTo(self._tallest())

    def _tallest(self) -> QSize:
        return QSize(0, max(page.sizeHint().height() for page in self._pages.values()))

    def show_tool(self, tool: ToolName) -> None:
        """Another tool is in hand."""
        shown = _TOOLS[tool]
        self._name.setText(tr(shown.name))
        self._hint.setText(tr(shown.hint))
        for settings, page in self._pages.items():
            page.setVisible(settings == shown.settings)


def _page(settings: Settings, shown: tuple[Setting[Any], ...]) -> QWidget:
    page = QWidget()
    row = flush(QHBoxLayout(page), 2 * GRID)
    for setting in shown:
        is_keep = setting is declared.KEEP_STAGE
        row.addWidget(KeepRow(settings) if is_keep else row_for(settings, setting, compact=True))
    if declared.KEEP_STAGE in shown:
        for slider in page.findChildren(QSlider):
            slider.setMinimumWidth(_LEAST_SLIDER)  # the stages need the room in a narrow window
    return page
