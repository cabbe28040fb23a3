"""The panel on the right: the brush, how a hole is filled, what is shown. Every row is a setting."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.inference.catalog import COARSE_INPAINTERS, coarse_info, preferred_coarse
from app.inference.request import AUTO_COARSE, STAGES, DeviceChoice
from app.ui import settings as declared
from app.ui.look.theme import GRID
from app.ui.panels.controls import Choice, ChoiceRow, LogScale, NumberRow, SwitchRow
from app.ui.settings import ResultStage, ResultView, Settings
from app.ui.stages.panes import Pane

WIDTH = 36 * GRID


class ToolPanel(QScrollArea):
    """Sections of rows, scrolled where the window is low."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(2 * GRID, GRID, 2 * GRID, 2 * GRID)
        rows.setSpacing(GRID)
        for heading, widgets in _sections(settings):
            rows.addSpacing(GRID // 2)
            rows.addWidget(_heading(heading))
            for widget in widgets:
                rows.addWidget(widget)
        rows.addStretch(1)
        self._body = body
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        """All rows, where the window is high enough."""
        return QSize(WIDTH, self._body.sizeHint().height())


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _sections(settings: Settings) -> tuple[tuple[str, tuple[QWidget, ...]], ...]:
    return (
        (_tr("Brush"), _brush(settings)),
        (_tr("Fill"), _fill(settings)),
        (_tr("Edge"), _edge(settings)),
        (_tr("Results"), _results(settings)),
        (_tr("Mask tint"), _tint(settings)),
    )


def _brush(settings: Settings) -> tuple[QWidget, ...]:
    return (
        NumberRow(
            settings,
            declared.BRUSH_SIZE,
            _tr("Size"),
            _tr("How wide a stroke is, in pixels of the photo. Also [ and ], or Alt + right-drag on the photo."),
            scale=LogScale(),
        ),
        NumberRow(
            settings,
            declared.BRUSH_HARDNESS,
            _tr("Hardness"),
            _tr("How sharp the edge of a stroke is. The softest part of the edge is left as it is in the photo."),
            percent=True,
        ),
    )


def _fill(settings: Settings) -> tuple[QWidget, ...]:
    return (
        ChoiceRow(
            settings,
            declared.COARSE,
            _tr("Coarse"),
            _tr(
                "What fills the hole first; the two refinement stages start from it. Exemplar and PatchMatch copy"
                " texture from around the hole, LGNet invents smooth structure, the other two suit scratches."
            ),
            _coarse_choices(),
        ),
        ChoiceRow(
            settings,
            declared.WORKING_SIZE,
            _tr("Working size"),
            _tr(
                "At what size a region is solved, along its longer side. Larger keeps finer structure in large holes"
                " and takes longer."
            ),
            tuple(Choice(size, _tr("{} px").format(size)) for size in (256, 512, 768, 1024)),
        ),
        ChoiceRow(
            settings,
            declared.DEVICE,
            _tr("Device"),
            _tr("Where the networks run. The picture is the same, the time is not."),
            _device_choices(),
        ),
        SwitchRow(
            settings,
            declared.DETAIL,
            _tr("Native detail"),
            _tr(
                "Brings the photo's own texture into a hole that was solved below its full size, so that the filling is"
                " as sharp as the rest. Structure and colour stay as the stage has them that it is built on."
            ),
        ),
    )


def _edge(settings: Settings) -> tuple[QWidget, ...]:
    return (
        NumberRow(
            settings,
            declared.GROW,
            _tr("Grow"),
            _tr("Fills this many pixels beyond what is painted, so that no outline of the object is left behind."),
        ),
        NumberRow(
            settings,
            declared.FEATHER,
            _tr("Feather"),
            _tr("Blends the filling into the photo over this many pixels, inside the grown area."),
        ),
        SwitchRow(
            settings,
            declared.COLOUR_MATCH,
            _tr("Match colour"),
            _tr("Shifts the filling's colour to that of the ring round the hole, against visible patches in skies."),
        ),
    )


def _results(settings: Settings) -> tuple[QWidget, ...]:
    return (
        ChoiceRow(
            settings,
            declared.RESULT_STAGE,
            _tr("Built on"),
            _tr(
                "The stage on which native detail is built, and which Enter takes into the photo where no detail is"
                " needed. Best is the global stage, but the coarse one on top of Exemplar or PatchMatch, whose texture"
                " refinement would soften."
            ),
            (
                Choice(ResultStage.BEST, _tr("Best")),
                *(Choice(ResultStage(stage.value), Pane.of(stage).title) for stage in STAGES),
            ),
        ),
        ChoiceRow(
            settings,
            declared.RESULT_VIEW,
            _tr("Show as"),
            _tr("How a run is watched: the photo and all results side by side, or the newest result large."),
            (Choice(ResultView.GRID, _tr("Side by side")), Choice(ResultView.LARGE, _tr("Large"))),
        ),
    )


def _tint(settings: Settings) -> tuple[QWidget, ...]:
    colours = (
        Choice("#ff3b30", _tr("Red")),
        Choice("#ff9f0a", _tr("Orange")),
        Choice("#30d158", _tr("Green")),
        Choice("#0a9bff", _tr("Blue")),
        Choice("#ff2fd6", _tr("Magenta")),
        Choice("#ffffff", _tr("White")),
    )
    return (
        ChoiceRow(
            settings,
            declared.OVERLAY_COLOUR,
            _tr("Colour"),
            _tr("The colour in which the mask is shown. It never reaches the photo."),
            colours,
        ),
        NumberRow(
            settings,
            declared.OVERLAY_OPACITY,
            _tr("Opacity"),
            _tr("How strongly the mask covers the photo on the screen. Q hides it."),
            percent=True,
        ),
    )


def _coarse_choices() -> tuple[Choice[str], ...]:
    best = coarse_info(preferred_coarse()).label
    reason = _tr("Not installed: pip install the extra that brings “{}”, then restart.")
    return (
        Choice(AUTO_COARSE, _tr("Best ({})").format(best)),
        *(
            Choice(info.name, info.label)
            if info.installed
            else Choice(info.name, _tr("{} (not installed)").format(info.label), reason.format(info.package))
            for info in COARSE_INPAINTERS
        ),
    )


def _device_choices() -> tuple[Choice[DeviceChoice], ...]:
    accelerator = (
        Choice(DeviceChoice.MPS, _tr("Apple GPU"))
        if sys.platform == "darwin"
        else Choice(DeviceChoice.CUDA, _tr("NVIDIA GPU"))
    )
    return (Choice(DeviceChoice.AUTO, _tr("Fastest there is")), Choice(DeviceChoice.CPU, _tr("CPU")), accelerator)


def _tr(text: str) -> str:
    return QCoreApplication.translate("tool_panel", text)
