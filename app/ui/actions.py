"""The one table of what the window can do. Menus, toolbars, the key sheet and the README's key table come from it.

An entry names real callables, so a typing error is an error of the type checker and not of the user. Texts are
translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence

from app.inference.request import Stage
from app.ui.edit_commands import EditCommands
from app.ui.file_commands import FileCommands
from app.ui.panes import Pane
from app.ui.settings import ThemeName
from app.ui.toolbox import ToolName
from app.ui.view_commands import ViewCommands


@dataclass(frozen=True, slots=True)
class Commands:
    """What the actions act on."""

    file: FileCommands
    edit: EditCommands
    view: ViewCommands


class Menu(StrEnum):
    """The menus in their order. ``/`` leads into a submenu; an entry without a menu is reached by its keys alone."""

    FILE = "&File"
    EDIT = "&Edit"
    TOOLS = "&Tools"
    MASK = "&Mask"
    RUN = "&Run"
    VIEW = "&View"
    THEME = "&View/&Theme"
    HELP = "&Help"
    NONE = ""


class Bar(StrEnum):
    """The toolbars."""

    TOP = "top"
    TOOLS = "tools"
    NONE = ""


Run = Callable[[Commands], None]
Ask = Callable[[Commands], bool]


def _always(_: Commands) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One thing the window can do."""

    id: str
    text: str
    run: Run
    menu: Menu
    keys: tuple[str, ...] = ()
    """In Qt's portable words; the first one is shown."""
    standard: QKeySequence.StandardKey | None = None
    """The platform's own keys for the same, bound besides `keys`."""
    icon: str = ""
    """Of the Material Design set."""
    tip: str = ""
    """What it does to the picture, for tooltips; the text says the rest."""
    enabled: Ask = _always
    checked: Ask | None = None
    """For actions with a mark: whether it is set."""
    release: Run | None = None
    """For keys that act as long as they are held: what letting go does. Such an entry is no menu item."""
    bar: Bar = Bar.NONE
    starts_group: bool = False
    """A line parts it from the entry above, in menu and toolbar."""

    @property
    def is_held(self) -> bool:
        """True where the key acts as long as it is down."""
        return self.release is not None

    def shortcuts(self) -> list[QKeySequence]:
        """All keys, those of the platform included, none twice."""
        own = [QKeySequence(key) for key in self.keys]
        platform = QKeySequence.keyBindings(self.standard) if self.standard is not None else []
        return own + [key for key in platform if key not in own]


Key = QKeySequence.StandardKey
_has_document: Ask = lambda commands: commands.edit.has_document()  # noqa: E731 - a name for the table below
