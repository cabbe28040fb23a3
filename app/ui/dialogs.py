"""Every question that stops the window, asked with dialogs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QSpacerItem,
    QWidget,
)

from app.document.session_file import SUFFIX
from app.imaging.files import OPEN_SUFFIXES, READ_ONLY_SUFFIXES, SAVE_SUFFIXES
from app.imaging.geometry import Extent
from app.inference.allowed import AllowedFile
from app.ui.asking import Ending, Overwrite, Running, Unsaved, Waiting
from app.ui.language import plural, tr
from app.ui.look.icons import icon
from app.ui.look.theme import GRID, worn
from app.ui.panels.save_options import ExportSheet, SaveSheet, SessionSheet
from app.ui.panels.talk_sheets import FilmSheet, StripSheet
from app.ui.panels.waiting import WaitingDialog
from app.ui.settings.store import Settings

_NAMES = 8
"""Listed in a question; of more it says how many."""

_WIDTH = 52 * GRID
"""Pixels that a question takes at least."""
_SIGN = 4 * GRID
_QUESTION, _WARNING = "help-circle-outline", "alert-outline"

A = TypeVar("A")


class QtAsker:
    """An `Asker` that asks with dialogs over `parent`."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent

    def photos_to_open(self, folder: Path) -> list[Path]:
        """See `Asker`."""
        filters = _filter(tr("Photos and sessions"), (*OPEN_SUFFIXES, *READ_ONLY_SUFFIXES, SUFFIX))
        options = QFileDialog.Option.HideNameFilterDetails
        names, _ = QFileDialog.getOpenFileNames(self._parent, tr("Open photos"), str(folder), filters, options=options)
        return [Path(name) for name in names]

    def photo_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(tr("Save the photo as"), suggestion, _filter(tr("Photos"), SAVE_SUFFIXES))

    def mask_to_open(self, folder: Path) -> Path | None:
        """See `Asker`."""
        return self._to_open(tr("Import a mask"), folder, _filter(tr("Images"), OPEN_SUFFIXES))

    def mask_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(tr("Export the mask"), suggestion, _filter(tr("PNG images"), (".png",)))

    def folder_to_use(self, title: str, folder: Path) -> Path | None:
        """See `Asker`."""
        name = QFileDialog.getExistingDirectory(self._parent, title, str(folder))
        return Path(name) if name else None

    def settings_to_open(self, title: str, folder: Path) -> Path | None:
        """See `Asker`."""
        return self._to_open(title, folder, _filter(tr("Settings"), (".json",)))

    def settings_to_save(self, title: str, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(title, suggestion, _filter(tr("Settings"), (".json",)))

    def session_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(tr("Save the session as"), suggestion, _filter(tr("Sessions"), (SUFFIX,)))

    def film_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(tr("Save the film as"), suggestion, _filter(tr("Films"), (suggestion.suffix,)))

    def choose_film(self, settings: Settings) -> bool:
        """See `Asker`."""
        return self._is_wanted(FilmSheet(settings, self._parent))

    def strip_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        return self._to_save(tr("Save the strip as"), suggestion, _filter(tr("Pictures"), (suggestion.suffix,)))

    def choose_strip(self, settings: Settings) -> bool:
        """See `Asker`."""
        return self._is_wanted(StripSheet(settings, self._parent))

    def choose_session_options(self, settings: Settings, photo: Path) -> bool:
        """See `Asker`."""
        return self._is_wanted(SessionSheet(settings, photo, self._parent))

    def photo_to_locate(self, name: str, folder: Path) -> Path | None:
        """See `Asker`."""
        filters = _filter(tr("Photos"), (*OPEN_SUFFIXES, *READ_ONLY_SUFFIXES))
        return self._to_open(tr("Where is {}?").format(name), folder, filters)

    def about_unsaved(self, name: str) -> Unsaved:
        """See `Asker`."""
        box = self._box(
            QMessageBox.Icon.Question,
            tr("Save the changes to “{}”?").format(name),
            tr("Without saving, what you did since the last save is lost."),
        )
        save = box.addButton(tr("Save"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {save: Unsaved.SAVE, discard: Unsaved.DISCARD}, Unsaved.CANCEL)

    def about_several_unsaved(self, names: Sequence[str]) -> Unsaved:
        """See `Asker`."""
        more = len(names) - _NAMES
        listed = [f"• {name}" for name in names[:_NAMES]]
        listed += [plural("and one more", "and {} more", more).format(more)] if more > 0 else []
        box = self._box(
            QMessageBox.Icon.Question,
            tr("Save the changes to {} photos?").format(len(names)),
            "\n".join(listed),
        )
        save = box.addButton(tr("Save all"), QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton(tr("Discard"), QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {save: Unsaved.SAVE, discard: Unsaved.DISCARD}, Unsaved.CANCEL)

    def about_running(self, names: Sequence[str]) -> Running:
        """See `Asker`."""
        box = self._box(
            QMessageBox.Icon.Question,
            tr("“{}” is being filled. Close it?").format(names[0])
            if len(names) == 1
            else tr("{} photos are being filled. Close them?").format(len(names)),
            tr("Waiting takes the result into the photo; then you are asked whether to save it."),
        )
        wait = box.addButton(tr("Wait for it"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {wait: Running.WAIT, stop: Running.STOP}, Running.KEEP_OPEN, tr("Keep open"))

    def about_batch(self, done: int, total: int) -> Ending:
        """See `Asker`."""
        box = self._box(
            QMessageBox.Icon.Question,
            tr("A batch is running. Stop it and close?"),
            tr("{} of {} photos are done. The rest can be resumed later.").format(done, total),
        )
        after = box.addButton(tr("Stop after this photo"), QMessageBox.ButtonRole.AcceptRole)
        now = box.addButton(tr("Stop now"), QMessageBox.ButtonRole.DestructiveRole)
        answers = {after: Ending.AFTER_THIS, now: Ending.NOW}
        return self._answer(box, answers, Ending.KEEP_OPEN, tr("Keep open"))

    def may_stop_comparison(self, done: int, total: int) -> bool:
        """See `Asker`."""
        box = self._box(
            QMessageBox.Icon.Question,
            tr("Methods are being compared. Stop and close?"),
            tr("{} of {} results are there; they are not kept.").format(done, total),
        )
        stop = box.addButton(tr("Stop and close"), QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {stop: True}, False, tr("Keep open"))

    def comparison_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        kind = tr("Tables") if suggestion.suffix == ".csv" else tr("PNG images")
        return self._to_save(tr("Save the comparison"), suggestion, _filter(kind, (suggestion.suffix,)))

    def wait(self, words: str, answered: Callable[[bool], None], *, can_stop: bool) -> Waiting:
        """See `Asker`."""
        return WaitingDialog(words, answered, can_stop=can_stop, parent=self._parent)

    def may_replace_changed(self, path: Path, *, is_gone: bool) -> Overwrite:
        """See `Asker`."""
        if is_gone:
            text = tr("“{}” is no longer where it was. Save it there again?").format(path.name)
            more = tr("Another program moved or deleted the file since it was opened here.")
            verb = tr("Save here")
        else:
            text = tr("Replace “{}”, which was changed meanwhile?").format(path.name)
            more = tr("Another program wrote the file since it was opened here. What it wrote is then gone.")
            verb = tr("Replace")
        box = self._box(QMessageBox.Icon.Warning, text, more)
        save_as = box.addButton(tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
        replace = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {save_as: Overwrite.SAVE_AS, replace: Overwrite.YES}, Overwrite.CANCEL)

    def choose_save_options(self, settings: Settings, format_name: str) -> bool:
        """See `Asker`."""
        return self._is_wanted(SaveSheet(settings, format_name, self._parent))

    def choose_export(self, settings: Settings, extent: Extent, own_format: str) -> bool:
        """See `Asker`."""
        return self._is_wanted(ExportSheet(settings, extent, own_format, self._parent))

    def may_overwrite(self, path: Path) -> Overwrite:
        """See `Asker`."""
        box = self._box(
            QMessageBox.Icon.Question,
            tr("Replace the original “{}”?").format(path.name),
            tr("The photo as it was opened is then gone. Lacuna asks this once per photo."),
        )
        save_as = box.addButton(tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
        replace = box.addButton(tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
        return self._answer(box, {save_as: Overwrite.SAVE_AS, replace: Overwrite.YES}, Overwrite.CANCEL)

    def may_run_model(self, file: AllowedFile, *, is_changed: bool) -> bool:
        """See `Asker`."""
        name, label = file.path.name, file.network.label
        if is_changed:
            text = tr("“{}” was changed since you allowed it. Allow it again?").format(name)
        elif label:
            text = tr("Allow “{}”, weights of {}, to be used?").format(name, label)
        else:
            text = tr("Allow “{}” to run?").format(name)
        kind = QMessageBox.Icon.Question if label else QMessageBox.Icon.Warning
        box = self._box(kind, text, tr(file.meaning))
        allow = box.addButton(tr("Allow"), QMessageBox.ButtonRole.DestructiveRole)
        refuse = box.addButton(tr("Don't allow"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(refuse)
        box.setEscapeButton(refuse)
        box.exec()
        return box.clickedButton() is allow

    def _is_wanted(self, sheet: QDialog) -> bool:
        wanted = sheet.exec() == QDialog.DialogCode.Accepted
        sheet.deleteLater()
        return wanted

    def _box(self, kind: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
        """Names of files are shown as they are, whatever they look like."""
        box = QMessageBox(kind, "Lacuna", text, parent=self._parent)
        box.setInformativeText(more)
        for each in box.findChildren(QLabel):
            each.setTextFormat(Qt.TextFormat.PlainText)
        palette = worn()
        is_warning = kind is QMessageBox.Icon.Warning
        name, colour = _WARNING if is_warning else _QUESTION, palette.on_warning if is_warning else palette.accent_icon
        size = QSize(_SIGN, _SIGN)
        box.setIconPixmap(icon(name, palette, colour=colour).pixmap(size, self._parent.devicePixelRatioF()))
        layout = box.layout()
        if isinstance(layout, QGridLayout):
            room = QSpacerItem(_WIDTH, 0, QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Minimum)
            layout.addItem(room, layout.rowCount(), 0, 1, layout.columnCount())
        return box

    def _answer(self, box: QMessageBox, answers: dict[QPushButton, A], cancel: A, no: str = "") -> A:
        """Show `box`; the first of `answers` is the default, Esc is `cancel`, whose button is called `no`."""
        box.setDefaultButton(next(iter(answers)))
        box.setEscapeButton(box.addButton(no or tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return {id(button): answer for button, answer in answers.items()}.get(id(box.clickedButton()), cancel)

    def _to_open(self, title: str, folder: Path, filters: str) -> Path | None:
        options = QFileDialog.Option.HideNameFilterDetails
        name, _ = QFileDialog.getOpenFileName(self._parent, title, str(folder), filters, options=options)
        return Path(name) if name else None

    def _to_save(self, title: str, suggestion: Path, filters: str) -> Path | None:
        dialog = QFileDialog(self._parent, title, str(suggestion.parent), filters)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suggestion.suffix)
        dialog.selectFile(suggestion.name)
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None


def _filter(words: str, suffixes: tuple[str, ...]) -> str:
    patterns = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in suffixes)
    return f"{words} ({patterns});;{tr('All files')} (*)"
