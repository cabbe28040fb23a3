"""Fills by itself, where that is wanted: a moment after a stroke or a shape, and anew after the next one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.imaging.geometry import Rect
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings

PATIENCE = 400
"""Milliseconds without a pointer down before the run begins."""


class AutoRun(QObject):
    """Stops the run under way as soon as another stroke begins: what it fills is not what is wanted any longer."""

    rested = Signal()
    """The time is over; where no pointer is down a run begins."""

    def __init__(
        self,
        session: Session,
        settings: Settings,
        is_busy: Callable[[], bool],
        patience: int = PATIENCE,
        parent: QObject | None = None,
    ) -> None:
        """`is_busy` tells whether a pointer is down; `patience` is in milliseconds."""
        super().__init__(parent)
        self._session, self._settings, self._is_busy = session, settings, is_busy
        self._rest = QTimer(self, singleShot=True, interval=patience)
        self._rest.timeout.connect(self._rested)
        session.painted.connect(self._painted)
        session.mask_changed.connect(self._mask_changed)
        session.runs.began.connect(self._rest.stop)
        session.document_closed.connect(self._rest.stop)

    @property
    def is_waiting(self) -> bool:
        """True between a stroke and its run."""
        return self._rest.isActive()

    def set_patience(self, patience: int) -> None:
        """Wait another time, milliseconds."""
        self._rest.setInterval(patience)

    @property
    def _is_on(self) -> bool:
        return self._settings.get(declared.AUTO_RUN)

    def _mask_changed(self, rect: Rect) -> None:
        if self._session.strokes.is_painting and self._is_on:
            self._begin_rest()

    def _painted(self) -> None:
        if self._is_on:
            self._begin_rest()

    def _begin_rest(self) -> None:
        """A run under way ends; what it brought is shown until the next one begins."""
        self._session.runs.halt()
        self._rest.start()

    def _rested(self) -> None:
        if self._session.strokes.is_painting or self._is_busy():
            self._rest.start()
        elif self._session.hole_pixels and self._is_on:
            self._session.run_anew(self._settings.run_options())
        elif self._session.runs.phase is RunPhase.RUNNING:
            self._session.cancel()
        self.rested.emit()
