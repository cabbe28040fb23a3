"""The settings on how a hole is filled."""

from __future__ import annotations

import sys
from enum import StrEnum

from app.inference.allowed import MEANING, SUFFIXES
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM, coarse_info, preferred_coarse
from app.inference.request import AUTO_COARSE, STAGES, DeviceChoice, InpaintOptions, Stage
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting
from app.ui.stages.panes import Pane


class ResultStage(StrEnum):
    """Which stage the result is built on; BEST follows the coarse inpainter."""

    BEST = "best"
    COARSE = Stage.COARSE.value
    LOCAL = Stage.LOCAL.value
    GLOBAL = Stage.GLOBAL.value


def _result_stages() -> tuple[Choice[ResultStage], ...]:
    return (
        Choice(ResultStage.BEST, tr("Best")),
        *(Choice(ResultStage(stage.value), Pane.of(stage).title) for stage in STAGES),
    )


def _coarse_inpainters() -> tuple[Choice[str], ...]:
    best = tr(coarse_info(preferred_coarse()).label)
    reason = tr("Not installed: pip install the extra that brings “{}”, then restart.")
    return (
        Choice(AUTO_COARSE, tr("Best ({})").format(best)),
        *(
            Choice(info.name, tr(info.label))
            if info.installed
            else Choice(info.name, tr("{} (not installed)").format(tr(info.label)), reason.format(info.package))
            for info in COARSE_INPAINTERS
        ),
        Choice(
            CUSTOM.name, tr(CUSTOM.label), tr("Choose its file, and allow it to run, in the settings."), MODEL_SHA256
        ),
    )


def _working_sizes() -> tuple[Choice[int], ...]:
    return tuple(Choice(size, tr("{} px").format(size)) for size in (256, 512, 768, 1024))


def _devices() -> tuple[Choice[DeviceChoice], ...]:
    accelerator = (
        Choice(DeviceChoice.MPS, tr("Apple GPU"))
        if sys.platform == "darwin"
        else Choice(DeviceChoice.CUDA, tr("NVIDIA GPU"))
    )
    return Choice(DeviceChoice.AUTO, tr("Fastest there is")), Choice(DeviceChoice.CPU, tr("CPU")), accelerator


_OPTIONS = InpaintOptions()
COARSE = Setting(
    "run/coarse",
    AUTO_COARSE,
    name=mark("Coarse"),
    tip=mark(
        "What fills the hole first; the two refinement stages start from it. Exemplar and PatchMatch copy"
        " texture from around the hole, LGNet invents smooth structure, the other two suit scratches."
    ),
    page=Page.FILL,
    choices=_coarse_inpainters,
)
RESULT_STAGE = Setting(
    "run/result_stage",
    ResultStage.BEST,
    name=mark("Built on"),
    tip=mark(
        "The stage on which native detail is built, and which Enter takes into the photo where no detail is"
        " needed. Best is the global stage, but the coarse one on top of Exemplar or PatchMatch, whose texture"
        " refinement would soften."
    ),
    page=Page.FILL,
    choices=_result_stages,
)
GROW = Setting(
    "run/grow",
    _OPTIONS.grow,
    0,
    64,
    name=mark("Grow"),
    tip=mark("Fills this many pixels beyond what is painted, so that no outline of the object is left behind."),
    page=Page.FILL,
)
FEATHER = Setting(
    "run/feather",
    _OPTIONS.feather,
    0,
    64,
    name=mark("Feather"),
    tip=mark("Blends the filling into the photo over this many pixels, inside the grown area."),
    page=Page.FILL,
)
COLOUR_MATCH = Setting(
    "run/colour_match",
    _OPTIONS.colour_match,
    name=mark("Match colour"),
    tip=mark("Shifts the filling's colour to that of the ring round the hole, against visible patches in skies."),
    page=Page.FILL,
)
DETAIL = Setting(
    "run/detail",
    _OPTIONS.detail,
    name=mark("Native detail"),
    tip=mark(
        "Brings the photo's own texture into a hole that was solved below its full size, so that the filling is"
        " as sharp as the rest. Structure and colour stay as the stage has them that it is built on."
    ),
    page=Page.FILL,
)
WORKING_SIZE = Setting(
    "run/working_size",
    _OPTIONS.working_size,
    128,
    2048,
    name=mark("Working size"),
    tip=mark(
        "At what size a region is solved, along its longer side. Larger keeps finer structure in large holes"
        " and takes longer."
    ),
    page=Page.FILL,
    choices=_working_sizes,
)
DEVICE = Setting(
    "run/device",
    DeviceChoice.AUTO,
    name=mark("Device"),
    tip=mark("Where the networks run. The picture is the same, the time is not."),
    page=Page.FILL,
    choices=_devices,
)
AUTO_RUN = Setting(
    "run/auto",
    False,
    name=mark("Fill by itself"),
    tip=mark("Begins to fill a moment after each stroke or shape, and anew after the next one. Nothing is accepted."),
    page=Page.FILL,
)
CANDIDATES = Setting(
    "run/candidates",
    6,
    2,
    9,
    name=mark("Candidates"),
    tip=mark("How often a hole is filled to choose from: first with context boxes of three sizes, then other texture."),
    page=Page.FILL,
    unit="",
)
ALLOW_MODEL_CODE = Setting(
    "run/allow_model_code",
    False,
    name=mark("Allow models that contain programs"),
    tip=MEANING,
    page=Page.FILL,
    is_local=True,
)
MODEL_FILE = Setting(
    "run/model_file",
    "",
    name=mark("Your own model"),
    tip=mark(
        "A TorchScript or ONNX file that takes a photo and its mask and gives the filled photo. It runs only while"
        " such models are allowed, and is asked about again when it was changed."
    ),
    page=Page.FILL,
    suffixes=SUFFIXES,
    is_local=True,
)
MODEL_SHA256 = Setting("run/model_sha256", "")
"""Of the user's own model as it was allowed to run; empty while none is."""
PRESET = Setting("run/preset", "balanced")
PRESETS = Setting("run/presets", "{}")
