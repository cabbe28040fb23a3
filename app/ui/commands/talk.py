"""What is saved of the stages for talks and papers: a film, a strip."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QFont, QGuiApplication

from app.atomic import write_bytes
from app.imaging.arrays import Image
from app.imaging.files import write_image
from app.imaging.film import Film, Scene, Transition
from app.imaging.film_files import rate_of, write_film
from app.imaging.geometry import Rect, united
from app.imaging.stage_views import part_round, sized
from app.inference.request import Check
from app.ui.asking import Asker
from app.ui.commands.file import FileCommands
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.saves import SaveKind
from app.ui.session.session import Session
from app.ui.session.talk_files import Recipe, Shown, TalkFiles, Tint
from app.ui.session.variants import letters
from app.ui.settings import declared
from app.ui.settings.declared import StripForm, TalkPart
from app.ui.settings.store import Settings
from app.ui.stages.stage_strip import StageView
from app.ui.stages.talk_pages import Columns, Panel, Strip, labelled

_COLUMNS = {
    StripForm.ROW: Columns.ROW,
    StripForm.TWO_ROWS: Columns.TWO_ROWS,
    StripForm.COLUMN: Columns.COLUMN,
}
_LONGER_AT_THE_END = 2
_STRIP_SIDE = 1200
"""Pixels of the longer side of a strip's picture, at most."""


class TalkCommands(QObject):
    """Changes no document."""

    def __init__(
        self,
        session: Session,
        view: StageView,
        photo_files: PhotoFiles,
        file: FileCommands,
        settings: Settings,
        asker: Asker,
    ) -> None:
        super().__init__()
        self._session, self._view, self._photo_files, self._file = session, view, photo_files, file
        self._settings, self._asker = settings, asker
        self._files = TalkFiles(session)

    def has_results(self) -> bool:
        """There is a stage to be shown."""
        return self._session.document is not None and bool(self._session.runs.results)

    def save_film(self) -> None:
        """Ask how and where, and write a film that goes from the hole through all stages."""
        if not self.has_results() or not self._asker.choose_film(self._settings):
            return
        get = self._settings.get
        path = self._asker.film_to_save(self._suggestion("film", get(declared.FILM_FORMAT)))
        if path is not None:
            font = QGuiApplication.font() if get(declared.TALK_LABELS) else None
            recipe = _FilmRecipe(get(declared.FILM_SIDE), get(declared.FILM_HOLD), get(declared.FILM_TRANSITION), font)
            self._write(path, SaveKind.FILM, recipe)

    def save_strip(self) -> None:
        """Ask how and where, and write the stages side by side."""
        if not self.has_results() or not self._asker.choose_strip(self._settings):
            return
        get = self._settings.get
        path = self._asker.strip_to_save(self._suggestion("stages", get(declared.STRIP_FORMAT)))
        if path is not None:
            self.write_strip(path)

    def write_strip(self, path: Path) -> None:
        """Write the stages side by side, as set, to `path`, whose suffix says of which kind."""
        get = self._settings.get
        columns, has_letters = _COLUMNS[get(declared.STRIP_FORM)], get(declared.STRIP_LETTERS)
        self._write(path, SaveKind.STRIP, _StripRecipe(columns, has_letters, QGuiApplication.font()))

    def _suggestion(self, what: str, suffix: str) -> Path:
        return self._file.folder() / f"{Path(self._photo_files.name).stem}-{what}{suffix}"

    def _write(self, path: Path, kind: SaveKind, recipe: Recipe) -> None:
        colour = QColor(self._settings.get(declared.OVERLAY_COLOUR))
        tint = Tint((colour.red(), colour.green(), colour.blue()), self._settings.get(declared.OVERLAY_OPACITY))
        self._files.write(path, self._part(), tint, recipe, kind)

    def _part(self) -> Rect:
        """Of the photo, what is to be shown."""
        document, shown = self._session.document, self._session.runs.shown
        assert document is not None
        whole = Rect(0, 0, *document.extent)
        match self._settings.get(declared.TALK_PART):
            case TalkPart.SEEN:
                corners = self._view.viewport.corners()
                left, top = (max(math.floor(min(values)), 0) for values in zip(*corners, strict=True))
                right, bottom = (math.ceil(max(values)) for values in zip(*corners, strict=True))
                return Rect(left, top, right - left, bottom - top).intersected(whole)
            case TalkPart.HOLE if shown is not None:
                patches = (patch.rect for result in shown.results.values() for patch in result.patches)
                return part_round(united(patches), document.extent)
            case _:
                return whole


@dataclass(frozen=True, slots=True)
class _FilmRecipe:
    """How a film is made; on any thread."""

    side: int
    hold: float
    transition: Transition
    font: QFont | None
    """Of the labels; None: there are none."""

    def sized(self, picture: Image) -> Image:
        """See `Recipe`."""
        return sized(picture, self.side)

    def write(self, path: Path, shown: list[Shown], check: Check) -> None:
        """See `Recipe`."""
        holds = [self.hold] * (len(shown) - 1) + [_LONGER_AT_THE_END * self.hold]
        scenes = [Scene(*pair) for pair in zip(map(self._frame, shown), holds, strict=True)]
        write_film(path, Film(scenes, self.transition, rate=rate_of(path)), check)

    def _frame(self, shown: Shown) -> Image:
        return shown.picture if self.font is None else labelled(shown.picture, shown.words, self.font)


@dataclass(frozen=True, slots=True)
class _StripRecipe:
    """How a strip is made; on any thread."""

    columns: Columns
    has_letters: bool
    font: QFont

    def sized(self, picture: Image) -> Image:
        """See `Recipe`."""
        return sized(picture, min(max(picture.shape[:2]), _STRIP_SIDE))

    def write(self, path: Path, shown: list[Shown], check: Check) -> None:
        """The photo itself is left out: the hole shows what it was."""
        panels = []
        for index, each in enumerate(shown[1:]):
            words = f"({letters(index).lower()}) {each.words}" if self.has_letters else each.words
            panels.append(Panel(each.picture, words))
        check()
        strip = Strip(panels, self.columns, self.font)
        if path.suffix.lower() == ".pdf":
            write_bytes(path, strip.to_pdf())
        else:
            write_image(path, strip.to_picture())
