"""The steps of a presentation, in their order."""

from __future__ import annotations

from enum import Enum

from app.ui.language import tr
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.stage_strip import StageView


class Step(Enum):
    """What is on the screen."""

    ORIGINAL = "original"
    MASK = "mask"
    """The original, and what will be filled."""
    COARSE = "coarse"
    LOCAL = "local"
    GLOBAL = "global"
    DETAIL = "detail"

    @property
    def pane(self) -> Pane:
        """The pane that shows the same."""
        return Pane.ORIGINAL if self is Step.MASK else Pane(self.value)

    @classmethod
    def of(cls, pane: Pane) -> Step:
        """The step that shows what `pane` does, without a mask."""
        return cls(pane.value)

    @property
    def title(self) -> str:
        """Its name on the screen."""
        return tr("Mask") if self is Step.MASK else self.pane.title


def steps_of(view: StageView, *, has_mask: bool) -> tuple[Step, ...]:
    """The steps there are, or will be once the run under way has come so far."""
    stages = [Step.of(pane) for pane in Pane if pane.stage and view.pane(pane).state is not PaneState.EMPTY]
    return Step.ORIGINAL, *([Step.MASK] if has_mask else []), *stages
