"""A batch written down: as JSON for programs, as CSV for spreadsheets, as a page to look at.

The JSON object has these keys, which later versions add to and never rename:

- ``format``: ``lacuna-batch-report``; ``version``: 1
- ``began``, ``ended``: ISO 8601 with the offset from UTC; ``seconds``: between them
- ``counts``: ``photos``, and of them ``done``, ``failed``, ``skipped``; ``before``: those done by an earlier run
- ``settings``: the fields of `BatchRequest`; in it ``masks`` and ``options``
- ``models``: ``name``, ``file``, ``sha256`` of each; ``versions``, ``machine``: names and values
- ``files``: one object a photo, see `file_row`

The CSV has the columns of `COLUMNS`, one row a photo, as RFC 4180 has it, in UTF-8 with a byte order mark.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.atomic import replacing
from app.batch.events import FileOutcome, FileState
from app.batch.report_html import html_report
from app.batch.summary import BatchReport
from app.errors import LacunaError
from app.inference.request import SECONDS
from app.words import Words

FORMAT, VERSION = "lacuna-batch-report", 1
COLUMNS = (
    *("name", "state", "error", "output", "sha256", "width", "height", "hole_pixels", "model", "device"),
    *(f"{name}_seconds" for name in SECONDS),
    *("warnings", "from_journal"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a spreadsheet take a text for a formula."""


def check_report_path(path: Path) -> None:
    """Raise `LacunaError` where `write_report` would not know what to write at `path`."""
    if path.suffix.lower() not in _WRITERS:
        raise LacunaError(
            Words("{name}: a report ends in {suffixes}; choose one of them", name=path, suffixes=", ".join(_WRITERS))
        )


def write_report(path: Path, report: BatchReport) -> None:
    """Write `report` to `path` as its suffix says: ``.json``, ``.csv`` or ``.html``.

    Raises `LacunaError` for any other, `WriteError` where writing fails; what was there before is still there then.
    """
    check_report_path(path)
    parts = _WRITERS[path.suffix.lower()](report, path)
    with replacing(path) as file:
        for part in parts:
            file.write(part)


def file_row(outcome: FileOutcome) -> dict[str, Any]:
    """A photo's row as plain values.

    Keys ``name``, ``state``, ``error``, ``output`` (or None), ``sha256`` (of it), ``width``, ``height``,
    ``hole_pixels``, ``model``, ``device``, ``seconds``, ``regions``, ``warnings``, ``from_journal``.
    """
    return {
        "name": outcome.name,
        "state": outcome.state.value,
        "error": str(outcome.error),
        "output": None if outcome.output is None else str(outcome.output),
        "sha256": outcome.sha256,
        "width": outcome.extent[0],
        "height": outcome.extent[1],
        "hole_pixels": outcome.hole_pixels,
        "model": outcome.model,
        "device": outcome.device,
        "seconds": {name: round(value, 3) for name, value in outcome.seconds.items()},
        "regions": [list(region) for region in outcome.regions],
        "warnings": [str(each) for each in outcome.warnings],
        "from_journal": outcome.from_journal,
    }


def counts(report: BatchReport) -> dict[str, int]:
    """How many photos there were, and how many of them ended how."""
    states = Counter(outcome.state for outcome in report.outcomes)
    before = sum(outcome.from_journal for outcome in report.outcomes)
    return {"photos": len(report.outcomes), **{each.value: states[each] for each in FileState}, "before": before}


def _json_parts(report: BatchReport, path: Path) -> Iterator[bytes]:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "began": report.began,
        "ended": report.ended,
        "seconds": round(report.seconds, 3),
        "counts": counts(report),
        "settings": asdict(report.request),
        "models": [dict(zip(("name", "file", "sha256"), model, strict=True)) for model in report.models],
        "versions": dict(report.versions),
        "machine": dict(report.machine),
        "files": [file_row(outcome) for outcome in report.outcomes],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
    # What of a file's name is no Unicode becomes \udcXX, which is how JSON writes it.
    yield text.encode("utf-8", "backslashreplace") + b"\n"


def _csv_parts(report: BatchReport, path: Path) -> Iterator[bytes]:
    table = io.StringIO(newline="")
    rows = csv.writer(table)
    rows.writerow(COLUMNS)
    rows.writerows(_csv_row(outcome) for outcome in report.outcomes)
    yield table.getvalue().encode("utf-8-sig", "replace")


def _csv_row(outcome: FileOutcome) -> list[str | int | float]:
    row = file_row(outcome)
    row |= {f"{name}_seconds": row["seconds"].get(name, "") for name in SECONDS}
    row |= {"warnings": "; ".join(row["warnings"]), "from_journal": "yes" if outcome.from_journal else "no"}
    return [_harmless(row[column]) for column in COLUMNS]


def _harmless(value: Any) -> str | int | float:
    """`value` for a cell: no text that a spreadsheet would carry out."""
    if isinstance(value, int | float):
        return value
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


_WRITERS: dict[str, Callable[[BatchReport, Path], Iterator[bytes]]] = {
    ".json": _json_parts,
    ".csv": _csv_parts,
    ".html": html_report,
}
