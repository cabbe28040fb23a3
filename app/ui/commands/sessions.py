"""Sessions as files: the verbs that save one, and what follows when one is opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.session_file import SUFFIX, OpenedSession
from app.ui.asking import Asker
from app.ui.language import tr
from app.ui.session.file_record import FileRecord, free_name, is_same_now
from app.ui.session.jobs import PATIENCE, answer_within
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from app.ui.session.session_files import SessionFiles
from app.ui.settings import declared
from app.ui.settings.kept import take_settings
from app.ui.settings.store import Settings


class SessionCommands(QObject):
    """*Save* writes the photo; these write all that was done to it."""

    given_up = Signal()
    """The user was asked, and would rather not save."""

    def __init__(
        self,
        session: Session,
        files: PhotoFiles,
        sessions: SessionFiles,
        settings: Settings,
        asker: Asker,
        folder: Callable[[], Path],
    ) -> None:
        """`folder` is where files are looked for at first."""
        super().__init__()
        self._session, self._files, self._sessions = session, files, sessions
        self._settings, self._asker, self._folder = settings, asker, folder
        self._is_new_place = False
        sessions.saved.connect(self._saved)
        files.session_opened.connect(self._opened)

    def save(self) -> None:
        """Save the session to its file; ask for one where it has none."""
        record = self._files.record
        if record.session is None:
            self.save_as()
        else:
            self._sessions.save(record.session, embed=record.embeds)

    def save_as(self) -> None:
        """Ask for a name, then whether the photo is to be in the file, and save."""
        record = self._files.record
        chosen = self._asker.session_to_save(self._suggestion(record))
        if chosen is None or not self._has_options(record):
            self.given_up.emit()
            return
        path = chosen if chosen.suffix.lower() == SUFFIX else free_name(chosen.with_name(f"{chosen.name}{SUFFIX}"))
        self._is_new_place = True
        self._sessions.save(path, embed=self._settings.get(declared.SESSION_EMBED))

    def before_replacing(self, path: Path, then: Callable[[], None]) -> None:
        """Call `then`, which is about to write `path`, once the session of the photo on the desk can do without it.

        A session that looks for its photo there gets the photo first: what was done would fit no other.
        """
        record = self._files.record
        session, source = record.session, record.source
        if session is None or source is None or record.embeds or not is_same_now(path, source):
            then()
            return

        def kept() -> None:
            self._session.notice_given.emit(tr("{} now holds the photo as it was opened.").format(session.name))
            then()

        self._sessions.save(session, embed=True, then=kept)

    def locate(self, photo_name: str, open_with: Callable[..., None]) -> None:
        """Ask where the photo of a session is, and open the session with it."""
        path = self._asker.photo_to_locate(photo_name, self._folder())
        if path is not None:
            open_with(located=path)

    def _suggestion(self, record: FileRecord) -> Path:
        """Beside the photo, under its name; a session that has a file keeps its name."""
        if record.session is not None:
            return record.session
        return _free((record.place or self._folder() / record.name).with_suffix(SUFFIX))

    def _has_options(self, record: FileRecord) -> bool:
        """Nothing is to be chosen where the photo must be in the file."""
        source = _source_of(record)
        return source is None or self._asker.choose_session_options(self._settings, source)

    def _saved(self, path: Path) -> None:
        """Tell where it is, once; that it is saved again, title and history show."""
        is_new, self._is_new_place = self._is_new_place, False
        if not is_new:
            return
        record = self._files.record
        if record.session == path and record.embeds and _source_of(record) is None:
            text = tr(
                "The session is saved as {}; the photo is in it, because no other file holds it as it was opened."
            )
        else:
            text = tr("The session is saved as {}.")
        self._session.notice_given.emit(text.format(path))

    def _opened(self, opened: OpenedSession) -> None:
        if take_settings(self._settings, opened.contents.settings):
            self._session.notice_given.emit(tr("The options for filling are now those of this session."))


# looks at places that may not answer: the window does not wait for those


def _free(path: Path) -> Path:
    return answer_within(PATIENCE, partial(free_name, path), path)


def _source_of(record: FileRecord) -> Path | None:
    return answer_within(PATIENCE, record.source_as_opened, None)
