"""What outputs are called."""

from __future__ import annotations

import re
import unicodedata

from app.errors import LacunaError
from app.words import Words

_STEM, _NUMBER = "{stem}", "{number}"
_FIELDS = re.compile(r"\{stem\}|\{number\}")
_FORBIDDEN = re.compile(r'[{}/\\:*?"<>|\x00-\x1f]')
"""What is no part of a file's name on some system, and braces that name nothing."""


def check_naming(naming: str) -> str:
    """Return `naming` where outputs can be called so; `LacunaError` where not, or where all would have one name."""
    if _FORBIDDEN.search(_FIELDS.sub("", naming)) or not _FIELDS.search(naming):
        raise LacunaError(
            Words(
                "files cannot be named {naming}: it takes {stem} or {number} and letters that file names may have",
                naming=naming,
                stem=_STEM,
                number=_NUMBER,
            )
        )
    return naming


def named(naming: str, stem: str, number: int, count: int) -> str:
    """The stem of the output of a photo called `stem`, the `number`th, from 1, of `count`; numbers have one length."""
    values = {_STEM: stem, _NUMBER: str(number).zfill(len(str(count)))}
    return _FIELDS.sub(lambda field: values[field[0]], naming)


def made_by(naming: str, stem: str) -> str | None:
    """The stem of the photo whose output is called `stem`; None where `naming` makes no such name, or does not say."""
    parts = re.split(r"(\{stem\}|\{number\})", naming)
    patterns = {_STEM: "(?P<stem>.+)", _NUMBER: "[0-9]+"}
    if parts.count(_STEM) != 1:
        return None
    found = re.fullmatch("".join(patterns.get(part, re.escape(part)) for part in parts), stem)
    return found["stem"] if found else None


def folded(text: str) -> str:
    """By this, names are the same that a disk which knows no capitals takes for one."""
    return unicodedata.normalize("NFC", text).casefold()
