"""The photos whose work a crash left, beside the window: what is to be restored, left for later, or discarded."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.document.recovery.offers import Offer
from app.ui.asking import Asker
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import button, flush, label
from app.ui.panels.recovery_row import RecoveryRow, RowState
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.recovery import Recovery

_WIDTH, _LARGEST = 88 * GRID, 88 * GRID


class RecoverySheet(QDialog):
    """Blocks nothing. Closed, it leaves for later whatever was not decided, and deletes what was discarded."""

    def __init__(
        self, offers: list[Offer], recovery: Recovery, photos: OpenPhotos, asker: Asker, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._recovery, self._photos, self._asker = recovery, photos, asker
        self._rows: list[RecoveryRow] = []
        self.setWindowTitle(tr("Recover work"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._list, self._scroll = QWidget(), QScrollArea()
        self._column = flush(QVBoxLayout(self._list), 0)
        for offer in offers:
            self._add(offer)
        self._column.addStretch(1)
        self._all = button(tr("Restore all"), self.restore_all, tip=tr("Open all these photos with their work"))
        self._close = button(tr("Later"), self.reject, tip=tr("Keep what is listed and offer it again (Esc)"))
        self._lay_out()
        recovery.restored.connect(self._restored)
        recovery.not_restored.connect(self._not_restored)
        recovery.put_off.connect(self._put_off)
        photos.changed.connect(self._refresh)
        self._refresh()

    @property
    def rows(self) -> tuple[RecoveryRow, ...]:
        """Those shown."""
        return tuple(self._rows)

    def restore_all(self) -> None:
        """Open all that are still to be had."""
        self._restore([row for row in self._rows if row.state is RowState.OFFERED])

    def done(self, result: int) -> None:
        """Delete what was discarded."""
        for row in self._rows:
            if row.state is RowState.DISCARDED:
                self._recovery.discard(row.offer)
        super().done(result)

    def _lay_out(self) -> None:
        text = tr(
            "Lacuna did not end properly. What you did to these photos is still here; what you leave for later is"
            " offered again at the next start, and under File ▸ Recover work."
        )
        scroll = self._scroll
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Photos"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._list)
        foot = flush(QHBoxLayout())
        foot.addStretch(1)
        foot.addWidget(self._close)
        foot.addWidget(self._all)
        self._all.setDefault(True)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(3 * GRID, 3 * GRID, 3 * GRID, 2 * GRID)
        rows.setSpacing(GRID)
        rows.addWidget(label(text, wraps=True))
        rows.addWidget(scroll, 1)
        rows.addLayout(foot)
        self.resize(_WIDTH, min(self._list.sizeHint().height() + 18 * GRID, _LARGEST))

    def _add(self, offer: Offer) -> None:
        row = RecoveryRow(offer)
        row.restore_pressed.connect(lambda: self._restore([row]))
        row.later_pressed.connect(lambda: self._drop(row))
        row.lay_pressed.connect(partial(self._recovery.lay_mask, offer))
        row.save_mask_pressed.connect(partial(self._save_mask, offer))
        self._rows.append(row)
        self._column.addWidget(row)

    def _restore(self, rows: list[RecoveryRow]) -> None:
        for row in rows:
            row.set_state(RowState.RETURNING)
        self._recovery.restore([row.offer for row in rows])
        self._refresh()

    def _save_mask(self, offer: Offer) -> None:
        place = offer.survey.file.place
        suggestion = offer.folder / "mask.png" if place is None else place.with_name(f"{place.stem}-mask.png")
        path = self._asker.mask_to_save(suggestion)
        if path is not None:
            self._recovery.save_mask(offer, path)

    def _row_of(self, offer: Offer) -> RecoveryRow | None:
        return next((row for row in self._rows if row.offer.folder == offer.folder), None)

    def _restored(self, offer: Offer) -> None:
        row = self._row_of(offer)
        if row is not None:
            self._drop(row)

    def _not_restored(self, offer: Offer, why: str) -> None:
        self._tell(offer, RowState.LOST, why)

    def _put_off(self, offer: Offer, why: str) -> None:
        self._tell(offer, RowState.OFFERED, why)

    def _tell(self, offer: Offer, state: RowState, why: str) -> None:
        row = self._row_of(offer)
        if row is not None:
            row.set_state(state, why)
            self._refresh()

    def _drop(self, row: RecoveryRow) -> None:
        self._rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._refresh()
        if not self._rows:
            self.accept()

    def _refresh(self) -> None:
        self._all.setEnabled(any(row.state is RowState.OFFERED for row in self._rows))
        for row in self._rows:
            row.set_beside(self._beside(row.offer))
        bar = self._scroll.verticalScrollBar().sizeHint().width()
        self._scroll.setMinimumWidth(self._list.minimumSizeHint().width() + bar)

    def _beside(self, offer: Offer) -> str:
        """What to say of the same photo that is open already."""
        there = self._recovery.shown(offer)
        if there is None:
            return ""
        if self._photos.is_modified(there):
            return tr("The photo is open with other changes; restored, it opens a second time.")
        return tr("The photo is open without this work; restoring puts it in its place.")
