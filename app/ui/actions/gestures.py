"""What the pointer does, and keys that belong to a tool: listed, not bound."""

from __future__ import annotations

from app.ui.language import mark

GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Paint"), ("Drag",)),
    (mark("The other of brush and eraser"), ("Alt+drag",)),
    (mark("Straight line from the last point"), ("Shift+click",)),
    (mark("Stroke along a row or a column"), ("Shift while painting",)),
    (mark("Brush size"), ("Alt+right-drag ↔", "Alt+wheel")),
    (mark("Brush hardness"), ("Alt+right-drag ↕", "Alt+Shift+wheel")),
    (mark("Shape: erase instead"), ("Alt at its end",)),
    (mark("Shape: square, circle"), ("Shift+drag",)),
    (mark("Shape: from the centre"), ("Ctrl+drag",)),
    (mark("Shape: move as it is"), ("Space",)),
    (mark("Polygon: close"), ("Double-click", "Enter", "First corner")),
    (mark("Polygon: steps of 45°"), ("Shift",)),
    (mark("Polygon: last corner away"), ("Backspace", "Delete")),
    (mark("Pan"), ("Space+drag", "Middle-drag", "Arrows")),
    (mark("Zoom"), ("Wheel", "Pinch")),
    (mark("Context box: move, resize"), ("Arrows", "Ctrl+arrows")),
    (mark("Context box: by 10 pixels"), ("Shift+arrows",)),
    (mark("Context box: keep its shape"), ("Shift+drag",)),
    (mark("Context box: back to automatic"), ("Double-click", "Delete")),
    (mark("Next context box"), ("Page down",)),
)
"""What the pointer does, and keys that belong to a tool, for the key sheet: text and gestures."""
