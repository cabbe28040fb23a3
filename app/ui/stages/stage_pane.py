"""One pane of the stage strip: a caption, a canvas, and a veil while its result is not there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QVariantAnimation, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.document.kept import Kept
from app.inference.request import RegionPatch
from app.ui.canvas.canvas import Canvas
from app.ui.canvas.divider import Divider
from app.ui.canvas.divider_bar import DividerBar
from app.ui.canvas.kept_patches import KeptPatches
from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.numbers import milliseconds
from app.ui.stages.pane_caption import PaneCaption
from app.ui.stages.panes import Pane, PaneState
from app.ui.stages.veil import Veil

_FADE = 150
"""Milliseconds in which a result fades in."""


class StagePane(QWidget):
    """Shows the original, or the result of one stage and how far it has come."""

    clicked = Signal()
    """On the caption, or a double click on the image."""
    accepted = Signal()
    state_changed = Signal()

    def __init__(self, pane: Pane, viewport: Viewport, divider: Divider, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pane = pane
        self.caption = PaneCaption(pane.title)
        self.canvas = Canvas(viewport)
        self.canvas.setAccessibleName(tr("{name} image").format(name=pane.title))
        self._divider = divider
        self.divider_bar = DividerBar(divider, self.canvas)
        """The line between before and after, while they are compared here."""
        self._veil = Veil(self.canvas)
        self._state = PaneState.READY if pane is Pane.ORIGINAL else PaneState.EMPTY
        self._detail = ""
        self._fade = QVariantAnimation(self, duration=_FADE, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self.canvas.set_patch_opacity)
        self._fade.finished.connect(self.state_changed)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self.canvas, 1)
        self.caption.clicked.connect(self.clicked)
        self.canvas.double_clicked.connect(self.clicked)
        self.caption.accepted.connect(self.accepted)
        self._show_state()

    @property
    def state(self) -> PaneState:
        """Where its stage stands; the original is always READY."""
        return self._state

    @property
    def detail(self) -> str:
        """Milliseconds, or the state in words."""
        return self._detail

    def set_state(self, state: PaneState, detail: str = "") -> None:
        """Show a state without a result; `detail` says more than the state's own words."""
        self._fade.stop()
        self.canvas.set_patches(())
        self._state, self._detail = state, detail or state.words
        self._show_state()

    def set_detail(self, detail: str) -> None:
        """How far a running stage has come."""
        self._detail = detail
        self._show_state()

    def set_result(self, patches: Sequence[RegionPatch], seconds: float, *, animated: bool) -> None:
        """Show a result and the time it took."""
        self._fade.stop()
        self._state, self._detail = PaneState.READY, milliseconds(seconds)
        self.canvas.set_patches(patches)
        self.canvas.set_patch_opacity(0.0 if animated else 1.0)
        if animated:
            self._fade.start()
        self._show_state()

    @property
    def kept(self) -> Kept | None:
        """What is shown of several results; None where that is not what this pane shows."""
        patches = self.canvas.scene.patches
        return patches.kept if isinstance(patches, KeptPatches) else None

    def set_kept(self, kept: Kept | None, detail: str) -> None:
        """Show what is kept of several results, and `detail` in the caption; None: there are none."""
        self._fade.stop()
        self.canvas.set_kept(kept)
        self._state = PaneState.EMPTY if kept is None else PaneState.READY
        self._detail = self._state.words or detail
        self._show_state()

    def set_divided(self, on: bool) -> None:
        """Compare before and after, or no longer."""
        self.canvas.set_divider(self._divider if on else None)
        self.divider_bar.setVisible(on)

    def is_before(self, at: QPointF) -> bool:
        """The pane is parted, and `at`, a position on the canvas, shows what was before."""
        return not self.divider_bar.isHidden() and self._divider.before_area(self.canvas.size()).contains(at.toPoint())

    def _show_state(self) -> None:
        ready = self._state is PaneState.READY
        self.caption.set_result(self._detail if ready else "", acceptable=ready and self.pane is not Pane.ORIGINAL)
        self._veil.set_content(self._detail, spins=self._state is PaneState.RUNNING)
        self._veil.setVisible(not ready)
        self.state_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The veil, or the line between before and after, covers the canvas."""
        self._layout.activate()
        self._veil.setGeometry(self.canvas.rect())
        self.divider_bar.cover(self.canvas.rect())
