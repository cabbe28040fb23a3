"""``python -m tests.fuzzing``: open hostile files, and say which of them did what no file may do."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from tests.fuzzing.case import Case, Kind, Verdict
from tests.fuzzing.cases import damaged_cases, nasty_cases
from tests.fuzzing.trial import Bounds, Trial, bound_of


def main() -> int:
    """Open them all; 1 where one of them did harm."""
    options = _options()
    bounds = Bounds(options.max_pixels * 1_000_000, bound_of(options.max_pixels * 1_000_000))
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="lacuna-fuzzing-") as folder:
        for number, verdict in enumerate(Trial(Path(folder), bounds).verdicts(_wanted(options, bounds)), 1):
            verdicts.append(verdict)
            if verdict.faults or options.verbose:
                print(_line(verdict), flush=True)
                print(verdict.details, end="\n" if verdict.details else "", flush=True)
            elif sys.stderr.isatty():
                print(f"\r{number}", end="", file=sys.stderr)
    _summarise(verdicts, bounds)
    return int(any(verdict.faults for verdict in verdicts))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="files in all, nasties included (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", type=Kind, choices=list(Kind), help="files of this kind alone")
    parser.add_argument("--only", metavar="WORD", help="files with this in their names alone")
    parser.add_argument("--no-nasties", action="store_true", help="damaged files alone")
    parser.add_argument(
        "--max-pixels", type=int, default=24, metavar="MP", help="the limit of size (default: %(default)s megapixels)"
    )
    parser.add_argument("--verbose", action="store_true", help="tell of every file")
    return parser.parse_args()


def _wanted(options: argparse.Namespace, bounds: Bounds) -> Iterator[Case]:
    known = () if options.no_nasties else nasty_cases(bounds.pixels)
    return islice(filter(lambda case: _fits(case, options), chain(known, _damaged(options))), options.count)


def _damaged(options: argparse.Namespace) -> Iterator[Case]:
    """As many as could be wanted: a filter that nothing passes must end."""
    return islice(damaged_cases(options.seed), 20 * options.count)


def _fits(case: Case, options: argparse.Namespace) -> bool:
    return options.kind in (None, case.kind) and (options.only is None or options.only in case.name)


def _line(verdict: Verdict) -> str:
    state = ", ".join(verdict.faults).upper() or ("opened" if verdict.opened else "refused")
    return f"{verdict.kind} {verdict.case}: {state}; {verdict.seconds:.2f} s, {verdict.megabytes:.0f} MB {verdict.text}"


def _summarise(verdicts: list[Verdict], bounds: Bounds) -> None:
    for kind in Kind:
        own = [verdict for verdict in verdicts if verdict.kind is kind]
        if own:
            opened = sum(verdict.opened for verdict in own)
            print(
                f"{kind}: {len(own)} files, {opened} opened, {len(own) - opened} refused;"
                f" at most {max(each.seconds for each in own):.1f} s and {max(each.megabytes for each in own):.0f} MB"
            )
    faults = Counter(fault for verdict in verdicts for fault in verdict.faults)
    told = ", ".join(f"{number} × {fault}" for fault, number in faults.items()) or "no harm"
    print(f"{len(verdicts)} files, bounds {bounds.seconds:.0f} s and {bounds.megabytes:.0f} MB: {told}")


if __name__ == "__main__":
    sys.exit(main())
