"""Which part of the main window listens to which: the connections, and nothing else."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from app.ui.actions.shared_keys import PresentedKeys
from app.ui.stages.keep_view import KEEP_PANES
from app.ui.stages.panes import Pane
from app.ui.tools.toolbox import ToolName

if TYPE_CHECKING:
    from app.ui.main_window import MainWindow


def connect(window: MainWindow) -> None:
    """Connect all parts of `window`, which stand."""
    _connect_document(window)
    _connect_run(window)
    _connect_costs(window)
    _connect_view(window)
    _connect_tools(window)
    _connect_batch(window)
    _connect_memory(window)
    _connect_presentation(window)


def _connect_document(window: MainWindow) -> None:
    session, file = window.session, window.commands.file
    session.document_opened.connect(window.opened)
    session.document_closed.connect(window.closed)
    session.image_changed.connect(window.view.refresh)
    session.image_touched.connect(window.view.refresh)
    session.mask_changed.connect(window.view.refresh_mask)
    session.avoid_changed.connect(window.view.refresh_avoid)
    session.notice_given.connect(window.banner.tell)
    session.failed.connect(window.messages.error)
    window.files.huge_refused.connect(window.messages.huge)
    session.saves.changed.connect(window.refresh)
    session.saves.failed.connect(window.messages.not_saved)
    session.saves.lasting.connect(window.messages.saving_lasts)
    session.saves.ended.connect(window.messages.saving_ended)
    file.watch.changed.connect(window.messages.changed_outside)
    file.watch.settled.connect(window.messages.settled_outside)
    application = QGuiApplication.instance()
    if isinstance(application, QGuiApplication):
        application.applicationStateChanged.connect(file.watch.look)
    window.files.elsewhere_refused.connect(window.messages.elsewhere)
    window.recovery.follower.warned.connect(window.messages.unkept)
    window.recovery.follower.resumed.connect(window.messages.kept_again)
    window.files.photo_needed.connect(window.messages.photo_needed)
    session.history_changed.connect(window.refresh)
    session.contexts_changed.connect(window.refresh)
    session.busy.changed.connect(window.prompt.show_busy)
    session.busy.changed.connect(window.refresh)
    window.empty.open_pressed.connect(file.open_photo)
    window.empty.sample_pressed.connect(file.open_sample)
    window.drops.dropped.connect(window.commands.share.drop)
    window.recent.chosen.connect(file.open_path)
    window.recent_row.chosen.connect(file.open_path)
    window.photos.changed.connect(window.refresh)
    window.files.saved.connect(window.thumbnails.forget)
    window.sessions.saved.connect(window.thumbnails.forget)
    window.filmstrip.chosen.connect(window.photos.select)
    window.filmstrip.close_pressed.connect(file.close_one)
    window.frame.follow(window.filmstrip.set_panels_shown)


def _connect_run(window: MainWindow) -> None:
    runs, prompt, edit = window.session.runs, window.prompt, window.commands.edit
    runs.began.connect(window.banner.clear_passing)
    runs.cleared.connect(window.banner.clear_passing)
    prompt.follow(runs)
    window.candidates.switched.connect(lambda on: prompt.switcher.set_wanted(not on))
    runs.finished.connect(window.status.show_report)
    runs.phase_changed.connect(window.refresh)
    runs.stage_ready.connect(window.refresh)
    runs.shown_changed.connect(window.refresh)
    runs.completed.connect(window.refresh)
    window.session.brought_back.connect(window.run_view.bring_back)
    window.session.queue_changed.connect(window.refresh)
    prompt.enter_pressed.connect(edit.fill_or_accept)
    prompt.again_pressed.connect(edit.again)
    prompt.accept_pressed.connect(window.session.accept)
    prompt.escape_pressed.connect(edit.cancel)
    window.contexts.boxes.changed.connect(prompt.show_contexts)


def _connect_costs(window: MainWindow) -> None:
    window.cost_panel.close_pressed.connect(window.action_set["costs"].trigger)


def _connect_view(window: MainWindow) -> None:
    view = window.view
    view.pane_shown.connect(window.refresh)
    view.accept_requested.connect(window.session.accept)
    view.viewport.changed.connect(window.zoomed)
    view.cursor_moved.connect(lambda position: _show_pixel(window, position))
    window.settings.changed.connect(window.setting_changed)
    QGuiApplication.styleHints().colorSchemeChanged.connect(window.restyle)


def _show_pixel(window: MainWindow, position: QPointF | None) -> None:
    place = None if position is None else (math.floor(position.x()), math.floor(position.y()))
    window.status.show_pixel(place, None if place is None else window.session.pixel_at(*place))


def _connect_tools(window: MainWindow) -> None:
    toolbox, view = window.toolbox, window.view
    toolbox.changed.connect(lambda: view.set_tool(toolbox.tool, _panes_of(toolbox.current)))
    toolbox.changed.connect(lambda: window.options.show_tool(toolbox.current))
    window.smart.pending_changed.connect(window.refresh)
    window.attention.work.found.connect(lambda: window.action_set.refresh())
    window.keep.stages_changed.connect(window.options.keep_row.show_stages)
    window.history.thumbnails.kept_look = window.keep.laid_over
    toolbox.changed.connect(window.refresh)
    view.set_tool(toolbox.tool)
    window.options.show_tool(toolbox.current)


def _panes_of(tool: ToolName) -> tuple[Pane, ...]:
    """Where `tool` works."""
    return _PANES.get(tool, (Pane.ORIGINAL,))


_PANES = {ToolName.KEEP: KEEP_PANES, ToolName.ATTENTION: tuple(Pane)}


def _connect_batch(window: MainWindow) -> None:
    work, commands = window.batch, window.commands.batch
    work.changed.connect(lambda: window.status.show_batch(work.progress_text))
    work.changed.connect(window.action_set.refresh)
    work.ended.connect(lambda summary: window.messages.batch_ended(summary, commands))
    work.failed.connect(window.messages.error)
    work.troubled.connect(lambda text: window.messages.batch_in_trouble(text, commands.show))
    window.status.batch_pressed.connect(commands.show)


def _connect_memory(window: MainWindow) -> None:
    freed = window.spare_memory.freed
    window.photos.changed.connect(freed)
    window.session.image_changed.connect(freed)
    window.session.runs.phase_changed.connect(freed)
    window.files.saved.connect(freed)
    window.batch.finished.connect(freed)
    window.comparison.begun.connect(freed)


def _connect_presentation(window: MainWindow) -> None:
    present = window.commands.present
    present.keys = PresentedKeys(window.keymap)
    present.action_wanted.connect(lambda id_: window.action_set[id_].trigger())
    window.session.mask_changed.connect(present.loupe_view.refresh)
