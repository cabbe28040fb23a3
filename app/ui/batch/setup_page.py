"""The first page of a batch: the choices at the left, what they mean file by file at the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui.asking import Asker
from app.ui.batch.check import BatchCheck
from app.ui.batch.choices import name_preview
from app.ui.batch.fields import PlaceRow, TextRow, align
from app.ui.batch.plan_model import PROBLEM, PlanModel
from app.ui.batch.plan_words import found_words
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import button, flush, label
from app.ui.panels.tables import SentenceCell, Table
from app.ui.session.clipping import files_in
from app.ui.settings import declared
from app.ui.settings.declared import MaskFrom
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_WIDTH = 46 * GRID
_OWN_ROWS: dict[MaskFrom, Setting[str]] = {
    MaskFrom.FOLDER: declared.BATCH_MASK_FOLDER,
    MaskFrom.SUFFIX: declared.BATCH_MASK_SUFFIX,
    MaskFrom.FILE: declared.BATCH_MASK_FILE,
}
_ROW = 4 * GRID
_SENTENCE = 3
"""Lines that a problem takes."""
_COLUMNS = (17 * GRID, 15 * GRID, 15 * GRID, 18 * GRID, 20 * GRID)


class SetupPage(QWidget):
    """Nothing is written before `start_pressed`."""

    start_pressed = Signal(bool)
    """Whether to go on with what was begun before."""

    def __init__(self, settings: Settings, check: BatchCheck, asker: Asker) -> None:
        super().__init__()
        self._settings, self._check, self._asker = settings, check, asker
        self.rows: dict[Setting[Any], QWidget] = {}
        self._preview = ElidedLabel()
        self._found = label(wraps=True)
        self.problems_only = QCheckBox(tr("Problems only"))
        self.model = PlanModel(self)
        self.table = Table(self.model, tr("What will be done"), _ROW, _COLUMNS)
        self.table.setItemDelegateForColumn(PROBLEM, SentenceCell(self.table))
        self.start = QPushButton(tr("Start"), autoDefault=False)
        self.start_over = button(tr("Start over"), lambda: self.start_pressed.emit(False))
        self._lay_out()
        self.start.clicked.connect(self._started)
        self.problems_only.toggled.connect(self.refresh)
        check.changed.connect(self.refresh)
        settings.changed.connect(self._setting_changed)
        self.setAcceptDrops(True)
        self._show_choices()
        self.refresh()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.model.recolour(palette)

    def refresh(self) -> None:
        """Show what the check has found."""
        self._show_plan()
        plan, can_go_on = self._check.plan, self._check.done > 0
        self._found.setText(found_words(self._check))
        self._found.setAccessibleDescription(self._found.text())
        self.problems_only.setEnabled(plan is not None and bool(plan.problems))
        self.start.setText(tr("Go on") if can_go_on else tr("Start"))
        self.start.setToolTip(
            tr("Do what is left of the batch that was begun.")
            if can_go_on
            else tr("Fill the photos that have no problem.")
        )
        self.start.setEnabled(plan is not None and bool(plan.jobs))
        self.start_over.setVisible(can_go_on)
        self.start_over.setEnabled(self.start.isEnabled())

    def _show_plan(self) -> None:
        plan = self._check.plan
        is_other = self.model.show_plan(plan, problems_only=self.problems_only.isChecked())
        if is_other and plan is not None:
            self.table.set_lines(_SENTENCE if plan.problems else 1)
            self.table.fit()

    # how it is laid out

    def _lay_out(self) -> None:
        self.start.setProperty("role", "primary")
        self.start_over.setToolTip(tr("Do all photos again, those that are done, too."))
        self.problems_only.setToolTip(tr("Lists the photos that can't be filled, and why."))
        halves = flush(QHBoxLayout(self), 2 * GRID)
        halves.addWidget(self._choices())
        halves.addLayout(self._findings(), 1)

    def _choices(self) -> QScrollArea:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, GRID, 0)
        column.setSpacing(GRID)
        photos = self._place(declared.BATCH_FOLDER), self._row(declared.BATCH_RECURSIVE)
        output = (self._place(declared.BATCH_OUTPUT),)
        self._section(column, tr("Folders"), (*photos, *output))
        masks = [self._row(declared.BATCH_MASKS), *(self._mask_row(setting) for setting in _OWN_ROWS.values())]
        self._section(column, tr("Masks"), masks)
        self._section(column, tr("Fill"), [self._row(own) for own, _ in declared.BATCH_FILL])
        naming = self._text(declared.BATCH_NAMING)
        self._preview.setProperty("role", "muted")
        results = declared.BATCH_FORMAT, declared.BATCH_EXISTING, declared.BATCH_REPORT, declared.BATCH_STAGES
        self._section(column, tr("Names and formats"), [naming, self._preview, *(self._row(each) for each in results)])
        column.addStretch(1)
        self._preview.setContentsMargins(align(list(self.rows.values())) + GRID, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        scroll.setFixedWidth(max(_WIDTH, body.minimumSizeHint().width() + 2 * GRID))
        return scroll

    def _section(self, column: QVBoxLayout, name: str, rows: Sequence[QWidget]) -> None:
        if column.count():
            column.addSpacing(GRID)
        column.addWidget(label(name, "heading"))
        for row in rows:
            column.addWidget(row)

    def _findings(self) -> QVBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(2 * GRID)
        top.addWidget(self._found, 1)
        top.addWidget(self.problems_only)
        bottom = QHBoxLayout()
        bottom.setSpacing(GRID)
        bottom.addStretch(1)
        bottom.addWidget(self.start_over)
        bottom.addWidget(self.start)
        column = flush(QVBoxLayout(), GRID)
        column.addLayout(top)
        column.addWidget(self.table, 1)
        column.addLayout(bottom)
        return column

    def _row(self, setting: Setting[Any]) -> QWidget:
        return self.rows.setdefault(setting, row_for(self._settings, setting))

    def _text(self, setting: Setting[str]) -> QWidget:
        return self.rows.setdefault(setting, TextRow(self._settings, setting))

    def _place(self, setting: Setting[str]) -> QWidget:
        choose = partial(self._choose_folder, setting)
        return self.rows.setdefault(setting, PlaceRow(self._settings, setting, choose))

    def _mask_row(self, setting: Setting[str]) -> QWidget:
        if setting is declared.BATCH_MASK_SUFFIX:
            return self._text(setting)
        if setting is declared.BATCH_MASK_FILE:
            return self.rows.setdefault(setting, PlaceRow(self._settings, setting, self._choose_mask))
        return self._place(setting)

    def _choose_folder(self, setting: Setting[str], present: str) -> Path | None:
        return self._asker.folder_to_use(tr(setting.name), Path(present) if present else self._near())

    def _choose_mask(self, present: str) -> Path | None:
        return self._asker.mask_to_open(Path(present).parent if present else self._near())

    def _near(self) -> Path:
        chosen = self._settings.get(declared.BATCH_FOLDER) or self._settings.get(declared.FOLDER)
        return Path(chosen) if chosen else Path.home()

    # dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A folder dropped anywhere but on a row is that of the photos."""
        if len(files_in(event.mimeData())) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        event.acceptProposedAction()
        self._settings.set(declared.BATCH_FOLDER, str(files_in(event.mimeData())[0]))

    # what is shown

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in self.rows:
            self._show_choices()

    def _show_choices(self) -> None:
        masks = self._settings.get(declared.BATCH_MASKS)
        for origin, setting in _OWN_ROWS.items():
            self.rows[setting].setVisible(origin is masks)
        self._preview.setText(name_preview(self._settings))

    def _started(self) -> None:
        self.start_pressed.emit(self._check.done > 0)
