"""Choosing which stage wins where: the keep brush and what it paints."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.session.keeping import is_mixed
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView
from app.ui.tools.toolbox import Toolbox, ToolName


class KeepCommands(QObject):
    """Asks nothing: all of it can be undone."""

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__()
        self._session, self._view, self._toolbox, self._settings = session, view, toolbox, settings

    def can_keep(self) -> bool:
        """There are results to choose among."""
        return self._session.keeps.variant is not None

    def is_in_hand(self) -> bool:
        """The keep brush is the tool in hand."""
        return self._toolbox.current is ToolName.KEEP

    def take(self) -> None:
        """Take the keep brush; of a stage that is shown large, it keeps that one. The mixture is shown."""
        if not self.can_keep():
            return
        shown = self._view.current
        if not self.is_in_hand() and shown is not None and shown.stage in self._session.keeps.stages:
            self._settings.set(declared.KEEP_STAGE, shown.stage)
        self._toolbox.take(ToolName.KEEP)
        if shown is not None:
            self._view.show_pane(Pane.KEPT)

    def next_stage(self) -> None:
        """Keep the next stage that has a result, round and round; at first, take the brush."""
        if not self.is_in_hand():
            self.take()
            return
        stages, stage = self._session.keeps.stages, self._settings.get(declared.KEEP_STAGE)
        if stages:
            at = stages.index(stage) if stage in stages else -1
            self._settings.set(declared.KEEP_STAGE, stages[(at + 1) % len(stages)])

    def has_kept(self) -> bool:
        """There is a mixture to look at, or to make."""
        return self._view.has(Pane.KEPT)

    def is_mixture_shown(self) -> bool:
        """It is shown large."""
        return self._view.current is Pane.KEPT

    def show_mixture(self) -> None:
        """Show it large."""
        self._view.show_pane(Pane.KEPT)

    def can_accept(self) -> bool:
        """Something else is kept than one stage alone."""
        return self.can_keep() and is_mixed(self._session.runs.shown)

    def accept(self) -> None:
        """Take the mixture into the photo."""
        self._session.accept(None)

    def is_tint_shown(self) -> bool:
        """What is kept of each stage is tinted."""
        return self._settings.get(declared.KEEP_SHOWN)

    def toggle_tint(self) -> None:
        """Tint it, or not."""
        self._settings.set(declared.KEEP_SHOWN, not self.is_tint_shown())
