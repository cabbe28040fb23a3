"""The parts of the main window that take many hands to make: its tools and its verbs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.ui.actions.spec import Commands
from app.ui.commands.attention import AttentionCommands
from app.ui.commands.batch import BatchCommands
from app.ui.commands.candidates import CandidateCommands
from app.ui.commands.compare import CompareCommands
from app.ui.commands.costs import CostCommands
from app.ui.commands.difference import DifferenceCommands
from app.ui.commands.edit import EditCommands
from app.ui.commands.file import FileCommands
from app.ui.commands.help import HelpCommands
from app.ui.commands.keep import KeepCommands
from app.ui.commands.look import LookCommands
from app.ui.commands.mask import MaskCommands
from app.ui.commands.model_consent import ModelConsent
from app.ui.commands.present import PresentCommands
from app.ui.commands.recover import RecoverCommands
from app.ui.commands.share import ShareCommands
from app.ui.commands.talk import TalkCommands
from app.ui.commands.view import ViewCommands
from app.ui.panels.candidate_strip import CandidateStrip
from app.ui.session.session_files import SessionFiles
from app.ui.settings.kept import kept_settings
from app.ui.stages.close_ups import CloseUps
from app.ui.stages.difference import Difference
from app.ui.stages.difference_page import DifferencePage
from app.ui.tools.brush import BrushTool
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
    toolbox.add(ToolName.KEEP, BrushTool(toolbox.brush, session.keeps))
    return toolbox


def made_sessions(window: MainWindow) -> SessionFiles:
    """What writes session files, with the options that are chosen in the panel."""
    return SessionFiles(window.session, window.files, partial(kept_settings, window.settings), window)


def made_candidates(window: MainWindow) -> CandidateStrip:
    """The strip of candidates; the arrow keys of the panes are its own while it is shown."""
    strip = CandidateStrip(window.session.runs, CloseUps(window.session, window), window.commands.edit.preferred_stages)
    window.view.set_key_taker(strip.take_key)
    window.view.pane_shown.connect(strip.refresh)
    return strip


def made_difference(window: MainWindow) -> DifferencePage:
    """The page of the difference map; its arrow keys are the candidates'."""
    difference = window.commands.difference.difference
    difference.changed.connect(window.refresh)
    return DifferencePage(difference, window.view, window.candidates.take_key)


def made_commands(window: MainWindow) -> Commands:
    """What the actions act on; of `window` everything stands but what is laid out."""
    session, view, settings, asker = window.session, window.view, window.settings, window.asker
    ModelConsent(session, settings, asker, window)
    file = FileCommands(session, window.files, window.photos, window.sessions, settings, asker)
    compare = CompareCommands(session, window.photos, window.comparison, settings, asker, window.frame.show_keys)
    file.leaving.work, file.leaving.may_stop_rest = window.batch, compare.may_close
    edit = EditCommands(session, view, window.toolbox, settings)
    difference = Difference(session, edit.preferred_stages, lambda: view.current, window)
    return Commands(
        file=file,
        edit=edit,
        mask=MaskCommands(session, file, window.files, settings, asker),
        view=ViewCommands(view, settings, window.frame),
        help=HelpCommands(window, session.runner, settings),
        look=LookCommands(view, settings),
        share=ShareCommands(session, window.files, file, settings, asker),
        recover=RecoverCommands(window, session, window.recovery, window.photos, asker),
        batch=BatchCommands(session, window.files, file, window.batch, settings, asker),
        costs=CostCommands(window.costs, settings, window.frame),
        present=PresentCommands(window, session, view, window.toolbox, settings),
        candidates=CandidateCommands(session, settings),
        difference=DifferenceCommands(difference),
        keep=KeepCommands(session, view, window.toolbox, settings),
        talk=TalkCommands(session, view, window.files, file, settings, asker),
        attention=AttentionCommands(session, window.toolbox, settings, window.attention),
        compare=compare,
    )
