"""The keep brush's way from the hand to the screen, with all panes and tints in sight."""

from __future__ import annotations

from app.bench.rows import Row
from app.bench.workbench import Workbench
from app.imaging import masks
from app.imaging.geometry import Point, Rect
from app.inference.request import InpaintOptions, RegionPatch, Stage, StageResult
from app.ui.canvas.kept_tint import KeptTint
from app.ui.look.stage_colours import STAGE_COLOURS
from app.ui.session.keeping import kept_of, layer_of
from app.ui.session.runs import RunPhase, RunsState
from app.ui.session.variants import Variant
from app.ui.stages.panes import Pane
from app.ui.tools.brush import BrushTool

FRAME_MS = 16.0
RADII = (20, 100, 300)
_MOVES = 24
_SHARE = 3
"""The results take this part of the photograph's width and height."""


def keeping_rows(bench: Workbench, quick: bool) -> list[Row]:
    """Strokes over results of all stages for a ninth of the photograph that lies on the desk, and undo of the last."""
    variant = _filled(bench)
    _show(bench, variant)
    moves, radii = (2, RADII[:1]) if quick else (_MOVES, RADII)
    rows = [_painted(bench, f"keep brush of radius {radius}, six panes", radius, 0.8, moves) for radius in radii]
    rows.append(_painted(bench, f"soft keep brush of radius {radii[-1]}, six panes", radii[-1], 0.0, moves))
    bench.session.runs.clear()
    bench.view.set_kept_tint({})
    bench.view.clear_results()
    bench.view.show_pane(Pane.ORIGINAL)
    return rows


def _filled(bench: Workbench) -> Variant:
    document = bench.session.document
    assert document is not None
    width, height = document.extent.width // _SHARE, document.extent.height // _SHARE
    rect = Rect(width, height, width, height)
    mask = masks.blank(document.extent)
    mask[rect.slices] = 255
    pixels = document.image[rect.slices]
    results = {
        stage: StageResult(stage, (RegionPatch(rect, pixels // (2 + turn)),), 1.0, document.image_revision)
        for turn, stage in enumerate(Stage)
    }
    variant = Variant("A", (), InpaintOptions(), mask, document.picture_state, tuple(Stage), None, results)
    bench.session.runs.restore(RunsState(RunPhase.READY, [variant], 1, variant))
    return variant


def _show(bench: Workbench, variant: Variant) -> None:
    document, view = bench.session.document, bench.view
    assert document is not None
    kept = kept_of(variant, document)
    view.swap_results(tuple(variant.results.values()))
    view.set_kept(kept)
    colours = {layer_of(stage): colour for stage, colour in STAGE_COLOURS.items()}
    tints = {
        Pane.of(stage): KeptTint(kept.weights, document.extent, {layer_of(stage): colour})
        for stage, colour in STAGE_COLOURS.items()
    }
    view.set_kept_tint(tints | {Pane.KEPT: KeptTint(kept.weights, document.extent, colours)})
    bench.session.kept_changed.connect(lambda rect: view.refresh_kept(rect, (Pane.KEPT, Pane.LOCAL)))
    view.set_tool(BrushTool(bench.brush, bench.session.keeps), (Pane.KEPT,))
    view.show_pane(None)


def _painted(bench: Workbench, name: str, radius: int, hardness: float, moves: int) -> Row:
    """Moves over the results, fitted and at 100 %, of each stage in turn; the strokes stay."""
    bench.brush.set_size(2 * radius)
    bench.brush.set_hardness(hardness)
    view, canvas, spent = bench.view.viewport, bench.view.canvas(Pane.KEPT), []
    for scale, stage in ((None, Stage.COARSE), (1.0, Stage.LOCAL)):
        bench.session.keeps.stage = stage

        bench.sharpened(view.fit if scale is None else lambda scale=scale: view.set_scale(scale))  # type: ignore[misc]
        middle = Point(canvas.width() / 2, canvas.height() / 2)
        with bench.stroke(middle, canvas) as to:
            for index in range(moves):
                point = Point(middle.x + 9 * index % 200, middle.y + 7 * (index % 7))
                spent.append(bench.timed(lambda point=point: to(point)))  # type: ignore[misc]
    return Row.of_frames(name, spent, FRAME_MS)
