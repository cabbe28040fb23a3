"""``python -m tests.monkey --minutes 60 --seed 1``: see the package."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.memory import keep_together

if TYPE_CHECKING:
    from tests.monkey.play import Outcome, Rules

_HOMES = "HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.monkey", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--replay", metavar="FROM:TO", default="0:", help="only these steps of the seed")
    parser.add_argument("--engine", choices=("real", "fake"), default="real")
    parser.add_argument("--platform", choices=("offscreen", "xcb"), default="offscreen")
    parser.add_argument("--warm-up", type=float, help="minutes before the first count (default: a twelfth)")
    parser.add_argument("--rests", type=int, default=12, help="how often all is put away and counted")
    parser.add_argument("--no-large", action="store_true", help="without the photo of 12 megapixels")
    parser.add_argument("--trace", action="store_true", help="say which lines hold more memory in the end (slower)")
    parser.add_argument("--log", type=Path, help="write every step to this file")
    return parser.parse_args()


def main() -> int:
    """Play, tell, and return 1 where something failed."""
    arguments = _arguments()
    os.environ["QT_QPA_PLATFORM"] = arguments.platform
    keep_together()
    with tempfile.TemporaryDirectory(prefix="monkey-") as name:
        for each in _HOMES:
            os.environ[each] = str(Path(name) / each.lower())
            Path(os.environ[each]).mkdir()
        return _played(arguments, Path(name))


def _played(arguments: argparse.Namespace, folder: Path) -> int:
    from app.ui.app import make_application
    from tests.monkey.play import Play

    application = make_application()
    application.setQuitOnLastWindowClosed(False)
    place = folder / "game"
    place.mkdir()
    outcome = Play(_rules(arguments), place).played()
    _tell(outcome)
    return 1 if outcome.failures else 0


def _rules(arguments: argparse.Namespace) -> Rules:
    from tests.monkey.play import Rules

    first, _, last = arguments.replay.partition(":")
    return Rules(
        seed=arguments.seed,
        minutes=arguments.minutes,
        first=int(first or 0),
        last=int(last) if last else None,
        rest_every=arguments.minutes / max(arguments.rests, 1),
        warm_up=arguments.minutes / 12 if arguments.warm_up is None else arguments.warm_up,
        is_fake=arguments.engine == "fake",
        large=not arguments.no_large,
        trace=arguments.trace,
        log=arguments.log,
    )


def _tell(outcome: Outcome) -> None:
    findings = outcome.findings
    print(f"\n{outcome.steps} steps: " + ", ".join(f"{name} {count}" for name, count in outcome.acts.items()))
    print("opened over the window: " + ", ".join(sorted(outcome.opened)))
    print(f"longest without the event loop: {findings.longest:.2f} s ({findings.longest_where}),")
    print(f"in processor time {findings.longest_cpu:.2f} s; {sum(findings.stalls.values())} stalls:")
    for place, count in findings.stalls.most_common(8):
        print(f"  {count:4}× {place}")
    print("errors the window told:")
    for text, count in findings.told.most_common(15):
        print(f"  {count:4}× {text}")
    print("memory, threads, widgets at rest:")
    for census in outcome.counts:
        print(f"  {census.line()}")
    for text in outcome.traced:
        print(text)
    print(f"\n{len(outcome.failures)} failures")
    for text in outcome.failures:
        print(f"  {text.strip()}")


if __name__ == "__main__":
    sys.exit(main())
