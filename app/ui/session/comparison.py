"""Several ways to fill one hole, compared: what was asked for, how far it is, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import ResultEdit
from app.imaging.geometry import Rect
from app.inference.comparison import Began, Brought, CompareEvent, Failed, Figures, Measured, Method, Subject, Told
from app.inference.comparison import compared as events_of
from app.inference.request import Notice, Progress
from app.ui.language import localised, tr
from app.ui.numbers import duration
from app.ui.session import variants as bounds
from app.ui.session.comparison_parts import Entry, EntryState, Ground, frozen_subject, is_as_it_was, made_ground
from app.ui.session.crash import sentence
from app.ui.session.jobs import Err, Lane, Stream, StreamEnd
from app.ui.session.lazy_engine import LazyEngine, check_of
from app.ui.session.run_desk import RunDesk
from app.ui.stages.panes import Pane


class Comparison(QObject):
    """At most one at a time. A verb that makes no sense at the moment does nothing."""

    changed = Signal()
    """How far it is."""
    begun = Signal()
    """Other entries, and what they lie over is there; or nothing is any longer."""
    entry_changed = Signal(object)
    """The `Entry`."""
    failed = Signal(str)
    """A sentence: it could not begin or go on, or something is not measured."""
    taken = Signal(object)
    """The `Entry` whose result is in the photo now."""
    finished = Signal()
    """Nothing of it is under way any longer; said last."""

    def __init__(self, desk: RunDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._entries: list[Entry] = []
        self._methods: tuple[Method, ...] = ()
        self.ground: Ground | None = None
        self.original: Figures | None = None
        """Of the photo itself."""
        self._stream: Stream | None = None
        self._is_preparing = False
        self._at: int | None = None
        desk.document_closed.connect(self._photo_left)

    @property
    def entries(self) -> Sequence[Entry]:
        """All results, those to come included, in the order in which they were asked for."""
        return self._entries

    @property
    def is_running(self) -> bool:
        """True until the last method ended, or it was stopped."""
        return self._stream is not None or self._is_preparing

    @property
    def done(self) -> int:
        """Results of which nothing more is to be expected."""
        return sum(entry.state not in (EntryState.WAITING, EntryState.RUNNING) for entry in self._entries)

    @property
    def total(self) -> int:
        """All results."""
        return len(self._entries)

    @property
    def words(self) -> str:
        """How it stands, as a sentence without its stop."""
        if self._is_preparing:
            return tr("The photo is being made ready")
        if self._stream is not None and self._at is not None:
            return tr("{}: method {} of {}").format(self._methods[self._at].name, self._at + 1, len(self._methods))
        if self.is_running:
            return tr("The engine is being made ready")
        if any(entry.state is EntryState.STOPPED for entry in self._entries):
            return tr("Stopped: {} of {} results are there").format(self._ready, self.total)
        return tr("{} of {} results are there").format(self._ready, self.total) if self._entries else ""

    @property
    def _ready(self) -> int:
        return sum(entry.state is EntryState.READY for entry in self._entries)

    # verbs

    def start(self, methods: Sequence[Method], name: str, *, is_truth: bool, perceptual: Path | None) -> None:
        """Fill the present hole of the present photo, called `name`, by each of `methods`."""
        if self.is_running or not methods:
            return
        self.clear()
        self._methods = tuple(methods)
        self._is_preparing = True
        self.changed.emit()
        take = partial(frozen_subject, self._desk.contexts, is_truth, perceptual)
        self._desk.read(take, partial(self._prepare, name), self._not_prepared, tr("Making ready to compare…"))

    def stop(self) -> None:
        """Run nothing more; what is there stays."""
        if self._is_preparing:
            self.clear()
            self.finished.emit()
        elif self._stream is not None and not self._stream.is_cancelled:
            self._stream.cancel()
            self._halt()
            self.changed.emit()

    def clear(self) -> None:
        """Stop, and forget everything."""
        self._is_preparing = False
        if self._stream is not None:
            self._stream.cancel()
        self._stream = self._at = self.original = None
        gone: list[object] = [self.ground, *self._entries]
        self._entries, self._methods, self.ground = [], (), None
        self.begun.emit()
        self.changed.emit()
        self._desk.runner.submit(gone.clear, lambda _: None)  # to give the memory back takes longer than a frame

    def take(self, entry: Entry) -> None:
        """Lay a result into the photo it was made of, which is on the desk, as an edit that has the method's name."""
        ground, result = self.ground, entry.result
        if ground is None or result is None or entry.seconds is None:
            return
        name = tr("Fill: {stage}, {time}").format(stage=entry.title, time=duration(entry.seconds))
        edit = ResultEdit(name, result.patches, ground.subject.mask)
        is_same: list[bool] = []

        def step(document: Document) -> Rect | None:
            is_same.append(document is ground.document and is_as_it_was(document, ground.subject, result))
            return document.apply(edit) if is_same[0] else None

        def told() -> None:
            if is_same and not is_same[0]:
                self.failed.emit(tr("The photo was changed there since: undo that, then take the result."))

        self._desk.change(step, partial(self.taken.emit, entry))
        self._desk.loans.in_turn(told)

    # how it begins

    def _prepare(self, name: str, found: tuple[Document, Subject] | None) -> None:
        if not self._is_preparing:
            return
        if found is None:
            self._give_up(tr("There is nothing to fill yet: paint over what should go."))
            return
        document, subject = found
        ready = partial(self._ready_to_go, self._methods)
        make = partial(made_ground, document, subject, name, self._desk.alpha)
        self._desk.work(tr("Making ready to compare…"), make, ready, self._not_prepared)

    def _ready_to_go(self, methods: tuple[Method, ...], ground: Ground) -> None:
        if not self._is_preparing or methods is not self._methods:
            return
        self._is_preparing, self.ground = False, ground
        self._entries = [Entry(method, stage) for method in methods for stage in method.wanted]
        make = partial(_events, ground.subject, methods, self._desk.runs.engine)
        state = self._entries
        self._stream = self._desk.runner.stream(
            make, partial(self._take, state), partial(self._ended, state), Lane.COMPARISON
        )
        self.begun.emit()
        self.changed.emit()

    def _not_prepared(self, error: Exception) -> None:
        if self._is_preparing:
            self._give_up(sentence(error))

    def _give_up(self, words: str) -> None:
        self._is_preparing = False
        self.changed.emit()
        self.failed.emit(words)
        self.finished.emit()

    def _photo_left(self) -> None:
        if self._is_preparing and self.ground is None:
            self.stop()

    # what arrives

    def _take(self, entries: list[Entry], event: CompareEvent) -> None:
        if entries is not self._entries:
            return
        match event:
            case Measured(figures):
                self.original = figures
                self.changed.emit()
            case Began(index):
                self._at = index
                self._tell(index, tr("Waiting"))
                self.changed.emit()
            case Told(index, Progress() as progress):
                self._show_progress(index, progress)
            case Told(index, Notice(text)):
                for entry in self._of(index):
                    entry.notices.append(localised(text))
            case Brought():
                self._bring(event)
            case Failed(None, error):
                self.failed.emit(sentence(error))
            case Failed(int(index), error):
                self._fail(index, sentence(error))

    def _of(self, index: int) -> list[Entry]:
        """The entries of a method that are still to come."""
        open_states = EntryState.WAITING, EntryState.RUNNING
        return [each for each in self._entries if each.method is self._methods[index] and each.state in open_states]

    def _show_progress(self, index: int, progress: Progress) -> None:
        words = Pane.of(progress.stage).title
        if progress.region_count > 1:
            part = tr("Region {} of {}").format(progress.region_index, progress.region_count)
            words = f"{words} · {part}"
        self._tell(index, words)

    def _tell(self, index: int, words: str) -> None:
        for entry in self._of(index):
            entry.state, entry.words = EntryState.RUNNING, words
            self.entry_changed.emit(entry)

    def _bring(self, event: Brought) -> None:
        for entry in self._of(event.index):
            if entry.stage is event.stage:
                entry.state, entry.words = EntryState.READY, ""
                entry.result, entry.seconds, entry.figures = event.result, event.seconds, event.figures
                if event.result.stage is not event.stage:
                    entry.notices.append(tr("No detail was needed here: this is what the stage made."))
                self.entry_changed.emit(entry)
        self.changed.emit()
        if self._nbytes > bounds.MOST_BYTES and self.done < self.total:
            self.stop()
            words = tr("Stopped, since the results take up the memory there is for them: compare fewer at a time.")
            self.failed.emit(words)

    @property
    def _nbytes(self) -> int:
        """Memory that all results take."""
        held = {id(patch.pixels): patch.pixels.nbytes for entry in self._entries for patch in entry.patches}
        return sum(held.values())

    def _fail(self, index: int, words: str) -> None:
        for entry in self._of(index):
            entry.state, entry.words = EntryState.FAILED, words
            self.entry_changed.emit(entry)
        self.changed.emit()

    def _ended(self, entries: list[Entry], end: StreamEnd) -> None:
        if entries is not self._entries:
            return
        self._stream = self._at = None
        self._halt()
        self.changed.emit()
        if isinstance(end, Err):
            self.failed.emit(sentence(end.error))
        self.finished.emit()

    def _halt(self) -> None:
        for entry in self._entries:
            if entry.state in (EntryState.WAITING, EntryState.RUNNING):
                entry.state, entry.words = EntryState.STOPPED, tr("Stopped")
                self.entry_changed.emit(entry)


def _events(
    subject: Subject, methods: tuple[Method, ...], engine: LazyEngine, stream: Stream
) -> Iterator[CompareEvent]:
    """On the inference thread."""
    yield from events_of(subject, methods, engine.solve, check_of(stream))
