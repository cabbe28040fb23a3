"""What a run writes down of itself: tables as CSV, and TensorBoard scalars where that library is installed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.appending import AppendFile
from app.atomic import write_text
from app.inference.request import STAGES
from app.training.losses import TERM_NAMES
from app.training.trainer import StepLog
from app.training.validation import Validation

LOG_NAME, VALIDATION_NAME, BOARD_NAME = "log.csv", "validation.csv", "tensorboard"

FIGURES = (
    *(name for stage in STAGES for name in (str(stage), *(f"{stage}.{term}" for term in TERM_NAMES))),
    "gradient",
    "discriminator",
    "discriminator.gradient",
)
LOG_COLUMNS = ("step", "progress", "seconds", "learning_rate", "size", "images_per_second", "waiting", *FIGURES)
STAGE_FIGURES = ("hole_psnr", "feature_distance")
VALIDATION_COLUMNS = (
    "step",
    "progress",
    "seconds",
    "score",
    *(f"{stage}.{figure}" for stage in STAGES for figure in STAGE_FIGURES),
)


class Recorder:
    """Writes to `folder`. `step` is where the run goes on: rows after it belong to a part that was lost."""

    def __init__(self, folder: Path, step: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._log = Table(folder / LOG_NAME, LOG_COLUMNS, step)
        self._validation = Table(folder / VALIDATION_NAME, VALIDATION_COLUMNS, step)
        self._board = _summary_writer(folder / BOARD_NAME, step)

    @property
    def has_board(self) -> bool:
        """False where TensorBoard's scalars are not written, because it is not installed."""
        return self._board is not None

    def log(self, log: StepLog) -> None:
        """A row of losses and rates."""
        rates = {
            "learning_rate": log.learning_rate,
            "size": log.size,
            "images_per_second": log.images_per_second,
            "waiting": log.waiting,
        }
        self._log.add({"step": log.step, "progress": log.progress, "seconds": log.seconds} | rates | log.figures)
        self._scalars("train", log.step, rates | log.figures)

    def validation(self, log: StepLog, validation: Validation) -> None:
        """A row of held-out figures."""
        figures = {"score": validation.score}
        for stage, measured in validation.stages.items():
            figures[f"{stage}.hole_psnr"] = measured.hole_psnr
            if measured.feature_distance is not None:
                figures[f"{stage}.feature_distance"] = measured.feature_distance
        self._validation.add({"step": log.step, "progress": log.progress, "seconds": log.seconds} | figures)
        self._scalars("validation", log.step, figures)

    def close(self) -> None:
        """Flush what is still held back."""
        if self._board is not None:
            self._board.close()

    def _scalars(self, group: str, step: int, figures: dict[str, float]) -> None:
        if self._board is not None:
            for name, value in figures.items():
                self._board.add_scalar(f"{group}/{name.replace('.', '/')}", value, step)


class Table:
    """A CSV file with a header whose rows begin with a step; cells without a figure stay empty."""

    def __init__(self, path: Path, columns: tuple[str, ...], step: int) -> None:
        self._path, self._columns = path, columns
        rows = [row for row in _rows(path, columns) if int(row["step"]) <= step]
        write_text(path, _lines(columns, rows, header=True))

    def add(self, row: dict[str, float]) -> None:
        """Append a row; figures with six significant digits."""
        cells = {name: value if isinstance(value, int) else f"{value:.6g}" for name, value in row.items()}
        with AppendFile(self._path) as file:
            file.append(_lines(self._columns, [cells]).encode(), durable=False)


def _lines(columns: tuple[str, ...], rows: Iterable[Mapping[str, object]], *, header: bool = False) -> str:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns)
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of an earlier sitting; none where the file is another version's.

    A crash may have cut the last line short, a power cut left zeros in place of it: such lines are left out.
    """
    if not path.is_file():
        return []
    whole = path.read_bytes().decode("utf-8", "replace").split("\n")[:-1]
    header, *rows = [line.rstrip("\r").split(",") for line in whole if "\0" not in line] or [[]]
    if tuple(header) != columns:
        return []
    named = [dict(zip(columns, cells, strict=True)) for cells in rows if len(cells) == len(columns)]
    return [row for row in named if row["step"].isdecimal()]


def _summary_writer(folder: Path, step: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder), purge_step=step + 1)  # type: ignore[no-untyped-call]
