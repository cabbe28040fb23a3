"""What the pointer does, and keys that belong to a tool: listed, not bound."""

from __future__ import annotations

from app.ui.language import mark

GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Paint"), (mark("Drag"),)),
    (mark("The other of brush and eraser"), (mark("Alt+drag"),)),
    (mark("Straight line from the last point"), (mark("Shift+click"),)),
    (mark("Brush size"), (mark("Alt+right-drag"),)),
    (mark("Pan"), (mark("Space+drag"), mark("Middle-drag"), mark("Arrows"))),
    (mark("Zoom"), (mark("Wheel"), mark("Pinch"))),
    (mark("Context box: move, resize"), (mark("Arrows"), mark("Ctrl+arrows"))),
    (mark("Context box: by 10 pixels"), (mark("Shift+arrows"),)),
    (mark("Context box: keep its shape"), (mark("Shift+drag"),)),
    (mark("Context box: back to automatic"), (mark("Double-click"), mark("Delete"))),
    (mark("Next context box"), (mark("Page down"),)),
)
"""What the pointer does, and keys that belong to a tool, for the key sheet: text and gestures."""
