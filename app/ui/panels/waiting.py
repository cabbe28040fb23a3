"""What is waited for before the window, or a photo, closes: a sentence, a bar, and a way back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import label

_DELAY = 300
"""Milliseconds; most of what is waited for is over by then, and nothing flashes up."""

_WIDTH = 45 * GRID


class WaitingDialog(QDialog):
    """Shown by itself after a moment, or at once where it can be stopped. Esc, and its cross, keep the window open."""

    def __init__(
        self, words: str, answered: Callable[[bool], None], *, can_stop: bool, parent: QWidget | None = None
    ) -> None:
        """`answered` is called once, with True where all is to be stopped now."""
        super().__init__(parent)
        self._answered = answered
        self._words = label(words, wraps=True)
        self.setWindowTitle("Lacuna")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setMinimumWidth(_WIDTH)
        self._lay_out(can_stop=can_stop)
        self._delay = QTimer(self, interval=_DELAY, singleShot=True)
        self._delay.timeout.connect(self.show)
        if can_stop:
            self.show()
        else:
            self._delay.start()

    def _lay_out(self, *, can_stop: bool) -> None:
        bar = QProgressBar(textVisible=False)
        bar.setRange(0, 0)
        bar.setAccessibleName(tr("Progress"))
        buttons = QDialogButtonBox()
        keep = QPushButton(tr("Keep open"))
        keep.setToolTip(tr("Close nothing; what is under way goes on"))
        buttons.addButton(keep, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        if can_stop:
            stop = QPushButton(tr("Stop now"))
            stop.setToolTip(tr("Do not wait; what is not finished is left out"))
            stop.setAutoDefault(False)
            buttons.addButton(stop, QDialogButtonBox.ButtonRole.DestructiveRole)
            stop.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(2 * GRID)
        column.addWidget(self._words)
        column.addWidget(label(tr("It closes when this is done."), role="muted", wraps=True))
        column.addWidget(bar)
        column.addWidget(buttons)

    @property
    def words(self) -> str:
        """What is waited for."""
        return self._words.text()

    def tell(self, words: str) -> None:
        """Say it anew."""
        self._words.setText(words)

    def close_waiting(self) -> None:
        """Nothing is waited for any longer; nobody is told."""
        self._delay.stop()
        self.hide()
        self.deleteLater()

    def done(self, result: int) -> None:
        """A button was pressed, or Esc."""
        super().done(result)
        self._answered(result == QDialog.DialogCode.Accepted)
