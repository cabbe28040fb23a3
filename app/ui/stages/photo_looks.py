"""Where each of the open photos was looked at, so that it is seen there again when it comes back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.imaging.geometry import Point
from app.ui.session.open_photos import OpenPhoto, OpenPhotos
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView


@dataclass(frozen=True, slots=True)
class Look:
    """Zoom and centre, unless the photo was fitted, and the pane shown large."""

    scale: float
    centre: Point
    is_fit: bool
    pane: Pane | None


def look_of(view: StageView) -> Look:
    """Where `view` looks now."""
    viewport = view.viewport
    return Look(viewport.scale, viewport.centre, viewport.is_fit, view.current)


def look_again(view: StageView, look: Look) -> None:
    """Let `view` look there again; what is shown in the place of the panes stays where none was chosen meanwhile."""
    if view.current is not look.pane:
        view.show_pane(look.pane)
    if look.is_fit:
        view.viewport.fit()
    else:
        view.viewport.look_at(look.scale, look.centre)


class PhotoLooks(QObject):
    """Keeps the looks of the open photos with them."""

    def __init__(self, photos: OpenPhotos, view: StageView) -> None:
        super().__init__()
        self._view = view
        photos.leaving.connect(self._keep)
        photos.arrived.connect(self._bring_back)

    def _keep(self, photo: OpenPhoto) -> None:
        photo.look = look_of(self._view)

    def _bring_back(self, photo: OpenPhoto) -> None:
        if isinstance(photo.look, Look):
            look_again(self._view, photo.look)
