"""Whether the user's own models may be used: asked when one is added, and again when its file was changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.inference.allowed import AllowedFile, NotAllowedError, allowed_file
from app.inference.catalog import CUSTOM
from app.inference.own_models import OwnModel, kept, own_models, recognised, with_model, without
from app.ui.asking import Asker
from app.ui.language import tr
from app.ui.session.jobs import Err, Ok
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings


class ModelConsent(QObject):
    """Keeps in the settings the hash of each file that was allowed; what has none is asked about, or is taken out."""

    def __init__(self, session: Session, settings: Settings, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings, self._asker = session, settings, asker
        self._asked: Path | None = None
        """The file that is being read or asked about: one after the other."""
        self._changed_files: set[Path] = set()
        self._take_over()
        self._store(each for each in self._models if each.is_allowed)
        settings.changed.connect(self._changed)
        session.runs.failed.connect(self._run_failed)

    @property
    def _models(self) -> tuple[OwnModel, ...]:
        return own_models(self._settings.get(declared.OWN_MODELS))

    def _store(self, models: Iterable[OwnModel]) -> None:
        self._settings.set(declared.OWN_MODELS, kept(models))

    def _take_over(self) -> None:
        """What was the only model of their own that users of 0.5 could have is the first of several."""
        path, sha256 = self._settings.get(declared.MODEL_FILE), self._settings.get(declared.MODEL_SHA256)
        if path and sha256:
            models = with_model(self._models, AllowedFile(Path(path), sha256))
            self._store(models)
            if self._settings.get(declared.COARSE) == CUSTOM.name:
                self._settings.set(declared.OWN_MODEL, models[-1].name)
        self._settings.reset(declared.MODEL_FILE)
        self._settings.reset(declared.MODEL_SHA256)

    def _changed(self, setting: Setting[object]) -> None:
        chosen = self._settings.get(declared.OWN_MODEL)
        if setting is declared.COARSE and self._settings.get(declared.COARSE) != CUSTOM.name:
            self._settings.reset(declared.OWN_MODEL)
        elif setting is declared.OWN_MODELS:
            if chosen and chosen not in [each.name for each in self._models]:
                self._settings.reset(declared.COARSE)
            self._ask_next()

    def _run_failed(self, error: Exception) -> None:
        """A file that was changed loses its consent, which is asked for again."""
        if isinstance(error, NotAllowedError):
            chosen = self._settings.get(declared.OWN_MODEL)
            path = error.path or next((each.file.path for each in self._models if each.name == chosen), None)
            found = [each for each in self._models if each.file.path == path]
            if found and path is not None:
                self._changed_files.add(path)
                self._store(with_model(self._models, replace(found[0].file, sha256="")))

    def _ask_next(self) -> None:
        """Read the next file without consent, on the pool, and ask once what led here is done."""
        waiting = [each.file.path for each in self._models if not each.is_allowed]
        if self._asked is not None or not waiting:
            return
        path = self._asked = waiting[0]

        def read(outcome: Ok[AllowedFile] | Err) -> None:
            if isinstance(outcome, Ok):
                QTimer.singleShot(0, self, partial(self._ask, outcome.value))
            else:
                self._session.fail(outcome.error)
                self._end(path, without(self._models, path))

        self._session.runner.submit(partial(allowed_file, path), read)

    def _ask(self, file: AllowedFile) -> None:
        is_allowed = self._asker.may_run_model(file, is_changed=file.path in self._changed_files)
        if all(each.file.path != file.path for each in self._models):
            self._end(file.path, self._models)  # it was removed meanwhile
        elif not is_allowed:
            self._end(file.path, without(self._models, file.path))
        else:
            models = with_model(recognised(self._models, file), file)
            self._end(file.path, models)
            name = next(each.name for each in models if each.file.path == file.path)
            self._session.notice_given.emit(tr("“{}” can be chosen now as what fills first.").format(name))

    def _end(self, path: Path, models: tuple[OwnModel, ...]) -> None:
        self._asked = None
        self._changed_files.discard(path)
        self._store(models)
        self._ask_next()
