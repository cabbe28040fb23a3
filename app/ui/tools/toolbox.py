"""Which tool is in hand."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from app.ui.canvas.viewport import Viewport
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.tools.brush import BrushTool
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.drag_tool import ELLIPSE, RECTANGLE, DragTool
from app.ui.tools.lasso_tool import LassoTool
from app.ui.tools.polygon_tool import PolygonTool
from app.ui.tools.tools import ShapeSink, ShapingTool, StrokeSink, Tool


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
    ATTENTION = auto()
    """Shows where the global stage looked, and marks what is not to be used."""
    KEEP = auto()
    """Chooses, where it paints, which stage wins."""


class Pending(Protocol):
    """Something a tool has found and not yet done: Enter and Esc are for it."""

    def accept(self) -> None:
        """Do it."""

    def discard(self) -> None:
        """Forget it."""


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
        self.pending: Pending | None = None
        """What waits to be accepted; set by whoever made the tool."""

    @property
    def current(self) -> ToolName:
        """The tool in hand."""
        return self._current

    @property
    def tool(self) -> Tool:
        """What the canvas gets for it."""
        return self._tools[self._current]

    @property
    def is_busy(self) -> bool:
        """True while the tool in hand has a drag or a shape that may be taken back."""
        return self.tool.busy or (isinstance(self.tool, ShapingTool) and self.tool.is_open)

    def add_shapes(self, sink: ShapeSink, viewport: Viewport) -> None:
        """Put the tools in that draw a shape."""
        self.add(ToolName.RECTANGLE, DragTool(RECTANGLE, sink, viewport, self))
        self.add(ToolName.ELLIPSE, DragTool(ELLIPSE, sink, viewport, self))
        self.add(ToolName.LASSO, LassoTool(sink, viewport, self))
        self.add(ToolName.POLYGON, PolygonTool(sink, viewport, self))

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
        self.brush.resize(steps)

    def harden(self, steps: int) -> None:
        """Make the edge harder or softer by that many steps of 10 %."""
        self.brush.harden(steps)

    def forget(self) -> None:
        """Another image was opened: no straight line from the last stroke of the old one, no half-drawn shape."""
        for tool in self._tools.values():
            if isinstance(tool, BrushTool):
                tool.forget()
            elif isinstance(tool, ShapingTool):
                tool.drop()


class BrushMemory(QObject):
    """Keeps the brush and the remembered settings equal, whichever of the two changes."""

    def __init__(self, brush: BrushSettings, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brush, self._settings = brush, settings
        self._recall()
        brush.changed.connect(self._store)
        settings.changed.connect(self._setting_changed)

    def _store(self) -> None:
        brush, curve = self._brush, self._brush.pressure_curve
        for setting, value in ((declared.BRUSH_SIZE, brush.size), (declared.BRUSH_HARDNESS, brush.hardness)):
            self._settings.set(setting, value)
        self._settings.set(declared.BRUSH_PRESSURE, curve is not None)
        if curve is not None:
            self._settings.set(declared.BRUSH_PRESSURE_CURVE, curve)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in _REMEMBERED:
            self._recall()

    def _recall(self) -> None:
        get = self._settings.get
        size, hardness = get(declared.BRUSH_SIZE), get(declared.BRUSH_HARDNESS)
        curve = get(declared.BRUSH_PRESSURE_CURVE) if get(declared.BRUSH_PRESSURE) else None
        self._brush.set_size(size)
        self._brush.set_hardness(hardness)
        self._brush.set_pressure_curve(curve)


_REMEMBERED = (
    declared.BRUSH_SIZE,
    declared.BRUSH_HARDNESS,
    declared.BRUSH_PRESSURE,
    declared.BRUSH_PRESSURE_CURVE,
)
