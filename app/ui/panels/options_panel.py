"""The panel on the right: how a hole is filled and what is shown. Every row is a setting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QStyle, QVBoxLayout, QWidget

from app.ui.language import mark, tr
from app.ui.look.theme import GRID
from app.ui.panels.preset_bar import PresetBar
from app.ui.panels.sections import OptionRow, Section
from app.ui.settings import declared
from app.ui.settings.presets import Presets
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

WIDTH = 36 * GRID
HEIGHT = 44 * GRID
"""What it asks for: panels share the height of the window in proportion to what they ask for."""
_MARGIN = 2 * GRID

_SECTIONS: tuple[tuple[str, tuple[Setting[Any], ...]], ...] = (
    (
        mark("Fill"),
        (declared.COARSE, declared.RESULT_STAGE, declared.WORKING_SIZE, declared.DETAIL, declared.DEVICE),
    ),
    (mark("Edge"), (declared.GROW, declared.FEATHER, declared.COLOUR_MATCH)),
    (mark("Results"), (declared.RESULT_VIEW, declared.AUTO_RUN)),
    (mark("Mask border"), (declared.MASK_STEP, declared.MASK_SOFTNESS)),
    (
        mark("Mask tint"),
        (declared.OVERLAY_LOOK, declared.OVERLAY_COLOUR, declared.OVERLAY_OPACITY, declared.OVERLAY_EDGE),
    ),
)


class OptionsPanel(QScrollArea):
    """Presets, then sections of rows, scrolled where the window is low. A reset can be taken back."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._before_reset: dict[Setting[Any], Any] = {}
        self._resets = False
        self.presets = PresetBar(Presets(settings, self))
        self.sections = tuple(Section(settings, name, shown) for name, shown in _SECTIONS)
        self.reset_button = QPushButton()
        self.reset_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._body = QWidget()
        self._lay_out()
        for section in self.sections:
            section.reset_pressed.connect(lambda section=section: self._reset(section.rows))
        self.reset_button.clicked.connect(self._reset_pressed)
        settings.changed.connect(self._setting_changed)
        self._refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self._body)
        column.setContentsMargins(_MARGIN, GRID, GRID, _MARGIN)
        column.setSpacing(GRID)
        column.addWidget(self.presets)
        for section in self.sections:
            column.addWidget(section)
        column.addWidget(self.reset_button, 0, Qt.AlignmentFlag.AlignLeading)
        column.addStretch(1)
        self.setWidget(self._body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(self._width())

    def _width(self) -> int:
        """Wide enough for the longest row in any language."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        return max(WIDTH, self._body.minimumSizeHint().width() + bar)

    def sizeHint(self) -> QSize:
        """Never more than its share: the rest is scrolled."""
        return QSize(self._width(), min(HEIGHT, self._body.sizeHint().height()))

    @property
    def rows(self) -> tuple[OptionRow, ...]:
        """The rows of all sections."""
        return tuple(row for section in self.sections for row in section.rows)

    def row(self, setting: Setting[Any]) -> OptionRow:
        """The row of `setting`."""
        return next(row for row in self.rows if row.setting is setting)

    def _reset_pressed(self) -> None:
        if self._before_reset:
            self._take_back()
        else:
            self._reset(self.rows)

    def _reset(self, rows: Sequence[OptionRow]) -> None:
        """Defaults for `rows`; what they were is kept until something else is changed."""
        before = {row.setting: self._settings.get(row.setting) for row in rows if row.is_modified}
        self._resets = True
        for row in rows:
            row.reset()
        self._resets = False
        self._before_reset = before
        self._refresh()

    def _take_back(self) -> None:
        before, self._before_reset = self._before_reset, {}
        for setting, value in before.items():
            self._settings.set(setting, value)
        self._refresh()

    def _setting_changed(self, setting: Setting[Any]) -> None:
        if not self._resets and any(row.setting is setting for row in self.rows):
            self._before_reset = {}
        self._refresh()

    def _refresh(self) -> None:
        takes_back = bool(self._before_reset)
        self.reset_button.setText(tr("Take the reset back") if takes_back else tr("Reset all"))
        self.reset_button.setToolTip(
            tr("Bring back what was set before the reset") if takes_back else tr("Bring the defaults of all rows back")
        )
        self.reset_button.setEnabled(takes_back or any(row.is_modified for row in self.rows))
