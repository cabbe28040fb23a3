"""How a run goes on: its stage and region, a bar, what has passed and what is left."""

from __future__ import annotations

import math

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from app.inference.request import Progress
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import flush, label
from app.ui.session.run_clock import Reading, RunClock
from app.ui.session.runs import RunPhase, Runs, Series
from app.ui.stages.panes import Pane

_TICK = 250
"""Milliseconds between two looks at the clock, during a run alone."""

_FINE = 1000
"""Steps of the bar."""

_BAR_WIDTH = 12 * GRID
_WORDS_WIDTH = 16 * GRID


class ProgressStrip(QWidget):
    """Follows the runs once told which. Without anything measured it shows no time left."""

    def __init__(self, clock: RunClock | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock or RunClock()
        self._runs: Runs | None = None
        self._queued = False
        self._spent = 0.0
        """Seconds that the runs before this one of several took."""
        self._ticks = QTimer(self, interval=_TICK)
        self._ticks.timeout.connect(self.refresh)
        self._words, self._times = ElidedLabel(), label(role="muted")
        self._words.setMinimumWidth(_WORDS_WIDTH)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(tr("Progress"))
        self._bar.setMinimumWidth(_BAR_WIDTH)
        self._bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        row = flush(QHBoxLayout(self), 2 * GRID)
        row.addWidget(self._words, 3)
        row.addWidget(self._bar, 2)
        row.addWidget(self._times)

    def follow(self, runs: Runs) -> None:
        """Show the runs of `runs`."""
        self._runs = runs
        runs.began.connect(self._begin)
        runs.progress_made.connect(self._step)
        runs.went_on.connect(self._go_on)
        runs.completed.connect(self._clock.complete)
        runs.phase_changed.connect(self._phase_changed)

    def set_queued(self, queued: bool) -> None:
        """Whether another run will follow."""
        self._queued = queued
        self.refresh()

    @property
    def is_ticking(self) -> bool:
        """True during a run."""
        return self._ticks.isActive()

    def refresh(self) -> None:
        """Show what the clock says now."""
        reading, progress = self._clock.read(), self._progress
        words = tr("Getting ready…") if progress is None else _place(progress)
        series = None if self._runs is None else self._runs.series
        if series is not None:
            reading = _of_series(reading, series, self._spent)
            words = tr("{} of {} · {}").format(series.number, series.count, words)
        self._words.setText(tr("{} · then what was painted since").format(words) if self._queued else words)
        self._bar.setRange(0, 0 if reading.done is None else _FINE)
        self._bar.setValue(0 if reading.done is None else round(_FINE * reading.done))
        self._times.setText(times(reading))
        self._bar.setAccessibleDescription(f"{self._words.text()} {self._times.text()}")

    @property
    def _progress(self) -> Progress | None:
        running = self._runs.running if self._runs is not None else None
        return None if running is None else running.progress

    def _go_on(self) -> None:
        """One of several runs is over, the next one begins."""
        self._spent += self._clock.read().elapsed
        self._clock.complete()
        self._clock.begin()
        self.refresh()

    def _begin(self) -> None:
        self._spent = 0.0
        self._clock.begin()
        self._ticks.start()
        self.refresh()

    def _step(self, progress: Progress) -> None:
        running = self._runs.running if self._runs is not None else None
        if running is not None and running.options is not None:
            self._clock.step(progress, running.options)
            self.refresh()

    def _phase_changed(self) -> None:
        if self._runs is not None and self._runs.phase is not RunPhase.RUNNING:
            self._ticks.stop()


def _of_series(reading: Reading, series: Series, spent: float) -> Reading:
    """What the clock says of one of several runs, for all of them: the others take as long as those that are done."""
    over, waiting = series.number - 1, len(series.waiting)
    each = spent / over if over else None
    left = (
        None
        if each is None
        else waiting * each + (max(each - reading.elapsed, 0) if reading.left is None else reading.left)
    )
    done = (over + (reading.done or 0.0)) / series.count
    return Reading(spent + reading.elapsed, left, done)


def times(reading: Reading) -> str:
    """What has passed, from a second on, and what is left where that is known."""
    parts = [span(math.floor(reading.elapsed))] if reading.elapsed >= 1 else []
    if reading.left is not None and reading.left >= 0.5:
        parts.append(tr("about {} left").format(span(math.ceil(reading.left))))
    return " · ".join(parts)


def span(seconds: int) -> str:
    """Whole seconds, from a minute on with minutes."""
    minutes, rest = divmod(seconds, 60)
    return tr("{} min {} s").format(minutes, rest) if minutes else tr("{} s").format(seconds)


def _place(now: Progress) -> str:
    stage = Pane.of(now.stage).title
    if now.region_count > 1:
        return tr("{} · region {} of {}").format(stage, now.region_index, now.region_count)
    return tr("{} · step {} of {}").format(stage, now.stage_index, now.stage_count)
