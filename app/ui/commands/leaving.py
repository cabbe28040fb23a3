"""What has to be asked, saved and waited for before photos, or the window, are put away for good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.ui.asking import Asker, Ending, Running, Unsaved
from app.ui.commands.waits import BusyWork, Waits
from app.ui.language import tr
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.session.session_files import SessionFiles


class Leaving(QObject):
    """Calls what was wanted as soon as nothing would be lost by it: now, after runs and saves, or never."""

    def __init__(
        self,
        session: Session,
        photos: OpenPhotos,
        files: PhotoFiles,
        sessions: SessionFiles,
        asker: Asker,
        save: Callable[[], None],
        accept: Callable[[], None],
    ) -> None:
        """`save` saves the photo on the desk, or its session, and asks what has to be asked; `accept` takes its results
        over.
        """
        super().__init__()
        self._session, self._photos, self._asker = session, photos, asker
        self._save, self._accept = save, accept
        self._waits = Waits(asker)
        self.work: BusyWork | None = None
        """What else goes on in the window."""
        self.may_stop_rest: Callable[[], bool] = lambda: True
        """Asks whether what leaves nothing behind may end with the window."""
        self._after_save: Callable[[], None] | None = None
        files.saved.connect(self._saved)
        sessions.saved.connect(self._saved)
        session.saves.failed.connect(self.give_up)
        session.saves.given_up.connect(self.give_up)

    def when_safe(self, photo: OpenPhoto | None, then: Callable[[], None]) -> None:
        """Before `photo` is put away; it is shown where something has to be asked."""
        self._when_safe([] if photo is None else [photo], then)

    def when_all_safe(self, then: Callable[[], None]) -> None:
        """Before all photos are put away: one question for all of them."""
        self._when_safe(self._photos.photos, then)

    def when_window_safe(self, then: Callable[[], None]) -> None:
        """Before the window is closed: all photos, and what else goes on in it, which stops last."""
        work = self.work
        if not self._waits.is_waiting and not self.may_stop_rest():
            return
        if work is None or not work.is_running or self._waits.is_waiting:
            self.when_all_safe(then)
            return
        answer = self._asker.about_batch(work.done, work.total)
        if answer is not Ending.KEEP_OPEN:
            self.when_all_safe(partial(self._end_work, work, answer, then))

    def give_up(self) -> None:
        """Nothing was saved, so nothing is left."""
        self._after_save = None
        self._waits.give_up()

    def _when_safe(self, photos: Sequence[OpenPhoto], then: Callable[[], None]) -> None:
        """Runs first: what they bring has to be saved; then what is being saved; then what is not."""
        if self._waits.is_waiting:
            return
        again = partial(self._when_safe, photos, then)
        running = [photo for photo in photos if self._photos.is_running(photo)]
        unsaved = [photo for photo in photos if self._photos.is_modified(photo)]
        if running:
            self._leave_running(running, photos, then)
        elif self._session.saves.words:
            self._wait_for_saves(again)
        elif not unsaved:
            then()
        elif len(unsaved) == 1:
            title = unsaved[0].record.title
            self._photos.bring(unsaved[0], lambda: self._ask(self._asker.about_unsaved(title), unsaved, then, again))
        else:
            answer = self._asker.about_several_unsaved([photo.record.title for photo in unsaved])
            self._ask(answer, unsaved, then, again)

    def _leave_running(self, running: list[OpenPhoto], photos: Sequence[OpenPhoto], then: Callable[[], None]) -> None:
        answer = self._asker.about_running([photo.name for photo in running])
        if answer is Running.STOP:
            for photo in running:
                self._photos.stop_run(photo)
        if answer is Running.WAIT:
            self._finish(running, partial(self._when_safe, photos, then))
        elif answer is Running.STOP:
            self._when_safe(photos, then)

    def _end_work(self, work: BusyWork, answer: Ending, then: Callable[[], None]) -> None:
        if answer is Ending.NOW:
            work.stop()
            then()
            return
        done = work.done

        def is_over() -> bool:
            return work.is_paused or work.done != done or not work.is_running

        stop_now = partial(self._end_work, work, Ending.NOW, then)
        stopped = partial(self._stop_work, work, then)
        self._waits.until(is_over, work.changed, partial(_batch_words, work), stopped, stop_now=stop_now)

    def _stop_work(self, work: BusyWork, then: Callable[[], None]) -> None:
        """What is being written is written to its end."""
        work.stop()
        words = partial(_batch_words, work)
        self._waits.until(lambda: not work.is_running, work.finished, words, then, stop_now=then)

    def _wait_for_saves(self, then: Callable[[], None], kept: Callable[[], None] = lambda: None) -> None:
        saves = self._session.saves
        stop_now = partial(self._stop_saves, then, kept) if saves.can_stop else None
        self._waits.until(
            lambda: not saves.words, saves.changed, lambda: saves.words, then, kept=kept, stop_now=stop_now
        )

    def _stop_saves(self, then: Callable[[], None], kept: Callable[[], None]) -> None:
        """What can't be stopped is waited for still."""
        self._session.saves.stop()
        self._wait_for_saves(then, kept)

    def _wait_for_run(self, name: str, then: Callable[[], None]) -> None:
        runs = self._session.runs
        words = tr("Filling {}…").format(name)
        self._waits.until(lambda: runs.phase is not RunPhase.RUNNING, runs.phase_changed, lambda: words, then)

    def _finish(self, running: list[OpenPhoto], then: Callable[[], None]) -> None:
        """Wait for one run after the other, each of which is shown, and take over what it brings."""
        if not running:
            then()
            return

        def over() -> None:
            if self._session.runs.phase is RunPhase.READY:
                self._accept()
                self._session.loans.in_turn(partial(self._finish, running[1:], then))

        self._photos.bring(running[0], partial(self._wait_for_run, running[0].name, over))

    def _ask(
        self, answer: Unsaved, photos: list[OpenPhoto], discarded: Callable[[], None], saved: Callable[[], None]
    ) -> None:
        if answer is Unsaved.DISCARD:
            discarded()
        elif answer is Unsaved.SAVE:
            self._save_each(photos, saved)

    def _save_each(self, photos: list[OpenPhoto], then: Callable[[], None]) -> None:
        """One after the other; each is shown while it is asked about. The first that is not saved ends it."""
        if not photos:
            then()
            return

        def shown() -> None:
            self._after_save = partial(self._save_each, photos[1:], then)
            self._save()
            if self._after_save is not None:
                self._wait_for_saves(lambda: None, self._keep_open)

        self._photos.bring(photos[0], shown)

    def _keep_open(self) -> None:
        self._after_save = None

    def _saved(self, _path: Path) -> None:
        then, self._after_save = self._after_save, None
        if then is not None:
            self._waits.give_up()
            then()


def _batch_words(work: BusyWork) -> str:
    return tr("The batch finishes the photo it is at: {} of {} are done.").format(work.done, work.total)
