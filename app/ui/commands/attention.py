"""Where the global stage looked, and what is not to be used: the verbs."""

from __future__ import annotations

from app.imaging.geometry import Point
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.stages.attention_view import AttentionView
from app.ui.tools.toolbox import Toolbox, ToolName


class AttentionCommands:
    """Asks nothing: marks can be undone."""

    def __init__(self, session: Session, toolbox: Toolbox, settings: Settings, view: AttentionView) -> None:
        self._session, self._toolbox, self._settings, self._view = session, toolbox, settings, view

    def take_tool(self) -> None:
        """Take the tool in hand."""
        self._toolbox.take(ToolName.ATTENTION)

    def has_tool(self) -> bool:
        """The tool is in hand."""
        return self._toolbox.current is ToolName.ATTENTION

    def show_next_level(self) -> None:
        """Look at the next level, round and round; takes the tool in hand."""
        if self.has_tool():
            self._settings.set(declared.ATTENTION_LEVEL, self._settings.get(declared.ATTENTION_LEVEL).following)
        self.take_tool()

    def has_strongest(self) -> bool:
        """It is shown which place was looked at most."""
        return self._view.looked is not None and bool(self._view.looked.spots)

    def avoid_strongest(self) -> None:
        """Mark, with a dab of the brush, the place that was looked at most as not to be used."""
        looked, strokes, brush = self._view.looked, self._session.avoid_strokes, self._toolbox.brush
        if looked is not None and looked.spots:
            point = looked.spots[0].point
            strokes.begin_stroke(brush.size, brush.hardness, False)
            strokes.stroke_to(Point(point.x, point.y))
            strokes.end_stroke()

    def has_avoid(self) -> bool:
        """Something is marked as not to be used."""
        return self._session.has_avoid

    def clear_avoid(self) -> None:
        """Let all of the photo be used again."""
        self._session.clear_avoid()
