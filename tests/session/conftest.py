"""Fixtures of the tests that need no window: a session over a fake engine, its files, and a photo open in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.session.photo_files import PhotoFiles
from app.ui.session.session import Session
from tests.fakes import FakeEngine
from tests.session.driving import living_session, open_in, write_photo


@pytest.fixture
def session(qapp: QApplication, engine: FakeEngine) -> Iterator[Session]:
    yield from living_session(engine)


@pytest.fixture
def files(session: Session) -> PhotoFiles:
    return PhotoFiles(session)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path)


@pytest.fixture
def opened(qtbot: QtBot, session: Session, files: PhotoFiles, photo: Path) -> Session:
    return open_in(qtbot, session, files, photo)
