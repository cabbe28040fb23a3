"""Whether the user's own model may run: asked when it is switched on, when another file is chosen, when one changed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.inference.allowed import AllowedFile, NotAllowedError, allowed_file
from app.inference.catalog import CUSTOM
from app.ui.dialogs import Asker
from app.ui.language import tr
from app.ui.session.jobs import Err, Ok
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings


class ModelConsent(QObject):
    """Remembers the hash of what was allowed in the settings; while there is none, nothing of the user's own is run."""

    def __init__(self, session: Session, settings: Settings, asker: Asker, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._settings, self._asker = session, settings, asker
        self._question: object = None
        settings.changed.connect(self._changed)
        session.runs.failed.connect(self._run_failed)

    def _changed(self, setting: Setting[object]) -> None:
        if setting is declared.ALLOW_MODEL_CODE or setting is declared.MODEL_FILE:
            self._withdraw()
            if self._settings.get(declared.ALLOW_MODEL_CODE):
                self._begin(was_on=setting is declared.MODEL_FILE)

    def _run_failed(self, error: Exception) -> None:
        if isinstance(error, NotAllowedError):
            self._settings.set(declared.MODEL_SHA256, "")
            self._begin(was_on=True, is_changed=True)

    def _withdraw(self) -> None:
        self._question = None
        self._settings.set(declared.MODEL_SHA256, "")
        if self._settings.get(declared.COARSE) == CUSTOM.name:
            self._settings.reset(declared.COARSE)

    def _begin(self, *, was_on: bool, is_changed: bool = False) -> None:
        """Ask, once what led here is done; `was_on` before the file was chosen. The file is read first, on the pool."""
        question = self._question = object()
        name = self._settings.get(declared.MODEL_FILE)
        if not name:
            if not was_on:
                QTimer.singleShot(0, self, partial(self._ask, question, None, was_on, is_changed))
            return

        def read(outcome: Ok[AllowedFile] | Err) -> None:
            if isinstance(outcome, Ok):
                self._ask(question, outcome.value, was_on, is_changed)
            elif question is self._question:
                self._refuse(was_on=was_on)
                self._session.fail(outcome.error)

        self._session.runner.submit(partial(allowed_file, Path(name)), read)

    def _ask(self, question: object, file: AllowedFile | None, was_on: bool, is_changed: bool) -> None:
        if question is not self._question:
            return
        path = None if file is None else file.path
        is_allowed = self._asker.may_run_model(path, is_changed=is_changed)
        if question is not self._question:
            return
        if not is_allowed:
            self._refuse(was_on=was_on)
        elif file is not None:
            self._settings.set(declared.MODEL_SHA256, file.sha256)
            self._session.notice_given.emit(tr("“{}” can be chosen now as what fills first.").format(file.path.name))

    def _refuse(self, *, was_on: bool) -> None:
        """Back to what was before the question: without the file, or without the switch."""
        if was_on:
            self._settings.reset(declared.MODEL_FILE)
        else:
            self._settings.reset(declared.ALLOW_MODEL_CODE)
