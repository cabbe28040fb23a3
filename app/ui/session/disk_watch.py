"""Notices that another program changed or removed the file of an open photo."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from app.ui.session.file_record import DiskState, Stamp
from app.ui.session.jobs import Err, JobRunner, Ok
from app.ui.session.open_photos import OpenPhoto, OpenPhotos


class _Known(NamedTuple):
    """A photo's file as it was left here."""

    photo: OpenPhoto
    place: Path
    stamp: Stamp


class DiskWatch(QObject):
    """Looks when it is told to, one look at a time, off the GUI thread; tells each change once."""

    changed = Signal(object, object)
    """The `OpenPhoto`, and the `DiskState` its file is in."""
    settled = Signal(object)
    """The `OpenPhoto` whose file is again as it is known here, because it was saved or read once more."""

    def __init__(self, photos: OpenPhotos, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photos, self._runner = photos, runner
        self._is_looking = self._once_more = False
        self._told: dict[OpenPhoto, Stamp | None] = {}
        """What was told of the files that are not as they were."""
        photos.changed.connect(self._settle)
        photos.arrived.connect(self.look)

    def look(self) -> None:
        """Look at the files of all photos that are open; where that is going on, once more afterwards."""
        self._once_more = self._is_looking
        records = ((photo, photo.record) for photo in self._photos.photos)
        known = [
            _Known(photo, record.place, record.stamp)
            for photo, record in records
            if record.place is not None and record.stamp is not None and not record.is_saving
        ]
        if known and not self._is_looking:
            self._is_looking = True
            places = [each.place for each in known]
            self._runner.look(partial(_stamps, places), partial(self._seen, known), patience=0)

    def _seen(self, known: list[_Known], outcome: Ok[list[Stamp | None]] | Err) -> None:
        self._is_looking = False
        if isinstance(outcome, Ok):
            for each, now in zip(known, outcome.value, strict=True):
                if each.photo.record.stamp is each.stamp and not each.photo.record.is_saving:
                    self._compare(each, now)
        if self._once_more:
            self.look()

    def _compare(self, known: _Known, now: Stamp | None) -> None:
        state = known.stamp.became(now)
        if state is DiskState.SAME:
            self._forget(known.photo)
        elif known.photo not in self._told or self._told[known.photo] != now:
            self._told[known.photo] = now
            self.changed.emit(known.photo, state)

    def _settle(self) -> None:
        """A photo was saved, read again or closed, perhaps."""
        for photo in [photo for photo in self._told if photo not in self._photos.photos]:
            self._forget(photo)
        self.look()

    def _forget(self, photo: OpenPhoto) -> None:
        if photo in self._told:
            del self._told[photo]
            self.settled.emit(photo)


def _stamps(places: list[Path]) -> list[Stamp | None]:
    return [Stamp.of(place) for place in places]
