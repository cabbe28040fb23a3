"""What is presented: the steps of the photo on the desk, a scene for each, and which is on the screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.imaging.geometry import Rect, united
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.patch_set import PatchSet
from app.ui.canvas.scene import Scene
from app.ui.presenting.steps import Step, steps_of
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.stage_strip import StageView

_MOST_OF_ALL = 0.7
"""Holes that reach over more than this share of the photo are shown one by one, not together."""


class Slides(QObject):
    """Shows what the panes of `view` have to show, as it arrives; who stands at the last step goes on with the run.

    Pixels are shared with the panes; what was drawn of them is not, for the zoom is another one.
    """

    turned = Signal(object)
    """Another step is on the screen; the `Step` that was before, None where the change is not to be seen."""
    changed = Signal()
    """There are other steps, or more is known of them."""
    refreshed = Signal(object)
    """`Rect`, image pixels: what lies there looks different now."""

    def __init__(self, session: Session, view: StageView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view = session, view
        assert session.pyramid is not None
        self._layer = ImageLayer(session.pyramid, session.alpha)
        self._scenes = {step: self._made_scene() for step in Step}
        self._shared: dict[Pane, PatchSet | None] = {}
        """The panes' patches that the scenes show."""
        self._scenes[Step.MASK].set_source(self._layer, session.mask_levels)
        self._current = Step.ORIGINAL
        for pane in Pane:
            if pane.stage is not None:
                view.pane(pane).state_changed.connect(self._panes_changed)
                self._take(pane)
        session.image_changed.connect(self._image_changed)
        session.mask_changed.connect(self._mask_changed)
        session.runs.phase_changed.connect(self._tell)
        session.runs.shown_changed.connect(self._tell)

    def _made_scene(self) -> Scene:
        scene = Scene()
        scene.set_source(self._layer, None)
        return scene

    def forget(self) -> None:
        """Give back the memory of what was drawn."""
        self._layer.refresh(Rect(0, 0, *self._layer.extent))
        for scene in self._scenes.values():
            scene.patches = None

    # Steps

    @property
    def steps(self) -> tuple[Step, ...]:
        """Those there are, or will be."""
        return steps_of(self._view, has_mask=self._session.hole_pixels > 0)

    @property
    def ready(self) -> tuple[Step, ...]:
        """Those that can be shown."""
        return tuple(step for step in self.steps if step.pane in self._view.ready)

    @property
    def current(self) -> Step:
        """The one on the screen."""
        return self._current

    def scene(self, step: Step) -> Scene:
        """What `step` shows."""
        return self._scenes[step]

    def move(self, by: int) -> None:
        """Show the step `by` further on, as far as there is one."""
        ready = self.ready
        index = ready.index(self._current) + by
        self.show(ready[min(max(index, 0), len(ready) - 1)])

    def show(self, step: Step) -> None:
        """Show `step`, where it is ready."""
        if step in self.ready and step is not self._current:
            before, self._current = self._current, step
            self.turned.emit(before)

    def settle(self) -> None:
        """Show the last step there is, where the one on the screen is gone."""
        if self._current not in self.ready:
            self._current = self.ready[-1]
            self.turned.emit(None)

    # The hole

    @property
    def hole(self) -> Rect:
        """A rectangle round all that is, or was, filled; image pixels, perhaps empty."""
        levels = self._session.mask_levels
        hole = None if levels is None else levels.hole_rect()
        return hole if hole is not None and not hole.is_empty else united(self._filled())

    @property
    def places(self) -> tuple[Rect, ...]:
        """Where to look closely: at all that is filled, then at one hole after the other."""
        each, whole, extent = sorted(self._filled(), key=lambda rect: (rect.x, rect.y)), self.hole, self._layer.extent
        is_apart = whole.width > _MOST_OF_ALL * extent.width and whole.height > _MOST_OF_ALL * extent.height
        if len(each) < 2:
            return () if whole.is_empty else (whole,)
        return tuple(each) if is_apart else (whole, *each)

    def _filled(self) -> list[Rect]:
        results = self._session.runs.results.values()
        return [patch.rect for result in list(results)[:1] for patch in result.patches]

    # What arrives

    def _panes_changed(self) -> None:
        for pane in Pane:
            if pane.stage is not None:
                self._pane_changed(pane)
        self._tell()

    def _pane_changed(self, pane: Pane) -> None:
        was_last = self._current is self._last_before(pane)
        is_new = self._take(pane)
        self.settle()
        if is_new and self._current.pane is pane:
            self.refreshed.emit(self._scenes[self._current].patch_rect)
        elif is_new and was_last and self._session.runs.phase is RunPhase.RUNNING:
            self.show(Step.of(pane))

    def _last_before(self, pane: Pane) -> Step:
        """The last step that could be shown while `pane` could not yet."""
        return [step for step in self.ready if step is not Step.of(pane)][-1]

    def _take(self, pane: Pane) -> bool:
        """Show what `pane` shows; returns whether it is new."""
        patches = self._view.canvas(pane).scene.patches if self._view.pane(pane).state is PaneState.READY else None
        if patches is self._shared.get(pane):
            return False
        self._shared[pane] = patches
        self._scenes[Step.of(pane)].patches = None if patches is None else patches.twin()
        return patches is not None

    def _image_changed(self, rect: Rect) -> None:
        for scene in self._scenes.values():
            scene.refresh(rect)
        self.refreshed.emit(rect)

    def _mask_changed(self, rect: Rect) -> None:
        self._scenes[Step.MASK].refresh_mask(rect)
        self.refreshed.emit(rect)
        self._tell()

    def _tell(self) -> None:
        self.settle()
        self.changed.emit()
