"""Facts in one line: the photo's size, the mask, the pixel pointed at, what the last run took, the zoom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton, QWidget

from app.imaging.geometry import Extent
from app.inference.request import RunReport, Stage
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.numbers import decimal, duration, fine_per_cent, per_cent, whole
from app.ui.panels.elided_label import Fact
from app.ui.stages.panes import Pane

Colour = tuple[int, int, int]
"""Red, green, blue in the photo's own depth."""

_PEAK = 65535
"""The largest value of a channel, for which there must be room."""


class StatusBar(QStatusBar):
    """Only shows what it is told."""

    batch_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._size, self._mask, self._zoom = QLabel(), QLabel(), QLabel()
        self._pixel = Fact(tr("Where the pointer is, and the red, green and blue of the photo there."))
        self._run = Fact()
        self._size.setToolTip(tr("The photo's width and height in pixels."))
        self._mask.setToolTip(tr("How much of the photo is painted, and will be filled."))
        self._zoom.setToolTip(tr("At 100 % one pixel of the photo is one pixel of the screen."))
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("3200 %") + 2 * GRID)
        for label in (self._size, self._mask):
            self.addWidget(label)
        self.addWidget(self._pixel, 1)
        self.batch = QToolButton(focusPolicy=Qt.FocusPolicy.TabFocus)  # type: ignore[call-arg]
        self.batch.setProperty("role", "link")
        self.batch.setToolTip(tr("Shows the batch."))
        self.batch.setMaximumHeight(self.fontMetrics().height() + GRID // 2)  # the bar has room for what is hidden, too
        self.batch.clicked.connect(self.batch_pressed)
        for widget in (self._run, self.batch, self._zoom):
            self.addPermanentWidget(widget)
        self.batch.hide()

    @property
    def mask_words(self) -> str:
        """What is said about the mask."""
        return self._mask.text()

    @property
    def pixel_words(self) -> str:
        """What is said about the pixel pointed at."""
        return self._pixel.text()

    def show_document(self, extent: Extent | None, hole_pixels: int) -> None:
        """The photo's size, and how many of its pixels are hole; None where none is open."""
        if extent is None:
            for label in (self._size, self._mask, self._zoom):
                label.clear()
            self._run.clear()
            self._run.set_tip("")
            self.show_pixel(None)
            return
        area = extent.width * extent.height
        megapixels = decimal(area / 1e6, 1)
        self._size.setText(tr("{} × {} · {} MP").format(extent.width, extent.height, megapixels))
        self._mask.setText(_mask_words(hole_pixels, hole_pixels / area))
        self._pixel.reserve(_pixel_words(extent.width, extent.height, (_PEAK, _PEAK, _PEAK)))

    def show_pixel(self, place: tuple[int, int] | None, colour: Colour | None = None) -> None:
        """The pixel ``(x, y)`` pointed at, and its colour where it lies in the photo; nothing where it does not."""
        self._pixel.setText("" if place is None or colour is None else _pixel_words(*place, colour))

    def show_zoom(self, scale: float) -> None:
        """View pixels per image pixel."""
        self._zoom.setText(per_cent(scale))

    def show_batch(self, text: str) -> None:
        """How far the batch is; nothing where `text` is empty."""
        self.batch.setText(text)
        self.batch.setVisible(bool(text))

    def show_report(self, report: RunReport) -> None:
        """What the last run took."""
        stages = [stage for stage in Stage if stage.value in report.seconds]
        times = " · ".join(f"{Pane.of(stage).title} {duration(report.seconds[stage.value])}" for stage in stages)
        total = report.seconds.get("total", sum(report.seconds.values()))
        tip = tr("{model} on {device}, {count} region(s), {total} in all").format(
            model=report.model, device=report.device, count=len(report.regions), total=duration(total)
        )
        words = f"{report.device} · {times}"
        self._run.reserve(words)
        self._run.setText(words)
        self._run.set_tip(tip)


def _mask_words(pixels: int, part: float) -> str:
    if not pixels:
        return tr("Mask empty")
    return tr("Mask {} px · {}").format(whole(pixels), fine_per_cent(part))


def _pixel_words(x: int, y: int, colour: Colour) -> str:
    return tr("x {} y {} · R {} G {} B {}").format(x, y, *colour)
