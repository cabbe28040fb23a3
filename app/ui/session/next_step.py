"""What Enter does now: one rule, read by the command, by the prompt that announces it, and by tests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

from app.inference.request import Stage
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session


class StepKind(Enum):
    """The possible next steps."""

    NOTHING_OPEN = auto()
    PAINT = auto()
    """Nothing is hole yet: Enter does nothing."""
    FILL = auto()
    WAIT = auto()
    """A run is under way: Enter does nothing."""
    QUEUE = auto()
    """A run is under way and the mask has changed since: Enter lets another run follow."""
    QUEUED = auto()
    """A run is under way and another one will follow: Enter does nothing."""
    ACCEPT = auto()
    FILL_AGAIN = auto()
    """Results wait, but the mask or its context changed since: Enter fills anew."""
    TAKE = auto()
    """A tool has found something: Enter takes it into the mask, or out of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """The next step and, where results wait, the stage that accepting would take."""

    kind: StepKind
    stage: Stage | None = None
    is_mixed: bool = False
    """What is kept of each stage would be accepted instead."""

    @property
    def accepts(self) -> Stage | None:
        """What `Session.accept` would be given."""
        return None if self.is_mixed else self.stage


def next_step(session: Session, *preferred: Stage) -> Step:
    """The rule. Of the stages `preferred` the first with a result would be accepted, without any the newest."""
    phase = session.runs.phase
    stage = stage_to_take(session.runs.results, *preferred)
    if session.document is None:
        return Step(StepKind.NOTHING_OPEN)
    if phase is RunPhase.RUNNING:
        return Step(_while_running(session), stage)
    if phase is RunPhase.READY:
        changed = session.mask_changed_since_run or session.contexts_changed_since_run
        again = changed and session.hole_pixels > 0
        return Step(StepKind.FILL_AGAIN if again else StepKind.ACCEPT, stage)
    return Step(StepKind.FILL if session.hole_pixels else StepKind.PAINT)


def stage_to_take(results: Collection[Stage], *preferred: Stage) -> Stage | None:
    """Of `results`, in the order of their arrival, what would be accepted; None where there are none."""
    return next((each for each in (*preferred, *reversed(tuple(results))) if each in results), None)


def _while_running(session: Session) -> StepKind:
    if session.queued is not None:
        return StepKind.QUEUED
    return StepKind.QUEUE if session.painted_since_run else StepKind.WAIT
