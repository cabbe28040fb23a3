"""All settings, those on files apart in `declared_files`.

A new one needs its line here, and a row where the user meets it: `panels.controls.row_for`.
"""

from __future__ import annotations

import sys
from enum import StrEnum

from app.imaging.wand import MAX_TOLERANCE, WandOptions
from app.inference.catalog import COARSE_INPAINTERS, coarse_info, preferred_coarse
from app.inference.request import AUTO_COARSE, STAGES, DeviceChoice, InpaintOptions, Stage
from app.ui.canvas.mask_look import MaskLook
from app.ui.language import LANGUAGE_NAMES, Language, mark, tr
from app.ui.settings import declared_files
from app.ui.settings.setting import Choice, Page, Setting
from app.ui.stages.panes import Pane
from app.ui.tools.pressure import PressureCurve


class ThemeName(StrEnum):
    """The looks of the window; SYSTEM is the one that the desktop has at the moment."""

    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


class KeyPreset(StrEnum):
    """Whose keys the window has."""

    LACUNA = "lacuna"
    PHOTOSHOP = "photoshop"
    GIMP = "gimp"
    KRITA = "krita"


class ResultView(StrEnum):
    """How results are shown as they arrive."""

    GRID = "grid"
    LARGE = "large"


class WheelAction(StrEnum):
    """What a mouse wheel does on the canvas."""

    ZOOM = "zoom"
    SCROLL = "scroll"


class ResultStage(StrEnum):
    """Which stage the result is built on; BEST follows the coarse inpainter."""

    BEST = "best"
    COARSE = Stage.COARSE.value
    LOCAL = Stage.LOCAL.value
    GLOBAL = Stage.GLOBAL.value


def _themes() -> tuple[Choice[ThemeName], ...]:
    return (
        Choice(ThemeName.DARK, tr("Dark")),
        Choice(ThemeName.LIGHT, tr("Light")),
        Choice(ThemeName.SYSTEM, tr("As the system")),
    )


def _languages() -> tuple[Choice[Language], ...]:
    return (
        Choice(Language.SYSTEM, tr("As the system")),
        *(Choice(language, name) for language, name in LANGUAGE_NAMES.items()),
    )


def _scales() -> tuple[Choice[int], ...]:
    return (
        Choice(100, tr("As the system")),
        *(Choice(percent, tr("{} %").format(percent)) for percent in range(125, 301, 25)),
    )


def _key_presets() -> tuple[Choice[KeyPreset], ...]:
    names = ("Lacuna", "Photoshop", "GIMP", "Krita")
    return tuple(Choice(preset, name) for preset, name in zip(KeyPreset, names, strict=True))


def _result_views() -> tuple[Choice[ResultView], ...]:
    return Choice(ResultView.GRID, tr("Side by side")), Choice(ResultView.LARGE, tr("Large"))


def _wheel_actions() -> tuple[Choice[WheelAction], ...]:
    return Choice(WheelAction.ZOOM, tr("Zooms")), Choice(WheelAction.SCROLL, tr("Scrolls"))


def _result_stages() -> tuple[Choice[ResultStage], ...]:
    return (
        Choice(ResultStage.BEST, tr("Best")),
        *(Choice(ResultStage(stage.value), Pane.of(stage).title) for stage in STAGES),
    )


def _pressure_curves() -> tuple[Choice[PressureCurve], ...]:
    return (
        Choice(PressureCurve.SOFT, tr("Soft")),
        Choice(PressureCurve.LINEAR, tr("Even")),
        Choice(PressureCurve.FIRM, tr("Firm")),
    )


def _mask_looks() -> tuple[Choice[MaskLook], ...]:
    return (
        Choice(MaskLook.TINT, tr("Tint")),
        Choice(MaskLook.OUTLINE, tr("Outline")),
        Choice(MaskLook.ANTS, tr("Marching ants")),
    )


def _colours() -> tuple[Choice[str], ...]:
    """The last three are told apart by colour-blind eyes, too (Okabe and Ito, "Color universal design", 2008)."""
    return (
        Choice("#ff3b30", tr("Red")),
        Choice("#ff9f0a", tr("Orange")),
        Choice("#30d158", tr("Green")),
        Choice("#0a9bff", tr("Blue")),
        Choice("#ff2fd6", tr("Magenta")),
        Choice("#ffffff", tr("White")),
        Choice("#d55e00", tr("Vermilion, for all eyes")),
        Choice("#56b4e9", tr("Sky blue, for all eyes")),
        Choice("#f0e442", tr("Yellow, for all eyes")),
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

LANGUAGE = Setting(
    "window/language",
    Language.SYSTEM,
    name=mark("Language"),
    tip=mark("The language of the window."),
    page=Page.GENERAL,
    choices=_languages,
    needs_restart=True,
)
THEME = Setting(
    "window/theme",
    ThemeName.DARK,
    name=mark("Theme"),
    tip=mark("The look of the window. Dark greys tint the eye's idea of a photo least."),
    page=Page.GENERAL,
    choices=_themes,
)
SCALE = Setting(
    "window/scale",
    100,
    100,
    300,
    name=mark("Size of the window's parts"),
    tip=mark("Enlarges text, icons and panels. The photo is not touched by it: 100 % stays pixel for pixel."),
    page=Page.GENERAL,
    choices=_scales,
    needs_restart=True,
)
KEY_PRESET = Setting(
    "keys/preset",
    KeyPreset.LACUNA,
    name=mark("Keys as in"),
    tip=mark("The keys to start from. What you change below stays changed."),
    page=Page.KEYS,
    choices=_key_presets,
)
KEY_CHANGES = Setting("keys/changes", "{}")
GEOMETRY = Setting("window/geometry", b"")
LAYOUT = Setting("window/layout", b"")
HINTS_SEEN: Setting[tuple[str, ...]] = Setting("hints/seen", ())
"""Names of the first steps that are not shown any more."""
FOLDER = Setting("files/folder", "")
RECENT: Setting[tuple[str, ...]] = Setting("files/recent", ())
BRUSH_SIZE = Setting(
    "brush/size",
    80.0,
    1,
    2000,
    name=mark("Size"),
    tip=mark("How wide a stroke is, in pixels of the photo. Also [ and ], Alt + wheel, or Alt + right-drag sideways."),
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
BRUSH_PRESSURE = Setting(
    "brush/pressure",
    True,
    name=mark("Pen pressure"),
    tip=mark("The harder a pen is pressed, the wider its stroke, up to the size. Off, every stroke has the full size."),
    page=Page.TOOLS,
)
BRUSH_PRESSURE_CURVE = Setting(
    "brush/pressure_curve",
    PressureCurve.LINEAR,
    name=mark("Pen feel"),
    tip=mark("How hard to press for a wide stroke: soft widens at a light touch, firm keeps it thin for longer."),
    page=Page.TOOLS,
    choices=_pressure_curves,
)
WAND_TOLERANCE = Setting(
    "tools/wand_tolerance",
    WandOptions().tolerance,
    0,
    MAX_TOLERANCE,
    name=mark("Tolerance"),
    tip=mark("How far a colour may differ from that of the click. Dragging right or left changes it, too."),
    page=Page.TOOLS,
    unit="",
)
WAND_CONTIGUOUS = Setting(
    "tools/wand_contiguous",
    True,
    name=mark("Contiguous"),
    tip=mark("Take only what hangs together with the click, not the same colour elsewhere in the photo."),
    page=Page.TOOLS,
)
WAND_GROW = Setting(
    "tools/wand_grow",
    2,
    0,
    64,
    name=mark("Enlarge by"),
    tip=mark("How many pixels the wand reaches beyond what it finds, over soft edges and into small gaps."),
    page=Page.TOOLS,
)
WAND_HOVER = Setting(
    "tools/wand_hover",
    True,
    name=mark("Preview under the pointer"),
    tip=mark("Show faintly what a click with the wand would take."),
    page=Page.TOOLS,
)
OBJECT_GROW = Setting(
    "tools/object_grow",
    3,
    0,
    64,
    name=mark("Enlarge by"),
    tip=mark("How many pixels the mask reaches beyond the object, so that nothing of its edge is left behind."),
    page=Page.TOOLS,
)
MASK_STEP = Setting(
    "mask/step",
    4,
    1,
    256,
    name=mark("Step"),
    tip=mark("How far Grow and Shrink move the border of the mask, in pixels of the photo."),
    page=Page.MASK,
)
MASK_SOFTNESS = Setting(
    "mask/softness",
    8,
    1,
    256,
    name=mark("Softness"),
    tip=mark("Over how many pixels of the photo Feather softens, and Smooth rounds off, the border of the mask."),
    page=Page.MASK,
)
OVERLAY_LOOK = Setting(
    "overlay/look",
    MaskLook.TINT,
    name=mark("Style"),
    tip=mark("How the mask is shown: as a tint, as a line along its border, or as a dashed line that walks."),
    page=Page.MASK,
    choices=_mask_looks,
)
OVERLAY_COLOUR = Setting(
    "overlay/colour",
    "#ff3b30",
    name=mark("Colour"),
    tip=mark("The colour in which the mask is shown. It never reaches the photo."),
    page=Page.MASK,
    is_colour=True,
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
OVERLAY_EDGE = Setting(
    "overlay/edge",
    True,
    name=mark("Filled edge"),
    tip=mark("Show round the mask how far the filling will go and how softly it will end, as Grow and Feather say."),
    page=Page.MASK,
)
CONTEXT_BOXES = Setting(
    "overlay/context_boxes",
    True,
    name=mark("Context boxes"),
    tip=mark("Show what is seen round each hole when it is filled, and at which scale."),
    page=Page.VIEW,
)
NAVIGATOR = Setting(
    "view/navigator",
    True,
    name=mark("Navigator"),
    tip=mark("Show the whole photo, small, among the panels, with what is seen of it framed."),
    page=Page.VIEW,
)
WHEEL = Setting(
    "view/wheel",
    WheelAction.ZOOM,
    name=mark("Mouse wheel"),
    tip=mark("What the wheel does over the photo. Ctrl + wheel always zooms; two fingers on a touchpad always scroll."),
    page=Page.VIEW,
    choices=_wheel_actions,
)
TURN_BY_TOUCH = Setting(
    "view/turn_by_touch",
    True,
    name=mark("Two fingers turn the view"),
    tip=mark("Turning two fingers on a touchpad or screen turns the photo on the screen. Nothing of that is saved."),
    page=Page.VIEW,
)
PIXEL_GRID = Setting(
    "view/pixel_grid",
    True,
    name=mark("Pixel grid"),
    tip=mark("Part the photo's pixels with lines from 800 % on."),
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
