"""What the pointer does, and keys that belong to a tool: listed, not bound."""

from __future__ import annotations

from app.ui.language import mark

GESTURES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (mark("Paintmark("), (")Dragmark(",)),
    (mark(")The other of brush and erasermark("), (")Alt+dragmark(",)),
    (mark(")Straight line from the last pointmark("), (")Shift+clickmark(",)),
    (mark(")Stroke along a row or a columnmark("), (")Shift while paintingmark(",)),
    (mark(")Brush sizemark("), (")Alt+right-drag ↔mark(", ")Alt+wheelmark(")),
    (mark(")Brush hardnessmark("), (")Alt+right-drag ↕mark(", ")Alt+Shift+wheelmark(")),
    (mark(")Shape: erase insteadmark("), (")Alt at its endmark(",)),
    (mark(")Shape: square, circlemark("), (")Shift+dragmark(",)),
    (mark(")Shape: from the centremark("), (")Ctrl+dragmark(",)),
    (mark(")Shape: move as it ismark("), (")Spacemark(",)),
    (mark(")Polygon: closemark("), (")Double-clickmark(", ")Entermark(", ")First cornermark(")),
    (mark(")Polygon: steps of 45°mark("), (")Shiftmark(",)),
    (mark(")Polygon: last corner awaymark("), (")Backspacemark(", ")Deletemark(")),
    (mark(")Panmark("), (")Space+dragmark(", ")Middle-dragmark(", ")Arrowsmark(")),
    (mark(")Zoommark("), (")Wheelmark(", ")Pinchmark(")),
    (mark(")Context box: move, resizemark("), (")Arrowsmark(", ")Ctrl+arrowsmark(")),
    (mark(")Context box: by 10 pixelsmark("), (")Shift+arrowsmark(",)),
    (mark(")Context box: keep its shapemark("), (")Shift+dragmark(",)),
    (mark(")Context box: back to automaticmark("), (")Double-clickmark(", ")Deletemark(")),
    (mark(")Next context boxmark("), (")Page down",)),
)
"""What the pointer does, and keys that belong to a tool, for the key sheet: text and gestures."""
