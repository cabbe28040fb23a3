"""Which tool is in hand."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.tools import BrushTool, StrokeSink, Tool

_SIZE_STEP = 1.15
_HARDNESS_STEP = 0.1


class ToolName(Enum):
    """The tools there are."""

    BRUSH = auto()
    ERASER = auto()
    RESTORE = auto()
    """Brings the photo back as it was opened."""
    RECTANGLE = auto()
    ELLIPSE = auto()
    LASSO = auto()
    POLYGON = auto()
    WAND = auto()
    """Selects what has the colour of the place that is clicked."""
    OBJECT = auto()
    """Finds the object that is clicked."""
    CONTEXT = auto()
    """Moves and resizes context boxes."""


class Toolbox(QObject):
    """Holds one tool of each kind and the brush that the painting ones share."""

    changed = Signal()

    def __init__(self, brush: BrushSettings, sink: StrokeSink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.brush = brush
        """Size and hardness of all tools that paint."""
        self._tools: dict[ToolName, Tool] = {
            ToolName.BRUSH: BrushTool(brush, sink),
            ToolName.ERASER: BrushTool(brush, sink, erase=True),
        }
        self._current = ToolName.BRUSH

    @property
    def current(self) -> ToolName:
        """The tool in hand."""
        return self._current

    @property
    def tool(self) -> Tool:
        """What the canvas gets for it."""
        return self._tools[self._current]

    def add(self, name: ToolName, tool: Tool) -> None:
        """Put another tool in; it must be there before it is taken."""
        self._tools[name] = tool

    def take(self, name: ToolName) -> None:
        """Take another tool in hand."""
        if name is not self._current:
            self._current = name
            self.changed.emit()

    def swap(self) -> None:
        """From brush to eraser and back."""
        self.take(ToolName.ERASER if self._current is ToolName.BRUSH else ToolName.BRUSH)

    def resize(self, steps: int) -> None:
        """Make the brush larger or smaller by that many steps of 15 %, at least one pixel each."""
        size = self.brush.size * _SIZE_STEP**steps
        self.brush.set_size(max(size, self.brush.size + 1) if steps > 0 else min(size, self.brush.size - 1))

    def harden(self, steps: int) -> None:
        """Make the edge harder or softer by that many steps of 10 %."""
        self.brush.set_hardness(round(self.brush.hardness + steps * _HARDNESS_STEP, 2))

    def forget(self) -> None:
        """Another image was opened: no straight line from the last stroke of the old one."""
        for tool in self._tools.values():
            if isinstance(tool, BrushTool):
                tool.forget()


class BrushMemory(QObject):
    """Keeps the brush and the remembered settings equal, whichever of the two changes."""

    def __init__(self, brush: BrushSettings, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brush, self._settings = brush, settings
        self._recall()
        brush.changed.connect(self._store)
        settings.changed.connect(self._setting_changed)

    def _store(self) -> None:
        size, hardness = self._brush.size, self._brush.hardness
        self._settings.set(declared.BRUSH_SIZE, size)
        self._settings.set(declared.BRUSH_HARDNESS, hardness)

    def _setting_changed(self, setting: Setting[float]) -> None:
        if setting in (declared.BRUSH_SIZE, declared.BRUSH_HARDNESS):
            self._recall()

    def _recall(self) -> None:
        size, hardness = self._settings.get(declared.BRUSH_SIZE), self._settings.get(declared.BRUSH_HARDNESS)
        self._brush.set_size(size)
        self._brush.set_hardness(hardness)
