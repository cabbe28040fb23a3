"""What a presentation says of its steps and of the run under way."""

from __future__ import annotations

from app.ui.language import tr
from app.ui.numbers import duration, fine_per_cent, whole
from app.ui.presenting.slides import Slides
from app.ui.presenting.step_label import Caption
from app.ui.presenting.steps import Step
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.stage_strip import StageView


def caption_of(slides: Slides, session: Session) -> Caption:
    """Of the step on the screen."""
    steps = slides.steps
    titles, notes = (step.title for step in steps), (_note(step, session) for step in steps)
    return Caption(tuple(titles), steps.index(slides.current), len(slides.ready), tuple(notes))


def _note(step: Step, session: Session) -> str:
    """The photo's size, the share that is painted, or the time a stage took and whose result it is."""
    document, runs = session.document, session.runs
    if document is None:
        return ""
    width, height = document.extent
    if step is Step.ORIGINAL:
        return f"{whole(width)} × {whole(height)}"
    if step is Step.MASK:
        return tr("{} of the photo").format(fine_per_cent(session.hole_pixels / (width * height)))
    result = None if step.pane.stage is None else runs.results.get(step.pane.stage)
    name = runs.shown.name if runs.shown is not None and len(runs.variants) > 1 else ""
    return " · ".join(each for each in ("" if result is None else duration(result.seconds), name) if each)


def message_of(slides: Slides, session: Session, view: StageView) -> str:
    """What to do where nothing is filled yet; for who stands at the last step of a run under way, how far it is."""
    phase = session.runs.phase
    if phase is RunPhase.IDLE:
        if session.hole_pixels:
            return tr("Press Enter to fill")
        return tr("Nothing is painted yet. Press Esc, paint over what should go, and come back.")
    if phase is not RunPhase.RUNNING or slides.current is not slides.ready[-1]:
        return ""
    running = (view.pane(pane) for pane in Pane if view.pane(pane).state is PaneState.RUNNING)
    now = next(running, None)
    return tr("Filling…") if now is None else f"{now.pane.title} · {now.detail}"
