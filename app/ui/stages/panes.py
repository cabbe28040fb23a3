"""The panes and what a pane can be waiting for."""

from __future__ import annotations

from enum import Enum, auto

from app.inference.request import Stage
from app.ui.language import tr


class Pane(Enum):
    """What can be looked at, in the order in which it is shown."""

    ORIGINAL = "original"
    COARSE = "coarse"
    LOCAL = "local"
    GLOBAL = "global"
    DETAIL = "detail"
    KEPT = "kept"
    """What is kept of each stage."""

    @classmethod
    def of(cls, stage: Stage) -> Pane:
        """The pane that shows the result of `stage`."""
        return cls(stage.value)

    @property
    def stage(self) -> Stage | None:
        """The stage whose result it shows; None for the original and for what is kept of several."""
        return None if self in (Pane.ORIGINAL, Pane.KEPT) else Stage(self.value)

    @property
    def title(self) -> str:
        """Its name on the screen."""
        return {
            Pane.ORIGINAL: tr("Original"),
            Pane.COARSE: tr("Coarse"),
            Pane.LOCAL: tr("Local"),
            Pane.GLOBAL: tr("Global"),
            Pane.DETAIL: tr("Detail"),
            Pane.KEPT: tr("Kept"),
        }[self]


def stage_word(stage: Stage) -> str:
    """What `stage` is called within a sentence; a title can't be made lower-case in every language."""
    return {
        Stage.COARSE: tr("coarse"),
        Stage.LOCAL: tr("local"),
        Stage.GLOBAL: tr("global"),
        Stage.DETAIL: tr("detail"),
    }[stage]


class PaneState(Enum):
    """Where a pane's stage stands."""

    EMPTY = auto()
    """No run, or the run does not include this stage."""
    WAITING = auto()
    RUNNING = auto()
    READY = auto()

    @property
    def words(self) -> str:
        """The state in words; nothing for READY, whose time says it."""
        return {
            PaneState.EMPTY: tr("No result yet"),
            PaneState.WAITING: tr("Waiting"),
            PaneState.RUNNING: tr("Running"),
            PaneState.READY: "",
        }[self]
