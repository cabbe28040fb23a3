"""One pane of a comparison: a caption, a canvas, and a veil while its result is not there."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.canvas.canvas import Canvas
from app.ui.canvas.image_layer import ImageLayer
from app.ui.canvas.viewport import Viewport
from app.ui.compare.caption import CompareCaption
from app.ui.compare.figure_words import caption_tip, caption_words
from app.ui.language import tr
from app.ui.session.comparison_parts import Entry, EntryState
from app.ui.stages.veil import Veil


class ComparePane(QWidget):
    """Shows a result, or where there is no entry the photo itself."""

    chosen = Signal()
    """Clicked, or reached by the keyboard."""
    enlarged = Signal()
    """Double-clicked."""
    taken = Signal()

    def __init__(self, entry: Entry | None, name: str, addition: str, viewport: Viewport, layer: ImageLayer) -> None:
        super().__init__()
        self.entry, self.name = entry, name
        self.caption = CompareCaption(name, addition, can_be_taken=entry is not None)
        self.canvas = Canvas(viewport)
        self.canvas.setAccessibleName(tr("{name} image").format(name=f"{name} {addition}".strip()))
        self.canvas.set_layer(layer, None)
        self._veil = Veil(self.canvas)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.caption)
        layout.addWidget(self.canvas, 1)
        self.caption.clicked.connect(self.chosen)
        self.caption.double_clicked.connect(self.enlarged)
        self.canvas.double_clicked.connect(self.enlarged)
        self.canvas.focused.connect(self.chosen)
        self.caption.taken.connect(self.taken)
        self.refresh()

    @property
    def is_ready(self) -> bool:
        """There is a picture to look at."""
        return self.entry is None or self.entry.state is EntryState.READY

    def refresh(self) -> None:
        """Show where the entry stands."""
        entry = self.entry
        if entry is None:
            self._veil.hide()
            return
        if self.is_ready and self.canvas.scene.patches is None:
            self.canvas.set_patches(entry.patches)
        self.caption.set_facts(caption_words(entry), is_ready=self.is_ready, tip=caption_tip(entry))
        # a sentence has its place in the caption, whose tip has all of it
        words = tr("No result") if entry.state is EntryState.FAILED else entry.words or tr("Waiting")
        self._veil.set_content(words, spins=entry.state is EntryState.RUNNING)
        self._veil.setVisible(not self.is_ready)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The veil covers the canvas."""
        self._layout.activate()
        self._veil.setGeometry(self.canvas.rect())
