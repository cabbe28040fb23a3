"""An evaluation's figures as text: by method, by mask-area bin, and what one method gains over another."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.imaging.random_masks import AREA_BINS
from app.training.evaluate import bin_name
from app.training.methods import COMPARED
from app.training.scores import Means, Table, means_of

_BINS = tuple(bin_name(index) for index in range(len(AREA_BINS)))
_NAME, _CELL = 28, 11

NOTE = (
    "Results are rounded to 8 bits here. The published code truncates them, half a grey level darker on average:\n"
    "published 8-bit pictures score a little lower for that alone."
)

Gains = dict[str, dict[str, dict[str, float | None]]]


def text_table(table: Table) -> str:
    """Figures over all samples, by mask-area bin, then the gains; figures that nobody has are left out."""
    has_features = any(entry["all"]["lpips"] is not None for entry in table.values())
    blocks = [_overall(table), _by_bin(table, "hole PSNR, dB", "hole_psnr", 1.0, 2)]
    if has_features:
        blocks.append(_by_bin(table, "feature dist. e3", "lpips", 1000.0, 0))
    blocks.append(_by_bin(table, "SSIM", "ssim", 1.0, 4))
    gained = gains(table)
    if gained:
        blocks.append(_gains_block(gained, "gain, hole PSNR dB", "hole_psnr_db"))
        if has_features:
            blocks.append(_gains_block(gained, "feature dist., %", "lpips_percent"))
    return "\n\n".join([*blocks, NOTE])


def gains(table: Table) -> Gains:
    """``{"NAME over OTHER": {"all" or a bin: {"hole_psnr_db", "lpips_percent"}}}`` for the pairs that were compared.

    The first figure is the difference of the means, more is better; the second the change of the mean feature distance
    in per cent of OTHER's, less is better, None without an extractor.
    """
    pairs = [pair for pair in COMPARED if pair[0] in table and pair[1] in table]
    return {f"{better} over {worse}": _gain_by_bin(table, better, worse) for better, worse in pairs}


def _gain_by_bin(table: Table, better: str, worse: str) -> dict[str, dict[str, float | None]]:
    found = {}
    for name in (None, *_BINS):
        mine, other = means_of(table, better, name), means_of(table, worse, name)
        if mine is not None and other is not None:
            found[name or "all"] = _gain(mine, other)
    return found


def _gain(mine: Means, other: Means) -> dict[str, float | None]:
    decibels = [mine["hole_psnr"], other["hole_psnr"]]
    distances = [mine["lpips"], other["lpips"]]
    gained = None if None in decibels else (decibels[0] or 0.0) - (decibels[1] or 0.0)
    change = 100 * ((distances[0] or 0.0) / distances[1] - 1) if distances[1] else None
    return {"hole_psnr_db": gained, "lpips_percent": change}


def _overall(table: Table) -> str:
    lines = [f"{'method':<{_NAME}}{'PSNR':>8}{'hole':>8}{'SSIM':>8}{'L1 %':>8}{'feat e3':>9}{'s':>9}"]
    for method, entry in table.items():
        means = entry["all"]
        parts = [("psnr", 8, 2, 1.0), ("hole_psnr", 8, 2, 1.0), ("ssim", 8, 4, 1.0), ("l1", 8, 2, 100.0)]
        parts += [("lpips", 9, 0, 1000.0), ("seconds", 9, 3, 1.0)]
        cells = [f"{_number(means[name], factor, digits):>{width}}" for name, width, digits, factor in parts]
        lines.append(f"{method:<{_NAME}}{''.join(cells)}")
    return "\n".join(lines)


def _by_bin(table: Table, title: str, figure: str, factor: float, digits: int) -> str:
    def row(method: str) -> list[str]:
        by_bin = [means_of(table, method, name) for name in _BINS]
        return ["–" if means is None else _number(means[figure], factor, digits) for means in by_bin]

    return _block(title, _BINS, table, row, _NAME)


def _gains_block(gained: Gains, title: str, figure: str) -> str:
    digits = 2 if figure == "hole_psnr_db" else 1

    def row(pair: str) -> list[str]:
        cells = [gained[pair].get(name) for name in ("all", *_BINS)]
        return ["–" if cell is None else _number(cell[figure], 1.0, digits, sign="+") for cell in cells]

    return _block(title, ("all", *_BINS), gained, row, max(_NAME, *(len(pair) + 1 for pair in gained)))


def _block(
    title: str, columns: Iterable[str], names: Iterable[str], row: Callable[[str], list[str]], width: int
) -> str:
    lines = [f"{title:<{width}}" + "".join(f"{name:>{_CELL}}" for name in columns)]
    lines += [f"{name:<{width}}" + "".join(f"{cell:>{_CELL}}" for cell in row(name)) for name in names]
    return "\n".join(lines)


def _number(value: float | None, factor: float, digits: int, sign: str = "") -> str:
    return "–" if value is None else f"{value * factor:{sign}.{digits}f}"
