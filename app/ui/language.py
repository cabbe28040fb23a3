"""Every word the window shows, in the user's language.

The texts in the code are English and are what the catalogues are looked up by. A text is marked for the catalogues by
standing as a literal in a call of `tr`, `plural`, `mark` or `Words`; ``resources/update_languages.py`` collects them.

`tr` and `plural` are for what the window says itself. What other layers say comes as `Words`, for `localised`, or from
tables of marked texts, for `tr`: see `app.words`. A text is looked up once: where it is shown, or, if it becomes part
of the document, such as an edit's name, where that is made.
"""

from __future__ import annotations

from enum import StrEnum
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from app.words import Words, mark

__all__ = [
    "LANGUAGE_NAMES",
    "Language",
    "localised",
    "mark",
    "plural",
    "resolved",
    "tr",
    "use_catalogue",
    "use_language",
]

CATALOGUES = Path(__file__).parent / "languages"

_catalogue = NullTranslations()


class Language(StrEnum):
    """What the user may choose; the values are the names of catalogues and of Qt's own translations."""

    SYSTEM = "system"
    ENGLISH = "en"
    GERMAN = "de"
    JAPANESE = "ja"
    CHINESE = "zh_CN"


LANGUAGE_NAMES = {
    Language.ENGLISH: "English",
    Language.GERMAN: "Deutsch",
    Language.JAPANESE: "日本語",
    Language.CHINESE: "简体中文",
}
"""Each in itself, so that whoever reads it finds it."""


def tr(text: str) -> str:
    """`text`, a literal or one that was marked, in the user's language. Fill in ``{}`` afterwards, never before."""
    return _catalogue.gettext(text) if text else ""


def plural(one: str, many: str, count: int) -> str:
    """The form that suits `count`: ``plural("{} edit", "{} edits", n).format(n)``."""
    return _catalogue.ngettext(one, many, count)


def localised(text: str) -> str:
    """What another layer says, in the user's language where it is `Words`; else as it is."""
    if not isinstance(text, Words):
        return text
    fields = {name: localised(value) if isinstance(value, str) else value for name, value in text.fields.items()}
    return tr(text.template).format(**fields)


def resolved(choice: Language, preferred: list[str]) -> Language:
    """`choice`, or for SYSTEM the first of the `preferred` locales, such as ``de-AT``, there is a catalogue for."""
    if choice is not Language.SYSTEM:
        return choice
    found = (_language_of(locale.replace("_", "-")) for locale in preferred)
    return next((language for language in found if language is not None), Language.ENGLISH)


def use_language(language: Language) -> None:
    """Speak `language` from now on; what is on the screen already stays as it is."""
    use_catalogue(_catalogue_of(language))


def use_catalogue(catalogue: NullTranslations) -> None:
    """Take the words from `catalogue` from now on."""
    global _catalogue
    _catalogue = catalogue


def _catalogue_of(language: Language) -> NullTranslations:
    path = CATALOGUES / f"{language.value}.mo"
    if not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def _language_of(locale: str) -> Language | None:
    """Traditional Chinese is not taken for the simplified."""
    parts = locale.split("-")
    if parts[0] == "zh":
        return None if {"Hant", "TW", "HK", "MO"} & set(parts[1:]) else Language.CHINESE
    return next((each for each in (Language.ENGLISH, Language.GERMAN, Language.JAPANESE) if each == parts[0]), None)
