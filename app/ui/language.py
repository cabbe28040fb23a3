"""Every word the window shows, in the user's language.

The texts in the code are English and are what the catalogues are looked up by. A text is marked for the catalogues
by standing as a literal in a call of `tr`, `plural` or `mark`.
"""

from __future__ import annotations

from gettext import NullTranslations

_catalogue = NullTranslations()


def tr(text: str) -> str:
    """`text`, a literal or one that was marked, in the user's language. Fill in ``{}`` afterwards, never before."""
    return _catalogue.gettext(text) if text else ""


def plural(one: str, many: str, count: int) -> str:
    """The form that suits `count`: ``plural("{} edit", "{} edits", n).format(n)``."""
    return _catalogue.ngettext(one, many, count)


def mark(text: str) -> str:
    """`text` as it is: for tables whose texts are translated where they are shown."""
    return text
