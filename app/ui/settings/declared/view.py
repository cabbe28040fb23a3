"""The settings on how photo and results are looked at."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtGui import QGuiApplication

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


def _loupe_zooms() -> tuple[Choice[int], ...]:
    return tuple(Choice(percent, tr("{} %").format(percent)) for percent in LOUPE_ZOOMS)


def _screens() -> tuple[Choice[str], ...]:
    """The first stands for wherever the window is."""
    screens = QGuiApplication.screens()
    sizes = [(each.name(), each.size() * each.devicePixelRatio()) for each in screens]
    named = (Choice(name, f"{name}, {size.width()} × {size.height()}") for name, size in sizes)
    return Choice("", tr("The window's screen")), *named


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
LOUPE_ZOOMS = (100, 200, 400)
"""Per cent."""
LOUPE_ZOOM = Setting(
    "loupe/zoom",
    100,
    name=mark("Loupe"),
    tip=mark("How much the loupe enlarges. At 100 % one pixel of the photo is one pixel of the screen."),
    page=Page.VIEW,
    choices=_loupe_zooms,
)
LOUPE_SIZE = Setting(
    "loupe/size",
    320,
    160,
    640,
    name=mark("Size of the loupe"),
    tip=mark("Side of the glass, in pixels of the window; small panes have a smaller one."),
    page=Page.VIEW,
)
LOUPE_IN_ALL_PANES = Setting(
    "loupe/all_panes",
    True,
    name=mark("Loupe in all panes"),
    tip=mark("Where photo and results stand side by side, show the same place of each at once."),
    page=Page.VIEW,
)
PRESENTATION_SCREEN = Setting(
    "presentation/screen",
    "",
    name=mark("Presentation on"),
    tip=mark("The screen that a presentation fills. One that is not attached is as good as none chosen."),
    page=Page.VIEW,
    choices=_screens,
    is_local=True,
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
