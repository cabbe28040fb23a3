"""What the magic wand finds: a quick preview from the pyramid, the exact region as an edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.document.document import Document
from app.imaging.arrays import THRESHOLD
from app.imaging.geometry import EMPTY, Point, Rect
from app.imaging.pyramid import Pyramid
from app.imaging.wand import Selection, WandOptions, colour_at, pixel_at, selected
from app.ui.language import tr
from app.ui.session.latest import Latest, Wanted
from app.ui.session.session import Session, region_edit
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

PREVIEW_PIXELS = 2_100_000
"""Of a level that a preview looks at; of more, it looks at what is visible, at a coarser level if need be."""

_SETTINGS = (declared.WAND_TOLERANCE, declared.WAND_CONTIGUOUS, declared.WAND_GROW)
_PAUSE = 120
"""Milliseconds without another change of the options after which the last edit is made anew with them."""


@dataclass(frozen=True, slots=True)
class Look:
    """What of the image is seen, and how large."""

    visible: Rect
    """Image pixels."""
    scale: float
    """View pixels per image pixel."""


@dataclass(frozen=True, slots=True)
class LevelSelection:
    """A selection in pixels of a level, of which each stands for `factor` × `factor` image pixels."""

    selection: Selection
    factor: int


@dataclass(slots=True)
class _Click:
    """The last click that became an edit, and the history's state since."""

    pixel: tuple[int, int]
    erase: bool
    state: int | None = None


class WandWork(QObject):
    """Finds regions off the GUI thread. Points are image pixels."""

    found = Signal(object)
    """A `LevelSelection` for the preview that was asked for last; None where there is nothing to show."""

    def __init__(self, session: Session, settings: Settings, look: Callable[[], Look], parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings, self._look = session, settings, look
        self._previews = Latest(session.runner, session.fail)
        self._last: _Click | None = None
        self._is_pressed = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self._do_again)
        session.document_closed.connect(self.forget)
        settings.changed.connect(self._setting_changed)

    @property
    def options(self) -> WandOptions:
        """As they are set."""
        get = self._settings.get
        return WandOptions(get(declared.WAND_TOLERANCE), get(declared.WAND_CONTIGUOUS), get(declared.WAND_GROW))

    def is_marked(self, point: Point) -> bool:
        """Whether the mask has the pixel at `point`."""
        document = self._session.document
        pixel = None if document is None else pixel_at(point, document.image)
        return pixel is not None and document is not None and bool(document.mask[pixel[1], pixel[0]] > THRESHOLD)

    def press(self, point: Point) -> None:
        """Show what a click at `point` takes; until `take` or `let_go` other options are not for the last click."""
        if self._pause.isActive():
            self._pause.stop()
            self._do_again()
        self._is_pressed = True
        self.preview(point)

    def let_go(self) -> None:
        """The press was nothing."""
        self._is_pressed = False
        self.drop_preview()

    def preview(self, point: Point) -> None:
        """Say `found` for a click at `point`, soon; earlier questions are dropped."""
        pyramid = self._session.pyramid
        pixel = None if pyramid is None else pixel_at(point, pyramid.levels[0])
        if pyramid is None or pixel is None:
            self.drop_preview()
            return
        work = partial(_previewed, pyramid, pixel, self.options, self._look())
        self._previews.ask(work, self.found.emit)

    def drop_preview(self) -> None:
        """Nothing is to be shown."""
        self._previews.drop()
        self.found.emit(None)

    def take(self, point: Point, *, erase: bool) -> None:
        """Add to the mask, or take from it, what a click at `point` finds in the photo at full size, as one edit."""
        document = self._session.document
        pixel = None if document is None else pixel_at(point, document.image)
        self._is_pressed = False
        self._pause.stop()
        if pixel is None:
            self.drop_preview()
            return
        self._last = _Click(pixel, erase)
        self._change(self._last, self.options, is_again=False)

    def forget(self) -> None:
        """No click is done again, nothing is shown."""
        self._last = None
        self._pause.stop()
        self.let_go()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in _SETTINGS and self._last is not None and not self._is_pressed:
            self._pause.start()

    def _do_again(self) -> None:
        if self._last is not None:
            self._change(self._last, self.options, is_again=True)

    def _change(self, click: _Click, options: WandOptions, *, is_again: bool) -> None:
        pyramid = self._session.pyramid
        if pyramid is None:
            return
        self._session.change(partial(_stepped, pyramid, click, options, tr("Magic wand"), is_again))
        self._session.loans.in_turn(self.drop_preview)


def _stepped(
    pyramid: Pyramid, click: _Click, options: WandOptions, name: str, is_again: bool, document: Document
) -> Rect | None:
    """Make the edit; again, in place of the one it made before, if nothing came after that."""
    changed = EMPTY
    if is_again:
        if click.state is None or document.history.state != click.state:
            return None
        changed = document.undo() or EMPTY
    found = selected(pyramid.levels[0], *click.pixel, options)
    edit = region_edit(document, name, found.rect, found.coverage, erase=click.erase)
    if edit is not None:
        changed = changed.united(document.apply(edit))
    click.state = None if edit is None else document.history.state
    return None if changed.is_empty else changed


def _previewed(
    pyramid: Pyramid, pixel: tuple[int, int], options: WandOptions, look: Look, is_wanted: Wanted
) -> LevelSelection | None:
    """What a click takes, in a level that is quickly searched; None where nobody waits or the pixel is not seen."""
    index, part = _searched(pyramid, look)
    factor = 2**index
    x, y = (each // factor for each in pixel)
    if not is_wanted() or not part.contains(Rect(x, y, 1, 1)):
        return None
    options = replace(options, grow=round(options.grow / factor))
    level = np.ascontiguousarray(pyramid.levels[index][part.slices])
    found = selected(level, x - part.x, y - part.y, options, colour_at(pyramid.levels[0], *pixel))
    return LevelSelection(Selection(found.rect.moved(part.x, part.y), found.coverage), factor)


def _searched(pyramid: Pyramid, look: Look) -> tuple[int, Rect]:
    """The level to search, and which part of it: all of it where that is quick, else what is seen."""
    index = pyramid.level_for(look.scale)[1].bit_length() - 1
    while True:
        whole, factor = Rect.of_array(pyramid.levels[index]), 2**index
        right, bottom = -(-look.visible.right // factor), -(-look.visible.bottom // factor)
        x, y = look.visible.x // factor, look.visible.y // factor
        part = whole if whole.area <= PREVIEW_PIXELS else Rect(x, y, right - x, bottom - y).intersected(whole)
        if part.area <= PREVIEW_PIXELS or index + 1 == len(pyramid.levels):
            return index, part
        index += 1
