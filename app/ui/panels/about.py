"""The box that says what this program is: versions, weights, licences, and diagnostics to copy."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app import __version__
from app.machine import version_of
from app.paths import resource
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import whole
from app.ui.panels import diagnostics
from app.ui.panels.pieces import button, label
from app.ui.session.jobs import Err, JobRunner, Ok
from app.ui.settings import declared
from app.ui.settings.store import Settings

_SIZE = QSize(112 * GRID, 68 * GRID)


class AboutBox(QDialog):
    """Three pages; what takes time to find out arrives from the pool."""

    def __init__(self, settings: Settings, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings, self._runner = settings, runner
        self.setWindowTitle(tr("About Lacuna"))
        self._device = QLabel(tr("Finding out…"))
        self._licences = LicencePage(runner)
        pages = QTabWidget()
        pages.addTab(self._versions(), tr("Versions"))
        pages.addTab(_weights(), tr("Weights"))
        pages.addTab(self._licences, tr("Licences"))
        rows = QVBoxLayout(self)
        rows.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        rows.setSpacing(2 * GRID)
        rows.addLayout(_head())
        rows.addWidget(pages, 1)
        rows.addLayout(self._buttons())
        self.resize(_SIZE)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what may have changed since."""
        self._copied.clear()
        choice = self._settings.get(declared.DEVICE)
        self._runner.submit(partial(diagnostics.device_in_use, choice), self._device_found)

    @property
    def report(self) -> str:
        """What *Copy diagnostics* copies."""
        return diagnostics.diagnostics(self._settings, self._device.text())

    def copy_report(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.report)
        self._copied.setText(tr("Copied."))

    def _versions(self) -> QWidget:
        page = QWidget()
        form = _form(page)
        form.addRow(_name(tr("Device")), self._device)
        form.addRow(_name(tr("Python")), _fact(diagnostics.python_version()))
        for package in diagnostics.SHOWN:
            form.addRow(_name(package), _fact(version_of(package)))
        return page

    def _buttons(self) -> QHBoxLayout:
        tip = tr("Versions, screens, changed options and the end of the log, without your home folder.")
        copy, close = button(tr("Copy diagnostics"), self.copy_report, tip=tip), button(tr("Close"), self.reject)
        close.setDefault(True)
        self._copied = label(role="muted")
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(copy)
        row.addWidget(self._copied, 1)
        row.addWidget(close)
        return row

    def _device_found(self, outcome: Ok[str] | Err) -> None:
        self._device.setText(outcome.value if isinstance(outcome, Ok) else str(outcome.error))


class LicencePage(QWidget):
    """The packages on the left, the licence of the chosen one on the right."""

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._packages: list[diagnostics.Package] = []
        self._list, self._text = QListWidget(), QPlainTextEdit()
        self._list.setAccessibleName(tr("Packages"))
        self._text.setAccessibleName(tr("Licence"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2 * GRID, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._list, 2)
        row.addWidget(self._text, 4)
        self._list.currentRowChanged.connect(self._chosen)
        runner.submit(diagnostics.packages, self._listed)

    def _listed(self, outcome: Ok[list[diagnostics.Package]] | Err) -> None:
        """Lacuna's own licence is there whatever is known of the others."""
        self._packages = outcome.value if isinstance(outcome, Ok) else []
        self._list.addItem(f"Lacuna {__version__} · MIT")
        for package in self._packages:
            self._list.addItem(f"{package.name} {package.version} · {package.licence}")
            self._list.item(self._list.count() - 1).setToolTip(package.licence)
        self._list.setCurrentRow(0)

    def _chosen(self, row: int) -> None:
        name = self._packages[row - 1].name if row > 0 else ""
        work = partial(diagnostics.licence_text, name) if name else diagnostics.own_licence
        self._runner.submit(work, partial(self._read, row))

    def _read(self, row: int, outcome: Ok[str] | Err) -> None:
        if row == self._list.currentRow():
            text = outcome.value if isinstance(outcome, Ok) else ""
            self._text.setPlainText(text or tr("This package came without the text of its licence."))


def _head() -> QHBoxLayout:
    sign = QLabel()
    sign.setPixmap(QIcon(str(resource("lacuna.svg"))).pixmap(6 * GRID, 6 * GRID))
    words = tr("Paint over what should not be there, and the photograph is whole again.")
    texts = QVBoxLayout()
    texts.setSpacing(GRID // 2)
    texts.addWidget(label(f"Lacuna {__version__}", "title"))
    texts.addWidget(label(words, "muted", wraps=True))
    row = QHBoxLayout()
    row.setSpacing(2 * GRID)
    row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(texts, 1)
    return row


def _weights() -> QWidget:
    page, card = QWidget(), diagnostics.model_card()
    form = _form(page)
    if card is None:
        form.addRow(_fact(tr("The weights have no model card that can be read.")))
        return page
    form.addRow(_name(tr("Name")), _fact(card.name))
    form.addRow(_name(tr("Licence")), _fact(card.licence))
    form.addRow(_name(tr("Origin")), _fact(card.source))
    form.addRow(_name(tr("Trained")), _fact(tr("{} steps on {}").format(card.steps, card.hardware)))
    form.addRow(_name(tr("Photographs")), _fact(whole(card.photographs)))
    rows = QPlainTextEdit("\n".join(f"{count} · {source} · {licence}" for source, licence, count in card.sources))
    rows.setReadOnly(True)
    rows.setTabChangesFocus(True)
    rows.setAccessibleName(tr("Data sources"))
    form.addRow(_name(tr("Data sources")), rows)
    return page


def _form(page: QWidget) -> QFormLayout:
    form = QFormLayout(page)
    form.setContentsMargins(0, 2 * GRID, 0, 0)
    form.setHorizontalSpacing(2 * GRID)
    form.setVerticalSpacing(GRID)
    return form


def _name(text: str) -> QLabel:
    return label(text, "muted")


def _fact(text: str) -> QLabel:
    fact = label(text, wraps=True)
    fact.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return fact
