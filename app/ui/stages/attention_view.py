"""Shows where the global stage looked, while its tool is in hand: heat over the pane that is pointed at, and words."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPointF

from app.imaging.geometry import Point
from app.inference.attention_probe import AttentionMap
from app.ui.canvas.canvas import Canvas
from app.ui.language import tr
from app.ui.panels.attention_card import AttentionCard
from app.ui.session.attention_work import AttentionWork, ProbeState
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView
from app.ui.tools.attention_tool import AttentionTool
from app.ui.tools.toolbox import Toolbox, ToolName


class AttentionView(QObject):
    """The heat stays where it is while the pointer is beside the hole, where one marks what is not to be used; when the
    hole is filled otherwise, the same place is asked again.
    """

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__()
        self._session, self._view, self._toolbox, self._settings = session, view, toolbox, settings
        self.work = AttentionWork(session, self)
        self.card = AttentionCard(view.ground)
        self._asked: Point | None = None
        self._looked: AttentionMap | None = None
        self._canvas: Canvas = view.canvas(Pane.ORIGINAL)
        tool = AttentionTool(toolbox.brush, session.avoid_strokes, self.work.is_filled, self._step, session.clear_avoid)
        toolbox.add(ToolName.ATTENTION, tool)
        for pane in Pane:
            canvas = view.canvas(pane)
            canvas.cursor_moved.connect(partial(self._pointed, canvas))
        self.work.found.connect(self._found)
        self.work.changed.connect(self._tell)
        toolbox.changed.connect(self._tool_changed)
        settings.changed.connect(self._setting_changed)
        session.runs.shown_changed.connect(self._ask_again)
        session.runs.finished.connect(self._ask_again)
        session.runs.cleared.connect(self._cleared)
        session.document_opened.connect(self._tell)
        view.pane_shown.connect(self._pane_shown)

    @property
    def looked(self) -> AttentionMap | None:
        """What is shown."""
        return self._looked

    @property
    def is_on(self) -> bool:
        """The tool is in hand."""
        return self._toolbox.current is ToolName.ATTENTION

    @property
    def _level(self) -> int:
        return self._settings.get(declared.ATTENTION_LEVEL).level

    def _pointed(self, canvas: Canvas, position: QPointF | None) -> None:
        if not self.is_on or position is None or self._view.viewport.hand or self._toolbox.tool.busy:
            return
        point = Point(position.x(), position.y())
        if canvas is self._canvas and point == self._asked:
            return
        if self.work.ask(point, self._level):
            self._asked = point
            self._move_to(canvas)

    def _step(self, across: int, down: int) -> bool:
        """By keys: the first place is the middle of the hole."""
        looked = self._looked
        point = self.work.centre()
        if looked is not None:
            x, y, width, height = looked.asked
            point = Point(x + (across + 0.5) * width, y + (down + 0.5) * height)
        if point is None:
            return False
        if self.work.ask(point, self._level):
            self._asked = point
        return True

    def _move_to(self, canvas: Canvas) -> None:
        """Show the heat in another pane."""
        if canvas is not self._canvas:
            self._canvas.set_heat(None)
            self._canvas = canvas
            canvas.set_heat(self._looked)

    def _pane_shown(self, pane: Pane | None) -> None:
        if pane is not None and self._looked is not None:
            self._move_to(self._view.canvas(pane))

    def _found(self, looked: AttentionMap | None) -> None:
        self._looked = looked
        self._canvas.set_heat(looked)
        self._tell()

    def _tool_changed(self) -> None:
        if self.is_on:
            self._ask_again()
        else:
            self.work.drop()
            self._found(None)
        self._tell()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.ATTENTION_LEVEL:
            self._ask_again()

    def _ask_again(self, *_: object) -> None:
        """About the same place."""
        if self.is_on and (self._asked is None or not self.work.ask(self._asked, self._level)):
            self._found(None)

    def _cleared(self) -> None:
        self._asked = None
        self._found(None)

    def _tell(self) -> None:
        self.card.setVisible(self.is_on and self._session.document is not None)
        state = self.work.state
        if state is ProbeState.LOOKING:
            self.card.show_words(tr("Looking again…"), tr("The stages run once more, to see where the last one looks."))
        elif state is ProbeState.FAILED:
            self.card.show_words(self.work.trouble)
        elif self._looked is not None:
            self.card.show_map(self._looked)
        elif state is ProbeState.READY:
            self.card.show_words(tr("Point at a pixel that was filled: it shows where the global stage looked for it."))
        else:
            words = tr("Fill a hole with the global stage first, then point at what was filled.")
            self.card.show_words(words, tr("Paint over what is not to be used."))
