"""The main window: makes the parts and connects them. What they do is theirs."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow

from app.document.document import Document
from app.ui import parts, wiring
from app.ui.actions.action_set import ActionSet
from app.ui.actions.keymap import Keymap
from app.ui.actions.table import ACTIONS
from app.ui.asking import Asker
from app.ui.commands.costs import PANEL
from app.ui.contexts.view import ContextView
from app.ui.costs.counting import RunCosts
from app.ui.costs.panel import CostPanel
from app.ui.dialogs import QtAsker
from app.ui.frame import Frame, column
from app.ui.keyboard import Keyboard
from app.ui.language import tr
from app.ui.look.theme import wear
from app.ui.panels.banner import Banner
from app.ui.panels.drops import DropTarget
from app.ui.panels.empty_state import EmptyState
from app.ui.panels.filmstrip import Filmstrip
from app.ui.panels.hints import Hints
from app.ui.panels.history_panel import HistoryPanel
from app.ui.panels.messages import Messages
from app.ui.panels.navigator import NavigatorPanel
from app.ui.panels.options_panel import OptionsPanel
from app.ui.panels.pages import Pages
from app.ui.panels.prompt_bar import PromptBar
from app.ui.panels.recent import RecentMenu, RecentRow
from app.ui.panels.sheets import Sheets
from app.ui.panels.status_bar import StatusBar
from app.ui.panels.tool_options import ToolOptions
from app.ui.session.auto_run import AutoRun
from app.ui.session.batch_work import BatchWork
from app.ui.session.comparison import Comparison
from app.ui.session.open_photos import OpenPhotos
from app.ui.session.photo_files import PhotoFiles
from app.ui.session.recovery import Recovery
from app.ui.session.runs import RunPhase
from app.ui.session.session import Session
from app.ui.session.spare_memory import SpareMemory
from app.ui.session.thumbnails import Thumbnails
from app.ui.settings import declared
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings
from app.ui.stages.attention_view import AttentionView
from app.ui.stages.edge_view import EdgeView
from app.ui.stages.keep_view import KeepView
from app.ui.stages.opened_photo import OpenedPhoto
from app.ui.stages.photo_looks import PhotoLooks
from app.ui.stages.run_view import RunView
from app.ui.stages.stage_strip import StageView
from app.ui.tools.smart_tools import SmartTools
from app.ui.tools.toolbox import BrushMemory


class MainWindow(QMainWindow):
    """One window, one document at a time. Whatever reaches outside may be injected."""

    def __init__(
        self, session: Session | None = None, settings: Settings | None = None, asker: Asker | None = None
    ) -> None:
        super().__init__()
        self.session = session or Session()
        self.settings = settings or Settings(parent=self)
        self.files = PhotoFiles(self.session, self, self.settings.pixel_limit)
        self.sessions = parts.made_sessions(self)
        self.photos = OpenPhotos(self.session, self.files, self.settings.parked_bytes, self)
        self.recovery = Recovery(self.session, self.files, self.photos, parent=self)
        self.thumbnails = Thumbnails(self.session.runner, parent=self)
        self.batch = BatchWork(self.session, parent=self)
        self.comparison = Comparison(self.session, self)
        self.spare_memory = SpareMemory(self.session.runner, self._is_at_work, self)
        self.costs = RunCosts(self.session.runs, self.session.runner, self)
        self.view = StageView()
        self.toolbox = parts.made_toolbox(self)
        self.asker = asker or QtAsker(self)
        self.keymap = Keymap(self.settings, ACTIONS, self)
        self.frame = Frame(self, self.view, Sheets(self, self.settings, self.keymap, self.asker))
        self.attention = AttentionView(self.session, self.view, self.toolbox, self.settings)
        self.commands = parts.made_commands(self)
        self._memory = BrushMemory(self.toolbox.brush, self.settings, self)
        self.contexts = ContextView(self.session, self.view, self.toolbox, self.settings)
        self._opened_photo = OpenedPhoto(self.session, self.view)
        self.edge = EdgeView(self.session, self.view, self.settings)
        self.auto_run = AutoRun(self.session, self.settings, lambda: self.toolbox.is_busy, parent=self)
        self.smart = SmartTools(self.session, self.view, self.toolbox, self.settings)
        self.run_view = RunView(self.session.runs, self.view, self.settings)
        self.keep = KeepView(self.session, self.view, self.toolbox, self.settings)
        self._looks = PhotoLooks(self.photos, self.view)
        self._keyboard = Keyboard(self.commands, self.keymap, self.view)
        self._may_close = False
        self._lay_out()
        wiring.connect(self)
        self._restore()
        self.restyle()
        self.refresh()

    def _lay_out(self) -> None:
        palette = wear(self.settings.get(declared.THEME))
        self.action_set = ActionSet(self.commands, self.keymap, self)
        self.recent = RecentMenu(self.settings, self.thumbnails, self)
        self.action_set.fill_menu_bar(self.menuBar(), self.recent)
        self.banner, self.empty = Banner(palette), EmptyState(palette)
        self.prompt, self.status = PromptBar(), StatusBar()
        self.messages = Messages(self.banner, self.commands.file, self.commands.view.open_log_folder)
        self.history = HistoryPanel(self.session, self.settings)
        self._stack = Pages()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.view)
        self.recent_row = RecentRow(self.settings, self.thumbnails)
        self.empty.add_below(self.recent_row)
        self.filmstrip = Filmstrip(self.photos, self.thumbnails, self.settings)
        self.candidates = parts.made_candidates(self)
        self.difference = parts.made_difference(self)
        self.frame.add_area(self.difference.bar)
        self.frame.add_area(self.candidates)
        middle = column(self.banner, self._stack, self.candidates, self.prompt, self.filmstrip)
        self.setCentralWidget(middle)
        self.drops = DropTarget(self, middle)
        self.setStatusBar(self.status)
        self.frame.add_tool_bars(self.action_set)
        self.options = ToolOptions(self.settings)
        self.frame.add_options(self.options)
        self.frame.add_panel("navigator", tr("Navigator"), NavigatorPanel(self.view))
        self.frame.add_panel("tool_panel", "", OptionsPanel(self.settings))
        self.frame.add_panel("history", tr("History"), self.history)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.cost_panel = CostPanel(self.costs)
        self.frame.add_panel(PANEL, "", self.cost_panel, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.hints = Hints(self, self.session, self.settings, self.action_set["brush"], self.prompt)

    # What the window itself shows

    def opened(self, document: Document) -> None:
        """Show the document that lies on the desk now."""
        self.banner.clear_passing()
        self.toolbox.forget()
        session = self.session
        self.view.set_source(session.pyramid, session.mask_levels, session.alpha, session.avoid_levels)
        self._stack.setCurrentWidget(self.view)
        self.view.setFocus()

    def closed(self) -> None:
        """Nothing is open: show how to begin."""
        self.banner.clear_passing()
        self.view.set_source(None, None)
        self._stack.setCurrentWidget(self.empty)

    def refresh(self) -> None:
        """Title, prompt, status and actions as the document and the run are now."""
        document = self.session.document
        extent = document.extent if document is not None else None
        coverage = self.session.hole_pixels / (extent.width * extent.height) if extent is not None else 0.0
        self.setWindowTitle(tr("{}[*] — Lacuna").format(self.files.title) if document is not None else "Lacuna")
        self.setWindowModified(document is not None and document.is_modified)
        self.prompt.show_step(
            self.commands.edit.step,
            coverage,
            offers_again=self.commands.edit.offers_again,
            has_escape=not self.commands.difference.is_on(),
        )
        self.status.show_document(extent, self.session.hole_pixels)
        self.zoomed()
        self.action_set.refresh()
        self.hints.refresh()

    def zoomed(self) -> None:
        """Show the zoom."""
        if self.session.document is not None:
            self.status.show_zoom(self.view.viewport.scale)

    def setting_changed(self, setting: Setting[object]) -> None:
        """Another look, or other options for the next run."""
        if setting is declared.THEME:
            self.restyle()
        self.refresh()

    def restyle(self) -> None:
        """Wear the theme that is set, as it is now."""
        palette = wear(self.settings.get(declared.THEME))
        for part in (
            self.action_set,
            self.banner,
            self.empty,
            self.prompt,
            self.history,
            self.cost_panel,
            self.hints,
            self.commands.batch,
            self.commands.compare,
        ):
            part.recolour(palette)

    def is_painting(self) -> bool:
        """A stroke, or what another tool drags, is under way."""
        return self.session.is_painting or self.toolbox.tool.busy

    def _is_at_work(self) -> bool:
        return self.is_painting() or self.session.runs.phase is RunPhase.RUNNING

    # Qt

    def event(self, event: QEvent) -> bool:
        """A field or a panel may want a key before an action gets it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self._keyboard.overrides(event):
                event.accept()
                return True
        elif event.type() == QEvent.Type.WindowDeactivate:
            self._keyboard.let_go()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nobody took."""
        if not self._keyboard.pressed(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """The other end of a key that is held."""
        if not self._keyboard.released(event):
            super().keyReleaseEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close when nothing is lost by it; else the user is asked, and the window closes once all is saved."""
        if not self._may_close:
            self.commands.file.when_safe(self._let_close)
        if self._may_close:
            self.recovery.close()
            self.settings.set(declared.GEOMETRY, bytes(self.saveGeometry().data()))
            self.settings.set(declared.LAYOUT, bytes(self.saveState().data()))
            self.commands.batch.close_window()
            self.commands.compare.close_window()
        event.setAccepted(self._may_close)

    def _let_close(self) -> None:
        self._may_close = True
        self.close()

    def _restore(self) -> None:
        self.resize(1440, 900)
        self.restoreGeometry(self.settings.get(declared.GEOMETRY))
        self.restoreState(self.settings.get(declared.LAYOUT))
        self.frame.set_panel_wanted("navigator", self.settings.get(declared.NAVIGATOR))
        self.commands.costs.restore()
