"""Facts in one line: the photo's size, the mask, what the last run took and on what, the zoom."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QStatusBar, QWidget

from app.imaging.geometry import Extent
from app.inference.request import RunReport
from app.ui.language import tr
from app.ui.panels.prompt_bar import share


class StatusBar(QStatusBar):
    """Only shows what it is told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._size, self._mask, self._run, self._zoom = QLabel(), QLabel(), QLabel(), QLabel()
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("3200 %") + 16)
        self.addWidget(self._size)
        self.addWidget(self._mask)
        self.addPermanentWidget(self._run)
        self.addPermanentWidget(self._zoom)

    def show_document(self, extent: Extent | None, coverage: float) -> None:
        """The photo's size and the share of it that is hole, 0…1; None where none is open."""
        if extent is None:
            for label in (self._size, self._mask, self._run, self._zoom):
                label.clear()
            return
        megapixels = extent.width * extent.height / 1e6
        self._size.setText(f"{extent.width} × {extent.height} · {megapixels:.1f} MP")
        self._mask.setText(tr("Mask {}").format(share(coverage)))

    def show_zoom(self, scale: float) -> None:
        """View pixels per image pixel."""
        self._zoom.setText(f"{100 * scale:.0f} %")

    def show_report(self, report: RunReport) -> None:
        """What the last run took."""
        stages = [key for key in ("coarse", "local", "global", "detail") if key in report.seconds]
        times = " · ".join(f"{key} {duration(report.seconds[key])}" for key in stages)
        self._run.setText(f"{report.device} · {times}")
        total = report.seconds.get("total", sum(report.seconds.values()))
        self._run.setToolTip(
            tr("{model} on {device}, {count} region(s), {total} in all").format(
                model=report.model, device=report.device, count=len(report.regions), total=duration(total)
            )
        )


def duration(seconds: float) -> str:
    """Milliseconds up to a second, then seconds."""
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"
