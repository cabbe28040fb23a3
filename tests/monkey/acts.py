"""The table of acts, each with how often it is drawn. What the action table holds is acted on as it stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.ui.actions.spec import Menu
from app.ui.actions.table import ACTIONS
from app.ui.settings import declared
from app.ui.settings.setting import Page, Setting
from tests.monkey.answers import Temper
from tests.monkey.hand import MODIFIERS, Hand
from tests.monkey.poke import poke

OUTSIDE = frozenset({"reveal"})
"""Ids of entries that start another program."""

MOST_PHOTOS = 6

_KEYS = (
    *(Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Backspace, Qt.Key.Key_Space, Qt.Key.Key_Tab),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Delete),
)
_TOOLS = (*(spec.id for spec in ACTIONS if spec.menu is Menu.TOOLS), "attention")
_ENTRIES = tuple(spec for spec in ACTIONS if not spec.is_held and spec.id not in OUTSIDE | {"quit"})


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of thing to do; `do` returns words for the log."""

    name: str
    weight: float
    do: Callable[[Hand], str]
    needs_photo: bool = True


def paint(hand: Hand) -> str:
    """A tool is taken and used."""
    if hand.random.random() < 0.5:
        hand.trigger(hand.random.choice(_TOOLS))
    return f"{hand.window.toolbox.current.name} {hand.drag(steps=hand.random.randint(0, 8))}"


def brush(hand: Hand) -> str:
    """A plain stroke."""
    hand.trigger("brush")
    return hand.drag(steps=hand.random.randint(1, 5), plain=True)


def menu(hand: Hand) -> str:
    """An entry of the action table."""
    able = [spec for spec in _ENTRIES if hand.window.action_set[spec.id].isEnabled()]
    spec = hand.random.choice(able)
    hand.trigger(spec.id)
    return spec.id


def shortcut(hand: Hand) -> str:
    """The keys of an entry of the action table."""
    spec = hand.random.choice([spec for spec in _ENTRIES if hand.window.keymap.keys(spec.id)])
    text = hand.window.keymap.keys(spec.id)[0]
    hand.shortcut(QKeySequence(text))
    return f"{text} ({spec.id})"


def key(hand: Hand) -> str:
    """One that the canvas or a field may want."""
    pressed, modifiers = hand.random.choice(_KEYS), hand.random.choice(MODIFIERS)
    hand.key(pressed, modifiers)
    return f"{pressed.name} {modifiers.name}"


def hold(hand: Hand) -> str:
    """A key that acts as long as it is down."""
    hand.hold(hand.random.choice((Qt.Key.Key_Backslash, Qt.Key.Key_Space)))
    return ""


def run(hand: Hand) -> str:
    """Fill; perhaps wait until it is done, perhaps paint meanwhile and queue, perhaps cancel in the middle."""
    if not hand.window.session.hole_pixels:
        brush(hand)
        hand.until(lambda: hand.is_quiet, 5)
    hand.trigger(hand.random.choice(("fill", "fill", "fill", "fill_again", "run_again")))
    then = hand.random.choice(("wait", "wait", "wait", "go on", "cancel", "queue"))
    if then == "wait":
        hand.until(lambda: not hand.is_running, 30)
    elif then == "cancel":
        hand.pump(hand.random.uniform(0, 400))
        hand.key(Qt.Key.Key_Escape)
    elif then == "queue":
        hand.pump(hand.random.uniform(0, 100))
        brush(hand)
        hand.trigger("fill")
    return then


def accept(hand: Hand) -> str:
    """Take a result."""
    hand.until(lambda: not hand.is_running, 10)
    id_ = hand.random.choice([spec.id for spec in ACTIONS if spec.id.startswith("accept")] + ["fill"])
    return f"{id_} {hand.trigger(id_)}"


def cancel(hand: Hand) -> str:
    """Esc, once or twice."""
    for _ in range(hand.random.randint(1, 2)):
        hand.trigger("cancel")
    return ""


def undo(hand: Hand) -> str:
    """Several steps back or on, or a jump."""
    document, way = hand.window.session.document, hand.random.choice(("undo", "redo", "jump"))
    if way == "jump" and document is not None:
        hand.window.session.jump(hand.random.randint(0, len(document.history)))
        return way
    for _ in range(hand.random.randint(1, 4)):
        hand.trigger("undo" if way == "jump" else way)
    return way


def undo_all(hand: Hand) -> str:
    """All edits taken back leave the photo as it was opened, bit for bit."""
    session, document = hand.window.session, hand.window.session.document
    hand.trigger("cancel")
    if document is None or not hand.until(lambda: hand.is_quiet, 20) or document.history.pruned:
        return "not now"
    session.jump(0)
    hand.until(lambda: hand.is_quiet, 20)
    if session.document is not document or document.history.index != 0:
        return "something came between"
    assert (document.image == document.photo.pixels).all(), "undoing everything did not bring the photo back"
    assert not document.mask.any(), "undoing everything left paint in the mask"
    return "as it was"


def open_photo(hand: Hand) -> str:
    """By name, by the dialog, or dropped."""
    if len(hand.window.photos.photos) >= MOST_PHOTOS:
        return close(hand)
    way = hand.random.choice(("path", "path", "dialog", "drop", "sample"))
    path = hand.world.photo(hand.random)
    if way == "path":
        hand.window.commands.file.open_path(path)
    elif way == "drop":
        hand.drop([path, *([hand.world.photo(hand.random)] if hand.random.random() < 0.3 else [])])
    else:
        hand.trigger("open" if way == "dialog" else "sample")
    if hand.random.random() < 0.8:
        hand.until(lambda: not hand.window.session.busy.words, 20)
    return f"{way} {path.name}"


def close(hand: Hand) -> str:
    """One, now and then all."""
    id_ = "close_all" if hand.random.random() < 0.1 else "close"
    hand.trigger(id_)
    return id_


def switch(hand: Hand) -> str:
    """To another open photo."""
    photos = hand.window.photos.photos
    chosen = hand.random.choice(photos) if photos else None
    if chosen is None:
        return "none"
    hand.window.filmstrip.chosen.emit(chosen)
    hand.pump(hand.random.choice((0, 0, 100)))
    return chosen.name


def save(hand: Hand) -> str:
    """Over the file, under another name, as a copy."""
    id_ = hand.random.choice(("save", "save", "save_as", "export", "export_mask"))
    hand.trigger(id_)
    if hand.random.random() < 0.5:
        hand.until(lambda: not hand.window.session.busy.words, 20)
    return id_


def resize(hand: Hand) -> str:
    """The window; at full screen it is brought back first."""
    if hand.window.isFullScreen():
        hand.trigger("full_screen")
        hand.pump(50)
    width, height = hand.random.randint(400, 1800), hand.random.randint(300, 1100)
    hand.window.resize(width, height)
    return f"{width}×{height}"


def theme(hand: Hand) -> str:
    """Another look."""
    id_ = hand.random.choice([spec.id for spec in ACTIONS if spec.id.startswith("theme_")])
    hand.trigger(id_)
    return id_


def setting(hand: Hand) -> str:
    """One that stands on a page takes another of its values."""
    asked = [each for each in declared.all_settings() if each.page is not Page.NONE]
    chosen = hand.random.choice(asked)
    if hand.random.random() < 0.3:
        hand.window.settings.reset(chosen)
        return f"{chosen.key} reset"
    value = _some_value(hand, chosen)
    if value is None:
        return f"{chosen.key} left alone"
    hand.window.settings.set(chosen, value)
    return f"{chosen.key} = {value}"


def _some_value(hand: Hand, chosen: Setting[object]) -> object:
    if chosen.choices is not None:
        able = [choice.value for choice in chosen.choices() if not choice.reason]
        return hand.random.choice(able) if able else None
    if isinstance(chosen.default, bool):
        return not hand.window.settings.get(chosen)
    if isinstance(chosen.default, int | float) and chosen.low is not None and chosen.high is not None:
        drawn = chosen.low + (chosen.high - chosen.low) * hand.random.random() ** 3
        return type(chosen.default)(drawn)
    return None


def poke_window(hand: Hand) -> str:
    """Any button, slider, field or list of the window."""
    return poke(hand.window, hand.random)


def meddle(hand: Hand) -> str:
    """Another program is at the files."""
    return hand.world.meddle(hand.random)


def pinch_and_turn(hand: Hand) -> str:
    """The view turned and zoomed by its actions, several times."""
    ids = ("turn_right", "turn_left", "turn_quarter", "turn_back", "zoom_in", "zoom_out", "fit", "actual_size")
    chosen = hand.random.choices(ids, k=hand.random.randint(1, 4))
    for id_ in chosen:
        hand.trigger(id_)
        hand.pump()
    return " ".join(chosen)


def hover(hand: Hand) -> str:
    """The pointer over the canvas, for tools that show what a click would do."""
    for _ in range(hand.random.randint(1, 6)):
        QTest.mouseMove(hand.canvas(), hand.point())
        hand.pump(5)
    return ""


def menu_bar(hand: Hand) -> str:
    """A menu is opened; the guard shuts it."""
    menus = [action.menu() for action in hand.window.menuBar().actions() if action.menu() is not None]
    chosen = hand.random.choice(menus)
    chosen.popup(hand.window.mapToGlobal(QPoint(40, 40)))
    hand.until(lambda: QApplication.activePopupWidget() is None, 5)
    return chosen.title()


def stay(hand: Hand) -> str:
    """Quit is wanted and, as something is unsaved, thought better of."""
    if not hand.window.photos.unsaved:
        return "nothing unsaved"
    before, hand.asker.temper = hand.asker.temper, Temper.CANCEL
    try:
        hand.window.close()
        hand.until(lambda: hand.is_quiet, 10)
    finally:
        hand.window.commands.file.leaving.give_up()  # a save that lasts may be waited for still
        hand.asker.temper = before
    return ""


def compare(hand: Hand) -> str:
    """Methods are compared; results are sorted, shown large, taken, while they come; the window is closed by and by."""
    commands = hand.window.commands.compare
    hand.trigger("compare_methods")
    window = commands.window
    if window is None or not window.isVisible():
        return "nothing to fill"
    if window.is_choosing:
        window.choice.start.click()
    for _ in range(hand.random.randint(0, 6)):
        hand.pump(hand.random.choice((0, 20, 200)))
        pressed = hand.random.choice("1234567890HQT.,") if hand.random.random() < 0.8 else "\r"
        if window.isVisible():
            QTest.keyClick(window.focusWidget() or window, pressed)
    if hand.random.random() < 0.5:
        hand.until(lambda: not hand.window.comparison.is_running, 20)
    words = f"{hand.window.comparison.done} of {hand.window.comparison.total}"
    if hand.random.random() < 0.7:
        window.close_for_good()
    return words


def look_on(hand: Hand) -> str:
    """Nothing is done for a while."""
    milliseconds = hand.random.choice((20, 100, 600))
    hand.pump(milliseconds)
    return f"{milliseconds} ms"


ACTS = (
    Act("paint", 10, paint),
    Act("brush", 4, brush),
    Act("pen", 2, lambda hand: hand.pen_stroke()),
    Act("menu", 8, menu, needs_photo=False),
    Act("shortcut", 5, shortcut, needs_photo=False),
    Act("key", 4, key, needs_photo=False),
    Act("hold", 1, hold, needs_photo=False),
    Act("wheel", 3, lambda hand: hand.wheel()),
    Act("hover", 2, hover),
    Act("run", 6, run),
    Act("accept", 4, accept),
    Act("cancel", 2, cancel),
    Act("undo", 4, undo),
    Act("undo all", 0.6, undo_all),
    Act("open", 3, open_photo, needs_photo=False),
    Act("close", 1, close),
    Act("switch", 2, switch),
    Act("save", 2, save),
    Act("resize", 1.5, resize, needs_photo=False),
    Act("theme", 0.5, theme, needs_photo=False),
    Act("setting", 4, setting, needs_photo=False),
    Act("poke", 5, poke_window, needs_photo=False),
    Act("turn", 1.5, pinch_and_turn),
    Act("menu bar", 0.5, menu_bar, needs_photo=False),
    Act("meddle", 0.5, meddle, needs_photo=False),
    Act("stay", 0.3, stay),
    Act("compare", 0.7, compare),
    Act("look on", 3, look_on, needs_photo=False),
)
