"""The verbs of comparing methods: its window, and the way of a result into the photo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app.ui.asking import Asker
from app.ui.commands.side_window import SideWindowCommands
from app.ui.language import tr
from app.ui.session.comparison import Comparison
from app.ui.session.comparison_parts import Entry
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.session import Session
from app.ui.settings.store import Settings

if TYPE_CHECKING:
    from app.ui.compare.window import CompareWindow


class CompareCommands(SideWindowCommands["CompareWindow"]):
    """See `SideWindowCommands`."""

    def __init__(
        self,
        session: Session,
        photos: OpenPhotos,
        comparison: Comparison,
        settings: Settings,
        asker: Asker,
        show_keys: Callable[[], None],
    ) -> None:
        super().__init__(asker)
        self._session, self._photos, self._comparison = session, photos, comparison
        self._settings, self._show_keys = settings, show_keys

    def show(self) -> None:
        """Show the comparison there is; where there is none, the choices for one."""
        window, is_new = self._window(), not self._comparison.is_running and self._comparison.ground is None
        if is_new and not window.isVisible() and not self._session.hole_pixels:
            self._session.notice_given.emit(tr("There is nothing to fill yet: paint over what should go."))
            return
        window.show()
        if is_new:
            window.show_choice()
        window.raise_()
        window.activateWindow()

    def may_close(self) -> bool:
        """Nothing is under way, or the user wants to end it."""
        work = self._comparison
        return not work.is_running or self._asker.may_stop_comparison(work.done, work.total)

    def close_window(self) -> None:
        """The main window closes, and so does this one; nothing more is run."""
        self._comparison.clear()
        self._shut()

    def take(self, entry: Entry) -> None:
        """Lay a result into the photo it was made of, which is brought to the editor."""
        ground = self._comparison.ground
        photo = None if ground is None else self._photos.holding(ground.document)
        if photo is not None:
            self._photos.bring(photo, partial(self._comparison.take, entry))
        elif self.window is not None and ground is not None:
            words = tr("{} is no longer open as it was: open it and compare again.")
            self.window.sheet.notice.tell(words.format(ground.name))

    def _made(self) -> CompareWindow:
        from app.ui.compare.window import CompareWindow

        window = CompareWindow(self._session, self._comparison, self._settings, self._asking, self._title)
        window.sheet.take_pressed.connect(self.take)
        window.keys_pressed.connect(self._show_keys)
        return window

    def _title(self) -> str:
        """What the photo on the desk is called."""
        return "" if self._photos.current is None else self._photos.current.name
