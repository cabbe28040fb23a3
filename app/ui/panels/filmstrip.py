"""The open photos along the bottom of the window: which is shown, which are unsaved; to switch, sort and close."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPixmap, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy, QVBoxLayout

from app.imaging.arrays import Image
from app.ui.canvas.qimages import to_pixmap
from app.ui.language import tr
from app.ui.look.theme import GRID
from app.ui.panels.film_frame import FilmFrame, FrameState
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.session.thumbnails import Thumbnails
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_PHOTO, _STATE = Qt.ItemDataRole.UserRole, FilmFrame.STATE
_OPEN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_OWN_KEYS = (*_OPEN_KEYS, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class Filmstrip(QFrame):
    """Shown with two photos or more, where it is wanted, and as long as panels are shown."""

    def __init__(self, photos: OpenPhotos, thumbnails: Thumbnails, settings: Settings) -> None:
        super().__init__()
        self.setObjectName("filmstrip")
        self._photos, self._thumbnails, self._settings = photos, thumbnails, settings
        self._pictures: dict[OpenPhoto, QPixmap] = {}
        self._panels_shown = True
        self.list = FilmList()
        self.list.moved.connect(lambda photo, index: photos.move(photo, index))
        self.chosen, self.close_pressed = self.list.chosen, self.list.close_pressed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID, 0, GRID, 0)
        column.addWidget(self.list)
        photos.changed.connect(self.refresh)
        photos.marks_changed.connect(self.refresh)
        photos.thumbnail_changed.connect(self._picture_changed)
        thumbnails.ready.connect(self._thumbnail_ready)
        settings.changed.connect(self._setting_changed)
        self.refresh()

    def set_panels_shown(self, on: bool) -> None:
        """Panels are shown, or hidden, and so is this."""
        self._panels_shown = on
        self._show_or_hide()

    def refresh(self) -> None:
        """Show the photos as they are now."""
        photos = self._photos.photos
        if photos != self.list.photos():
            self._pictures = {photo: self._pictures[photo] for photo in photos if photo in self._pictures}
            self.list.set_photos(photos)
        for row, photo in enumerate(photos):
            self._refresh_item(self.list.items.item(row), photo)
        self._show_or_hide()

    def _refresh_item(self, item: QStandardItem, photo: OpenPhoto) -> None:
        state = self._state(photo)
        if item.data(_STATE) == state and item.text() == photo.name:
            return
        item.setText(photo.name)
        item.setData(state, _STATE)
        item.setToolTip(str(photo.record.place or photo.name))
        item.setData(_words(photo.name, state), Qt.ItemDataRole.AccessibleTextRole)
        if state.is_current:
            self.list.setCurrentIndex(item.index())
            self.list.scrollTo(item.index())

    def _state(self, photo: OpenPhoto) -> FrameState:
        is_current = photo is self._photos.current
        is_read = is_current or photo.parked is not None
        return FrameState(is_current, self._photos.is_modified(photo), is_read, self._picture(photo))

    def _picture(self, photo: OpenPhoto) -> QPixmap | None:
        if photo not in self._pictures:
            place = photo.record.place
            thumbnail = photo.thumbnail
            if thumbnail is None and place is not None:
                thumbnail = self._thumbnails.request(place)
            if thumbnail is None:
                return None
            self._pictures[photo] = to_pixmap(thumbnail)
        return self._pictures[photo]

    def _picture_changed(self, photo: OpenPhoto) -> None:
        self._pictures.pop(photo, None)
        if photo in self._photos.photos and len(self._photos.photos) > 1:
            self.refresh()

    def _thumbnail_ready(self, path: Path, _thumbnail: Image) -> None:
        if any(photo.record.place == path and photo.thumbnail is None for photo in self._photos.photos):
            self.refresh()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.FILMSTRIP:
            self._show_or_hide()

    def _show_or_hide(self) -> None:
        wanted = self._settings.get(declared.FILMSTRIP) and len(self._photos.photos) > 1
        self.setVisible(wanted and self._panels_shown)


class FilmList(QListView):
    """A row of frames: a click or Enter chooses, the cross, a middle click or Delete closes, dragging sorts."""

    chosen = Signal(object)
    """The `OpenPhoto` to be shown."""
    close_pressed = Signal(object)
    """The `OpenPhoto` to be put away."""
    moved = Signal(object, int)
    """The `OpenPhoto` dragged, and its new place."""

    def __init__(self) -> None:
        super().__init__()
        self.items = QStandardItemModel(self)
        self.setModel(self.items)
        self._frame = FilmFrame(self)
        self._pressed: tuple[OpenPhoto, QPoint] | None = None
        self._is_dragged = False
        self.setItemDelegate(self._frame)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(tr("Photos that are open"))

    def sizeHint(self) -> QSize:
        """One row of frames, and the scroll bar."""
        margins = 2 * self.frameWidth() + self.horizontalScrollBar().sizeHint().height()
        return QSize(super().sizeHint().width(), self._frame.cell(self.font()).height() + margins)

    def minimumSizeHint(self) -> QSize:
        """It may become narrow, not low."""
        return QSize(self._frame.cell(self.font()).width(), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Another font is another height."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedHeight(self.sizeHint().height())

    def photos(self) -> tuple[OpenPhoto, ...]:
        """Those shown, in order."""
        return tuple(self.items.item(row).data(_PHOTO) for row in range(self.items.rowCount()))

    def set_photos(self, photos: tuple[OpenPhoto, ...]) -> None:
        """Show others, or in another order."""
        self.items.clear()
        for photo in photos:
            item = QStandardItem()
            item.setEditable(False)
            item.setData(photo, _PHOTO)
            self.items.appendRow(item)
        self.setFixedHeight(self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the keyboard, whatever they are shortcuts of."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space chooses, Delete closes; the arrows are the list's."""
        index = self.currentIndex()
        if index.isValid() and event.key() in _OPEN_KEYS:
            self.chosen.emit(index.data(_PHOTO))
        elif index.isValid() and event.key() == Qt.Key.Key_Delete:
            self.close_pressed.emit(index.data(_PHOTO))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember what was pressed: it counts when it is let go there."""
        index = self.indexAt(event.position().toPoint())
        self._pressed = (index.data(_PHOTO), event.position().toPoint()) if index.isValid() else None
        self._is_dragged = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A frame that is dragged takes the place of the one it is dragged over."""
        at = event.position().toPoint()
        self._frame.point_at(at)
        self.viewport().update()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            photo, start = self._pressed
            self._is_dragged = self._is_dragged or (at - start).manhattanLength() > _DRAG
            over = self.indexAt(at)
            if self._is_dragged and over.isValid() and over.data(_PHOTO) is not photo:
                self.moved.emit(photo, over.row())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose or close."""
        pressed, self._pressed = self._pressed, None
        index = self.indexAt(event.position().toPoint())
        if self._is_dragged or pressed is None or index.data(_PHOTO) is not pressed[0]:
            return
        photo = pressed[0]
        on_cross = self._frame.cross(self.visualRect(index)).contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton or (on_cross and event.button() == Qt.MouseButton.LeftButton):
            self.close_pressed.emit(photo)
        elif event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(photo)

    def leaveEvent(self, event: QEvent) -> None:
        """No cross is shown any longer."""
        self._frame.point_at(QPoint(-1, -1))
        self.viewport().update()
        super().leaveEvent(event)


def _is_own(event: QKeyEvent) -> bool:
    return event.key() in _OWN_KEYS and event.modifiers() in _PLAIN


_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_DRAG = 12
"""Pixels the pointer moves before a press becomes a drag."""


def _words(name: str, state: FrameState) -> str:
    """What a screen reader says."""
    words = [name]
    words += [tr("shown")] if state.is_current else []
    words += [tr("unsaved changes")] if state.is_modified else []
    words += [] if state.is_read else [tr("not read yet")]
    return ", ".join(words)
