"""The state that shows methods compared on a hole in an intact part of the sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QWidget
    from screenshot_studio import Studio

_STROKE = ((0.30, 0.615), (0.325, 0.68), (0.35, 0.735), (0.36, 0.775))
"""Over water, a stone in it, and what both mirror: shares of the sample."""
_WIDTH = 190.0
_PSNR = 3
"""The column that is sorted by."""
_FRAME = 24
"""Pixels of the main window that are seen round the other."""


def paint_what_is_known(studio: Studio) -> None:
    """A mask over what is intact."""
    from app.ui.settings import declared

    studio.open_photo()
    studio.window.settings.set(declared.BRUSH_SIZE, _WIDTH)
    studio.drag(*_STROKE)


def compare(studio: Studio) -> list[tuple[QWidget, QPoint]]:
    """The usual methods, all done, sorted by what is measured."""
    from PySide6.QtCore import QMargins

    commands, work = studio.window.commands.compare, studio.window.comparison
    commands.show()
    window = commands.window
    assert window is not None
    window.resize(studio.window.rect().marginsRemoved(QMargins(_FRAME, _FRAME, _FRAME, _FRAME)).size())
    if work.ground is None:
        window.choice.start.click()
        studio.wait(lambda: not work.is_running, "for all methods")
        window.sheet.sort_by(_PSNR)
        window.sheet.view.choose(window.sheet.view.panes[1])
    studio.settle()
    window.sheet.view.zoom_to_hole()
    studio.settle()
    return [(window, studio.window.rect().center() - window.rect().center())]


def close_comparison(studio: Studio) -> None:
    """Stop it and close its window."""
    studio.window.commands.compare.close_window()
