"""The Tools menu and the toolbar on the left."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Ask, Bar, Menu, Run, has_document
from app.ui.language import mark
from app.ui.tools.toolbox import ToolName

_TOOLS = (
    ("brush", mark("&Brush"), "B", "brush", ToolName.BRUSH, mark("Paint over what should go. Alt erases.")),
    ("eraser", mark("&Eraser"), "E", "eraser", ToolName.ERASER, mark("Take paint away again. Alt paints.")),
    (
        "restore",
        mark("Resto&re brush"),
        "R",
        "history",
        ToolName.RESTORE,
        mark("Paint the photo back as it was opened. The mask stays as it is."),
    ),
    (
        "rectangle",
        mark("Rectan&gle"),
        "M",
        "selection",
        ToolName.RECTANGLE,
        mark("Drag one open. Shift: square. Ctrl: from its centre. Space: move it. Alt erases."),
    ),
    (
        "ellipse",
        mark("Elli&pse"),
        "Shift+M",
        "selection-ellipse",
        ToolName.ELLIPSE,
        mark("Drag one open. Shift: circle. Ctrl: from its centre. Space: move it. Alt erases."),
    ),
    (
        "lasso",
        mark("L&asso"),
        "L",
        "lasso",
        ToolName.LASSO,
        mark("Draw round what should go; the line closes itself. Alt erases."),
    ),
    (
        "polygon",
        mark("P&olygon"),
        "Shift+L",
        "vector-polygon",
        ToolName.POLYGON,
        mark(
            "Click corner by corner; a double click, Enter or the first corner closes it.<br>"
            "Backspace takes the last corner back, Esc all. Shift: steps of 45°. Alt erases."
        ),
    ),
    (
        "wand",
        mark("Magic wan&d"),
        "W",
        "magic-staff",
        ToolName.WAND,
        mark("Paint over all that has the colour of a click. Dragging changes the tolerance, Alt erases."),
    ),
    (
        "object",
        mark("Ob&ject"),
        "Shift+W",
        "selection-search",
        ToolName.OBJECT,
        mark("Find the object at a click or in a box. Enter takes it into the mask."),
    ),
    (
        "context",
        mark("&Context box"),
        "C",
        "crop-free",
        ToolName.CONTEXT,
        mark(
            "Move and resize what is seen round a hole when it is filled. Smaller is sharper, larger knows more.<br>"
            "Shift keeps the shape; a double click or Delete goes back to automatic."
        ),
    ),
)
"""Id, text, key, icon, tool, tip; in the order of the toolbar."""


def tool_actions() -> Iterator[ActionSpec]:
    for id_, text, key, icon, tool, tip in _TOOLS:
        take, taken = _take(tool)
        yield ActionSpec(
            id_, text, take, Menu.TOOLS, (key,), icon=icon, tip=tip, enabled=has_document, checked=taken, bar=Bar.TOOLS
        )
    yield ActionSpec(
        "swap",
        mark("S&wap brush and eraser"),
        lambda c: c.edit.toolbox.swap(),
        Menu.TOOLS,
        ("X",),
        icon="swap-horizontal",
    )
    yield ActionSpec(
        "smaller", mark("S&maller"), lambda c: c.edit.toolbox.resize(-1), Menu.TOOLS, ("[",), starts_group=True
    )
    yield ActionSpec("larger", mark("&Larger"), lambda c: c.edit.toolbox.resize(1), Menu.TOOLS, ("]",))
    yield ActionSpec(
        "softer", mark("&Softer edge"), lambda c: c.edit.toolbox.harden(-1), Menu.TOOLS, ("Shift+[",), ("{",)
    )
    yield ActionSpec(
        "harder", mark("&Harder edge"), lambda c: c.edit.toolbox.harden(1), Menu.TOOLS, ("Shift+]",), ("}",)
    )


def _take(tool: ToolName) -> tuple[Run, Ask]:
    return lambda commands: commands.edit.toolbox.take(tool), lambda commands: commands.edit.toolbox.current is tool
