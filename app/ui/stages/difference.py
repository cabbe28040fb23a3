"""Which two versions of the hole are compared, how strongly, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from app.imaging.difference_map import DifferenceMap
from app.inference.request import RegionPatch, Stage, StageResult
from app.ui.session.latest import Latest
from app.ui.session.session import Session
from app.ui.stages.comparison import Comparison, Filled, picture_of
from app.ui.stages.panes import Pane
from app.ui.stages.versions import (
    ORIGINAL,
    Pair,
    Version,
    first_pair,
    is_there,
    named_anew,
    pairs_of,
    result_of,
    variant_of,
    versions_of,
)

AMPLIFICATIONS = (1, 2, 4, 8, 16)


class Difference(QObject):
    """Follows the runs while it is on: another stage, or another variant, is compared as soon as it is there."""

    switched = Signal(bool)
    """It is on, or off."""
    changed = Signal()
    """Another pair, another amplification, other versions to choose from, other figures."""
    drawn = Signal()
    """There is another picture."""

    def __init__(
        self,
        session: Session,
        preferred: Callable[[], tuple[Stage, ...]],
        looked_at: Callable[[], Pane | None],
        parent: QObject | None = None,
    ) -> None:
        """`preferred` are the stages of other variants, the first that there is; `looked_at` the pane shown large."""
        super().__init__(parent)
        self._session, self._runs = session, session.runs
        self._preferred, self._looked_at = preferred, looked_at
        self._comparing = Latest(session.runner, self._failed)
        self._drawing = Latest(session.runner, self._failed)
        self._is_on = False
        self._pair: Pair = (ORIGINAL, ORIGINAL)
        self._shown = ""
        """The letter of the variant that versions without a name are of."""
        self._amplification, self._is_signed = 4, False
        self._subject: tuple[StageResult | None, StageResult | None] | None = None
        """The results that `map` is, or will be, of."""
        self._map: DifferenceMap | None = None
        self._picture: tuple[RegionPatch, ...] = ()
        for signal in (self._runs.shown_changed, self._runs.stage_ready, self._runs.phase_changed):
            signal.connect(self._follow)
        self._runs.cleared.connect(lambda: self.switch(on=False))

    @property
    def is_on(self) -> bool:
        """The map is shown."""
        return self._is_on

    @property
    def can_show(self) -> bool:
        """There is something to compare."""
        return len(self.versions) > 1

    @property
    def versions(self) -> tuple[Version, ...]:
        """What there is to compare."""
        return versions_of(self._runs, *self._preferred())

    @property
    def pair(self) -> Pair:
        """What is compared; perhaps a stage that is still to come."""
        return self._pair

    @property
    def amplification(self) -> int:
        """One of `AMPLIFICATIONS`."""
        return self._amplification

    @property
    def is_signed(self) -> bool:
        """Lighter and darker round grey, and no heat map."""
        return self._is_signed

    @property
    def map(self) -> DifferenceMap | None:
        """None until it is there."""
        return self._map

    @property
    def picture(self) -> tuple[RegionPatch, ...]:
        """The map as it is to be laid over the image."""
        return self._picture

    @property
    def is_at_work(self) -> bool:
        """Another map, or another picture of it, is on its way."""
        return self._comparing.is_waiting or self._drawing.is_waiting

    @property
    def is_complete(self) -> bool:
        """Both versions are there to be compared."""
        return all(is_there(each, self._runs) for each in self._pair)

    def patches(self, version: Version) -> tuple[RegionPatch, ...]:
        """What `version` lays over the image."""
        result = result_of(version, self._runs)
        return () if result is None else result.patches

    def switch(self, *, on: bool) -> None:
        """Show the map, of what is looked at first, or no longer."""
        if on == self._is_on or (on and not self.can_show):
            return
        self._is_on = on
        if on:
            pair = first_pair(self.versions, self._looked_at())
            self._pair = self._pair if self._is_kept(pair) else pair or self._pair
            self._compare()
        else:
            self._forget()
        self.switched.emit(on)
        self.changed.emit()

    def _is_kept(self, wanted: Pair | None) -> bool:
        """The pair that was compared last is still what one would look at."""
        is_pair = self._pair[0] != self._pair[1] and self.is_complete
        return is_pair and (wanted is None or self._looked_at() in (None, Pane.ORIGINAL, self._pair[1].pane))

    def choose(self, first: Version, second: Version) -> None:
        """Compare these."""
        if (first, second) != self._pair:
            self._pair = first, second
            self._compare()
            self.changed.emit()

    def choose_next(self) -> None:
        """Compare the next pair of stages, round and round."""
        pairs = pairs_of(self.versions)
        if pairs:
            at = pairs.index(self._pair) + 1 if self._pair in pairs else 0
            self.choose(*pairs[at % len(pairs)])

    def amplify(self, amplification: int) -> None:
        """Show differences so many times as strong."""
        if amplification != self._amplification:
            self._amplification = amplification
            self._draw()
            self.changed.emit()

    def amplify_by(self, steps: int) -> None:
        """The next of `AMPLIFICATIONS`, or an earlier one, as far as there are any."""
        at = AMPLIFICATIONS.index(self._amplification) + steps
        self.amplify(AMPLIFICATIONS[min(max(at, 0), len(AMPLIFICATIONS) - 1)])

    def set_signed(self, on: bool) -> None:
        """Show the direction of differences, or their size."""
        if on != self._is_signed:
            self._is_signed = on
            self._draw()
            self.changed.emit()

    def _follow(self) -> None:
        self._name_anew()
        if self._is_on:
            self._compare()
            self.changed.emit()

    def _name_anew(self) -> None:
        """Where one of the two that are compared is looked at now, go on to compare the two.

        Pairs of what is looked at follow as they are.
        """
        shown = "" if self._runs.shown is None else self._runs.shown.name
        before, self._shown = self._shown, shown
        named = next((each for each in self._pair if each.name == shown), None)
        if not shown or shown == before or named is None:
            return
        if any(each.name == before for each in self._runs.variants):
            self._pair = named_anew(self._pair, before, shown)
        else:
            self._pair = first_pair(self.versions, self._looked_at()) or (ORIGINAL, Version(named.pane))

    def _compare(self) -> None:
        """Compare the pair anew where its results are others by now."""
        if not self.is_complete:
            self._forget()
            return
        subject = result_of(self._pair[0], self._runs), result_of(self._pair[1], self._runs)
        pyramid = self._session.pyramid
        if pyramid is None or (self._subject is not None and _are_same(subject, self._subject)):
            return
        self._forget()
        self._subject = subject
        comparison = Comparison(self._filled(self._pair[0]), self._filled(self._pair[1]), pyramid)
        self._comparing.ask(comparison.made, self._compared)

    def _filled(self, version: Version) -> Filled:
        """Of the original, what the results shown would fill."""
        variant = variant_of(version, self._runs)
        if variant is None or variant.options is None or version.pane is Pane.ORIGINAL:
            return Filled()
        return Filled(self.patches(version), variant.mask, variant.options.grow)

    def _compared(self, found: DifferenceMap) -> None:
        self._map = found
        self.changed.emit()
        self._draw()

    def _draw(self) -> None:
        if self._map is not None:
            work = partial(picture_of, self._map, self._amplification, is_signed=self._is_signed)
            self._drawing.ask(lambda _: work(), self._drawn)

    def _drawn(self, picture: tuple[RegionPatch, ...]) -> None:
        self._picture = picture
        self.drawn.emit()

    def _failed(self, error: Exception) -> None:
        """There will be no picture: leave, so that it can be tried again."""
        self.switch(on=False)
        self._session.fail(error)

    def _forget(self) -> None:
        self._comparing.drop()
        self._drawing.drop()
        self._subject, self._map, self._picture = None, None, ()
        self.drawn.emit()


def _are_same(one: tuple[StageResult | None, ...], other: tuple[StageResult | None, ...]) -> bool:
    return all(a is b for a, b in zip(one, other, strict=True))
