"""The look: contrast of every pair that is used, colours in one file alone, icons at any density, the themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QFrame
from pytestqt.qtbot import QtBot

from app.ui.actions.table import ACTIONS
from app.ui.look.icons import SIZE, icon
from app.ui.look.palette import DARK, LIGHT, Palette
from app.ui.look.sheets import style_sheet
from app.ui.look.sheets.glyphs import glyph
from app.ui.look.sign import Sign
from app.ui.look.theme import palette_of, worn
from app.ui.main_window import MainWindow
from app.ui.settings import declared
from app.ui.settings.declared import ThemeName
from app.ui.stages.panes import Pane

UI = Path(__file__).parents[1] / "app" / "ui"

TEXT, MARK = 4.5, 3.0
"""WCAG 2.1, 1.4.3 and 1.4.11."""

PAIRS: tuple[tuple[str, tuple[str, ...], float], ...] = (
    ("text", ("canvas", "window", "raised", "hover", "pressed", "field"), TEXT),
    ("muted", ("canvas", "window", "raised", "hover", "field"), TEXT),
    ("disabled", ("window", "raised", "field"), MARK),
    ("on_accent", ("accent", "accent_hover", "accent_pressed"), TEXT),
    ("on_info", ("info", "hover"), TEXT),
    ("on_warning", ("warning", "hover", "window"), TEXT),
    ("on_error", ("error", "hover"), TEXT),
    ("accent_icon", ("window", "raised", "field"), TEXT),
    ("accent_icon", ("canvas", "hover", "pressed", "info"), MARK),
    ("border", ("canvas", "window", "raised", "field", "hover"), MARK),
)
"""Colour, the grounds it stands on, and the least contrast: of texts, icons, rings, borders."""

ELSEWHERE = {
    "look/palette.py",
    "settings/declared/mask.py",
    "contexts/layer.py",
    "look/stage_colours.py",
    "stages/talk_pages.py",
}
"""Modules that draw on the photograph, whose marks must be seen on any picture; `declared` has the mask's colours."""


def contrast(one: str, other: str) -> float:
    """WCAG 2.1: the ratio of relative luminances, 1…21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
@pytest.mark.parametrize(("colour", "grounds", "least"), PAIRS)
def test_every_pair_can_be_told_apart(palette: Palette, colour: str, grounds: tuple[str, ...], least: float) -> None:
    for ground in grounds:
        found = contrast(getattr(palette, colour), getattr(palette, ground))
        assert found >= least, f"{colour} on {ground}: {found:.2f}"


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_rules_with_text_and_ground_are_among_the_pairs(palette: Palette) -> None:
    """Every rule of the sheet that names both, whatever it styles, is as readable as its part allows."""
    checked = 0
    for selector, ground, colour in _coloured_rules(style_sheet(palette, 12)):
        least = MARK if ":disabled" in selector else TEXT
        assert contrast(colour, ground) >= least, selector
        checked += 1
    assert checked > 10


def _coloured_rules(sheet: str) -> Iterator[tuple[str, str, str]]:
    """Selector, ground and text colour of the rules that name both."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        ground = re.search(r"(?<![-\w])background(?:-color)?: (#\w{6})", body)
        colour = re.search(r"(?<![-\w])color: (#\w{6})", body)
        if ground and colour:
            yield selector.strip(), ground[1], colour[1]


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_the_application_has_the_palette_s_colours(window: MainWindow, palette: Palette) -> None:
    window.settings.set(declared.THEME, ThemeName(palette.name))
    colours, role, group = QApplication.palette(), QPalette.ColorRole, QPalette.ColorGroup
    assert colours.color(role.Window) == QColor(palette.window)
    assert colours.color(role.Highlight) == QColor(palette.accent)
    assert colours.color(group.Disabled, role.Text) == QColor(palette.disabled)
    assert colours.color(role.Accent) == QColor(palette.accent_icon)


def test_no_module_but_the_palette_names_a_colour() -> None:
    literal = re.compile(r"#[0-9a-fA-F]{6}\b|QColor\(\s*\d|QColor\(\s*[\"']|Qt\.GlobalColor\.(?!transparent)")
    offenders = [
        f"{path.relative_to(UI)}: {found[0]}"
        for path in sorted(UI.rglob("*.py"))
        if path.relative_to(UI).as_posix() not in ELSEWHERE and path.parent.name != "canvas"
        for found in [literal.search(path.read_text("utf-8"))]
        if found
    ]
    assert not offenders


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_the_sheet_s_pictures_exist_and_have_the_palette_s_colours(palette: Palette) -> None:
    files = {Path(name) for name in re.findall(r"url\(([^)]+)\)", style_sheet(palette, 12))}
    colours = {palette.muted, palette.disabled, palette.on_accent}
    assert len(files) > 5
    for file in files:
        assert set(re.findall(r"#\w{6}", file.read_text("utf-8"))) <= colours, file.name
    assert Path(glyph("check")) in files


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=lambda palette: palette.name)
def test_every_control_that_takes_the_keyboard_shows_it(palette: Palette) -> None:
    rings = {
        selector.strip()
        for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style_sheet(palette, 12))
        if "2px solid" in body or "border-color" in body
        for selector in selectors.split(",")
        if ":focus" in selector
    }
    for control in (
        *("QPushButton", "QToolButton", "QToolBar QToolButton", "QComboBox", "QLineEdit"),
        *("QAbstractSpinBox", "QPlainTextEdit", "QSlider::handle", "QListView::item", "QTreeView::item"),
        *("QTabBar::tab:selected", "QCheckBox::indicator", "QRadioButton::indicator"),
    ):
        assert f"{control}:focus" in rings, control


def test_the_keyboard_s_focus_shows_on_the_widget(qtbot: QtBot, window: MainWindow) -> None:
    """Seen in pixels: whoever arrives by Tab finds a ring in the accent's colour."""
    accent = QColor(palette_of(window.settings.get(declared.THEME)).accent_icon)
    canvas = window.view.canvas(Pane.ORIGINAL)
    window._stack.setCurrentWidget(window.view)
    qtbot.waitUntil(canvas.isVisible)
    canvas.setFocus(Qt.FocusReason.MouseFocusReason)
    assert canvas.grab().toImage().pixelColor(1, 20) != accent
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas.grab().toImage().pixelColor(1, 20) == accent
    canvas.clearFocus()
    assert canvas.grab().toImage().pixelColor(1, 20) != accent


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0, 3.0])
def test_icons_are_drawn_at_the_screen_s_density(qapp: QApplication, ratio: float) -> None:
    for spec in [each for each in ACTIONS if each.icon][:3]:
        pixmap = icon(spec.icon, DARK).pixmap(QSize(SIZE, SIZE), ratio)
        assert pixmap.width() == round(SIZE * ratio)
        assert pixmap.devicePixelRatio() == ratio
    glyphs = QIcon(glyph("down-dark")).pixmap(QSize(12, 12), ratio)
    assert glyphs.width() == round(12 * ratio)


def test_a_sign_has_the_colour_it_is_told(qtbot: QtBot) -> None:
    sign = Sign("circle", 24)
    qtbot.addWidget(sign)
    sign.recolour(DARK, DARK.on_error)
    assert sign.size() == QSize(24, 24)
    assert sign.grab().toImage().pixelColor(12, 12) == QColor(DARK.on_error)


def test_the_system_s_theme_follows_the_desktop(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    hints = qapp.styleHints()
    window.settings.set(declared.THEME, ThemeName.SYSTEM)
    for scheme, palette in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Unknown, DARK)):
        monkeypatch.setattr("app.ui.look.theme._desktop_scheme", lambda scheme=scheme: scheme)
        hints.colorSchemeChanged.emit(scheme)
        assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(palette.window)
    assert window.action_set["theme_system"].isChecked()
    window.settings.set(declared.THEME, ThemeName.DARK)


def test_a_theme_that_is_chosen_does_not_follow(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    monkeypatch.setattr("app.ui.look.theme._desktop_scheme", lambda: Qt.ColorScheme.Light)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert QApplication.palette().color(QPalette.ColorRole.Window) == QColor(DARK.window)


def test_a_line_parts_the_photos_that_can_be_restored(qtbot: QtBot, window: MainWindow) -> None:
    offer = QFrame(window)
    offer.setProperty("role", "offer")
    offer.resize(40, 20)
    offer.show()
    assert offer.grab().toImage().pixelColor(20, 19) == QColor(worn().line)


def test_the_batch_s_button_in_the_status_bar_is_whole_and_makes_the_bar_no_taller(window: MainWindow) -> None:
    bar = window.status
    before = bar.sizeHint().height()
    bar.show_batch("Stapel angehalten bei 8 von 9")
    bar.batch.ensurePolished()
    assert bar.batch.maximumHeight() >= bar.batch.fontMetrics().height() + 4, "no letter is cut"
    assert bar.sizeHint().height() == before
