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


def mark(text: str) -> str:
    """`text` as it is: for tables whose texts are translated where they are shown."""
    return text


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
        self = super().__new__(cls, template.format(**fields))
        plain = (str, int, float)
        self.template = template
        self.fields = {name: value if isinstance(value, plain) else str(value) for name, value in fields.items()}
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, str | int | float]]:
        """For copies and other processes."""
        return (self.template,), self.fields
