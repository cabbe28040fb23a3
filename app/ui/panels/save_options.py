"""Sheets asked for when a photo is saved under a new name or exported: how it is coded, and at which size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from app.imaging.geometry import Extent
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import decimal
from app.ui.panels.controls import row_for
from app.ui.panels.pieces import flush, label
from app.ui.settings import declared
from app.ui.settings.saving import export_size, format_of, is_in_use, number_of, settings_of
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_EXPORT = (
    declared.EXPORT_KIND,
    declared.EXPORT_PIXELS,
    declared.EXPORT_MEGAPIXELS,
    declared.EXPORT_PERCENT,
    declared.EXPORT_ENLARGE,
    declared.EXPORT_SHARPEN,
    declared.EXPORT_FORMAT,
)
_WIDTH = 56 * GRID


class OptionsForm(QWidget):
    """The rows of a file format's choices; those that another choice makes irrelevant are dimmed."""

    def __init__(self, settings: Settings, format_name: str) -> None:
        super().__init__()
        self._settings = settings
        self._rows: dict[QWidget, Setting[Any]] = {}
        self._column = flush(QVBoxLayout(self))
        settings.changed.connect(self._refresh)
        self.show_format(format_name)

    def show_format(self, format_name: str) -> None:
        """Show the choices of another format."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self._rows = {row_for(self._settings, setting): setting for setting in settings_of(format_name)}
        for row in self._rows:
            self._column.addWidget(row)
        self._refresh()

    def _refresh(self) -> None:
        for row, setting in self._rows.items():
            row.setEnabled(is_in_use(self._settings, setting))


class Sheet(QDialog):
    """A sheet whose rows write through to the settings; cancelled, it puts back what they were."""

    def __init__(
        self, settings: Settings, title: str, verb: str, used: tuple[Setting[Any], ...], parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._settings = settings
        self._before = {setting: settings.get(setting) for setting in used}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        self.column.setSpacing(GRID)
        self.setMinimumWidth(_WIDTH)
        self._buttons = QDialogButtonBox()
        go = self._buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        go.setProperty("role", "primary")
        go.setDefault(True)
        self._buttons.addButton(tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)

    def finish(self) -> None:
        """All rows are in: add the buttons."""
        self.column.addSpacing(GRID)
        self.column.addWidget(self._buttons)

    def reject(self) -> None:
        """Put everything back."""
        for setting, value in self._before.items():
            self._settings.set(setting, value)
        super().reject()


class SaveSheet(Sheet):
    """How a file of one format is written."""

    def __init__(self, settings: Settings, format_name: str, parent: QWidget | None = None) -> None:
        title = tr("{} options").format(format_name)
        super().__init__(settings, title, tr("Save"), settings_of(format_name), parent)
        self.column.addWidget(OptionsForm(settings, format_name))
        self.finish()


class SessionSheet(Sheet):
    """Whether the session file holds the photo, which is the file `photo`."""

    def __init__(self, settings: Settings, photo: Path, parent: QWidget | None = None) -> None:
        super().__init__(settings, tr("Session options"), tr("Save"), (declared.SESSION_EMBED,), parent)
        self.column.addWidget(row_for(settings, declared.SESSION_EMBED))
        self._note = label("", "muted", wraps=True)
        self.column.addWidget(self._note)
        self._photo, self._megabytes = photo.name, _megabytes(photo)
        settings.changed.connect(self._refresh)
        self._refresh()
        self.finish()

    @property
    def note(self) -> str:
        """What the choice means."""
        return self._note.text()

    def _refresh(self) -> None:
        if self._settings.get(declared.SESSION_EMBED):
            text = tr("The session is all that is needed to go on, on any computer. {} makes it {} MB larger.")
        else:
            text = tr(
                "The session stays small. To open it again, {} ({} MB) must be where it is, or beside the session."
            )
        self._note.setText(text.format(self._photo, self._megabytes))


class ExportSheet(Sheet):
    """How large a copy of a photo of the size `extent` becomes, and how it is written.

    `own_format` is what the copy becomes where it is to be as the photo.
    """

    def __init__(self, settings: Settings, extent: Extent, own_format: str, parent: QWidget | None = None) -> None:
        formats = ("JPEG", "PNG", "WEBP", "TIFF")
        used = {setting: None for name in formats for setting in settings_of(name)}
        super().__init__(settings, tr("Export a copy"), tr("Export…"), (*_EXPORT, *used), parent)
        self._extent, self._own_format = extent, own_format
        self._size = label(role="muted")
        self._size.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self._size.setAccessibleName(tr("Size of the copy"))
        self._rows = {setting: row_for(settings, setting) for setting in _EXPORT}
        for setting, row in self._rows.items():
            self.column.addWidget(row)
            if setting is declared.EXPORT_PERCENT:
                self.column.addWidget(self._size)
            if setting is declared.EXPORT_SHARPEN:
                self.column.addSpacing(GRID)
        self._form = OptionsForm(settings, self._format)
        self.column.addWidget(self._form)
        self.finish()
        settings.changed.connect(self._changed)
        self._refresh()

    @property
    def _format(self) -> str:
        return format_of(Path(f"copy{self._settings.get(declared.EXPORT_FORMAT)}")) or self._own_format

    def _changed(self, setting: Setting[Any]) -> None:
        if setting is declared.EXPORT_FORMAT:
            self._form.show_format(self._format)
        self._refresh()

    def _refresh(self) -> None:
        number = number_of(self._settings.get(declared.EXPORT_KIND))
        for setting in (declared.EXPORT_PIXELS, declared.EXPORT_MEGAPIXELS, declared.EXPORT_PERCENT):
            self._rows[setting].setVisible(setting is number)
        size = export_size(self._settings).extent(self._extent)
        self._rows[declared.EXPORT_ENLARGE].setEnabled(number is not None)
        self._rows[declared.EXPORT_SHARPEN].setEnabled(size.width < self._extent.width)
        self._size.setText(tr("{}×{} pixels, from {}×{}").format(*size, *self._extent))
        self.adjustSize()


def _megabytes(path: Path) -> str:
    """The size of the file, in words."""
    try:
        size = path.stat().st_size / 1e6
    except OSError:
        return "?"
    return decimal(size, 1)
