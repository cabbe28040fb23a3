"""What is going on off the screen, in words: the newest of the things under way."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Busy(QObject):
    """A list of things under way; each is ended by the token its begin returned."""

    changed = Signal(str)
    """Words for the user; empty when nothing is under way any longer."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._under_way: dict[object, str] = {}

    @property
    def words(self) -> str:
        """The newest of the things under way; empty where there is none."""
        return next(reversed(self._under_way.values()), "")

    def begin(self, words: str) -> object:
        """Something is under way: `words`, such as ``Saving sea.jpg…``."""
        token = object()
        self._under_way[token] = words
        self.changed.emit(self.words)
        return token

    def end(self, token: object) -> None:
        """What `token` stands for is done."""
        if self._under_way.pop(token, None) is not None:
            self.changed.emit(self.words)
