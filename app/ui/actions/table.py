"""The one table of what the window can do. Menus, toolbars, the key sheet and the README's key table come from it.

An entry names real callables, so a typing error is an error of the type checker and not of the user. Texts are
translated where they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QKeySequence

from app.inference.request import Stage
from app.ui.commands.edit import EditCommands
from app.ui.commands.file import FileCommands
from app.ui.commands.view import ViewCommands
from app.ui.settings import ThemeName
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName


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


_Key = QKeySequence.StandardKey


def _has_document(commands: Commands) -> bool:
    return commands.edit.has_document()


def _take(tool: ToolName) -> tuple[Run, Ask]:
    return lambda commands: commands.edit.toolbox.take(tool), lambda commands: commands.edit.toolbox.current is tool


def _show(pane: Pane | None) -> tuple[Run, Ask]:
    return lambda commands: commands.view.show(pane), lambda commands: commands.view.shows(pane)


def _theme(theme: ThemeName) -> tuple[Run, Ask]:
    return lambda commands: commands.view.set_theme(theme), lambda commands: commands.view.has_theme(theme)


def _accept(stage: Stage) -> tuple[Run, Ask]:
    return lambda commands: commands.edit.session.accept(stage), lambda commands: commands.edit.has_result(stage)


def _cancel(commands: Commands) -> None:
    if commands.edit.can_cancel():
        commands.edit.cancel()
    else:
        commands.view.window.set_full_screen(False)


def _file() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "open",
        "&Open…",
        lambda c: c.file.open_photo(),
        Menu.FILE,
        ("Ctrl+O",),
        standard=_Key.Open,
        icon="folder-open-outline",
        bar=Bar.TOP,
    )
    yield ActionSpec("sample", "Open the sa&mple", lambda c: c.file.open_sample(), Menu.FILE, icon="image-outline")
    yield ActionSpec(
        "save",
        "&Save",
        lambda c: c.file.save(),
        Menu.FILE,
        ("Ctrl+S",),
        standard=_Key.Save,
        icon="content-save-outline",
        tip="Writes the photo with its metadata. The original is only replaced after asking.",
        enabled=lambda c: c.file.can_save(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "save_as",
        "Save &as…",
        lambda c: c.file.save_as(),
        Menu.FILE,
        ("Ctrl+Shift+S",),
        standard=_Key.SaveAs,
        enabled=lambda c: c.file.can_save(),
    )
    yield ActionSpec(
        "import_mask",
        "&Import a mask…",
        lambda c: c.file.import_mask(),
        Menu.FILE,
        enabled=_has_document,
        starts_group=True,
    )
    yield ActionSpec(
        "export_mask",
        "&Export the mask…",
        lambda c: c.file.export_mask(),
        Menu.FILE,
        enabled=lambda c: c.edit.has_hole(),
    )
    yield ActionSpec(
        "close",
        "&Close",
        lambda c: c.file.close_photo(),
        Menu.FILE,
        ("Ctrl+W",),
        standard=_Key.Close,
        enabled=_has_document,
        starts_group=True,
    )
    yield ActionSpec("quit", "&Quit", lambda c: _closed(c), Menu.FILE, ("Ctrl+Q",), standard=_Key.Quit)


def _closed(commands: Commands) -> None:
    commands.view.window.close()


def _edit() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "undo",
        "&Undo",
        lambda c: c.edit.session.undo(),
        Menu.EDIT,
        ("Ctrl+Z",),
        standard=_Key.Undo,
        icon="undo",
        enabled=lambda c: c.edit.can_undo(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "redo",
        "&Redo",
        lambda c: c.edit.session.redo(),
        Menu.EDIT,
        ("Ctrl+Shift+Z", "Ctrl+Y"),
        standard=_Key.Redo,
        icon="redo",
        enabled=lambda c: c.edit.can_redo(),
        bar=Bar.TOP,
    )


_CONTEXT_TIP = (
    "Move and resize what is seen round a hole when it is filled. Smaller is sharper, larger knows more.<br>"
    "Shift keeps the shape; a double click or Delete goes back to automatic."
)


def _tools() -> Iterator[ActionSpec]:
    for id_, text, key, icon, tool, tip in (
        ("brush", "&Brush", "B", "brush", ToolName.BRUSH, "Paint over what should go. Alt erases."),
        ("eraser", "&Eraser", "E", "eraser", ToolName.ERASER, "Take paint away again. Alt paints."),
        ("context", "&Context box", "C", "crop-free", ToolName.CONTEXT, _CONTEXT_TIP),
    ):
        take, taken = _take(tool)
        yield ActionSpec(
            id_, text, take, Menu.TOOLS, (key,), icon=icon, tip=tip, enabled=_has_document, checked=taken, bar=Bar.TOOLS
        )
    yield ActionSpec(
        "swap", "S&wap brush and eraser", lambda c: c.edit.toolbox.swap(), Menu.TOOLS, ("X",), icon="swap-horizontal"
    )
    yield ActionSpec("smaller", "S&maller", lambda c: c.edit.toolbox.resize(-1), Menu.TOOLS, ("[",), starts_group=True)
    yield ActionSpec("larger", "&Larger", lambda c: c.edit.toolbox.resize(1), Menu.TOOLS, ("]",))
    yield ActionSpec("softer", "&Softer edge", lambda c: c.edit.toolbox.harden(-1), Menu.TOOLS, ("Shift+[",), ("{",))
    yield ActionSpec("harder", "&Harder edge", lambda c: c.edit.toolbox.harden(1), Menu.TOOLS, ("Shift+]",), ("}",))


def _mask() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "select_all",
        "&All",
        lambda c: c.edit.session.select_all(),
        Menu.MASK,
        ("Ctrl+A",),
        standard=_Key.SelectAll,
        tip="Make the whole photo hole.",
        enabled=_has_document,
    )
    yield ActionSpec(
        "clear_mask",
        "&None",
        lambda c: c.edit.session.clear_mask(),
        Menu.MASK,
        ("Ctrl+D",),
        icon="selection-off",
        tip="Take all paint away.",
        enabled=lambda c: c.edit.has_hole(),
        bar=Bar.TOOLS,
        starts_group=True,
    )
    yield ActionSpec(
        "invert_mask",
        "&Invert",
        lambda c: c.edit.session.invert_mask(),
        Menu.MASK,
        ("Ctrl+Shift+I",),
        icon="invert-colors",
        tip="Paint what is not painted, and the other way round.",
        enabled=_has_document,
        bar=Bar.TOOLS,
    )


def _run() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "fill",
        "&Fill, then accept",
        lambda c: c.edit.fill_or_accept(),
        Menu.RUN,
        ("Return", "Enter"),
        icon="auto-fix",
        tip="Fills what is painted; with results on the screen, takes one into the photo.",
        enabled=lambda c: c.edit.can_step(),
    )
    yield ActionSpec(
        "run_again",
        "Fill a&gain with the last mask",
        lambda c: c.edit.run_again(),
        Menu.RUN,
        ("Shift+R",),
        icon="reload",
        enabled=lambda c: c.edit.can_run_again(),
    )
    yield ActionSpec("cancel", "&Cancel or discard", _cancel, Menu.RUN, ("Esc",), icon="close")
    for index, stage in enumerate(Stage):
        accept, there = _accept(stage)
        yield ActionSpec(
            f"accept_{stage.value}",
            f"Accept the {stage.value} result",
            accept,
            Menu.RUN,
            enabled=there,
            starts_group=index == 0,
        )


def _view() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "zoom_in",
        "Zoom &in",
        lambda c: c.view.zoom_in(),
        Menu.VIEW,
        ("Ctrl++",),
        ("Ctrl+=",),
        standard=_Key.ZoomIn,
        icon="magnify-plus-outline",
        enabled=_has_document,
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "zoom_out",
        "&Zoom out",
        lambda c: c.view.zoom_out(),
        Menu.VIEW,
        ("Ctrl+-",),
        standard=_Key.ZoomOut,
        icon="magnify-minus-outline",
        enabled=_has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "fit",
        "&Fit",
        lambda c: c.view.fit(),
        Menu.VIEW,
        ("Ctrl+0",),
        icon="fit-to-screen-outline",
        tip="Show the whole photo.",
        enabled=_has_document,
        bar=Bar.TOP,
    )
    yield ActionSpec(
        "actual_size",
        "&100 %",
        lambda c: c.view.actual_size(),
        Menu.VIEW,
        ("Ctrl+1",),
        icon="numeric-1-box-outline",
        tip="One pixel of the photo is one pixel of the screen.",
        enabled=_has_document,
        bar=Bar.TOP,
    )
    yield from _panes()
    yield ActionSpec(
        "mask_tint",
        "&Mask tint",
        lambda c: c.view.toggle_mask(),
        Menu.VIEW,
        ("Q",),
        icon="layers-outline",
        tip="Show or hide the mask; it works either way.",
        enabled=_has_document,
        checked=lambda c: c.view.is_mask_shown(),
        bar=Bar.TOP,
        starts_group=True,
    )
    yield ActionSpec(
        "context_boxes",
        "Conte&xt boxes",
        lambda c: c.view.toggle_contexts(),
        Menu.VIEW,
        tip="Show what is seen round each hole when it is filled, and at which scale.",
        enabled=_has_document,
        checked=lambda c: c.view.are_contexts_shown(),
    )
    yield from _window()


def _panes() -> Iterator[ActionSpec]:
    for key, pane in zip("12345", Pane, strict=True):
        show, shown = _show(pane)
        yield ActionSpec(
            f"show_{pane.value}",
            f"&{pane.value.capitalize()}",
            show,
            Menu.VIEW,
            (key,),
            enabled=_has_document,
            checked=shown,
            starts_group=pane is Pane.ORIGINAL,
        )
    show, shown = _show(None)
    yield ActionSpec(
        "show_grid",
        "&Side by side",
        show,
        Menu.VIEW,
        ("0",),
        icon="view-grid-outline",
        tip="The photo and all results, with one zoom for all.",
        enabled=_has_document,
        checked=shown,
        bar=Bar.TOP,
        starts_group=False,
    )
    yield ActionSpec(
        "hold_original",
        "Original, while held",
        lambda c: c.view.hold_original(),
        Menu.NONE,
        ("\\",),
        release=lambda c: c.view.release_original(),
    )


def _window() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "panels",
        "&Panels",
        lambda c: c.view.toggle_panels(),
        Menu.VIEW,
        ("Tab",),
        icon="dock-right",
        checked=lambda c: c.view.window.are_panels_shown(),
        bar=Bar.TOP,
    )
    yield ActionSpec("focus_panel", "Keyboard to the panels and back", _focus_panel, Menu.VIEW, ("F6",))
    yield ActionSpec(
        "full_screen",
        "F&ull screen",
        lambda c: c.view.toggle_full_screen(),
        Menu.VIEW,
        ("F11",),
        standard=_Key.FullScreen,
        checked=lambda c: c.view.window.is_full_screen(),
    )
    for theme, text in ((ThemeName.DARK, "&Dark"), (ThemeName.LIGHT, "&Light")):
        choose, chosen = _theme(theme)
        yield ActionSpec(f"theme_{theme.value}", text, choose, Menu.THEME, checked=chosen)


def _focus_panel(commands: Commands) -> None:
    commands.view.window.focus_panel()


def _help() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "keys", "&Keys", lambda c: c.view.window.show_keys(), Menu.HELP, ("F1", "?"), icon="keyboard-outline"
    )
    yield ActionSpec("log", "Open the &log folder", lambda c: c.view.open_log_folder(), Menu.HELP)
    yield ActionSpec("about", "&About Lacuna", lambda c: c.view.window.show_about(), Menu.HELP, starts_group=True)


ACTIONS: tuple[ActionSpec, ...] = (*_file(), *_edit(), *_tools(), *_mask(), *_run(), *_view(), *_help())
"""In the order of the menus."""


GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Paint", ("Drag",)),
    ("The other of brush and eraser", ("Alt+drag",)),
    ("Straight line from the last point", ("Shift+click",)),
    ("Brush size", ("Alt+right-drag",)),
    ("Pan", ("Space+drag", "Middle-drag", "Arrows")),
    ("Zoom", ("Wheel", "Pinch")),
    ("Context box: move, resize", ("Arrows", "Ctrl+arrows")),
    ("Context box: by 10 pixels", ("Shift+arrows",)),
    ("Context box: keep its shape", ("Shift+drag",)),
    ("Context box: back to automatic", ("Double-click", "Delete")),
    ("Next context box", ("Page down",)),
)
"""What the pointer does, and keys that belong to a tool, for the key sheet: text and gestures."""


def label(spec: ActionSpec) -> str:
    """The entry's text, translated, without the ampersand of its menu key and without dots."""
    return translated(spec.text).replace("&", "").rstrip("…")


def translated(text: str) -> str:
    """Texts of the table in the user's language."""
    return QCoreApplication.translate("actions", text)


def keys_markdown() -> str:
    """The README's key table: every entry that has keys, then what the pointer does."""
    rows = [(label(spec), spec.keys) for spec in ACTIONS if spec.keys] + list(GESTURES)
    lines = (f"| {text} | {' / '.join(f'`{key}`' for key in keys)} |" for text, keys in rows)
    return "\n".join(("| action | keys |", "|---|---|", *lines)) + "\n"
