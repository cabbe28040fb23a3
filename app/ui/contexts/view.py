"""Shows the context boxes in the original's pane, and brings their tool into the toolbox."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject

from app.inference.request import Progress, Region
from app.ui.contexts.boxes import ContextBoxes
from app.ui.contexts.layer import ContextMark, Tone
from app.ui.contexts.plan import ContextBox
from app.ui.contexts.tool import ContextTool
from app.ui.contexts.words import caption, description
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView
from app.ui.tools.toolbox import Toolbox, ToolName


class ContextView(QObject):
    """Boxes are drawn while they are wanted in the settings, or their tool is in hand."""

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__()
        self.boxes = ContextBoxes(session, settings, self)
        self._runs, self._toolbox, self._settings = session.runs, toolbox, settings
        self._canvas = view.canvas(Pane.ORIGINAL)
        self._at_work: Region | None = None
        toolbox.add(ToolName.CONTEXT, ContextTool(self.boxes, view.viewport))
        self.boxes.changed.connect(self._refresh)
        toolbox.changed.connect(self._refresh)
        settings.changed.connect(self._setting_changed)
        self._runs.progress_made.connect(self._progress_made)
        self._runs.phase_changed.connect(self._phase_changed)

    def _progress_made(self, progress: Progress) -> None:
        self._at_work = progress.region
        self._refresh()

    def _phase_changed(self) -> None:
        if self._runs.phase is not RunPhase.RUNNING:
            self._at_work = None
        self._refresh()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.CONTEXT_BOXES:
            self._refresh()

    def _refresh(self) -> None:
        edits = self._toolbox.current is ToolName.CONTEXT
        shown = edits or self._settings.get(declared.CONTEXT_BOXES)
        self._canvas.set_contexts(list(self._marks(edits)) if shown else ())
        selected = self.boxes.selected if edits else None
        self._canvas.setAccessibleDescription("" if selected is None else description(selected, self.boxes.boxes))

    def _marks(self, edits: bool) -> Iterator[ContextMark]:
        """The selected box, and the region at work, on top of the others."""
        selected = self.boxes.selected if edits else None
        at_work = None if self._at_work is None else self._at_work.rect
        for box in sorted(self.boxes.boxes, key=lambda box: box is selected):
            if box.rect != at_work:
                yield _mark(box, has_handles=box is selected)
        if self._at_work is not None:
            yield ContextMark(self._at_work.rect, caption(self._at_work), Tone.AT_WORK, is_solid=True)


def _mark(box: ContextBox, *, has_handles: bool) -> ContextMark:
    tone = Tone.WARNING if box.limits else Tone.PLAIN
    return ContextMark(box.rect, caption(box.region), tone, box.chosen is not None, has_handles)
