"""Rows of a panel, each bound both ways to one setting: a number, a choice, a switch. `row_for` makes the right one.

Compact rows stand beside each other in a bar: their names take no more room than they need, their sliders are
all alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QFont, QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QWidget

from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.pieces import flush, label
from app.ui.settings.setting import Choice, Setting
from app.ui.settings.store import Settings

T = TypeVar("T")

_STEPS = 1000
_FIELD_WIDTH = 9 * GRID
_NAME_WIDTH = 11 * GRID
_SLIDER = 14 * GRID
"""Width of the slider of a compact row."""


class LogScale:
    """Equal distances of a slider are equal ratios of the value."""

    def position(self, value: float, low: float, high: float) -> int:
        """Where the slider stands for `value`, 0…1000."""
        return round(_STEPS * math.log(value / low) / math.log(high / low))

    def value(self, position: int, low: float, high: float) -> float:
        """The value at `position`."""
        return low * math.pow(high / low, position / _STEPS)


class LinearScale:
    """Equal distances of a slider are equal differences of the value."""

    def position(self, value: float, low: float, high: float) -> int:
        """Where the slider stands for `value`, 0…1000."""
        return round(_STEPS * (value - low) / (high - low))

    def value(self, position: int, low: float, high: float) -> float:
        """The value at `position`."""
        return low + (high - low) * position / _STEPS


class NumberRow(QWidget):
    """A name, a field to type in and a slider for a number between the setting's bounds."""

    def __init__(self, settings: Settings, setting: Setting[Any], *, compact: bool = False) -> None:
        super().__init__()
        assert setting.low is not None
        assert setting.high is not None
        self._settings, self._setting = settings, setting
        self._low, self._high, self._factor = setting.low, setting.high, 100 if setting.percent else 1
        self._scale = LogScale() if setting.logarithmic else LinearScale()
        self._field = QDoubleSpinBox(decimals=0, minimum=self._low * self._factor, maximum=self._high * self._factor)
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setRange(0, _STEPS)
        self._lay_out(tr(setting.name), tr(setting.tip), " %" if setting.percent else setting.unit, compact)
        self._show()
        self._field.valueChanged.connect(lambda value: self._store(value / self._factor))
        self._slider.valueChanged.connect(self._slid)
        settings.changed.connect(self._setting_changed)

    def _lay_out(self, name: str, tip: str, suffix: str, compact: bool) -> None:
        self._field.setSuffix(suffix)
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._field.setFixedWidth(max(_FIELD_WIDTH, field_width(self._field)))
        self._field.setKeyboardTracking(False)
        self._field.setAccessibleName(name)
        self._slider.setAccessibleName(name)
        self._slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(tip)
        row = flush(QHBoxLayout(self))
        row.addWidget(_name(name, compact))
        row.addWidget(self._slider, 1)
        row.addWidget(self._field)
        self.setTabOrder(self._slider, self._field)
        if compact:
            self._slider.setFixedWidth(_SLIDER)

    def _slid(self, position: int) -> None:
        value = self._scale.value(position, self._low, self._high)
        self._store(round(value * self._factor) / self._factor)

    def _store(self, value: float) -> None:
        self._settings.set(self._setting, type(self._setting.default)(value))
        self._show()

    def _setting_changed(self, setting: Setting[Any]) -> None:
        if setting is self._setting:
            self._show()

    def _show(self) -> None:
        value = self._settings.get(self._setting)
        with QSignalBlocker(self._field), QSignalBlocker(self._slider):
            self._field.setValue(value * self._factor)
            self._slider.setValue(self._scale.position(value, self._low, self._high))


class ChoiceRow(QWidget, Generic[T]):
    """A name and a drop-down list of the values a setting may have."""

    def __init__(self, settings: Settings, setting: Setting[T], *, compact: bool = False) -> None:
        super().__init__()
        assert setting.choices is not None
        self._settings, self._setting = settings, setting
        self._rows: list[Choice[Any]] = []
        self._values: list[T] = []
        self._box = QComboBox()
        self._lay_out(tr(setting.name), tr(setting.tip), compact)
        self.refill()
        self._box.activated.connect(self._chosen)
        settings.changed.connect(self._setting_changed)

    def choices(self) -> tuple[Choice[T], ...]:
        """What there is to choose from now."""
        assert self._setting.choices is not None
        return self._setting.choices()

    def value(self) -> T:
        """Which of them is chosen."""
        return self._settings.get(self._setting)

    def store(self, value: T) -> None:
        """Choose one of them."""
        self._settings.set(self._setting, value)

    def refill(self) -> None:
        """Show the choices there are now, each group below its heading."""
        self._rows = _with_headings(self.choices())
        self._values = [row.value for row in self._rows]
        with QSignalBlocker(self._box):
            self._box.clear()
            self._box.addItems([row.text for row in self._rows])
        self._show_able()
        self._show()

    def _lay_out(self, name: str, tip: str, compact: bool) -> None:
        self._box.setAccessibleName(name)
        self._box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(5)
        self.setToolTip(tip)
        row = flush(QHBoxLayout(self))
        row.addWidget(_name(name, compact))
        row.addWidget(self._box, 1)

    def _chosen(self, index: int) -> None:
        self.store(self._values[index])

    def _setting_changed(self, setting: Setting[T]) -> None:
        if setting is self._setting:
            self._show()

    def _show_able(self) -> None:
        """Say what each choice is; dim what can't be chosen, and say why. Headings can't be chosen either."""
        model = self._box.model()
        assert isinstance(model, QStandardItemModel)
        for index, row in enumerate(self._rows):
            item = model.item(index)
            item.setToolTip(row.reason or row.tip)
            item.setEnabled(not row.reason and row.value is not None)
            if row.value is None:
                item.setFont(_bold(self._box.font()))

    def _show(self) -> None:
        value = self.value()
        index = self._values.index(value) if value in self._values else 0
        with QSignalBlocker(self._box):
            self._box.setCurrentIndex(index)
        lines = self._rows[index].text, self._rows[index].tip, tr(self._setting.tip)
        self._box.setToolTip("\n".join(line for line in lines if line))


def _with_headings(choices: Sequence[Choice[T]]) -> list[Choice[Any]]:
    """`choices`, each group below its heading, whose value is None."""
    rows: list[Choice[Any]] = []
    group = ""
    for choice in choices:
        if choice.group and choice.group != group:
            rows.append(Choice(None, choice.group))
        group = choice.group
        rows.append(choice)
    return rows


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setBold(True)
    return made


class SwitchRow(QCheckBox):
    """A setting that is on or off."""

    def __init__(self, settings: Settings, setting: Setting[bool]) -> None:
        super().__init__(tr(setting.name))
        self._settings, self._setting = settings, setting
        self.setToolTip(tr(setting.tip))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setChecked(settings.get(setting))
        self.toggled.connect(self._switched)
        settings.changed.connect(self._setting_changed)

    def _switched(self, on: bool) -> None:
        self._settings.set(self._setting, on)

    def _setting_changed(self, setting: Setting[bool]) -> None:
        if setting is self._setting:
            self.setChecked(self._settings.get(setting))


def field_width(field: QSpinBox | QDoubleSpinBox) -> int:
    """Room for the longest number; what Qt would leave for arrows beside it is not needed."""
    texts = (f"{end:.0f}{field.suffix()}" for end in (field.minimum(), field.maximum()))
    width = max(field.fontMetrics().horizontalAdvance(text) for text in texts) + 3 * GRID
    return max(width, field.minimumSizeHint().width())


def row_for(settings: Settings, setting: Setting[Any], *, compact: bool = False) -> QWidget:
    """The row that suits a declaration: choices, a switch for what is on or off, else a number."""
    if setting.is_colour:
        from app.ui.panels.colour_row import ColourRow  # which builds on this module

        return ColourRow(settings, setting)
    if setting.are_models:
        from app.ui.panels.models_row import ModelsRow

        return ModelsRow(settings, setting)
    if setting.suffixes:
        from app.ui.panels.file_row import FileRow

        return FileRow(settings, setting)
    if setting.has_own_models:
        from app.ui.panels.coarse_row import CoarseRow

        return CoarseRow(settings, setting, compact=compact)
    if setting.choices is not None:
        return ChoiceRow(settings, setting, compact=compact)
    if isinstance(setting.default, bool):
        return SwitchRow(settings, setting)
    return NumberRow(settings, setting, compact=compact)


def _name(text: str, compact: bool) -> QLabel:
    name = label(text)
    if not compact:
        name.setMinimumWidth(max(_NAME_WIDTH, name.sizeHint().width()))
    return name
