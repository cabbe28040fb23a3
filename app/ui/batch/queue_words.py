"""How a batch stands, in words."""

from __future__ import annotations

import math

from app.ui.language import plural, tr
from app.ui.panels.progress_strip import span
from app.ui.session.batch_rows import BatchSummary
from app.ui.session.batch_work import BatchWork


def standing_words(work: BatchWork) -> str:
    """Whether it is at work, and how many photos are done and failed."""
    summary = work.summary
    if work.is_stopping:
        state = tr("Ending…")
    elif work.is_paused:
        state = tr("Paused")
    elif work.is_running:
        state = tr("Writing the report…") if work.is_reporting else tr("At work")
    else:
        state = tr("Stopped") if summary.is_stopped else tr("Done")
    counts = [tr("{} of {} photos").format(work.done, work.total)]
    counts += [plural("{} failed", "{} failed", summary.failed).format(summary.failed)] if summary.failed else []
    left_out = plural("{} left out", "{} left out", summary.left_out).format(summary.left_out)
    counts += [left_out] if summary.left_out else []
    return " · ".join([state, *counts])


def times_words(work: BatchWork) -> str:
    """What has passed, and what is left where that was measured."""
    elapsed = work.clock.elapsed
    parts = [span(math.floor(elapsed))] if elapsed >= 1 else []
    left = work.clock.left(work.total - work.done) if work.is_running else None
    if left is not None and left >= 1:
        parts.append(tr("about {} left").format(long_span(math.ceil(left))))
    return " · ".join(parts)


def long_span(seconds: int) -> str:
    """Whole seconds; from an hour on hours and minutes."""
    hours, rest = divmod(seconds, 3600)
    return tr("{} h {} min").format(hours, rest // 60) if hours else span(seconds)


def ended_words(summary: BatchSummary) -> str:
    """How it ended, in a sentence."""
    done = plural("{} photo is filled", "{} photos are filled", summary.done).format(summary.done)
    parts = [done]
    parts += [plural("{} failed", "{} failed", summary.failed).format(summary.failed)] if summary.failed else []
    left_out = plural("{} was left out", "{} were left out", summary.left_out).format(summary.left_out)
    parts += [left_out] if summary.left_out else []
    words = tr("The batch was stopped: {}.") if summary.is_stopped else tr("The batch is done: {}.")
    return words.format(", ".join(parts))
