"""What the keys of a presentation do, those that presenters' remote controls send included."""

from __future__ import annotations

from enum import Enum, auto
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from app.ui.language import mark, tr
from app.ui.presenting.steps import Step


class Verb(Enum):
    """What a key asks for."""

    ON = auto()
    BACK = auto()
    FIRST = auto()
    LAST = auto()
    CLOSER = auto()
    FIT = auto()
    FILL = auto()
    LABELS = auto()
    BLACK = auto()
    KEYS = auto()
    END = auto()


KEYS: dict[Qt.Key, Verb] = {
    Qt.Key.Key_Right: Verb.ON,
    Qt.Key.Key_Space: Verb.ON,
    Qt.Key.Key_PageDown: Verb.ON,
    Qt.Key.Key_Left: Verb.BACK,
    Qt.Key.Key_Backspace: Verb.BACK,
    Qt.Key.Key_PageUp: Verb.BACK,
    Qt.Key.Key_Home: Verb.FIRST,
    Qt.Key.Key_End: Verb.LAST,
    Qt.Key.Key_Up: Verb.CLOSER,
    Qt.Key.Key_Down: Verb.FIT,
    Qt.Key.Key_Return: Verb.FILL,
    Qt.Key.Key_Enter: Verb.FILL,
    Qt.Key.Key_L: Verb.LABELS,
    Qt.Key.Key_B: Verb.BLACK,
    Qt.Key.Key_F1: Verb.KEYS,
    Qt.Key.Key_Question: Verb.KEYS,
    Qt.Key.Key_Escape: Verb.END,
}

STEPS: dict[Qt.Key, Step] = {
    Qt.Key.Key_1: Step.ORIGINAL,
    Qt.Key.Key_2: Step.COARSE,
    Qt.Key.Key_3: Step.LOCAL,
    Qt.Key.Key_4: Step.GLOBAL,
    Qt.Key.Key_5: Step.DETAIL,
}
"""The digits of the panes."""


class SharedKeys(Protocol):
    """The keys of the window that mean the same in a presentation."""

    def action(self, keys: QKeySequence) -> str | None:
        """The id of the action that `keys` stand for."""

    def rows(self) -> list[tuple[str, list[str]]]:
        """Texts and their keys, translated."""


PRESENTING: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Next step"), ("→", mark("Space"), mark("Page down"), mark("Click"))),
    (mark("Step before"), ("←", mark("Page up"), mark("Right-click"))),
    (mark("First step, last step"), (mark("Home"), mark("End"))),
    (mark("To the original or a stage"), ("1 … 5",)),
    (mark("Fill, where nothing is filled yet"), (mark("Enter"),)),
    (mark("Closer to the hole, and to the next"), ("↑",)),
    (mark("The whole photo"), ("↓",)),
    (mark("Labels"), ("L",)),
    (mark("Black screen"), ("B",)),
    (mark("End of the presentation"), (mark("Esc"),)),
)
"""Text and keys, for the key sheet."""


def key_rows() -> list[tuple[str, list[str]]]:
    """Texts and their keys, translated."""
    return [(tr(text), [tr(key) for key in keys]) for text, keys in PRESENTING]
