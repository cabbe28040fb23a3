"""Frames while panning and zooming, and a brush's way from the hand to the screen."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.bench.editing import STALL_MS
from app.bench.rows import Row
from app.bench.workbench import Workbench
from app.imaging.geometry import Point, Rect
from app.inference.request import STAGES, RegionPatch
from app.ui.stages.stage_strip import Pane

FRAME_MS = 16.0
RADII = (20, 100, 300, 1000)
_SCALES = (0.26, 0.51, 1.0, 1.5, 4.0)
"""Besides the fitted view; just above a half and a quarter the most pixels are read."""
_MOVES = 24
_SOFT, _USUAL = 0.0, 0.8


def painting_rows(bench: Workbench, size: tuple[int, int], quick: bool) -> list[Row]:
    """Rows for a view of `size` pixels."""
    bench.resize(*size)
    view = "{}×{}".format(*size)
    moves, radii = (2, RADII[:1]) if quick else (_MOVES, RADII)
    bench.view.show_pane(Pane.ORIGINAL)
    rows = [Row.of_frames(f"pan, {view}", list(_panned(bench, moves)), FRAME_MS)]
    rows.append(Row.of_frames(f"zoom, {view}", list(_zoomed(bench, moves)), FRAME_MS))
    rows.append(Row.of_worst(f"stall: to the smooth picture after a zoom, {view}", list(_sharpened(bench)), STALL_MS))
    rows += _four_panes(bench, view, moves, rows[:2])
    for radius in radii:
        rows.append(_painted(bench, f"brush of radius {radius}, {view}", radius, _USUAL, moves))
    rows.append(_painted(bench, f"soft brush of radius {radii[-1]}, {view}", radii[-1], _SOFT, moves))
    return rows


def _four_panes(bench: Workbench, view: str, moves: int, alone: list[Row]) -> list[Row]:
    """The same with four panes, each with a result, beside the figures of one `alone`."""
    add_results(bench)
    bench.view.show_pane(None)
    panned, zoomed = list(_panned(bench, moves)), list(_zoomed(bench, moves))
    bench.view.clear_results()
    bench.view.show_pane(Pane.ORIGINAL)
    rows = [
        Row.of_frames(f"pan, four panes, {view}", panned, FRAME_MS),
        Row.of_frames(f"zoom, four panes, {view}", zoomed, FRAME_MS),
    ]
    four, one = (sum(row.median or 0.0 for row in each) for each in (rows, alone))
    return [*rows, Row(f"four panes over one, {view}", round(four / one, 2), 1.0, "×")]


def add_results(bench: Workbench) -> None:
    """Three results of one hole in the middle of the photo."""
    document = bench.session.document
    assert document is not None
    height, width = document.mask.shape
    rect = Rect(width * 2 // 5, height * 2 // 5, width // 5, height // 5)
    pixels = 255 - document.image[rect.slices]
    bench.view.set_animated(False)
    for stage in STAGES:
        bench.view.set_result(stage, (RegionPatch(rect, np.asarray(pixels, np.uint8)),), 1.0)


def _panned(bench: Workbench, moves: int) -> Iterator[float]:
    """Seconds of every frame; the hand moves as fast as a hand does, to and fro, at several zooms that have rested."""
    view = bench.view.viewport
    for scale in (None, *_SCALES):
        bench.sharpened(view.fit if scale is None else lambda scale=scale: view.set_scale(scale))  # type: ignore[misc]
        for index in range(moves):
            turn = -1 if index // 6 % 2 else 1
            yield bench.timed(lambda turn=turn, index=index: view.pan_by(turn * 53, turn * (11 + index)))  # type: ignore[misc]


def _zoomed(bench: Workbench, moves: int) -> Iterator[float]:
    """Seconds of every frame: in to where pixels are squares and out again, towards a place off the middle."""
    view = bench.view.viewport
    bench.timed(view.fit)
    place = Point(view.extent.width * 0.55, view.extent.height * 0.48)
    for index in range(2 * moves):
        yield bench.timed(lambda index=index: view.zoom_step(1 if index < moves else -1, place))  # type: ignore[misc]


def _sharpened(bench: Workbench) -> Iterator[float]:
    """Seconds of the longest of the steps in which a picture that was rough at first becomes smooth."""
    view = bench.view.viewport
    for scale in (*_SCALES, _SCALES[0]):
        yield bench.sharpened(lambda scale=scale: view.set_scale(scale))  # type: ignore[misc]


def _painted(bench: Workbench, name: str, radius: int, hardness: float, moves: int) -> Row:
    """Brush moves over the fitted photograph, at rest, and at 100 %; each stroke is undone."""
    bench.brush.set_size(2 * radius)
    bench.brush.set_hardness(hardness)
    view, spent = bench.view.viewport, []
    for scale in (None, 1.0):
        bench.sharpened(view.fit if scale is None else lambda scale=scale: view.set_scale(scale))  # type: ignore[misc]
        middle = Point(bench.canvas.width() / 2, bench.canvas.height() / 2)
        with bench.stroke(middle) as to:
            for index in range(moves):
                point = Point(middle.x + 23 * index % 400, middle.y + 17 * (index % 7))
                spent.append(bench.timed(lambda point=point: to(point)))  # type: ignore[misc]
        bench.session.undo()
        bench.wait()
    return Row.of_frames(name, spent, FRAME_MS)
