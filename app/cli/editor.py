"""Opening the window, or saying in a sentence why there can be none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from app.errors import LacunaError
from app.paths import resource

HEADLESS = "use the commands that need none: lacuna inpaint, lacuna batch, lacuna evaluate, lacuna train, lacuna models"
QT_PACKAGES = (
    "libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4"
    " libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)


def open_editor(photo: Path | None, mask: Path | None, *, sample: bool = False) -> int:
    """Show the window and return its exit code. `LacunaError` without a display or without Qt's system libraries."""
    if mask is not None and photo is None:
        raise LacunaError(f"{mask}: a mask needs its photograph: lacuna PHOTO --mask MASK")
    if mask is not None and photo is not None and photo.suffix.lower() == ".lacuna":
        raise LacunaError(f"{photo}: a session has a mask of its own: leave --mask out")
    for path in (photo, mask):
        if path is not None and not path.is_file():
            raise LacunaError(f"{path}: no such file")
    _require_display()
    if sample:
        photo, mask = resource("sample.jpg"), resource("sample_mask.png")
    try:
        from app.ui.app import run_editor
    except ImportError as error:
        raise LacunaError(
            f"the window cannot start because a system library is missing ({error});"
            f" on Debian or Ubuntu: apt install {QT_PACKAGES}. Without a window, {HEADLESS}"
        ) from error
    return int(run_editor(photo, mask, ends_process=True))


def _require_display() -> None:
    """Qt aborts the process where it finds no display, so look first."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise LacunaError(f"there is no display to open a window on; {HEADLESS}")
    if os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        _require_library("libxcb-cursor.so.0", "libxcb-cursor0")


def _require_library(library: str, package: str) -> None:
    """Since Qt 6.5 its X11 plugin needs libxcb-cursor and aborts without it."""
    import ctypes

    try:
        ctypes.CDLL(library)
    except OSError as error:
        raise LacunaError(
            f"the window needs the system library {library}: apt install {package}"
            f" (all that Qt needs: {QT_PACKAGES}). Without a window, {HEADLESS}"
        ) from error
