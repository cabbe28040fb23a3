"""Opening, saving, closing: the file menu's verbs, with their questions asked first."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from weakref import ref

from PySide6.QtCore import QObject, QStandardPaths, QTimer

from app.atomic import write_failure
from app.document.document import Document
from app.document.session_file import photo_paths
from app.imaging.files import OPEN_SUFFIXES, READ_ONLY_SUFFIXES
from app.inference.request import Stage
from app.paths import resource
from app.ui.asking import Asker, Overwrite
from app.ui.commands.leaving import Leaving
from app.ui.commands.rescue import Rescue
from app.ui.commands.sessions import SessionCommands
from app.ui.language import tr
from app.ui.session.disk_watch import DiskWatch
from app.ui.session.file_record import DiskState, suggested_name
from app.ui.session.jobs import PATIENCE, Err, Ok, answer_within
from app.ui.session.next_step import StepKind, next_step
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.opening import is_session
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.saves import Save
from app.ui.session.session import Session
from app.ui.session.session_files import SessionFiles
from app.ui.settings import declared
from app.ui.settings.declared import RECENT_LIMIT
from app.ui.settings.saving import format_of, save_options, settings_of
from app.ui.settings.store import Settings

_NO_ANSWER = 5000
"""Milliseconds after which a place counts as one that does not answer."""
_KNOWN = frozenset((*OPEN_SUFFIXES, *READ_ONLY_SUFFIXES))


class FileCommands(QObject):
    """Nothing here loses unsaved work or replaces the original without having asked."""

    def __init__(
        self,
        session: Session,
        files: PhotoFiles,
        photos: OpenPhotos,
        sessions: SessionFiles,
        settings: Settings,
        asker: Asker,
    ) -> None:
        super().__init__()
        self._session, self._files, self._settings, self._asker = session, files, settings, asker
        self.photos = photos
        self.sessions = SessionCommands(session, files, sessions, settings, asker, self.folder)
        self.leaving = Leaving(session, photos, files, sessions, asker, self._save_work, self._accept)
        self.watch = DiskWatch(photos, session.runner, self)
        """What other programs do to the files."""
        self.rescue = Rescue(
            session, photos, asker, self.save_as, self.sessions.save_as, self.sessions.before_replacing
        )
        files.opened.connect(self._remember)
        files.saved.connect(self._remember)
        sessions.saved.connect(self._remember)
        self.sessions.given_up.connect(self.leaving.give_up)
        files.session_opened.connect(photos.close_twin)

    def can_save(self) -> bool:
        """A photo is open and not being written just now."""
        return self._session.document is not None and not self._files.is_saving

    # opening

    def open_photo(self) -> None:
        """Ask for photos and open them."""
        self.open_paths(self._asker.photos_to_open(self.folder()))

    def open_path(self, path: Path, mask: Path | None = None) -> None:
        """Open a photo, and a mask over it; without a mask, one that is open already is shown."""
        there = self.photos.showing(path)
        if there is not None and mask is None:
            self.photos.select(there)
        elif is_session(path):
            self._open_session(path)
        else:
            self._files.open(path, mask)

    def _open_session(self, path: Path) -> None:
        """Unless its photo is open already, and something was done to that: then it is shown."""

        def found(places: tuple[Path, ...]) -> None:
            there = next((photo for photo in map(self.photos.showing, places) if photo is not None), None)
            if there is None or self.photos.is_untouched(there):
                self._files.open(path)  # which puts that one away
                return
            self.photos.select(there)
            text = tr("{photo} is open already, with changes. Close it first to open {session}.")
            self._session.notice_given.emit(text.format(photo=there.record.title, session=path.name))

        words = tr("Opening {}…").format(path.name)
        self._session.work(words, partial(photo_paths, path), found, lambda _: self._files.open(path))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open the first of several photos; the others stand in the filmstrip and are read when they are chosen."""
        if len(paths) > 1:
            self.photos.add(paths)
        if paths:
            self.open_path(paths[0])

    def open_sample(self) -> None:
        """Open the sample photograph with its mask; there is no file to save it over."""
        there = self.photos.showing(resource("sample.jpg"))
        if there is not None:
            self.photos.select(there)
        else:
            self._files.open(resource("sample.jpg"), resource("sample_mask.png"), own=False)

    def open_dropped(self, paths: Sequence[Path]) -> None:
        """Open files, and the photos in folders, that were dropped on the window."""
        if paths:
            self._session.runner.submit(partial(photos_among, paths), self._opened_dropped)

    def _opened_dropped(self, outcome: Ok[list[Path]] | Err) -> None:
        if isinstance(outcome, Err):
            self._session.fail(outcome.error)
        elif outcome.value:
            self.open_paths(outcome.value)
        else:
            self._session.notice_given.emit(tr("There is no photo in what was dropped."))

    # saving

    def save(self) -> None:
        """Save; the first time over the original only with consent, and over what others wrote only when asked."""
        record, document = self._files.record, self._session.document
        if record.path is None or document is None:
            self.save_as()
            return
        awaited = [self._session.busy.begin(tr("Looking for {}…").format(record.name))]

        def answer(then: Callable[[], None]) -> None:
            """The first one counts, as long as the photo lies on the desk."""
            if awaited:
                self._session.busy.end(awaited.pop())
                (then if self._files.record is record else self.leaving.give_up)()

        def seen(outcome: Ok[DiskState] | Err) -> None:
            answer(partial(self._save_over, outcome.value if isinstance(outcome, Ok) else DiskState.SAME))

        self._session.runner.look(record.disk_state, seen)
        if awaited:
            QTimer.singleShot(_NO_ANSWER, self, partial(answer, partial(self._place_is_dead, document)))

    def _place_is_dead(self, document: Document) -> None:
        path = self._files.path
        if path is not None:
            again = Save(path, ref(document), lambda other: self.save() if other == path else self._files.save(other))
            self._session.saves.fail(again, write_failure(TimeoutError(errno.ETIMEDOUT, ""), path))

    def _save_over(self, state: DiskState) -> None:
        path, answer = self._files.path, Overwrite.YES
        if path is None:
            return
        if state is not DiskState.SAME:
            answer = self._asker.may_replace_changed(path, is_gone=state is DiskState.GONE)
        elif self._files.needs_consent:
            answer = self._asker.may_overwrite(path)
        if answer is Overwrite.YES:
            self.sessions.before_replacing(path, self._files.save)
        elif answer is Overwrite.SAVE_AS:
            self.save_as()
        else:
            self.leaving.give_up()

    def save_as(self) -> None:
        """Ask for a name, then how the file is to be written, and save."""
        record = self._files.record
        folder = self.folder()
        free = partial(suggested_name, record.place, record.name, folder)
        path = self._asker.photo_to_save(answer_within(PATIENCE, free, folder / record.name))
        if path is None or not self._has_options(format_of(path)):
            self.leaving.give_up()
        else:
            options = save_options(self._settings, format_of(path))
            self.sessions.before_replacing(path, partial(self._files.save, path, options))

    def _save_work(self) -> None:
        """What is done to a photo that belongs to a session is saved with the session, else with the photo."""
        if self._files.record.session is None:
            self.save()
        else:
            self.sessions.save()

    def _has_options(self, format_name: str) -> bool:
        return not settings_of(format_name) or self._asker.choose_save_options(self._settings, format_name)

    # closing

    def close_photo(self) -> None:
        """Put the photo away."""
        if self.photos.current is not None:
            self.close_one(self.photos.current)

    def close_one(self, photo: OpenPhoto) -> None:
        """Put one of the open photos away."""
        self.leaving.when_safe(photo, partial(self.photos.close, photo))

    def close_all(self) -> None:
        """Put all photos away."""
        self.leaving.when_all_safe(self.photos.close_all)

    def when_safe(self, then: Callable[[], None]) -> None:
        """Call `then` as soon as nothing in the window is lost by it: now, after a wait, or never."""
        self.leaving.when_window_safe(then)

    def _accept(self) -> None:
        step = next_step(self._session, Stage.DETAIL, self._settings.result_stage())
        if step.kind is StepKind.ACCEPT and step.stage is not None:
            self._session.accept(step.stage)

    # several

    def has_several(self) -> bool:
        """More than one photo is open."""
        return len(self.photos.photos) > 1

    def wants_filmstrip(self) -> bool:
        """The filmstrip is shown as soon as there are two photos."""
        return self._settings.get(declared.FILMSTRIP)

    def toggle_filmstrip(self) -> None:
        """Do without the filmstrip, or have it again."""
        self._settings.set(declared.FILMSTRIP, not self.wants_filmstrip())

    def folder(self) -> Path:
        """Where the user last opened or saved a photo, else where pictures are."""
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        folders = [Path(each) for each in (self._settings.get(declared.FOLDER), pictures) if each]
        return answer_within(PATIENCE, lambda: next(each for each in folders if each.is_dir()), Path.home())

    def _remember(self, path: Path) -> None:
        path = path.absolute()
        self._settings.set(declared.FOLDER, str(path.parent))
        others = tuple(each for each in self._settings.get(declared.RECENT) if each != str(path))
        self._settings.set(declared.RECENT, (str(path), *others)[:RECENT_LIMIT])


def photos_among(paths: Sequence[Path]) -> list[Path]:
    """Files, and in place of folders the photos in them, by name; of several files those with a known ending.

    One file alone is not judged by its ending.
    """
    if len(paths) == 1 and not paths[0].is_dir():
        return list(paths)
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(path.iterdir(), key=lambda each: each.name.lower())
            found += [each for each in inside if each.suffix.lower() in _KNOWN and not each.name.startswith(".")]
        elif path.suffix.lower() in _KNOWN or is_session(path):
            found.append(path)
    return list(dict.fromkeys(found))
