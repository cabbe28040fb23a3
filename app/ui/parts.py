"""The parts of the main window that take many hands to make: its tools and its verbs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.actions.spec import Commands
from app.ui.commands.batch import BatchCommands
from app.ui.commands.edit import EditCommands
from app.ui.commands.file import FileCommands
from app.ui.commands.help import HelpCommands
from app.ui.commands.look import LookCommands
from app.ui.commands.mask import MaskCommands
from app.ui.commands.model_consent import ModelConsent
from app.ui.commands.recover import RecoverCommands
from app.ui.commands.share import ShareCommands
from app.ui.commands.talk import TalkCommands
from app.ui.commands.view import ViewCommands
from app.ui.session.session_files import SessionFiles
from app.ui.settings.kept import kept_settings
from app.ui.tools.brush_settings import BrushSettings
from app.ui.tools.restore_tool import RestoreTool
from app.ui.tools.toolbox import Toolbox, ToolName

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


def made_toolbox(window: MainWindow) -> Toolbox:
    """The tools that only paint; those that show something bring themselves in."""
    session = window.session
    toolbox = Toolbox(BrushSettings(parent=window), session.strokes, window)
    toolbox.add_shapes(session, window.view.viewport)
    toolbox.add(ToolName.RESTORE, RestoreTool(toolbox.brush, session.restores))
    return toolbox


def made_sessions(window: MainWindow) -> SessionFiles:
    """What writes session files, with the options that are chosen in the panel."""
    return SessionFiles(window.session, window.files, partial(kept_settings, window.settings), window)


def made_commands(window: MainWindow) -> Commands:
    """What the actions act on; of `window` everything stands but what is laid out."""
    session, view, settings, asker = window.session, window.view, window.settings, window.asker
    ModelConsent(session, settings, asker, window)
    file = FileCommands(session, window.files, window.photos, window.sessions, settings, asker)
    file.leaving.work = window.batch
    return Commands(
        file=file,
        edit=EditCommands(session, view, window.toolbox, settings),
        mask=MaskCommands(session, file, window.files, settings, asker),
        view=ViewCommands(view, settings, window.frame),
        help=HelpCommands(window, session.runner, settings),
        look=LookCommands(view, settings),
        share=ShareCommands(session, window.files, file, settings, asker),
        recover=RecoverCommands(window, session, window.recovery, window.photos, asker),
        batch=BatchCommands(session, window.files, file, window.batch, settings, asker),
        talk=TalkCommands(session, view, window.files, file, settings, asker),
    )
