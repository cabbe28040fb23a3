"""Has the costs of the run that is shown counted, while somebody wants to see them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.inference import costs
from app.inference.request import RunReport
from app.ui.costs.rows import CostRow, Costs, cost_rows
from app.ui.session.crash import log
from app.ui.session.jobs import Cancelled, Err, JobRunner, Stream, StreamEnd
from app.ui.session.runs import Runs
from app.ui.session.variants import Variant


class RunCosts(QObject):
    """Of the variant that is looked at. Counting takes its turn on the inference thread, after the run."""

    changed = Signal()

    def __init__(self, runs: Runs, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs, self._runner = runs, runner
        self._known: dict[tuple[object, ...], Costs | None] = {}
        """None: they could not be counted."""
        self._asked: set[tuple[object, ...]] = set()
        self._is_wanted = False
        for signal in (runs.stage_ready, runs.shown_changed, runs.finished, runs.failed, runs.cleared):
            signal.connect(self._refresh)

    @property
    def shown(self) -> Variant | None:
        """Whose costs these are."""
        return self._runs.shown

    @property
    def is_one_of_several(self) -> bool:
        """There are other results to choose from."""
        return len(self._runs.variants) > 1

    @property
    def rows(self) -> tuple[CostRow, ...]:
        """A row a stage, and the total; none while there is no run."""
        variant = self._runs.shown
        key = None if variant is None or variant.report is None else _key(variant, variant.report)
        is_coming = variant is self._runs.running or key in self._asked
        return cost_rows(variant, None if key is None else self._known.get(key), is_coming=is_coming)

    def set_wanted(self, on: bool) -> None:
        """Count from now on, or no longer."""
        self._is_wanted = on
        self._refresh()

    def _refresh(self, *_: object) -> None:
        if self._is_wanted:
            self._count()
            self.changed.emit()

    def _count(self) -> None:
        variant = self._runs.shown
        if variant is None or variant.report is None or not variant.report.seen:
            return
        key = _key(variant, variant.report)
        if key in self._known or key in self._asked:
            return
        self._asked.add(key)
        exact = variant.options is not None and variant.options.exact
        self._runner.stream(partial(_counted, variant.report, exact), partial(self._take, key), partial(self._end, key))

    def _take(self, key: tuple[object, ...], counted: Costs) -> None:
        self._known[key] = counted

    def _end(self, key: tuple[object, ...], end: StreamEnd) -> None:
        self._asked.discard(key)
        if isinstance(end, Err):
            log.error("costs could not be counted", exc_info=end.error)
            self._known[key] = None
        if not isinstance(end, Cancelled):
            self._refresh()


def _key(variant: Variant, report: RunReport) -> tuple[object, ...]:
    return report.model, report.seen, variant.options is not None and variant.options.exact


def _counted(report: RunReport, exact: bool, stream: Stream) -> Iterator[Costs]:
    """On the inference thread."""
    yield costs.run_costs(report, exact=exact)
