"""What the pointer does, and keys that belong to a tool: listed, not bound."""

from __future__ import annotations

from app.ui.language import mark

GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Paint"), ("Drag",)),
    (mark("The other of brush and eraser"), ("Alt+drag",)),
    (mark("Straight line from the last point"), ("Shift+click",)),
    (mark("Brush size"), ("Alt+right-drag",)),
    (mark("Pan"), ("Space+drag", "Middle-drag", "Two fingers", "Arrows")),
    (mark("Zoom"), ("Wheel", "Pinch")),
    (mark("Turn the view"), ("Turn two fingers",)),
    (mark("Context box: move, resize"), ("Arrows", "Ctrl+arrows")),
    (mark("Context box: by 10 pixels"), ("Shift+arrows",)),
    (mark("Context box: keep its shape"), ("Shift+drag",)),
    (mark("Context box: back to automatic"), ("Double-click", "Delete")),
    (mark("Next context box"), ("Page down",)),
)
"""What the pointer does, and keys that belong to a tool, for the key sheet: text and gestures."""
