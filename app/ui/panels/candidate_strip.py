"""Several fillings of one hole side by side, to choose from by mouse or arrow keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.inference.request import InpaintOptions, Stage, StageResult
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import brief, duration
from app.ui.panels.candidate_cell import ASPECT, CandidateCell, Look
from app.ui.panels.variant_switcher import describe
from app.ui.session.next_step import stage_to_take
from app.ui.session.runs import Runs
from app.ui.session.variants import Variant, are_candidates
from app.ui.stages.close_ups import CloseUps
from app.ui.stages.panes import Pane

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
_MOST_LETTERS = 5
"""Of variants of any kind, for which letters alone are enough."""
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class CandidateStrip(QFrame):
    """Shown while candidates are made and as long as there are any to choose from."""

    switched = Signal(bool)
    """It is shown now, or no longer."""

    def __init__(
        self,
        runs: Runs,
        close_ups: CloseUps,
        preferred: Callable[[], tuple[Stage, ...]],
        parent: QWidget | None = None,
    ) -> None:
        """`preferred` are the stages to show of each, the first one that it has a result of."""
        super().__init__(parent)
        self.setObjectName("candidates")
        self.setAccessibleName(tr("Candidates"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._runs, self._close_ups, self._preferred = runs, close_ups, preferred
        self._cells: list[CandidateCell] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self._row.setSpacing(GRID // 2)
        self._row.addStretch(1)
        self._row.addStretch(1)
        self.hide()
        close_ups.made.connect(self.refresh)
        for signal in (
            runs.shown_changed,
            runs.progress_made,
            runs.stage_ready,
            runs.went_on,
            runs.finished,
            runs.phase_changed,
            runs.completed,
            runs.cleared,
        ):
            signal.connect(self.refresh)

    @property
    def cells(self) -> tuple[CandidateCell, ...]:
        """One for each candidate, those to come included."""
        return tuple(cell for cell in self._cells if not cell.isHidden())

    def refresh(self) -> None:
        """Show the candidates as they are now."""
        variants, series = self._runs.variants, self._runs.series
        is_wanted = series is not None or are_candidates(variants) or len(variants) > _MOST_LETTERS
        looks = [self._look(each) for each in variants] if is_wanted else []
        if series is not None:
            looks += [Look("", *way_words(request.options), tr("Waiting")) for request in series.waiting]
        self._close_ups.keep([each for variant in variants for each in variant.results.values()] if is_wanted else [])
        had_focus = self.isAncestorOf(self.focusWidget() or self) and any(cell.hasFocus() for cell in self._cells)
        self._fill(looks, variants.index(self._runs.shown) if self._runs.shown in variants else -1)
        if had_focus:
            self._focus_shown()
        if is_wanted == self.isHidden():
            self.setVisible(is_wanted)
            self.switched.emit(is_wanted)

    def take_key(self, event: QKeyEvent) -> bool:
        """Step by the arrow keys, to the ends by Home and End; whether it was one of these and anything is here."""
        key = Qt.Key(event.key())
        if self.isHidden() or event.modifiers() not in _PLAIN or not self._runs.variants:
            return False
        if key in _STEPS:
            self._runs.show_next(_STEPS[key])
        elif key in _ENDS:
            self._runs.show(self._runs.variants[_ENDS[key]])
        return key in _STEPS or key in _ENDS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The same with the keyboard here."""
        event.setAccepted(self.take_key(event))

    def _fill(self, looks: list[Look], shown: int) -> None:
        while len(self._cells) < len(looks):
            self._add_cell(len(self._cells))
        for index, cell in enumerate(self._cells):
            cell.setVisible(index < len(looks))
            if index < len(looks):
                cell.show_look(looks[index], is_shown=index == shown)

    def _add_cell(self, index: int) -> None:
        cell = CandidateCell(self)
        cell.clicked.connect(lambda: self._runs.show(self._runs.variants[index]))
        self._cells.append(cell)
        self._row.insertWidget(self._row.count() - 1, cell, 8)

    def _focus_shown(self) -> None:
        shown = next((cell for cell in self.cells if cell.isChecked()), None)
        if shown is not None:
            shown.setFocus()

    def _look(self, variant: Variant) -> Look:
        result = self._result(variant)
        picture = None if result is None else self._close_ups.of(result, ASPECT)
        way = ("", "") if variant.options is None else way_words(variant.options)
        return Look(variant.name, *way, self._detail(variant), describe(variant), picture)

    def _result(self, variant: Variant) -> StageResult | None:
        stage = stage_to_take(variant.results, *self._preferred())
        return None if stage is None else variant.results[stage]

    def _detail(self, variant: Variant) -> str:
        if variant.report is not None:
            return duration(variant.seconds)
        if variant is self._runs.running:
            return tr("Getting ready…") if variant.progress is None else Pane.of(variant.progress.stage).title
        return tr("Stopped")


def way_words(options: InpaintOptions) -> tuple[str, str]:
    """What parts one candidate from the others: the scale of its context box, its seed."""
    return tr("{}×").format(brief(options.context_scale)), tr("seed {}").format(options.seed)
