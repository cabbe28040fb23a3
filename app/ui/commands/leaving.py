"""What has to be asked, and saved, before photos are put away for good."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from app.ui.dialogs import Asker, Unsaved
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session_files import SessionFiles


class Leaving(QObject):
    """Calls what was wanted as soon as nothing would be lost by it: now, after saves, or never."""

    def __init__(
        self,
        photos: OpenPhotos,
        files: PhotoFiles,
        sessions: SessionFiles,
        asker: Asker,
        save: Callable[[], None],
    ) -> None:
        """`save` saves the photo on the desk, or its session, and asks what has to be asked."""
        super().__init__()
        self._photos, self._asker, self._save = photos, asker, save
        self._after_save: Callable[[], None] | None = None
        self._awaited: tuple[OpenPhoto, Callable[[], None]] | None = None
        """A photo that is on its way to the desk, and what follows."""
        files.saved.connect(self._saved)
        files.save_failed.connect(self.give_up)
        sessions.saved.connect(self._saved)
        sessions.save_failed.connect(self.give_up)
        photos.arrived.connect(self._arrived)

    def when_safe(self, photo: OpenPhoto | None, then: Callable[[], None]) -> None:
        """Before `photo` is put away; it is shown where something has to be asked."""
        if photo is not None and photo.record.is_saving:
            self._after_save = partial(self.when_safe, photo, then)
        elif photo is None or not self._photos.is_modified(photo):
            then()
        else:
            self._when_shown(photo, lambda: self._ask(self._asker.about_unsaved(photo.record.title), [photo], then))

    def when_all_safe(self, then: Callable[[], None]) -> None:
        """Before all photos are put away: one question for all of them."""
        if any(photo.record.is_saving for photo in self._photos.photos):
            self._after_save = partial(self.when_all_safe, then)
            return
        unsaved = list(self._photos.unsaved)
        if not unsaved:
            then()
        elif len(unsaved) == 1:
            self.when_safe(unsaved[0], then)
        else:
            answer = self._asker.about_several_unsaved([photo.record.title for photo in unsaved])
            self._ask(answer, unsaved, then)

    def give_up(self) -> None:
        """Nothing was saved, so nothing is left."""
        self._after_save = self._awaited = None

    def _ask(self, answer: Unsaved, photos: list[OpenPhoto], then: Callable[[], None]) -> None:
        if answer is Unsaved.DISCARD:
            then()
        elif answer is Unsaved.SAVE:
            self._save_each(photos, then)

    def _save_each(self, photos: list[OpenPhoto], then: Callable[[], None]) -> None:
        """One after the other; each is shown while it is asked about. The first that is not saved ends it."""
        if not photos:
            then()
            return

        def shown() -> None:
            self._after_save = partial(self._save_each, photos[1:], then)
            self._save()

        self._when_shown(photos[0], shown)

    def _when_shown(self, photo: OpenPhoto, then: Callable[[], None]) -> None:
        if photo is self._photos.current:
            then()
        else:
            self._awaited = photo, then
            self._photos.select(photo)

    def _arrived(self, photo: OpenPhoto) -> None:
        awaited, self._awaited = self._awaited, None
        if awaited is not None and photo is awaited[0]:
            awaited[1]()

    def _saved(self, _path: Path) -> None:
        then, self._after_save = self._after_save, None
        if then is not None:
            then()
