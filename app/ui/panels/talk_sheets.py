"""Sheets asked before a film or a strip of the stages is saved."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.ui.language import tr
from app.ui.panels.controls import row_for
from app.ui.panels.save_options import Sheet
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_FILM = (
    declared.FILM_FORMAT,
    declared.TALK_PART,
    declared.FILM_SIDE,
    declared.FILM_TRANSITION,
    declared.FILM_HOLD,
    declared.TALK_LABELS,
)
_STRIP = (declared.STRIP_FORMAT, declared.TALK_PART, declared.STRIP_FORM, declared.STRIP_LETTERS)


class FilmSheet(Sheet):
    """How the film of the stages is made."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(settings, tr("Film of the stages"), tr("Save…"), _FILM, parent)
        _fill(self, settings, _FILM)


class StripSheet(Sheet):
    """How the strip of the stages is made."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(settings, tr("Strip of the stages"), tr("Save…"), _STRIP, parent)
        _fill(self, settings, _STRIP)


def _fill(sheet: Sheet, settings: Settings, rows: tuple[Setting[Any], ...]) -> None:
    for setting in rows:
        sheet.column.addWidget(row_for(settings, setting))
    sheet.finish()
