"""What each action does: the verbs of the window, with their questions asked first. `actions` lists them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths

from app.inference.request import Stage
from app.paths import resource
from app.ui import settings as declared
from app.ui.dialogs import Asker, Overwrite, Unsaved
from app.ui.next_step import Step, StepKind, next_step
from app.ui.photo_files import PhotoFiles, suggested_name
from app.ui.runs import RunPhase
from app.ui.session import Session
from app.ui.settings import Settings, ThemeName
from app.ui.stage_strip import Pane, StageView
from app.ui.toolbox import Toolbox, ToolName
