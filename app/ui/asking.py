"""Every question that stops the window, as a protocol, so that tests can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

from app.imaging.geometry import Extent
from app.inference.allowed import AllowedFile
from app.ui.settings.store import Settings


class Unsaved(Enum):
    """What to do with unsaved changes."""

    SAVE = auto()
    DISCARD = auto()
    CANCEL = auto()


class Overwrite(Enum):
    """Whether the opened file itself may be replaced."""

    YES = auto()
    SAVE_AS = auto()
    CANCEL = auto()


class Running(Enum):
    """What to do with fills that are under way."""

    WAIT = auto()
    """For their results, which are taken into the photos."""
    STOP = auto()
    KEEP_OPEN = auto()


class Ending(Enum):
    """How a batch is to stop."""

    AFTER_THIS = auto()
    """The photo it is at is finished."""
    NOW = auto()
    KEEP_OPEN = auto()


class Waiting(Protocol):
    """A dialog that says what is waited for."""

    def tell(self, words: str) -> None:
        """Say it anew."""

    def close_waiting(self) -> None:
        """Nothing is waited for any longer; nobody is told."""


class Asker(Protocol):
    """Asks the user. Paths are None where the user thought better of it."""

    def photos_to_open(self, folder: Path) -> list[Path]:
        """Which photos to open; none where the user thought better of it."""

    def photo_to_save(self, suggestion: Path) -> Path | None:
        """Where to save the photo; has a suffix that can be written, replacing a file was agreed to."""

    def mask_to_open(self, folder: Path) -> Path | None:
        """Which mask to lay over the photo."""

    def mask_to_save(self, suggestion: Path) -> Path | None:
        """Where to save the mask."""

    def folder_to_use(self, title: str, folder: Path) -> Path | None:
        """Which folder to use; it may be a new one."""

    def settings_to_open(self, title: str, folder: Path) -> Path | None:
        """Which file of settings or keys to take over."""

    def settings_to_save(self, title: str, suggestion: Path) -> Path | None:
        """Where to save settings or keys."""

    def session_to_save(self, suggestion: Path) -> Path | None:
        """Where to save the session."""

    def film_to_save(self, suggestion: Path) -> Path | None:
        """Where to save a film; the suggestion's suffix says of which kind."""

    def choose_film(self, settings: Settings) -> bool:
        """Let the user change how films are made; False where none is wanted."""

    def strip_to_save(self, suggestion: Path) -> Path | None:
        """Where to save a strip of pictures; the suggestion's suffix says of which kind."""

    def choose_strip(self, settings: Settings) -> bool:
        """Let the user change how strips are made; False where none is wanted."""

    def choose_session_options(self, settings: Settings, photo: Path) -> bool:
        """Let the user change whether sessions hold the photo, which is the file `photo`; False where none is saved."""

    def photo_to_locate(self, name: str, folder: Path) -> Path | None:
        """Where the photo called `name` is now."""

    def about_unsaved(self, name: str) -> Unsaved:
        """What to do with the changes to the photo called `name`."""

    def about_several_unsaved(self, names: Sequence[str]) -> Unsaved:
        """What to do with the changes to the photos called `names`, of which there are several."""

    def may_overwrite(self, path: Path) -> Overwrite:
        """Whether the original at `path` may be replaced."""

    def may_replace_changed(self, path: Path, *, is_gone: bool) -> Overwrite:
        """Whether to write `path`, which another program changed or removed since it was opened."""

    def about_running(self, names: Sequence[str]) -> Running:
        """What to do with the fills under way of the photos called `names`, which are to be put away."""

    def about_batch(self, done: int, total: int) -> Ending:
        """How to stop the batch, which has done so many of its photos."""

    def may_stop_comparison(self, done: int, total: int) -> bool:
        """Whether the comparison, which has so many of its results, may end unfinished, and be forgotten."""

    def comparison_to_save(self, suggestion: Path) -> Path | None:
        """Where to save a comparison's picture or table: which of them, the suggestion's ending says."""

    def wait(self, words: str, answered: Callable[[bool], None], *, can_stop: bool) -> Waiting:
        """Say what is waited for; `answered` is called once the user keeps the window open or, True, stops it now."""

    def choose_save_options(self, settings: Settings, format_name: str) -> bool:
        """Let the user change the choices for a format in the settings; False where nothing is to be saved."""

    def choose_export(self, settings: Settings, extent: Extent, own_format: str) -> bool:
        """Let the user choose size and format of a copy in the settings; False where none is wanted."""

    def may_run_model(self, file: AllowedFile, *, is_changed: bool) -> bool:
        """Whether the model in `file`, as it is now, may be used; `is_changed` where it was before, as another."""
