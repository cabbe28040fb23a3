"""One section in a process of its own: ``python -m app.bench.child SECTION OPTIONS`` prints its figures as JSON."""

from __future__ import annotations

import json
import sys
from typing import Any

from app.bench.options import PROGRESS, BenchOptions, Section
from app.errors import LacunaError


def measured(section: Section, options: BenchOptions) -> dict[str, Any]:
    """The figures of `section`. Raises `LacunaError` where what it needs is not there."""
    try:
        return _measured(section, options)
    except ModuleNotFoundError as error:
        raise LacunaError(f"{section} needs the package {error.name}, which is not installed here") from error


def _measured(section: Section, options: BenchOptions) -> dict[str, Any]:
    if section is Section.NETWORKS:
        from app.bench.hardware import limit_threads
        from app.bench.networks import measure_networks

        limit_threads(options.threads)
        return measure_networks(options)
    if section is Section.REMOVAL:
        from app.bench.hardware import limit_threads
        from app.bench.removal import measure_removal

        limit_threads(options.threads)
        return measure_removal(options)
    if section is Section.CANVAS:
        from app.bench.canvas import measure_canvas

        return measure_canvas(options)
    if section is Section.BATCH:
        from app.bench.batch import measure_batch

        return measure_batch(options, _tell)
    from app.bench.files import measure_files

    return measure_files(options)


def _tell(text: str) -> None:
    print(f"{PROGRESS}{text}", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Measure, print one line of JSON; 1 and a sentence on stderr where it can't be done."""
    section, options = Section(arguments[0]), BenchOptions.from_json(json.loads(arguments[1]))
    try:
        print(json.dumps(measured(section, options)))
    except LacunaError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
