"""Only the newest wish counts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.ui.session.jobs import JobRunner
from app.ui.session.latest import Latest, Wanted
from tests.conftest import HeldExecutor


@pytest.fixture
def held() -> HeldExecutor:
    return HeldExecutor()


@pytest.fixture
def runner(qtbot: QtBot, held: HeldExecutor) -> Iterator[JobRunner]:
    result = JobRunner(pool=held)
    yield result
    result.close()


def settle(held: HeldExecutor) -> None:
    """Run and deliver until nothing is left."""
    for _ in range(4):
        held.release()
        QApplication.processEvents()


def test_of_many_wishes_the_first_and_the_last_run_and_the_last_counts(runner: JobRunner, held: HeldExecutor) -> None:
    ran: list[int] = []
    got: list[int] = []
    wanted: list[bool] = []

    def work(number: int, is_wanted: Wanted) -> int:
        ran.append(number)
        wanted.append(is_wanted())
        return number

    latest = Latest(runner, lambda error: None)
    for number in range(5):
        latest.ask(lambda is_wanted, number=number: work(number, is_wanted), got.append)
    assert latest.is_waiting
    settle(held)
    assert ran == [0, 4]
    assert wanted == [False, True]
    assert got == [4]
    assert not latest.is_waiting


def test_what_was_dropped_is_not_told_nor_are_its_errors(runner: JobRunner, held: HeldExecutor) -> None:
    got: list[object] = []
    errors: list[Exception] = []
    latest = Latest(runner, errors.append)

    def fail(is_wanted: Wanted) -> int:
        raise ValueError("no")

    latest.ask(fail, got.append)
    latest.drop()
    settle(held)
    assert (got, errors) == ([], [])
    latest.ask(fail, got.append)
    settle(held)
    assert [str(error) for error in errors] == ["no"]
    latest.ask(lambda is_wanted: 3, got.append)
    settle(held)
    assert got == [3]
