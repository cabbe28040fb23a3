"""Strokes of the keep brush on their way to the results that are shown (a `tools.StrokeSink`)."""

from __future__ import annotations

from functools import partial

from app.document.document import Document
from app.document.keep_stroke import KeepStroke
from app.document.live_stroke import LiveStroke
from app.imaging.geometry import Rect
from app.inference.request import Stage
from app.ui.language import tr
from app.ui.session.keeping import base_of, kept_of, layer_of
from app.ui.session.run_desk import RunDesk
from app.ui.session.strokes import Strokes, applied
from app.ui.session.variants import Variant
from app.ui.stages.panes import stage_word


class KeepStrokes(Strokes):
    """Paints which stage wins at once; packing the edit, and taking it back, is the pool's work."""

    def __init__(self, desk: RunDesk) -> None:
        super().__init__(desk)
        self._runs = desk.runs
        self.stage = Stage.GLOBAL
        """What the next stroke keeps."""

    @property
    def variant(self) -> Variant | None:
        """Whose results there are to choose among: the one shown, once its run is over."""
        shown = self._runs.shown
        is_ready = shown is not None and shown is not self._runs.running and bool(shown.results)
        return shown if is_ready else None

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The stages to choose among."""
        return () if self.variant is None else tuple(self.variant.results)

    def _opened(self, document: Document, size: float, hardness: float, erase: bool) -> LiveStroke | None:
        variant = self.variant
        if variant is None or (self.stage not in variant.results and not erase):
            return None
        base = base_of(variant)
        stage = base if erase else self.stage
        name = tr("Keep {stage}").format(stage=stage_word(stage))
        layer = None if stage is base else layer_of(stage)
        return KeepStroke(document, kept_of(variant, document), layer, size, hardness, name)

    def _show(self, rect: Rect) -> None:
        if not rect.is_empty:
            self._desk.kept_changed.emit(rect)

    def _keep(self, stroke: LiveStroke) -> None:
        self._desk.close_stroke(partial(applied, stroke), kept=True, of_image=False)

    def _take_back(self, stroke: LiveStroke) -> None:
        self._desk.close_stroke(lambda _: stroke.abort(), kept=False, of_image=False)
