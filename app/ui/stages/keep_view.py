"""Shows what is kept of each stage, live, and where; and lets a pane that is picked choose its stage."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QTabletEvent

from app.document.kept import Kept
from app.imaging.arrays import Image
from app.imaging.geometry import EMPTY, Rect
from app.inference.request import Stage
from app.ui.canvas.kept_tint import KeptTint
from app.ui.language import tr
from app.ui.look.stage_colours import STAGE_COLOURS
from app.ui.session.keeping import base_of, is_mixed, kept_of, kept_stages, layer_of
from app.ui.session.session import Session
from app.ui.session.variants import Variant
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.panes import Pane, stage_word
from app.ui.stages.stage_strip import StageView
from app.ui.tools.toolbox import Toolbox, ToolName

KEEP_PANES = tuple(pane for pane in Pane if pane is not Pane.ORIGINAL)
"""Where the keep brush paints: in the mixture, or in a stage's own pane, which keeps that stage."""


class KeepView(QObject):
    """The mixture has a pane while there is one, or the keep brush is in hand."""

    stages_changed = Signal(object, object)
    """The stages to choose among, a tuple, and the one that counts where nothing is painted, or None."""

    def __init__(self, session: Session, view: StageView, toolbox: Toolbox, settings: Settings) -> None:
        super().__init__(view)
        self._session, self._view, self._toolbox, self._settings = session, view, toolbox, settings
        self._before = toolbox.current
        """The tool that was in hand before the keep brush."""
        self._shown: tuple[Kept | None, str] = None, ""
        self._tinted: Kept | None = None
        self._late = EMPTY
        """Where the tints of stages that are not being painted are yet to be brought up to date."""
        for pane in KEEP_PANES:
            view.canvas(pane).installEventFilter(self)
        self._connect()

    def _connect(self) -> None:
        runs = self._session.runs
        for signal in (runs.shown_changed, runs.phase_changed, runs.cleared, self._session.history_changed):
            signal.connect(self.refresh)
        self._session.kept_changed.connect(self._changed)
        self._toolbox.changed.connect(self._tool_changed)
        self._settings.changed.connect(self._setting_changed)
        self._view.pane_shown.connect(self._pane_shown)
        self._session.keeps.stage = self._settings.get(declared.KEEP_STAGE)

    @property
    def is_in_hand(self) -> bool:
        """The keep brush is the tool in hand."""
        return self._toolbox.current is ToolName.KEEP

    def laid_over(self, pixels: Image, area: Rect, factor: int) -> Image:
        """`pixels`, which show `area` of the level of `factor` of the image, with the mixture in them."""
        patches = self._view.canvas(Pane.KEPT).scene.patches
        return pixels if patches is None else patches.laid_over(pixels, area, factor)

    def refresh(self) -> None:
        """Show what there is to show now."""
        variant = self._session.keeps.variant
        if variant is None and self.is_in_hand:
            self._toolbox.take(self._before)  # which comes back here
            return
        kept = self._kept(variant)
        words = "" if variant is None or kept is None else _words(variant)
        if (kept, words) != self._shown:
            self._shown = kept, words
            self._view.set_kept(kept, words)
        if kept is None and self._view.current is Pane.KEPT:
            self._view.show_pane(Pane.ORIGINAL if variant is None else None)
        self._tint(kept)
        self._catch_up()
        self._choose(variant)

    def _kept(self, variant: Variant | None) -> Kept | None:
        document = self._session.document
        if variant is None or document is None or not (self.is_in_hand or is_mixed(variant)):
            return None
        return kept_of(variant, document)

    def _tint(self, kept: Kept | None) -> None:
        document = self._session.document
        wanted = kept if self.is_in_hand and self._settings.get(declared.KEEP_SHOWN) else None
        if wanted is self._tinted:
            return
        self._tinted = wanted
        tints = {}
        if wanted is not None and document is not None:
            colours = {layer_of(stage): colour for stage, colour in STAGE_COLOURS.items()}
            tints[Pane.KEPT] = KeptTint(wanted.weights, document.extent, colours)
            for stage, colour in STAGE_COLOURS.items():
                tints[Pane.of(stage)] = KeptTint(wanted.weights, document.extent, {layer_of(stage): colour})
        self._view.set_kept_tint(tints)

    def _choose(self, variant: Variant | None) -> None:
        """Keep a stage that there is a result of: the chosen one, else the first that is not the base."""
        stages, base = self._session.keeps.stages, None if variant is None else base_of(variant)
        if self.is_in_hand and stages and self._settings.get(declared.KEEP_STAGE) not in stages:
            self._settings.set(declared.KEEP_STAGE, next((each for each in stages if each is not base), stages[0]))
        self.stages_changed.emit(stages, base)

    def _changed(self, rect: Rect) -> None:
        """During a stroke the tints in other panes wait: they would cost as much as the mixture itself."""
        live = {Pane.KEPT, Pane.of(self._session.keeps.stage)}
        self._view.refresh_kept(rect, live)
        self._late = self._late.united(rect)
        if not self._session.is_painting:
            self._catch_up()

    def _catch_up(self) -> None:
        rect, self._late = self._late, EMPTY
        if not rect.is_empty and self._tinted is not None:
            self._view.refresh_kept(rect, [pane for pane in KEEP_PANES if pane is not Pane.KEPT])

    def _tool_changed(self) -> None:
        if not self.is_in_hand:
            self._before = self._toolbox.current
        self.refresh()

    def _setting_changed(self, setting: Setting[object]) -> None:
        if setting is declared.KEEP_STAGE:
            self._session.keeps.stage = self._settings.get(declared.KEEP_STAGE)
        elif setting is declared.KEEP_SHOWN:
            self.refresh()

    def _pane_shown(self, pane: Pane | None) -> None:
        if pane is Pane.KEPT and self._shown[0] is None:
            self._view.show_pane(None)  # a photo comes back that was looked at there
        self._pick(None if pane is None else pane.stage)

    def _pick(self, stage: Stage | None) -> None:
        """A pane was picked: its stage is kept, while the brush is in hand."""
        if self.is_in_hand and stage in self._session.keeps.stages and not self._toolbox.is_busy:
            self._settings.set(declared.KEEP_STAGE, stage)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whoever begins to paint in a stage's own pane keeps that stage."""
        if isinstance(event, QMouseEvent | QTabletEvent) and event.type() in _PRESSES:
            is_left = event.button() == Qt.MouseButton.LeftButton
            pane = next((each for each in KEEP_PANES if self._view.canvas(each) is watched), None)
            if pane is not None and is_left and not self._view.viewport.hand:
                self._pick(pane.stage)
        return False


_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick, QEvent.Type.TabletPress)


def _words(variant: Variant) -> str:
    """The stages that the mixture is made of, the base first."""
    base = base_of(variant)
    others = [stage_word(stage) for stage in kept_stages(variant) if stage is not base]
    if not others:
        return tr("all {stage}").format(stage=stage_word(base))
    return tr("{stage} with {others}").format(stage=stage_word(base), others=", ".join(others))
