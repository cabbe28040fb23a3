"""The middle of the window: the original and the results, one large or all side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.document.kept import Kept
from app.imaging.geometry import Extent, Point, Rect, united
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.inference.request import STAGES, RegionPatch, Stage, StageResult
from app.ui.canvas.canvas import Canvas, KeyTaker
from app.ui.canvas.divider import Divider
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.kept_tint import KeptTint
from app.ui.canvas.mask_look import MaskLook
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.stages.pane_grid import PaneGrid
from app.ui.stages.pane_tabs import PaneTabs
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.stage_pane import StagePane
from app.ui.tools.tools import Tool

__all__ = ["Pane", "PaneState", "StageView"]


_LATER = 40
"""Milliseconds after which it is seen whether the stroke is over that kept the panes in their places."""


class StageView(QWidget):
    """Panes with one zoom, one pan and one pointer. Painting goes on in the original, large or in the grid.

    The pane of the detail step stands in the grid where the run has one: in the upper row, large, beside the original.
    Its place is that of what is kept of several stages, once there is such a picture.
    It holds no results of its own and calls no verb: whoever runs and accepts tells it what to show.
    """

    pane_shown = Signal(object)
    """The `Pane` now shown large, None for all."""
    accept_requested = Signal(object)
    """The `Stage` whose result the user wants; None: what is kept of each."""
    cursor_moved = Signal(object)
    """`QPointF` in image pixels, or None."""
    image_shown = Signal()
    """Another image is shown, or other pixels of it."""
    page_changed = Signal()
    """Something else is shown where the panes are, or the panes again."""
    original_held = Signal()
    """The original is shown in every pane now, or no longer."""

    def __init__(self, viewport: Viewport | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport or Viewport(self)
        """Zoom, centre and angle of all panes."""
        self.divider = Divider(self)
        """Between before and after, in the pane shown large."""
        self._panes = {pane: StagePane(pane, self.viewport, self.divider, self) for pane in Pane}
        self._grid = PaneGrid(tuple(self._panes.values()), self)
        self.tabs = PaneTabs(self._panes, self)
        """Shown below a pane shown large."""
        self._current: Pane | None = Pane.ORIGINAL
        self._animated = True
        self._pointer: Point | None = None
        self._is_held = False
        self._page: QWidget | None = None
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._grid, 1)
        layout.addWidget(self.tabs)
        self._later = QTimer(self, singleShot=True, interval=_LATER)
        self._later.timeout.connect(self._arrange)
        self.tabs.chosen.connect(self.show_pane)
        self.divider.switched.connect(self._divide)
        for pane in self._panes.values():
            self._connect(pane)
        self.setFocusProxy(self.canvas(Pane.ORIGINAL))
        self._arrange()

    def _connect(self, pane: StagePane) -> None:
        canvas, stage = pane.canvas, pane.pane.stage
        pane.clicked.connect(lambda: self._toggle(pane.pane))
        canvas.cursor_moved.connect(lambda position: self.mirror(canvas, position))
        if pane.pane is not Pane.ORIGINAL:
            pane.accepted.connect(lambda: self.accept_requested.emit(stage))

    # Panes

    @property
    def current(self) -> Pane | None:
        """The pane shown large; None where all are shown."""
        return self._current

    @property
    def ground(self) -> QWidget:
        """What the panes lie on, for what lies over them."""
        return self._grid

    def canvas(self, pane: Pane) -> Canvas:
        """The canvas of `pane`."""
        return self._panes[pane].canvas

    def pane(self, pane: Pane) -> StagePane:
        """The caption, canvas and state of `pane`."""
        return self._panes[pane]

    @property
    def page(self) -> QWidget | None:
        """What is shown where the panes are; None: the panes."""
        return self._page

    def add_page(self, page: QWidget) -> None:
        """`page` may be shown where the panes are; it lies in here from now on."""
        page.hide()
        self._layout.insertWidget(0, page, 1)

    def show_page(self, page: QWidget | None) -> None:
        """Show `page`, which was added, where the panes are; None shows the panes. Choosing a pane does so, too."""
        if page is self._page:
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        before, self._page = self._page, page
        for each, on in ((before, False), (self._grid, page is None), (page, True)):
            if each is not None:
                each.setVisible(on)
        self._arrange()
        self.setFocusProxy(page or self.canvas(self._current or Pane.ORIGINAL))
        if had_focus:
            self.setFocus()
        self.page_changed.emit()

    def show_pane(self, pane: Pane | None) -> None:
        """Show `pane` large, or all."""
        self.show_page(None)
        if pane is self._current:
            self.tabs.set_current(pane)
            return
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._current = pane
        self._arrange()
        self.setFocusProxy(self.canvas(pane or Pane.ORIGINAL))
        if had_focus:
            self.setFocus()
        self.pane_shown.emit(pane)

    @property
    def pointer(self) -> Point | None:
        """Where the pointer is, image pixels; None where it is over no pane."""
        return self._pointer

    @property
    def is_original_held(self) -> bool:
        """True while the original is shown in every pane."""
        return self._is_held

    def show_original(self, on: bool) -> None:
        """Show the original in every pane for as long as `on`."""
        self._is_held = on
        self.original_held.emit()
        for pane in self._panes.values():
            pane.canvas.show_original(on)

    def set_opened(self, layer: ImageLayer | None) -> None:
        """The photo as it was opened, with which the original is compared; None: there is no difference."""
        self.canvas(Pane.ORIGINAL).set_opened(layer)

    def set_pixel_grid(self, on: bool) -> None:
        """Whether lines part the image's pixels where they are large."""
        for pane in self._panes.values():
            pane.canvas.set_pixel_grid(on)

    def focus_divider(self) -> None:
        """Let the arrow keys move the line between before and after."""
        if self._current is not None:
            self._panes[self._current].divider_bar.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _divide(self) -> None:
        """Part the pane shown large, where it has something to show. The keyboard does not go with the line."""
        had_focus = any(pane.divider_bar.hasFocus() for pane in self._panes.values())
        for pane in self._panes.values():
            shows = pane.pane is self._current and pane.state is PaneState.READY
            pane.set_divided(self.divider.is_on and shows)
        if had_focus and not any(pane.divider_bar.isVisible() for pane in self._panes.values()):
            self.setFocus()

    def set_animated(self, on: bool) -> None:
        """Whether results fade in and ants march."""
        self._animated = on
        self.canvas(Pane.ORIGINAL).ants.set_animated(on)

    @property
    def is_animated(self) -> bool:
        """Whether anything moves by itself."""
        return self._animated

    @property
    def ready(self) -> tuple[Pane, ...]:
        """The panes that have something to show, in their order; the original always has."""
        return tuple(pane for pane, each in self._panes.items() if each.state is PaneState.READY)

    def _toggle(self, pane: Pane) -> None:
        self.show_pane(None if self._current is pane else pane)

    def _arrange(self) -> None:
        """Bars are only shown where there is something to choose from. Nothing moves under a stroke under way."""
        if any(pane.canvas.is_busy for pane in self._panes.values()) and self.isVisible():
            self._later.start()
            return
        has_run = any(self._panes[Pane.of(stage)].state is not PaneState.EMPTY for stage in Stage)
        large = self._current is not None
        for pane in self._panes.values():
            pane.caption.setVisible(has_run or not large or pane.pane is not Pane.ORIGINAL)
            pane.caption.set_large(large)
        self.tabs.setVisible(self._page is None and large and (has_run or self._current is not Pane.ORIGINAL))
        self.tabs.set_current(self._current)
        for extra in (Pane.DETAIL, Pane.KEPT):
            self.tabs.tab(extra).setVisible(self.has(extra) or self._current is extra)
        self._layout.activate()
        self._show_panes()
        self._divide()

    def has(self, pane: Pane) -> bool:
        """Whether `pane` has something to show, or will have."""
        return self._panes[pane].state is not PaneState.EMPTY

    def _show_panes(self) -> None:
        """What is kept of the stages, or else the detail, stands large beside the original."""
        if self._current is not None:
            self._grid.show_panes([self._panes[self._current]])
            return
        beside = next((pane for pane in (Pane.KEPT, Pane.DETAIL) if self.has(pane)), None)
        stages = (*STAGES, Stage.DETAIL) if self.has(Pane.DETAIL) else STAGES
        row = [self._panes[Pane.of(stage)] for stage in stages if Pane.of(stage) is not beside]
        original = self._panes[Pane.ORIGINAL]
        if beside is None:
            self._grid.show_panes([original, *row])
        else:
            self._grid.show_panes(row, large=[original, self._panes[beside]])

    # The image

    def set_source(
        self,
        pyramid: Pyramid | None,
        mask: MaskLevels | None,
        alpha: Pyramid | None = None,
        avoided: MaskLevels | None = None,
    ) -> None:
        """Show another image and its mask, and what of it is not to be used, fitted, without results; None shows
        nothing.

        The arrays stay the caller's: tell `refresh`, `refresh_mask` and `refresh_avoid` what changed.
        """
        self.clear_results()
        layer = None if pyramid is None else ImageLayer(pyramid, alpha)
        for each, pane in self._panes.items():
            pane.canvas.set_layer(layer, mask if each is Pane.ORIGINAL else None, avoided)
        extent = Extent(3, 2) if layer is None else layer.extent
        self._grid.set_extent(extent)
        self.viewport.set_extent(extent)
        self.tabs.refresh(self._subject())
        self.image_shown.emit()

    def refresh(self, rect: Rect) -> None:
        """The image's pixels in `rect` changed and its pyramid is up to date."""
        for pane in self._panes.values():
            pane.canvas.refresh(rect)
        self.tabs.refresh(self._subject())
        self.image_shown.emit()

    def refresh_mask(self, rect: Rect) -> None:
        """The mask changed in `rect` and its levels are up to date."""
        self.canvas(Pane.ORIGINAL).refresh_mask(rect)

    def refresh_avoid(self, rect: Rect) -> None:
        """Other places in `rect` are not to be used, and the levels of that are up to date."""
        for pane in self._panes.values():
            pane.canvas.refresh_avoid(rect)

    def set_overlay(self, visible: bool, colour: str, opacity: float, look: MaskLook = MaskLook.TINT) -> None:
        """How the mask is shown: `colour` as ``#rrggbb``, `opacity` 0…1."""
        self.canvas(Pane.ORIGINAL).set_overlay(visible, colour, opacity, look)

    def set_tool(self, tool: Tool | None, panes: Collection[Pane] = (Pane.ORIGINAL,)) -> None:
        """What paints in `panes`; in the others a drag pans.

        What is not to be used is hatched in them, and in the original.
        """
        for each, pane in self._panes.items():
            pane.canvas.set_tool(tool if each in panes else None)
            pane.canvas.show_avoided(each in panes or each is Pane.ORIGINAL)

    def set_key_taker(self, taker: KeyTaker) -> None:
        """Who may take a key pressed in any pane before it moves the image."""
        for pane in self._panes.values():
            pane.canvas.set_key_taker(taker)

    def abort(self) -> bool:
        """Take back the stroke in progress; returns whether there was one."""
        aborted = [pane.canvas.abort() for pane in self._panes.values()]
        return any(aborted)

    def mirror(self, source: Canvas, position: QPointF | None) -> None:
        """The pointer is at `position` of the image in `source`, which may be another than the panes' canvases."""
        point = self._pointer = None if position is None else Point(position.x(), position.y())
        if point is not None and not self.viewport.contains(point):
            point = None
        for pane in self._panes.values():
            pane.canvas.set_mirror(None if pane.canvas is source else point)
        self.cursor_moved.emit(position)

    # Results

    def begin_run(self, stages: Sequence[Stage] = STAGES) -> None:
        """A run of `stages` begins: their panes wait, the others are empty."""
        for stage in Stage:
            if stage in stages:
                self._set_state(stage, PaneState.WAITING)
            else:
                self._set_state(stage, PaneState.EMPTY, tr("Not part of this run"))
        self._arrange()

    def set_running(self, stage: Stage, text: str = "") -> None:
        """`stage` is being computed; `text` may say how far it is."""
        self._set_state(stage, PaneState.RUNNING, text)
        self._arrange()

    def set_progress(self, stage: Stage, text: str) -> None:
        """How far `stage` has come, such as ``Region 2 of 5``; begins it where it was not running."""
        pane = self._panes[Pane.of(stage)]
        if pane.state is PaneState.RUNNING:
            pane.set_detail(text)
        else:
            self.set_running(stage, text)

    def set_result(self, stage: Stage, patches: Sequence[RegionPatch], seconds: float) -> None:
        """Show the result of `stage` and the time it took."""
        self._panes[Pane.of(stage)].set_result(patches, seconds, animated=self._animated)
        self.tabs.refresh(self._subject())
        self._arrange()

    def swap_results(self, results: Sequence[StageResult], awaited: Sequence[Stage] = ()) -> None:
        """Show `results` and no others, at once; those of the stages `awaited` are still to come."""
        ready = {result.stage: result for result in results}
        for stage in Stage:
            if stage in ready:
                result = ready[stage]
                self._panes[Pane.of(stage)].set_result(result.patches, result.seconds, animated=False)
            else:
                self._set_state(stage, PaneState.WAITING if stage in awaited else PaneState.EMPTY)
        self.tabs.refresh(self._subject())
        self._arrange()

    def end_run(self) -> None:
        """The run is over or was cancelled: what had not arrived will not come, what had stays."""
        for stage in Stage:
            if self._panes[Pane.of(stage)].state in (PaneState.WAITING, PaneState.RUNNING):
                self._set_state(stage, PaneState.EMPTY)
        self._arrange()

    def set_kept(self, kept: Kept | None, detail: str = "") -> None:
        """Show what is kept of several stages, and `detail` in its caption; None: there is no such picture."""
        pane = self._panes[Pane.KEPT]
        if kept is not None and pane.kept is kept:
            pane.set_detail(detail)
        elif kept is not None or pane.state is not PaneState.EMPTY:
            pane.set_kept(kept, detail)
            self.tabs.refresh(self._subject())
            self._arrange()

    def set_kept_tint(self, tints: Mapping[Pane, KeptTint]) -> None:
        """Show which stage is kept where, in the panes of `tints`."""
        for pane, stage_pane in self._panes.items():
            stage_pane.canvas.set_kept_tint(tints.get(pane))

    def refresh_kept(self, rect: Rect, panes: Collection[Pane]) -> None:
        """Something else is kept of the stages in `rect`: show it in `panes`."""
        for pane in panes:
            self.canvas(pane).refresh_kept(rect)

    def clear_results(self) -> None:
        """Forget all results."""
        self._panes[Pane.KEPT].set_kept(None, "")
        for stage in Stage:
            self._set_state(stage, PaneState.EMPTY)
        self._arrange()

    def _subject(self) -> Rect:
        """Where the results differ from the original; empty without results."""
        return united(pane.canvas.scene.patch_rect for pane in self._panes.values())

    def _set_state(self, stage: Stage, state: PaneState, text: str = "") -> None:
        self._panes[Pane.of(stage)].set_state(state, text)
