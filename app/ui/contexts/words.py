"""Context boxes and what falls short in them, in the user's language."""

from __future__ import annotations

from collections.abc import Sequence

from app.inference.limits import CONSEQUENCES, HEADLINES, Limit
from app.inference.request import Region
from app.ui.contexts.plan import ContextBox
from app.ui.language import tr
from app.ui.numbers import decimal


def caption(region: Region) -> str:
    """The scale, such as ``0.42×``."""
    return f"{decimal(region.scale, 2)}×"


def headline(limit: Limit) -> str:
    """What falls short, in one sentence."""
    return tr(HEADLINES[limit.kind]).format(value=limit.value, percent=100 * limit.value)


def listing(boxes: Sequence[ContextBox]) -> str:
    """One line a box, and what falls short in it."""
    return "\n".join(f"{index}. {_facts(box)}" for index, box in enumerate(boxes, 1))


def description(box: ContextBox, boxes: Sequence[ContextBox]) -> str:
    """`box`, one of `boxes`, for screen readers."""
    which = tr("Context box {index} of {count}").format(index=list(boxes).index(box) + 1, count=len(boxes))
    return f"{which}: {_facts(box)}"


def _facts(box: ContextBox) -> str:
    words = tr("{width} × {height} pixels at {scale}.").format(
        width=box.rect.width, height=box.rect.height, scale=caption(box.region)
    )
    limits = (f"{headline(limit)} {tr(CONSEQUENCES[limit.kind])}" for limit in box.limits)
    return " ".join((words, *limits))
