"""One game: the window is made, the monkey let loose on it, counts taken while it rests, and all is shut in the end."""

from __future__ import annotations

import gc
import threading
import time
import traceback
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from app.inference.request import Check, Event, InpaintRequest
from app.ui.dialogs import QtAsker
from app.ui.garbage import GarbageCollector
from app.ui.main_window import MainWindow
from app.ui.session.lazy_engine import EngineFactory, RunEngine, default_engine
from app.ui.session.session import Session
from app.ui.settings.store import Settings
from tests.fakes import FakeEngine
from tests.monkey.acts import ACTS, Act
from tests.monkey.answers import Guard, RandomAsker, Temper
from tests.monkey.census import Census, complaints, taken
from tests.monkey.hand import Hand
from tests.monkey.watch import Findings, Watch
from tests.monkey.world import World

PATIENCE = 60.0
"""Seconds within which the window must come to rest, and its threads to their end."""

_POOL = 3
"""Threads that read and write files."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a game is played."""

    seed: int = 1
    minutes: float = float("inf")
    first: int = 0
    """The number of the first step."""
    last: int | None = None
    """The number of the step after the last one; None: until the time is over."""
    rest_every: float = float("inf")
    """Minutes between two counts."""
    warm_up: float = 0.0
    """Minutes before the first count."""
    is_fake: bool = False
    """The engine is one that fills with plain colours."""
    large: bool = True
    trace: bool = False
    log: Path | None = None
    """Every step is written there."""


@dataclass
class Outcome:
    """What came of it."""

    steps: int
    findings: Findings
    counts: list[Census]
    acts: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    """Classes of the dialogs and menus that were open."""
    traced: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """What went wrong, each kind once, and what was leaked."""
        leaked = complaints(self.counts[0], self.counts[-1]) if len(self.counts) > 1 else []
        return [f"{count}× {text}" for text, count in self.findings.failures.items()] + leaked


class _Nowhere(QObject):
    """Takes addresses that would be opened by other programs."""

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Open nothing."""


@contextmanager
def _nothing_opens_outside() -> Iterator[None]:
    nowhere, schemes = _Nowhere(), ("file", "http", "https")
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, nowhere, "take")
    yield
    for scheme in schemes:
        QDesktopServices.unsetUrlHandler(scheme)


class Play:
    """Needs a `QApplication` and a folder of its own."""

    def __init__(self, rules: Rules, folder: Path) -> None:
        self._rules = rules
        self._watch = Watch(patience=rules.minutes != float("inf"))
        self._world = World(folder, rules.seed, large=rules.large)
        self._asker = RandomAsker(Random(f"answers {rules.seed}"), self._world)
        self._guard = Guard(Random(f"guard {rules.seed}"), self._asker)
        settings = Settings(QSettings(str(folder / "monkey.ini"), QSettings.Format.IniFormat))
        self._window = MainWindow(Session(_engine(rules)), settings, self._asker)
        self._garbage = GarbageCollector(lambda: self._window.session.is_painting or self._window.toolbox.tool.busy)
        self._hand = Hand(self._window, self._world, self._asker, self._guard)
        self._acts: dict[str, int] = {}
        self._counts: list[Census] = []
        self._snapshot: tracemalloc.Snapshot | None = None
        self._traced: list[str] = []
        self._steps = 0
        self._closing = ""
        self._tell_closing()
        self._window.session.failed.connect(lambda text: self._watch.findings.told.update([text]))

    def played(self) -> Outcome:
        """Play to the end."""
        self._garbage.start()
        self._watch.start()
        self._guard.start()
        try:
            with _nothing_opens_outside():
                self._open_window()
                self._go()
                self._close()
        finally:
            self._guard.stop()
            self._watch.stop()
            self._garbage.stop()
        return Outcome(self._steps, self._watch.findings, self._counts, self._acts, self._guard.seen, self._traced)

    def _open_window(self) -> None:
        window = self._window
        self._asker.real = QtAsker(window)
        window.show()
        window.activateWindow()
        ready: list[bool] = []
        window.session.runs.preload(lambda: ready.append(True))
        if not self._hand.until(lambda: bool(ready), PATIENCE):
            self._watch.fail("the engine was not made")
        self._fill_pool()
        self._show_what_stays()
        self._garbage.settle()
        self._watch.calm()

    def _show_what_stays(self) -> None:
        """Windows that are made when they are first shown, and stay: let them be there before widgets are counted."""
        batch = self._window.commands.batch
        batch.show()
        self._window.commands.help.show_about()
        self._window.frame.show_settings()
        self._hand.pump(300)
        for each in QApplication.topLevelWidgets():
            if each is not self._window and each.isVisible():
                each.close()

    def _tell_closing(self) -> None:
        """Whence the window is closed is worth knowing where it should not be."""
        close_event = self._window.closeEvent

        def closed(event: QCloseEvent) -> None:
            self._closing = "".join(traceback.format_stack(limit=14))
            close_event(event)

        self._window.closeEvent = closed  # type: ignore[method-assign]

    def _fill_pool(self) -> None:
        """The pool begins its threads one by one as they are wanted: let them all be there before they are counted."""
        together, back = threading.Barrier(_POOL), []
        for _ in range(_POOL):
            self._window.session.runner.submit(partial(together.wait, 5), back.append)
        self._hand.until(lambda: len(back) == _POOL, PATIENCE)

    def _go(self) -> None:
        began = time.monotonic()
        next_rest = self._rules.warm_up
        number = self._rules.first
        while self._rules.last is None or number < self._rules.last:
            minutes = (time.monotonic() - began) / 60
            if minutes > self._rules.minutes:
                break
            if self._rules.rest_every != float("inf") and minutes >= next_rest:
                next_rest = minutes + self._rules.rest_every
                self._rest(minutes)
            self._step(number)
            number += 1
        self._steps = number - self._rules.first
        self._rest((time.monotonic() - began) / 60)

    def _step(self, number: int) -> None:
        self._hand.random = random = Random(f"{self._rules.seed}/{number}")
        act = self._drawn(random)
        self._acts[act.name] = self._acts.get(act.name, 0) + 1
        self._watch.begin(f"{number} {act.name}:")
        try:
            self._watch.describe(act.do(self._hand))
            self._hand.pump(random.choice((0, 0, 0, 5, 30)))
        except Exception as error:
            self._watch.fail(_told(error))
        if not self._window.isVisible():
            self._watch.fail(f"the window closed:\n{self._closing}")
            self._window.show()
        if self._rules.log is not None:
            with self._rules.log.open("a", encoding="utf-8") as file:
                file.write(f"{time.strftime('%H:%M:%S')} {self._watch.steps[-1]}\n")

    def _drawn(self, random: Random) -> Act:
        able = [act for act in ACTS if self._hand.has_photo or not act.needs_photo]
        if not self._hand.has_photo and random.random() < 0.5:
            return next(act for act in ACTS if act.name == "open")
        return random.choices(able, [act.weight for act in able])[0]

    # resting

    def _rest(self, minutes: float) -> None:
        """Everything is put away, and what is left is counted."""
        window = self._window
        self._watch.begin(f"rest at {minutes:.1f} min")
        self._put_all_away()
        QGuiApplication.clipboard().clear()
        self._hand.pump(700)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        window.spare_memory.give_back()
        self._hand.until(lambda: not window.spare_memory.is_due, PATIENCE)
        if self._rules.trace:
            self._trace()
        self._counts.append(taken(minutes))
        print(self._counts[-1].line(), flush=True)
        self._watch.calm()

    def _put_all_away(self) -> None:
        self._asker.temper = Temper.DISCARD
        window, session = self._window, self._window.session
        window.commands.edit.cancel()
        rested = self._hand.until(lambda: not self._guard.is_open() and not session.is_painting, PATIENCE)
        rested = rested and self._hand.until(lambda: not session.busy.words, PATIENCE)
        window.commands.file.close_all()
        rested = rested and self._hand.until(lambda: not window.photos.photos and not session.busy.words, PATIENCE)
        passed: list[bool] = []
        session.runs.preload(lambda: passed.append(True))
        if not (rested and self._hand.until(lambda: bool(passed), PATIENCE)):
            saving = [photo.name for photo in window.photos.photos if photo.record.is_saving]
            self._watch.describe(f"saving {saving}, over the window {self._guard.is_open()}")
            self._watch.fail(
                f"no rest: {session.busy.words!r}, {'a save never ends' if saving else 'nothing is saved'}"
            )
        self._asker.temper = Temper.RANDOM

    def _trace(self) -> None:
        if self._snapshot is None:
            tracemalloc.start(12)
            self._snapshot = tracemalloc.take_snapshot()
            return
        now = tracemalloc.take_snapshot()
        grown = now.compare_to(self._snapshot, "traceback")[:12]
        self._traced = ["\n".join((str(each), *each.traceback.format())) for each in grown if each.size_diff > 0]

    # the end

    def _close(self) -> None:
        """The window is quit; nothing it began may outlive it."""
        window = self._window
        self._watch.begin("quit")
        self._asker.temper = Temper.DISCARD
        window.close()
        if not self._hand.until(lambda: not window.isVisible(), PATIENCE):
            self._watch.fail("the window does not close")
        window.session.close()
        left = [each.name for each in threading.enumerate() if each.name not in ("MainThread", "monkey watch")]
        if any(name.startswith(("inference", "files", "coarse", "detail")) for name in left):
            self._watch.fail(f"threads outlive the window: {' '.join(left)}")
        if self._world.leftovers():
            self._watch.fail(f"temporary files were left: {' '.join(map(str, self._world.leftovers()))}")
        window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _engine(rules: Rules) -> EngineFactory:
    return (lambda: _forgetful(FakeEngine(has_detail=True))) if rules.is_fake else default_engine


def _forgetful(engine: FakeEngine) -> RunEngine:
    """It keeps what it was asked for tests to see; here that would be a leak."""

    def run(request: InpaintRequest, check: Check) -> Iterator[Event]:
        engine.requests.clear()
        yield from engine.run(request, check)

    return run


def _told(error: Exception) -> str:
    return "an act: " + "".join(traceback.format_exception(error))
