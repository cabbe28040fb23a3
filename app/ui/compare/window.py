"""The window in which methods are compared: first what to compare, then the results side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QVBoxLayout

from app.atomic import write_text
from app.ui.asking import Asker
from app.ui.compare.choice_page import ChoicePage
from app.ui.compare.sheet_export import sheet_task, table_text
from app.ui.compare.sheet_page import SheetPage
from app.ui.language import tr
from app.ui.look.palette import Palette
from app.ui.look.theme import GRID, worn
from app.ui.numbers import fine_per_cent
from app.ui.panels.pages import Pages
from app.ui.session.comparison import Comparison
from app.ui.session.crash import sentence
from app.ui.session.run_desk import RunDesk
from app.ui.settings import declared
from app.ui.settings.store import Settings


class CompareWindow(QDialog):
    """A window of its own, so that the editor may lie over it. Closing it forgets the comparison."""

    keys_pressed = Signal()
    """The sheet of keys is wanted."""

    def __init__(
        self,
        desk: RunDesk,
        comparison: Comparison,
        settings: Settings,
        asker: Callable[[QDialog], Asker],
        title: Callable[[], str],
    ) -> None:
        """`asker` makes what asks over this window; `title` is what the photo on the desk is called."""
        super().__init__(None, Qt.WindowType.Window)
        self.setWindowTitle(tr("Compare methods — Lacuna"))
        self._desk, self._comparison, self._settings, self._title = desk, comparison, settings, title
        self.asker = asker(self)
        self.choice, self.sheet = ChoicePage(settings), SheetPage(comparison, settings)
        self._pages = Pages()
        self._pages.addWidget(self.choice)
        self._pages.addWidget(self.sheet)
        self._may_close = False
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.addWidget(self._pages)
        self.choice.start_pressed.connect(self._start)
        self.sheet.choices_pressed.connect(self.show_choice)
        self.sheet.picture_pressed.connect(self.save_picture)
        self.sheet.table_pressed.connect(self.save_table)
        desk.history_changed.connect(self._show_photo)
        self.resize(160 * GRID, 100 * GRID)
        self.restoreGeometry(settings.get(declared.COMPARE_GEOMETRY))

    @property
    def is_choosing(self) -> bool:
        """True while the choices are shown."""
        return self._pages.currentWidget() is self.choice

    def show_choice(self) -> None:
        """Show what there is to compare; what was compared is still there until another comparison begins."""
        self._pages.setCurrentWidget(self.choice)
        self._show_photo()
        self.choice.refresh()
        self.choice.start.setFocus()

    def show_sheet(self) -> None:
        """Show the results."""
        self._pages.setCurrentWidget(self.sheet)
        pane = self.sheet.view.chosen
        (self.sheet.table if pane is None else pane.canvas).setFocus()

    def recolour(self, palette: Palette) -> None:
        """Another look."""
        self.sheet.recolour(palette)

    def close_for_good(self) -> None:
        """Without a question."""
        self._may_close = True
        self.close()

    def _stay_open(self) -> None:
        self._may_close = False

    def _start(self) -> None:
        text = self._settings.get(declared.PERCEPTUAL)
        self.sheet.notice.clear()
        self._comparison.start(
            self.choice.methods,
            self._title(),
            is_truth=self.choice.truth.isChecked(),
            perceptual=Path(text) if text else None,
        )
        self.show_sheet()

    def _show_photo(self) -> None:
        """What would be filled now."""
        document = self._desk.document
        if not self.is_choosing or self.isHidden():
            return
        if document is None:
            self.choice.show_photo(tr("No photo is open"), is_intact=False, can_fill=False)
            return
        extent, history = document.extent, document.history
        share = self._desk.hole_pixels / (extent.width * extent.height)
        is_intact = not history.pruned and not any(edit.changes_image for edit in history.edits[: history.index])
        words = tr("The hole in {}: {} of the photo") if share else tr("Nothing is painted in {} yet")
        words = words.format(self._title(), fine_per_cent(share))
        self.choice.show_photo(words, is_intact=is_intact, can_fill=share > 0)

    # files

    def save_picture(self, at_full_size: bool) -> None:
        """Ask where, and write the panes that are shown as one PNG."""
        ground = self._comparison.ground
        path = None if ground is None else self.asker.comparison_to_save(self._suggested(".png"))
        if ground is not None and path is not None:
            task = sheet_task(self.sheet.view, ground, worn(), at_full_size=at_full_size)
            self._write(path, partial(task.write, path))

    def save_table(self) -> None:
        """Ask where, and write the table as CSV."""
        ground = self._comparison.ground
        path = None if ground is None else self.asker.comparison_to_save(self._suggested(".csv"))
        if ground is not None and path is not None:
            self._write(path, partial(write_text, path, table_text(self.sheet.model, ground)))

    def _suggested(self, suffix: str) -> Path:
        assert self._comparison.ground is not None
        folder = Path(self._settings.get(declared.FOLDER) or Path.home())
        stem = Path(self._comparison.ground.name).stem
        return folder / (tr("{} compared").format(stem) + suffix)

    def _write(self, path: Path, work: Callable[[], None]) -> None:
        def written(_: None) -> None:
            self.sheet.notice.tell(tr("Saved as {}.").format(path.name))

        def failed(error: Exception) -> None:
            self.sheet.notice.tell(sentence(error))

        self._desk.work(tr("Saving {}…").format(path.name), work, written, failed)

    # Qt

    def event(self, event: QEvent) -> bool:
        """Without the keyboard nobody tells that a key is let go."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self.sheet.view.show_original(False)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """F1 shows the keys, F11 fills the screen; Esc closes where nothing is compared."""
        if event.key() == Qt.Key.Key_F1:
            self.keys_pressed.emit()
        elif event.key() == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif event.matches(QKeySequence.StandardKey.Close) or _is_ctrl_w(event):
            self.close()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """What Esc asks for."""
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """While something runs it is asked first, once; then all of it is let go."""
        if self._comparison.is_running and not self._may_close:
            event.ignore()
            self._may_close = True
            words = tr("The comparison is not done. Stop it and close?")
            stay = tr("Go on")
            self.sheet.notice.ask(
                words, tr("Stop and close"), self.close_for_good, stay, self._stay_open, is_safe=False
            )
            return
        self._may_close = False
        self.sheet.notice.clear()
        self._comparison.clear()
        self._pages.setCurrentWidget(self.choice)
        event.accept()

    def hideEvent(self, event: QHideEvent) -> None:
        """It opens there again."""
        super().hideEvent(event)
        self._settings.set(declared.COMPARE_GEOMETRY, bytes(self.saveGeometry().data()))


def _is_ctrl_w(event: QKeyEvent) -> bool:
    """What closes a photo in the editor, whatever the platform calls its own key for that."""
    return event.key() == Qt.Key.Key_W and event.modifiers() == Qt.KeyboardModifier.ControlModifier
