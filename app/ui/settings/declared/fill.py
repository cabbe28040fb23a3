"""The settings on how a hole is filled."""

from __future__ import annotations

import sys
from enum import StrEnum

from app.inference.allowed import SUFFIXES
from app.inference.catalog import CUSTOM, CoarseInfo, coarse_info, listed_coarse, preferred_coarse
from app.inference.own_models import NONE
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
    return Choice(AUTO_COARSE, tr("Best ({})").format(best)), *(_coarse_choice(info) for info in listed_coarse())


def _coarse_choice(info: CoarseInfo) -> Choice[str]:
    label, tip, group = tr(info.label), tr(info.about), tr(info.kind.value)
    if info is CUSTOM:
        return Choice(info.name, label, tr("Add its file in the settings, under Fill."), tip, group)
    if info.installed:
        return Choice(info.name, label, tip=tip, group=group)
    reason = tr("Not installed: pip install the extra that brings “{}”, then restart.").format(info.package)
    return Choice(info.name, tr("{} (not installed)").format(label), reason, group=group)


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
        "What fills the hole first; the two refinement stages start from it. Networks invent smooth structure,"
        " copies bring the photo's own texture, smooth surfaces suit scratches. Each entry says more."
    ),
    page=Page.FILL,
    choices=_coarse_inpainters,
    has_own_models=True,
)
RESULT_STAGE = Setting(
    "run/result_stage",
    ResultStage.BEST,
    name=mark("Built on"),
    tip=mark(
        "The stage on which native detail is built, and which Enter takes into the photo where no detail is"
        " needed. Best is the global stage, but the coarse one where that is made of copies, whose texture"
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
OWN_MODELS = Setting(
    "run/own_models",
    NONE,
    name=mark("Your own models"),
    tip=mark(
        "Weights of LaMa or MI-GAN (.safetensors, .pt), and TorchScript or ONNX files that take a photo and its mask"
        " and give the filled photo. Each is used once you allow it, and asked about again when its file was changed."
    ),
    page=Page.FILL,
    suffixes=SUFFIXES,
    are_models=True,
    is_local=True,
)
OWN_MODEL = Setting("run/own_model", "")
"""The name of the one that fills first, while what fills first is one of the user's own."""
MODEL_FILE = Setting("run/model_file", "")
MODEL_SHA256 = Setting("run/model_sha256", "")
"""Where the one model of their own was that users of 0.5 could have, and its hash: both empty now."""
PERCEPTUAL = Setting(
    "compare/perceptual",
    "",
    name=mark("Perceptual network"),
    tip=mark(
        "The weights of SqueezeNet v1.0 as torchvision has them (.safetensors or .pth), by which methods are compared:"
        " the feature distance tells sharp fillings from smears, which PSNR does not. Lacuna ships none."
    ),
    page=Page.FILL,
    suffixes=(".safetensors", ".pth", ".pt"),
    is_local=True,
)
PRESET = Setting("run/preset", "balanced")
PRESETS = Setting("run/presets", "{}")
