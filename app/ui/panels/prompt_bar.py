"""The bar under the photograph: what is going on and what Enter and Esc do about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.inference.limits import worst_first
from app.inference.request import Progress, Stage
from app.ui.contexts.plan import ContextBox
from app.ui.contexts.words import headline, listing
from app.ui.language import tr
from app.ui.look.icons import icon
from app.ui.look.theme import GRID, Palette
from app.ui.session.next_step import Step, StepKind
from app.ui.stages.panes import Pane

HEIGHT = 6 * GRID
_BAR_WIDTH = 30 * GRID
_PATIENCE = 300
"""Milliseconds before what is going on off the screen is shown."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What the bar shows: a sentence and the words on its buttons; empty words, no button."""

    text: str
    enter: str = ""
    accept: str = ""
    escape: str = ""
    warns: bool = False


class PromptBar(QFrame):
    """Three buttons at most: what Enter does, accepting where Enter does something else, and what Esc does."""

    enter_pressed = Signal()
    accept_pressed = Signal(object)
    """The `Stage`."""
    escape_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt")
        self.setFixedHeight(HEIGHT)
        self._step = Step(StepKind.NOTHING_OPEN)
        self._coverage = 0.0
        self._busy = ""
        self._shows_busy = False
        self._busy_delay = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._busy_delay.timeout.connect(self._busy_lasts)
        self._progress: Progress | None = None
        self._warning = ""
        self._sign, self._text = QLabel(), QLabel()
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._escape, self._accept, self._enter = QPushButton(), QPushButton(), QPushButton()
        self._enter.setProperty("role", "primary")
        self._lay_out()
        self._escape.clicked.connect(self.escape_pressed)
        self._accept.clicked.connect(lambda: self.accept_pressed.emit(self._step.stage))
        self._enter.clicked.connect(self.enter_pressed)
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        for widget in (self._bar, self._escape, self._accept, self._enter):
            row.addWidget(widget)
        row.insertSpacing(3, GRID)
        for button in (self._escape, self._accept, self._enter):
            button.setFocusPolicy(button.focusPolicy().TabFocus)

    def show_step(self, step: Step, coverage: float) -> None:
        """Announce the next step; `coverage` is the share of the photo that is hole, 0…1."""
        if step.kind is not StepKind.WAIT:
            self._progress = None
        self._step, self._coverage = step, coverage
        self._refresh()

    def show_contexts(self, boxes: Sequence[ContextBox]) -> None:
        """What the next fill will see: the worst of what falls short is told, all of it in the tip."""
        limits = worst_first(limit for box in boxes for limit in box.limits)
        self._warning = headline(limits[0]) if limits else ""
        for label in (self._sign, self._text):
            label.setToolTip(listing(boxes))
        self._refresh()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._sign.setPixmap(icon("alert-outline", palette, colour=palette.on_warning).pixmap(18, 18))

    def show_progress(self, progress: Progress) -> None:
        """Where the run under way stands."""
        self._progress = progress
        self._refresh()

    def show_busy(self, words: str) -> None:
        """Something is under way off the screen; empty words: no longer. What is over in a moment is not shown."""
        self._busy = words
        if words and not self._busy_delay.isActive() and not self._shows_busy:
            self._busy_delay.start()
        elif not words:
            self._busy_delay.stop()
            self._shows_busy = False
        self._refresh()

    def _busy_lasts(self) -> None:
        self._shows_busy = True
        self._refresh()

    def _refresh(self) -> None:
        busy = self._busy if self._shows_busy else ""
        look = _Look(busy) if busy else self._look()
        self._text.setText(look.text)
        self._sign.setVisible(look.warns)
        for button, words in ((self._enter, look.enter), (self._accept, look.accept), (self._escape, look.escape)):
            button.setText(words)
            button.setVisible(bool(words))
        self._bar.setVisible(bool(busy) or self._step.kind is StepKind.WAIT)
        self._bar.setRange(0, 0 if busy or self._progress is None else _steps(self._progress))
        if self._progress is not None:
            self._bar.setValue(_done(self._progress))
        self.setVisible(bool(busy) or self._step.kind is not StepKind.NOTHING_OPEN)

    def _look(self) -> _Look:
        accept = tr("Accept {}").format(Pane.of(self._step.stage).title) if self._step.stage else ""
        match self._step.kind:
            case StepKind.NOTHING_OPEN:
                return _Look("")
            case StepKind.PAINT:
                return _Look(tr("Paint over what should go."))
            case StepKind.FILL:
                text = tr("{} of the photo is painted. Enter fills it.").format(share(self._coverage))
                if self._warning:
                    text = tr("Enter fills. {}").format(self._warning)
                return _Look(text, enter=tr("Fill  ⏎"), warns=bool(self._warning))
            case StepKind.WAIT:
                return _Look(self._progress_words(), accept=accept, escape=tr("Cancel  Esc"))
            case StepKind.ACCEPT:
                return _Look(
                    tr("Enter takes the {} result; the number keys compare.").format(_lower(self._step.stage)),
                    enter=f"{accept}  ⏎",
                    escape=tr("Discard  Esc"),
                )
            case StepKind.FILL_AGAIN:
                text = tr("The mask or its context has changed since this run. Enter fills it anew.")
                if self._warning:
                    text = tr("Enter fills it anew. {}").format(self._warning)
                return _Look(text, tr("Fill again  ⏎"), accept, tr("Discard  Esc"), bool(self._warning))

    def _progress_words(self) -> str:
        now = self._progress
        if now is None:
            return tr("Getting ready…")
        stage = tr("{}, step {} of {}").format(Pane.of(now.stage).title, now.stage_index, now.stage_count)
        if now.region_count < 2:
            return stage
        return tr("{}, region {} of {}").format(stage, now.region_index, now.region_count)


def share(part: float) -> str:
    """0…1 as per cent, with as many digits as it takes not to say 0."""
    percent = 100 * part
    if percent == 0:
        return "0 %"
    number = QLocale().toString(max(percent, 0.1), "f", 0 if percent >= 10 else 1)
    return f"{number} %" if percent >= 0.1 else f"< {number} %"


def _steps(progress: Progress) -> int:
    return progress.stage_count * progress.region_count


def _done(progress: Progress) -> int:
    return (progress.stage_index - 1) * progress.region_count + progress.region_index - 1


def _lower(stage: Stage | None) -> str:
    return Pane.of(stage).title.lower() if stage is not None else ""
