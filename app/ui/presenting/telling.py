"""The words on the presented photo: the label of the step, what to do, how far a run is, and what went wrong."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QRect, QTimer
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Rect
from app.ui.canvas.view_widget import scaled
from app.ui.presenting.plates import Message
from app.ui.presenting.slides import Slides
from app.ui.presenting.step_label import StepLabel
from app.ui.presenting.wipe_canvas import WipeCanvas
from app.ui.presenting.words import caption_of, message_of
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.stages.stage_strip import StageView

_TROUBLE = 8000
"""Milliseconds that an error is shown."""


class Telling(QObject):
    """Keeps the words on `screen` up to date, and away from the hole."""

    def __init__(self, canvas: WipeCanvas, slides: Slides, session: Session, view: StageView, screen: QWidget) -> None:
        super().__init__(screen)
        self._canvas, self._slides, self._session, self._view = canvas, slides, session, view
        self.label, self.message = StepLabel(screen), Message(screen)
        self._trouble = ""
        self._trouble_over = QTimer(self, singleShot=True, interval=_TROUBLE)
        self._trouble_over.timeout.connect(partial(self._tell_trouble, ""))
        slides.changed.connect(self.tell)
        canvas.viewport.changed.connect(self.tell)
        session.failed.connect(self._tell_trouble)

    def toggle_label(self) -> None:
        """Say which step it is, or no longer; what to do is said either way."""
        self.label.setHidden(not self.label.isHidden())
        self.tell()

    def tell(self) -> None:
        """Say what is seen now."""
        self._slides.settle()
        photo = self._on_screen(Rect(0, 0, *self._canvas.viewport.extent))
        self.label.set_caption(caption_of(self._slides, self._session), photo, self._on_screen(self._slides.hole))
        is_told = not self.label.isHidden() or self._session.runs.phase is RunPhase.IDLE
        told = message_of(self._slides, self._session, self._view) if is_told else ""
        self.message.say(self._trouble or told, QRect() if self.label.isHidden() else self.label.geometry())

    def _on_screen(self, rect: Rect) -> QRect:
        """Where `rect`, image pixels, is seen."""
        if rect.is_empty:
            return QRect()
        return scaled(self._canvas.transform().covering(rect), 1 / self._canvas.devicePixelRatioF())

    def _tell_trouble(self, text: str) -> None:
        self._trouble = text
        if text:
            self._trouble_over.start()
        self.tell()
