"""What an entry of the action table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QKeySequence

from app.ui.commands.batch import BatchCommands
from app.ui.commands.edit import EditCommands
from app.ui.commands.file import FileCommands
from app.ui.commands.help import HelpCommands
from app.ui.commands.look import LookCommands
from app.ui.commands.mask import MaskCommands
from app.ui.commands.recover import RecoverCommands
from app.ui.commands.share import ShareCommands
from app.ui.commands.talk import TalkCommands
from app.ui.commands.view import ViewCommands
from app.ui.language import mark

Key = QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Commands:
    """What the actions act on."""

    file: FileCommands
    edit: EditCommands
    mask: MaskCommands
    view: ViewCommands
    help: HelpCommands
    look: LookCommands
    share: ShareCommands
    recover: RecoverCommands
    batch: BatchCommands
    talk: TalkCommands


class Menu(StrEnum):
    """The menus in their order. ``/`` leads into a submenu; an entry without a menu is reached by its keys alone."""

    FILE = mark("&File")
    EDIT = mark("&Edit")
    TOOLS = mark("&Tools")
    MASK = mark("&Mask")
    RUN = mark("&Run")
    STAGES = mark("&Stages")
    SAVE_STAGES = mark("&Stages") + "/" + mark("Sa&ve for a talk")
    VIEW = mark("&View")
    MASK_LOOK = mark("&View") + "/" + mark("Mask st&yle")
    TURN = mark("&View") + "/" + mark("Tu&rn")
    COMPARE = mark("&View") + "/" + mark("Comp&are")
    THEME = mark("&View") + "/" + mark("&Theme")
    HELP = mark("&Help")
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
    aliases: tuple[str, ...] = ()
    """The same keys as other keyboards name them: bound, not listed."""
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
        own = [QKeySequence(key) for key in self.keys + self.aliases]
        platform = QKeySequence.keyBindings(self.standard) if self.standard is not None else []
        return own + [key for key in platform if key not in own]


def has_document(commands: Commands) -> bool:
    """A photo is open."""
    return commands.edit.has_document()
