"""The states that show what the window asks: before it closes, when a session is saved, after a crash."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from screenshot_batch import views

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QDialog, QWidget
    from screenshot_studio import Studio

    from app.document.recovery.offers import Offer
    from app.ui.asking import Asker

    Over = tuple[QWidget, QPoint]

_CRASH = datetime(2026, 5, 14, 18, 22).timestamp()


def closing(studio: Studio) -> list[Over]:
    """A fill is under way, and the window is to be closed."""
    return asked(studio, lambda asker: asker.about_running(["sample.jpg"]))


def session(studio: Studio) -> list[Over]:
    """What a session file is to hold."""
    from app.paths import resource

    settings = studio.window.settings
    return asked(studio, lambda asker: asker.choose_session_options(settings, resource("sample.jpg")))


def recovery(studio: Studio) -> list[Over]:
    """Three photos: one as it was, one that was saved meanwhile, one that can't be had."""
    from PySide6.QtCore import Qt

    recover = studio.window.commands.recover
    if recover.sheet is None:
        offers = _offers(studio)
        studio.window.recovery.found.emit(offers)
        assert recover.sheet is not None
        recover.sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # it is hidden between two sizes
        studio.window.recovery.not_restored.emit(offers[2], _why(offers[2]))
    assert recover.sheet is not None
    return [over(studio, recover.sheet)]


def close_questions(studio: Studio) -> None:
    """Nothing is asked any longer."""
    from PySide6.QtWidgets import QDialog

    sheet = studio.window.commands.recover.sheet
    if sheet is not None:
        sheet.reject()
        sheet.deleteLater()
    for each in studio.window.findChildren(QDialog, _NAME):
        each.hide()
        each.deleteLater()


_NAME = "asked"


def asked(studio: Studio, ask: Callable[[Asker], object]) -> list[Over]:
    """The dialogs that `ask` brings up, which wait for no answer."""
    from unittest.mock import patch

    from PySide6.QtWidgets import QDialog, QMessageBox

    shown: list[QDialog] = []

    def leave_open(dialog: QDialog) -> int:
        dialog.setObjectName(_NAME)
        dialog.show()
        shown.append(dialog)
        return 0

    with (
        patch.object(QMessageBox, "exec", leave_open),
        patch.object(QDialog, "exec", leave_open),
        patch.object(QDialog, "deleteLater", lambda dialog: None),
    ):
        ask(studio.window.asker)
    studio.settle()
    return [over(studio, each) for each in shown]


def over(studio: Studio, dialog: QDialog) -> Over:
    """`dialog` in the middle of the window."""
    return dialog, studio.window.rect().center() - dialog.rect().center()


def _why(offer: Offer) -> str:
    from app.errors import LacunaError
    from app.ui.session.crash import sentence
    from app.words import Words

    gone = "{path} is no longer there, and no copy of it was kept"
    return sentence(LacunaError(Words(gone, path=offer.survey.file.place)))


def _offers(studio: Studio) -> list[Offer]:
    from app.document.recovery.journal import Survey
    from app.document.recovery.offers import Offer
    from app.document.recovery.records import FileStatus, Opened
    from app.imaging.geometry import Extent

    facts = ("IMG_2041.jpg", 12, False), ("IMG_2044.jpg", 1, True), ("Evening.tif", 31, False)
    found = []
    for number, ((name, edits, is_painting), (picture, _)) in enumerate(zip(facts, views(240), strict=False)):
        place = Path.home() / "Pictures" / "Harbour" / name
        opened = Opened(name, Extent(3600, 2400), 1, _CRASH, "0", None)
        survey = Survey(opened, FileStatus(place, place, name), edits=edits, is_painting=is_painting)
        found.append(Offer(studio.store / f"left {number}", survey, _CRASH - 60 * number, picture))
    return found
