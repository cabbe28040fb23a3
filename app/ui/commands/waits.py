"""Waiting for what is under way before something is put away, with a dialog that says so and a way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import SignalInstance

from app.ui.asking import Asker, Waiting


class BusyWork(Protocol):
    """Work of the window's own that goes on beside the photos: a batch."""

    changed: SignalInstance
    """How far it is."""
    finished: SignalInstance
    """It is over, or has stopped; `is_running` says so by then."""

    @property
    def is_running(self) -> bool:
        """It is under way, paused or not."""

    @property
    def is_paused(self) -> bool:
        """Nothing goes on until the user wants it."""

    @property
    def done(self) -> int:
        """Photos that are behind it."""

    @property
    def total(self) -> int:
        """Photos it has in all."""

    def stop(self) -> None:
        """Let go of what was begun; what is left can be done another time."""


class Waits:
    """Waits for one thing at a time. Who keeps the window open ends the waiting, not what is waited for."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._dialog: Waiting | None = None

    @property
    def is_waiting(self) -> bool:
        """True until what is waited for is over, or the waiting is."""
        return self._dialog is not None

    def until(
        self,
        is_over: Callable[[], bool],
        changed: SignalInstance,
        words: Callable[[], str],
        then: Callable[[], None],
        *,
        kept: Callable[[], None] = lambda: None,
        stop_now: Callable[[], None] | None = None,
    ) -> None:
        """Call `then` once `is_over`, which is asked whenever `changed` is emitted; `words` say what is waited for.

        `kept` is called in its place where the user keeps the window open, `stop_now` where that is offered and wanted.
        """
        if is_over():
            then()
            return
        self.give_up()

        def answered(stops: bool) -> None:
            self.give_up()
            (stop_now if stops and stop_now is not None else kept)()

        dialog = self._dialog = self._asker.wait(words(), answered, can_stop=stop_now is not None)

        def look(*_: object) -> None:
            if self._dialog is not dialog:
                changed.disconnect(look)
            elif is_over():
                changed.disconnect(look)
                self.give_up()
                then()
            else:
                dialog.tell(words())

        changed.connect(look)

    def give_up(self) -> None:
        """Wait no longer; nothing follows."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.close_waiting()
