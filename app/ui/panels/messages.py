"""The messages with a way out: what the window says in the place of a dialog, and what it offers to do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from app.ui.batch.queue_words import ended_words
from app.ui.commands.file import FileCommands
from app.ui.language import tr
from app.ui.panels.banner import Banner, Remedy, Severity
from app.ui.session.batch_rows import BatchSummary
from app.ui.session.file_record import DiskState
from app.ui.session.open_photos import OpenPhoto
from app.ui.session.saves import FailedSave, Save

if TYPE_CHECKING:
    from app.ui.commands.batch import BatchCommands


class Messages:
    """Speaks through one banner."""

    def __init__(self, banner: Banner, file: FileCommands, open_log: Callable[[], None]) -> None:
        self._banner = banner
        self._file, self._open_log = file, open_log
        self._unkept = ""
        self._outside: dict[OpenPhoto, str] = {}
        """What is told of files that other programs changed."""
        self._lasting: dict[Save, str] = {}
        """What is told of files that take long to be written."""

    def error(self, text: str) -> None:
        """Something did not work."""
        self._banner.tell(text, Severity.ERROR)

    def unkept(self, text: str) -> None:
        """A crash would cost the work, until `kept_again`."""
        self._unkept = text
        self._banner.tell(text, Severity.WARNING)

    def kept_again(self, text: str) -> None:
        """It would not any longer."""
        self._banner.withdraw(self._unkept)
        self._banner.tell(text)

    def elsewhere(self, text: str, open_it: Callable[..., None]) -> None:
        """Another window has a photo open; `open_it` opens it here with ``although_elsewhere=True``."""
        open_all_the_same = Remedy(tr("Open all the same"), lambda: open_it(although_elsewhere=True))
        leave = Remedy(tr("Don't open"), lambda: None)
        self._banner.tell(text, Severity.WARNING, (leave, open_all_the_same))

    def not_saved(self, failed: FailedSave) -> None:
        """A file could not be written, which was told: offer ways out."""
        self._banner.offer(failed.sentence, self._file.rescue.of_failed(failed))

    def saving_lasts(self, save: Save) -> None:
        """A file takes long to be written; of what may, it is no bad sign."""
        text, severity = save.words, Severity.INFO
        if not save.can_stop:
            text = tr("Saving {} takes long. Where its disk or network folder does not answer, choose another place.")
            text, severity = text.format(save.path.name), Severity.WARNING
        self._lasting[save] = text
        self._banner.tell(text, severity, self._file.rescue.of_lasting(save))

    def saving_ended(self, save: Save) -> None:
        """It does not any longer."""
        text = self._lasting.pop(save, None)
        if text is not None:
            self._banner.withdraw(text)

    def changed_outside(self, photo: OpenPhoto, state: DiskState) -> None:
        """Another program changed or removed the file of `photo`."""
        self.settled_outside(photo)
        if state is DiskState.GONE:
            text = tr("{} is no longer where it was: moved, deleted, or its disk is gone. Your work here is kept.")
        else:
            text = tr("{} was changed by another program. Your work here is kept.")
        self._outside[photo] = text.format(photo.name)
        self._banner.tell(self._outside[photo], Severity.WARNING, self._file.rescue.of_changed(photo, state))

    def settled_outside(self, photo: OpenPhoto) -> None:
        """That does not count any longer."""
        text = self._outside.pop(photo, None)
        if text is not None:
            self._banner.withdraw(text)

    def photo_needed(self, text: str, photo_name: str, open_with: Callable[..., None]) -> None:
        """The photo of a session must be shown; `open_with` opens the session with the one at the path ``located=``."""
        locate = Remedy(tr("Locate…"), lambda: self._file.sessions.locate(photo_name, open_with))
        self._banner.tell(text, Severity.ERROR, (locate,))

    def huge(self, text: str, open_it: Callable[..., None]) -> None:
        """A photo of outlandish size was refused; `open_it` opens it, this once, with ``allow_huge=True``."""
        open_all_the_same = Remedy(tr("Open all the same"), lambda: open_it(allow_huge=True))
        self._banner.tell(text, Severity.WARNING, (open_all_the_same,))

    def batch_ended(self, summary: BatchSummary, batch: BatchCommands) -> None:
        """A batch is done, or was stopped."""
        remedies = [Remedy(tr("Open the report"), batch.open_report, closes=False)] if batch.has_report() else []
        remedies += [Remedy(tr("Show the folder"), batch.show_folder, closes=False)]
        severity = Severity.WARNING if summary.failed else Severity.INFO
        self._banner.tell(ended_words(summary), severity, tuple(remedies))

    def batch_in_trouble(self, text: str, show: Callable[[], None]) -> None:
        """A batch rests, since its results can't be written."""
        self._banner.tell(text, Severity.WARNING, (Remedy(tr("Show the batch"), show),))

    def crash(self, text: str, details: str) -> None:
        """An error that nobody foresaw, `details` for whoever is to mend it."""
        copy = Remedy(tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details), closes=False)
        log = Remedy(tr("Open the log folder"), self._open_log, closes=False)
        self._banner.tell(text, Severity.ERROR, (copy, log))
