"""One photo whose work a crash left: its picture, what is known of it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from app.document.recovery.offers import Offer
from app.ui.canvas.qimages import to_pixmap
from app.ui.language import plural, tr
from app.ui.look.theme import GRID
from app.ui.panels.elided_label import ElidedLabel
from app.ui.panels.pieces import button, flush, label

_PICTURE = QSize(14 * GRID, 10 * GRID)


class RowState(Enum):
    """What becomes of the work."""

    OFFERED = auto()
    RETURNING = auto()
    LOST = auto()
    """The photo can't be had; the mask can."""
    DISCARDED = auto()
    """It is deleted once the sheet is closed."""


class RecoveryRow(QFrame):
    """Says what is pressed; what then happens is its owner's."""

    restore_pressed = Signal()
    later_pressed = Signal()
    lay_pressed = Signal()
    save_mask_pressed = Signal()

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer
        self._state = RowState.OFFERED
        self._problem = self._beside = ""
        self._facts, self._note = label(role="muted", wraps=True), label(role="note", wraps=True)
        self._restore = self._button(tr("Restore"), self.restore_pressed.emit, tr("Open the photo with all of it"))
        self._lay = self._button(
            tr("Mask only"), self.lay_pressed.emit, tr("Open the photo's file as it is now, with the mask over it")
        )
        self._save_mask = self._button(tr("Save the mask…"), self.save_mask_pressed.emit)
        self._later = self._button(
            tr("Later"), self.later_pressed.emit, tr("Keep it and offer it again at the next start")
        )
        self._discard = self._button(tr("Discard"), self._discard_pressed, tr("Delete it, once this window is closed"))
        self._keep = self._button(tr("Keep it"), self._keep_pressed)
        self._lay_out()
        self._refresh()

    @property
    def state(self) -> RowState:
        """What becomes of the work."""
        return self._state

    def set_state(self, state: RowState, problem: str = "") -> None:
        """Show what becomes of it; `problem` says why it is not, or can't be, had."""
        self._state, self._problem = state, problem
        self._refresh()

    def set_beside(self, text: str) -> None:
        """A sentence about the same photo that is open already; empty where it is not."""
        if text != self._beside:
            self._beside = text
            self._refresh()

    def take_keyboard(self) -> None:
        """Focus its first button."""
        shown = (each for each in self._buttons() if not each.isHidden() and each.isEnabled())
        next(shown, self._later).setFocus(Qt.FocusReason.OtherFocusReason)

    def _button(self, text: str, run: Callable[[], object], tip: str = "") -> QPushButton:
        made = button(text, run, tip=tip or text)
        made.setAccessibleName(tr("{verb}: {name}").format(verb=text, name=self.offer.name))
        return made

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self._restore, self._lay, self._save_mask, self._later, self._discard, self._keep

    def _lay_out(self) -> None:
        offer, place = self.offer, self.offer.survey.file.place
        self.setProperty("role", "offer")
        self.setAccessibleName(offer.name)
        name, folder = ElidedLabel(), ElidedLabel("" if place is None else str(place))
        name.setText(offer.name)
        font = name.font()
        font.setBold(True)
        name.setFont(font)
        folder.setProperty("role", "muted")
        folder.setText(tr("Not saved to a file yet") if place is None else str(place.parent))
        texts = flush(QVBoxLayout(), GRID // 2)
        for line in (name, folder, self._facts, self._note):
            texts.addWidget(line)
        verbs = flush(QHBoxLayout())
        verbs.addStretch(1)
        for each in self._buttons():
            verbs.addWidget(each)
        texts.addSpacing(GRID // 2)
        texts.addLayout(verbs)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(2 * GRID)
        row.addWidget(_picture(offer), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)

    def _refresh(self) -> None:
        state = self._state
        is_there, is_gone = state in (RowState.OFFERED, RowState.RETURNING), state is RowState.DISCARDED
        place = self.offer.survey.file.place
        self._restore.setVisible(is_there)
        self._lay.setVisible(state is RowState.LOST and place is not None)
        self._save_mask.setVisible(state is RowState.LOST)
        self._later.setVisible(not is_gone)
        self._discard.setVisible(not is_gone)
        self._keep.setVisible(is_gone)
        for each in self._buttons():
            each.setEnabled(state is not RowState.RETURNING)
        self._facts.setText(facts_of(self.offer))
        note = {
            RowState.RETURNING: tr("Being restored…"),
            RowState.DISCARDED: tr("Will be deleted when this window is closed."),
        }.get(state, self._problem or self._beside)
        self._note.setText(note)
        self._note.setVisible(bool(note))

    def _discard_pressed(self) -> None:
        self.set_state(RowState.DISCARDED)
        self.take_keyboard()

    def _keep_pressed(self) -> None:
        self.set_state(RowState.OFFERED)
        self.take_keyboard()


def facts_of(offer: Offer) -> str:
    """How much there is, and since when."""
    survey = offer.survey
    count = plural("{} edit", "{} edits", survey.edits).format(survey.edits) if survey.edits else ""
    parts = [
        count or ("" if survey.is_painting else tr("All edits undone")),
        tr("a stroke begun") if survey.is_painting else "",
        tr("all of it saved") if survey.is_saved and survey.edits and not survey.is_painting else "",
        QLocale().toString(QDateTime.fromSecsSinceEpoch(int(offer.when)), QLocale.FormatType.ShortFormat),
    ]
    return " · ".join(part for part in parts if part)


def _picture(offer: Offer) -> QLabel:
    shown = QLabel()
    shown.setFixedSize(_PICTURE)
    shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
    shown.setProperty("role", "picture")
    shown.setAccessibleName(tr("Picture of {}").format(offer.name))
    if offer.preview is not None:
        ratio = shown.devicePixelRatioF()
        pixmap = to_pixmap(offer.preview).scaled(
            _PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        pixmap.setDevicePixelRatio(ratio)
        shown.setPixmap(pixmap)
    return shown
