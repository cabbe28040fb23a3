"""The remembered choices for files that are written: which of them a format has, and what they amount to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.imaging.exporting import ExportSize, SizeKind
from app.imaging.formats.catalog import BY_SUFFIX
from app.imaging.save_options import SaveOptions
from app.ui.settings import declared
from app.ui.settings.declared import WebpCoding
from app.ui.settings.setting import Setting
from app.ui.settings.store import Settings

_BY_FORMAT: dict[str, tuple[Setting[Any], ...]] = {
    "JPEG": (declared.JPEG_AS_SOURCE, declared.JPEG_QUALITY, declared.JPEG_CHROMA),
    "WEBP": (declared.WEBP_CODING, declared.WEBP_QUALITY),
    "PNG": (declared.PNG_EFFORT,),
    "TIFF": (declared.TIFF_COMPRESSION,),
    "BMP": (),
}
_NUMBERS: dict[SizeKind, Setting[Any]] = {
    SizeKind.LONG_SIDE: declared.EXPORT_PIXELS,
    SizeKind.WIDTH: declared.EXPORT_PIXELS,
    SizeKind.HEIGHT: declared.EXPORT_PIXELS,
    SizeKind.MEGAPIXELS: declared.EXPORT_MEGAPIXELS,
    SizeKind.PERCENT: declared.EXPORT_PERCENT,
}


def format_of(path: Path) -> str:
    """The name of the format in which `path` would be written; empty where its ending names none."""
    return BY_SUFFIX[path.suffix.lower()].name if path.suffix.lower() in BY_SUFFIX else ""


def settings_of(format_name: str) -> tuple[Setting[Any], ...]:
    """What there is to choose for a format: its coding, then what is kept, if it can hold that."""
    own = _BY_FORMAT.get(format_name, ())
    return (*own, declared.KEEP) if format_name not in {"", "BMP"} else own


def is_in_use(settings: Settings, setting: Setting[Any]) -> bool:
    """False where another choice makes `setting` irrelevant."""
    if setting in (declared.JPEG_QUALITY, declared.JPEG_CHROMA):
        return not settings.get(declared.JPEG_AS_SOURCE)
    if setting is declared.WEBP_QUALITY:
        return settings.get(declared.WEBP_CODING) is WebpCoding.LOSSY
    return True


def save_options(settings: Settings, format_name: str) -> SaveOptions:
    """As chosen for a format."""
    quality: int | None = None
    lossless: bool | None = None
    if format_name == "JPEG" and not settings.get(declared.JPEG_AS_SOURCE):
        quality = settings.get(declared.JPEG_QUALITY)
    if format_name == "WEBP" and (coding := settings.get(declared.WEBP_CODING)) is not WebpCoding.AS_SOURCE:
        lossless = coding is WebpCoding.LOSSLESS
        quality = None if lossless else settings.get(declared.WEBP_QUALITY)
    effort = settings.get(declared.PNG_EFFORT)
    return SaveOptions(
        quality,
        settings.get(declared.JPEG_CHROMA),
        lossless,
        effort if format_name == "PNG" and effort >= 0 else None,
        settings.get(declared.TIFF_COMPRESSION),
        settings.get(declared.KEEP),
    )


def number_of(kind: SizeKind) -> Setting[Any] | None:
    """The setting whose number says how large a copy becomes; None where it needs none."""
    return _NUMBERS.get(kind)


def export_size(settings: Settings) -> ExportSize:
    """How large a copy becomes, as chosen."""
    kind = settings.get(declared.EXPORT_KIND)
    number = number_of(kind)
    value = 100.0 if number is None else float(settings.get(number)) * (100 if number.percent else 1)
    enlarge, sharpen = settings.get(declared.EXPORT_ENLARGE), settings.get(declared.EXPORT_SHARPEN)
    return ExportSize(kind, value, enlarge, sharpen)
