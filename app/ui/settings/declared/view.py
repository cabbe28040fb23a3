"""The settings on how photo and results are looked at."""

from __future__ import annotations

from enum import StrEnum

from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting


class ResultView(StrEnum):
    """How results are shown as they arrive."""

    GRID = "grid"
    LARGE = "large"


class WheelAction(StrEnum):
    """What a mouse wheel does on the canvas."""

    ZOOM = "zoom"
    SCROLL = "scroll"


def _result_views() -> tuple[Choice[ResultView], ...]:
    return Choice(ResultView.GRID, tr("Side by side")), Choice(ResultView.LARGE, tr("Large"))


def _wheel_actions() -> tuple[Choice[WheelAction], ...]:
    return Choice(WheelAction.ZOOM, tr("Zooms")), Choice(WheelAction.SCROLL, tr("Scrolls"))


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
COSTS = Setting("view/costs", False)
"""The panel with what the stages cost is open."""
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
