"""The difference map: shown or not, of what, and how strongly."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.ui.stages.difference import AMPLIFICATIONS, Difference


class DifferenceCommands(QObject):
    """Changes nothing but what is seen."""

    def __init__(self, difference: Difference) -> None:
        super().__init__()
        self.difference = difference

    def can_show(self) -> bool:
        """There is something to compare."""
        return self.difference.can_show

    def is_on(self) -> bool:
        """The map is shown."""
        return self.difference.is_on

    def toggle(self) -> None:
        """Show the map, or the results again."""
        self.difference.switch(on=not self.is_on())

    def close(self) -> None:
        """Show the results again."""
        self.difference.switch(on=False)

    def next_pair(self) -> None:
        """Compare the next two stages; shows the map where it is not shown."""
        if self.is_on():
            self.difference.choose_next()
        else:
            self.toggle()

    def is_signed(self) -> bool:
        """Lighter and darker are told apart."""
        return self.difference.is_signed

    def toggle_signed(self) -> None:
        """Show the direction of differences, or their size."""
        self.difference.set_signed(not self.is_signed())

    def amplify(self, steps: int) -> None:
        """Show differences more strongly, or less."""
        self.difference.amplify_by(steps)

    def can_amplify(self, steps: int) -> bool:
        """There is a next amplification that way."""
        at = AMPLIFICATIONS.index(self.difference.amplification) + steps
        return self.is_on() and 0 <= at < len(AMPLIFICATIONS)
