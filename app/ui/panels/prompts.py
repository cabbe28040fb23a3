"""The words of the prompt: one sentence and what stands on the buttons, for every next step."""

from __future__ import annotations

from dataclasses import dataclass

from app.inference.request import Stage
from app.ui.language import tr
from app.ui.session.next_step import Step, StepKind
from app.ui.stages.panes import Pane

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
    accept = tr("Accept {}").format(Pane.of(step.stage).title) if step.stage else ""
    match step.kind:
        case StepKind.NOTHING_OPEN:
            return Prompt("")
        case StepKind.PAINT:
            return Prompt(tr("Paint over what should go."))
        case StepKind.FILL:
            return _fill(coverage, warning)
        case StepKind.WAIT:
            return Prompt("", accept=accept, escape=tr("Cancel  Esc"))
        case StepKind.QUEUE:
            return Prompt("", tr("Fill this next  ⏎"), accept, tr("Cancel  Esc"))
        case StepKind.QUEUED:
            return Prompt("", accept=accept, escape=tr("Don't fill it next  Esc"))
        case StepKind.ACCEPT:
            text = tr("Enter takes the {} result; the number keys compare.").format(_lower(step.stage))
            return Prompt(text, enter=f"{accept}  ⏎", escape=tr("Discard  Esc"))
        case StepKind.FILL_AGAIN:
            text = tr("The mask or its context has changed since this run. Enter fills it anew.")
            if warning:
                text = tr("Enter fills it anew. {}").format(warning)
            return Prompt(text, tr("Fill again  ⏎"), accept, tr("Discard  Esc"), bool(warning))


def _fill(coverage: float, warning: str) -> Prompt:
    text = tr("{} of the photo is painted. Enter fills it.").format(share(coverage))
    if warning:
        text = tr("Enter fills. {}").format(warning)
    return Prompt(text, enter=tr("Fill  ⏎"), warns=bool(warning))


def share(part: float) -> str:
    """0…1 as per cent, with as many digits as it takes not to say 0."""
    percent = 100 * part
    if percent == 0:
        return "0 %"
    return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %" if percent >= 0.1 else "< 0.1 %"


def _lower(stage: Stage | None) -> str:
    return Pane.of(stage).title.lower() if stage is not None else ""
