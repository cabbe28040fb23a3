"""Brings the magic wand and the object tool into the toolbox, and their previews onto the canvas."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRect, QTimer, Signal

from app.imaging.geometry import Point
from app.ui.session.object_work import ObjectWork
from app.ui.session.session import Session
from app.ui.session.wand_work import Look, WandWork
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView
from app.ui.tools.object_tool import ObjectTool
from app.ui.tools.toolbox import Toolbox, ToolName
from app.ui.tools.wand_tool import WandTool

_HOVER = 40
"""Milliseconds between two previews of what is under the pointer."""


class SmartTools(QObject):
    """Previews are shown in the original's pane, where the tools work."""

    pending_changed = Signal()
    """An object waits to be accepted, or no longer."""

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__()
        self._view, self._toolbox, self._settings = view, toolbox, settings
        self._canvas = view.canvas(Pane.ORIGINAL)
        self.object = ObjectWork(session, settings, self)
        self.wand = WandWork(session, settings, self._look, self)
        self._wand_tool = WandTool(self.wand, settings, view.viewport, self)
        self._object_tool = ObjectTool(self.object, view.viewport, lambda: self._look().visible, self)
        self._hovered: Point | None = None
        self._hover = QTimer(self, singleShot=True, interval=_HOVER)
        toolbox.add(ToolName.WAND, self._wand_tool)
        toolbox.add(ToolName.OBJECT, self._object_tool)
        self._connect()

    def _connect(self) -> None:
        self._hover.timeout.connect(self._preview_hovered)
        self._wand_tool.shown.connect(self._canvas.set_preview)
        self._object_tool.shown.connect(self._canvas.set_preview)
        self._canvas.cursor_moved.connect(self._pointer_moved)
        self._toolbox.changed.connect(self._tool_changed)
        self.object.changed.connect(self._object_changed)

    def _look(self) -> Look:
        view, size = self._canvas.transform(), self._canvas.view_size()
        return Look(view.visible(QRect(0, 0, *size), self._view.viewport.extent), view.scale)

    def _tool_changed(self) -> None:
        """What is not accepted is dropped with the tool."""
        if self._toolbox.current is not ToolName.OBJECT:
            self.object.discard()
        if self._toolbox.current is not ToolName.WAND:
            self._hover.stop()
            self.wand.forget()

    def _object_changed(self) -> None:
        pending = self.object if self.object.is_pending else None
        if pending is not self._toolbox.pending:
            self._toolbox.pending = pending
            self.pending_changed.emit()

    def _pointer_moved(self, position: QPointF | None) -> None:
        if self._toolbox.current is ToolName.WAND and self._settings.get(declared.WAND_HOVER):
            self._hovered = None if position is None else Point(position.x(), position.y())
            if not self._hover.isActive():
                self._hover.start()

    def _preview_hovered(self) -> None:
        if self._toolbox.current is ToolName.WAND:
            self._wand_tool.hover(None if self._view.viewport.hand else self._hovered)
