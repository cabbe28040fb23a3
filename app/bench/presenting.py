"""The loupe while the pointer moves, and the pictures of a presentation that wipes and zooms."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QSettings

from app.bench.painting import FRAME_MS, add_results
from app.bench.rows import Row
from app.bench.workbench import Workbench, settle
from app.imaging.geometry import Point, Rect
from app.ui.canvas.viewport import Viewport
from app.ui.loupe.loupe import Loupe
from app.ui.loupe.loupe_view import LoupeView
from app.ui.presenting.moves import Moves
from app.ui.presenting.slides import Slides
from app.ui.presenting.steps import Step
from app.ui.presenting.wipe_canvas import WipeCanvas
from app.ui.settings.store import Settings
from app.ui.stages.stage_strip import Pane

LOUPE_MS = 8.0
"""For a move of the mouse."""

_PICTURES = 36
"""Of a wipe of 600 ms."""


def presenting_rows(bench: Workbench, size: tuple[int, int], quick: bool) -> list[Row]:
    """Rows for a view, or a screen, of `size` pixels; three results of the hole lie in the panes meanwhile."""
    bench.resize(*size)
    add_results(bench)
    view, pictures = "{}×{}".format(*size), 3 if quick else _PICTURES
    rows = [*_loupe_rows(bench, view, pictures), *_presentation_rows(bench, size, view, pictures)]
    bench.view.clear_results()
    bench.view.show_pane(Pane.ORIGINAL)
    return rows


def _loupe_rows(bench: Workbench, view: str, moves: int) -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        store = QSettings(str(Path(folder) / "bench.ini"), QSettings.Format.IniFormat)
        loupe = Loupe(Settings(store))
        over = LoupeView(loupe, bench.view)
        for pane, name in ((Pane.GLOBAL, "loupe"), (None, "loupe, four panes")):
            bench.view.show_pane(pane)
            bench.view.viewport.fit()
            for each in Pane:
                bench.rested(bench.view.canvas(each))
            loupe.set_on(True)
            rows.append(Row.of_frames(f"{name}, {view}", list(_looked(bench, moves)), LOUPE_MS))
            loupe.set_on(False)
        over.deleteLater()
    return rows


def _looked(bench: Workbench, moves: int) -> Iterator[float]:
    """Seconds of every move over the middle of a pane with a result."""
    canvas = bench.view.canvas(Pane.GLOBAL)
    middle = Point(canvas.width() / 2 - 80, canvas.height() / 2 - 40)
    for index in range(moves + 2):
        at = Point(middle.x + 7 * (index % 24), middle.y + 5 * (index % 17))
        spent = bench.timed(lambda at=at: bench.hover(canvas, at))  # type: ignore[misc]
        if index >= 2:  # the first ones come while the panes are at rest for the first time
            yield spent


def _presentation_rows(bench: Workbench, size: tuple[int, int], view: str, pictures: int) -> list[Row]:
    slides, viewport = Slides(bench.session, bench.view), Viewport()
    viewport.set_extent(bench.view.viewport.extent)
    canvas = WipeCanvas(viewport)
    canvas.resize(*size)
    canvas.show_scene(slides.scene(Step.COARSE))
    canvas.show()
    settle()
    bench.rested(canvas)
    whole = Rect(0, 0, *viewport.extent)
    rows = []
    for name, differs in (("", slides.scene(Step.LOCAL).patch_rect), (" of all of the photo", whole)):
        spent = list(_wiped(bench, canvas, slides, differs, pictures))
        rows.append(Row.of_frames(f"wipe{name}, {view}", spent, FRAME_MS))
    rows.append(Row.of_frames(f"closer, presented, {view}", list(_moved(bench, viewport, slides, pictures)), FRAME_MS))
    canvas.close()
    canvas.deleteLater()
    slides.deleteLater()
    return rows


def _wiped(bench: Workbench, canvas: WipeCanvas, slides: Slides, differs: Rect, pictures: int) -> Iterator[float]:
    """Seconds of every picture, to the local result and back."""
    for step, forward in ((Step.LOCAL, True), (Step.COARSE, False)):
        canvas.wipe_to(slides.scene(step), differs, forward=forward)
        clock = canvas.wipe.clock
        clock.pause()
        for index in range(pictures):
            share = (index + 1) / pictures if forward else 1 - (index + 1) / pictures
            at = round(share * clock.duration())
            yield bench.timed(lambda at=at: canvas.wipe.clock.setCurrentTime(at))  # type: ignore[misc]
        clock.stop()
        canvas.show_scene(slides.scene(step))
        bench.rested(canvas)


def _moved(bench: Workbench, viewport: Viewport, slides: Slides, pictures: int) -> Iterator[float]:
    """Seconds of every picture on the way to the hole."""
    moves = Moves(viewport)
    moves.to_rect(slides.scene(Step.LOCAL).patch_rect, animated=True)
    moves.clock.pause()
    for index in range(pictures):
        at = round((index + 1) / pictures * moves.clock.duration())
        yield bench.timed(lambda at=at: moves.clock.setCurrentTime(at))  # type: ignore[misc]
    moves.stop()
