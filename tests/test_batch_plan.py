"""Every pair and every problem is told before the first file, and nothing is written for it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.batch import outputs
from app.batch.plan import PlanProgress, plan_batch, planning
from app.batch.request import BatchPlan, Existing, MaskOrigin, MaskSource, ProblemKind
from app.errors import LacunaError
from app.imaging.files import write_image
from app.inference.request import InpaintOptions, RunCancelled
from tests.batch_folders import HEIGHT, WIDTH, Place, hole, make_place, noise, problems
from tests.photo_files import exif


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Folders without a photo yet."""
    return make_place(tmp_path / "place")


def _tree(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_pairs_by_relative_path_and_stem(place: Place) -> None:
    place.add("b.jpg", mask="b.png")
    place.add("a.png", mask="a.tif")
    place.add("deep/er/a.JPG", mask="deep/er/a.bmp")
    before = _tree(place.root)
    plan = plan_batch(place.request(recursive=True))
    rows = [(row.job.number, row.job.name, row.job.mask, row.job.output) for row in plan.rows]
    assert rows == [
        (0, "a.png", place.masks / "a.tif", place.out / "a.png"),
        (1, "b.jpg", place.masks / "b.png", place.out / "b.jpg"),
        (2, "deep/er/a.JPG", place.masks / "deep/er/a.bmp", place.out / "deep/er/a.JPG"),
    ]
    assert plan.problems == ()
    assert all(row.extent == (WIDTH, HEIGHT) for row in plan.rows)
    assert plan.space_needed == sum(row.job.photo.stat().st_size for row in plan.rows)
    assert plan.space_free > 0
    assert _tree(place.root) == before, "nothing is written"
    assert [row.job.name for row in plan_batch(place.request()).rows] == ["a.png", "b.jpg"]
    assert [row.job.name for row in plan_batch(place.request(recursive=True, limit=1)).rows] == ["a.png"]


def test_every_problem_of_a_mask(place: Place) -> None:
    for name in ("fine", "missing", "small", "empty", "full", "broken", "twice"):
        place.add(f"{name}.png", mask=None if name == "missing" else "")
    write_image(place.masks / "small.png", hole(WIDTH, HEIGHT - 8))
    write_image(place.masks / "empty.png", np.full((HEIGHT, WIDTH), 127, np.uint8))
    write_image(place.masks / "full.png", np.full((HEIGHT, WIDTH), 128, np.uint8))
    (place.masks / "broken.png").write_bytes((place.masks / "fine.png").read_bytes()[:60])
    (place.masks / "twice.png").rename(place.masks / "twice.bmp")
    write_image(place.masks / "twice.tif", hole())
    plan = plan_batch(place.request())
    assert problems(plan) == {
        "missing.png": ProblemKind.MASK_MISSING,
        "small.png": ProblemKind.MASK_SIZE,
        "empty.png": ProblemKind.MASK_EMPTY,
        "full.png": ProblemKind.MASK_FULL,
        "broken.png": ProblemKind.MASK_UNREADABLE,
        "twice.png": ProblemKind.MASK_IN_DOUBT,
    }
    texts = {row.job.name: str(row.problem.text) for row in plan.rows if row.problem}
    assert "48×24" in texts["small.png"]
    assert "48×32" in texts["small.png"]
    assert "twice.bmp and twice.tif" in texts["twice.png"]
    assert all(name.removesuffix(".png") in text for name, text in texts.items()), "each names the file"
    exact = plan_batch(place.request(options=InpaintOptions(exact=True)))
    assert "full.png" not in problems(exact), "without a known pixel too the networks can be run"


def test_what_is_no_photo_is_told_at_once(place: Place) -> None:
    for name in ("text.jpg", "empty.png", "cut.jpg"):
        place.add(name)
    (place.photos / "text.jpg").write_text("no picture")
    (place.photos / "empty.png").write_bytes(b"")
    (place.photos / "cut.jpg").write_bytes((place.photos / "cut.jpg").read_bytes()[:20])
    (place.photos / "notes.txt").write_text("not meant")
    (place.photos / ".hidden.jpg").write_text("not meant")
    found = problems(plan_batch(place.request()))
    assert found == dict.fromkeys(["cut.jpg", "empty.png", "text.jpg"], ProblemKind.UNREADABLE)


def test_the_mask_lies_as_the_photo_is_shown(place: Place) -> None:
    Image.fromarray(noise(0)).save(place.photos / "turned.jpg", exif=exif(6))
    Image.fromarray(noise(0)).save(place.photos / "wrong.jpg", exif=exif(6))
    write_image(place.masks / "turned.png", hole().T.copy())
    write_image(place.masks / "wrong.png", hole())
    plan = plan_batch(place.request())
    assert problems(plan) == {"wrong.jpg": ProblemKind.MASK_SIZE}
    assert plan.rows[0].extent == (HEIGHT, WIDTH)


def test_suffixes_beside_the_photos(place: Place) -> None:
    place.add("a.jpg", mask="../photos/a_MASK.png")
    place.add("b.jpg", mask="../photos/c_mask.png")
    plan = plan_batch(place.request(masks=MaskSource(MaskOrigin.SUFFIX, suffix="_mask")))
    assert [row.job.name for row in plan.rows] == ["a.jpg", "b.jpg"], "masks are no photos"
    assert plan.rows[0].job.mask == place.photos / "a_MASK.png"
    assert problems(plan) == {"b.jpg": ProblemKind.MASK_MISSING}


def test_one_mask_for_all_may_lie_among_the_photos(place: Place) -> None:
    place.add("a.png", mask="../photos/mask.png")
    place.add("b.png", mask=None)
    write_image(place.photos / "c.png", noise(1, 20, 20))
    plan = plan_batch(place.request(masks=MaskSource(MaskOrigin.FILE, place.photos / "mask.png")))
    assert [row.job.name for row in plan.rows] == ["a.png", "b.png", "c.png"]
    assert problems(plan) == {"c.png": ProblemKind.MASK_SIZE}
    (place.photos / "mask.png").write_bytes(b"no mask")
    plan = plan_batch(place.request(masks=MaskSource(MaskOrigin.FILE, place.photos / "mask.png")))
    assert set(problems(plan).values()) == {ProblemKind.MASK_UNREADABLE}


def test_transparency_as_mask(place: Place) -> None:
    Image.fromarray(np.dstack([noise(0), 255 - hole()])).save(place.photos / "clear.png")
    place.add("opaque.jpg", mask=None)
    plan = plan_batch(place.request(masks=MaskSource(MaskOrigin.ALPHA)))
    assert problems(plan) == {"opaque.jpg": ProblemKind.MASK_MISSING}
    assert plan.jobs[0].mask is None


def test_same_stems_keep_their_names_and_share_a_mask(place: Place, tmp_path: Path) -> None:
    place.add("a.jpg")
    place.add("a.png")
    plan = plan_batch(place.request(stages=tmp_path / "stages"))
    assert [row.job.output.name for row in plan.rows] == ["a.jpg", "a.png"]
    assert [row.job.mask for row in plan.rows] == [place.masks / "a.png"] * 2
    assert [row.job.stages for row in plan.rows] == [tmp_path / "stages" / "a.jpg", tmp_path / "stages" / "a.png"]
    write_image(place.masks / "a.jpg.png", hole())
    write_image(place.masks / "a.bmp", hole())
    rows = plan_batch(place.request()).rows
    assert [row.job.mask and row.job.mask.name for row in rows] == ["a.jpg.png", "a.png"], "its own name wins"


def test_collisions_name_both(place: Place) -> None:
    place.add("a.jpg")
    place.add("a.png")
    place.add("b.png")
    plan = plan_batch(place.request(suffix=".png"))
    assert problems(plan) == dict.fromkeys(["a.jpg", "a.png"], ProblemKind.COLLISION)
    assert all(
        "a.jpg" in str(row.problem.text) and "a.png" in str(row.problem.text) for row in plan.rows if row.problem
    )
    numbered = plan_batch(place.request(suffix=".png", existing=Existing.NUMBER))
    assert [row.job.output.name for row in numbered.rows] == ["a.png", "a-2.png", "b.png"]
    assert numbered.problems == ()


@pytest.mark.skipif(not outputs.tells_capitals(Path(__file__)), reason="this disk has no such files")
@pytest.mark.parametrize("tells", [True, False])
def test_capitals_collide_where_the_disk_knows_none(place: Place, monkeypatch: pytest.MonkeyPatch, tells: bool) -> None:
    place.add("a.jpg", mask="a.png")
    place.add("A.jpg", mask="A.png")
    monkeypatch.setattr(outputs, "tells_capitals", lambda _: tells)
    plan = plan_batch(place.request())
    assert problems(plan) == ({} if tells else dict.fromkeys(["A.jpg", "a.jpg"], ProblemKind.COLLISION))


def test_outputs_that_are_there(place: Place) -> None:
    for name in ("a.png", "b.png"):
        place.add(name)
    place.out.mkdir()
    (place.out / "a.png").write_bytes(b"somebody's")
    rows = {existing: plan_batch(place.request(existing=existing)).rows for existing in Existing}
    refused, skipped = rows[Existing.REFUSE][0].problem, rows[Existing.SKIP][0].problem
    assert refused is not None
    assert (refused.kind, refused.is_failure) == (ProblemKind.EXISTS, True)
    assert skipped is not None
    assert (skipped.kind, skipped.is_failure) == (ProblemKind.EXISTS, False)
    assert rows[Existing.OVERWRITE][0].problem is None
    assert rows[Existing.OVERWRITE][0].job.overwrite
    assert rows[Existing.NUMBER][0].job.output.name == "a-2.png"
    assert all(row[1].problem is None for row in rows.values())


def test_formats_that_are_only_read_need_another(place: Place) -> None:
    Image.fromarray(noise(0)).save(place.photos / "phone.avif")
    write_image(place.masks / "phone.png", hole())
    assert problems(plan_batch(place.request())) == {"phone.avif": ProblemKind.NOT_WRITABLE}
    plan = plan_batch(place.request(suffix=".png"))
    assert plan.problems == ()
    assert plan.space_needed > 1000


def test_folders_inside_are_no_photos(place: Place) -> None:
    place.add("a.png", mask="../photos/masks/a.png")
    place.add("out/a.png", mask=None)
    place.add("stages/a/coarse.png", mask=None)
    request = place.request(
        output=place.photos / "out",
        masks=MaskSource(MaskOrigin.FOLDER, place.photos / "masks"),
        stages=place.photos / "stages",
        recursive=True,
        existing=Existing.OVERWRITE,
    )
    assert [row.job.name for row in plan_batch(request).rows] == ["a.png"]


def test_results_beside_the_photos_are_not_taken_for_photos(place: Place) -> None:
    place.add("a.png")
    place.add("a_filled.png", mask=None)
    place.add("b_filled.png", mask="b_filled.png")
    request = place.request(output=place.photos, naming="{stem}_filled", existing=Existing.OVERWRITE)
    plan = plan_batch(request)
    assert [row.job.output.name for row in plan.rows] == ["a_filled.png", "b_filled_filled.png"]
    with pytest.raises(LacunaError, match="the photos themselves"):
        plan_batch(replace(request, naming="{stem}"))


def test_no_photo_and_no_mask_is_ever_replaced(place: Place) -> None:
    place.add("a.png")
    place.add("photos/a.png", mask="photos/a.png")
    request = place.request(output=place.photos.parent, recursive=True, existing=Existing.OVERWRITE)
    assert problems(plan_batch(request)) == {"photos/a.png": ProblemKind.COLLISION}
    over_masks = place.request(output=place.masks, existing=Existing.OVERWRITE)
    assert problems(plan_batch(over_masks)) == {"a.png": ProblemKind.COLLISION}
    place.add("1.jpg")
    another = place.request(output=place.masks, existing=Existing.OVERWRITE, naming="{number}", suffix=".png")
    assert problems(plan_batch(another)) == {"1.jpg": ProblemKind.COLLISION}, "it is numbered 1, which a mask is called"


def test_no_photo_and_no_mask_is_replaced_through_a_link(place: Place) -> None:
    for name in ("file.png", "mask.png", "folder/below.png", "fine.png"):
        place.add(name)
    (place.out).mkdir()
    (place.out / "file.png").symlink_to(place.photos / "file.png")
    (place.out / "mask.png").symlink_to(place.masks / "fine.png")
    (place.out / "folder").symlink_to(place.photos / "folder")
    plan = plan_batch(place.request(recursive=True, existing=Existing.OVERWRITE))
    assert problems(plan) == dict.fromkeys(["file.png", "folder/below.png", "mask.png"], ProblemKind.COLLISION)


def test_a_folder_of_masks_that_cannot_be_read_is_its_photos_problem(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.add("a.png")
    place.add("closed/b.png")
    usual = Path.iterdir

    def refused(folder: Path) -> Iterator[Path]:
        if folder.name == "closed":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))
        return usual(folder)

    monkeypatch.setattr(Path, "iterdir", refused)
    plan = plan_batch(place.request(recursive=True))
    assert problems(plan) == {"closed/b.png": ProblemKind.MASK_MISSING}


@pytest.mark.skipif(os.name != "posix", reason="Windows needs rights to make links")
def test_nor_is_one_through_a_link(place: Place) -> None:
    place.add("a.png")
    place.add("b.png")
    place.out.mkdir()
    (place.out / "a.png").symlink_to(place.photos / "b.png")
    linked = place.root / "linked"
    linked.symlink_to(place.photos, target_is_directory=True)
    request = place.request(existing=Existing.OVERWRITE)
    assert problems(plan_batch(request)) == {"a.png": ProblemKind.COLLISION}
    place.add("2.png")
    numbered = replace(request, output=linked, naming="{number}")
    assert [row.job.output.name for row in plan_batch(numbered).rows if row.problem] == ["2.png"]


def test_a_folder_of_masks_that_cannot_be_listed_costs_its_photos_alone(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listed(folder: Path) -> Iterator[Path]:
        if folder.name == "locked":
            raise PermissionError(errno.EACCES, "Permission denied")
        return usual(folder)

    usual = Path.iterdir
    place.add("a.png")
    place.add("locked/b.png")
    monkeypatch.setattr(Path, "iterdir", listed)
    plan = plan_batch(place.request(recursive=True))
    assert problems(plan) == {"locked/b.png": ProblemKind.MASK_MISSING}
    assert "cannot be read (Permission denied)" in str(plan.problems[0].problem)


def test_names(place: Place) -> None:
    for number in range(10):
        place.add(f"x{number}.png")
    plan = plan_batch(place.request(naming="{number} of {stem}", limit=2))
    assert [row.job.output.name for row in plan.rows] == ["01 of x0.png", "02 of x1.png"]
    for naming in ("same", "{stem}/x", "{name}", "a{stem", ""):
        with pytest.raises(LacunaError, match="cannot be named"):
            plan_batch(place.request(naming=naming))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda place: {"output": place.photos / "a.png"}, "a.png is no folder"),
        (lambda place: {"masks": MaskSource(MaskOrigin.FOLDER, place.root / "nowhere")}, "nowhere is no folder"),
        (lambda place: {"masks": MaskSource(MaskOrigin.FOLDER, place.photos)}, "both photos and masks"),
        (lambda place: {"masks": MaskSource(MaskOrigin.FILE, place.root / "no.png")}, "no.png does not exist"),
        (lambda place: {"masks": MaskSource(MaskOrigin.SUFFIX, suffix="")}, "suffix is empty"),
        (lambda place: {"suffix": ".xyz"}, ".xyz names no format"),
    ],
)
def test_what_makes_a_batch_impossible_is_one_sentence(place: Place, change, words: str) -> None:  # type: ignore[no-untyped-def]
    place.add("a.png")
    with pytest.raises(LacunaError, match=words):
        plan_batch(place.request(**change(place)))


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match="photos is no folder"):
        plan_batch(replace(Place(tmp_path).request(), masks=MaskSource(MaskOrigin.ALPHA)))


def test_planning_tells_how_far_it_is_and_can_be_ended(tmp_path: Path) -> None:
    place = make_place(tmp_path / "place", 3)
    steps = list(planning(place.request()))
    assert steps[:-1] == [PlanProgress(done, 3) for done in range(4)]
    assert isinstance(steps[-1], BatchPlan)

    def cancelled() -> None:
        raise RunCancelled

    with pytest.raises(RunCancelled):
        list(planning(place.request(), check=cancelled))


@pytest.mark.skipif(os.name != "posix", reason="other systems do not allow such names")
def test_names_that_are_no_text(place: Place) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    place.add("a.png")
    try:
        (place.photos / "a.png").rename(place.photos / name)
    except OSError:
        pytest.skip("this disk does not allow such names")
    (place.masks / "a.png").rename(place.masks / name)
    plan = plan_batch(place.request())
    assert [row.job.output.name for row in plan.rows] == [name]
    assert plan.problems == ()
