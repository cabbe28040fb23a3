"""Having back what a crash left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.document.recovery.offers import Offer
from app.ui.asking import Asker
from app.ui.language import tr
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.recovery import Recovery
from app.ui.session.session import Session

if TYPE_CHECKING:
    from app.ui.panels.recovery_sheet import RecoverySheet


class RecoverCommands(QObject):
    """Looks for it, and shows it beside the window where there is any."""

    def __init__(self, window: QWidget, session: Session, recovery: Recovery, photos: OpenPhotos, asker: Asker) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._recovery, self._photos, self._asker = recovery, photos, asker
        self._is_asked = False
        self.sheet: RecoverySheet | None = None
        """As long as it is shown."""
        recovery.found.connect(self._found)

    def offer(self) -> None:
        """Show what there is; say nothing where there is nothing."""
        self._recovery.look()

    def recover(self) -> None:
        """Show what there is, or say that there is nothing."""
        self._is_asked = True
        self._recovery.look()

    def _found(self, offers: list[Offer]) -> None:
        is_asked, self._is_asked = self._is_asked, False
        if offers:
            self._show(offers)
        elif is_asked:
            self._session.notice_given.emit(tr("There is no work to recover."))

    def _show(self, offers: list[Offer]) -> None:
        from app.ui.panels.recovery_sheet import RecoverySheet  # hardly ever needed

        if self.sheet is not None:
            self.sheet.close()
        self.sheet = sheet = RecoverySheet(offers, self._recovery, self._photos, self._asker, self._window)
        sheet.finished.connect(self._closed)
        sheet.show()

    def _closed(self) -> None:
        self.sheet = None
