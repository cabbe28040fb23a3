"""A short game of the monkey over the fake engine; for long ones over the real one see `tests.monkey`."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.monkey.play import Play, Rules

STEPS = 120


@pytest.mark.parametrize("seed", [1, 2])
def test_random_steps_end_without_an_error_or_a_thread_left(qtbot: QtBot, tmp_path: Path, seed: int) -> None:
    rules = Rules(seed=seed, last=STEPS, is_fake=True, large=False)
    outcome = Play(rules, tmp_path).played()
    assert outcome.steps == STEPS
    assert not outcome.failures
