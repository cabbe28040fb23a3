"""Several fillings of the present hole, to choose from."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings


class CandidateCommands(QObject):
    """Asks nothing: what is not taken is forgotten, and comes back where what was taken is undone."""

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self._session, self._settings = session, settings

    def can_make(self) -> bool:
        """There is a hole, and no run under way."""
        return self._session.hole_pixels > 0 and self._session.runs.phase is not RunPhase.RUNNING

    def make(self) -> None:
        """Fill the hole as many times as is set, each time in another way."""
        if self.can_make():
            self._session.candidates(self._settings.run_options(), self._settings.get(declared.CANDIDATES))
