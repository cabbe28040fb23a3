"""A whole editing session opens no socket to anywhere."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from app.imaging.files import read_photo
from tests import offline
from tests.photo_files import smooth


def test_an_editing_session_opens_no_socket(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.offline", str(tmp_path)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["calls"] == told["connections"] == []
    assert set(told["written"]) >= {"sea.png", "copy.jpg", "work.lacuna"}
    assert (read_photo(tmp_path / "sea.png").pixels != smooth(180, 120)).any(), "nothing was filled"


def test_the_watch_sees_sockets() -> None:
    program = (
        "import socket; from tests import offline; offline.watch(); socket.socketpair();"
        "server = socket.socket(); server.bind(('127.0.0.1', 0)); server.listen(); offline.look();"
        "print(len(offline.CALLS), len(offline.CONNECTIONS))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["2", "1"]


def test_sockets_within_the_machine_do_not_count() -> None:
    assert offline._is_local("socket.__new__", (None, socket.AF_UNIX, 1, 0))
    assert not offline._is_local("socket.getaddrinfo", ("example.org", 80))
