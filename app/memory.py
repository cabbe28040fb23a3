"""How much memory this process holds and has held, in MB (10**6 bytes)."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")

ARENAS = 2
"""Pools of memory that threads take from."""

_M_ARENA_MAX = -8
"""glibc's name of that limit, ``malloc.h``."""


def peak_mb() -> float | None:
    """The most this process has held; None where the system does not say.

    On Linux from ``VmHWM``: the ``ru_maxrss`` of a process also counts what its parent held when it was started.
    """
    held = _status("VmHWM") if _STATUS.exists() else None
    if held is not None:
        return held
    if sys.platform == "win32":
        return _windows_peak()
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def current_mb() -> float | None:
    """What this process holds now; None where the system does not say."""
    if _STATUS.exists():
        return _status("VmRSS")
    try:
        import psutil
    except ModuleNotFoundError:
        return None
    return float(psutil.Process().memory_info().rss) / 1e6


def physical_mb() -> float | None:
    """The memory of the machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    except (AttributeError, ValueError, OSError):
        pass
    try:
        import psutil
    except ModuleNotFoundError:
        return None
    return float(psutil.virtual_memory().total) / 1e6


def give_back() -> None:
    """Let the system have what the C library keeps of memory that was freed.

    glibc keeps most of what arrays and networks took between others, a gigabyte after large photographs. To give 120 MB
    back takes some 10 ms, in which other threads may wait for memory. Elsewhere nothing happens.
    """
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def keep_together() -> bool:
    """Let all threads take their memory from `ARENAS` pools; returns whether the system can. Call it before there are
    threads.

    glibc else makes eight pools a processor, which all keep holes between what they still lend: the editor held 30 %
    less after ten minutes of random use, and no longer grew. Elsewhere nothing happens.
    """
    libc = _glibc()
    return libc is not None and bool(libc.mallopt(_M_ARENA_MAX, ARENAS))


def forget_peak() -> None:
    """Let the peak start again from what is held now, where the system can (Linux); elsewhere nothing happens."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _glibc() -> ctypes.CDLL | None:
    """The C library; None where it is another."""
    if sys.platform != "linux":
        return None
    try:
        libc = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None


def _status(field: str) -> float | None:
    for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith(f"{field}:"):
            return round(int(line.split()[1]) * 1024 / 1e6, 1)
    return None


def _windows_peak() -> float | None:
    try:
        import psutil
    except ModuleNotFoundError:
        return None
    return float(psutil.Process().memory_info().peak_wset) / 1e6
