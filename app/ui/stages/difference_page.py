"""The difference map where the panes are, alone or beside the two versions it compares; one zoom for all."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.inference.request import RegionPatch
from app.ui.canvas.canvas import Canvas, KeyTaker
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.difference_bar import DifferenceBar
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import flush
from app.ui.stages.difference import Difference
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView
from app.ui.stages.veil import Veil

_STRONGER = Qt.Key.Key_Plus, Qt.Key.Key_Equal
_WEAKER = Qt.Key.Key_Minus, Qt.Key.Key_Underscore
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.ShiftModifier)


class DifferencePage(QWidget):
    """Lies in the view; comes and goes with the difference, and goes where a pane is chosen."""

    def __init__(self, difference: Difference, view: StageView, otherwise: KeyTaker) -> None:
        """Keys that are not taken here are offered to `otherwise` before they move the image."""
        super().__init__()
        self._difference, self._view, self._otherwise = difference, view, otherwise
        self.bar = DifferenceBar(difference)
        self.map = _Side(view.viewport)
        self.sides = _Side(view.viewport), _Side(view.viewport)
        self._veil = Veil(self.map.canvas)
        self._lay_out()
        view.add_page(self)
        self.setFocusProxy(self.map.canvas)
        self._connect()
        self._arrange()

    def _lay_out(self) -> None:
        row = flush(QHBoxLayout(), 1)
        for side in (*self.sides, self.map):
            row.addWidget(side, 1)
        self._rows = rows = flush(QVBoxLayout(self), 0)
        rows.addWidget(self.bar)
        rows.addLayout(row, 1)

    def _connect(self) -> None:
        self._difference.switched.connect(self._switched)
        self._difference.changed.connect(self._refresh)
        self._difference.drawn.connect(self._draw)
        self.bar.closed.connect(lambda: self._difference.switch(on=False))
        self.bar.beside_toggled.connect(self._arrange)
        self._view.page_changed.connect(self._page_changed)
        self._view.image_shown.connect(self._take_layer)
        self._view.original_held.connect(self._hold)
        for side in (*self.sides, self.map):
            side.canvas.set_key_taker(self.take_key)
            side.canvas.cursor_moved.connect(lambda position, side=side: self._point(side.canvas, position))

    @property
    def is_beside(self) -> bool:
        """Both versions are shown, too."""
        return self.bar.beside.isChecked()

    def take_key(self, event: QKeyEvent) -> bool:
        """Plus and minus amplify; whether the key meant something here."""
        if event.modifiers() in _PLAIN and event.key() in (*_STRONGER, *_WEAKER):
            self._difference.amplify_by(1 if event.key() in _STRONGER else -1)
            return True
        return self._otherwise(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same from within the bar."""
        event.setAccepted(self.take_key(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The veil covers the map."""
        self._rows.activate()
        self._veil.setGeometry(self.map.canvas.rect())

    def _switched(self, on: bool) -> None:
        if on:
            self._take_layer()
            self._draw()
        self._view.show_page(self if on else None)

    def _page_changed(self) -> None:
        if self._view.page is not self:
            self._difference.switch(on=False)

    def _take_layer(self) -> None:
        """The image that the panes show, with the same lines between its pixels."""
        scene = self._view.canvas(Pane.ORIGINAL).scene
        for side in (*self.sides, self.map):
            if side.canvas.scene.layer is not scene.layer:
                side.set_layer(scene.layer)
            side.canvas.set_pixel_grid(scene.has_grid)

    def _draw(self) -> None:
        self.map.lay(self._difference.picture, are_colours=True)
        self._refresh()

    def _refresh(self) -> None:
        difference = self._difference
        is_there = bool(difference.picture)
        self._veil.set_content(tr("Comparing…") if difference.is_complete else tr("Not there yet"), spins=False)
        self._veil.setVisible(difference.is_on and not is_there)
        first, second = difference.pair
        pair = tr("{first} → {second}").format(first=first.words, second=second.words)
        self.map.caption.setText(tr("{pair}, {times}×").format(pair=pair, times=difference.amplification))
        self.map.canvas.setAccessibleName(tr("Difference map: {}").format(pair))
        is_beside = difference.is_on and self.is_beside
        for side, version in zip(self.sides, difference.pair, strict=True):
            side.caption.setText(version.words)
            side.canvas.setAccessibleName(tr("{name} image").format(name=version.words))
            side.lay(difference.patches(version) if is_beside else ())

    def _arrange(self) -> None:
        for side in self.sides:
            side.setVisible(self.is_beside)
        for side in (*self.sides, self.map):
            side.caption.setVisible(self.is_beside)
        self._refresh()
        self._rows.activate()
        self._veil.setGeometry(self.map.canvas.rect())

    def _hold(self) -> None:
        for side in (*self.sides, self.map):
            side.canvas.show_original(self._view.is_original_held)

    def _point(self, canvas: Canvas, position: QPointF | None) -> None:
        """The pointer is there in all of them; the bar tells the difference under it."""
        self._view.mirror(canvas, position)
        point = self._view.pointer
        for side in (*self.sides, self.map):
            side.canvas.set_mirror(None if side.canvas is canvas else point)
        found = self._difference.map
        at = None if position is None else (math.floor(position.x()), math.floor(position.y()))
        self.bar.show_here(None if found is None or at is None else found.at(*at))


class _Side(QWidget):
    """A canvas with a line of words above it."""

    def __init__(self, viewport: Viewport) -> None:
        super().__init__()
        self.caption, self.canvas = ElidedLabel(), Canvas(viewport)
        self._patches: tuple[RegionPatch, ...] = ()
        self.caption.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        rows = flush(QVBoxLayout(self), 0)
        rows.addWidget(self.caption)
        rows.addWidget(self.canvas, 1)

    def set_layer(self, layer: ImageLayer | None) -> None:
        """Show another image, with nothing over it."""
        self._patches = ()
        self.canvas.set_layer(layer, None)

    def lay(self, patches: tuple[RegionPatch, ...], *, are_colours: bool = False) -> None:
        """Lay these over the image; costs nothing where they are there already."""
        if patches is not self._patches:
            self._patches = patches
            self.canvas.set_patches(patches, are_colours=are_colours)
