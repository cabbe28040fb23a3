"""What a run leaves behind: tables, sheets, checkpoints, the best weights; and what is measured on held-out squares."""

import csv
import json
import signal
import sys
import types
from dataclasses import replace

import numpy as np
import pytest
import torch

from app.cli.main import main
from app.errors import LacunaError
from app.imaging.files import read_photo, write_image
from app.imaging.metrics import psnr
from app.inference.tensors import image_array, image_tensor
from app.models.config import NetworkConfig
from app.models.features import feature_distance
from app.models.lgnet import LGNet
from app.models.weights import find_weights, load_network
from app.training.card import Spent, hardware_name, training_card
from app.training.checkpoints import CHECKPOINT_NAME, load_checkpoint
from app.training.config import LossWeights, Phase, TrainConfig
from app.training.configs import load_config
from app.training.contact_sheet import ROWS, ContactSheet
from app.training.evaluate import Sample
from app.training.interrupts import postponed
from app.training.learner import Learner
from app.training.recorder import LOG_COLUMNS, Recorder
from app.training.run import Run
from app.training.trainer import Trainer
from app.training.validation import StageFigures, Validation, Validator
from tests.networks import write_tiny_weights
from tests.samplers import SmoothSampler, few_maps

CONFIG = TrainConfig(
    network=NetworkConfig(width=4, channel_cap=4, levels=5),
    loss=LossWeights(),
    phases=(Phase(0.0, 32, 2),),
    steps=4,
    bf16=False,
    validation_size=64,
    log_every=1,
    checkpoint_minutes=1.0,
    validation_minutes=1.0,
    sheet_minutes=2.0,
)
CPU = torch.device("cpu")


class MinuteClock:
    """Every reading is a minute after the one before."""

    def __init__(self):
        self._now = 0.0

    def __call__(self):
        self._now += 60.0
        return self._now


class ScriptedValidator:
    """Feature distances as given, one a call."""

    score_name = "scripted"

    def __init__(self, *scores):
        self._scores = iter(scores)

    def measure(self, network):
        score = next(self._scores)
        return Validation(dict.fromkeys(("coarse", "local", "global"), StageFigures(20.0, score)))


def run_of(out, config=CONFIG, validator=None, sheet=None, clock=None):
    trainer = Trainer(config, Learner(config, CPU, few_maps), SmoothSampler(), clock=clock or MinuteClock())

    def card():
        return training_card(config, 3, Spent(trainer.step_number, trainer.images_seen, 1.0), "cpu", None)

    return trainer, Run(trainer, out, Recorder(out, trainer.step_number), card, validator, sheet)


def never():
    return False


def rows(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_run_leaves_tables_sheets_weights_and_its_configuration(tmp_path):
    sheet = ContactSheet.drawn(SmoothSampler(), 32)
    trainer, run = run_of(tmp_path, sheet=sheet)
    list(run.logs(never))
    log = rows(tmp_path / "log.csv")
    assert tuple(log[0]) == LOG_COLUMNS
    assert [row["step"] for row in log] == ["1", "2", "3", "4"]
    assert float(log[3]["global.hole"]) > 0
    assert log[0]["coarse.feature"] == ""
    assert rows(tmp_path / "validation.csv") == []
    assert (tmp_path / "sheets" / "0000004.png").is_file()
    for folder in (tmp_path, tmp_path / "weights"):
        assert load_config(str(folder / "config.json")) == CONFIG
    average = trainer.learner.average.network.state_dict()
    for name, value in load_network(tmp_path / "weights").state_dict().items():
        assert torch.equal(value, average[name].half().to(value.dtype))
    card = find_weights(tmp_path / "weights").card
    assert card["name"] == "weights"
    assert (card["training"]["steps"], card["training"]["images"]) == (4, 8)
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []


def test_the_best_weights_are_kept(tmp_path):
    trainer, run = run_of(tmp_path, validator=ScriptedValidator(0.9, 0.5, 0.7, 0.8))
    states = []
    for _ in run.logs(never):
        states.append({name: value.clone() for name, value in trainer.learner.average.network.state_dict().items()})
    assert [float(row["score"]) for row in rows(tmp_path / "validation.csv")] == [0.9, 0.5, 0.7, 0.8]
    kept = load_network(tmp_path / "weights").state_dict()
    assert all(torch.equal(value, states[1][name].half().to(value.dtype)) for name, value in kept.items())
    assert find_weights(tmp_path / "weights").card["training"]["validation"]["global"]["feature_distance"] == 0.5
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["best"] == {"by": "scripted", "score": 0.5}


def test_a_resumed_run_beats_the_best_of_before_or_keeps_it(tmp_path):
    _, run = run_of(tmp_path, validator=ScriptedValidator(0.5, 0.5, 0.5, 0.5))
    list(run.logs(never))
    before = (tmp_path / "weights" / "model.json").read_bytes()
    trainer, run = run_of(tmp_path, replace(CONFIG, steps=6), ScriptedValidator(0.6, 0.55))
    run.resume_best(trainer.restore(tmp_path / CHECKPOINT_NAME))
    list(run.logs(never))
    assert trainer.step_number == 6
    assert (tmp_path / "weights" / "model.json").read_bytes() == before
    trainer, run = run_of(tmp_path, replace(CONFIG, steps=7), Validator(squares(1), CPU, None))
    run.resume_best(trainer.restore(tmp_path / CHECKPOINT_NAME))
    list(run.logs(never))
    assert (tmp_path / "weights" / "model.json").read_bytes() != before


def test_a_failed_write_does_not_end_the_training(tmp_path, monkeypatch, caplog):
    _, run = run_of(tmp_path)
    with monkeypatch.context() as patch:
        logs = run.logs(never)
        next(logs)
        patch.setattr("app.training.run.save_checkpoint", failing)
        next(logs)
        assert "the disk is full; going on without it" in caplog.text
    list(logs)
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["step"] == 4


def failing(path, state):
    raise LacunaError("the disk is full")


def test_rows_after_the_checkpoint_are_dropped(tmp_path):
    _, run = run_of(tmp_path)
    list(run.logs(never))
    Recorder(tmp_path, 2)
    assert [row["step"] for row in rows(tmp_path / "log.csv")] == ["1", "2"]
    (tmp_path / "log.csv").write_text("1,2,3\n4,5,6\n")
    Recorder(tmp_path, 2)
    assert rows(tmp_path / "log.csv") == []


def test_scalars_go_to_tensorboard_where_it_is_installed(tmp_path, monkeypatch):
    written = []

    class SummaryWriter:
        def __init__(self, folder, purge_step):
            written.append((folder, purge_step))

        def add_scalar(self, name, value, step):
            written.append((name, step))

        def close(self):
            written.append("closed")

    module = types.ModuleType("torch.utils.tensorboard")
    module.SummaryWriter = SummaryWriter
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", module)
    _, run = run_of(tmp_path, validator=ScriptedValidator(1, 2, 3, 4))
    list(run.logs(never))
    assert written[0] == (str(tmp_path / "tensorboard"), 1)
    assert {("train/global/hole", 4), ("train/images_per_second", 1), ("validation/score", 2)} <= set(written)
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    assert not Recorder(tmp_path, 0).has_board


def squares(count):
    rng = np.random.default_rng(5)
    hole = np.zeros((64, 64), bool)
    hole[10:40, 20:50] = True
    return [Sample(str(i), rng.integers(0, 256, (64, 64, 3), dtype=np.uint8), hole, 0) for i in range(count)]


def test_validation_measures_what_an_evaluation_would():
    torch.manual_seed(1)
    network = LGNet(CONFIG.network).eval()
    samples = squares(6)
    measured = Validator(samples, CPU, few_maps).measure(network)
    psnrs, distances = [], []
    for sample in samples:
        truth, mask = image_tensor(sample.image, CPU), torch.from_numpy(sample.hole)[None, None].float()
        with torch.inference_mode():
            raw = image_array(list(network.stages(truth, mask))[2].raw)
        result = np.where(sample.hole[..., None], raw, sample.image)
        psnrs.append(psnr(result, sample.image, sample.hole))
        distances.append(feature_distance(few_maps, image_tensor(result, CPU), truth).item())
    assert measured.stages["global"].hole_psnr == pytest.approx(np.mean(psnrs), abs=1e-3)
    assert measured.stages["global"].feature_distance == pytest.approx(np.mean(distances), rel=1e-4)
    assert measured.score == measured.stages["global"].feature_distance
    alone = Validator(samples, CPU, None).measure(network)
    assert alone.score == -alone.stages["global"].hole_psnr


def test_the_sheet_is_a_grid_of_fixed_samples():
    torch.manual_seed(1)
    network = LGNet(CONFIG.network).eval()
    sheet = ContactSheet.of_samples(squares(8), CPU)
    picture = sheet.picture(network)
    cell = 64 + 4
    assert picture.shape == (22 + ROWS * cell, 5 * cell, 3)
    truth = picture[22 : 22 + 64, 4 * cell : 4 * cell + 64]
    masked, last = (picture[22 : 22 + 64, column * cell : column * cell + 64] for column in (0, 3))
    sample = squares(1)[0]
    assert np.array_equal(truth, sample.image)
    assert (masked[sample.hole] == 255).all()
    assert np.array_equal(last[~sample.hole], sample.image[~sample.hole])
    assert not np.array_equal(last[sample.hole], sample.image[sample.hole])
    assert np.array_equal(picture, sheet.picture(network))


@pytest.fixture
def _ctrl_c():
    """Python's own handler, which a process started in the background of a shell does not have."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_ctrl_c")
def test_an_interruption_waits_for_the_step(tmp_path):
    said = []
    with postponed(lambda: said.append("stopping")) as asked:
        _, run = run_of(tmp_path)
        steps = []
        for log in run.logs(asked):
            steps.append(log.step)
            if log.step == 2:
                signal.raise_signal(signal.SIGINT)
        assert said == ["stopping"]
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert steps == [1, 2, 3]
    assert load_checkpoint(tmp_path / CHECKPOINT_NAME)["step"] == 3
    assert not (tmp_path / "weights").exists()
    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)


@pytest.fixture
def photographs(tmp_path):
    folder = tmp_path / "photographs"
    folder.mkdir()
    for sample in squares(3):
        write_image(folder / f"{sample.name}.png", sample.image)
    settings = {
        "foreign_pool": 0,
        "network": {"width": 4, "channel_cap": 4, "levels": 5},
        "steps": 2,
        "bf16": False,
        "validation_size": 64,
    }
    phases = {"phases": [{"start": 0, "size": 32, "batch": 2}]}
    (tmp_path / "quick.json").write_text(json.dumps(settings | phases))
    return folder


def train(folder, *more):
    out, config = folder.parent / "run", folder.parent / "quick.json"
    words = ["train", "--data", folder, "--out", out, "--config", config, "--device", "cpu", "--json", *more]
    return main([str(word) for word in words])


def test_train_validates_and_starts_from_weights(photographs, capfd):
    start = write_tiny_weights(photographs.parent)
    assert train(photographs, "--validation", photographs, "--init", start) == 0
    done = capfd.readouterr()
    outcome = json.loads(done.out)
    assert (outcome["steps"], outcome["images"], outcome["photographs"]) == (2, 4, 3)
    assert outcome["losses"].keys() == outcome["validation"].keys() == {"coarse", "local", "global"}
    assert "held-out hole PSNR" in done.err
    run = photographs.parent / "run"
    assert read_photo(run / "sheets" / "0000002.png").pixels.shape == (22 + 3 * 68, 5 * 68, 3)
    trained, given = load_network(run / "weights"), load_network(start)
    told = json.loads((run / "weights" / "model.json").read_text())["training"]["started_from"]
    assert told["sha256"].keys() == {"coarse", "local", "global"}
    assert (trained.local.head[1].bias - given.local.head[1].bias).abs().max() < 1e-3


def test_train_refuses_in_one_sentence(photographs, capfd):
    start = write_tiny_weights(photographs.parent)
    (photographs.parent / "quick.json").write_text('{"steps": 1, "foreign_pool": 0}')
    assert train(photographs, "--init", start) == 1
    assert "its network's width is 4, the configuration's" in capfd.readouterr().err
    assert train(photographs, "--resume") == 1
    assert "no checkpoint to go on from" in capfd.readouterr().err
    assert train(photographs, "--minutes", "-1") == 1
    assert capfd.readouterr().err == "lacuna: error: minutes: must be above 0, not -1.0\n"
    assert train(photographs, "--threads", "0") == 1
    capfd.readouterr()
    assert train(photographs, "--sources", photographs / "none.csv") == 1
    assert "not a table with the columns file, source and licence" in capfd.readouterr().err
    assert not (photographs.parent / "run" / CHECKPOINT_NAME).exists()
    with pytest.raises(SystemExit):
        train(photographs, "--resume", "--init", start)


def test_what_cannot_be_resumed_is_refused_before_the_photographs_are_read(photographs, monkeypatch, capfd):
    assert train(photographs) == 0
    (photographs.parent / "quick.json").write_text('{"steps": 3, "foreign_pool": 0}')

    def too_late(*_):
        raise AssertionError("photographs are read")

    monkeypatch.setattr("app.cli.training.load_photographs", too_late)
    assert train(photographs, "--resume") == 1
    assert "was trained with another network" in capfd.readouterr().err
    (photographs.parent / "run" / CHECKPOINT_NAME).unlink()
    assert train(photographs, "--resume") == 1
    assert "no checkpoint to go on from" in capfd.readouterr().err


def test_the_card_names_the_weights_that_this_run_began_with(photographs, capfd):
    run = photographs.parent / "run"

    def ancestor():
        training = json.loads((run / "weights" / "model.json").read_text())["training"]
        return training.get("started_from", {}).get("name")

    assert train(photographs, "--init", write_tiny_weights(photographs.parent)) == 0
    assert train(photographs, "--resume", "--steps", "3") == 0
    assert ancestor() == "tiny"
    (run / CHECKPOINT_NAME).unlink()
    assert train(photographs) == 0
    assert ancestor() is None
    assert train(photographs, "--resume", "--steps", "3") == 0
    assert ancestor() is None
    capfd.readouterr()


def test_an_interrupted_train_exits_with_130_and_is_resumed(photographs, monkeypatch, capfd):
    step = Trainer._step

    def interrupted(self, window):
        step(self, window)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    assert train(photographs, "--steps", "3") == 130
    done = capfd.readouterr()
    assert done.out == ""
    assert "saving a checkpoint" in done.err
    run = photographs.parent / "run"
    assert load_checkpoint(run / CHECKPOINT_NAME)["step"] == 1
    assert not (run / "weights").exists()
    monkeypatch.undo()
    assert train(photographs, "--steps", "3", "--resume") == 0
    assert json.loads(capfd.readouterr().out)["steps"] == 3


def test_the_hardware_is_named():
    assert hardware_name(CPU, 1) == f"cpu, {torch.get_num_threads()} threads"
    assert hardware_name(CPU, 2).startswith("2 × cpu")
