"""The table in words: on the screen, in tips, and as it is copied."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from app.inference.request import RunReport
from app.ui.costs.rows import CostRow, Lack
from app.ui.language import plural, tr
from app.ui.numbers import decimal, duration, megabytes
from app.ui.session.variants import Variant
from app.ui.stages.panes import Pane

STAGE, TIME, MEMORY, PARAMETERS, WORK, FIELD = range(6)
"""The columns."""

NOTHING = "—"
_PLAIN_HEADINGS = (
    "stage",
    "seconds",
    "memory_bytes",
    "memory_is",
    "parameters",
    "multiply_adds",
    "receptive_field_pixels",
)


def heading(column: int) -> str:
    """The name of a column."""
    return (
        tr("Stage"),
        tr("Time"),
        tr("Memory"),
        tr("Parameters"),
        tr("Multiply-adds"),
        tr("Receptive field"),
    )[column]


def heading_tip(column: int) -> str:
    """What stands in a column, and what is counted."""
    meaning = (
        tr("In the order in which they run."),
        tr("Measured, all regions of this run together, with what it takes to cut out and to bring back."),
        tr(
            "The most that the network's tensors take at the same time, beside its weights, in the largest region."
            " On a graphics card this was measured while it ran; otherwise it is counted, without what libraries"
            " take for themselves."
        ),
        tr("Numbers that training has set."),
        tr(
            "Multiplications, each with an addition, of convolutions and attention, at the size at which the regions"
            " were seen, all regions together."
        ),
        tr(
            "How wide the part of what the network sees is that a pixel of its result can depend on, in pixels at"
            " working size. Attention sees all of it."
        ),
    )[column]
    return f"{heading(column)}\n{meaning}"


def cell(row: CostRow, column: int) -> str:
    """What stands in a cell."""
    match column:
        case 0:
            return stage_name(row)
        case 1:
            return NOTHING if row.seconds is None else duration(row.seconds)
        case 2:
            return NOTHING if row.memory is None else megabytes(row.memory)
        case 3:
            return NOTHING if row.parameters is None else shortened(row.parameters)
        case 4:
            return NOTHING if row.multiply_adds is None else shortened(row.multiply_adds)
        case _:
            return _field(row)


def cell_tip(row: CostRow, column: int) -> str:
    """Why nothing stands in a cell, or how what stands there was had; often nothing to say."""
    if column == MEMORY and row.memory is not None and row.stage is None:
        return tr("The most that any of the stages takes.")
    if column == MEMORY and row.memory is not None:
        return tr("Measured on the graphics card.") if row.is_measured else tr("Counted from the network's layers.")
    if column in (STAGE, TIME) or cell(row, column) != NOTHING:
        return ""
    return {
        Lack.NOTHING: "",
        Lack.NO_NETWORK: tr("This stage is no network of LGNet's: its time is all that is known."),
        Lack.UNDER_WAY: tr("Known a moment after the run."),
        Lack.NOT_COUNTED: tr("The times are all that is known."),
        Lack.OTHER_WEIGHTS: tr("Made with other weights or by an older Lacuna: the times are all that is known."),
    }[row.lack]


def stage_name(row: CostRow) -> str:
    """What the row is about."""
    return tr("Together") if row.stage is None else Pane.of(row.stage).title


def facts(variant: Variant, report: RunReport, *, is_one_of_several: bool) -> str:
    """What ran, where, and at which size."""
    parts = [report.model, report.device, _seen(report)]
    if is_one_of_several:
        parts.insert(0, tr("Result {}").format(variant.name))
    return " · ".join(part for part in parts if part)


def shortened(count: int) -> str:
    """Three digits or so: ``5.89 M``, ``33.2 G``."""
    value, unit = float(count), ""
    for unit in ("", "k", "M", "G", "T"):
        if value < 999.5 or unit == "T":
            break
        value /= 1000
    if not unit:
        return decimal(value, 0)
    return f"{decimal(value, 0 if value >= 99.95 else 1 if value >= 9.995 else 2)} {unit}"


def tabbed(rows: Iterable[CostRow]) -> str:
    """The table as it is seen, for a text or a sheet."""
    columns = range(FIELD + 1)
    lines = [[heading(column) for column in columns], *([cell(row, column) for column in columns] for row in rows)]
    return "\n".join("\t".join(line) for line in lines) + "\n"


def comma_separated(rows: Iterable[CostRow]) -> str:
    """Plain numbers in plain units, the same in every language, for a program."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_PLAIN_HEADINGS)
    writer.writerows(_plain(row) for row in rows)
    return file.getvalue()


def _plain(row: CostRow) -> list[object]:
    known = "" if row.memory is None else "measured" if row.is_measured else "counted"
    field: object = "all" if row.sees_all else row.receptive_field
    values = (row.seconds, row.memory, known, row.parameters, row.multiply_adds, field)
    return ["total" if row.stage is None else row.stage.value, *("" if value is None else value for value in values)]


def _field(row: CostRow) -> str:
    if row.sees_all:
        return tr("whole picture")
    if row.stage is None:
        return ""
    return NOTHING if row.receptive_field is None else tr("{} px").format(row.receptive_field)


def _seen(report: RunReport) -> str:
    if not report.seen:
        return ""
    size = tr("{width} × {height} px").format(width=report.seen[0].width, height=report.seen[0].height)
    if len(report.seen) == 1:
        return tr("seen at {size}").format(size=size)
    regions = plural("{} region", "{} regions", len(report.seen)).format(len(report.seen))
    if len(set(report.seen)) == 1:
        return tr("{regions}, each seen at {size}").format(regions=regions, size=size)
    megapixels = sum(extent.width * extent.height for extent in report.seen) / 1e6
    return tr("{regions}, {megapixels} MP seen").format(regions=regions, megapixels=decimal(megapixels, 2))
