"""What is being written of the document on the desk, and what became of it: photos, copies, masks, sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from weakref import ReferenceType, ref

from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.ui.language import tr
from app.ui.session.crash import sentence

if TYPE_CHECKING:
    from app.ui.session.desk import Desk

T = TypeVar("T")
U = TypeVar("U")

_LONG = 20_000
"""Milliseconds after which it is said that a write takes long; no photo on a disk that answers does."""


class SaveKind(Enum):
    """What is written."""

    PHOTO = auto()
    MASK = auto()
    SESSION = auto()
    FILM = auto()
    STRIP = auto()


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Save:
    """A file that is to be written, and how to write it once more."""

    path: Path
    document: ReferenceType[Document]
    """Gone once it is closed."""
    again: Callable[[Path], None]
    """The same, to another path or this one; while `document` is on the desk."""
    given_up: Callable[[], None] = lambda: None
    """Called where it fails, or is not waited for any longer."""
    kind: SaveKind = SaveKind.PHOTO

    @property
    def words(self) -> str:
        """What is going on."""
        return tr("Saving {}…").format(self.path.name)

    @property
    def can_stop(self) -> bool:
        """It may take minutes, and ends, without a file, soon after it is given up."""
        return self.kind is SaveKind.FILM


@dataclass(frozen=True, slots=True, eq=False)
class FailedSave:
    """What was to be written, and why that could not be done."""

    save: Save
    error: Exception
    sentence: str


class Saves(QObject):
    """Writes on the pool. Lives on the GUI thread."""

    changed = Signal(str)
    """Words for what is being written; empty once nothing is any longer."""
    failed = Signal(object)
    """`FailedSave`; its sentence was told. The document is as it was, and so is the file."""
    given_up = Signal()
    """Something is not waited for any longer."""
    lasting = Signal(object)
    """`Save`, which has been going on for long."""
    ended = Signal(object)
    """`Save`, which is not going on any longer; what came of it is told after that."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self.before_replacing: Callable[[Path], None] = lambda path: None
        """Told on the pool which file is about to be written."""
        self._under_way: dict[Save, bool] = {}
        """Whether the document was read already."""
        desk.document_closed.connect(self._drop_unread)

    @property
    def words(self) -> str:
        """What is being written; empty where nothing is."""
        return next((save.words for save in reversed(self._under_way)), "")

    @property
    def can_stop(self) -> bool:
        """`stop` would end something."""
        return any(save.can_stop for save in self._under_way)

    def write(
        self,
        save: Save,
        copy: Callable[[Document], T],
        write: Callable[[T], U],
        written: Callable[[U], None],
    ) -> None:
        """In turn, `copy` from the document, then `write` that, both on the pool, then `written`, here.

        A failure is told. Given up, without a word, where the document leaves the desk before it is read. Whoever
        waits for the end of it knows by then what it was.
        """

        def done(value: U) -> None:
            if self._take_off(save):
                written(value)
                self.changed.emit(self.words)

        def copied(value: T) -> None:
            if save in self._under_way:
                self._under_way[save] = True
                work = partial(_told, partial(self.before_replacing, save.path), partial(write, value))
                self._desk.work(save.words, work, done, failed)

        def failed(error: Exception) -> None:
            if self._take_off(save):
                save.given_up()
                self.fail(save, error)
                self.changed.emit(self.words)

        self._under_way[save] = False
        self.changed.emit(self.words)
        QTimer.singleShot(_LONG, self, partial(self._say_it_lasts, ref(save)))
        self._desk.read(copy, copied, failed, save.words)

    def fail(self, save: Save, error: Exception) -> None:
        """Tell that `save` could not be done."""
        text = sentence(error)
        self._desk.failed.emit(text)
        self.failed.emit(FailedSave(save, error, text))

    def give_up(self, save: Save) -> None:
        """Do not wait for it any longer; whether its file will be written nobody knows, unless it can be stopped."""
        if self._take_off(save):
            save.given_up()
            self.given_up.emit()
            self.changed.emit(self.words)

    def stop(self) -> None:
        """End what can be stopped; its files are not written. Whoever waits for the rest goes on waiting."""
        for save in [save for save in self._under_way if save.can_stop]:
            self._take_off(save)
            save.given_up()
            self.changed.emit(self.words)

    def forget(self) -> None:
        """Nobody is told of anything any longer."""
        self._under_way.clear()

    def _take_off(self, save: Save) -> bool:
        """It is not going on any longer; whether it was."""
        was_on = self._under_way.pop(save, None) is not None
        if was_on:
            self.ended.emit(save)
        return was_on

    def _drop_unread(self) -> None:
        for save in [save for save, was_read in self._under_way.items() if not was_read]:
            self.give_up(save)

    def _say_it_lasts(self, known: ReferenceType[Save]) -> None:
        save = known()
        if save is not None and save in self._under_way:
            self.lasting.emit(save)


def _told(tell: Callable[[], None], write: Callable[[], U]) -> U:
    """Runs on the pool."""
    tell()
    return write()
