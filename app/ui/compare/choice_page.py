"""The first page of comparing: which methods, which of their results, and whether the photo is the truth."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.inference.comparison import Method
from app.inference.request import Stage
from app.ui.compare.offers import USUAL, Offer, offers
from app.ui.language import plural, tr
from app.ui.look.theme import GRID
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.file_row import FileRow
from app.ui.panels.pieces import button, flush, label
from app.ui.settings import declared
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane, stage_word

_WIDTH = 44 * GRID

Cell = tuple[str, Stage]
"""The id of a coarse inpainter, and one of its results."""


class ChoicePage(QWidget):
    """What is ticked is remembered when it is run."""

    start_pressed = Signal()

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._offers: list[Offer] = []
        self.boxes: dict[Cell, QCheckBox] = {}
        self._photo, self._fill = ElidedLabel(), label(role="muted", wraps=True)
        self.truth = QCheckBox(tr("The photo is the truth"))
        self.network = FileRow(settings, declared.PERCEPTUAL)
        self.start = button(tr("Compare"), self._start, tip=tr("Fill the hole by all that is ticked, one by one."))
        self._scroll = QScrollArea()
        self._can_fill = True
        self._was_intact = False
        self._lay_out()
        self.truth.toggled.connect(self._refresh_start)
        settings.changed.connect(self._follow)

    # what is chosen

    def show_photo(self, words: str, *, is_intact: bool, can_fill: bool) -> None:
        """The photo on the desk now; `is_intact` where nothing of it was filled yet, so that it may be the truth."""
        self._photo.setText(words)
        if is_intact is not self._was_intact:
            self._was_intact = is_intact
            self.truth.setChecked(is_intact)
        self._can_fill = can_fill
        self._refresh_start()

    @property
    def methods(self) -> list[Method]:
        """All that is ticked, a coarse inpainter once."""
        return [offer.method(wanted) for offer in self._offers if (wanted := self._wanted(offer))]

    def refresh(self) -> None:
        """Offer what there is now; what was ticked stays so."""
        self._offer(offers(self._settings), self._ticked or self._remembered())

    def remember(self) -> None:
        """Tick the same the next time."""
        ticked = tuple(f"{id_}:{stage.value}" for id_, stage in self._ticked)
        self._settings.set(declared.COMPARE_CHOICE, ticked)

    def _follow(self) -> None:
        """A setting is another one, and perhaps one that says how is filled."""
        if self.isVisible() and (found := offers(self._settings)) != self._offers:
            self._offer(found, self._ticked)

    def _offer(self, found: list[Offer], ticked: Collection[Cell]) -> None:
        self._offers = found
        self.boxes = {}
        self._scroll.setWidget(self._table(ticked))
        options = self._settings.run_options()
        words = tr("Grow {grow} px, feather {feather} px, working size {size} px, as in the options of the editor.")
        self._fill.setText(words.format(grow=options.grow, feather=options.feather, size=options.working_size))
        self._refresh_start()

    @property
    def _ticked(self) -> tuple[Cell, ...]:
        return tuple(cell for cell, box in self.boxes.items() if box.isChecked())

    def _remembered(self) -> set[Cell]:
        kept = (each.rpartition(":")[::2] for each in self._settings.get(declared.COMPARE_CHOICE))
        cells = {(id_, Stage(stage)) for id_, stage in kept if stage in set(Stage)}
        return cells or set(USUAL)

    def _wanted(self, offer: Offer) -> list[Stage]:
        cells = ((stage, self.boxes.get((offer.id, stage))) for stage in Stage)
        return [stage for stage, box in cells if box is not None and box.isEnabled() and box.isChecked()]

    # how it is laid out

    def _lay_out(self) -> None:
        self._photo.setProperty("role", "title")
        self.truth.setToolTip(
            tr("For measuring: paint over a part of the photo that is intact, and see how near each method comes.")
        )
        self.start.setProperty("role", "primary")
        self.start.setDefault(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        halves = flush(QHBoxLayout(), 4 * GRID)
        halves.addWidget(self._scroll, 1)
        halves.addWidget(self._beside())
        rows = flush(QVBoxLayout(self), 2 * GRID)
        rows.addWidget(self._photo)
        rows.addLayout(halves, 1)
        rows.addLayout(self._buttons())

    def _beside(self) -> QWidget:
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        rows = flush(QVBoxLayout(body), GRID)
        why = tr(
            "Tick this where the mask was painted over something that should come back as it was. Then PSNR, SSIM, L1"
            " and the feature distance are measured over the hole, at full size."
        )
        distance = tr(
            "The feature distance, which tells a sharp filling from a smear, needs the weights of SqueezeNet v1.0 in"
            " torchvision's layout. Lacuna ships none; without them the other figures are measured."
        )
        rows.addWidget(label(tr("Figures"), "heading"))
        rows.addWidget(self.truth)
        rows.addWidget(label(why, "muted", wraps=True))
        rows.addSpacing(GRID)
        rows.addWidget(self.network)
        rows.addWidget(label(distance, "muted", wraps=True))
        rows.addSpacing(GRID)
        rows.addWidget(label(tr("Fill"), "heading"))
        rows.addWidget(self._fill)
        rows.addStretch(1)
        return body

    def _buttons(self) -> QHBoxLayout:
        row = flush(QHBoxLayout())
        row.addWidget(button(tr("Usual"), lambda: self._tick(USUAL.__contains__), tip=tr("Tick what differs most.")))
        row.addWidget(button(tr("All"), lambda: self._tick(lambda cell: True), tip=tr("Tick every result.")))
        row.addWidget(button(tr("None"), lambda: self._tick(lambda cell: False), tip=tr("Tick nothing.")))
        row.addStretch(1)
        row.addWidget(self.start)
        return row

    def _table(self, ticked: Collection[Cell]) -> QWidget:
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 2 * GRID, 0)
        grid.setHorizontalSpacing(3 * GRID)
        grid.setVerticalSpacing(GRID)
        grid.addWidget(label(tr("Method"), "heading"), 0, 0)
        for column, stage in enumerate(Stage, 1):
            heading = label(tr("Its own result") if stage is Stage.COARSE else f"+ {Pane.of(stage).title}", "heading")
            heading.setToolTip(_stage_tip(stage))
            grid.addWidget(heading, 0, column, Qt.AlignmentFlag.AlignHCenter)
        for row, offer in enumerate(self._offers, 1):
            self._add_row(grid, row, offer, ticked)
        grid.setRowStretch(len(self._offers) + 1, 1)
        grid.setColumnStretch(0, 1)
        return body

    def _add_row(self, grid: QGridLayout, row: int, offer: Offer, ticked: Collection[Cell]) -> None:
        name = ElidedLabel()
        name.setText(offer.label)
        name.setMinimumWidth(20 * GRID)
        name.setEnabled(not offer.reason)
        grid.addWidget(name, row, 0)
        if offer.reason:
            grid.addWidget(label(offer.reason, "muted", wraps=True), row, 1, 1, len(Stage))
            return
        for column, stage in enumerate(Stage, 1):
            box = self.boxes[offer.id, stage] = QCheckBox()
            box.setChecked((offer.id, stage) in ticked)
            box.setAccessibleName(f"{offer.label}, {_spoken(offer, stage)}")
            box.setToolTip(_spoken(offer, stage))
            if stage is Stage.DETAIL and not offer.options.detail:
                box.setEnabled(False)
                box.setToolTip(tr("Native detail is switched off in the options of the editor."))
            box.toggled.connect(self._refresh_start)
            grid.addWidget(box, row, column, Qt.AlignmentFlag.AlignHCenter)

    def _tick(self, is_wanted: Callable[[Cell], bool]) -> None:
        for cell, box in self.boxes.items():
            box.setChecked(box.isEnabled() and is_wanted(cell))

    def _refresh_start(self) -> None:
        methods = self.methods
        count = sum(len(each.wanted) for each in methods)
        words = plural("Compare {} result", "Compare {} results", count).format(count)
        self.start.setText(words if count else tr("Compare"))
        self.start.setEnabled(count > 0 and self._can_fill)

    def _start(self) -> None:
        self.remember()
        self.start_pressed.emit()


def _stage_tip(stage: Stage) -> str:
    return {
        Stage.COARSE: tr("What the method makes by itself."),
        Stage.LOCAL: tr("With LGNet's local refinement on top."),
        Stage.GLOBAL: tr("With LGNet's local and global refinement on top."),
        Stage.DETAIL: tr("With the photo's own texture, built on the stage that the options of the editor name."),
    }[stage]


def _spoken(offer: Offer, stage: Stage) -> str:
    """A result in words."""
    if stage is Stage.COARSE:
        return tr("Its own result")
    if stage is Stage.DETAIL:
        return tr("Detail, built on the {stage} stage").format(stage=stage_word(offer.options.built_on))
    return Pane.of(stage).title
