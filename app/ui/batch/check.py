"""The dry run: what a batch means, file by file, looked up anew whenever a choice changes."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from app.batch.request import BatchPlan, BatchRequest
from app.document.document import Document
from app.imaging.arrays import Mask
from app.ui.batch.choices import missing_choice, request_of
from app.ui.language import tr
from app.ui.session.batch_runs import BatchRuns, Found, shared_mask, unless_unwanted
from app.ui.session.crash import sentence
from app.ui.session.latest import Latest, Wanted
from app.ui.session.run_desk import RunDesk
from app.ui.settings import declared
from app.ui.settings.declared import MaskFrom
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_PAUSE = 250
"""Milliseconds that a choice may still change, such as a name being typed."""

_COUNTING = frozenset(
    setting.key
    for setting in declared.all_settings()
    if setting.key.startswith("batch/") and setting not in (declared.BATCH_GEOMETRY, declared.BATCH_REPORT)
) | {declared.COLOUR_MATCH.key, declared.WORKING_SIZE.key, declared.DEVICE.key, declared.PIXEL_LIMIT_MP.key}


class BatchCheck(QObject):
    """At work while it is on; the newest choices alone count."""

    changed = Signal()

    def __init__(
        self, desk: RunDesk, settings: Settings, runs: BatchRuns | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._settings, self._runs = desk, settings, runs or BatchRuns()
        self._latest = Latest(desk.runner, self._not_checked)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._begin)
        self._is_on = False
        self._turn = object()
        """Another one with every look."""
        self._found: Found | None = None
        self._words = ""
        settings.changed.connect(self._setting_changed)
        desk.history_changed.connect(self._mask_changed)

    @property
    def plan(self) -> BatchPlan | None:
        """What was found; None before that, and where nothing could be."""
        return None if self._found is None else self._found.plan

    @property
    def done(self) -> int:
        """How many photos are done already: this batch was begun before."""
        return 0 if self._found is None else self._found.done

    @property
    def words(self) -> str:
        """What is missing or went wrong, in a sentence; empty where a plan is there or on its way."""
        return self._words

    @property
    def is_checking(self) -> bool:
        """True while a plan is on its way."""
        return self._found is None and not self._words and self._is_on

    def set_on(self, on: bool) -> None:
        """Begin, or let go of what is under way."""
        if on != self._is_on:
            self._is_on = on
            self.refresh()

    def refresh(self) -> None:
        """Look anew."""
        self._latest.drop()
        self._turn, self._found, self._words = object(), None, ""
        if self._is_on:
            self._words = missing_choice(self._settings, has_mask=self._desk.hole_pixels > 0)
            if not self._words:
                self._timer.start()
            else:
                self._timer.stop()
        else:
            self._timer.stop()
        self.changed.emit()

    def _begin(self) -> None:
        if self._settings.get(declared.BATCH_MASKS) is MaskFrom.EDITOR:
            self._desk.read(_mask_of, partial(self._ask, self._turn), self._not_checked, tr("Looking at the photos…"))
        else:
            self._ask(self._turn, None)

    def _ask(self, turn: object, mask: Mask | None) -> None:
        if turn is self._turn:
            request = request_of(self._settings)
            self._latest.ask(partial(_checked, self._runs, request, mask), self._take)

    def _take(self, found: Found) -> None:
        self._found = found
        self.changed.emit()

    def _not_checked(self, error: Exception) -> None:
        self._words = sentence(error)
        self.changed.emit()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting.key in _COUNTING and self._is_on:
            self.refresh()

    def _mask_changed(self) -> None:
        if self._is_on and self._settings.get(declared.BATCH_MASKS) is MaskFrom.EDITOR:
            self.refresh()


def _mask_of(document: Document) -> Mask:
    return document.mask.copy()


def _checked(runs: BatchRuns, request: BatchRequest, mask: Mask | None, wanted: Wanted) -> Found:
    """Runs on the pool."""
    if mask is not None:
        request = replace(request, masks=replace(request.masks, path=shared_mask(request.output, mask)))
    return runs.plan(request, unless_unwanted(wanted))
