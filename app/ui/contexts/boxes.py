"""The context boxes of the present mask: what will be seen round each hole, at which scale, and what falls short.

They are planned off the GUI thread after every change of the mask, between strokes and not during one; the newest plan
wins, and until it is there the boxes before it stay.
"""

from __future__ import annotations

from functools import partial
from itertools import chain

from PySide6.QtCore import QObject, QTimer, Signal

from app.imaging.geometry import EMPTY, Extent, Rect
from app.inference.limits import Limit, worst_first
from app.ui.contexts.plan import Boxes, ContextBox, PlanOrder
from app.ui.session.latest import Latest
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_PATIENCE = 80
"""Milliseconds of rest before a plan is made: whoever paints one stroke after the other is not held up."""


class ContextBoxes(QObject):
    """Follows the session's mask; changes nothing but the session's chosen contexts."""

    changed = Signal(object)
    """Tuple of `ContextBox`: all of them."""

    def __init__(self, session: Session, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._boxes: Boxes = ()
        self._planned: Boxes = ()
        self._selected: Rect = EMPTY
        self._planning = Latest(session.runner, session.fail)
        self._rest = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._rest.timeout.connect(self._rested)
        session.history_changed.connect(self._replan)
        session.contexts_changed.connect(self._replan)
        session.document_closed.connect(self._clear)
        settings.changed.connect(self._setting_changed)

    @property
    def boxes(self) -> Boxes:
        """As last planned, or as the drag under way has them; none where nothing is hole."""
        return self._boxes

    @property
    def is_planning(self) -> bool:
        """True while the boxes are not yet those of the present mask."""
        return self._rest.isActive() or self._planning.is_waiting

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What falls short in any of them, the worst first."""
        return worst_first(limit for box in self._boxes for limit in box.limits)

    @property
    def extent(self) -> Extent:
        """The size of the image; nothing where none is open."""
        document = self._session.document
        return Extent(0, 0) if document is None else document.extent

    @property
    def selected(self) -> ContextBox | None:
        """The box that keys move: the one last taken hold of, else the first."""
        same = (box for box in self._boxes if box.least == self._selected)
        near = (box for box in self._boxes if not box.least.intersected(self._selected).is_empty)
        return next(chain(same, near, self._boxes), None)

    def select(self, box: ContextBox) -> None:
        """Let the keys move `box`."""
        self._selected = box.least
        self.changed.emit(self._boxes)

    def preview(self, box: ContextBox, rect: Rect) -> None:
        """Show `box` at `rect` until it is chosen or taken back; a plan that comes meanwhile may have it anew."""
        size = self._settings.get(declared.WORKING_SIZE)
        self._show(tuple(each.at(rect, size) if each.least == box.least else each for each in self._planned))

    def take_back(self) -> None:
        """Show what was planned."""
        self._show(self._planned)

    def choose(self, box: ContextBox, rect: Rect) -> None:
        """Solve what lies in `rect`, among it the hole of `box`, with `rect` for its context."""
        self.preview(box, rect)
        self._planned = self._boxes
        self._session.set_contexts((rect, *self._without(box)))

    def reset(self, box: ContextBox) -> None:
        """Let the context of `box` follow from its hole again."""
        self._session.set_contexts(self._without(box))

    def _without(self, box: ContextBox) -> tuple[Rect, ...]:
        return tuple(context for context in self._session.contexts if context != box.chosen)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in (declared.GROW, declared.WORKING_SIZE):
            self._replan()

    def _replan(self) -> None:
        """Forget the boxes of a mask that is blank; else ask for a plan soon."""
        if self._session.hole_pixels:
            self._rest.start()
        else:
            self._clear()
            self._session.drop_contexts(self._session.contexts)

    def _rested(self) -> None:
        """Plan the mask as it is, or as it is when whoever has the document gives it back; not during a stroke."""
        if self._session.strokes.is_painting:
            self._rest.start()
        else:
            self._session.loans.in_turn(self._ask)

    def _ask(self) -> None:
        levels = self._session.mask_levels
        if levels is not None and self._session.hole_pixels:
            options, contexts = self._settings.run_options(), self._session.contexts
            order = PlanOrder(levels.copied_mask(), options, contexts)
            self._planning.ask(lambda _: order.planned(), partial(self._finished, contexts))

    def _finished(self, contexts: tuple[Rect, ...], planned: Boxes) -> None:
        if self._rest.isActive():
            return
        self._planned = planned
        kept = {box.chosen for box in planned}
        self._show(planned)
        self._session.drop_contexts([each for each in contexts if each not in kept])

    def _clear(self) -> None:
        self._rest.stop()
        self._planning.drop()
        self._planned = ()
        self._show(())

    def _show(self, boxes: Boxes) -> None:
        if boxes != self._boxes:
            self._boxes = boxes
            self.changed.emit(self._boxes)
