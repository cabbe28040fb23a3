"""A bench's figures as text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.bench.options import Section

Figures = dict[str, Any]

HIDDEN = 0.9
"""From this ratio of single times to the batch's on, reading and writing count as hidden."""


def text_report(figures: Figures) -> str:
    """Hardware, then a block a section that was measured, then what was left out and why."""
    blocks = []
    if "hardware" in figures:
        blocks.append(_hardware(figures["hardware"]))
    blocks += [_BLOCKS[section](figures[section]) for section in Section if section in figures]
    blocks += [f"{name}: not measured: {reason}" for name, reason in figures.get("skipped", {}).items()]
    return "\n\n".join(blocks)


def _hardware(entry: Figures) -> str:
    memory = "" if entry["memory_gb"] is None else f", {entry['memory_gb']} GB"
    lines = [f"{entry['cpu']}, {entry['cores']} cores, {entry['threads']} threads{memory}"]
    if entry["gpu"]:
        lines.append(str(entry["gpu"]))
    return "\n".join([*lines, f"{entry['system']}, Python {entry['python']}, torch {entry['torch']}"])


def _networks(entry: Figures) -> str:
    blocks = []
    for device in entry["devices"].values():
        rate = device["matrix_tflops_bf16"]
        head = f"networks ({entry['weights']}) on {device['name']}, {device['precision']}"
        head += "" if rate is None else f"; bf16 matrix product: {rate:.2f} TFLOP/s"
        lines = [head, f"{'size':>6}{'batch':>7}" + "".join(f"{name:>20}" for name in ("coarse", "local", "global"))]
        lines[-1] += f"{'total ms':>12}{'ms/picture':>12}"
        for run in device["runs"]:
            cells = "".join(f"{_stage(run['stages'][name]):>20}" for name in ("coarse", "local", "global"))
            each = run["total_ms"] / run["batch"]
            lines.append(f"{run['size']:>6}{run['batch']:>7}{cells}{run['total_ms']:>12.2f}{each:>12.2f}")
        extra, size = device["global_stage_extra_mb"], device["global_stage_extra_mb_size"]
        if extra is not None:
            lines.append(f"the global stage at {size}²: {extra:.0f} MB beyond its weights and input")
        blocks.append("\n".join(lines))
    return "\n\n".join([*blocks, "(per cent: achieved of the matrix rate measured)", _costs(entry["costs"])])


def _costs(entry: Figures) -> str:
    size = entry["size"]
    lines = [
        f"stages at {size}², counted in full precision",
        f"{'':<8}{'parameters':>12}{'multiply-adds':>16}{'tensors':>12}{'sees':>12}",
    ]
    for name, cost in entry["stages"].items():
        field = cost["receptive_field"]
        lines.append(
            f"{name:<8}{cost['parameters'] / 1e6:>10.2f} M{cost['multiply_adds'] / 1e9:>14.2f} G"
            f"{cost['memory'] / 1e6:>9.1f} MB{'all' if field is None else f'{field} px':>12}"
        )
    return "\n".join(lines)


def _stage(stage: Figures) -> str:
    share = "" if stage["share"] is None else f" ({stage['share']:.1%})"
    return f"{stage['ms']:.2f} ms{share}"


def _removal(entry: Figures) -> str:
    lines = [f"removal from {entry['megapixels']} MP, hole {entry['hole_share']:.1%}, seconds{_peak(entry)}"]
    names = list(next(iter(entry["runs"].values()))["seconds"])
    lines.append(f"{'':<26}" + "".join(f"{name:>8}" for name in names))
    for run in entry["runs"].values():
        lines.append(f"{run['model']:<26}" + "".join(f"{run['seconds'][name]:>8.2f}" for name in names))
    return "\n".join(lines)


def _canvas(entry: Figures) -> str:
    lines = [f"canvas, {entry['megapixels']} MP{_peak(entry)}", f"{'':<40}{'figure':>10}{'to reach':>12}{'median':>10}"]
    for row in entry["rows"]:
        median = "" if row["median"] is None else f"{row['median']:.2f}"
        missed = "" if row["reached"] else "  missed"
        bar = f"≤ {row['bar']:g} {row['unit']}"
        lines.append(f"{row['name']:<40}{row['figure']:>10.2f}{bar:>12}{median:>10}{missed}")
    return "\n".join([*lines, "(frames: 95th percentile; the rest: the worst)"])


def _files(entry: Figures) -> str:
    lines = [f"files, {entry['megapixels']} MP, seconds{_peak(entry)}", f"{'':<8}{'open':>9}{'save':>9}{'MB':>9}"]
    for name, row in entry["formats"].items():
        lines.append(f"{name:<8}{row['open_s']:>9.2f}{row['save_s']:>9.2f}{row['mb']:>9.1f}")
    undo = entry["undo"]
    times = ", ".join(f"{word} {undo[f'{word}_ms']:.1f} ms" for word in ("accept", "undo", "redo"))
    return "\n".join([*lines, f"a result of {undo['megapixels']} MP: {times}; {undo['kept_mb']:.1f} MB kept"])


def _batch(entry: Figures) -> str:
    lines = [
        f"batch of {entry['photos']} photographs of {entry['megapixels']} MP, {entry['damaged']} of them damaged",
        f"{entry['outputs']} outputs, {entry['failed_rows']} failures"
        + (", exactly the damaged ones" if entry["failed_are_the_damaged"] else ", not exactly the damaged ones"),
        f"one by one {entry['singles_s']:.1f} s, as a batch {entry['batch_s']:.1f} s: {entry['throughput']:.3f}",
    ]
    if entry["throughput"] < HIDDEN:
        profile = entry["profile"]
        lines.append(
            f"  of that: filling {profile['engine_s']:.1f} s, waiting for files {profile['waiting_s']:.1f} s, the rest"
            f" {profile['other_s']:.1f} s; meanwhile: reading {profile['read_aside_s']:.1f} s, writing"
            f" {profile['written_aside_s']:.1f} s"
        )
    if (memory := entry["memory"]) is not None:
        lines.append(
            f"memory: {memory['there_mb']:.0f} MB at file {memory['from_file']}, {memory['last_mb']:.0f} MB at the last"
            f" ({memory['growth']:+.1%}); most since {memory['most_since_mb']:.0f} MB"
        )
    if (killed := entry["killed"]) is not None:
        same = "identical" if killed["identical"] else "NOT identical"
        lines.append(
            f"killed {killed['kills']} times and resumed: {killed['outputs']} outputs, {same},"
            f" {killed['done_twice']} done twice, {len(killed['left_over'])} files left over"
        )
    return "\n".join(lines)


def _peak(entry: Figures) -> str:
    peak = entry["peak_memory_mb"]
    return "" if peak is None else f" (peak memory {peak:.0f} MB)"


_BLOCKS: dict[Section, Callable[[Figures], str]] = {
    Section.NETWORKS: _networks,
    Section.REMOVAL: _removal,
    Section.CANVAS: _canvas,
    Section.FILES: _files,
    Section.BATCH: _batch,
}
