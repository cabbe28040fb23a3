"""Films of pictures that pass into each other, and the files they become."""

from __future__ import annotations

import gc
from pathlib import Path

import av
import numpy as np
import PIL.Image
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import LacunaError
from app.imaging.film import Film, Scene, Transition, eased
from app.imaging.film_files import rate_of, write_film
from app.imaging.geometry import Extent, Rect
from app.imaging.stage_views import over_white, part_round, sized, tinted
from app.inference.request import RegionPatch, Stage, StageResult

RED, BLUE = (200, 30, 30), (30, 30, 200)


def plain(colour: tuple[int, int, int], height: int = 31, width: int = 45) -> np.ndarray:
    return np.full((height, width, 3), colour, np.uint8)


def film(transition: Transition = Transition.WIPE, rate: int = 10) -> Film:
    return Film([Scene(plain(RED), 0.5), Scene(plain(BLUE), 1.0)], transition, 0.5, rate)


@pytest.mark.parametrize("transition", Transition)
def test_every_frame_has_its_time(transition: Transition) -> None:
    made = film(transition)
    frames = list(made.frames())
    assert [frame.seconds for frame in frames] == made.seconds
    assert (frames[0].picture == plain(RED)).all()
    assert (frames[-1].picture == plain(BLUE)).all()
    assert len(frames) == (2 if transition is Transition.CUT else 6)


def test_a_wipe_shows_both_on_either_side_of_a_line() -> None:
    middle = list(film().frames())[3].picture
    assert (middle[:, 0] == BLUE).all()
    assert (middle[:, -1] == RED).all()
    assert (middle == 255).all(axis=-1).any(axis=0).sum() == 1


def test_a_fade_goes_evenly_from_one_to_the_other() -> None:
    reds = [int(frame.picture[0, 0, 0]) for frame in film(Transition.FADE).frames()]
    assert reds == sorted(reds, reverse=True)
    assert (reds[0], reds[-1]) == (RED[0], BLUE[0])
    assert len(set(reds)) == len(reds)


def test_time_is_eased_at_both_ends() -> None:
    assert (eased(0), eased(0.5), eased(1)) == (0, 0.5, 1)
    assert eased(0.1) < 0.1 < 0.9 < eased(0.9)


def test_scenes_are_of_one_size() -> None:
    with pytest.raises(ValueError, match="one size"):
        Film([Scene(plain(RED), 1), Scene(plain(RED, 3), 1)])
    with pytest.raises(ValueError, match="one size"):
        Film([])


def test_an_mp4_plays_as_long_as_the_film(tmp_path: Path) -> None:
    path = tmp_path / "stages.mp4"
    write_film(path, film())
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        assert (stream.codec_context.name, stream.width, stream.height) == ("h264", 44, 30)
        assert float(stream.duration * stream.time_base) == pytest.approx(sum(film().seconds), abs=0.11)
    assert len(pictures) == pytest.approx(10 * sum(film().seconds), abs=1)
    assert np.abs(pictures[0].astype(int) - RED).mean() < 6
    assert np.abs(pictures[-1].astype(int) - BLUE).mean() < 6


def test_an_mp4_has_the_colours_of_hd_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "red.mp4"
    write_film(path, Film([Scene(plain(RED, 32, 48), 0.2)]))
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        coded = container.streams.video[0].codec_context
        tags = coded.color_primaries, coded.color_trc, coded.colorspace, coded.color_range
    planes = frame.to_ndarray().astype(int)
    assert tags == (1, 1, 1, 1), "BT.709 three times, limited range"
    red, green, blue = (level / 255 for level in RED)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    wanted = 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748
    found = planes[:32].mean(), planes[32:40].mean(), planes[40:].mean()
    assert found == pytest.approx(wanted, abs=2)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_frames_are_made_one_at_a_time(tmp_path: Path, suffix: str) -> None:
    counts = []

    def check() -> None:
        counts.append(sum(issubclass(type(each), PIL.Image.Image) for each in gc.get_objects()))

    write_film(tmp_path / f"long{suffix}", film(Transition.FADE, 40), check)
    assert len(counts) == 21
    assert max(counts) - min(counts) <= 4, "earlier ones are gone"


def test_what_costs_many_bytes_has_fewer_frames() -> None:
    rates = [rate_of(Path(f"stages{suffix}")) for suffix in (".mp4", ".webp", ".GIF")]
    assert rates == sorted(rates, reverse=True)
    assert len(set(rates)) == 3


def test_equal_frames_of_a_gif_are_one(tmp_path: Path) -> None:
    path = tmp_path / "stages.gif"
    scenes = [Scene(plain(RED), 0.5), Scene(plain(RED), 0.5), Scene(plain(BLUE), 0.3)]
    write_film(path, Film(scenes, Transition.CUT))
    with PIL.Image.open(path) as opened:
        assert opened.n_frames == 2
        durations = []
        for index in range(2):
            opened.seek(index)
            durations.append(opened.info["duration"])
    assert durations == [1000, 300]


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_pictures_that_move_by_themselves(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"stages{suffix}"
    write_film(path, film())
    with PIL.Image.open(path) as opened:
        assert opened.n_frames == 6
        assert opened.size == (45, 31)
        assert opened.info["loop"] == 0
        seconds = []
        for index in range(opened.n_frames):
            opened.seek(index)
            opened.load()
            seconds.append(opened.info["duration"] / 1000)
        last = np.asarray(opened.convert("RGB"))
    assert seconds == pytest.approx(film().seconds)
    assert np.abs(last.astype(int) - BLUE).mean() < 8


def test_what_stands_still_in_a_gif_has_one_colour_throughout(tmp_path: Path) -> None:
    ramp = np.repeat(np.linspace(0, 255, 45, dtype=np.uint8)[None, :, None], 31, axis=0).repeat(3, axis=2)
    changed = ramp.copy()
    changed[10:20, 10:20] = RED
    path = tmp_path / "still.gif"
    write_film(path, Film([Scene(ramp, 0.1), Scene(changed, 0.1)], Transition.FADE, 0.3, 10))
    with PIL.Image.open(path) as opened:
        rows = []
        for index in range(opened.n_frames):
            opened.seek(index)
            rows.append(np.asarray(opened.convert("RGB"))[0].copy())
    assert all((row == rows[0]).all() for row in rows)


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_a_film_that_is_not_finished_leaves_what_was_there(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"stages{suffix}"
    path.write_bytes(b"old")
    seen = []

    def check() -> None:
        seen.append(1)
        if len(seen) == 3:
            raise KeyError("enough")

    with pytest.raises(KeyError):
        write_film(path, film(), check)
    assert path.read_bytes() == b"old"
    assert [each for each in tmp_path.iterdir() if each.is_file()] == [path]


def test_other_kinds_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LacunaError, match=r"stages\.avi: a film is one of \.mp4"):
        write_film(tmp_path / "stages.avi", film())
    assert not [each for each in tmp_path.iterdir() if each.is_file()]


@given(
    st.integers(1, 4000),
    st.integers(1, 4000),
    st.floats(0, 1),
    st.floats(0, 1),
    st.floats(0.001, 1),
    st.floats(0.001, 1),
)
def test_what_is_round_a_hole_holds_it_and_lies_in_the_photo(
    width: int, height: int, x: float, y: float, share_x: float, share_y: float
) -> None:
    left, top = min(int(x * width), width - 1), min(int(y * height), height - 1)
    hole = Rect(left, top, max(int(share_x * (width - left)), 1), max(int(share_y * (height - top)), 1))
    part = part_round(hole, Extent(width, height))
    assert part.contains(hole)
    assert Rect(0, 0, width, height).contains(part)


def test_what_is_round_a_slim_hole_is_not_slim() -> None:
    part = part_round(Rect(1000, 1000, 20, 900), Extent(4000, 3000))
    assert part.height == 900 + 2 * 540
    assert part.width >= part.height * 3 / 4 - 1
    assert part.x < 1000 < 1020 < part.right


def test_patches_reach_into_a_part() -> None:
    part = np.zeros((4, 5, 3), np.uint16)
    patch = np.arange(4 * 4 * 3, dtype=np.uint16).reshape(4, 4, 3)
    patches = RegionPatch(Rect(8, 18, 4, 4), patch), RegionPatch(Rect(90, 90, 4, 4), patch)
    laid = StageResult(Stage.COARSE, patches, 0.0, 1).over_part(part, Rect(10, 20, 5, 4))
    assert (laid[:2, :2] == patch[2:, 2:]).all()
    assert laid[2:].sum() == laid[:, 2:].sum() == 0
    assert part.sum() == 0


def test_a_tint_covers_the_hole_alone() -> None:
    picture, hole = plain(BLUE), np.zeros((31, 45), bool)
    hole[:, :5] = True
    made = tinted(picture, hole, (230, 30, 0), 0.5)
    assert (made[:, :5] == (130, 30, 100)).all()
    assert (made[:, 5:] == BLUE).all()
    assert (picture == BLUE).all()


def test_what_is_transparent_is_white() -> None:
    picture, alpha = plain(BLUE, 600), np.full((600, 45), 255, np.uint8)
    alpha[300:, :5], alpha[300:, 5:9] = 0, 51
    made = over_white(picture, alpha)
    assert (made[:300] == BLUE).all()
    assert (made[300:, 9:] == BLUE).all()
    assert (made[300:, :5] == 255).all()
    assert (made[300:, 5:9] == (210, 210, 244)).all()
    assert (picture == BLUE).all()


@pytest.mark.parametrize(("longest", "size"), [(90, (62, 90)), (45, (31, 45)), (15, (10, 15)), (1, (1, 1))])
def test_sizes(longest: int, size: tuple[int, int]) -> None:
    made = sized(plain(RED), longest)
    assert made.shape == (*size, 3)
    assert (made == RED).all()
