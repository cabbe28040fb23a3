"""Runs the sections one after another, each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from app.bench.options import BenchOptions, Section

_ROOT = Path(__file__).resolve().parents[2]

Launch = Callable[[list[str], dict[str, str]], "subprocess.CompletedProcess[str]"]
Tell = Callable[[str], None]

DOING = {
    Section.NETWORKS: "measuring the stages at 256² and 512²",
    Section.REMOVAL: "removing an object from a photograph of 24 megapixels",
    Section.CANVAS: "drawing a photograph of 60 megapixels",
    Section.FILES: "opening, saving and undoing at 24 megapixels",
}


def _launched(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def run_bench(
    sections: Iterable[Section], options: BenchOptions, tell: Tell, launch: Launch = _launched
) -> dict[str, Any]:
    """``{section: figures, …, "skipped": {section: sentence}}``; `tell` hears what is being done and what was not."""
    figures: dict[str, Any] = {}
    skipped: dict[str, str] = {}
    for section in sections:
        tell(DOING[section])
        done = launch(_command(section, options), _environment())
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
    return os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT), before] if before else [str(_ROOT)])}


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    if done.returncode < 0:
        return f"its process was ended by signal {-done.returncode}"
    return lines[-1].strip() if lines else f"its process ended with {done.returncode}"
