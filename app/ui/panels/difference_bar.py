"""The bar above a difference map: what is compared, how strongly it is shown, and the figures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.imaging.difference_map import SEEN, DifferenceMap
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import brief, decimal, fine_per_cent, whole
from app.ui.panels.elided_label import ElidedLabel, Fact
from app.ui.panels.legend import Legend
from app.ui.panels.pieces import flush, label
from app.ui.stages.difference import AMPLIFICATIONS, Difference
from app.ui.stages.versions import Version

_SLIDER = 12 * GRID
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


class DifferenceBar(QFrame):
    """Two rows; everything in it can be reached by Tab."""

    closed = Signal()
    beside_toggled = Signal(bool)
    """Whether both versions are to be seen beside the map."""

    def __init__(self, difference: Difference, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("difference")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._difference = difference
        self._versions: tuple[Version, ...] = ()
        self.first, self.second = _choice(tr("Compared from")), _choice(tr("Compared to"))
        self.slider = _slider()
        self._times = Fact()
        self._times.reserve(tr("{}×").format(AMPLIFICATIONS[-1]))
        self.signed = _toggle(tr("Signed"), tr("Show lighter and darker round grey, and not how large a difference is"))
        self.beside = _toggle(tr("Beside"), tr("Show both versions beside the map, with one zoom for all"))
        self.close_button = QPushButton(tr("Close  Esc"))
        self.close_button.setToolTip(tr("Show the results again"))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.legend, self.figures, self.here = Legend(), ElidedLabel(), Fact()
        weighty = self.figures.font()
        weighty.setWeight(QFont.Weight.DemiBold)
        self.figures.setFont(weighty)
        self.here.reserve(tr("here ΔE {}").format(decimal(88.8, 1)))
        self._lay_out()
        self._connect()
        self.refresh()

    def _lay_out(self) -> None:
        upper = flush(QHBoxLayout())
        choices: tuple[QWidget, ...] = self.first, label("→"), self.second
        looks: tuple[QWidget, ...] = label(tr("Amplify"), "muted"), self.slider, self._times, self.signed, self.beside
        for widget in choices:
            upper.addWidget(widget)
        upper.addSpacing(GRID)
        for widget in looks:
            upper.addWidget(widget)
        upper.addStretch(1)
        upper.addWidget(self.close_button)
        lower = flush(QHBoxLayout(), 2 * GRID)
        lower.addWidget(self.legend)
        lower.addWidget(self.figures, 1)
        lower.addWidget(self.here)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * GRID, GRID // 2, 2 * GRID, GRID // 2)
        rows.setSpacing(GRID // 2)
        rows.addLayout(upper)
        rows.addLayout(lower)

    def _connect(self) -> None:
        self.first.activated.connect(self._chosen)
        self.second.activated.connect(self._chosen)
        self.slider.valueChanged.connect(lambda step: self._difference.amplify(AMPLIFICATIONS[step]))
        self.signed.toggled.connect(self._difference.set_signed)
        self.beside.toggled.connect(self.beside_toggled)
        self.close_button.clicked.connect(self.closed)
        self._difference.changed.connect(self.refresh)

    def event(self, event: QEvent) -> bool:
        """Tab moves on in here, whatever it is a shortcut of."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and event.key() in _TABS:
            event.accept()
            return True
        return super().event(event)

    def refresh(self) -> None:
        """Show it as it is now."""
        difference = self._difference
        self._offer(difference.versions)
        with QSignalBlocker(self.slider), QSignalBlocker(self.signed):
            self.slider.setValue(AMPLIFICATIONS.index(difference.amplification))
            self.signed.setChecked(difference.is_signed)
        self._times.setText(tr("{}×").format(difference.amplification))
        self.legend.show_scale(difference.amplification, is_signed=difference.is_signed)
        self.figures.setText(self._words())

    def show_here(self, value: float | None) -> None:
        """The difference under the pointer; None where there is none."""
        self.here.setText("" if value is None else tr("here ΔE {}").format(decimal(value, 1)))

    def _words(self) -> str:
        if self._difference.map is not None:
            return figures(self._difference.map)
        return tr("Comparing…") if self._difference.is_complete else tr("Not there yet")

    def _offer(self, versions: tuple[Version, ...]) -> None:
        for combo, chosen in zip((self.first, self.second), self._difference.pair, strict=True):
            offered = versions if chosen in versions else (*versions, chosen)
            with QSignalBlocker(combo):
                if [combo.itemData(index) for index in range(combo.count())] != list(offered):
                    combo.clear()
                    for version in offered:
                        combo.addItem(version.words, version)
                combo.setCurrentIndex(offered.index(chosen))

    def _chosen(self) -> None:
        self._difference.choose(self.first.currentData(), self.second.currentData())


def figures(found: DifferenceMap) -> str:
    """What the map comes to."""
    return tr("Mean ΔE {mean} · {share} of the hole's {pixels} pixels visibly changed (ΔE > {seen})").format(
        mean=decimal(found.mean, 2), share=fine_per_cent(found.changed), pixels=whole(found.pixels), seen=brief(SEEN)
    )


def _choice(name: str) -> QComboBox:
    result = QComboBox()
    result.setAccessibleName(name)
    result.setToolTip(name)
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    result.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return result


def _slider() -> QSlider:
    result = QSlider(Qt.Orientation.Horizontal)
    result.setRange(0, len(AMPLIFICATIONS) - 1)
    result.setPageStep(1)
    result.setFixedWidth(_SLIDER)
    result.setAccessibleName(tr("Amplification"))
    result.setToolTip(tr("How many times as strong differences are shown (+ and − on the map)"))
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return result


def _toggle(text: str, tip: str) -> QPushButton:
    result = QPushButton(text)
    result.setCheckable(True)
    result.setToolTip(tip)
    result.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return result
