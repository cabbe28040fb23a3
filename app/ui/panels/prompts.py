"""The words of the prompt: one sentence and what stands on the buttons, for every next step."""

from __future__ import annotations

from dataclasses import dataclass

from app.ui.language import tr
from app.ui.numbers import fine_per_cent
from app.ui.session.next_step import Step, StepKind
from app.ui.stages.panes import Pane, stage_word

RUNNING = (StepKind.WAIT, StepKind.QUEUE, StepKind.QUEUED)
"""The steps while a run is under way."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the bar shows; empty words, no button."""

    text: str
    enter: str = ""
    accept: str = ""
    escape: str = ""
    warns: bool = False


def prompt_for(step: Step, coverage: float, warning: str) -> Prompt:
    """What to show before `step`: `coverage` of the photo, 0…1, is hole; `warning` is what falls short, if anything."""
    accept = _accept(step)
    match step.kind:
        case StepKind.NOTHING_OPEN:
            return Prompt("")
        case StepKind.PAINT:
            return Prompt(tr("Paint over what should go."))
        case StepKind.FILL:
            return _fill(coverage, warning)
        case StepKind.TAKE:
            text = tr("A click adds to the object, Alt+click leaves out, Enter takes it into the mask.")
            return Prompt(text, enter=tr("Take it  ⏎"), escape=tr("Discard  Esc"))
        case StepKind.WAIT:
            return Prompt("", accept=accept, escape=tr("Cancel  Esc"))
        case StepKind.QUEUE:
            return Prompt("", tr("Fill this next  ⏎"), accept, tr("Cancel  Esc"))
        case StepKind.QUEUED:
            return Prompt("", accept=accept, escape=tr("Don't fill it next  Esc"))
        case StepKind.ACCEPT:
            word = stage_word(step.stage) if step.stage else ""
            text = tr("Enter takes the {} result; the number keys compare.").format(word)
            if step.is_mixed:
                text = tr("Enter takes what you kept of each stage.")
            return Prompt(text, enter=f"{accept}  ⏎", escape=tr("Discard  Esc"))
        case StepKind.FILL_AGAIN:
            text = tr("What is filled, or from what, has changed since this run. Enter fills it anew.")
            if warning:
                text = tr("Enter fills it anew. {}").format(warning)
            return Prompt(text, tr("Fill again  ⏎"), accept, tr("Discard  Esc"), bool(warning))


def _accept(step: Step) -> str:
    if step.stage is None:
        return ""
    pane = Pane.KEPT if step.is_mixed else Pane.of(step.stage)
    return tr("Accept {}").format(pane.title)


def _fill(coverage: float, warning: str) -> Prompt:
    text = tr("{} of the photo is painted. Enter fills it.").format(fine_per_cent(coverage))
    if warning:
        text = tr("Enter fills. {}").format(warning)
    return Prompt(text, enter=tr("Fill  ⏎"), warns=bool(warning))
