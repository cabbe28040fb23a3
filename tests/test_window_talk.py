"""Films and strips of the stages, saved from the real window."""

from __future__ import annotations

from pathlib import Path
from weakref import ref

import av
import numpy as np
import PIL.Image
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from app.imaging.arrays import Image
from app.imaging.film import Film, Transition
from app.imaging.geometry import Rect
from app.imaging.stage_views import sized
from app.inference.request import Stage
from app.ui.commands import talk
from app.ui.main_window import MainWindow
from app.ui.panels.talk_sheets import FilmSheet, StripSheet
from app.ui.settings import declared
from app.ui.settings.declared import StripForm, TalkPart
from app.ui.stages.talk_pages import Columns, Panel, Strip, labelled
from tests.driving import dab, open_photo, press, run_to_end
from tests.fakes import COLOURS, ScriptedAsker

CTRL_ALT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


@pytest.fixture
def filled(qtbot: QtBot, opened: MainWindow) -> MainWindow:
    """A photo with the results of all stages."""
    dab(opened)
    run_to_end(qtbot, opened)
    return opened


def saved(qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, key: Qt.Key, path: Path) -> Path:
    asker.save_path = path
    press(window, key, CTRL_ALT)
    qtbot.waitUntil(lambda: path.exists() and not window.session.saves.words)
    return path


def test_nothing_is_saved_without_results(opened: MainWindow, asker: ScriptedAsker) -> None:
    assert not opened.action_set["save_film"].isEnabled()
    press(opened, Qt.Key.Key_F, CTRL_ALT)
    press(opened, Qt.Key.Key_P, CTRL_ALT)
    assert not asker.sheets


def test_a_film_goes_through_all_stages(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    settings = filled.settings
    settings.set(declared.FILM_SIDE, 200)
    settings.set(declared.FILM_TRANSITION, Transition.CUT)
    settings.set(declared.TALK_LABELS, False)
    settings.set(declared.TALK_PART, TalkPart.WHOLE)
    path = saved(qtbot, filled, asker, Qt.Key.Key_F, tmp_path / "talk.webp")
    assert asker.sheets == ["film"]
    assert f"film_to_save {Path(filled.files.name).stem}-film.mp4" in asker.asked
    colours = []
    with PIL.Image.open(path) as opened:
        assert max(opened.size) == 200
        rect = filled.session.runs.results[Stage.COARSE].patches[0].rect
        scale = 200 / max(filled.session.document.extent)
        x, y = (rect.x + rect.width / 2) * scale, (rect.y + rect.height / 2) * scale
        for index in range(opened.n_frames):
            opened.seek(index)
            colours.append(np.asarray(opened.convert("RGB"))[int(y), int(x)].astype(int))
    wanted = [COLOURS[stage] for stage in filled.session.runs.results]
    assert len(colours) == 2 + len(wanted)
    assert all(np.abs(found - colour).max() < 40 for found, colour in zip(colours[2:], wanted, strict=True))


@pytest.mark.parametrize(("suffix", "rate"), [(".mp4", 30), (".webp", 20), (".gif", 10)])
def test_each_format_has_its_own_rate(
    qtbot: QtBot,
    filled: MainWindow,
    asker: ScriptedAsker,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    rate: int,
) -> None:
    films: list[Film] = []

    def write_film(path: Path, film: Film, check: object) -> None:
        films.append(film)
        path.touch()

    monkeypatch.setattr(talk, "write_film", write_film)
    saved(qtbot, filled, asker, Qt.Key.Key_F, tmp_path / f"talk{suffix}")
    assert [film.rate for film in films] == [rate]


def test_pictures_are_there_in_full_one_after_the_other(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[ref[Image]] = []
    alive: list[int] = []

    def counted(picture: Image, longest: int) -> Image:
        alive.append(sum(each() is not None for each in given))
        given.append(ref(picture))
        return sized(picture, longest)

    monkeypatch.setattr(talk, "sized", counted)
    filled.settings.set(declared.TALK_PART, TalkPart.WHOLE)
    filled.settings.set(declared.FILM_SIDE, 200)
    saved(qtbot, filled, asker, Qt.Key.Key_F, tmp_path / "talk.gif")
    assert len(alive) == 2 + len(filled.session.runs.results)
    assert max(alive) == 1, "the part itself"


def test_what_is_transparent_does_not_show_its_hidden_colours(
    qtbot: QtBot, window: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    hidden, seen = (255, 0, 255), (90, 120, 150)
    pixels = np.full((60, 90, 4), (*seen, 255), np.uint8)
    pixels[:, :30] = *hidden, 0
    PIL.Image.fromarray(pixels).save(tmp_path / "leaf.png")
    open_photo(qtbot, window, tmp_path / "leaf.png")
    window.settings.set(declared.TALK_PART, TalkPart.WHOLE)
    dab(window, 60, 30)
    run_to_end(qtbot, window)
    path = saved(qtbot, window, asker, Qt.Key.Key_P, tmp_path / "talk.png")
    with PIL.Image.open(path) as opened:
        page = np.asarray(opened.convert("RGB"))
    assert (page == seen).all(axis=-1).any()
    assert not (page == hidden).all(axis=-1).any()


def test_a_film_with_labels_as_mp4(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    filled.settings.set(declared.FILM_SIDE, 300)
    filled.settings.set(declared.FILM_HOLD, 1)
    path = saved(qtbot, filled, asker, Qt.Key.Key_F, tmp_path / "talk.mp4")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        last = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)][-1]
    corner = last[-40:, :100]
    assert corner.max() > 200
    assert corner.min() < 60


def test_a_strip_has_all_stages_side_by_side(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    filled.settings.set(declared.TALK_PART, TalkPart.WHOLE)
    path = saved(qtbot, filled, asker, Qt.Key.Key_P, tmp_path / "talk.png")
    assert asker.sheets == ["strip"]
    with PIL.Image.open(path) as opened:
        page = np.asarray(opened.convert("RGB"))
    extent = filled.session.document.extent
    count = 1 + len(filled.session.runs.results)
    assert page.shape[1] > count * extent.width
    for stage in filled.session.runs.results:
        assert (page == COLOURS[stage]).all(axis=-1).any()
    assert (page[0] == 255).all()


def test_a_strip_as_pdf(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    filled.settings.set(declared.STRIP_FORMAT, ".pdf")
    path = saved(qtbot, filled, asker, Qt.Key.Key_P, tmp_path / "talk.pdf")
    assert f"strip_to_save {Path(filled.files.name).stem}-stages.pdf" in asker.asked
    data = path.read_bytes()
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Subtype /Image") == 1 + len(filled.session.runs.results)
    assert b"/FontFile" in data


def test_what_is_seen_in_the_window(qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path) -> None:
    filled.settings.set(declared.TALK_PART, TalkPart.SEEN)
    filled.view.viewport.set_scale(20.0)
    corners = filled.view.viewport.corners()
    assert corners[2].x - corners[0].x < filled.session.document.extent.width
    seen = filled.commands.talk._part()
    assert seen.x <= max(corners[0].x, 0)
    assert seen.right <= corners[2].x + 1
    assert 0 < seen.width < filled.session.document.extent.width


def test_a_folder_that_is_gone_is_told_and_another_place_offered(
    qtbot: QtBot, filled: MainWindow, asker: ScriptedAsker, tmp_path: Path
) -> None:
    asker.save_path = tmp_path / "gone" / "talk.mp4"
    press(filled, Qt.Key.Key_F, CTRL_ALT)
    qtbot.waitUntil(lambda: bool(asker.errors))
    assert "talk.mp4" in asker.errors[0]
    assert not list(tmp_path.rglob(".lacuna-*"))


@pytest.mark.parametrize("sheet", [FilmSheet, StripSheet])
def test_cancelling_a_sheet_changes_nothing(qtbot: QtBot, window: MainWindow, sheet: type) -> None:
    made = sheet(window.settings, window)
    qtbot.addWidget(made)
    before = window.settings.get(declared.TALK_PART)
    window.settings.set(declared.TALK_PART, TalkPart.WHOLE)
    assert made.findChildren(QDialogButtonBox)
    made.reject()
    assert window.settings.get(declared.TALK_PART) is before


@pytest.mark.parametrize(
    ("form", "count", "expected"),
    [(Columns.ROW, 5, 5), (Columns.TWO_ROWS, 5, 3), (Columns.COLUMN, 5, 1), (Columns.TWO_ROWS, 1, 1)],
)
def test_columns(form: Columns, count: int, expected: int) -> None:
    assert form.count(count) == expected


def test_every_form_of_a_strip_is_one_of_the_columns() -> None:
    assert {form.name for form in StripForm} == {columns.name for columns in Columns}


def test_long_words_stay_within_their_picture(qapp: object) -> None:
    picture = np.zeros((80, 60, 3), np.uint8)
    words = "(a) " + "very long words that no picture is wide enough for " * 3
    page = Strip([Panel(picture, words), Panel(picture, "(b)")], Columns.ROW, QFont()).to_picture()
    gap = 4
    between = page[:, gap + 60 : 2 * gap + 60]
    assert (between > 200).all()


def test_a_label_changes_its_corner_alone(qapp: object) -> None:
    picture = np.full((200, 300, 3), 128, np.uint8)
    made = labelled(picture, "Global", QFont())
    changed = np.argwhere((made != picture).any(axis=-1))
    box = Rect(changed[:, 1].min(), changed[:, 0].min(), np.ptp(changed[:, 1]), np.ptp(changed[:, 0]))
    assert box.bottom < 200
    assert box.y > 140
    assert box.x > 5
    assert box.right < 150
