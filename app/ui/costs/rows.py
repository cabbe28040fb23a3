"""The facts of the table: a row a stage of one run, and all together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from app.inference.catalog import COARSE_INPAINTERS, actual_name
from app.inference.costs import NetworkCost
from app.inference.request import Stage
from app.ui.session.variants import Variant

Costs = Mapping[Stage, NetworkCost]


class Lack(Enum):
    """Why more than its time is not known of a stage."""

    NOTHING = auto()
    """It is known."""
    NO_NETWORK = auto()
    UNDER_WAY = auto()
    """The run is, or the counting."""
    NOT_COUNTED = auto()
    """The run did not come to its end, or the counting failed."""
    OTHER_WEIGHTS = auto()
    """It was made with other weights, or kept by a version that did not note what the networks saw."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """What one stage took, or with None as `stage` all of them."""

    stage: Stage | None
    seconds: float | None = None
    """None until it is there."""
    memory: int | None = None
    """Bytes."""
    is_measured: bool = False
    """The memory was, on a graphics card; otherwise it is counted."""
    parameters: int | None = None
    multiply_adds: int | None = None
    receptive_field: int | None = None
    """Pixels; None where it is not known, or the whole picture."""
    sees_all: bool = False
    lack: Lack = Lack.NOTHING


def cost_rows(variant: Variant | None, costs: Costs | None, *, is_coming: bool) -> tuple[CostRow, ...]:
    """The rows of `variant`, the total last; none without it. `costs` are None where they are not counted, or not yet,
    which `is_coming` says.
    """
    if variant is None or not variant.stages:
        return ()
    missing = Lack.UNDER_WAY if is_coming else Lack.NOT_COUNTED
    rows = [_row(variant, stage, costs, missing) for stage in variant.stages]
    return (*rows, _together(rows))


def is_network(variant: Variant, stage: Stage) -> bool:
    """True where `stage` of `variant` was done by one of LGNet's networks."""
    if stage is Stage.COARSE:
        return variant.options is not None and actual_name(variant.options.coarse) == COARSE_INPAINTERS[0].name
    return stage is not Stage.DETAIL


def _row(variant: Variant, stage: Stage, costs: Costs | None, missing: Lack) -> CostRow:
    result, report = variant.results.get(stage), variant.report
    seconds = None if result is None else result.seconds
    peak = None if report is None else report.peaks.get(stage.value)
    if not is_network(variant, stage):
        return CostRow(stage, seconds, lack=Lack.NO_NETWORK)
    if report is None or (costs is None and report.seen):
        return CostRow(stage, seconds, peak, peak is not None, lack=missing)
    cost = None if costs is None else costs.get(stage)
    if cost is None:
        return CostRow(stage, seconds, peak, peak is not None, lack=Lack.OTHER_WEIGHTS)
    memory, field = cost.memory if peak is None else peak, cost.receptive_field
    return CostRow(
        stage, seconds, memory, peak is not None, cost.parameters, cost.multiply_adds, field, sees_all=field is None
    )


def _together(rows: list[CostRow]) -> CostRow:
    return CostRow(
        None,
        _joined(sum, (row.seconds for row in rows)),
        _joined(max, (row.memory for row in rows)),
        any(row.is_measured for row in rows),
        _joined(sum, (row.parameters for row in rows)),
        _joined(sum, (row.multiply_adds for row in rows)),
    )


def _joined(how: Callable[[list[float]], float], values: Iterable[float | None]) -> int | None:
    """None where nothing is known."""
    known = [value for value in values if value is not None]
    return how(known) if known else None  # type: ignore[return-value]
