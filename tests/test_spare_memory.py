"""What was freed goes back to the system."""

from __future__ import annotations

import ctypes
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import memory
from app.ui.main_window import MainWindow
from app.ui.session import spare_memory
from app.ui.session.jobs import JobRunner
from app.ui.session.spare_memory import SpareMemory


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries keep little")
def test_what_was_freed_goes_back() -> None:
    pieces = [np.ones(100_000, np.uint8) for _ in range(2000)]  # each too small to have pages of its own
    kept = pieces[-1]
    full = memory.current_mb()
    pieces.clear()
    memory.give_back()
    left = memory.current_mb()
    assert full is not None
    assert left is not None
    assert kept.all()
    assert left < full - 150


def _pools(out: Path) -> int:
    """How many pools glibc has, as it says itself, once eight threads have asked for memory."""
    libc = ctypes.CDLL("libc.so.6")
    libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        libc.malloc(1000)
        together.wait()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    file = ctypes.c_void_p(libc.fopen(str(out).encode(), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
    return out.read_text().count("<heap nr=")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' C libraries have no such pools")
@pytest.mark.parametrize("limited", [True, False])
def test_threads_take_from_few_pools(tmp_path: Path, limited: bool) -> None:
    program = f"""
from pathlib import Path
from app.memory import keep_together
from tests.test_spare_memory import _pools
{"assert keep_together()" if limited else ""}
print(_pools(Path({str(tmp_path / "pools")!r})))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (int(done.stdout) <= memory.ARENAS) is limited


def test_it_waits_for_a_rest_and_while_the_user_paints(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare_memory, "_REST", 1)
    runner, asked, given = JobRunner(), [True, True, False], []
    monkeypatch.setattr(memory, "give_back", lambda: given.append(len(asked)))
    spare = SpareMemory(runner, lambda: asked.pop(0))
    assert not spare.is_due
    spare.freed()
    assert spare.is_due
    qtbot.waitUntil(lambda: not spare.is_due)
    runner.close()
    assert given == [0]


def test_it_follows_a_photo_that_is_closed(qtbot: QtBot, opened: MainWindow, qapp: QApplication) -> None:
    opened.spare_memory.give_back()
    qtbot.waitUntil(lambda: not opened.spare_memory.is_due)
    opened.photos.close_all()
    assert opened.spare_memory.is_due
