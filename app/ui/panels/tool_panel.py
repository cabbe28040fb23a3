"""The panel on the right: the brush, how a hole is filled, what is shown. Every row is a setting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.ui.language import mark, tr
from app.ui.look.theme import GRID
from app.ui.panels.controls import row_for
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

WIDTH = 36 * GRID


_SECTIONS: tuple[tuple[str, tuple[Setting[Any], ...]], ...] = (
    (mark("Brush"), (declared.BRUSH_SIZE, declared.BRUSH_HARDNESS)),
    (mark("Fill"), (declared.COARSE, declared.WORKING_SIZE, declared.DEVICE, declared.DETAIL)),
    (mark("Edge"), (declared.GROW, declared.FEATHER, declared.COLOUR_MATCH)),
    (mark("Results"), (declared.RESULT_STAGE, declared.RESULT_VIEW)),
    (
        mark("Mask tint"),
        (declared.OVERLAY_LOOK, declared.OVERLAY_COLOUR, declared.OVERLAY_OPACITY, declared.OVERLAY_EDGE),
    ),
)


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
        self._body, self._rows = body, rows
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(WIDTH)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def add_section(self, heading: str, widget: QWidget) -> None:
        """One more section, below the others."""
        for each in (_heading(heading), widget):
            self._rows.insertWidget(self._rows.count() - 1, each)

    def sizeHint(self) -> QSize:
        """All rows, where the window is high enough."""
        return QSize(WIDTH, self._body.sizeHint().height())


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def _sections(settings: Settings) -> Iterator[tuple[str, list[QWidget]]]:
    for heading, shown in _SECTIONS:
        yield tr(heading), [row_for(settings, setting) for setting in shown]
