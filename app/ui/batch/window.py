"""The window of a batch: first its choices, then its queue. Closing it stops nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout

from app.ui.asking import Asker
from app.ui.batch.check import BatchCheck
from app.ui.batch.choices import begin_as_panel, report_of
from app.ui.batch.queue_page import QueuePage
from app.ui.batch.setup_page import SetupPage
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID
from app.ui.panels.pages import Pages
from app.ui.session.batch_work import BatchWork
from app.ui.session.run_desk import RunDesk
from app.ui.settings import declared
from app.ui.settings.store import Settings


class BatchWindow(QDialog):
    """A window of its own, so that the editor may lie over it."""

    hidden = Signal()

    def __init__(self, desk: RunDesk, work: BatchWork, settings: Settings, asker: Callable[[QDialog], Asker]) -> None:
        """`asker` makes what asks over this window."""
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(tr("Batch — Lacuna"))
        self._work, self._settings = work, settings
        self.asker = asker(self)
        self.check = BatchCheck(desk, settings, work.runs, self)
        self.setup, self.queue = SetupPage(settings, self.check, self.asker), QueuePage(work)
        self._pages = Pages()
        self._pages.addWidget(self.setup)
        self._pages.addWidget(self.queue)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.addWidget(self._pages)
        self.setup.start_pressed.connect(self._start)
        self.queue.new_pressed.connect(self.show_setup)
        work.rows_changed.connect(self.show_queue)
        self.resize(150 * GRID, 88 * GRID)
        self.restoreGeometry(settings.get(declared.BATCH_GEOMETRY))
        if work.total:
            self.show_queue()

    @property
    def is_setting_up(self) -> bool:
        """True while the choices are shown."""
        return self._pages.currentWidget() is self.setup

    def show_setup(self) -> None:
        """Show the choices; holes are filled as the panel of the editor has it, until something else is chosen."""
        if not self._work.is_running:
            begin_as_panel(self._settings)
            self._pages.setCurrentWidget(self.setup)
            self._follow()

    def close_for_good(self) -> None:
        """See `SideWindow`."""
        self.close()

    def show_queue(self) -> None:
        """Show the photos of the batch."""
        self._pages.setCurrentWidget(self.queue)
        self._follow()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.setup.recolour(palette)
        self.queue.recolour(palette)

    def showEvent(self, event: QShowEvent) -> None:
        """What is on the disk may have changed meanwhile."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody wants to know what a batch would do."""
        super().hideEvent(event)
        self._settings.set(declared.BATCH_GEOMETRY, bytes(self.saveGeometry().data()))
        self._follow()
        self.hidden.emit()

    def _follow(self) -> None:
        self.check.set_on(self.isVisible() and self.is_setting_up)

    def _start(self, resume: bool) -> None:
        plan = self.check.plan
        if plan is not None:
            self._work.start(plan, resume, report_of(self._settings))
