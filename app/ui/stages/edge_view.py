"""Shows in the original's pane what a run will fill beyond what is painted, worked out on the pool."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, QTimer

from app.imaging.geometry import Rect
from app.ui.canvas.edge import EdgeTask, margin
from app.ui.canvas.mask_tint import Patch
from app.ui.canvas.patch_set import level_rect
from app.ui.session.latest import Latest
from app.ui.session.session import Session
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane
from app.ui.stages.stage_strip import StageView

_REST = 30
"""Milliseconds without a change after which the edge is drawn anew: never while one paints, pans or zooms."""

_BEYOND = 64
"""View pixels round the view, so that a short pan needs nothing new."""


_FINENESS = 0.75
"""Pixels of the mask's level for each view pixel, at least: from 100 % on it is the mask itself."""


class EdgeView(QObject):
    """Draws the edge anew after mask, view or settings changed; what was drawn for another zoom is not shown."""

    def __init__(self, session: Session, view: StageView, settings: Settings) -> None:
        super().__init__(view)
        self._session, self._settings, self._canvas = session, settings, view.canvas(Pane.ORIGINAL)
        self._drawing = Latest(session.runner, session.fail)
        self._rest = QTimer(self, singleShot=True, interval=_REST)
        self._rest.timeout.connect(self.refresh)
        for signal in (session.mask_changed, session.document_opened, view.viewport.changed, self._canvas.resized):
            signal.connect(self._rest.start)
        session.document_closed.connect(self._forget)
        settings.changed.connect(self._setting_changed)

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting in _MATTER:
            self._rest.start()

    def refresh(self) -> None:
        """Draw it anew, now; not while one paints."""
        if self._session.is_painting:
            return  # its end changes the mask once more
        task = self._task()
        if task is None:
            self._forget()
        else:
            self._drawing.ask(lambda _: task.drawn(), self._canvas.set_edge)

    def _forget(self) -> None:
        self._drawing.drop()
        self._canvas.set_edge(None)

    def _task(self) -> EdgeTask | None:
        """With copies of the mask where it is shown; None where there is nothing to show."""
        document, levels, view = self._session.document, self._session.mask_levels, self._canvas.transform()
        style = self._canvas.overlay_style
        wanted = self._settings.get(declared.OVERLAY_EDGE) and style.visible and self._session.hole_pixels
        if document is None or levels is None or not wanted:
            return None
        grow, feather = self._settings.get(declared.GROW), self._settings.get(declared.FEATHER)
        shown = view.flattened(QRect(0, 0, *self._canvas.view_size())).adjusted(-_BEYOND, -_BEYOND, _BEYOND, _BEYOND)
        level, factor = levels.level_for(_FINENESS * view.scale)
        visible = view.flat.visible(shown, document.extent)
        if visible.is_empty:
            return None
        whole = level_rect(Rect(0, 0, *document.extent), factor)
        area = level_rect(visible, factor).grown(margin(grow, feather, factor)).intersected(whole)
        patch = Patch(level[area.slices].copy(), area, factor, document.extent)
        return EdgeTask(patch, view.flat, shown, grow, feather, style)


_MATTER = (
    declared.GROW,
    declared.FEATHER,
    declared.OVERLAY_EDGE,
    declared.OVERLAY_COLOUR,
    declared.OVERLAY_OPACITY,
    declared.OVERLAY_LOOK,
)
