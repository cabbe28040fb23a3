"""A run whose files cannot be written, that is ended at its very end, or that diverges: what was learnt is there."""

from dataclasses import replace

import pytest

from app.atomic import WriteError
from app.errors import LacunaError
from app.models.weights import find_weights
from app.training import guard
from app.training.checkpoints import CHECKPOINT_NAME, load_checkpoint
from app.training.guard import DivergedError
from app.training.recorder import LOG_COLUMNS, Recorder
from app.training.run import Run
from app.training.validation import Validator
from tests.samplers import PoisonedSampler, few_maps
from tests.test_trainer_run import CONFIG, CPU, ScriptedValidator, never, rows, run_of, squares


def refused(*_):
    raise WriteError("another program is using the file")


def test_tables_that_cannot_be_written_end_no_training(tmp_path, monkeypatch, caplog):
    _, run = run_of(tmp_path, validator=ScriptedValidator(0.9, 0.5, 0.7, 0.8))
    monkeypatch.setattr("app.training.recorder.AppendFile", refused)
    assert [log.step for log in run.logs(never)] == [1, 2, 3, 4]
    assert caplog.text.count("another program is using the file") == 1 + 4, "once of the log, each time of a validation"
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["step"] == 4
    assert find_weights(tmp_path / "weights").card["training"]["validation"]["global"]["feature_distance"] == 0.5


def test_rows_are_written_again_once_they_can_be(tmp_path, monkeypatch, caplog):
    _, run = run_of(tmp_path)
    logs = run.logs(never)
    with monkeypatch.context() as patch:
        patch.setattr("app.training.recorder.AppendFile", refused)
        next(logs)
    list(logs)
    assert [row["step"] for row in rows(tmp_path / "log.csv")] == ["2", "3", "4"]
    assert caplog.text.count("step 1: another program is using the file") == 1


class NoSheet:
    """Cannot be drawn."""

    def picture(self, network):
        raise LacunaError("no picture today")


def test_a_sheet_that_fails_keeps_no_weights_back(tmp_path, caplog):
    _, run = run_of(tmp_path, validator=ScriptedValidator(0.9, 0.5, 0.7, 0.4), sheet=NoSheet())
    list(run.logs(never))
    assert "step 4: no picture today" in caplog.text
    assert find_weights(tmp_path / "weights").card["training"]["steps"] == 4


def test_what_ended_at_its_very_end_is_finished_by_the_next_sitting(tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    _, run = run_of(tmp_path, validator=ScriptedValidator(0.9, 0.5, 0.7))
    with monkeypatch.context() as patch:
        patch.setattr(Run, "_finish", killed)
        with pytest.raises(KeyboardInterrupt):
            list(run.logs(never))
    assert find_weights(tmp_path / "weights").card["training"]["steps"] == 2
    trainer, run = run_of(tmp_path, validator=ScriptedValidator(0.4))
    run.resume_best(trainer.restore(tmp_path / CHECKPOINT_NAME))
    assert list(run.logs(never)) == []
    card = find_weights(tmp_path / "weights").card["training"]
    assert (card["steps"], card["validation"]["global"]["feature_distance"]) == (4, 0.4)
    assert rows(tmp_path / "validation.csv")[-1]["score"] == "0.4"
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["best"] == {"by": "scripted", "score": 0.4}


def test_weights_that_could_not_be_written_are_not_the_best(tmp_path, monkeypatch, caplog):
    _, run = run_of(tmp_path, validator=ScriptedValidator(0.5, 0.7, 0.8, 0.9))
    logs = run.logs(never)
    next(logs)
    with monkeypatch.context() as patch:
        patch.setattr("app.training.run.save_network", refused)
        next(logs)
    list(logs)
    assert "another program is using the file" in caplog.text
    assert find_weights(tmp_path / "weights").card["training"]["validation"]["global"]["feature_distance"] == 0.7
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["best"] == {"by": "scripted", "score": 0.7}


def test_a_training_that_is_given_up_leaves_the_last_good_state(tmp_path, monkeypatch):
    monkeypatch.setattr(guard, "SNAPSHOT_SECONDS", 0.0)
    trainer, run = run_of(tmp_path, replace(CONFIG, checkpoint_minutes=1e6))
    trainer._sampler = PoisonedSampler(*range(3, 100))
    with pytest.raises(DivergedError, match="--resume"):
        list(run.logs(never))
    state = load_checkpoint(tmp_path / CHECKPOINT_NAME)
    assert state["step"] == 3
    assert all(value.isfinite().all() for value in state["network"].values())
    trainer, run = run_of(tmp_path)
    trainer.restore(tmp_path / CHECKPOINT_NAME)
    assert [log.step for log in run.logs(never)] == [4]


def test_a_divergence_is_told_even_where_nothing_can_be_saved(tmp_path, monkeypatch, caplog):
    trainer, run = run_of(tmp_path)
    trainer._sampler = PoisonedSampler(*range(100))
    monkeypatch.setattr("app.training.run.save_checkpoint", refused)
    with pytest.raises(DivergedError):
        list(run.logs(never))
    assert "another program is using the file" in caplog.text


def test_scores_of_other_samples_are_not_compared(tmp_path):
    samples = squares(3)
    name = Validator(samples, CPU, None).score_name
    assert Validator(squares(3), CPU, None).score_name == name
    other = squares(3)
    other[1].hole[0, 0] = True
    changed = squares(3)
    changed[2].image[5, 5] ^= 1
    for held, extractor in ((samples[:2], None), (other, None), (changed, None), (samples, few_maps)):
        assert Validator(held, CPU, extractor).score_name != name
    _, run = run_of(tmp_path)
    list(run.logs(never))
    for held, kept in ((samples, True), (samples[:2], False)):
        _, run = run_of(tmp_path, validator=Validator(held, CPU, None))
        run.resume_best({"best": {"by": name, "score": -99.0}})
        assert (run.best == -99.0) is kept


@pytest.mark.parametrize(
    "damage",
    [
        b"5,0.9",
        b"5,0.9\r\n",
        b"\0" * 200,
        b"\0" * 200 + b"\r\n",
        b"5" + b"," * 300 + b"\r\n",
        b"five" + b"," * (len(LOG_COLUMNS) - 1) + b"\r\n",
        b"\xff\xfe\rx\n",
    ],
)
def test_a_torn_table_is_gone_on_with(tmp_path, damage):
    _, run = run_of(tmp_path)
    list(run.logs(never))
    table = tmp_path / "log.csv"
    whole = table.read_bytes()
    table.write_bytes(whole + damage)
    Recorder(tmp_path, 10)
    assert table.read_bytes() == whole


def test_a_last_row_without_its_end_is_none(tmp_path):
    _, run = run_of(tmp_path)
    list(run.logs(never))
    table = tmp_path / "log.csv"
    table.write_bytes(table.read_bytes().removesuffix(b"\r\n"))
    Recorder(tmp_path, 10)
    assert [row["step"] for row in rows(table)] == ["1", "2", "3"]
    table.write_bytes(b"")
    Recorder(tmp_path, 10)
    assert rows(table) == []
