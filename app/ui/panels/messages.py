"""The messages with a way out: what the window says in the place of a dialog, and what it offers to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from app.ui.commands.rescue import Rescue
from app.ui.language import tr
from app.ui.panels.banner import Banner, Remedy, Severity
from app.ui.session.file_record import DiskState
from app.ui.session.open_photos import OpenPhoto
from app.ui.session.saves import FailedSave, Save


class Messages:
    """Speaks through one banner."""

    def __init__(self, banner: Banner, rescue: Rescue, open_log: Callable[[], None]) -> None:
        self._banner = banner
        self._rescue, self._open_log = rescue, open_log
        self._outside: dict[OpenPhoto, str] = {}
        """What is told of files that other programs changed."""

    def error(self, text: str) -> None:
        """Something did not work."""
        self._banner.tell(text, Severity.ERROR)

    def not_saved(self, failed: FailedSave) -> None:
        """A file could not be written, which was told: offer ways out."""
        self._banner.offer(failed.sentence, self._rescue.of_failed(failed))

    def saving_lasts(self, save: Save) -> None:
        """A file takes long to be written."""
        text = tr("Saving {} takes long. Where its disk or network folder does not answer, choose another place.")
        self._banner.tell(text.format(save.path.name), Severity.WARNING, self._rescue.of_lasting(save))

    def changed_outside(self, photo: OpenPhoto, state: DiskState) -> None:
        """Another program changed or removed the file of `photo`."""
        self.settled_outside(photo)
        if state is DiskState.GONE:
            text = tr("{} is no longer where it was: moved, deleted, or its disk is gone. Your work here is kept.")
        else:
            text = tr("{} was changed by another program. Your work here is kept.")
        self._outside[photo] = text.format(photo.name)
        self._banner.tell(self._outside[photo], Severity.WARNING, self._rescue.of_changed(photo, state))

    def settled_outside(self, photo: OpenPhoto) -> None:
        """That does not count any longer."""
        text = self._outside.pop(photo, None)
        if text is not None:
            self._banner.withdraw(text)

    def huge(self, text: str, open_it: Callable[..., None]) -> None:
        """A photo of outlandish size was refused; `open_it` opens it with ``allow_huge=True``."""
        open_all_the_same = Remedy(tr("Open all the same"), lambda: open_it(allow_huge=True))
        self._banner.tell(text, Severity.WARNING, (open_all_the_same,))

    def crash(self, text: str, details: str) -> None:
        """An error that nobody foresaw, `details` for whoever is to mend it."""
        copy = Remedy(tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details), closes=False)
        log = Remedy(tr("Open the log folder"), self._open_log, closes=False)
        self._banner.tell(text, Severity.ERROR, (copy, log))
