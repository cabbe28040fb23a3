"""Smooth moves of a view: closer to a place, and back to the whole photo."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QObject, QVariantAnimation

from app.imaging.geometry import Point, Rect
from app.ui.canvas.viewport import Viewport

_DURATION = 500
"""Milliseconds."""

_SHARE = 0.6
"""Of the view, what a place takes that is looked at closely."""

_CLOSEST, _LEAST = 4.0, 1.5
"""How close that is at most: a zoom, or for small photos as many times the fitted one."""


class Moves(QObject):
    """Moves `viewport`; any move of it by hand ends one under way at the next picture."""

    def __init__(self, viewport: Viewport, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._viewport = viewport
        self._from = self._to = (1.0, Point(0.0, 0.0))
        self._ends_fitted = False
        self.clock = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=_DURATION)
        self.clock.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.clock.valueChanged.connect(self._move)
        self.clock.finished.connect(self._end)

    def to_rect(self, rect: Rect, *, animated: bool) -> None:
        """Look closely at `rect`, image pixels."""
        width, height = self._viewport.view
        fitted = self._viewport.fitting_scale
        across, down = self._viewport.turned_sides(rect.width, rect.height)
        scale = min(_SHARE * width / across, _SHARE * height / down, max(_CLOSEST, _LEAST * fitted))
        middle = Point(rect.x + rect.width / 2, rect.y + rect.height / 2)
        self._begin((max(scale, fitted), middle), animated, fitted=False)

    def to_fit(self, *, animated: bool) -> None:
        """The whole photo."""
        extent = self._viewport.extent
        scale, middle = self._viewport.fitting_scale, Point(extent.width / 2, extent.height / 2)
        self._begin((scale, middle), animated, fitted=True)

    def stop(self) -> None:
        """Stay where the view is."""
        self.clock.stop()

    def _begin(self, target: tuple[float, Point], animated: bool, *, fitted: bool) -> None:
        self.clock.stop()
        self._from, self._to, self._ends_fitted = (self._viewport.scale, self._viewport.centre), target, fitted
        if animated:
            self.clock.start()
        else:
            self._end()

    def _move(self, share: float) -> None:
        """Equal times are equal ratios of zoom, about one point of the photo."""
        (scale, centre), (last, target) = self._from, self._to
        now = scale * (last / scale) ** share
        way = share if abs(last / scale - 1) < 0.01 else (1 / scale - 1 / now) / (1 / scale - 1 / last)
        middle = Point(centre.x + way * (target.x - centre.x), centre.y + way * (target.y - centre.y))
        self._viewport.look_at(now, middle)

    def _end(self) -> None:
        if self._ends_fitted:
            self._viewport.fit()
        else:
            self._viewport.look_at(*self._to)
