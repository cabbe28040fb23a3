"""The batch's verbs: its window, and the way of a photo from its queue to the editor and back."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.batch.events import FileOutcome
from app.document.document import Document
from app.imaging.arrays import DeepImage, Mask
from app.imaging.photo import Photo
from app.ui.asking import Asker
from app.ui.commands.file import FileCommands
from app.ui.commands.side_window import SideWindowCommands
from app.ui.language import localised, tr
from app.ui.session.batch_rows import BatchRow, RowState
from app.ui.session.batch_runs import kept_mask
from app.ui.session.batch_work import BatchWork
from app.ui.session.crash import as_sentence
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from app.ui.settings.store import Settings

if TYPE_CHECKING:
    from app.ui.batch.window import BatchWindow


class BatchCommands(SideWindowCommands["BatchWindow"]):
    """See `SideWindowCommands`."""

    def __init__(
        self,
        session: Session,
        files: PhotoFiles,
        file: FileCommands,
        work: BatchWork,
        settings: Settings,
        asker: Asker,
    ) -> None:
        super().__init__(asker)
        self._session, self._files, self._file = session, files, file
        self._work, self._settings = work, settings

    # its window

    def show(self) -> None:
        """Show the batch under way; where there is none, the choices for one."""
        window = self._window()
        if not window.isVisible() and not self._work.is_running and (window.is_setting_up or not self._work.total):
            window.show_setup()
        window.show()
        window.raise_()
        window.activateWindow()

    def close_window(self) -> None:
        """The main window closes, and so does this one; nothing more is begun."""
        self._work.stop()
        self._shut()

    def _made(self) -> BatchWindow:
        from app.ui.batch.window import BatchWindow

        window = BatchWindow(self._session, self._work, self._settings, self._asking)
        window.queue.open_pressed.connect(self.open_row)
        window.queue.put_back_pressed.connect(self.put_back)
        window.queue.use_pressed.connect(self.use)
        window.queue.report_pressed.connect(self.open_report)
        window.queue.folder_pressed.connect(self.show_folder)
        window.queue.other_folder_pressed.connect(self._choose_folder)
        return window

    # its results

    def has_report(self) -> bool:
        """What became of each photo is written down."""
        return self._work.has_report

    def open_report(self) -> None:
        """Show the report in the program for it."""
        if self._work.report is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._work.report)))

    def show_folder(self) -> None:
        """Show the folder of the results."""
        if self._work.request is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._work.request.output)))

    def _choose_folder(self) -> None:
        request, window = self._work.request, self.window
        if request is None or window is None:
            return
        folder = window.asker.folder_to_use(tr("Results"), request.output)
        if folder is not None:
            self._work.move_to(folder)

    # to the editor

    def open_row(self, row: BatchRow) -> None:
        """Open the result of a photo; of one that has none, the photo with its mask."""
        if row.state is RowState.DONE and row.outcome is not None and row.outcome.output is not None:
            self._file.open_path(row.outcome.output)
        else:
            self._open_photo(row)

    def _open_photo(self, row: BatchRow) -> None:
        there = self._file.photos.showing(row.job.photo)
        if there is None:
            self._file.open_path(row.job.photo, row.job.mask)
        else:
            self._file.photos.select(there)

    # and back

    def row_here(self) -> BatchRow | None:
        """The batch's row of the photo on the desk; None where that is none of the batch's."""
        source = self._files.record.source
        return None if source is None or self._session.document is None else self._work.row_of(source)

    def can_return(self) -> bool:
        """The photo on the desk is one of the batch's, which is done with it."""
        row = self.row_here()
        return row is not None and self._work.may_return(row)

    def put_back_here(self) -> None:
        """`put_back` of the photo on the desk."""
        row = self.row_here()
        if row is not None:
            self.put_back(row)

    def use_here(self) -> None:
        """`use` of the photo on the desk."""
        row = self.row_here()
        if row is not None:
            self.use(row)

    def put_back(self, row: BatchRow) -> None:
        """Have a photo filled once more, with the mask that is painted over it in the editor."""
        request = self._work.request
        if request is None or self._has_no_place(row) or not self._is_here(row):
            return
        if not self._session.hole_pixels:
            self._session.notice_given.emit(tr("Nothing is painted: paint over what should go, then put it back."))
            return
        words = tr("Saving {}…").format(tr("the mask"))

        def written(path: Path) -> None:
            self._work.put_back(row.job.name, path)
            self._session.notice_given.emit(tr("{} is back in the batch, with this mask.").format(row.job.name))

        def copied(mask: Mask) -> None:
            self._session.work(words, partial(kept_mask, request.output, row.job.name, mask), written)

        self._session.read(_mask_of, copied, self._session.fail, words)

    def use(self, row: BatchRow) -> None:
        """Write a photo as it is in the editor as its result."""
        request = self._work.request
        if request is None or self._has_no_place(row) or not self._is_here(row):
            return
        job = replace(row.job, overwrite=row.job.overwrite or row.state is RowState.DONE)
        words = tr("Saving {}…").format(row.job.output.name)

        def copied(copy: tuple[Photo, DeepImage]) -> None:
            self._session.work(words, partial(self._work.runs.by_hand, request, job, *copy), done)

        def done(outcome: FileOutcome) -> None:
            self._work.mark_done(row.job.name, outcome)
            self._session.notice_given.emit(tr("{} is done: its result is what you made.").format(row.job.name))

        self._session.read(_picture_of, copied, self._session.fail, words)

    def _has_no_place(self, row: BatchRow) -> bool:
        """Whether its result would take the place of another file, which is told."""
        problem = row.problem
        if problem is None or not problem.is_of_output:
            return False
        self._session.notice_given.emit(as_sentence(localised(problem.text)))
        return True

    def _is_here(self, row: BatchRow) -> bool:
        """Whether the photo is on the desk; else it is brought there."""
        if self.row_here() is row:
            return True
        self.open_row(row) if row.state is not RowState.DONE else self._file.open_path(row.job.photo)
        self._session.notice_given.emit(
            tr("{} is opened: change its mask or fill it, then do this again.").format(row.job.name)
        )
        return False


def _mask_of(document: Document) -> Mask:
    return document.mask.copy()


def _picture_of(document: Document) -> tuple[Photo, DeepImage]:
    return document.photo, document.image.copy()
