"""The presentation's window: one screen full of the photo, its words, and the keys of whoever presents."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QScreen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.ui.canvas.viewport import Viewport
from app.ui.language import tr
from app.ui.look.palette import PRESENTED
from app.ui.loupe.loupe import Loupe
from app.ui.presenting.keys import KEYS, STEPS, SharedKeys, Verb, key_rows
from app.ui.presenting.moves import Moves
from app.ui.presenting.plates import KeyCard
from app.ui.presenting.pointer import PresentersPointer
from app.ui.presenting.presented_loupe import PresentedLoupe
from app.ui.presenting.slides import Slides
from app.ui.presenting.steps import Step
from app.ui.presenting.telling import Telling
from app.ui.presenting.wipe_canvas import WipeCanvas
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.stages.stage_strip import StageView

_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Presentation(QWidget):
    """A window of its own above `window`, whose keys and panes it leaves alone; closing it ends it."""

    ended = Signal()
    action_wanted = Signal(str)
    """The id of an action of the window, whose key was pressed here."""

    def __init__(
        self, window: QWidget, session: Session, view: StageView, loupe: Loupe, settings: Settings, keys: SharedKeys
    ) -> None:
        super().__init__(window, Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        self._session, self._view, self._settings, self._keys = session, view, settings, keys
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Presentation"))
        self.viewport = Viewport(self)
        self.slides = Slides(session, view, self)
        self.canvas = WipeCanvas(self.viewport, self)
        self.loupe = PresentedLoupe(loupe, self.canvas, self.slides, self)
        self.moves = Moves(self.viewport, self)
        self.pointer = PresentersPointer(self.canvas, self)
        self.telling = Telling(self.canvas, self.slides, session, view, self)
        self.black, self.card = _Black(self), KeyCard(self)
        self._place = -1
        """Which of the slides' places is looked at; -1 for none."""
        self._verbs = self._made_verbs()
        self._loupe = loupe
        self._set_up()
        self._connect()

    def _set_up(self) -> None:
        get, view = self._settings.get, self._view.viewport
        self.viewport.fit_margin, self.viewport.turns_by_touch = 0.0, False
        self.viewport.set_extent(view.extent)
        self.viewport.set_angle(view.angle)
        self.canvas.setAccessibleName(tr("Presented photo"))
        self.canvas.setMouseTracking(True)
        self.setMouseTracking(True)
        self.canvas.ants.set_animated(self._view.is_animated)
        colour, opacity = get(declared.OVERLAY_COLOUR), get(declared.OVERLAY_OPACITY)
        self.canvas.set_overlay(True, colour, opacity, get(declared.OVERLAY_LOOK))
        self.canvas.show_scene(self.slides.scene(self.slides.current))
        self.pointer.set_crossed(self._loupe.is_on)

    def _connect(self) -> None:
        self.slides.turned.connect(self._turned)
        self.slides.refreshed.connect(self.canvas.refresh_image)
        self.pointer.clicked.connect(self._step)
        self.pointer.gripped.connect(self.moves.stop)
        self.pointer.moved.connect(self.loupe.point_at)
        self._loupe.changed.connect(self._loupe_taken)
        self._session.document_closed.connect(self._end)

    def show_on(self, screen: QScreen) -> None:
        """Fill `screen`."""
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        self.showFullScreen()
        self.activateWindow()
        self.setFocus()

    # Verbs

    def _made_verbs(self) -> dict[Verb, Callable[[], None]]:
        return {
            Verb.ON: partial(self._step, 1),
            Verb.BACK: partial(self._step, -1),
            Verb.FIRST: lambda: self.slides.show(self.slides.ready[0]),
            Verb.LAST: lambda: self.slides.show(self.slides.ready[-1]),
            Verb.CLOSER: self._look_closer,
            Verb.FIT: self._look_at_all,
            Verb.FILL: self._fill,
            Verb.LABELS: self.telling.toggle_label,
            Verb.BLACK: partial(self.black.setVisible, True),
            Verb.KEYS: self._show_keys,
            Verb.END: self._end,
        }

    def _step(self, by: int) -> None:
        """Any step leads out of the dark first."""
        if self.black.isVisible():
            self.black.hide()
        else:
            self.slides.move(by)

    def _look_closer(self) -> None:
        """At the hole; again, at the next one."""
        places = self.slides.places
        if places:
            self._place = (self._place + 1) % len(places)
            self.moves.to_rect(places[self._place], animated=self._view.is_animated)

    def _look_at_all(self) -> None:
        self._place = -1
        self.moves.to_fit(animated=self._view.is_animated)

    def _fill(self) -> None:
        """Where nothing is filled yet; else it is one more key for the next step."""
        if self._session.runs.phase is not RunPhase.IDLE:
            self._step(1)
        elif self._session.hole_pixels:
            self.slides.show(Step.MASK)
            self._session.run(self._settings.run_options())

    def _end(self) -> None:
        self.close()

    def _show_keys(self) -> None:
        self.card.show_rows([(text, " / ".join(keys)) for text, keys in (*key_rows(), *self._keys.rows())])

    # What is shown

    def _turned(self, before: Step | None) -> None:
        """Wipe from the step before to the one that is shown now."""
        now = self.slides.current
        scene = self.slides.scene(now)
        if before is None or not self._view.is_animated:
            self.canvas.show_scene(scene)
        else:
            order, differs = list(Step), scene.patch_rect.united(self.slides.scene(before).patch_rect)
            if Step.MASK in (before, now):
                differs = differs.united(self.slides.hole)
            self.canvas.wipe_to(scene, differs, forward=order.index(now) > order.index(before))
        self.telling.tell()

    def _loupe_taken(self) -> None:
        self.pointer.set_crossed(self._loupe.is_on)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The presenter's keys, then those that the window's actions have here, too."""
        verb, key = self._verb(event), Qt.Key(event.key())
        was_card, was_black = self.card.isVisible(), self.black.isVisible()
        if event.isAutoRepeat():
            return
        self.card.hide()
        if was_card and verb in (Verb.KEYS, Verb.END):
            return
        if was_black and verb is not Verb.END:
            self.black.hide()
        elif verb is not None:
            self._verbs[verb]()
        elif key in STEPS and not event.modifiers() & _OTHERS:
            self.slides.show(STEPS[key])
        else:
            self._pass_on(self._keys.action(QKeySequence(event.keyCombination())))

    def _verb(self, event: QKeyEvent) -> Verb | None:
        if event.modifiers() & _OTHERS:
            return None
        verb = KEYS.get(Qt.Key(event.key()))
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return Verb.BACK if verb is Verb.ON and is_shifted else verb

    def _pass_on(self, id_: str | None) -> None:
        if id_ is not None:
            self.action_wanted.emit(id_)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click steps on, or back; a drag moves the photo."""
        self.pointer.pressed(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with it."""
        self.pointer.went(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """And end it."""
        self.pointer.released(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the photo, or what the loupe shows."""
        if not self._loupe.wheel(event):
            self.pointer.turned(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Photo and darkness fill the window, the words keep to its size."""
        for filling in (self.canvas, self.black):
            filling.setGeometry(self.rect())
        self.telling.tell()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing moves any longer, and nothing is kept."""
        self.canvas.wipe.stop()
        self.moves.stop()
        self.slides.forget()
        self.ended.emit()


class _Black(QWidget):
    """Covers everything, for when people should look at the speaker."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing to see."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(PRESENTED))
        painter.end()
