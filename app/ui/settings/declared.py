"""All settings, those on files apart in `declared_files`.

A new one needs its line here, and a row where the user meets it: `panels.controls.row_for`.
"""

from __future__ import annotations

import sys
from enum import StrEnum

from app.inference.catalog import COARSE_INPAINTERS, coarse_info, preferred_coarse
from app.inference.request import AUTO_COARSE, STAGES, DeviceChoice, InpaintOptions, Stage
from app.ui.language import mark, tr
from app.ui.settings import declared_files
from app.ui.settings.setting import Choice, Page, Setting
from app.ui.stages.panes import Pane


class ThemeName(StrEnum):
    """The two looks of the window."""

    DARK = "dark"
    LIGHT = "light"


class ResultView(StrEnum):
    """How results are shown as they arrive."""

    GRID = "grid"
    LARGE = "large"


class ResultStage(StrEnum):
    """Which stage the result is built on; BEST follows the coarse inpainter."""

    BEST = "best"
    COARSE = Stage.COARSE.value
    LOCAL = Stage.LOCAL.value
    GLOBAL = Stage.GLOBAL.value


def _themes() -> tuple[Choice[ThemeName], ...]:
    return Choice(ThemeName.DARK, tr("Dark")), Choice(ThemeName.LIGHT, tr("Light"))


def _result_views() -> tuple[Choice[ResultView], ...]:
    return Choice(ResultView.GRID, tr("Side by side")), Choice(ResultView.LARGE, tr("Large"))


def _result_stages() -> tuple[Choice[ResultStage], ...]:
    return (
        Choice(ResultStage.BEST, tr("Best")),
        *(Choice(ResultStage(stage.value), Pane.of(stage).title) for stage in STAGES),
    )


def _colours() -> tuple[Choice[str], ...]:
    return (
        Choice("#ff3b30", tr("Red")),
        Choice("#ff9f0a", tr("Orange")),
        Choice("#30d158", tr("Green")),
        Choice("#0a9bff", tr("Blue")),
        Choice("#ff2fd6", tr("Magenta")),
        Choice("#ffffff", tr("White")),
    )


def _coarse_inpainters() -> tuple[Choice[str], ...]:
    best = coarse_info(preferred_coarse()).label
    reason = tr("Not installed: pip install the extra that brings “{}”, then restart.")
    return (
        Choice(AUTO_COARSE, tr("Best ({})").format(best)),
        *(
            Choice(info.name, info.label)
            if info.installed
            else Choice(info.name, tr("{} (not installed)").format(info.label), reason.format(info.package))
            for info in COARSE_INPAINTERS
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

THEME = Setting(
    "window/theme",
    ThemeName.DARK,
    name=mark("Theme"),
    tip=mark("The look of the window. Dark greys tint the eye's idea of a photo least."),
    page=Page.GENERAL,
    choices=_themes,
)
GEOMETRY = Setting("window/geometry", b"")
LAYOUT = Setting("window/layout", b"")
FOLDER = Setting("files/folder", "")
RECENT: Setting[tuple[str, ...]] = Setting("files/recent", ())
BRUSH_SIZE = Setting(
    "brush/size",
    80.0,
    1,
    2000,
    name=mark("Size"),
    tip=mark("How wide a stroke is, in pixels of the photo. Also [ and ], or Alt + right-drag on the photo."),
    page=Page.TOOLS,
    logarithmic=True,
)
BRUSH_HARDNESS = Setting(
    "brush/hardness",
    0.9,
    0,
    1,
    name=mark("Hardness"),
    tip=mark("How sharp the edge of a stroke is. The softest part of the edge is left as it is in the photo."),
    page=Page.TOOLS,
    percent=True,
)
OVERLAY_COLOUR = Setting(
    "overlay/colour",
    "#ff3b30",
    name=mark("Colour"),
    tip=mark("The colour in which the mask is shown. It never reaches the photo."),
    page=Page.MASK,
    choices=_colours,
)
OVERLAY_OPACITY = Setting(
    "overlay/opacity",
    0.45,
    0.1,
    1,
    name=mark("Opacity"),
    tip=mark("How strongly the mask covers the photo on the screen. Q hides it."),
    page=Page.MASK,
    percent=True,
)
CONTEXT_BOXES = Setting(
    "overlay/context_boxes",
    True,
    name=mark("Context boxes"),
    tip=mark("Show what is seen round each hole when it is filled, and at which scale."),
    page=Page.VIEW,
)
RESULT_VIEW = Setting(
    "results/view",
    ResultView.GRID,
    name=mark("Show as"),
    tip=mark("How a run is watched: the photo and all results side by side, or the newest result large."),
    page=Page.VIEW,
    choices=_result_views,
)
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
PRESET = Setting("run/preset", "balanced")
PRESETS = Setting("run/presets", "{}")
FOLDED_SECTIONS: Setting[tuple[str, ...]] = Setting("window/folded_sections", ())

RECENT_LIMIT = 10


def all_settings() -> tuple[Setting[object], ...]:
    """Every declaration, in the modules' order."""
    names = {**globals(), **vars(declared_files)}
    return tuple(each for each in names.values() if isinstance(each, Setting))
