"""The report of a run in a session file: all of it comes back, and older ones are read."""

from __future__ import annotations

import json

import pytest

from app.imaging.geometry import Extent, Rect
from app.inference.request import Region, RunReport
from app.ui.session import stored_variants

EXTENT = Extent(900, 600)
REPORT = RunReport(
    "telea + lgnet-small",
    "cuda: a card",
    {"load": 0.5, "coarse": 1.25, "total": 2.0},
    (Region(Rect(10, 20, 300, 200), 0.5), Region(Rect(500, 20, 64, 64), 1.0)),
    1234,
    ("a warning",),
    (Extent(256, 128), Extent(128, 128)),
    {"local": 3_000_000_000, "global": 7},
)


def kept() -> dict[str, object]:
    content: dict[str, object] = json.loads(json.dumps(stored_variants._report_json(REPORT)))
    return content


def test_all_of_a_report_comes_back() -> None:
    assert stored_variants._report(kept(), EXTENT) == REPORT


def test_a_report_of_an_older_version_tells_nothing_of_sizes_and_peaks() -> None:
    content = kept()
    del content["seen"], content["peaks"]
    older = stored_variants._report(content, EXTENT)
    assert (older.seen, older.peaks) == ((), {})
    assert older.regions == REPORT.regions


@pytest.mark.parametrize("change", [{"seen": [[-1, 2]]}, {"peaks": {"local": "much"}}])
def test_numbers_that_are_none_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no number"):
        stored_variants._report(kept() | change, EXTENT)
