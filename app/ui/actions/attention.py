"""The entries on where the global stage looked."""

from __future__ import annotations

from collections.abc import Iterator

from app.ui.actions.spec import ActionSpec, Bar, Menu, has_document
from app.ui.language import mark


def attention_actions() -> Iterator[ActionSpec]:
    yield ActionSpec(
        "attention",
        mark("&Attention"),
        lambda c: c.attention.take_tool(),
        Menu.STAGES,
        ("A",),
        icon="target",
        tip=mark(
            "Point at a filled pixel: it shows where the global stage looked for it.<br>"
            "Paint over what must not be used, and fill again; Alt takes that back, Delete takes all of it back."
        ),
        enabled=has_document,
        checked=lambda c: c.attention.has_tool(),
        bar=Bar.TOOLS,
        starts_group=True,
    )
    yield ActionSpec(
        "attention_level",
        mark("Next attention &level"),
        lambda c: c.attention.show_next_level(),
        Menu.STAGES,
        ("Shift+A",),
        tip=mark("The global stage looks round at three levels: see another one of them, or all together."),
        enabled=has_document,
    )
    yield ActionSpec(
        "avoid_strongest",
        mark("D&on't use the strongest place"),
        lambda c: c.attention.avoid_strongest(),
        Menu.STAGES,
        ("Shift+X",),
        tip=mark("Mark, as wide as the brush, the place that was looked at most; the next filling leaves it out."),
        enabled=lambda c: c.attention.has_strongest(),
    )
    yield ActionSpec(
        "clear_avoid",
        mark("&Use all of the photo again"),
        lambda c: c.attention.clear_avoid(),
        Menu.STAGES,
        ("Shift+Del",),
        tip=mark("Take away all marks of what is not to be used."),
        enabled=lambda c: c.attention.has_avoid(),
    )
