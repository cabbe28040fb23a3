"""Real processes, killed at random moments; ``python -m tests.killing`` does a hundred."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.killing import killed_at_random


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("seed", [4, 7])
def test_a_killed_process_loses_less_than_a_second_and_no_file(tmp_path: Path, seed: int) -> None:
    for moment in killed_at_random(seed, tmp_path / "killed", longest_life=1.0):
        assert moment.problems == []
