"""Photograph the editor: the real window, off the screen, over the real engine, in every state worth a look.

Usage: ``python resources/screenshots.py OUT_FOLDER`` writes ``NAME-WIDTHxHEIGHT.png``, at 2x with ``@2x``;
``python resources/screenshots.py --readme`` writes the pictures of the README to ``resources/screenshots``.

The sample photograph, settings of their own and no animations: the same program gives the same pictures, but for the
times a run took. Texts are drawn in the fonts that are installed; Japanese needs one of its own (``fonts-noto-cjk`` on
Debian and Ubuntu) and is left out without.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from screenshot_states import OVERS, STATES, LeftOutError  # noqa: E402
from screenshot_studio import Studio  # noqa: E402

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QPixmap
    from PySide6.QtWidgets import QWidget

Size = tuple[int, int]

SIZES: tuple[Size, ...] = ((1280, 800), (1920, 1080))
README = (
    "painting",
    "panes",
    "before_after",
    "batch_queue",
    "light",
    "compare",
    "candidates",
    "difference",
    "attention",
    "keep",
    "loupe",
    "presentation",
    "cost",
)
README_SIZE: Size = (1280, 800)
README_BYTES = 250_000

SHADOW = 16
"""Pixels it reaches beyond a window that lies over another."""


def grabs(studio: Studio, name: str, sizes: tuple[Size, ...]) -> Iterator[tuple[Size, QPixmap]]:
    """The state `name` at each of `sizes`."""
    studio.clear()
    studio.window.resize(*sizes[0])
    studio.settle()
    STATES[name](studio)
    for size in sizes:
        studio.window.resize(*size)
        studio.settle()
        overs = OVERS[name](studio) if name in OVERS else []
        studio.settle()
        picture = studio.window.grab()
        for over, corner in overs:
            _lay_over(picture, over, corner)
            over.hide()
        yield size, picture


def _lay_over(picture: QPixmap, over: QWidget, corner: QPoint) -> None:
    """Paint a window over the picture of another, with the shadow that a desktop gives it, a dialog with its frame."""
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QColor, QPainter, QPalette
    from PySide6.QtWidgets import QDialog

    area = QRect(corner, over.size())
    painter = QPainter(picture)
    for width in range(1, SHADOW):
        painter.fillRect(area.adjusted(-width, 0, width, width + width // 2), QColor(0, 0, 0, 6))
    painter.drawPixmap(corner, over.grab())
    if isinstance(over, QDialog):
        painter.setPen(over.palette().color(QPalette.ColorRole.PlaceholderText))
        painter.drawRect(area.adjusted(-1, -1, 0, 0))
    painter.end()


def shoot(out: Path, names: list[str], sizes: tuple[Size, ...], scale: float, fake: bool) -> int:
    """Write the shots at one scale; the number of those left out."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = f"{scale:g}"
    left_out = 0
    with tempfile.TemporaryDirectory() as store:
        studio = _studio(fake, Path(store))
        for name in names:
            try:
                for (width, height), picture in grabs(studio, name, sizes):
                    mark = "" if scale == 1 else f"@{scale:g}x"
                    picture.save(str(out / f"{name}-{width}x{height}{mark}.png"))
                    print(f"{name}-{width}x{height}{mark}", flush=True)
            except LeftOutError as reason:
                left_out += 1
                print(f"{name}: left out, {reason}", flush=True)
        studio.close()
    return left_out


def _studio(fake: bool, store: Path) -> Studio:
    """Settings are read from, and written to, `store` alone."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QApplication

    from app.ui.app import make_application

    application = QApplication.instance()
    if application is None:
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(store))
        os.environ["XDG_DATA_HOME"] = os.environ["XDG_STATE_HOME"] = str(store)
        application = make_application()
    assert isinstance(application, QApplication)
    application.setCursorFlashTime(0)
    return Studio(fake, store)


def for_readme(out: Path, wanted: list[str], fake: bool) -> None:
    """The pictures of the README, as JPEG of at most 250 kB."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QPixmap

    names = [name for name in README if name in wanted]
    with tempfile.TemporaryDirectory() as folder:
        shoot(Path(folder), names, (README_SIZE,), 1, fake)
        out.mkdir(parents=True, exist_ok=True)
        strip = Path(folder) / "strip.png"
        _save_strip(strip, fake)
        _write_small(
            QPixmap(str(strip)).scaledToWidth(README_SIZE[0], Qt.TransformationMode.SmoothTransformation),
            out / "strip.jpg",
        )
        for name in names:
            source = Path(folder) / f"{name}-{README_SIZE[0]}x{README_SIZE[1]}.png"
            if source.is_file():
                _write_small(QPixmap(str(source)), out / f"{name}.jpg")


def _save_strip(path: Path, fake: bool) -> None:
    """What *Strip of the stages* writes of the sample."""
    with tempfile.TemporaryDirectory() as store:
        studio = _studio(fake, Path(store))
        studio.fill()
        studio.window.commands.talk.write_strip(path)
        studio.wait(lambda: path.exists() and not studio.window.session.saves.words, "for the strip")
        studio.close()


def _write_small(picture: QPixmap, path: Path) -> None:
    for quality in range(94, 40, -3):
        picture.save(str(path), "JPG", quality)
        if path.stat().st_size <= README_BYTES:
            return


def _size(text: str) -> Size:
    width, _, height = text.partition("x")
    return int(width), int(height)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path, nargs="?", help="folder for the pictures; made where it is missing")
    parser.add_argument("--size", type=_size, nargs="+", default=None, help="such as 1280x800")
    parser.add_argument("--scale", type=float, nargs="+", default=None, help="screen pixels a pixel, such as 2")
    parser.add_argument("--only", nargs="+", choices=list(STATES), default=list(STATES), metavar="NAME")
    parser.add_argument("--fake", action="store_true", help="an engine that takes no time and fills with one colour")
    parser.add_argument("--readme", action="store_true", help="the pictures of the README, to resources/screenshots")
    return parser.parse_args()


def main() -> int:
    """Shoot; each scale in a process of its own, for it is settled when the application starts."""
    given = _arguments()
    if given.readme:
        for_readme(given.out or ROOT / "resources" / "screenshots", given.only, given.fake)
        return 0
    if given.out is None:
        raise SystemExit("say where to: python resources/screenshots.py OUT_FOLDER")
    given.out.mkdir(parents=True, exist_ok=True)
    scales = given.scale or [1.0, 2.0]
    if len(scales) == 1:
        shoot(given.out, given.only, tuple(given.size or SIZES), scales[0], given.fake)
        return 0
    for scale in scales:
        sizes = given.size or (SIZES if scale == 1 else SIZES[:1])
        command = [sys.executable, __file__, str(given.out), "--scale", f"{scale:g}", "--only", *given.only]
        command += ["--size", *(f"{width}x{height}" for width, height in sizes)] + ["--fake"] * given.fake
        subprocess.run(command, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
