"""The choices for a batch, as they were last made in its window. How holes are filled begins as the panel has it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from app.batch.request import DEFAULT_MASK_SUFFIX, Existing
from app.ui.language import mark, tr
from app.ui.settings.declared.files import EXPORT_FORMAT
from app.ui.settings.declared.fill import COARSE, DETAIL, FEATHER, GROW, RESULT_STAGE
from app.ui.settings.setting import Choice, Page, Setting


class MaskFrom(StrEnum):
    """Where the masks of a batch come from."""

    FOLDER = "folder"
    SUFFIX = "suffix"
    FILE = "file"
    ALPHA = "alpha"
    EDITOR = "editor"
    """The mask that is painted in the window, for all photos."""


class ReportKind(StrEnum):
    """What is written about a batch when it is done; the values but NONE are endings of file names."""

    HTML = ".html"
    JSON = ".json"
    CSV = ".csv"
    NONE = ""


def _mask_origins() -> tuple[Choice[MaskFrom], ...]:
    return (
        Choice(MaskFrom.FOLDER, tr("A folder of masks")),
        Choice(MaskFrom.SUFFIX, tr("Beside each photo")),
        Choice(MaskFrom.FILE, tr("One mask for all")),
        Choice(MaskFrom.ALPHA, tr("The photos' transparency")),
        Choice(MaskFrom.EDITOR, tr("The mask in the editor")),
    )


def _existing() -> tuple[Choice[Existing], ...]:
    return (
        Choice(Existing.REFUSE, tr("Say so, leave it")),
        Choice(Existing.SKIP, tr("Leave the photo out")),
        Choice(Existing.OVERWRITE, tr("Replace it")),
        Choice(Existing.NUMBER, tr("Add a number")),
    )


def _report_kinds() -> tuple[Choice[ReportKind], ...]:
    return (
        Choice(ReportKind.HTML, tr("Page with pictures")),
        Choice(ReportKind.JSON, "JSON"),
        Choice(ReportKind.CSV, tr("Table (CSV)")),
        Choice(ReportKind.NONE, tr("None")),
    )


BATCH_FOLDER = Setting(
    "batch/folder", "", name=mark("Photos"), tip=mark("The folder whose photos are filled. They stay as they are.")
)
BATCH_RECURSIVE = Setting(
    "batch/recursive",
    False,
    name=mark("With subfolders"),
    tip=mark("Takes the photos of all folders below, too; the results lie in folders of the same names."),
)
BATCH_OUTPUT = Setting(
    "batch/output", "", name=mark("Results"), tip=mark("The folder in which the results are written.")
)
BATCH_MASKS = Setting(
    "batch/masks",
    MaskFrom.FOLDER,
    name=mark("Masks from"),
    tip=mark("Where the mask of each photo comes from. White is filled, black is kept."),
    choices=_mask_origins,
)
BATCH_MASK_FOLDER = Setting(
    "batch/mask_folder",
    "",
    name=mark("Mask folder"),
    tip=mark("A mask has the name of its photo, in any image format, and lies in a folder of the same name."),
)
BATCH_MASK_SUFFIX = Setting(
    "batch/mask_suffix",
    DEFAULT_MASK_SUFFIX,
    name=mark("Mask's ending"),
    tip=mark("What the name of a mask has more than that of its photo: the mask of sea.jpg is then sea_mask.png."),
)
BATCH_MASK_FILE = Setting(
    "batch/mask_file", "", name=mark("Mask"), tip=mark("One mask for all photos, which are of its size.")
)
BATCH_COARSE = replace(COARSE, key="batch/coarse", page=Page.NONE)
BATCH_STAGE = replace(
    RESULT_STAGE,
    key="batch/result_stage",
    page=Page.NONE,
    name=mark("Result"),
    tip=mark("The stage whose result is written; later ones are not run, which saves time."),
)
BATCH_GROW = replace(GROW, key="batch/grow", page=Page.NONE)
BATCH_FEATHER = replace(FEATHER, key="batch/feather", page=Page.NONE)
BATCH_DETAIL = replace(DETAIL, key="batch/detail", page=Page.NONE)
BATCH_NAMING = Setting(
    "batch/naming",
    "{stem}",
    name=mark("Names"),
    tip=mark("What a result is called: {stem} stands for the photo's name, {number} for its place in the batch."),
)
BATCH_FORMAT = replace(
    EXPORT_FORMAT,
    key="batch/format",
    tip=mark("The kind of file a result becomes. That of the photo keeps its depth, quality and metadata."),
)
BATCH_EXISTING = Setting(
    "batch/existing",
    Existing.REFUSE,
    name=mark("If it is there"),
    tip=mark("What becomes of a photo whose result is in the folder already."),
    choices=_existing,
)
BATCH_STAGES = Setting(
    "batch/stages",
    False,
    name=mark("Write every stage"),
    tip=mark("Writes the picture of each stage besides, in a folder “stages” with a folder for each photo."),
)
BATCH_REPORT = Setting(
    "batch/report",
    ReportKind.HTML,
    name=mark("Report"),
    tip=mark("What became of each photo, written to the folder of the results when the batch is done."),
    choices=_report_kinds,
)
BATCH_GEOMETRY = Setting("batch/geometry", b"")

BATCH_FILL = ((BATCH_COARSE, COARSE), (BATCH_STAGE, RESULT_STAGE), (BATCH_GROW, GROW), (BATCH_FEATHER, FEATHER),
              (BATCH_DETAIL, DETAIL))  # fmt: skip
"""How a batch fills holes, and where each of it begins."""
