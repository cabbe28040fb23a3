"""Bring the catalogues up to date with the code: ``python resources/update_languages.py`` (wants Babel, extra ``dev``).

Collects every text in a call of `tr`, `plural`, `mark` or `Words`, keeps what is translated, writes ``lacuna.pot``, the
``.po`` and the compiled ``.mo`` files into ``app/ui/languages``, and says what is left to translate.
"""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "app" / "ui" / "languages"
LANGUAGES = ("de", "ja", "zh_CN")
KEYWORDS = {"tr": None, "mark": None, "Words": None, "plural": (1, 2)}
_HEADER = "# Translations of Lacuna.\n"


def template() -> Catalog:
    """Every text of the window, in the order of the files."""
    catalog = _empty(None)
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for _, message, _, _ in extract_from_file("python", str(path), KEYWORDS):
            catalog.add(message, locations=[(name, 0)])
    return catalog


def updated(language: str, source: Catalog) -> Catalog:
    """The catalogue of `language` with exactly the texts of `source`; translations are kept, none is guessed."""
    path = FOLDER / f"{language}.po"
    old = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.is_file() else _empty(language)
    new = _empty(language)
    for message in source:
        if message.id:
            known = old.get(message.id)
            kept = known.string if known is not None else ""
            new.add(message.id, kept or None, locations=message.locations)
    return new


def untranslated(catalog: Catalog) -> list[str]:
    """The English texts without a translation."""
    return [
        str(each.id) for each in catalog if each.id and not (all(each.string) if each.pluralizable else each.string)
    ]


def as_po(catalog: Catalog) -> bytes:
    """The text file; without dates and line numbers, so that it only changes when a text does."""
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, sort_by_file=False, include_lineno=False, omit_header=False)
    lines = buffer.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_VOLATILE)).encode("utf-8")


def as_mo(catalog: Catalog) -> bytes:
    """The compiled file."""
    written = read_po(io.BytesIO(as_po(catalog)), locale=str(catalog.locale))
    written.creation_date = written.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, written)
    return buffer.getvalue()


_VOLATILE = (
    '"Report-Msgid-Bugs-To',
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Generated-By',
    '"Last-Translator',
    '"Language-Team',
)


def _empty(language: str | None) -> Catalog:
    return Catalog(language, project="Lacuna", version="editor", header_comment=_HEADER.strip(), fuzzy=False)


def main() -> int:
    """Write all files; 1 where something is left to translate."""
    FOLDER.mkdir(exist_ok=True)
    source = template()
    (FOLDER / "lacuna.pot").write_bytes(as_po(source))
    missing = 0
    for language in LANGUAGES:
        catalog = updated(language, source)
        (FOLDER / f"{language}.po").write_bytes(as_po(catalog))
        (FOLDER / f"{language}.mo").write_bytes(as_mo(catalog))
        left = untranslated(catalog)
        missing += len(left)
        print(f"{language}: {len(source) - len(left)} of {len(source)} texts")
        for text in left:
            print(f"    {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
