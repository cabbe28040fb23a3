"""The bar under the photograph: what is going on and what Enter and Esc do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QWidget

from app.inference.limits import worst_first
from app.ui.contexts.plan import ContextBox
from app.ui.contexts.words import headline, listing
from app.ui.language import tr
from app.ui.look.sign import Sign
from app.ui.look.theme import GRID, Palette
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.progress_strip import ProgressStrip
from app.ui.panels.prompts import RUNNING, Prompt, prompt_for
from app.ui.panels.variant_switcher import VariantSwitcher
from app.ui.session.next_step import Step, StepKind
from app.ui.session.runs import Runs

HEIGHT = 6 * GRID
_BAR_WIDTH = 30 * GRID
_PATIENCE = 300
"""Milliseconds before what is going on off the screen is shown."""


class PromptBar(QFrame):
    """What Enter does, what accepts where Enter does something else, filling again, and what Esc does."""

    enter_pressed = Signal()
    accept_pressed = Signal(object)
    """The `Stage`; None: what is kept of each."""
    again_pressed = Signal()
    escape_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("prompt")
        self.setMinimumHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._step = Step(StepKind.NOTHING_OPEN)
        self._coverage = 0.0
        self._offers_again = False
        self._has_escape = True
        self._busy = ""
        self._shows_busy = False
        self._busy_delay = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._busy_delay.timeout.connect(self._busy_lasts)
        self._warning = ""
        self.strip = ProgressStrip()
        """Shown instead of the sentence during a run."""
        self.switcher = VariantSwitcher()
        self._sign, self._text = Sign("alert-outline", 18), ElidedLabel()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, 0)
        self._bar.setMaximumWidth(_BAR_WIDTH)
        self._escape, self._again, self._accept, self._enter = (QPushButton() for _ in range(4))
        self._enter.setProperty("role", "primary")
        self._again.setToolTip(tr("Fill with the present options, and keep these results to choose from (Shift+Enter)"))
        self._lay_out()
        self._escape.clicked.connect(self.escape_pressed)
        self._again.clicked.connect(self.again_pressed)
        self._accept.clicked.connect(lambda: self.accept_pressed.emit(self._step.accepts))
        self._enter.clicked.connect(self.enter_pressed)
        self._refresh()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        row.setSpacing(GRID)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self.strip, 1)
        for widget in (self._bar, self.switcher, *self.buttons):
            row.addWidget(widget)
        row.insertSpacing(4, GRID)
        for button in self.buttons:
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """What Esc does, filling again, accepting, what Enter does; those without words are hidden."""
        return self._escape, self._again, self._accept, self._enter

    def follow(self, runs: Runs) -> None:
        """Show how the runs of `runs` go on, and what they brought."""
        self.strip.follow(runs)
        runs.shown_changed.connect(lambda: self.switcher.show_variants(runs.variants, runs.shown))
        runs.completed.connect(lambda: self.switcher.show_variants(runs.variants, runs.shown))
        runs.cleared.connect(lambda: self.switcher.show_variants((), None))
        self.switcher.chosen.connect(runs.show)

    def show_step(self, step: Step, coverage: float, *, offers_again: bool = False, has_escape: bool = True) -> None:
        """Announce the next step; `coverage` is the share of the photo that is hole, 0…1.

        With `offers_again` the present options would bring other results than those there are. Without `has_escape`
        the key means something else at the moment.
        """
        self._step, self._coverage, self._offers_again = step, coverage, offers_again
        self._has_escape = has_escape
        self.strip.set_queued(step.kind is StepKind.QUEUED)
        self._refresh()

    def show_contexts(self, boxes: Sequence[ContextBox]) -> None:
        """What the next fill will see: the worst of what falls short is told, all of it in the tip."""
        limits = worst_first(limit for box in boxes for limit in box.limits)
        self._warning = headline(limits[0]) if limits else ""
        self._sign.setToolTip(listing(boxes))
        self._text.set_tip(listing(boxes))
        self._refresh()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self._sign.recolour(palette, palette.on_warning)

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
        runs = self._step.kind in RUNNING
        busy = self._busy if self._shows_busy and not runs else ""
        prompt = Prompt(busy) if busy else prompt_for(self._step, self._coverage, self._warning)
        again = tr("Again  ⇧⏎") if self._offers_again and self._step.kind is StepKind.ACCEPT and not busy else ""
        self._text.setText(prompt.text)
        self._text.setVisible(not runs)
        self.strip.setVisible(runs)
        self._sign.setVisible(prompt.warns)
        self._bar.setVisible(bool(busy))
        for button, words in (
            (self._enter, prompt.enter),
            (self._accept, prompt.accept),
            (self._again, again),
            (self._escape, prompt.escape if self._has_escape else ""),
        ):
            button.setText(words)
            button.setVisible(bool(words))
        self.setVisible(bool(busy) or self._step.kind is not StepKind.NOTHING_OPEN)
