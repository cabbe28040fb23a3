"""What a batch is asked to do: frozen, plain, and the same for the window, the command line and a cluster."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.imaging.geometry import Extent
from app.inference.request import InpaintOptions
from app.words import Words

DEFAULT_MASK_SUFFIX = "_mask"


class MaskOrigin(StrEnum):
    """Where the mask of a photo comes from."""

    FOLDER = "folder"
    """`MaskSource.path`/the photo's relative path, with any image suffix."""
    SUFFIX = "suffix"
    """Beside the photo, its stem and `MaskSource.suffix`."""
    FILE = "file"
    """`MaskSource.path`, one for all."""
    ALPHA = "alpha"
    """The photo's own transparency: what is less than half opaque is hole."""


@dataclass(frozen=True, slots=True)
class MaskSource:
    """Where masks come from; `path` for FOLDER and FILE, `suffix` for SUFFIX."""

    origin: MaskOrigin
    path: Path | None = None
    suffix: str = DEFAULT_MASK_SUFFIX


class Existing(StrEnum):
    """What becomes of a photo whose output is there already."""

    REFUSE = "refuse"
    """The photo is a failure of the report; the file stays."""
    SKIP = "skip"
    """The photo is left out, which is no failure."""
    OVERWRITE = "overwrite"
    NUMBER = "number"
    """The output is called ``name-2`` and so on."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A folder, its masks, where the results go, and how holes are filled."""

    folder: Path
    output: Path
    masks: MaskSource
    options: InpaintOptions = field(default_factory=InpaintOptions)
    recursive: bool = False
    stages: Path | None = None
    """Where ``STEM/coarse.png`` and so on are written; None writes none."""
    naming: str = "{stem}"
    """The output's stem; ``{stem}`` stands for the photo's, ``{number}`` for its place in the batch."""
    suffix: str | None = None
    """The output's format, such as ``.png``; None keeps each photo's own."""
    existing: Existing = Existing.REFUSE
    limit: int | None = None
    """Take the first so many photos only."""
    weights: Path | None = None
    """A weights folder other than the shipped one."""
    allow_huge: bool = False
    """Open files of any size."""
    pixel_limit: int | None = None
    """Pixels beyond which a file is refused otherwise; None stands for `app.imaging.files.PIXEL_LIMIT`."""


class ProblemKind(StrEnum):
    """What can be wrong with a photo before it is its turn."""

    UNREADABLE = "unreadable"
    MASK_MISSING = "mask missing"
    MASK_UNREADABLE = "mask unreadable"
    MASK_IN_DOUBT = "mask in doubt"
    """Several fit."""
    MASK_SIZE = "mask of another size"
    MASK_EMPTY = "mask empty"
    MASK_FULL = "mask full"
    COLLISION = "collision"
    """Another photo has the same output."""
    EXISTS = "output exists"
    NOT_WRITABLE = "not writable"
    """Its format is only read; another one must be chosen."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a photo can't be done, or is left out, in a sentence."""

    kind: ProblemKind
    text: Words | str
    is_failure: bool = True
    """False where the photo is left out as was asked for."""

    @property
    def is_of_output(self) -> bool:
        """True where the result has no place of its own: no other mask helps."""
        return self.kind in (ProblemKind.COLLISION, ProblemKind.EXISTS, ProblemKind.NOT_WRITABLE)


@dataclass(frozen=True, slots=True)
class FileJob:
    """All that one file needs, apart from the engine; can be pickled."""

    number: int
    """Its place in the batch, from 0."""
    name: str
    """The photo's path below the batch's folder, with ``/``: by this it is known in journal and report."""
    photo: Path
    mask: Path | None
    """None: the photo's own transparency."""
    output: Path
    stages: Path | None
    options: InpaintOptions
    weights: Path | None
    allow_huge: bool
    overwrite: bool
    """Whether a file at `output` may be replaced."""
    pixel_limit: int | None = None


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A photo of the plan: either its job or its problem; `extent` where its file could be opened."""

    job: FileJob
    extent: Extent | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """What a request means, file by file. Nothing was written for it."""

    request: BatchRequest
    rows: tuple[PlanRow, ...]
    space_needed: int
    """Bytes, estimated, that the outputs will take on top of what they replace."""
    space_free: int
    """Bytes free where the output folder is, or will be."""

    @property
    def jobs(self) -> tuple[FileJob, ...]:
        """Those without a problem."""
        return tuple(row.job for row in self.rows if row.problem is None)

    @property
    def problems(self) -> tuple[PlanRow, ...]:
        """The rows that have one."""
        return tuple(row for row in self.rows if row.problem is not None)
