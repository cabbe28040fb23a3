"""Where filled pixels looked: asked for by the pointer, answered off the GUI thread, the newest question only.

A run keeps nothing for this. The first question about a region lets the engine solve it once more up to the global
stage, which is exactly repeatable; further ones about it are answered from what that brought.
"""

from __future__ import annotations

from enum import Enum, auto
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.imaging.arrays import hole_of
from app.imaging.geometry import Point, Rect
from app.inference.attention_probe import AttentionMap, AttentionProbe
from app.inference.request import Event, InpaintRequest, RegionPatch, Stage
from app.ui.session.crash import sentence
from app.ui.session.jobs import Cancelled, Err, Stream, StreamEnd
from app.ui.session.latest import Latest
from app.ui.session.session import Session
from app.ui.session.variants import Variant

MOST_BYTES = 192 * 2**20
"""Memory of the probes kept; the newest always is."""

_Key = tuple[Variant, Rect]
"""A run and the box of a hole in it."""


class ProbeState(Enum):
    """Why there is an answer, or none."""

    NO_RESULT = auto()
    """Nothing is filled, or not by a global stage."""
    READY = auto()
    LOOKING = auto()
    """The engine looks again."""
    FAILED = auto()


class AttentionWork(QObject):
    """Asks about the variant that is shown. Points are image pixels."""

    found = Signal(object)
    """The `AttentionMap` of the place asked last."""
    changed = Signal()
    """The state."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._rows = Latest(session.runner, session.fail)
        self._probes: dict[_Key, AttentionProbe] = {}
        self._sought: _Key | None = None
        self._wish: tuple[Point, int] | None = None
        self._stream: Stream | None = None
        self._in_vain: _Key | None = None
        """What the engine could not answer: it is not bothered again with every movement of the pointer."""
        self._why = ""
        """What went wrong with that, as a sentence."""
        self.trouble = ""
        """What went wrong with the question asked last, as a sentence."""
        session.document_closed.connect(self.forget)
        session.runs.began.connect(self.drop)
        session.runs.shown_changed.connect(self._prune)
        session.runs.cleared.connect(self.forget)

    @property
    def state(self) -> ProbeState:
        """Whether a question would be answered."""
        if self.trouble:
            return ProbeState.FAILED
        if self._sought is not None:
            return ProbeState.LOOKING
        return ProbeState.NO_RESULT if self._variant() is None else ProbeState.READY

    def is_filled(self, point: Point) -> bool:
        """Whether the variant shown filled the pixel at `point`."""
        return self._key(point) is not None

    def centre(self) -> Point | None:
        """The middle of the first hole that is filled; None where there is none."""
        variant = self._variant()
        if variant is None:
            return None
        patches = variant.results[Stage.GLOBAL].patches
        box = patches[0].rect
        return Point(box.x + box.width / 2, box.y + box.height / 2)

    def ask(self, point: Point, level: int) -> bool:
        """Say `found` for the filled pixel at `point`, soon; False, and nothing is asked, where it is not filled."""
        key = self._key(point)
        if key is None:
            return False
        self._wish = point, level
        probe = self._probes.get(key)
        if probe is not None:
            self._stop()
            self._blame("")
            self._rows.ask(lambda _: probe.at(point, level), self._answer)
        elif key == self._in_vain:
            self._rows.drop()
            self._blame(self._why)
        elif key == self._sought:
            self._blame("")
        else:
            self._look(key, point)
        return True

    def drop(self) -> None:
        """No answer is wanted any longer."""
        self._rows.drop()
        self._wish = self._in_vain = None
        self._why = self.trouble = ""
        self._stop()
        self.changed.emit()

    def forget(self) -> None:
        """What was filled is gone, and so is all that is known of it."""
        self._probes.clear()
        self.drop()

    def _answer(self, looked: AttentionMap) -> None:
        self.found.emit(looked)

    def _variant(self) -> Variant | None:
        shown = self._session.runs.shown
        return shown if shown is not None and shown.report is not None and Stage.GLOBAL in shown.results else None

    def _key(self, point: Point) -> _Key | None:
        variant, x, y = self._variant(), int(point.x), int(point.y)
        if variant is None or variant.mask is None or variant.options is None or min(point.x, point.y) < 0:
            return None
        patch = _patch_at(variant.results[Stage.GLOBAL].patches, x, y)
        grow = 0 if variant.options.exact else variant.options.grow
        near = variant.mask[max(y - grow, 0) : y + grow + 1, max(x - grow, 0) : x + grow + 1]
        return None if patch is None or not hole_of(near).any() else (variant, patch.rect)

    # the engine looks again

    def _look(self, key: _Key, point: Point) -> None:
        self._stop()
        self._rows.drop()
        self._sought, self.trouble = key, ""
        self.changed.emit()
        self._session.read(partial(_request, key[0], point), partial(self._launch, key), partial(self._failed, key))

    def _launch(self, key: _Key, request: InpaintRequest) -> None:
        if key == self._sought:
            run, runner = partial(self._session.runs.engine.run, request), self._session.runner
            self._stream = runner.stream(run, partial(self._take, key), partial(self._end, key))

    def _take(self, key: _Key, event: Event) -> None:
        if isinstance(event, AttentionProbe) and key == self._sought:
            self._probes[key] = event
            self._sought = None
            self._prune()
            self.changed.emit()
            if self._wish is not None:
                self.ask(*self._wish)

    def _end(self, key: _Key, end: StreamEnd) -> None:
        if isinstance(end, Err):
            self._failed(key, end.error)
        elif not isinstance(end, Cancelled) and key == self._sought:
            self._in_vain, self._why = key, ""
            self._stop()
            self.changed.emit()

    def _failed(self, key: _Key, error: Exception) -> None:
        if key == self._sought:
            self._sought = self._stream = None
            self._in_vain, self._why = key, sentence(error)
            self.trouble = self._why
            self.changed.emit()

    def _blame(self, trouble: str) -> None:
        """Say why there is no answer to the question, or with nothing that one is to come."""
        if self.trouble != trouble:
            self.trouble = trouble
            self.changed.emit()

    def _stop(self) -> None:
        if self._stream is not None:
            self._stream.cancel()
        self._stream = self._sought = None

    def _prune(self) -> None:
        """Keep the probes of variants there are, the newest ones as far as there is room."""
        there = self._session.runs.variants
        kept = {key: probe for key, probe in self._probes.items() if key[0] in there}
        while len(kept) > 1 and sum(probe.nbytes for probe in kept.values()) > MOST_BYTES:
            del kept[next(iter(kept))]
        self._probes = kept


def _patch_at(patches: tuple[RegionPatch, ...], x: int, y: int) -> RegionPatch | None:
    pixel = Rect(x, y, 1, 1)
    return next((patch for patch in patches if patch.rect.contains(pixel)), None)


def _request(variant: Variant, point: Point, document: Document) -> InpaintRequest:
    """The run of `variant` once more, to be probed at `point`."""
    assert variant.mask is not None
    assert variant.options is not None
    return InpaintRequest(
        document.image.copy(),
        variant.mask,
        variant.options,
        document.image_revision,
        variant.contexts,
        variant.avoid,
        point,
    )
