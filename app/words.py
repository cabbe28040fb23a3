"""Texts that any layer may write and only the window translates: marked for its catalogues, English everywhere else."""

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
