"""Work that a crash left: what there is, and the ways of having it back. Keeps what goes on now, too (`follower`)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.recovery import offers as recovery_offers
from app.document.recovery.folder import is_open_elsewhere, recovery_root
from app.document.recovery.offers import Offer, Restored
from app.imaging.files import write_image
from app.ui.language import tr
from app.ui.session.crash import sentence
from app.ui.session.file_record import FileRecord
from app.ui.session.file_status import record_again
from app.ui.session.followed import Taken
from app.ui.session.follower import Follower
from app.ui.session.jobs import Err, Ok
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session


class Recovery(QObject):
    """Looks for what crashes left when asked to; restores one photo after the other."""

    found = Signal(object)
    """A list of `Offer`, the newest first; empty where there is nothing."""
    restored = Signal(object)
    """The `Offer` whose photo lies on the desk again."""
    not_restored = Signal(object, str)
    """An `Offer` and a sentence: why it can't be had. It is left where it is."""
    put_off = Signal(object, str)
    """An `Offer` and a sentence: why it is not being restored any longer. It can be."""

    def __init__(
        self,
        session: Session,
        files: PhotoFiles,
        photos: OpenPhotos,
        root: Path | None = None,
        parent: QObject | None = None,
    ) -> None:
        """`root` is the folder in which the journals lie; default: the user's."""
        super().__init__(parent)
        self._root = root or recovery_root()
        self._session, self._files, self._photos = session, files, photos
        self.follower = Follower(session, files, photos, self._root, self)
        """Keeps the journals of what is open now."""
        self._wanted: deque[Offer] = deque()
        self._under_way: _Return | None = None
        files.is_elsewhere = partial(is_open_elsewhere, self._root)
        files.arrived.connect(self._arrived)

    def look(self) -> None:
        """Answer with `found`."""

        def done(outcome: Ok[list[Offer]] | Err) -> None:
            if isinstance(outcome, Ok):
                self.found.emit(outcome.value)

        self._session.runner.submit(partial(recovery_offers.offers, self._root), done)

    def restore(self, offers: list[Offer]) -> None:
        """Open the photos of `offers` with all that was done to them, in turn; each once, however often asked for."""
        known = {offer.folder for offer in self._wanted}
        self._wanted.extend(offer for offer in offers if offer.folder not in known)
        self._next()

    def discard(self, offer: Offer) -> None:
        """Delete the work for good."""
        self._session.runner.submit(partial(recovery_offers.discard, offer.folder), lambda _: None)

    def shown(self, offer: Offer) -> OpenPhoto | None:
        """The photo that is open already without the work of `offer`."""
        place = offer.survey.file.place
        return None if place is None else self._photos.showing(place)

    def save_mask(self, offer: Offer, path: Path) -> None:
        """Write the mask alone to `path`, which needs no photo."""

        def done(_: None) -> None:
            self._session.notice_given.emit(tr("The mask is saved as {}.").format(path))

        self._session.work(tr("Saving {}…").format(path.name), partial(_save_mask, offer.folder, path), done)

    def lay_mask(self, offer: Offer) -> None:
        """Open the photo's file as it is now, with the mask over it."""
        place = offer.survey.file.place
        path = offer.folder / "mask.png"
        if place is not None:
            words = tr("Opening {}…").format(place.name)
            self._session.work(words, partial(_save_mask, offer.folder, path), lambda _: self._files.open(place, path))

    def close(self) -> None:
        """All photos are put away in order."""
        self.follower.close()

    # one after the other

    def _next(self) -> None:
        if self._under_way is None and self._wanted:
            under_way = self._under_way = _Return(self._wanted.popleft())
            self._files.open_document(under_way.record, under_way.maker(), self._land, self._failed)

    def _land(self, document: Document) -> None:
        assert self._under_way is not None
        restored = self._under_way.restored
        self.follower.take_over(document, Taken(restored.folder, restored.work.opened))

    def _arrived(self, record: FileRecord) -> None:
        under_way = self._under_way
        if under_way is None or under_way.record is not record:
            return
        self._under_way = None
        work = under_way.restored.work
        self._session.set_contexts(work.contexts)
        if work.is_damaged:
            words = tr("The journal of {} was damaged: what was done last is missing.")
            self._session.notice_given.emit(words.format(record.name))
        self._photos.close_twin()
        self.restored.emit(under_way.offer)
        self._next()

    def _failed(self, error: Exception | None) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is None:
            return
        under_way.give_back()
        if error is not None:
            self.not_restored.emit(under_way.offer, sentence(error))
            self._next()
            return
        left, self._wanted = [under_way.offer, *self._wanted], deque()
        for offer in left:  # to go on would take what the user opened off the desk
            self.put_off.emit(offer, tr("Another photo was opened meanwhile."))


class _Return:
    """One photo on its way back."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.record = record_again(offer.survey.file, offer.survey.opened)
        self._made: list[Restored] = []

    @property
    def restored(self) -> Restored:
        """What was made, once it was."""
        return self._made[0]

    def maker(self) -> Callable[[], Document]:
        """What makes it, on the pool."""
        return partial(_make, self.offer.folder, self._made)

    def give_back(self) -> None:
        """Leave the work where it is."""
        for restored in self._made:
            restored.folder.release()


def _make(folder: Path, made: list[Restored]) -> Document:
    made.append(recovery_offers.restore(folder))
    return made[0].document


def _save_mask(folder: Path, path: Path) -> None:
    write_image(path, recovery_offers.restore_mask(folder))
