"""The second page of a batch: how far it is, every photo with its pictures, and what can be done about each."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.ui.batch.queue_cells import PICTURE_SIZE, PictureCell, StateCell
from app.ui.batch.queue_model import AFTER, BEFORE, REMARKS, STATE, QueueModel, all_state_words
from app.ui.batch.queue_words import standing_words, times_words
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.inline_bar import InlineBar
from app.ui.panels.pieces import button, flush, label
from app.ui.panels.tables import SentenceCell, Table
from app.ui.session.batch_rows import BatchRow, RowState
from app.ui.session.batch_work import BatchWork

_TICK = 1000
"""Milliseconds between two looks at the clock, while a batch runs."""

_COLUMNS = (20 * GRID, PICTURE_SIZE.width() + GRID, PICTURE_SIZE.width() + GRID, 16 * GRID, 9 * GRID, 30 * GRID)


class QueuePage(QWidget):
    """Follows a `BatchWork`."""

    open_pressed = Signal(object)
    """The `BatchRow` to be shown in the editor."""
    put_back_pressed = Signal(object)
    """The `BatchRow` to be done again with the mask that is painted in the editor."""
    use_pressed = Signal(object)
    """The `BatchRow` whose result is what the editor shows."""
    report_pressed = Signal()
    folder_pressed = Signal()
    other_folder_pressed = Signal()
    """Results can't be written where they should go: another place is wanted."""
    new_pressed = Signal()
    """Another batch is to be set up."""

    def __init__(self, work: BatchWork) -> None:
        super().__init__()
        self._work = work
        self.model = QueueModel(work, self)
        self.words, self._times, self.bar = ElidedLabel(), label(role="muted"), QProgressBar(textVisible=False)
        self.question = InlineBar()
        self.table = Table(self.model, tr("Photos of the batch"), PICTURE_SIZE.height() + GRID, _COLUMNS)
        self._make_buttons()
        self._lay_out()
        self._ticks = QTimer(self, interval=_TICK)
        self._ticks.timeout.connect(self._show_times)
        work.changed.connect(self.refresh)
        work.file_changed.connect(self._file_changed)
        work.troubled.connect(self._ask_about_trouble)
        self.table.doubleClicked.connect(lambda index: self._open())
        self.table.selectionModel().currentRowChanged.connect(lambda now, before: self._show_buttons())
        self.model.modelReset.connect(self._show_buttons)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self.refresh()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.model.recolour(palette)

    def chosen(self) -> BatchRow | None:
        """The photo that is selected."""
        at = self._chosen_at()
        return None if at is None else self._work.rows[at]

    def choose(self, row: int) -> None:
        """Select a photo and bring it into view."""
        self.table.selectRow(row)
        self.table.scrollTo(self.model.index(row, 0))

    def refresh(self) -> None:
        """Show how the batch stands."""
        work = self._work
        self.words.setText(standing_words(work))
        self.bar.setRange(0, max(work.total, 1))
        self.bar.setValue(work.done)
        self.bar.setAccessibleDescription(self.words.text())
        self.pause.setText(tr("Go on") if work.is_paused or self._can_be_taken_up() else tr("Pause"))
        can_end = work.is_running and not work.is_stopping and not work.is_reporting
        self.pause.setEnabled(can_end or self._can_be_taken_up())
        self.cancel.setEnabled(can_end)
        self.new.setEnabled(not work.is_running)
        self.retry.setEnabled(any(row.state is RowState.FAILED for row in work.rows))
        self.report.setEnabled(work.has_report)
        self.folder.setEnabled(work.request is not None)
        if not work.trouble and not can_end:
            self.question.clear()
        if work.is_running and not work.is_paused and not self._ticks.isActive():
            self._ticks.start()
        elif self._ticks.isActive() and (not work.is_running or work.is_paused):
            self._ticks.stop()
        self._show_times()
        self._show_buttons()

    # what it is made of

    def _make_buttons(self) -> None:
        self.pause = button(tr("Pause"), self._pause_or_go_on, tip=tr("Begin no further photo, or go on."))
        self.cancel = button(tr("Cancel…"), self._ask_to_cancel, tip=tr("End the batch; what is done stays."))
        self.new = button(tr("New batch…"), self.new_pressed.emit, tip=tr("Back to the choices."))
        self.open = button(
            tr("Open in the editor"),
            self._open,
            tip=tr("Shows a result; of a photo that failed, the photo with its mask, which can then be mended."),
        )
        self.put_back = button(
            tr("Put back with its mask"),
            lambda: self._tell(self.put_back_pressed),
            tip=tr("Does the photo again with the mask that is painted over it in the editor."),
        )
        self.use = button(
            tr("Use the editor's picture"),
            lambda: self._tell(self.use_pressed),
            tip=tr("Writes the photo as it is in the editor as its result."),
        )
        self.retry = button(tr("Retry failed"), self._work.retry_failed, tip=tr("Does all that failed once more."))
        self.report = button(tr("Open the report"), self.report_pressed.emit, tip=tr("What became of each photo."))
        self.folder = button(
            tr("Show the folder"), self.folder_pressed.emit, tip=tr("Opens the folder of the results.")
        )

    def _lay_out(self) -> None:
        self.bar.setAccessibleName(tr("Progress"))
        self.bar.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.table.setItemDelegateForColumn(BEFORE, PictureCell(self.table))
        self.table.setItemDelegateForColumn(AFTER, PictureCell(self.table))
        self.table.setItemDelegateForColumn(STATE, StateCell(self.table))
        self.table.set_room(STATE, all_state_words())
        self.table.setItemDelegateForColumn(REMARKS, SentenceCell(self.table))
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        top = _row(self.pause, self.cancel, self.new)
        facts = flush(QVBoxLayout(), GRID // 2)
        line = flush(QHBoxLayout(), GRID)
        line.addWidget(self.words, 1)
        line.addWidget(self._times)
        facts.addLayout(line)
        facts.addWidget(self.bar)
        top.insertLayout(0, facts, 1)
        top.insertSpacing(1, GRID)
        bottom = _row(self.open, self.put_back, self.use)
        bottom.addStretch(1)
        for each in (self.retry, self.report, self.folder):
            bottom.addWidget(each)
        column = flush(QVBoxLayout(self), 2 * GRID)
        column.addLayout(top)
        column.addWidget(self.question)
        column.addWidget(self.table, 1)
        column.addLayout(bottom)

    # the photo chosen

    def _chosen_at(self) -> int | None:
        index = self.table.currentIndex()
        return index.row() if index.isValid() and index.row() < self._work.total else None

    def _file_changed(self, row: int) -> None:
        if row == self._chosen_at():
            self._show_buttons()

    def _show_buttons(self) -> None:
        row = self.chosen()
        may_return = row is not None and self._work.may_return(row)
        self.open.setEnabled(row is not None)
        self.put_back.setEnabled(may_return)
        self.use.setEnabled(may_return)

    def _open(self) -> None:
        if self.open.isEnabled():
            self._tell(self.open_pressed)

    def _tell(self, signal: object) -> None:
        row = self.chosen()
        if row is not None:
            signal.emit(row)  # type: ignore[attr-defined]

    def _show_menu(self, at: QPoint) -> None:
        if not self.table.indexAt(at).isValid():
            return
        menu = QMenu(self)
        for each in (self.open, self.put_back, self.use):
            menu.addAction(each.text(), each.click).setEnabled(each.isEnabled())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(at))

    # the batch as a whole

    def _can_be_taken_up(self) -> bool:
        return not self._work.is_running and self._work.total > self._work.done

    def _pause_or_go_on(self) -> None:
        if self._work.is_running and not self._work.is_paused:
            self._work.pause()
        else:
            self._work.go_on()

    def _ask_to_cancel(self) -> None:
        self.question.ask(
            tr("End the batch? What is done stays, and the rest can be gone on with later."),
            tr("End it"),
            self._work.stop,
            tr("Don't end it"),
            is_safe=False,
        )

    def _ask_about_trouble(self, text: str) -> None:
        self.question.ask(
            text, tr("Choose another folder…"), self.other_folder_pressed.emit, tr("Try again"), self._work.go_on
        )

    def _show_times(self) -> None:
        self._times.setText(times_words(self._work))


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = flush(QHBoxLayout(), GRID)
    for each in buttons:
        row.addWidget(each)
    return row
