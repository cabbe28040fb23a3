"""The settings on the mask and how it is shown."""

from __future__ import annotations

from app.ui.canvas.mask_look import MaskLook
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting


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
