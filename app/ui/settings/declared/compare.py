"""The settings of comparing methods."""

from __future__ import annotations

from app.ui.settings.setting import Setting

COMPARE_CHOICE: Setting[tuple[str, ...]] = Setting("compare/choice", ())
"""What was compared last, as ``method:stage``; empty where nothing was."""
COMPARE_GEOMETRY = Setting("compare/geometry", b"")
