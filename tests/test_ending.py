"""The end of the process, in real ones: whatever goes on in its threads, it ends, and the file on the disk is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.session.ending import LIMIT, EndSignals
from tests.driving import write_sea

ROOT = Path(__file__).parents[1]

Started = subprocess.Popen[str]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return write_sea(folder)


def started(photo: Path, state: str) -> Started:
    """The editor, once it is in `state`."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ending", str(photo), state],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def ended(process: Started) -> int:
    """Its exit code; it must not hang."""
    try:
        return process.wait(60)
    finally:
        process.kill()
        process.communicate()


def test_the_limit_is_below_what_is_promised() -> None:
    assert LIMIT < 5


@pytest.mark.parametrize("state", ["fill", "load"])
def test_an_engine_that_does_not_stop_holds_nobody_up(photo: Path, state: str) -> None:
    assert ended(started(photo, state)) == 0


@pytest.mark.skipif(os.name != "posix", reason="Windows has other signals")
@pytest.mark.parametrize(
    ("number", "state"), [(signal.SIGTERM, "idle"), (signal.SIGINT, "idle"), (signal.SIGTERM, "question")]
)
def test_the_systems_signals_end_it_in_order(photo: Path, number: signal.Signals, state: str) -> None:
    before = photo.read_bytes()
    process = started(photo, state)
    process.send_signal(number)
    assert ended(process) == 128 + number
    assert photo.read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="Windows has other signals")
def test_a_write_that_does_not_end_leaves_the_old_file_and_nothing_else(photo: Path) -> None:
    before = photo.read_bytes()
    process = started(photo, "write")
    process.send_signal(signal.SIGTERM)
    assert ended(process) == 128 + signal.SIGTERM
    assert photo.read_bytes() == before
    assert list(photo.parent.iterdir()) == [photo]


@pytest.mark.skipif(os.name != "posix", reason="Windows has other signals")
def test_signals_are_heard_and_given_back(qtbot: QtBot, qapp: QApplication) -> None:
    before = signal.getsignal(signal.SIGTERM)
    signals = EndSignals()
    with qtbot.waitSignal(signals.asked) as heard:
        os.kill(os.getpid(), signal.SIGTERM)
    assert heard.args == [128 + signal.SIGTERM]
    signals.stop()
    assert signal.getsignal(signal.SIGTERM) is before
