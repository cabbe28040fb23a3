"""Catalogues: complete, up to date with the code, and faithful in what is not words."""

from __future__ import annotations

import copy
import io
import pickle
import re
from collections import Counter
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.errors import LacunaError
from app.imaging.files import read_photo
from app.ui.actions.table import plain
from app.ui.app import speak
from app.ui.language import CATALOGUES, Language, localised, mark, plural, resolved, tr
from app.ui.main_window import MainWindow
from app.ui.session.crash import sentence
from app.words import Words
from resources import update_languages
from tests.clipping import speaking

CODES = update_languages.LANGUAGES


@pytest.fixture(scope="module")
def template() -> Catalog:
    return update_languages.template()


@pytest.fixture(scope="module", params=CODES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return read_po(io.BytesIO((CATALOGUES / f"{request.param}.po").read_bytes()), locale=request.param)


def texts(message: Message) -> list[tuple[str, str]]:
    """Each source text of `message` with its translation."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    many = len(message.string) == 1  # one form for all counts answers the text that has the number
    return [(message.id[many or min(index, 1)], text) for index, text in enumerate(message.string)]


def test_the_template_is_that_of_the_code(template: Catalog) -> None:
    """Whoever adds a text runs ``python resources/update_languages.py``."""
    kept = read_po(io.BytesIO((CATALOGUES / "lacuna.pot").read_bytes()))
    assert {message.id for message in kept} == {message.id for message in template}


def test_catalogues_hold_exactly_the_texts_of_the_code(template: Catalog, catalogue: Catalog) -> None:
    assert {message.id for message in catalogue} == {message.id for message in template}


def test_everything_is_translated(catalogue: Catalog) -> None:
    assert update_languages.untranslated(catalogue) == []
    assert not [message.id for message in catalogue if message.id and message.fuzzy]


def test_placeholders_are_kept(catalogue: Catalog) -> None:
    for message in catalogue:
        for source, translation in texts(message) if message.id else []:
            assert _fields(source) == _fields(translation), source
            assert source.count("<br>") == translation.count("<br>"), source
            assert source.count("[*]") == translation.count("[*]"), source
            assert source.endswith("…") == translation.endswith("…"), source


def _fields(text: str) -> Counter[tuple[str, str | None]]:
    """Placeholders; those without a name count by their place."""
    found: Counter[tuple[str, str | None]] = Counter()
    for index, (_, name, form, _) in enumerate(each for each in Formatter().parse(text) if each[1] is not None):
        found[name or str(index), form] += 1
    return found


def test_menu_keys_are_kept(catalogue: Catalog) -> None:
    """German marks a letter of the word, Japanese and Chinese put the English one behind it in brackets."""
    bracketed = str(catalogue.locale) != "de"
    for message in catalogue:
        for source, translation in texts(message) if message.id else []:
            assert source.count("&") == translation.count("&"), source
            if "&" in source:
                key = translation[translation.index("&") + 1]
                assert key.isalnum(), translation
                assert key.isascii(), translation
                if bracketed and not key.isdigit():
                    assert f"(&{key})" in translation, translation
                    assert key.upper() == source[source.index("&") + 1].upper(), translation


def test_what_is_compiled_is_what_is_written(catalogue: Catalog) -> None:
    name = "zh_CN" if catalogue.locale.language == "zh" else str(catalogue.locale)
    with (CATALOGUES / f"{name}.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in catalogue:
        if isinstance(message.id, str):
            assert not message.id or compiled.gettext(message.id) == message.string
        else:
            forms = {compiled.ngettext(*message.id, count) for count in (1, 2)}
            assert forms == set(message.string)


@pytest.mark.parametrize("code", CODES)
def test_menu_keys_are_unique_within_each_menu(qtbot: QtBot, window_in: MainWindow) -> None:
    def check(title: str, texts: list[str]) -> None:
        keys = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(keys) == len(set(keys)), (title, texts)

    bar = window_in.menuBar()
    check("bar", [action.text() for action in bar.actions()])
    for menu in bar.findChildren(QMenu):
        check(menu.title(), [action.text() for action in menu.actions() if not action.isSeparator()])


@pytest.fixture
def window_in(code: str, request: pytest.FixtureRequest) -> MainWindow:
    with speaking(code):
        window = request.getfixturevalue("window")
        assert isinstance(window, MainWindow)
        return window


def test_the_window_speaks(qtbot: QtBot, request: pytest.FixtureRequest) -> None:
    with speaking("de"):
        window: MainWindow = request.getfixturevalue("window")
        assert window.menuBar().actions()[0].text() == "&Datei"
        assert "Foto öffnen…" in [button.text() for button in window.empty.findChildren(QPushButton)]
        assert "<b>Füllen, dann übernehmen</b>" in window.action_set["fill"].toolTip()


def test_plurals() -> None:
    with speaking("de"):
        text = plural(
            "{} setting is unknown here and was passed over: {}",
            "{} settings are unknown here and were passed over: {}",
            2,
        )
        assert text.startswith("{} Einstellungen")
    with speaking("ja"):
        assert "{}" in plural(
            "{} setting is unknown here and was passed over: {}",
            "{} settings are unknown here and were passed over: {}",
            1,
        )


def test_empty_texts_stay_empty() -> None:
    with speaking("de"):
        assert tr("") == ""
        assert mark("x") == "x"


@pytest.mark.parametrize(
    ("preferred", "found"),
    [
        (["de-AT", "en-US"], Language.GERMAN),
        (["ja"], Language.JAPANESE),
        (["zh-Hans-CN"], Language.CHINESE),
        (["zh_CN"], Language.CHINESE),
        (["zh-TW", "ja-JP"], Language.JAPANESE),
        (["fr-FR", "en-GB", "de"], Language.ENGLISH),
        (["fr-FR"], Language.ENGLISH),
        ([], Language.ENGLISH),
    ],
)
def test_the_system_is_followed(preferred: list[str], found: Language) -> None:
    assert resolved(Language.SYSTEM, preferred) is found
    assert resolved(Language.JAPANESE, preferred) is Language.JAPANESE


def test_qt_speaks_too(qapp: QApplication) -> None:
    before = QLocale()
    with speaking("en"):
        try:
            translator = speak(qapp, Language.GERMAN)
            assert QLocale().language() == QLocale.Language.German
            assert qapp.translate("QPlatformTheme", "Cancel") == "Abbrechen"
            assert tr("Cancel") == "Abbrechen"
            qapp.removeTranslator(translator)
        finally:
            QLocale.setDefault(before)


def test_errors_of_other_layers_are_translated(tmp_path: Path) -> None:
    missing = tmp_path / "no {braces}.png"
    with pytest.raises(LacunaError) as caught:
        read_photo(missing)
    assert str(caught.value) == f"{missing} does not exist: check the name and the folder"
    with speaking("de"):
        assert sentence(caught.value) == f"{missing} gibt es nicht: prüfen Sie Namen und Ordner."
    with speaking("ja"):
        assert sentence(caught.value).endswith("。")
    assert sentence(caught.value) == f"{caught.value}."


def test_words_within_words_are_translated_and_survive_copies() -> None:
    words = Words(
        "cannot save {name}: {reason}", name="a.png", reason=Words("the name is too long; choose a shorter one")
    )
    assert words == "cannot save a.png: the name is too long; choose a shorter one"
    with speaking("zh_CN"):
        for each in (words, copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
            assert localised(each) == "无法保存 a.png：名称过长；请缩短"
    assert localised("as it is") == "as it is"


def test_texts_lose_their_menu_keys() -> None:
    assert [plain(text) for text in ("&Open…", "開く(&O)…", "Ö&ffnen…", "原图 (&O)")] == [
        "Open",
        "開く",
        "Öffnen",
        "原图",
    ]


def test_no_text_is_a_formatted_one() -> None:
    """``tr(f"…")`` would never be found in a catalogue."""
    root = Path(__file__).parents[1] / "app"
    wrong = [
        path.name
        for path in root.rglob("*.py")
        if re.search(r"\b(tr|mark|plural|Words)\(\s*f\"", path.read_text("utf-8"))
    ]
    assert not wrong
