"""Runs the sections one after another, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from subprocess import PIPE
from typing import Any

from app.bench.options import PROGRESS, BenchOptions, Section

_ROOT = Path(__file__).resolve().parents[2]

Tell = Callable[[str], None]
Launch = Callable[[list[str], dict[str, str], Tell], "subprocess.CompletedProcess[str]"]

DOING = {
    Section.NETWORKS: "measuring the stages at 256² and 512²",
    Section.REMOVAL: "removing an object from a photograph of 24 megapixels",
    Section.CANVAS: "drawing a photograph of 60 megapixels",
    Section.FILES: "opening, saving and undoing at 24 megapixels",
    Section.BATCH: "filling a folder of photographs of 12 megapixels",
}


def _launched(command: list[str], environment: dict[str, str], tell: Tell) -> subprocess.CompletedProcess[str]:
    """Run `command`; `tell` hears the progress on its stderr as it comes."""
    lines = []
    with (
        subprocess.Popen(
            command, env=environment, stdout=PIPE, stderr=PIPE, text=True, encoding="utf-8", errors="replace"
        ) as process,
        ThreadPoolExecutor(1) as reader,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        printed = reader.submit(process.stdout.read)
        for line in process.stderr:
            if line.startswith(PROGRESS):
                tell(line.removeprefix(PROGRESS).strip())
            else:
                lines.append(line)
    return subprocess.CompletedProcess(command, process.returncode, printed.result(), "".join(lines))


def run_bench(
    sections: Iterable[Section], options: BenchOptions, tell: Tell, launch: Launch = _launched
) -> dict[str, Any]:
    """``{section: figures, …, "skipped": {section: sentence}}``; `tell` hears what is being done and what was not."""
    figures: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for section in sections:
        tell(DOING[section])
        done = launch(_command(section, options), _environment(), tell)
        if done.returncode == 0:
            figures[section.value] = json.loads(done.stdout.strip().splitlines()[-1])
        else:
            skipped[section.value] = _reason(done)
            tell(f"no figures for {section}: {skipped[section.value]}")
    return figures | {"skipped": skipped}


def _command(section: Section, options: BenchOptions) -> list[str]:
    return [sys.executable, "-m", "app.bench.child", section.value, json.dumps(options.to_json())]


def _environment() -> dict[str, str]:
    """This process's own, with the program on Python's path."""
    before = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([str(_ROOT), before] if before else [str(_ROOT)])
    return os.environ | {"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode < 0:
        return f"its process was ended by signal {-done.returncode}"
    return lines[-1].strip() if lines else f"its process ended with {done.returncode}"
