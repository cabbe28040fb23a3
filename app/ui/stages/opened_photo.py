"""The photo as it was opened, made ready to be shown only while it is compared with what became of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.imaging.photo import Photo
from app.imaging.pyramid import Pyramid
from app.imaging.screen import ScreenPyramid, look_of
from app.ui.canvas.image_layer import ImageLayer
from app.ui.session.latest import Latest
from app.ui.session.session import Session
from app.ui.stages.stage_strip import StageView

_KEEP = 20_000
"""Milliseconds it is kept after it was last wanted: who compares looks again and again."""


class OpenedPhoto(QObject):
    """Gives the view its pyramid, of a third of the photo's memory, and takes it away again.

    As long as nothing was accepted the image itself is the photo as opened, and there is nothing to make.
    """

    def __init__(self, session: Session, view: StageView) -> None:
        super().__init__()
        self._session, self._view = session, view
        self._making = Latest(session.runner, session.fail)
        self._is_there = False
        self._rest = QTimer(self, singleShot=True, interval=_KEEP)
        self._rest.timeout.connect(self.drop)
        view.original_held.connect(self._refresh)
        view.divider.switched.connect(self._refresh)
        session.image_changed.connect(self._refresh)
        session.document_opened.connect(self._forget)
        session.document_closed.connect(self._forget)

    def drop(self) -> None:
        """Give the memory back."""
        self._making.drop()
        self._is_there = False
        self._view.set_opened(None)

    @property
    def is_wanted(self) -> bool:
        """True while it is looked at."""
        return self._view.is_original_held or self._view.divider.is_on

    def _refresh(self) -> None:
        document = self._session.document
        if not self.is_wanted:
            if not self._rest.isActive() and (self._is_there or self._making.is_waiting):
                self._rest.start()
            return
        self._rest.stop()
        if document is None or self._is_there or self._making.is_waiting or document.image_revision == 0:
            return
        photo = document.photo
        self._making.ask(lambda _: _pyramid_of(photo), self._made)

    def _made(self, pyramid: Pyramid) -> None:
        self._is_there = True
        self._view.set_opened(ImageLayer(pyramid, self._session.alpha))

    def _forget(self) -> None:
        self._rest.stop()
        self.drop()
        self._refresh()


def _pyramid_of(photo: Photo) -> Pyramid:
    return ScreenPyramid(photo.pixels, look_of(photo.metadata.icc_profile))
