"""Shared by all tests: no display is needed, nothing of the user's is read or written."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.ui.main_window import MainWindow
    from tests.fakes import FakeEngine, ScriptedAsker

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(autouse=True)
def isolated_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, settings, cache and log folder of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in ("APPDATA", "LOCAL_APPDATA"):
        monkeypatch.setenv(f"WIN_PD_OVERRIDE_{name}", str(home / name.lower()))
    return home


@pytest.fixture(autouse=True)
def collected_between_tests(request: pytest.FixtureRequest) -> Iterator[None]:
    """Widgets of tests gone by must not be collected on another thread, where Qt waits for this one for ever.

    Nor may they live on: Qt deletes later only where an event loop runs, and every change of the theme polishes them.
    """
    if "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.enable()


class ImmediateExecutor(Executor):
    """Runs what is submitted at once, on the calling thread."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call `fn` now."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


class HeldExecutor(ImmediateExecutor):
    """Keeps what is submitted until `release` runs it."""

    def __init__(self) -> None:
        self._held: list[Callable[[], Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Keep `fn`; the future returned is never done."""
        self._held.append(lambda: fn(*args, **kwargs))
        return Future()

    def release(self) -> None:
        """Run all that was kept, in order."""
        held, self._held = self._held, []
        for call in held:
            call()


@pytest.fixture
def engine() -> Iterator[FakeEngine]:
    """An engine that fills with plain colours; its gates are opened at the end."""
    from tests.fakes import FakeEngine

    result = FakeEngine()
    yield result
    for gate in result.gates.values():
        gate.set()


@pytest.fixture
def asker() -> ScriptedAsker:
    """A user who answers as the test says."""
    from tests.fakes import ScriptedAsker

    return ScriptedAsker()


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, engine: FakeEngine, asker: ScriptedAsker) -> Iterator[MainWindow]:
    """The real main window, shown, over a fake engine, a scripted user and settings of its own."""
    from PySide6.QtCore import QSettings

    from app.ui.main_window import MainWindow
    from app.ui.panels.hints import ALL_HINTS
    from app.ui.session.session import Session
    from app.ui.settings import declared
    from app.ui.settings.store import Settings

    settings = Settings(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    settings.set(declared.HINTS_SEEN, ALL_HINTS)
    result = MainWindow(Session(engine.factory), settings, asker)
    result.session.failed.connect(asker.errors.append)
    result.view.set_animated(False)
    result.resize(1000, 700)
    result.show()
    qtbot.waitExposed(result)
    result.activateWindow()
    yield result
    for gate in engine.gates.values():
        gate.set()
    result.photos.close_all()
    result.session.close()
    result.close()
    result.deleteLater()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """The photo that most tests open; a module that wants another has a fixture of this name."""
    from tests.driving import write_sea

    return write_sea(tmp_path)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, photo: Path) -> MainWindow:
    """The window with `photo` open."""
    from tests.driving import open_photo

    return open_photo(qtbot, window, photo)
