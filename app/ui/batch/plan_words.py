"""What a dry run has found, in sentences."""

from __future__ import annotations

from app.batch.request import BatchPlan
from app.ui.batch.check import BatchCheck
from app.ui.language import plural, tr
from app.ui.numbers import decimal, megabytes

_GIGABYTE = 2**30


def found_words(check: BatchCheck) -> str:
    """What is missing, going on, or found."""
    if check.plan is None:
        return check.words or tr("Looking at the photos…")
    begun = begun_words(check.done, len(check.plan.rows)) if check.done else ""
    return " ".join(each for each in (begun, counts(check.plan), space(check.plan)) if each)


def counts(plan: BatchPlan) -> str:
    """How many photos can be filled, and how many can't."""
    if not plan.rows:
        return tr("There is no photo in this folder.")
    count, jobs, problems = len(plan.rows), len(plan.jobs), len(plan.problems)
    photos = plural("{} photo", "{} photos", count).format(count)
    if not problems:
        return tr("{}, no problems.").format(photos)
    troubled = plural("{} with a problem", "{} with problems", problems).format(problems)
    return tr("{}: {} ready, {}.").format(photos, jobs, troubled)


def space(plan: BatchPlan) -> str:
    """What the results take, and what there is."""
    if not plan.jobs:
        return ""
    words = tr("The results take about {}, of {} that are free.")
    if plan.space_needed > plan.space_free:
        words = tr("There is not enough space: the results take about {}, and {} are free.")
    return words.format(_size(plan.space_needed), _size(plan.space_free))


def begun_words(done: int, count: int) -> str:
    """That the same batch was begun before."""
    return tr("This batch was begun before: {} of {} photos are done.").format(done, count)


def _size(nbytes: int) -> str:
    return tr("{} GB").format(decimal(nbytes / _GIGABYTE, 1)) if nbytes >= _GIGABYTE else megabytes(nbytes)
