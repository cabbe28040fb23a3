"""What is compared: the results, and the photograph with its hole that they lie over."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from app.document.document import Document
from app.imaging import masks
from app.imaging.geometry import Rect
from app.imaging.mask_levels import MaskLevels
from app.imaging.pyramid import Pyramid
from app.imaging.screen import ScreenPyramid, look_of
from app.inference.comparison import Figures, Method, Subject
from app.inference.request import RegionPatch, Stage, StageResult
from app.ui.language import tr
from app.ui.session.frozen import frozen_avoid
from app.ui.stages.panes import stage_word


class EntryState(Enum):
    """Where one of the results stands."""

    WAITING = auto()
    RUNNING = auto()
    READY = auto()
    FAILED = auto()
    STOPPED = auto()
    """It will not come any more."""


@dataclass(slots=True, eq=False)
class Entry:
    """One of the results that are compared."""

    method: Method
    stage: Stage
    state: EntryState = EntryState.WAITING
    words: str = ""
    """How far it is, or why it failed."""
    result: StageResult | None = None
    seconds: float | None = None
    figures: Figures | None = None
    notices: list[str] = field(default_factory=list)
    """What the engine had to say."""

    @property
    def patches(self) -> tuple[RegionPatch, ...]:
        """What it lays over the photo."""
        return () if self.result is None else self.result.patches

    @property
    def addition(self) -> str:
        """What stands on top of the coarse inpainter; empty where that is all."""
        if self.stage is Stage.COARSE:
            return ""
        if self.stage is not Stage.DETAIL:
            return tr("+ {stage}").format(stage=stage_word(self.stage))
        built_on = self.method.options.built_on
        words = tr("+ detail") if built_on is Stage.COARSE else tr("+ {stage} + detail")
        return words.format(stage=stage_word(built_on))

    @property
    def title(self) -> str:
        """All of it."""
        return f"{self.method.name} {self.addition}".rstrip()


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What the results lie over, frozen when the comparison began."""

    subject: Subject
    document: Document
    name: str
    """Of the photo."""
    pyramid: Pyramid
    alpha: Pyramid | None
    mask_levels: MaskLevels
    hole: Rect
    """Round all that is painted."""


def frozen_subject(
    contexts: tuple[Rect, ...], is_truth: bool, perceptual: Path | None, document: Document
) -> tuple[Document, Subject] | None:
    """The photo and its hole as they are now; None where nothing is hole."""
    mask = document.mask.copy()
    if masks.hole_rect(mask).is_empty:
        return None
    image = document.photo.pixels if document.image_revision == 0 else document.image.copy()
    avoid = frozen_avoid(document)
    return document, Subject(image, mask, contexts, document.image_revision, is_truth, perceptual, avoid)


def made_ground(document: Document, subject: Subject, name: str, alpha: Pyramid | None) -> Ground:
    """What the results of `subject` lie over, which is the photo called `name`; takes its time where that is large."""
    pyramid = ScreenPyramid(subject.image, look_of(document.photo.metadata.icc_profile))
    levels, hole = MaskLevels(subject.mask), masks.hole_rect(subject.mask)
    return Ground(subject, document, name, pyramid, alpha, levels, hole)


def is_as_it_was(document: Document, subject: Subject, result: StageResult) -> bool:
    """Where `result` goes, the photo is what it was made of."""
    return all(
        bool((document.image[patch.rect.slices] == subject.image[patch.rect.slices]).all()) for patch in result.patches
    )
