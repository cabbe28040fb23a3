"""The tables of a batch's window: what stands in them, and that thousands of rows cost no more than a few."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.batch.events import FileOutcome
from app.batch.request import Problem, ProblemKind
from app.ui.batch.pictures import Pictures
from app.ui.batch.plan_model import PROBLEM, PlanModel
from app.ui.batch.plan_words import counts, space
from app.ui.batch.queue_model import AFTER, FRACTION, PICTURE, REMARKS, SECONDS, STATE, QueueModel
from app.ui.batch.queue_page import QueuePage
from app.ui.batch.queue_words import ended_words, long_span
from app.ui.session.batch_rows import BatchSummary
from app.ui.session.batch_work import BatchWork
from app.ui.session.jobs import JobRunner
from app.ui.session.session import Session
from app.words import Words
from tests.batches import job_of, outcome_of, planned
from tests.conftest import HeldExecutor, ImmediateExecutor
from tests.fakes import FakeEngine

OUT = Path("/out")
MANY = 10_000


@pytest.fixture
def work(qapp: QApplication) -> BatchWork:
    """A batch that never begins."""
    return BatchWork(Session(lambda: FakeEngine().run, JobRunner(HeldExecutor(), ImmediateExecutor())))


def jpeg(shade: int) -> bytes:
    out = io.BytesIO()
    PIL.Image.fromarray(np.full((6, 9, 3), shade, np.uint8)).save(out, "JPEG")
    return out.getvalue()


def ended(work: BatchWork, row: int, **fields: object) -> FileOutcome:
    outcome = replace(outcome_of(work.rows[row].job), **fields)  # type: ignore[arg-type]
    work.rows[row].end(outcome)
    return outcome


def test_the_rows_of_a_queue(work: BatchWork) -> None:
    model = QueueModel(work)
    work.start(planned(OUT, 2))
    ended(work, 0, before=jpeg(10), after=jpeg(200), warnings=(Words("the hole is large"), "so is the file"))
    cells = [model.index(0, column).data() for column in (0, STATE, SECONDS, REMARKS)]
    assert cells == ["0.png", "Done", "1.5", "The hole is large. So is the file."]
    picture = model.index(0, AFTER).data(PICTURE)
    assert isinstance(picture, QPixmap)
    assert picture.size() == QSize(9, 6)
    assert model.index(1, AFTER).data(PICTURE) is None
    assert model.index(1, STATE).data() == "Waiting"
    assert model.index(1, STATE).data(FRACTION) is None
    assert model.index(0, AFTER).data(Qt.ItemDataRole.AccessibleTextRole) == "The result of 0.png"


def test_only_the_row_that_changed_is_announced(work: BatchWork) -> None:
    model = QueueModel(work)
    work.start(planned(OUT, 50))
    seen: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last, roles: seen.append((first.row(), last.row())))
    work.file_changed.emit(7)
    assert seen == [(7, 7)]


def test_of_thousands_of_rows_those_in_sight_alone_are_asked_for(qtbot: QtBot, work: BatchWork) -> None:
    page = QueuePage(work)
    qtbot.addWidget(page)
    page.resize(900, 500)
    asked: set[int] = set()
    original = page.model.data

    def data(index: object, role: int = 0) -> object:
        asked.add(index.row())  # type: ignore[attr-defined]
        return original(index, role)  # type: ignore[arg-type]

    page.model.data = data  # type: ignore[assignment, method-assign]
    page.show()
    work.start(planned(OUT, MANY))
    page.grab()
    assert page.model.rowCount() == MANY
    assert asked
    assert len(asked) < 40
    asked.clear()
    page.choose(MANY - 1)
    page.grab()
    assert MANY - 1 in asked
    assert len(asked) < 40


def test_pictures_are_decoded_once_and_the_oldest_let_go(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ui.batch.pictures._AT_HAND", 2)
    pictures, files = Pictures(), [jpeg(shade) for shade in (10, 100, 200)]
    first = pictures.of(files[0])
    assert pictures.of(files[0]) is first
    pictures.of(files[1])
    pictures.of(files[0])
    pictures.of(files[2])
    assert pictures.of(files[0]) is first, "looked at more lately than the second"
    assert pictures.of(b"") is None
    assert pictures.of(b"no picture") is None


def test_the_rows_of_a_plan(qapp: QApplication) -> None:
    plan = planned(OUT, 2)
    problem = Problem(ProblemKind.MASK_MISSING, Words("there is no mask for {name}", name="1.png"))
    plan = replace(plan, rows=(plan.rows[0], replace(plan.rows[1], problem=problem)))
    model = PlanModel()
    assert model.show_plan(plan, problems_only=False)
    assert not model.show_plan(plan, problems_only=False)
    assert [model.index(0, column).data() for column in range(5)] == ["0.png", "–", "0.png", "60 × 40 · 0.0 MP", ""]
    assert model.index(1, PROBLEM).data() == "There is no mask for 1.png."
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == str(job_of(OUT, 0).photo)
    model.show_plan(plan, problems_only=True)
    assert model.rowCount() == 1
    assert counts(plan) == "2 photos: 1 ready, 1 with a problem."


def test_space_that_is_not_there_is_said() -> None:
    plan = replace(planned(OUT, 1), space_needed=3 * 2**30, space_free=2**30)
    assert space(plan) == "There is not enough space: the results take about 3.0 GB, and 1.0 GB are free."
    assert "of 1.0 GB that are free" in space(replace(plan, space_needed=2**20))


def test_how_a_batch_ended_in_words() -> None:
    assert ended_words(BatchSummary(1, 0, 0, 0, 1.0)) == "The batch is done: 1 photo is filled."
    words = ended_words(BatchSummary(5, 2, 1, 3, 1.0))
    assert words == "The batch was stopped: 5 photos are filled, 2 failed, 1 was left out."
    assert long_span(3725) == "1 h 2 min"
