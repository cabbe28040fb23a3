"""What is kept of a variant's results, to and from the values of a session file: nothing in them is trusted."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.document.document import Document
from app.document.keep_stroke import KeepStroke
from app.document.session_file import SessionContents, read_session, write_session
from app.document.session_photo import kept_photo
from app.document.session_state import state_of
from app.document.stored_runs import StoredKept, StoredRun
from app.errors import LacunaError
from app.imaging import masks
from app.imaging.geometry import Point, Rect
from app.imaging.photo import Metadata, Photo
from app.imaging.stage_map import LAYERS, StageMap
from app.inference.request import InpaintOptions, RegionPatch, Stage, StageResult
from app.ui.session.keeping import base_of, bring_back, is_mixed, kept_of, kept_stages, stored_kept
from app.ui.session.stored_variants import runs_state, stored_runs
from app.ui.session.variants import Variant

BOX = Rect(20, 20, 30, 30)
STAGES = (Stage.COARSE, Stage.LOCAL, Stage.GLOBAL)


def made() -> tuple[Document, Variant]:
    """A document and results of three stages for it, none kept yet."""
    pixels = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    document = Document(Photo(pixels, None, Metadata("PNG")))
    mask = masks.blank(document.extent)
    mask[BOX.slices] = 255
    results = {
        stage: StageResult(stage, (RegionPatch(BOX, np.full((30, 30, 3), 50 * at, np.uint8)),), 1.0, 0)
        for at, stage in enumerate(STAGES)
    }
    return document, Variant("A", (), InpaintOptions(), mask, 0, STAGES, None, results)


def keep(document: Document, variant: Variant, layer: int = 0) -> None:
    stroke = KeepStroke(document, kept_of(variant, document), layer, 10, 0.5, "Keep")
    stroke.to(Point(35, 35))
    edit = stroke.end()
    assert edit is not None
    document.apply(edit)


def fresh(document: Document, variant: Variant) -> tuple[Document, Variant]:
    return Document(document.photo), replace(variant, kept=None)


def test_the_base_is_what_would_be_accepted() -> None:
    _, variant = made()
    assert base_of(variant) is Stage.GLOBAL
    variant.options = InpaintOptions(result_stage=Stage.LOCAL)
    assert base_of(variant) is Stage.LOCAL
    variant.results[Stage.DETAIL] = replace(variant.results[Stage.LOCAL], stage=Stage.DETAIL)
    assert base_of(variant) is Stage.DETAIL
    variant.results = {Stage.COARSE: variant.results[Stage.COARSE]}
    assert base_of(variant) is Stage.COARSE


def test_it_comes_back_as_it_was() -> None:
    document, variant = made()
    assert stored_kept(variant) is None
    keep(document, variant)
    assert kept_stages(variant) == (Stage.COARSE,)
    stored = stored_kept(variant)
    assert stored is not None
    again, other = fresh(document, variant)
    bring_back(other, stored, again)
    assert is_mixed(other)
    assert other.kept is again.kept[1]
    assert variant.kept is not None
    assert other.kept is not None
    other.kept.complete()
    for one, two in zip(variant.kept.patches(), other.kept.patches(), strict=True):
        assert (one.pixels == two.pixels).all()
    assert other.nbytes == variant.nbytes > sum(30 * 30 * 3 for _ in STAGES)


def test_a_run_that_is_there_twice_shares_it() -> None:
    document, variant = made()
    keep(document, variant)
    stored = stored_kept(variant)
    assert stored is not None
    again, first = fresh(document, variant)
    second = replace(first)
    bring_back(first, stored, again)
    bring_back(second, stored, again)
    assert first.kept is not None
    assert first.kept is second.kept is again.kept[1]


def test_another_run_does_not_take_its_number() -> None:
    document, variant = made()
    keep(document, variant)
    stored = stored_kept(variant)
    assert stored is not None
    again, first = fresh(document, variant)
    patch = RegionPatch(BOX, np.full((30, 30, 3), 9, np.uint8))
    other = replace(first, results={stage: replace(each, patches=(patch,)) for stage, each in first.results.items()})
    bring_back(first, stored, again)
    bring_back(other, stored, again)
    assert other.kept is None
    assert again.kept[1] is first.kept


@pytest.mark.parametrize("part", [{"base": "coarse"}, {"layers": ("coarse", "finest")}, {"layers": ()}])
def test_what_means_nothing_here_is_passed_over(part: dict[str, object]) -> None:
    document, variant = made()
    keep(document, variant)
    stored = stored_kept(variant)
    assert stored is not None
    again, other = fresh(document, variant)
    bring_back(other, replace(stored, **part), again)  # type: ignore[arg-type]
    assert other.kept is None
    assert not again.kept


@pytest.mark.parametrize("layers", [(0, 1), (3,)])
def test_weights_that_cannot_be_are_passed_over(layers: tuple[int, ...]) -> None:
    """More than there is, or of a stage that has no result."""
    document, variant = made()
    weights = np.zeros((LAYERS, 30, 30), np.uint8)
    weights[list(layers)] = 200
    where = StageMap()
    where.write(BOX, weights)
    bring_back(variant, StoredKept(1, "global", tuple(Stage), where.changes()), document)
    assert variant.kept is None
    assert not document.kept


def write(folder: Path, document: Document, runs: tuple[StoredRun, ...]) -> Path:
    path = folder / "work.lacuna"
    contents = SessionContents(state_of(document), document.mask.copy(), runs=runs, shown_run=0)
    write_session(path, kept_photo(document.photo, "sea.png", None, path, embed=True), contents)
    return path


def test_a_session_file_has_it(tmp_path: Path) -> None:
    document, variant = made()
    keep(document, variant)
    keep(document, variant, 1)
    document.undo()
    read = read_session(write(tmp_path, document, stored_runs((variant,), document)))
    (other,) = runs_state(read.contents, read.document).variants
    assert kept_stages(other) == (Stage.COARSE,)
    read.document.redo()
    assert set(kept_stages(other)) == {Stage.COARSE, Stage.LOCAL}
    document.redo()
    assert variant.kept is not None
    assert other.kept is not None
    for one, two in zip(variant.kept.patches(), other.kept.patches(), strict=True):
        assert (one.pixels == two.pixels).all()


def test_a_session_file_without_its_weights_is_told(tmp_path: Path) -> None:
    document, variant = made()
    keep(document, variant)
    path = write(tmp_path, document, stored_runs((variant,), document))
    damaged = tmp_path / "damaged.lacuna"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(damaged, "w") as target:
        for info in source.infolist():
            if not info.filename.endswith("kept.bin"):
                target.writestr(info, source.read(info))
    with pytest.raises(LacunaError, match=r"kept\.bin is missing"):
        read_session(damaged)


def test_edits_of_a_run_that_is_left_out_are_left_out(tmp_path: Path) -> None:
    document, variant = made()
    keep(document, variant)
    (run,) = stored_runs((variant,), document)
    read = read_session(write(tmp_path, document, (replace(run, state=1, kept=None),)))
    assert len(read.document.history) == 0
    assert read.contents.runs[0].state == 0
