"""What lies on the desk: the document, the pyramid of its image, and the one way in which anything changes them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.edits import AvoidEdit, Edit
from app.imaging.geometry import EMPTY, Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.ui.language import localised, tr
from app.ui.session.busy import Busy
from app.ui.session.crash import sentence
from app.ui.session.jobs import Err, JobRunner, Ok
from app.ui.session.loans import Loans
from app.ui.session.parked import Parked

T = TypeVar("T")

DocumentStep = Callable[[Document], Rect | None]
"""Changes a document; the rectangle, image pixels, None where nothing changed."""


class Change(NamedTuple):
    """What a step did: the rectangle, None where nothing changed, and of what."""

    rect: Rect | None
    of_image: bool
    of_mask: bool = True
    """Of the image, or of the mask."""
    of_kept: bool = False
    of_avoid: bool = False
    """Of what is not to be used."""
    left: int | None = None
    """`Document.picture_state` before it; None where that is of no interest."""
    reached: int | None = None
    """And after it."""
    revision: int = 0
    """Of the image, after it."""


class Desk(QObject):
    """Holds one document at a time and announces every change of it."""

    document_opened = Signal(object)
    """The `Document`."""
    document_closed = Signal()
    avoid_changed = Signal(object)
    """`Rect`, image pixels: other places are marked as not to be used; the levels are up to date."""
    mask_changed = Signal(object)
    """`Rect`, image pixels; the mask's levels are up to date."""
    image_changed = Signal(object)
    """`Rect`, image pixels; the pyramid is up to date."""
    image_touched = Signal(object)
    """The same for an open stroke, which may yet be taken back; once it is kept, `image_changed` says so."""
    kept_changed = Signal(object)
    """`Rect`, image pixels, in which something else is kept of results: by a stroke, open or not, or by undo."""
    history_changed = Signal()
    """The history, or which of its states is the saved one. Every change of the mask's coverage comes with it."""
    painted = Signal()
    """A stroke or a shape is in the mask, as an edit."""
    notice_given = Signal(str)
    """A sentence worth knowing."""
    failed = Signal(str)
    """A sentence that says what went wrong and what to do."""

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self.busy = Busy(self)
        self.loans = Loans(runner, self.busy)
        self._document: Document | None = None
        self._pyramid: Pyramid | None = None
        self._alpha: Pyramid | None = None
        self._mask_levels: MaskLevels | None = None
        self._avoid_levels: MaskLevels | None = None
        self._when_whole: list[Callable[[], None]] = []
        """Reads that wait for the end of a stroke in the image."""
        self._closes = False
        self._last_change = Change(None, False)
        """The last one announced, as its listeners may want to know it."""

    @property
    def document(self) -> Document | None:
        """The document on the desk. Nobody else writes to it."""
        return self._document

    @property
    def is_painting(self) -> bool:
        """True while a stroke is open that goes on."""
        return self._document is not None and self._document.is_painting and not self._closes

    @property
    def pyramid(self) -> Pyramid | None:
        """Of the document's image, kept up to date."""
        return self._pyramid

    @property
    def hole_pixels(self) -> int:
        """How many pixels of the mask are hole."""
        return 0 if self._mask_levels is None else self._mask_levels.hole_pixels

    def pixel_at(self, x: int, y: int) -> tuple[int, int, int] | None:
        """Red, green and blue of one pixel of the image, in its own depth; None outside it."""
        document = self._document
        if document is None or not (0 <= x < document.extent.width and 0 <= y < document.extent.height):
            return None
        red, green, blue = document.image[y, x].tolist()
        return red, green, blue

    @property
    def mask_levels(self) -> MaskLevels | None:
        """Of the document's mask, kept up to date."""
        return self._mask_levels

    @property
    def avoid_levels(self) -> MaskLevels | None:
        """Of what is not to be used, kept up to date."""
        return self._avoid_levels

    @property
    def has_avoid(self) -> bool:
        """Something is marked as not to be used."""
        return self._avoid_levels is not None and self._avoid_levels.hole_pixels > 0

    @property
    def alpha(self) -> Pyramid | None:
        """Of the photo's transparency, if it has any."""
        return self._alpha

    def set_document(
        self,
        document: Document,
        pyramid: Pyramid,
        alpha: Pyramid | None = None,
        mask_levels: MaskLevels | None = None,
        avoid_levels: MaskLevels | None = None,
    ) -> None:
        """Put `document` and the pyramids of its image, alpha, mask and of what is not to be used on the desk, which
        owns them from here on.

        What has no levels gets them here, which takes its time where the photo is large and there is something in it.
        """
        avoid_levels = avoid_levels or avoid_levels_of(document)
        self.put(Parked(document, pyramid, alpha, mask_levels or MaskLevels(document.mask), avoid_levels))
        for notice in document.photo.metadata.notices:
            self.notice_given.emit(localised(notice))

    def put(self, parked: Parked) -> None:
        """Put what is there already on the desk, without a word about its file."""
        before = [self.taken()]
        self.close_document()
        self._document, self._pyramid, self._alpha, self._mask_levels, self._avoid_levels = parked
        self.document_opened.emit(parked.document)
        self.history_changed.emit()
        self.runner.submit(before.clear, lambda _: None)  # to give the memory back takes longer than a frame

    def taken(self) -> Parked | None:
        """What lies on the desk, all of it; None where nothing does."""
        if self._document is None or self._pyramid is None or self._mask_levels is None or self._avoid_levels is None:
            return None
        return Parked(self._document, self._pyramid, self._alpha, self._mask_levels, self._avoid_levels)

    def close_document(self) -> None:
        """Clear the desk, unsaved changes or not."""
        if self._document is None:
            return
        self.loans.forget()
        self._when_whole.clear()
        self._closes = False
        self._document = self._pyramid = self._alpha = self._mask_levels = self._avoid_levels = None
        self.document_closed.emit()
        self.history_changed.emit()

    def mark_saved(self, state: int) -> None:
        """`state` of the history is in a file now."""
        if self._document is not None:
            self._document.mark_saved(state)
            self.history_changed.emit()

    def read(
        self,
        work: Callable[[Document], T],
        then: Callable[[T], None],
        on_error: Callable[[Exception], None],
        words: str = "",
    ) -> None:
        """In turn, call `work` with the document on the pool, then `then` with its value, or `on_error`, here.

        An image that is being painted is read when the stroke has ended. Dropped, without a word, where the document
        leaves the desk first. `words` say what it is for.
        """
        self.loans.in_turn(partial(self._read, work, then, on_error, words or tr("Working on it…")))

    def _read(
        self,
        work: Callable[[Document], T],
        then: Callable[[T], None],
        on_error: Callable[[Exception], None],
        words: str,
    ) -> None:
        if self._document is None:
            return
        stroke = self._document.open_stroke
        if stroke is not None and stroke.changes_image:
            self._when_whole.append(partial(self._read, work, then, on_error, words))
        else:
            self.loans.lend(partial(work, self._document), then, on_error, words)

    def work(
        self,
        words: str,
        work: Callable[[], T],
        then: Callable[[T], None],
        on_error: Callable[[Exception], None] | None = None,
    ) -> None:
        """Call `work`, which does not touch the document, on the pool, then `then` with its value, here.

        `words` say what is going on; a failure is told, or left to `on_error`. Another document may lie on the desk
        by then.
        """

        def done(outcome: Ok[T] | Err) -> None:
            self.busy.end(token)
            if isinstance(outcome, Err):
                (on_error or self.fail)(outcome.error)
            else:
                then(outcome.value)

        token = self.busy.begin(words)
        self.runner.submit(work, done)

    def change(self, step: DocumentStep, then: Callable[[], None] | None = None) -> None:
        """In turn, let `step` change the document on the pool; dropped where a stroke is open at that time.

        `then` is called here afterwards, where something changed.
        """
        self.change_by(lambda: step, then)

    def change_by(self, made: Callable[[], DocumentStep], then: Callable[[], None] | None = None) -> None:
        """As `change`, by the step that `made` makes, here, when it is its turn."""

        def done(change: Change) -> None:
            self._announce(change)
            if then is not None and change.rect is not None:
                then()

        def turn() -> None:
            desk = self.taken()
            if desk is not None and not desk.document.is_painting:
                work = partial(_stepped, made(), desk)
                self.loans.lend(work, done, self.fail, tr("Working on it…"))

        self.loans.in_turn(turn)

    def apply_now(self, edit: Edit) -> None:
        """Apply an edit that takes no time, such as a stroke's in the mask, which is in effect already."""
        if self._document is not None:
            of_avoid = isinstance(edit, AvoidEdit)
            self._announce(Change(self._document.apply(edit), False, of_mask=not of_avoid, of_avoid=of_avoid))
            if not of_avoid:
                self.painted.emit()

    def mask_painted(self, rect: Rect) -> None:
        """An open stroke changed the mask in `rect`."""
        if self._mask_levels is not None:
            self._mask_levels.update(rect)
            self.mask_changed.emit(rect)

    def avoid_painted(self, rect: Rect) -> None:
        """An open stroke changed in `rect` what is not to be used."""
        if self._avoid_levels is not None:
            self._avoid_levels.update(rect)
            self.avoid_changed.emit(rect)

    def image_painted(self, rect: Rect) -> None:
        """An open stroke changed the image in `rect`."""
        if self._pyramid is not None and not rect.is_empty:
            self._pyramid.update(rect)
            self.image_touched.emit(rect)

    def close_stroke(self, close: Callable[[Document], Rect | None], *, kept: bool, of_image: bool = True) -> None:
        """Let `close` end the open stroke on the pool, as an edit where it is `kept`. Only in turn.

        It is one in the image, or else one that chooses among results.
        """
        document, pyramid = self._document, self._pyramid
        if document is None or pyramid is None:
            return

        def work() -> Rect | None:
            rect = close(document)
            pyramid.update(rect if of_image and rect is not None else EMPTY)
            return rect

        def closed(rect: Rect | None) -> None:
            self._closes = False
            if rect is not None and not kept:
                (self.image_touched if of_image else self.kept_changed).emit(rect)
            self._announce(Change(rect if kept else None, of_image, of_mask=of_image))

        self._closes = True
        self.loans.lend(work, closed, self._not_closed, tr("Working on it…"))
        waiting, self._when_whole = self._when_whole, []
        for turn in waiting:
            self.loans.in_turn(turn)

    def _not_closed(self, error: Exception) -> None:
        self._closes = False
        self.fail(error)

    def fail(self, error: Exception) -> None:
        """Tell the user what went wrong."""
        self.failed.emit(sentence(error))

    def _announce(self, change: Change) -> None:
        if change.rect is None or self._document is None:
            return
        self._last_change = change
        if change.of_image:
            self.image_changed.emit(change.rect)
        if change.of_mask:
            self.mask_changed.emit(change.rect)
        if change.of_avoid:
            self.avoid_changed.emit(change.rect)
        if change.of_kept:
            self.kept_changed.emit(change.rect)
        self.history_changed.emit()


def avoid_levels_of(document: Document) -> MaskLevels:
    """Of what is not to be used in `document`; where nothing ever was that takes no time."""
    return MaskLevels(document.avoid, is_blank=not document.avoid_revision)


def _stepped(step: DocumentStep, desk: Parked) -> Change:
    document = desk.document
    left, before = document.picture_state, _revisions(document)
    rect = step(document)
    every, image, avoid, kept = np.subtract(_revisions(document), before).tolist()
    change = Change(
        rect,
        of_image=image > 0,
        of_mask=every > avoid + kept,
        of_kept=kept > 0,
        of_avoid=avoid > 0,
        left=left,
        reached=document.picture_state,
        revision=document.image_revision,
    )
    if rect is not None:
        _bring_up_to_date(desk, change, rect)
    return change


def _revisions(document: Document) -> tuple[int, int, int, int]:
    """How often anything changed, the image, what is not to be used, and what is kept of results."""
    return document.revision, document.image_revision, document.avoid_revision, document.kept_revision


def _bring_up_to_date(desk: Parked, change: Change, rect: Rect) -> None:
    if change.of_image:
        desk.pyramid.update(rect)
    if change.of_mask:
        desk.mask_levels.update(rect)
    if change.of_avoid:
        desk.avoid_levels.update(rect)
