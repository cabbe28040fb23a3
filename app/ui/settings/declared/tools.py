"""The settings of the tools."""

from __future__ import annotations

from app.imaging.wand import MAX_TOLERANCE, WandOptions
from app.inference.request import Stage
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting
from app.ui.stages.panes import Pane
from app.ui.tools.pressure import PressureCurve


def _stages() -> tuple[Choice[Stage], ...]:
    return tuple(Choice(stage, Pane.of(stage).title) for stage in Stage)


def _pressure_curves() -> tuple[Choice[PressureCurve], ...]:
    return (
        Choice(PressureCurve.SOFT, tr("Soft")),
        Choice(PressureCurve.LINEAR, tr("Even")),
        Choice(PressureCurve.FIRM, tr("Firm")),
    )


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
KEEP_STAGE = Setting(
    "tools/keep_stage",
    Stage.LOCAL,
    name=mark("Stage to keep"),
    tip=mark("Which stage wins where the keep brush paints. Shift+K chooses the next one."),
    choices=_stages,
)
KEEP_SHOWN = Setting(
    "tools/keep_shown",
    True,
    name=mark("Tint"),
    tip=mark("Tint what is kept of each stage in that stage's colour, while the keep brush is in hand."),
    page=Page.TOOLS,
)
