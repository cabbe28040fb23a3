"""One remembered value: its type, its bounds, and the words and the row with which it is shown."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from app.ui.language import mark

T = TypeVar("T")


class Page(Enum):
    """The pages of the settings dialog, in order. What is on none of them is remembered without being asked for."""

    NONE = ""
    GENERAL = mark("General")
    TOOLS = mark("Tools")
    MASK = mark("Mask")
    FILL = mark("Fill")
    VIEW = mark("View")
    FILES = mark("Files")
    KEYS = mark("Keys")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One of the values a setting may have; with `reason` it can't be chosen, and that is why. Texts are translated."""

    value: T
    text: str
    reason: str = ""
    tip: str = ""
    """What it is, while it can be chosen."""
    group: str = ""
    """The heading in the list under which it stands, beside its neighbours of the same; empty for none."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One remembered value; its type is that of `default`. Numbers read back are kept within `low` … `high`.

    `name` and `tip` are marked, not translated: the tip says what the setting does to the picture or the window.
    """

    key: str
    default: T
    low: float | None = None
    high: float | None = None
    name: str = ""
    tip: str = ""
    page: Page = Page.NONE
    unit: str = " px"
    percent: bool = False
    """A share 0…1 that is shown as per cent."""
    logarithmic: bool = False
    """Equal distances of its slider are equal ratios."""
    is_colour: bool = False
    """``#rrggbb``: others than the `choices` may be had, too."""
    choices: Callable[[], tuple[Choice[T], ...]] | None = None
    """The values there are to choose from, where not every one of the type is."""
    suffixes: tuple[str, ...] = ()
    """A file's path, whose name ends with one of these; with `are_models`, a list of such files."""
    are_models: bool = False
    """The models of the user's own that were added, as a text: see `app.inference.own_models`."""
    has_own_models: bool = False
    """The user's own models are among its choices."""
    is_local: bool = False
    """A matter of this machine: goes into no file of settings, and is taken from none."""
    needs_restart: bool = False
    """A change takes effect at the next start."""

    def encoded(self, value: T) -> str:
        """`value` as the text that is stored."""
        if isinstance(value, bytes):
            return base64.b64encode(value).decode("ascii")
        return json.dumps(value.value if isinstance(value, Enum) else value)

    def decoded(self, text: str) -> T:
        """The value `text` stands for; the default where it stands for none."""
        try:
            return self._limited(self._parsed(text))
        except (ValueError, TypeError):
            return self.default

    def checked(self, text: str) -> T:
        """The value `text` stands for; ValueError where it is of another type, out of bounds or none of the choices."""
        try:
            value = self._parsed(text)
        except TypeError as error:
            raise ValueError(str(error)) from error
        if self._limited(value) != value:
            raise ValueError(f"{self.key} is out of bounds: {text}")
        if self.choices is not None and value not in [choice.value for choice in self.choices()]:
            raise ValueError(f"{self.key} has no such choice: {text}")
        return value  # type: ignore[no-any-return]

    def _parsed(self, text: str) -> Any:
        if isinstance(self.default, bytes):
            return base64.b64decode(text, validate=True)
        raw = json.loads(text)
        if isinstance(raw, bool) != isinstance(self.default, bool) or isinstance(raw, list) != isinstance(
            self.default, tuple
        ):
            raise ValueError(f"{self.key} is no {type(self.default).__name__}: {text}")
        make: Any = type(self.default)
        return make(raw)

    def _limited(self, value: Any) -> T:
        if self.low is not None:
            value = max(value, type(value)(self.low))
        if self.high is not None:
            value = min(value, type(value)(self.high))
        return value  # type: ignore[no-any-return]
