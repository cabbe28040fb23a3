"""What the first process does beside training: checkpoints, validation, the best weights, sheets, tables."""

from __future__ import annotations

import json
import logging
import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.atomic import write_text
from app.errors import LacunaError
from app.imaging.files import write_image
from app.models.weights import save_network
from app.training.checkpoints import CHECKPOINT_NAME, State, replace_folder, save_checkpoint
from app.training.contact_sheet import ContactSheet
from app.training.guard import DivergedError
from app.training.recorder import Recorder
from app.training.trainer import StepLog, Trainer
from app.training.validation import Validation, Validator

logger = logging.getLogger(__name__)

WEIGHTS_NAME, SHEETS_NAME, CONFIG_NAME = "weights", "sheets", "config.json"


@dataclass(slots=True)
class _Duty:
    """Something to be done every so many minutes of the run."""

    minutes: float
    act: Callable[[StepLog], None]
    done_at: float

    def act_if_due(self, log: StepLog) -> None:
        if log.seconds - self.done_at >= self.minutes * 60:
            self.done_at = log.seconds
            with _forgiven(log.step):
                self.act(log)


class Run:
    """One sitting of `trainer` that leaves everything in the folder `out`.

    `checkpoint.pt` is always one to go on from. `weights` are the averaged network's: with a `validator` the best so
    far, else the last. `card` makes what the model card says, whenever weights are written.
    """

    def __init__(
        self,
        trainer: Trainer,
        out: Path,
        recorder: Recorder,
        card: Callable[[], dict[str, Any]],
        validator: Validator | None = None,
        sheet: ContactSheet | None = None,
        on_validation: Callable[[StepLog, Validation], None] = lambda log, validation: None,
    ) -> None:
        self.best: float = math.inf
        """The lowest score so far, see `Validation.score`."""
        self.last_validation: Validation | None = None
        self._trainer = trainer
        self._out = out
        self._recorder = recorder
        self._card = card
        self._validator = validator
        self._sheet = sheet
        self._on_validation = on_validation
        self._is_logged = True

    @property
    def weights(self) -> Path:
        """Where the weights are written."""
        return self._out / WEIGHTS_NAME

    def resume_best(self, state: State) -> None:
        """Weights of an earlier sitting stay until they are beaten, where both are measured alike."""
        best = state.get("best") or {}
        if best.get("by") == self._score_name() and self.weights.is_dir():
            self.best = float(best["score"])

    def logs(self, stop: Callable[[], bool]) -> Iterator[StepLog]:
        """Train until the budget is spent or `stop` says so, yielding what the trainer yields."""
        self._out.mkdir(parents=True, exist_ok=True)
        _write_config(self._out, self._trainer)
        config, last = self._trainer.config, None
        duties = [
            _Duty(minutes, act, self._trainer.elapsed)
            for minutes, act in (
                (config.sheet_minutes, self._draw_sheet),
                (config.validation_minutes, self._validate),
                (config.checkpoint_minutes, lambda log: self._save()),
            )
        ]
        try:
            for log in self._trainer.run(stop):
                last = log
                self._log(log)
                yield log
                if self._trainer.progress < 1.0 and not stop():
                    for duty in duties:
                        duty.act_if_due(log)
        except DivergedError:
            with _forgiven(self._trainer.step_number):
                self._save()
            raise
        self._save()
        if self._trainer.progress >= 1.0:
            self._finish(_standing(self._trainer) if last is None else last)

    def _finish(self, log: StepLog) -> None:
        """Once all is learnt, be it in an earlier sitting that was ended before it came to this."""
        with _forgiven(log.step):
            self._draw_sheet(log)
        self._validate(log)
        if self._validator is None or not self.weights.is_dir():
            self._write_weights({})

    def _log(self, log: StepLog) -> None:
        """A row, or a warning before the first of those that cannot be written."""
        try:
            self._recorder.log(log)
        except (LacunaError, OSError) as error:
            if self._is_logged:
                _warn(log.step, error)
            self._is_logged = False
        else:
            self._is_logged = True

    def _save(self) -> None:
        best = None if math.isinf(self.best) else {"by": self._score_name(), "score": self.best}
        save_checkpoint(self._out / CHECKPOINT_NAME, self._trainer.state() | {"best": best})

    def _draw_sheet(self, log: StepLog) -> None:
        if self._sheet is not None:
            folder = self._out / SHEETS_NAME
            folder.mkdir(exist_ok=True)
            write_image(folder / f"{log.step:07d}.png", self._sheet.picture(self._trainer.learner.average.network))

    def _validate(self, log: StepLog) -> None:
        if self._validator is None:
            return
        validation = self._validator.measure(self._trainer.learner.average.network)
        self.last_validation = validation
        with _forgiven(log.step):
            self._recorder.validation(log, validation)
        self._on_validation(log, validation)
        if validation.score < self.best:
            self._write_weights({"validation": validation.to_json()})
            self.best = validation.score
            self._save()

    def _write_weights(self, figures: dict[str, Any]) -> None:
        made = self._out / f".{WEIGHTS_NAME}.part"
        shutil.rmtree(made, ignore_errors=True)
        card = self._card()
        card["training"] |= figures
        network = self._trainer.learner.average.network
        save_network(network.state_dict(), self._trainer.config.network, made, {"name": WEIGHTS_NAME, **card})
        _write_config(made, self._trainer)
        replace_folder(made, self.weights)

    def _score_name(self) -> str:
        return "none" if self._validator is None else self._validator.score_name


@contextmanager
def _forgiven(step: int) -> Iterator[None]:
    """A full disk, or a file that another program has open, is no reason to lose what has been learnt."""
    try:
        yield
    except (LacunaError, OSError) as error:
        _warn(step, error)


def _warn(step: int, error: Exception) -> None:
    logger.warning("step %d: %s; going on without it", step, error)


def _standing(trainer: Trainer) -> StepLog:
    """Where `trainer` stands, without a step of this sitting."""
    return StepLog(trainer.step_number, trainer.progress, trainer.elapsed, {}, 0.0, 0, 0.0, 0.0)


def _write_config(folder: Path, trainer: Trainer) -> None:
    text = json.dumps(trainer.config.to_json(), indent=2, ensure_ascii=False)
    write_text(folder / CONFIG_NAME, text + "\n")
