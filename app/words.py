"""Texts that any layer may write and only the window translates: marked for its catalogues, English everywhere else.

Two mechanisms, for two kinds of text:

- `mark` is for a text that is known when the program is written and looked up when it is shown: the entries of tables.
  Whoever shows it calls `app.ui.language.tr` on it; it is a plain string and holds no values, or is filled in after
  that.
- `Words` is for a sentence that is made as the program runs, of values that are known only there: errors, notices.
  What shows it calls `app.ui.language.localised`; whoever does not, such as the command line and the log, has it in
  English as the string it is.

This module is below all layers and knows no catalogue, so the imaging and inference layers stay free of the window's.
"""

from __future__ import annotations

from typing import Any


def brief(value: object, most: int = 100) -> str:
    """`value`, perhaps from a file that means harm, as part of a sentence: one line of at most `most` letters.

    Of an error it is the first line, or its kind where it says nothing.
    """
    text = str(value)[: 4 * most].strip()
    first = text.splitlines()[0] if text else type(value).__name__
    shown = printable(first)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def printable(text: str) -> str:
    """`text` with a space in place of everything that has no glyph: line ends, control characters, broken names."""
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def mark(text: str) -> str:
    """`text` as it is: for tables whose texts are translated where they are shown."""
    return text


def _plain(value: object) -> str | int | float:
    """A name from elsewhere must not break a sentence into lines."""
    if isinstance(value, Words | int | float):
        return value
    return printable(str(value))


class Words(str):
    """An English sentence that remembers how it was made: ``Words("{name} is empty", name=path.name)``.

    As a string it is the sentence, filled in. `template` is what catalogues are looked up by; a field may be Words
    itself.
    """

    __slots__ = ("fields", "template")

    template: str
    fields: dict[str, str | int | float]

    def __new__(cls, template: str, **fields: Any) -> Words:
        """Fill `fields` into `template`."""
        known = {name: _plain(value) for name, value in fields.items()}
        self = super().__new__(cls, template.format(**known))
        self.template = template
        self.fields = known
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | int | float]]:
        """For copies and other processes."""
        return (self.template,), self.fields
