"""The glass itself: lies over a view, lets the pointer through, and draws the photo from its own pixels."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QRegion
from PySide6.QtWidgets import QWidget

from app.ui.canvas.plates import paint_plate, plate_font, plate_size
from app.ui.canvas.pointer_marks import paint_cross, paint_ring
from app.ui.canvas.turning import Turntable
from app.ui.canvas.view_transform import ViewTransform
from app.ui.canvas.view_widget import ViewWidget, scaled
from app.ui.language import tr
from app.ui.look.palette import DARK
from app.ui.loupe.sight import Sight

_ROUNDING = 0.14
"""Radius of its corners, as a share of its side."""

_RIM, _EDGE = 3.0, 1.0
"""Widths of the light rim and of the dark lines on both sides of it, pixels of the window."""

_FOOT = 12
"""Pixels below the words."""


class Glass(QWidget):
    """Covers `canvas` while it is in hand; repaints only where it lay and where it lies."""

    def __init__(self, canvas: ViewWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._sight: Sight | None = None
        self._turntable = Turntable()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(tr("Loupe"))
        self.hide()
        canvas.resized.connect(self._cover)

    @property
    def sight(self) -> Sight | None:
        """What is shown, and where; None while there is no glass."""
        return self._sight

    def take(self, in_hand: bool) -> None:
        """Be there to be shown, or not at all."""
        if in_hand == self.isHidden():
            self._cover()
            self.raise_()
            self.setVisible(in_hand)
        if not in_hand:
            self._sight = None
            self._turntable.forget()

    def show_sight(self, sight: Sight | None) -> None:
        """Show this, or nothing."""
        frames = [each.frame for each in (self._sight, sight) if each is not None]
        self._sight = sight
        self.setAccessibleDescription("" if sight is None else sight.words)
        if len(frames) == 2 and frames[0].intersects(frames[1]):
            frames = [frames[0].united(frames[1])]  # a region of many parts would be drawn part by part
        for frame in frames:  # of the canvas, which has marks to move, too: Qt paints the two in one go
            self._canvas.update_view(frame)

    def _cover(self) -> None:
        self.setGeometry(self._canvas.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The photo, the marks over it, the words, and the rim."""
        sight, ratio = self._sight, self.devicePixelRatioF()
        if sight is None:
            return
        exposed = scaled(event.rect(), ratio).intersected(sight.frame)
        if exposed.isEmpty():
            return
        painter = QPainter(self)
        painter.scale(1 / ratio, 1 / ratio)
        painter.setClipPath(_rounded(sight.frame, _RIM / 2 * ratio))
        self._paint_photo(painter, sight, exposed)
        if sight.ring is not None:
            paint_ring(painter, sight.view, sight.ring, ratio)
        elif sight.has_cross:
            paint_cross(painter, sight.view, sight.view.to_image(*_middle(sight.frame)), ratio)
        self._paint_words(painter, sight, ratio)
        painter.setClipping(False)
        self._paint_rim(painter, sight.frame, ratio)
        painter.end()

    def _paint_photo(self, painter: QPainter, sight: Sight, exposed: QRect) -> None:
        paint = partial(self._paint_flat, sight=sight)
        if sight.view.is_turned:
            self._turntable.paint(painter, sight.view, exposed, paint)
        else:
            paint(painter, sight.view, exposed)

    def _paint_flat(self, painter: QPainter, view: ViewTransform, exposed: QRect, *, sight: Sight) -> QRegion:
        """As a `PaintFlat`."""
        for around in QRegion(exposed) - sight.scene.covered(view):  # type: ignore[attr-defined]  # iterable
            painter.fillRect(around, self.palette().color(QPalette.ColorRole.Dark))
        sight.scene.draw(painter, view, exposed, sight.style, is_before=sight.is_before)
        return QRegion()

    def _paint_words(self, painter: QPainter, sight: Sight, ratio: float) -> None:
        """On a plate at the glass's foot; those of a stage that was swapped into it are lit."""
        painter.setFont(plate_font(self.font(), sight.letters * ratio))
        size = plate_size(sight.words, painter.fontMetrics(), sight.letters * ratio)
        foot = sight.frame.y() + sight.frame.height() - round(_FOOT * ratio) - size.height()
        corner = QPoint(_middle(sight.frame)[0] - size.width() // 2, foot)
        colour = QColor(DARK.accent_icon if sight.is_swapped else DARK.text)
        paint_plate(painter, QRect(corner, size), sight.words, colour, ratio)

    def _paint_rim(self, painter: QPainter, frame: QRect, ratio: float) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = (_RIM / 2 + _EDGE) * ratio
        for colour, width in ((DARK.canvas, _RIM + 2 * _EDGE), (DARK.text, _RIM)):
            painter.setPen(QPen(QColor(colour), width * ratio))
            painter.drawPath(_rounded(frame, middle))


def _middle(frame: QRect) -> tuple[int, int]:
    return frame.x() + frame.width() // 2, frame.y() + frame.height() // 2


def _rounded(frame: QRect, inset: float) -> QPainterPath:
    path = QPainterPath()
    radius = _ROUNDING * frame.width() - inset
    path.addRoundedRect(QRectF(frame).adjusted(inset, inset, -inset, -inset), radius, radius)
    return path
