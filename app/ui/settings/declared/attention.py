"""The settings of the tool that shows where the global stage looked."""

from __future__ import annotations

from enum import StrEnum

from app.inference.attention_probe import ALL_LEVELS
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting


class AttentionLevel(StrEnum):
    """The maps whose attention can be looked at, by the side of what one of their positions stands for."""

    FINE = "4"
    MIDDLE = "8"
    COARSE = "16"
    ALL = "all"

    @property
    def level(self) -> int:
        """As probes have it."""
        return ALL_LEVELS if self is AttentionLevel.ALL else int(self.value).bit_length() - 1

    @property
    def following(self) -> AttentionLevel:
        """The next one, round and round."""
        every = tuple(AttentionLevel)
        return every[(every.index(self) + 1) % len(every)]


def _levels() -> tuple[Choice[AttentionLevel], ...]:
    return (
        Choice(AttentionLevel.FINE, tr("1/4")),
        Choice(AttentionLevel.MIDDLE, tr("1/8")),
        Choice(AttentionLevel.COARSE, tr("1/16")),
        Choice(AttentionLevel.ALL, tr("All three")),
    )


ATTENTION_LEVEL = Setting(
    "tools/attention_level",
    AttentionLevel.FINE,
    name=mark("Level"),
    tip=mark(
        "The global stage looks round at three levels: at a quarter, an eighth and a sixteenth of the size at which the"
        " hole is solved. All three: their mean."
    ),
    page=Page.TOOLS,
    choices=_levels,
)
