"""What the pointer does, and keys that belong to a tool: listed, not bound."""

from __future__ import annotations

from app.ui.language import mark

GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Paint"), (mark("Drag"),)),
    (mark("The other of brush and eraser"), (mark("Alt+drag"),)),
    (mark("Straight line from the last point"), (mark("Shift+click"),)),
    (mark("Stroke along a row or a column"), (mark("Shift while painting"),)),
    (mark("Brush size"), (mark("Alt+right-drag ↔"), mark("Alt+wheel"))),
    (mark("Brush hardness"), (mark("Alt+right-drag ↕"), mark("Alt+Shift+wheel"))),
    (mark("Keep brush: back to the result as it was"), (mark("Alt+drag"),)),
    (mark("Shape: erase instead"), (mark("Alt at its end"),)),
    (mark("Shape: square, circle"), (mark("Shift+drag"),)),
    (mark("Shape: from the centre"), (mark("Ctrl+drag"),)),
    (mark("Shape: move as it is"), (mark("Space"),)),
    (mark("Polygon: close"), (mark("Double-click"), mark("Enter"), mark("First corner"))),
    (mark("Polygon: steps of 45°"), (mark("Shift"),)),
    (mark("Polygon: last corner away"), (mark("Backspace"), mark("Delete"))),
    (mark("Pan"), (mark("Space+drag"), mark("Middle-drag"), mark("Two fingers"), mark("Arrows"))),
    (mark("Candidates: one on, to the ends"), (mark("Left/Right"), mark("Home/End"))),
    (mark("Difference map: stronger, weaker"), ("+", "-")),
    (mark("Zoom"), (mark("Wheel"), mark("Pinch"))),
    (mark("Turn the view"), (mark("Turn two fingers"),)),
    (mark("Loupe: closer, further away"), (mark("Ctrl+Shift+wheel"),)),
    (mark("Context box: move, resize"), (mark("Arrows"), mark("Ctrl+arrows"))),
    (mark("Context box: by 10 pixels"), (mark("Shift+arrows"),)),
    (mark("Context box: keep its shape"), (mark("Shift+drag"),)),
    (mark("Context box: back to automatic"), (mark("Double-click"), mark("Delete"))),
    (mark("Next context box"), (mark("Page down"),)),
    (mark("Attention: where a filled pixel looked"), (mark("Point"), mark("Arrows"))),
    (mark("Attention: don't use this, use it again"), (mark("Drag"), mark("Alt+drag"))),
    (mark("Attention: use all again"), (mark("Delete"),)),
    (mark("Comparison: large, and back"), (mark("Double-click"), mark("Enter"), mark("Esc"))),
    (mark("Comparison: next result, the one before"), (mark("."), mark(","))),
    (mark("Comparison: sort by a column, the other way round"), (mark("1 … 8"),)),
    (mark("Comparison: take the result into the photo"), (mark("T"),)),
    (mark("Comparison: look at the hole"), (mark("H"),)),
    (mark("Comparison: copy the table"), (mark("Ctrl+C"),)),
)
"""Text and gestures, for the key sheet."""
