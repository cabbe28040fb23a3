"""What `lacuna batch` prints: JSON lines or nothing on stdout, failures and progress on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from tqdm import tqdm

from app.batch.events import FileOutcome, FileProgress, FileState
from app.batch.plan import PlanProgress
from app.batch.request import BatchPlan, PlanRow
from app.cli.output import Terminal, print_json, print_line, run_summary

_BAR = "{desc} {n:.0f}/{total_fmt} {bar} {elapsed}<{remaining}"


class BatchOutput:
    """The terminal of one batch. A context manager."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._terminal = Terminal()
        self._bar: tqdm[Any] | None = None

    def __enter__(self) -> BatchOutput:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._terminal.close()

    @contextmanager
    def progress(self, count: int) -> Iterator[None]:
        """Show a bar for `count` files meanwhile, where it would be seen."""
        with tqdm(
            total=count, file=self._terminal, disable=not self._terminal.isatty(), leave=False, bar_format=_BAR
        ) as self._bar:
            yield
        self._bar = None

    def planned(self, steps: Iterator[PlanProgress | BatchPlan]) -> BatchPlan:
        """The plan that `steps` end with."""
        plan: BatchPlan | None = None
        with self.progress(0):
            assert self._bar is not None
            for step in steps:
                if isinstance(step, BatchPlan):
                    plan = step
                else:
                    self._bar.total, self._bar.n = step.count, step.done
                    self._bar.set_description("looking")
        assert plan is not None
        return plan

    def tell_plan(self, plan: BatchPlan) -> None:
        """Print every row, and a last line of what it comes to."""
        for row in plan.rows:
            if self._as_json:
                print_json(_plan_row(row))
            else:
                print_line(_one_line(_plan_line(row)))
        if not self._as_json:
            print_line(
                f"{len(plan.jobs)} to do, {len(plan.problems)} not;"
                f" about {_megabytes(plan.space_needed)} needed, {_megabytes(plan.space_free)} free"
            )

    def warn_of_space(self, plan: BatchPlan) -> None:
        """Say so where the disk will hardly do."""
        if plan.space_needed > plan.space_free:
            self._line(
                f"about {_megabytes(plan.space_needed)} will be needed in {plan.request.output},"
                f" {_megabytes(plan.space_free)} are free"
            )

    def show(self, event: FileProgress) -> None:
        """How far a file is."""
        if self._bar is not None and not self._bar.disable:
            self._bar.n = int(self._bar.n) + min(event.fraction, 0.99)
            self._bar.set_description(f"{event.job.name} {event.stage}")

    def tell(self, outcome: FileOutcome) -> None:
        """A file has ended."""
        if self._bar is not None:
            self._bar.n = int(self._bar.n) + 1
            self._bar.refresh()
        if outcome.state is FileState.FAILED:
            name = "" if outcome.name in outcome.error else f"{outcome.name}: "
            self._line(f"error: {name}{outcome.error}")
        if self._as_json:
            print_json(_file_row(outcome))

    def _line(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        self._terminal.write(f"lacuna: {_one_line(text)}\n")
        if self._bar is not None:
            self._bar.refresh()


def _one_line(text: str) -> str:
    """Names may have line ends in them."""
    return " ".join(text.split())


def _file_row(outcome: FileOutcome) -> dict[str, Any]:
    done = run_summary(
        outcome.model, outcome.device, outcome.seconds, outcome.regions, outcome.hole_pixels, outcome.warnings
    )
    return {
        "file": outcome.name,
        "state": str(outcome.state),
        "error": str(outcome.error) or None,
        "output": None if outcome.output is None else str(outcome.output),
        **done,
    }


def _plan_row(row: PlanRow) -> dict[str, Any]:
    problem = row.problem
    return {
        "file": row.job.name,
        "mask": None if row.job.mask is None else str(row.job.mask),
        "output": str(row.job.output),
        "size": None if row.extent is None else list(row.extent),
        "problem": None if problem is None else str(problem.kind),
        "error": None if problem is None else str(problem.text),
        "fails": problem is not None and problem.is_failure,
    }


def _plan_line(row: PlanRow) -> str:
    if row.problem is not None:
        return f"{row.job.name}: {row.problem.text}"
    size = "" if row.extent is None else f" ({row.extent.width}×{row.extent.height})"
    return f"{row.job.name}{size} with {row.job.mask or 'its transparency'} → {row.job.output}"


def _megabytes(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
