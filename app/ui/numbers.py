"""Numbers with their units as the window writes them, by the customs of the user's language."""

from __future__ import annotations

from PySide6.QtCore import QLocale

from app.ui.language import tr

_MEGABYTE = 2**20


def decimal(value: float, digits: int) -> str:
    """`value` with `digits` after the point."""
    return QLocale().toString(float(value), "f", digits)


def brief(value: float) -> str:
    """`value` with as many digits as it takes, such as ``1`` and ``0.7``."""
    return QLocale().toString(float(value), "g", 3)


def whole(value: int) -> str:
    """`value` with its digits in groups."""
    return QLocale().toString(value)


def per_cent(share: float) -> str:
    """0…1 as whole per cent."""
    return tr("{} %").format(decimal(100 * share, 0))


def fine_per_cent(share: float) -> str:
    """0…1 as per cent, with as many digits as it takes not to say 0."""
    percent = 100 * share
    if percent == 0:
        return per_cent(0)
    number = tr("{} %").format(decimal(max(percent, 0.1), 0 if percent >= 10 else 1))
    return number if percent >= 0.1 else f"< {number}"


def milliseconds(seconds: float) -> str:
    """`seconds` as captions show them, such as ``1,240 ms``."""
    return tr("{count} ms").format(count=whole(round(seconds * 1000)))


def duration(seconds: float) -> str:
    """Milliseconds up to a second, then seconds."""
    return milliseconds(seconds) if seconds < 1 else tr("{} s").format(decimal(seconds, 1))


def megabytes(nbytes: int) -> str:
    """Such as ``1.4 MB`` and ``27 MB``; what is next to nothing is not said to be nothing."""
    size = nbytes / _MEGABYTE
    if 0 < size < 0.1:
        return f"< {decimal(0.1, 1)} MB"
    return f"{decimal(size, 1 if 0 < size < 10 else 0)} MB"
