"""What must not happen while the monkey plays: uncaught errors, Qt's complaints, a window that stands still."""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, qInstallMessageHandler

STALL = 0.2
"""Seconds without the event loop that count as a stall."""

HANG = 20.0
"""Seconds without the event loop after which all stacks are dumped."""

DEAD = 180.0
"""Seconds after which a step will not come to its end: the process is left."""

KEPT = 50
"""Steps told with a failure."""

_BEAT = 5
"""Milliseconds between two heartbeats."""

HARMLESS = (
    re.compile(r"This plugin does not support (propagateSizeHints|raise|grabbing)"),  # offscreen
    re.compile(r"QObject::startTimer: Timers cannot have negative intervals"),
)
"""Qt's messages that say nothing of this program."""


@dataclass
class Findings:
    """What was seen; `failures` holds each kind once, with how often."""

    failures: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    """Sentences the window told as errors: none of them is a failure."""
    stalls: Counter[str] = field(default_factory=Counter)
    """Where the GUI thread stood when it had not come back for long."""
    longest: float = 0.0
    longest_cpu: float = 0.0
    """The same in processor seconds of the GUI thread, which other programs do not lengthen."""
    longest_where: str = ""


class _Log(logging.Handler):
    """Errors that nobody foresaw are logged by the program itself."""

    def __init__(self, fail: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._fail = fail

    def emit(self, record: logging.LogRecord) -> None:
        """See `logging.Handler`."""
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self._fail(f"logged: {record.getMessage()}\n{trace}")


class Watch(QObject):
    """From `start` to `stop`; lives on the GUI thread."""

    def __init__(self, *, patience: bool = True) -> None:
        """With `patience` what hangs for good ends the process."""
        super().__init__()
        self.findings = Findings()
        self.steps: deque[str] = deque(maxlen=KEPT)
        self._patience = patience
        self._beat, self._cpu, self._is_stalled = time.monotonic(), time.thread_time(), False
        self._hangs = False
        self._step_began = time.monotonic()
        self._gui = threading.get_ident()
        self._ended = threading.Event()
        self._log = _Log(self.fail)
        self._timer = QTimer(self, interval=_BEAT, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beaten)

    def start(self) -> None:
        """Listen from now on."""
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._raised
        threading.excepthook = lambda args: self._raised(args.exc_type, args.exc_value, args.exc_traceback)
        sys.unraisablehook = lambda args: self._raised(args.exc_type, args.exc_value, args.exc_traceback)
        self._qt_handler = qInstallMessageHandler(self._said)
        logging.getLogger("lacuna").addHandler(self._log)
        self._timer.start()
        self._sampler = threading.Thread(target=self._sample, name="monkey watch", daemon=True)
        self._sampler.start()
        self.calm()

    def stop(self) -> None:
        """Leave everything as it was."""
        self._ended.set()
        self._sampler.join()
        self._timer.stop()
        logging.getLogger("lacuna").removeHandler(self._log)
        qInstallMessageHandler(self._qt_handler)
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks

    def begin(self, step: str) -> None:
        """A step of the monkey begins."""
        self.steps.append(step)
        self._step_began = time.monotonic()

    def describe(self, more: str) -> None:
        """What the step turned out to be."""
        self.steps[-1] += f" {more}"

    def calm(self) -> None:
        """What passed until now was the monkey's own doing and no stall."""
        self._beat, self._cpu, self._is_stalled = time.monotonic(), time.thread_time(), False

    def fail(self, text: str) -> None:
        """Something is wrong; told once with the last steps."""
        kind = re.sub(r"0x[0-9a-f]+|/tmp/\S+|\d{3,}", "…", text.strip())
        self.findings.failures[kind] += 1
        if self.findings.failures[kind] == 1:
            steps = "\n".join(f"  {step}" for step in self.steps)
            print(f"\n=== FAILURE ===\n{text.strip()}\n--- last steps ---\n{steps}\n", file=sys.stderr, flush=True)

    def _raised(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            os._exit(130)
        self.fail("uncaught: " + "".join(traceback.format_exception(kind, error, trace)))

    def _said(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) or any(each.search(text) for each in HARMLESS):
            return
        where = "".join(traceback.format_stack(sys._getframe(1), 6))
        self.fail(f"Qt says: {text}\n{where}")

    def _beaten(self) -> None:
        now, cpu = time.monotonic(), time.thread_time()
        gap, spent = now - self._beat, cpu - self._cpu
        if gap > self.findings.longest:
            self.findings.longest, self.findings.longest_where = gap, self.steps[-1] if self.steps else ""
        self.findings.longest_cpu = max(self.findings.longest_cpu, spent)
        self._beat, self._cpu, self._is_stalled = now, cpu, False

    def _sample(self) -> None:
        """On a thread of its own: where does the GUI thread stand when it does not come back?"""
        while not self._ended.wait(0.05):
            now = time.monotonic()
            if not self._is_stalled and now - self._beat > STALL:
                self._is_stalled = True
                self.findings.stalls[self._place()] += 1
            if now - self._beat > HANG and not self._hangs:
                self._hangs = True
                faulthandler.dump_traceback()
                self.fail(f"the window stood still for {HANG:.0f} s: {self._place()}")
            if self._patience and now - self._step_began > DEAD:
                faulthandler.dump_traceback()
                self.fail(f"a step did not end within {DEAD:.0f} s")
                os._exit(3)

    def _place(self) -> str:
        """The innermost functions of this program on the GUI thread's stack."""
        frame = sys._current_frames().get(self._gui)
        stack = [] if frame is None else traceback.extract_stack(frame)
        own = [f"{each.filename.rpartition('/')[2]}:{each.lineno} {each.name}" for each in stack]
        return " < ".join(reversed(own[-6:]))
