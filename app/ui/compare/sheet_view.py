"""The panes of a comparison side by side, scrolled where they are many, or one of them large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from app.imaging.geometry import Point, Rect
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.viewport import Viewport
from app.ui.compare.pane import ComparePane
from app.ui.compare.places import grid_of, side_of
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.session.comparison_parts import Entry, Ground
from app.ui.stages.pane_grid import GAP

_MARGIN = 0.3
"""Share of the hole's longer side that is seen beyond it."""

_CLOSEST = 2.0
"""Zoom at which a small hole is looked at first."""


class SheetView(QScrollArea):
    """All panes have one zoom, one centre and one pointer; one of them is chosen."""

    chosen_changed = Signal()
    take_pressed = Signal(object)
    """The `Entry` whose result the user wants in the photo."""
    enlarged = Signal()
    """One pane is shown large now, or all are."""

    def __init__(self) -> None:
        super().__init__()
        self.viewport_ = Viewport(self)
        """Zoom and centre of all panes."""
        self.viewport_.turns_by_touch = False
        self.panes: list[ComparePane] = []
        """In the order shown; the photo itself is the first."""
        self._chosen: ComparePane | None = None
        self._large: ComparePane | None = None
        self._hole: Rect | None = None
        self._is_arranging = False
        self._awaits_room = False
        """It has yet to be zoomed to the hole, once its panes have their size."""
        self._overlay: tuple[str, float] | None = None
        self._has_outline = True
        self._ratio = 1.0
        """By which the pane shown large is larger."""
        self.columns = 1
        """In which the panes stand."""
        self._body = QWidget()
        self.setWidget(self._body)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(tr("Results side by side"))

    # what is shown

    def fill(self, ground: Ground | None, entries: Sequence[Entry], overlay: tuple[str, float]) -> None:
        """Show the photo and a pane for each of `entries`, zoomed to the hole; None shows nothing.

        `overlay` has the mask's colour and opacity.
        """
        self._empty()
        if ground is None:
            return
        layer = ImageLayer(ground.pyramid, ground.alpha)
        self.viewport_.set_extent(layer.extent)
        name = tr("Truth") if ground.subject.is_truth else tr("Original")
        panes = [ComparePane(None, name, "", self.viewport_, layer)]
        panes += [ComparePane(each, each.method.name, each.addition, self.viewport_, layer) for each in entries]
        panes[0].canvas.set_layer(layer, ground.mask_levels)
        self._overlay, self._has_outline = overlay, True
        panes[0].canvas.set_overlay(True, *overlay, MaskLook.OUTLINE)
        for pane in panes:
            self._connect(pane)
        self.panes, self._hole, self._awaits_room = panes, ground.hole, True
        self._large = None
        self.choose(panes[0])
        self.arrange()

    def _connect(self, pane: ComparePane) -> None:
        pane.setParent(self._body)
        pane.chosen.connect(lambda: self.choose(pane))
        pane.enlarged.connect(lambda: self.toggle_large(pane))
        pane.taken.connect(lambda: self.take_pressed.emit(pane.entry))
        canvas = pane.canvas
        canvas.cursor_moved.connect(lambda position: self._mirror(canvas, position))

    def _empty(self) -> None:
        for pane in self.panes:
            pane.hide()
            pane.canvas.set_layer(None, None)  # what it shows is let go now, not when Qt deletes it
            pane.setParent(None)
            pane.deleteLater()
        self.panes, self._chosen, self._large, self._hole = [], None, None, None

    def refresh(self, entry: Entry) -> None:
        """Show how `entry` stands now."""
        pane = self.pane_of(entry)
        if pane is not None:
            pane.refresh()

    def reorder(self, entries: Sequence[Entry]) -> None:
        """Show the panes in the order of `entries`."""
        place = {id(entry): at for at, entry in enumerate(entries)}
        self.panes.sort(key=lambda pane: -1 if pane.entry is None else place.get(id(pane.entry), len(place)))
        for before, after in zip(self.panes, self.panes[1:], strict=False):
            QWidget.setTabOrder(before.canvas, after.canvas)
        self.arrange()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        for pane in self.panes:
            pane.caption.recolour(palette)

    def show_original(self, on: bool) -> None:
        """The photo itself in every pane, for as long as `on`."""
        for pane in self.panes:
            pane.canvas.show_original(on)

    def toggle_outline(self) -> None:
        """Show the border of the hole in the photo, or no longer."""
        pane = self.pane_of(None)
        if pane is not None and self._overlay is not None:
            self._has_outline = not self._has_outline
            pane.canvas.set_overlay(self._has_outline, *self._overlay, MaskLook.OUTLINE)

    def _mirror(self, source: Canvas, position: QPointF | None) -> None:
        point = None if position is None else Point(position.x(), position.y())
        if point is not None and not self.viewport_.contains(point):
            point = None
        for pane in self.panes:
            pane.canvas.set_mirror(None if pane.canvas is source else point)

    # which is chosen, and which is large

    @property
    def chosen(self) -> ComparePane | None:
        """What a key that takes or enlarges is meant for."""
        return self._chosen

    @property
    def large(self) -> ComparePane | None:
        """The pane shown large; None where all are shown."""
        return self._large

    @property
    def shown(self) -> list[ComparePane]:
        """The panes that are to be seen, by scrolling, too."""
        return self.panes if self._large is None else [self._large]

    def pane_of(self, entry: Entry | None) -> ComparePane | None:
        """The pane that shows `entry`, or for None the photo itself."""
        return next((pane for pane in self.panes if pane.entry is entry), None)

    def choose(self, pane: ComparePane | None) -> None:
        """Mark a pane and bring it into view; where one is large, it is this one from now on."""
        if pane is None or pane is self._chosen or self._is_arranging:
            return  # a widget that is hidden hands the keyboard on to a neighbour, whom nobody chose
        for each in self.panes:
            each.caption.set_chosen(each is pane)
        self._chosen = pane
        if self._large is not None:
            self._enlarge(pane)
        self.ensureWidgetVisible(pane, 0, 0)
        self.chosen_changed.emit()

    def step(self, by: int) -> None:
        """Choose the pane `by` further on, round the ends."""
        if self.panes and self._chosen is not None:
            at = self.panes.index(self._chosen)
            self.choose(self.panes[(at + by) % len(self.panes)])
            self._focus()

    def toggle_large(self, pane: ComparePane | None) -> None:
        """Show `pane` large, or all again."""
        if pane is None:
            return
        self.choose(pane)
        self._enlarge(None if self._large is not None else pane)
        pane.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enlarge(self, pane: ComparePane | None) -> None:
        if pane is self._large:
            return
        before, was_large, self._large = side_of(self.viewport_.view), self._large is not None, pane
        self._is_arranging = True
        self.enlarged.emit()
        self.arrange()
        self._is_arranging = False
        if was_large is not (pane is not None):
            self._follow_size(before, is_larger=not was_large)
        if pane is not None:
            pane.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _focus(self) -> None:
        if self._chosen is not None and self.isAncestorOf(QApplication.focusWidget() or self):
            self._chosen.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _follow_size(self, before: float, *, is_larger: bool) -> None:
        """What was seen is seen still, larger or smaller than in a view with the side `before`; back is as it was."""
        if is_larger:
            self._ratio = side_of(self.viewport_.view) / before
        if not self.viewport_.is_fit:
            self.viewport_.set_scale(self.viewport_.scale * (self._ratio if is_larger else 1 / self._ratio))

    # places

    def zoom_to_hole(self) -> None:
        """Look at the hole and something round it."""
        hole, view = self._hole, self.viewport_.view
        if hole is None:
            return
        around = hole.grown(max(8, round(_MARGIN * max(hole.width, hole.height))))
        scale = min(view.width / around.width, view.height / around.height, _CLOSEST)
        self.viewport_.set_scale(scale)
        self.viewport_.centre_on(Point(hole.x + hole.width / 2, hole.y + hole.height / 2))

    def arrange(self) -> None:
        """Place the panes; those that are hidden first, since what is shown last says how large the view is."""
        shown = self.shown
        for pane in self.panes:
            if pane not in shown:
                pane.hide()
        room = self.viewport().size()
        places, height = self._places(room, len(shown))
        self._body.resize(room.width(), height)
        for pane, place in zip(shown, places, strict=True):
            pane.setGeometry(place)
            pane.show()
        if shown and self._awaits_room and self.isVisible():
            self._awaits_room = False
            self.zoom_to_hole()

    def _places(self, room: QSize, count: int) -> tuple[list[QRect], int]:
        """Where `count` panes go, and how high all of them are."""
        self.columns, size = grid_of(room, max(count, 1))
        corners = (QPoint(at % self.columns * size.width(), at // self.columns * size.height()) for at in range(count))
        places = [QRect(corner, size - QSize(GAP, GAP)) for corner in corners]
        return places, max(room.height(), places[-1].bottom() + 1 if places else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the panes anew."""
        super().resizeEvent(event)
        self.arrange()
