"""The presented photo: one step, or two with the wipe between them. Only what a wipe changes is painted."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QRegion
from PySide6.QtWidgets import QWidget

from app.imaging.geometry import Rect
from app.ui.canvas.overlay import REACH
from app.ui.canvas.scene import Scene
from app.ui.canvas.scene_view import Part, SceneView
from app.ui.canvas.view_widget import scaled
from app.ui.canvas.viewport import Viewport
from app.ui.look.palette import DARK, PRESENTED
from app.ui.presenting.wipe import Wipe

_LINE = 2
"""Pixels of the window."""


class WipeCanvas(SceneView):
    """Rectangles are widget pixels."""

    def __init__(self, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(viewport, parent)
        self.wipe = Wipe(self)
        self._other: Scene | None = None
        """While it is wiped in or out, the later of the two steps, or the earlier one, that `scene` is not."""
        self._differs = Rect(0, 0, 0, 0)
        self._line = 0
        self.wipe.moved.connect(self._wiped)
        self.wipe.ended.connect(self._ended)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Dark, QColor(PRESENTED))
        self.setPalette(palette)

    def show_scene(self, scene: Scene) -> None:
        """Show `scene` at once."""
        self.wipe.stop()
        self.scene, self._other = scene, None
        self.update()

    def wipe_to(self, scene: Scene, differs: Rect, *, forward: bool) -> None:
        """Wipe `scene` in; image pixels outside `differs` are the same in both.

        A wipe under way that came from there is called back; another one is over.
        """
        if self.wipe.is_on and scene is self._other and forward is not self.wipe.is_forward:
            self.scene, self._other = scene, self.scene
            self.wipe.turn_back()
            return
        if self.wipe.is_on:
            self.show_scene(self.scene)
        self.scene, self._other = scene, self.scene
        self._differs = differs
        self._line = 0 if forward else self.width()
        self.wipe.begin(forward=forward)

    def refresh_image(self, rect: Rect) -> None:
        """What lies in `rect`, image pixels, looks different now."""
        self.update_image(rect)

    @property
    def line(self) -> int | None:
        """How far from the left the line stands; None without one."""
        return self._line if self.wipe.is_on else None

    def _wiped(self) -> None:
        """Repaint what lies between where the line was and where it is, as far as it differs, and the line."""
        if self._other is None:
            return
        before, self._line = self._line, round(self.wipe.share * self.width())
        left, right = sorted((before, self._line))
        strip = QRect(left, 0, right - left, self.height())
        changed = scaled(self.transform().covering(self._differs, REACH), 1 / self.devicePixelRatioF())
        self.update(QRegion(strip.intersected(changed)) + self._line_at(before) + self._line_at(self._line))

    def _ended(self) -> None:
        self._other = None
        self.update(self._line_at(self._line))

    def _line_at(self, x: int) -> QRect:
        return QRect(x - _LINE, 0, 2 * _LINE, self.height())

    def _parts(self, exposed: QRect) -> list[Part]:
        """The later step at the left of the line, the earlier one at its right."""
        if self._other is None:
            return [(exposed, self.scene, False)]
        later, earlier = (self.scene, self._other) if self.wipe.is_forward else (self._other, self.scene)
        line = round(self._line * self.devicePixelRatioF())
        left, right = QRect(exposed), QRect(exposed)
        left.setRight(min(exposed.right(), line - 1))
        right.setLeft(max(exposed.left(), line))
        parts = ((left, later, False), (right, earlier, False))
        return [part for part in parts if part[0].isValid()]

    def paintEvent(self, event: QPaintEvent) -> None:
        """The steps, and the line between them."""
        super().paintEvent(event)
        if self._other is not None:
            painter = QPainter(self)
            painter.fillRect(QRect(self._line - _LINE // 2, 0, _LINE, self.height()), QColor(DARK.text))
            painter.end()
