"""Stand-ins at the window's borders: an engine that fills with plain colours, a user who answers as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.imaging.arrays import hole_of
from app.imaging.geometry import Extent, Rect, bounding_rect
from app.inference.allowed import AllowedFile
from app.inference.attention_probe import AttendedLevel, AttentionProbe
from app.inference.request import (
    STAGES,
    Check,
    Event,
    InpaintOptions,
    InpaintRequest,
    Notice,
    Progress,
    Region,
    RegionPatch,
    RunReport,
    Stage,
    StageResult,
)
from app.ui.asking import Ending, Overwrite, Running, Unsaved
from app.ui.session.lazy_engine import RunEngine
from app.ui.settings.store import Settings

COLOURS = {
    Stage.COARSE: (200, 0, 0),
    Stage.LOCAL: (0, 200, 0),
    Stage.GLOBAL: (0, 0, 200),
    Stage.DETAIL: (200, 200, 0),
}


def colour_of(stage: Stage, options: InpaintOptions) -> tuple[int, int, int]:
    """What the hole is filled with; other seeds and scales make other blues."""
    red, green, blue = COLOURS[stage]
    return red, green, (blue + 9 * options.seed + round(10 * (options.context_scale - 1))) % 256


@dataclass
class FakeEngine:
    """Fills the hole, and nothing else, with the stage's colour. Waits at a stage's gate, fails where told.

    In a stage of `lasting` it works for as long as the check lets it.
    """

    has_detail: bool = False
    lasting: frozenset[Stage] = frozenset()
    in_lasting: threading.Event = field(default_factory=threading.Event)
    out_of_lasting: threading.Event = field(default_factory=threading.Event)
    gates: dict[Stage, threading.Event] = field(default_factory=dict)
    failure: Exception | None = None
    fails_at: Stage = Stage.COARSE
    notices: tuple[str, ...] = ()
    requests: list[InpaintRequest] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    made: int = 0

    def factory(self) -> RunEngine:
        """An `EngineFactory`."""
        self.made += 1
        return self.run

    def run(self, request: InpaintRequest, check: Check) -> Iterator[Event]:
        """A `RunEngine`."""
        self.requests.append(request)
        self.threads.add(threading.current_thread().name)
        if request.probe_at is not None:
            self._last(Stage.GLOBAL, check)
            if self.failure is not None:
                raise self.failure
            yield fake_probe(request)
            return
        for text in self.notices:
            yield Notice(text)
        rect = bounding_rect(hole_of(request.mask))
        stages = tuple(Stage) if self.has_detail else STAGES
        for index, stage in enumerate(stages, 1):
            yield Progress(stage, index, len(stages), 1, 1, Region(rect, 1.0))
            self._last(stage, check)
            if stage in self.gates:
                assert self.gates[stage].wait(10)
            if self.failure is not None and stage is self.fails_at:
                raise self.failure
            pixels = request.image[rect.slices].copy()
            pixels[hole_of(request.mask[rect.slices])] = colour_of(stage, request.options)
            yield StageResult(stage, (RegionPatch(rect, pixels),), 0.1, request.revision)
        seconds = {"load": 0.0, **{stage.value: 0.1 for stage in stages}, "total": 0.1 * len(stages)}
        yield RunReport("fake", "cpu", seconds, (Region(rect, 1.0),), rect.area, ())

    def _last(self, stage: Stage, check: Check) -> None:
        if stage in self.lasting:
            self.in_lasting.set()
            try:
                while True:
                    check()
            finally:
                self.out_of_lasting.set()


def fake_probe(request: InpaintRequest) -> AttentionProbe:
    """Of the whole image: every place of the hole looks at the blue most, the bluest most of all."""
    hole = hole_of(request.mask)
    height, width = hole.shape
    blue = request.image[..., 2].astype(np.float32)
    levels = []
    for level in (2, 3, 4):
        side = 1 << level
        rows, columns = -(-height // 16) * 16 // side, -(-width // 16) * 16 // side
        framed = np.pad(blue, ((0, rows * side - height), (0, columns * side - width)))
        keys = framed.reshape(rows, side, columns, side).mean(axis=(1, 3)).reshape(-1, 1) / 32
        avoid = np.zeros((rows * side, columns * side), bool)
        if request.avoid is not None:
            avoid[:height, :width] = hole_of(request.avoid)
        left = ~avoid.reshape(rows, side, columns, side).any(axis=(1, 3)).ravel()
        queries = np.full((rows * columns, 1), 1, np.float32)
        levels.append(AttendedLevel(level, rows, columns, queries, keys.astype(np.float32), np.flatnonzero(left)))
    return AttentionProbe(Rect.of_array(hole), hole, tuple(levels))


@dataclass
class ScriptedWait:
    """What the window said it waits for."""

    told: list[str]
    answer: Callable[[bool], None]
    can_stop: bool
    is_open: bool = True

    def tell(self, words: str) -> None:
        """See `Waiting`."""
        self.told.append(words)

    def close_waiting(self) -> None:
        """See `Waiting`."""
        self.is_open = False


@dataclass
class ScriptedAsker:
    """Answers with what the test put in; keeps what was asked and told."""

    open_path: Path | None = None
    save_path: Path | None = None
    folder: Path | None = None
    unsaved: Unsaved = Unsaved.CANCEL
    overwrite: Overwrite = Overwrite.CANCEL
    running: Running = Running.KEEP_OPEN
    ending: Ending = Ending.KEEP_OPEN
    waits: list[ScriptedWait] = field(default_factory=list)
    wants_sheet: bool = True
    allows_models: bool = False
    stops_comparison: bool = False
    open_paths: list[Path] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    """What the window told as errors; the fixture listens."""

    def photos_to_open(self, folder: Path) -> list[Path]:
        """See `Asker`."""
        self.asked.append("photos_to_open")
        return self.open_paths or ([] if self.open_path is None else [self.open_path])

    def photo_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"photo_to_save {suggestion.name}")
        return self.save_path

    def mask_to_open(self, folder: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append("mask_to_open")
        return self.open_path

    def mask_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"mask_to_save {suggestion.name}")
        return self.save_path

    def folder_to_use(self, title: str, folder: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"folder_to_use {title}")
        return self.folder

    def settings_to_open(self, title: str, folder: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"settings_to_open {title}")
        return self.open_path

    def settings_to_save(self, title: str, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"settings_to_save {suggestion.name}")
        return self.save_path

    def session_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"session_to_save {suggestion.name}")
        return self.save_path

    def film_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"film_to_save {suggestion.name}")
        return self.save_path

    def choose_film(self, settings: Settings) -> bool:
        """See `Asker`."""
        self.sheets.append("film")
        return self.wants_sheet

    def strip_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"strip_to_save {suggestion.name}")
        return self.save_path

    def choose_strip(self, settings: Settings) -> bool:
        """See `Asker`."""
        self.sheets.append("strip")
        return self.wants_sheet

    def choose_session_options(self, settings: Settings, photo: Path) -> bool:
        """See `Asker`."""
        self.sheets.append(f"session {photo.name}")
        return self.wants_sheet

    def photo_to_locate(self, name: str, folder: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"photo_to_locate {name}")
        return self.open_path

    def about_unsaved(self, name: str) -> Unsaved:
        """See `Asker`."""
        self.asked.append(f"about_unsaved {name}")
        return self.unsaved

    def about_several_unsaved(self, names: Sequence[str]) -> Unsaved:
        """See `Asker`."""
        self.asked.append(f"about_several_unsaved {' '.join(names)}")
        return self.unsaved

    def about_running(self, names: Sequence[str]) -> Running:
        """See `Asker`."""
        self.asked.append(f"about_running {' '.join(names)}")
        return self.running

    def about_batch(self, done: int, total: int) -> Ending:
        """See `Asker`."""
        self.asked.append(f"about_batch {done} of {total}")
        return self.ending

    def may_stop_comparison(self, done: int, total: int) -> bool:
        """See `Asker`."""
        self.asked.append(f"may_stop_comparison {done} of {total}")
        return self.stops_comparison

    def comparison_to_save(self, suggestion: Path) -> Path | None:
        """See `Asker`."""
        self.asked.append(f"comparison_to_save {suggestion.name}")
        return self.save_path

    def wait(self, words: str, answered: Callable[[bool], None], *, can_stop: bool) -> ScriptedWait:
        """See `Asker`."""
        self.waits.append(ScriptedWait([words], answered, can_stop))
        return self.waits[-1]

    def may_replace_changed(self, path: Path, *, is_gone: bool) -> Overwrite:
        """See `Asker`."""
        self.asked.append(f"may_replace_{'gone' if is_gone else 'changed'} {path.name}")
        return self.overwrite

    def choose_save_options(self, settings: Settings, format_name: str) -> bool:
        """See `Asker`."""
        self.sheets.append(f"save {format_name}")
        return self.wants_sheet

    def choose_export(self, settings: Settings, extent: Extent, own_format: str) -> bool:
        """See `Asker`."""
        self.sheets.append(f"export {extent.width}×{extent.height} {own_format}")
        return self.wants_sheet

    def may_run_model(self, file: AllowedFile, *, is_changed: bool) -> bool:
        """See `Asker`."""
        self.asked.append(f"may_run_model {file.path.name}{' changed' if is_changed else ''}")
        return self.allows_models

    def may_overwrite(self, path: Path) -> Overwrite:
        """See `Asker`."""
        self.asked.append(f"may_overwrite {path.name}")
        return self.overwrite
