"""The results of several runs to choose from: a letter for each, the one shown is lit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QWidget

from app.inference.catalog import actual_name, coarse_info
from app.inference.request import InpaintOptions
from app.ui.language import plural, tr
from app.ui.look.theme import GRID
from app.ui.numbers import brief, milliseconds
from app.ui.panels.pieces import flush
from app.ui.session.variants import Variant
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.words import value_words
from app.ui.stages.panes import Pane

SIDE = 4 * GRID


class VariantSwitcher(QWidget):
    """Shown where there are at least two to choose from."""

    chosen = Signal(object)
    """The `Variant`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Results to choose from"))
        self._group = QButtonGroup(self)
        self._row = flush(QHBoxLayout(self), GRID // 2)
        self._buttons: list[QToolButton] = []
        self._variants: tuple[Variant, ...] = ()
        self._is_wanted = True
        self._group.idClicked.connect(lambda index: self.chosen.emit(self._variants[index]))
        self.hide()

    @property
    def buttons(self) -> tuple[QToolButton, ...]:
        """One for each variant, the oldest first."""
        return tuple(self._buttons[: len(self._variants)])

    def show_variants(self, variants: Sequence[Variant], shown: Variant | None) -> None:
        """These are there; `shown` is looked at."""
        self._variants = tuple(variants)
        while len(self._buttons) < len(variants):
            self._buttons.append(self._button(len(self._buttons)))
        with QSignalBlocker(self._group):
            for index, button in enumerate(self._buttons):
                button.setVisible(index < len(variants))
                if index < len(variants):
                    _label(button, variants[index])
                    button.setChecked(variants[index] is shown)
        self._show_or_hide()

    def set_wanted(self, on: bool) -> None:
        """False while the variants are chosen from elsewhere."""
        self._is_wanted = on
        self._show_or_hide()

    def _show_or_hide(self) -> None:
        self.setVisible(self._is_wanted and len(self._variants) > 1)

    def _button(self, index: int) -> QToolButton:
        button = QToolButton(checkable=True, focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
        button.setProperty("role", "variant")
        button.setMinimumSize(SIDE, SIDE)
        self._group.addButton(button, index)
        self._row.addWidget(button)
        return button


def _label(button: QToolButton, variant: Variant) -> None:
    button.setText(variant.name)
    button.setAccessibleName(tr("Result {}").format(variant.name))
    button.setToolTip(describe(variant))


def describe(variant: Variant) -> str:
    """Its time and what it was made with, a line each."""
    lines = [tr("Result {}").format(variant.name)]
    if variant.report is not None:
        lines[0] += f" · {milliseconds(variant.seconds)}"
    if variant.options is not None:
        lines += options_words(variant.options)
    if variant.options is not None and (variant.options.seed or variant.options.context_scale != 1):
        scale = tr("Context box: {}× as large as usual").format(brief(variant.options.context_scale))
        lines += [scale, tr("Seed of the texture: {}").format(variant.options.seed)]
    if variant.contexts:
        count = len(variant.contexts)
        lines.append(plural("{} chosen context box", "{} chosen context boxes", count).format(count))
    return "\n".join(lines)


def options_words(options: InpaintOptions) -> list[str]:
    """The options of a run, a line each."""
    values: tuple[tuple[Setting[Any], str], ...] = (
        (declared.COARSE, coarse_info(actual_name(options.coarse)).label),
        (declared.RESULT_STAGE, Pane.of(options.built_on).title),
        (declared.WORKING_SIZE, value_words(declared.WORKING_SIZE, options.working_size)),
        (declared.DETAIL, value_words(declared.DETAIL, options.detail)),
        (declared.GROW, value_words(declared.GROW, options.grow)),
        (declared.FEATHER, value_words(declared.FEATHER, options.feather)),
        (declared.COLOUR_MATCH, value_words(declared.COLOUR_MATCH, options.colour_match)),
    )
    return [f"{tr(setting.name)}: {value}" for setting, value in values]
