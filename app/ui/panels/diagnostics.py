"""Facts about this installation: versions, weights, licences, and the text a report of an error should hold.

Versions come from the packages' metadata, so that nothing is imported for them.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from app import __version__
from app.inference.request import DeviceChoice
from app.machine import version_of
from app.paths import licence_file, weights_folder
from app.ui.session.crash import log_file, without_home
from app.ui.settings.declared import all_settings
from app.ui.settings.setting import Page
from app.ui.settings.store import Settings

SHOWN = ("PySide6-Essentials", "torch", "numpy", "opencv-python-headless", "pillow", "numba", "tifffile", "safetensors")
"""The packages a report names, by their distributions."""

_DIRECT = (
    *SHOWN,
    "QtAwesome",
    "platformdirs",
    "psutil",
    "tqdm",
    "jpeglib",
    "pypatchmatch",
    "scikit-image",
    "pillow-heif",
    "rawpy",
)
_LOG_LINES = 30
_LICENCE_BYTES = 400_000


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package: its name, version and licence in a few words."""

    name: str
    version: str
    licence: str


def python_version() -> str:
    """The interpreter's."""
    return platform.python_version()


def packages() -> list[Package]:
    """What the program is built on and what that needs in turn, as far as it is installed, by name."""
    found: dict[str, Package] = {}
    waiting = list(_DIRECT)
    while waiting:
        name = waiting.pop()
        if _plain(name) in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[_plain(name)] = Package(distribution.name, distribution.version, _licence(distribution))
        waiting += _needed(distribution)
    return sorted(found.values(), key=lambda package: package.name.lower())


def licence_text(package: str) -> str:
    """The texts of its licence that `package`, installed, brought along, at most 400 kB; empty where it brought none.

    May take a tenth of a second: not for the GUI thread.
    """
    names = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
    parts: list[str] = []
    for file in metadata.files(package) or ():
        if (
            names.search(file.name)
            and file.suffix not in {".py", ".pyc", ".pyi"}
            and sum(map(len, parts)) < _LICENCE_BYTES
        ):
            path = Path(str(file.locate()))
            if path.is_file():
                parts.append(f"{file.name}\n\n{path.read_text('utf-8', 'replace').strip()}")
    return ("\n\n" + "─" * 24 + "\n\n").join(parts)[:_LICENCE_BYTES]


def own_licence() -> str:
    """The text of Lacuna's licence; empty in an installation without it."""
    try:
        return licence_file().read_text("utf-8")
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Card:
    """What the model card says about the weights."""

    name: str
    licence: str
    source: str
    steps: int
    """Of the training that ended with these weights."""
    hardware: str
    photographs: int
    sources: tuple[tuple[str, str, int], ...]
    """Name, licence and photographs of each data set."""


def model_card(folder: Path | None = None) -> Card | None:
    """The card of the shipped weights, or of those in `folder`; None where there is none that can be read."""
    try:
        card = json.loads(((folder or weights_folder()) / "model.json").read_text("utf-8"))
        training, data = card.get("training", {}), card.get("data", {})
        sources = tuple(
            (str(each["source"]), str(each["licence"]), int(each["photographs"])) for each in data.get("sources", ())
        )
        return Card(
            card["name"],
            card["licence"],
            card["source"],
            int(training.get("steps", 0)),
            str(training.get("hardware", "")),
            int(data.get("photographs", 0)),
            sources,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def device_in_use(choice: DeviceChoice) -> str:
    """The device that `choice` comes to here. Imports torch: not for the GUI thread."""
    from app.inference.device import choose_device, device_label

    return device_label(choose_device(choice))


def diagnostics(settings: Settings, device: str) -> str:
    """All that a report of an error should hold, without the user's home folder; `device` as it is known."""
    return without_home("\n".join((*_versions(device), *_screens(), *_changed(settings), *_log())))


def _versions(device: str) -> Iterator[str]:
    yield f"Lacuna {__version__}"
    yield f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}, {platform.machine()}"
    yield ", ".join(f"{package} {version_of(package)}" for package in SHOWN)
    yield f"Device: {device}"
    card = model_card()
    yield f"Weights: {card.name if card is not None else '–'}"


def _screens() -> Iterator[str]:
    yield f"Platform: {QGuiApplication.platformName()}"
    for screen in QGuiApplication.screens():
        size, ratio, dpi = screen.size(), screen.devicePixelRatio(), screen.logicalDotsPerInch()
        yield f"Screen: {size.width()} × {size.height()} at {100 * ratio:.0f} %, {dpi:.0f} dpi"


def _changed(settings: Settings) -> Iterator[str]:
    changed = [each for each in all_settings() if each.page is not Page.NONE and settings.get(each) != each.default]
    yield "Settings: " + (", ".join(f"{each.key} = {settings.get(each)}" for each in changed) or "as shipped")


def _log() -> Iterator[str]:
    try:
        lines = log_file().read_text("utf-8", "replace").splitlines()[-_LOG_LINES:]
    except OSError:
        lines = []
    yield "Log:"
    yield from (f"  {line}" for line in lines or ["empty"])


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(distribution: metadata.Distribution) -> list[str]:
    plain = [each for each in distribution.requires or () if "extra ==" not in each]
    return [match[0] for each in plain if (match := re.match(r"[\w.-]+", each))]


def _licence(distribution: metadata.Distribution) -> str:
    about = distribution.metadata
    named = next((about[key] for key in ("License-Expression", "License") if key in about), "")
    named = named.strip().partition("\n")[0]
    if named and len(named) < 80:
        return named
    classes = [
        each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith("License ::")
    ]
    return ", ".join(classes) or named[:80] or "–"
