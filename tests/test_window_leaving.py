"""Closing while something is under way: a fill, a save, a batch. It asks, waits, and there is always a way back."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from app.imaging.files import read_photo, write_image
from app.inference.request import Stage
from app.ui.app import let_system_end
from app.ui.asking import Ending, Overwrite, Running, Unsaved
from app.ui.dialogs import QtAsker
from app.ui.main_window import MainWindow
from app.ui.panels.waiting import WaitingDialog
from app.ui.session.runs import RunPhase
from tests.driving import FIRST, image_of, names_of, open_path, press, stroke
from tests.fakes import FakeEngine, ScriptedAsker


@pytest.fixture
def held(qtbot: QtBot, opened: MainWindow, engine: FakeEngine) -> MainWindow:
    """A fill is under way and does not go on before the gate of its last stage is opened."""
    engine.gates[Stage.GLOBAL] = threading.Event()
    stroke(opened, *FIRST)
    press(opened, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: Stage.LOCAL in opened.session.runs.results)
    return opened


class HeldWrites:
    """Writes wait at a gate, on the pool."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from app.ui.session import photo_files

        self.gate, self.error = threading.Event(), None
        write = photo_files.write_photo

        def held(*given: object) -> tuple[str, ...]:
            assert self.gate.wait(10)
            if self.error is not None:
                raise self.error
            return write(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(photo_files, "write_photo", held)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> HeldWrites:
    return HeldWrites(monkeypatch)


# a fill


def test_keeping_open_leaves_the_fill_alone(qtbot: QtBot, held: MainWindow, asker: ScriptedAsker) -> None:
    assert not held.close()
    assert asker.asked == ["about_running sea.png"]
    assert held.session.runs.phase is RunPhase.RUNNING


def test_stopping_the_fill_goes_on_to_what_is_unsaved(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine
) -> None:
    asker.running, asker.unsaved = Running.STOP, Unsaved.DISCARD
    assert held.close()
    assert asker.asked == ["about_running sea.png", "about_unsaved sea.png"]
    assert held.session.runs.phase is not RunPhase.RUNNING


def test_waiting_for_the_fill_takes_its_result_and_saves_it(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine, photo: Path
) -> None:
    asker.running, asker.unsaved, asker.overwrite = Running.WAIT, Unsaved.SAVE, Overwrite.YES
    assert not held.close()
    assert asker.waits[0].told == ["Filling sea.png…"]
    assert held.isVisible()
    engine.gates[Stage.GLOBAL].set()
    qtbot.waitUntil(lambda: not held.isVisible())
    assert not asker.waits[0].is_open
    assert asker.asked == ["about_running sea.png", "about_unsaved sea.png", "may_overwrite sea.png"]
    assert (read_photo(photo).pixels[60, 70] == (0, 0, 200)).all(), "the last stage's colour"


def test_who_waits_may_think_better_of_it(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine
) -> None:
    asker.running = Running.WAIT
    held.close()
    asker.waits[0].answer(False)
    assert not asker.waits[0].is_open
    before = image_of(held)
    engine.gates[Stage.GLOBAL].set()
    qtbot.waitUntil(lambda: held.session.runs.phase is RunPhase.READY)
    assert held.isVisible()
    assert (image_of(held) == before).all(), "nothing is accepted by itself"
    assert asker.asked == ["about_running sea.png"]


def test_a_fill_that_fails_keeps_the_window(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine
) -> None:
    asker.running, engine.failure, engine.fails_at = Running.WAIT, RuntimeError("no"), Stage.GLOBAL
    asker.unsaved = Unsaved.CANCEL
    held.close()
    engine.gates[Stage.GLOBAL].set()
    qtbot.waitUntil(lambda: bool(held.banner.rows))
    assert held.isVisible()


def test_closing_a_photo_put_aside_asks_for_its_fill(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine, tmp_path: Path
) -> None:
    first = held.photos.current
    assert first is not None
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((20, 30, 3), np.uint8))
    open_path(qtbot, held, other)
    asker.running, asker.unsaved = Running.STOP, Unsaved.CANCEL
    held.commands.file.close_one(first)
    qtbot.waitUntil(lambda: held.photos.current is first)
    assert asker.asked == ["about_running sea.png", "about_unsaved sea.png"]
    assert held.session.runs.phase is RunPhase.IDLE
    assert names_of(held), "the stroke is there"


def test_a_photo_put_aside_is_waited_for(
    qtbot: QtBot, held: MainWindow, asker: ScriptedAsker, engine: FakeEngine, tmp_path: Path
) -> None:
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((20, 30, 3), np.uint8))
    open_path(qtbot, held, other)
    asker.running, asker.unsaved = Running.WAIT, Unsaved.DISCARD
    assert not held.close()
    qtbot.waitUntil(lambda: bool(asker.waits))
    assert held.files.name == "sea.png", "what is waited for is shown"
    engine.gates[Stage.GLOBAL].set()
    qtbot.waitUntil(lambda: not held.isVisible())


# a save


def test_an_export_is_waited_for_with_a_word(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.ui.session import photo_files

    gate, export = threading.Event(), photo_files.export_photo

    def held(*given: object) -> tuple[str, ...]:
        assert gate.wait(10)
        return export(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(photo_files, "export_photo", held)
    asker.save_path = tmp_path / "copy.jpg"
    opened.action_set["export"].trigger()
    assert not opened.close()
    assert asker.waits[0].told == ["Saving copy.jpg…"]
    gate.set()
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert asker.save_path.is_file()


def test_keeping_open_while_a_save_is_waited_for(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, writes: HeldWrites, photo: Path
) -> None:
    stroke(opened, *FIRST)
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.YES
    assert not opened.close()
    asker.waits[0].answer(False)
    with qtbot.waitSignal(opened.files.saved):
        writes.gate.set()
    qtbot.waitUntil(lambda: not opened.isWindowModified())
    assert opened.isVisible()
    assert opened.close(), "nothing is left to wait for"


def test_a_save_that_fails_while_it_is_waited_for_keeps_the_window(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, writes: HeldWrites, tmp_path: Path
) -> None:
    stroke(opened, *FIRST)
    opened.files.save(tmp_path / "out.png")
    assert not opened.close()
    writes.error = OSError("no")
    writes.gate.set()
    qtbot.waitUntil(lambda: bool(opened.banner.rows))
    assert not asker.waits[0].is_open
    assert opened.isVisible()
    assert opened.isWindowModified()
    assert asker.asked == []


def test_several_are_saved_one_after_the_other_then_it_closes(
    qtbot: QtBot, opened: MainWindow, asker: ScriptedAsker, tmp_path: Path, photo: Path
) -> None:
    stroke(opened, *FIRST)
    other = tmp_path / "lake.png"
    write_image(other, np.zeros((120, 180, 3), np.uint8))
    open_path(qtbot, opened, other)
    opened.session.select_all()
    qtbot.waitUntil(lambda: len(opened.photos.unsaved) == 2)
    asker.unsaved, asker.overwrite = Unsaved.SAVE, Overwrite.YES
    assert not opened.close()
    qtbot.waitUntil(lambda: not opened.isVisible())
    assert opened.photos.unsaved == ()
    assert not any(wait.is_open for wait in asker.waits)


# a batch


class FakeBatch(QObject):
    """A `BusyWork`."""

    changed = Signal()
    finished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_running, self.is_paused, self.done, self.total, self.stops = True, False, 11, 200, 0

    def stop(self) -> None:
        self.stops += 1

    def end(self) -> None:
        self.is_running = False
        self.finished.emit()


@pytest.fixture
def batch(opened: MainWindow) -> FakeBatch:
    result = FakeBatch()
    opened.commands.file.leaving.work = result
    return result


def test_a_batch_goes_on_where_the_window_is_kept_open(
    opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch
) -> None:
    assert not opened.close()
    assert asker.asked == ["about_batch 11 of 200"]
    assert batch.stops == 0


def test_a_batch_stops_after_its_photo_and_the_window_waits(
    opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch
) -> None:
    asker.ending = Ending.AFTER_THIS
    assert not opened.close()
    assert batch.stops == 0
    assert asker.waits[0].told == ["The batch finishes the photo it is at: 11 of 200 are done."]
    batch.done = 12
    batch.changed.emit()
    assert batch.stops == 1
    assert opened.isVisible(), "what is being written is waited for"
    batch.end()
    assert not opened.isVisible()
    assert not any(wait.is_open for wait in asker.waits)


def test_a_batch_that_pauses_has_no_photo_to_wait_for(
    opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch
) -> None:
    asker.ending, batch.is_paused = Ending.AFTER_THIS, True
    assert not opened.close()
    assert batch.stops == 1
    batch.end()
    assert not opened.isVisible()


def test_a_batch_is_stopped_at_once(opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch) -> None:
    asker.ending = Ending.NOW
    assert opened.close()
    assert batch.stops == 1


def test_who_waits_for_the_batch_may_lose_patience(opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch) -> None:
    asker.ending = Ending.AFTER_THIS
    opened.close()
    assert asker.waits[0].can_stop
    asker.waits[0].answer(True)
    assert batch.stops == 1
    assert not opened.isVisible()


def test_the_batch_is_let_go_of_only_when_the_photos_are(
    opened: MainWindow, asker: ScriptedAsker, batch: FakeBatch
) -> None:
    stroke(opened, *FIRST)
    asker.ending, asker.unsaved = Ending.NOW, Unsaved.CANCEL
    assert not opened.close()
    assert asker.asked == ["about_batch 11 of 200", "about_unsaved sea.png"]
    assert batch.stops == 0


# the desktop ends


class FakeManager:
    """A `SystemsEnd`."""

    def __init__(self, *, asks: bool = True) -> None:
        self._asks = asks
        self.said: list[str] = []

    def allowsInteraction(self) -> bool:
        return self._asks

    def release(self) -> None:
        self.said.append("release")

    def cancel(self) -> None:
        self.said.append("cancel")


@pytest.mark.parametrize(("unsaved", "said"), [(Unsaved.DISCARD, ["release"]), (Unsaved.CANCEL, ["release", "cancel"])])
def test_the_desktop_ends_only_where_nothing_is_lost(
    opened: MainWindow, asker: ScriptedAsker, unsaved: Unsaved, said: list[str]
) -> None:
    stroke(opened, *FIRST)
    asker.unsaved, manager = unsaved, FakeManager()
    let_system_end(manager, opened.commands.file.when_safe)
    assert manager.said == said
    assert opened.isVisible(), "another program may yet stop it"


def test_where_nobody_may_be_asked_nobody_is(opened: MainWindow, asker: ScriptedAsker) -> None:
    stroke(opened, *FIRST)
    manager = FakeManager(asks=False)
    let_system_end(manager, opened.commands.file.when_safe)
    assert manager.said == []
    assert asker.asked == []


# the real dialogs


def test_the_dialog_says_at_once_what_lasts(window: MainWindow) -> None:
    answers: list[bool] = []
    dialog = QtAsker(window).wait("Saving sea.jpg…", answers.append, can_stop=True)
    assert isinstance(dialog, WaitingDialog)
    assert dialog.isVisible()
    assert dialog.isModal()
    dialog.tell("Saving lake.jpg…")
    assert dialog.words == "Saving lake.jpg…"
    assert dialog.findChild(QProgressBar).accessibleName()
    buttons = {button.text(): button for button in dialog.findChildren(QPushButton)}
    assert buttons.keys() == {"Keep open", "Stop now"}
    assert all(button.toolTip() for button in buttons.values())
    buttons["Stop now"].click()
    assert answers == [True]


def test_what_may_be_quick_shows_late_esc_keeps_open_and_what_is_over_tells_nobody(
    qtbot: QtBot, window: MainWindow
) -> None:
    answers: list[bool] = []
    dialog = QtAsker(window).wait("Saving sea.jpg…", answers.append, can_stop=False)
    assert isinstance(dialog, WaitingDialog)
    assert not dialog.isVisible()
    qtbot.waitUntil(dialog.isVisible)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert answers == [False]
    quick = QtAsker(window).wait("Saving sea.jpg…", answers.append, can_stop=False)
    quick.close_waiting()
    assert answers == [False]


def _pressing(text: str) -> None:
    """Press the button called `text` on the dialog that is about to open."""

    def press_it() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        next(each for each in dialog.findChildren(QPushButton) if each.text() == text).click()

    QTimer.singleShot(0, press_it)


@pytest.mark.parametrize(
    ("text", "answer"),
    [("Wait for it", Running.WAIT), ("Stop and close", Running.STOP), ("Keep open", Running.KEEP_OPEN)],
)
def test_the_question_about_fills(window: MainWindow, text: str, answer: Running) -> None:
    _pressing(text)
    assert QtAsker(window).about_running(["sea.png"]) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Stop after this photo", Ending.AFTER_THIS),
        ("Stop now", Ending.NOW),
        ("Keep open", Ending.KEEP_OPEN),
    ],
)
def test_the_question_about_a_batch(window: MainWindow, text: str, answer: Ending) -> None:
    _pressing(text)
    assert QtAsker(window).about_batch(3, 10) is answer


def test_questions_say_how_many(window: MainWindow) -> None:
    told: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        told.append(box.text())
        box.reject()

    QTimer.singleShot(0, look)
    assert QtAsker(window).about_running(["a.png", "b.png"]) is Running.KEEP_OPEN
    assert told == ["2 photos are being filled. Close them?"]


def test_names_in_questions_are_shown_as_they_are(window: MainWindow) -> None:
    formats: list[Qt.TextFormat] = []
    widths: list[int] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        formats.extend(each.textFormat() for each in box.findChildren(QLabel) if each.text())
        widths.append(box.width())
        assert not box.iconPixmap().isNull()
        box.reject()

    QTimer.singleShot(0, look)
    names = ["<b>a</b>.png", "<img src='b'>.png"]
    assert QtAsker(window).about_several_unsaved(names) is Unsaved.CANCEL
    assert formats == [Qt.TextFormat.PlainText] * 2
    assert widths[0] >= 400, "short names make no narrow box"
