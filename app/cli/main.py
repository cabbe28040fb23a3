"""Which command is meant, and what its failure looks like: exit codes 0 done, 1 failed, 2 wrong usage, 130 Ctrl+C."""

from __future__ import annotations

import argparse
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from app import __version__
from app.errors import LacunaError
from app.memory import keep_together

COMMANDS = {
    "inpaint": "fill the hole of one photograph and write the result",
    "batch": "fill the holes of a folder of photographs",
    "evaluate": "compare inpainting methods on photographs with known truth",
    "train": "train the networks",
    "bench": "measure what this machine does how fast",
    "models": "list the coarse inpainters and weights there are",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    keep_together()
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser, run = _command(arguments)
    options = parser.parse_args(arguments)
    try:
        return run(options)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the one place where every failure becomes one line
        if options.debug:
            traceback.print_exc()
        print(f"lacuna: error: {_sentence(error)}", file=sys.stderr)
        return 1


Run = Callable[[argparse.Namespace], int]


def _command(arguments: list[str]) -> tuple[argparse.ArgumentParser, Run]:
    """The parser and the function of the command named first; its name is taken off. Without one, the editor's."""
    if arguments and arguments[0] in COMMANDS:
        name = arguments.pop(0)
        module = import_module(f"app.cli.{name}")
        parser = argparse.ArgumentParser(prog=f"lacuna {name}", description=COMMANDS[name])
        module.add_arguments(parser)
        run: Run = module.run
    else:
        parser, run = _editor_parser(), _edit
    parser.add_argument("--debug", action="store_true", help="show the traceback of a failure")
    return parser, run


def _editor_parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  lacuna {name:<10} {what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="lacuna",
        description="Paint over what should not be there, press Enter, and the photograph is whole again.",
        epilog=f"commands that need no window:\n{listed}\n\n'lacuna COMMAND --help' tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "photo", nargs="?", type=Path, metavar="PHOTO", help="photograph, or session (.lacuna), to open"
    )
    parser.add_argument("--mask", type=Path, help="mask to lay over it: an image of the same size, white = fill")
    parser.add_argument("--sample", action="store_true", help="open the sample photograph with its mask")
    parser.add_argument("--version", action="version", version=f"Lacuna {__version__}")
    return parser


def _edit(options: argparse.Namespace) -> int:
    from app.cli.editor import open_editor

    return open_editor(options.photo, options.mask, sample=options.sample)


def _sentence(error: Exception) -> str:
    """One line for the person at the terminal."""
    if isinstance(error, LacunaError):
        text = str(error)
    elif isinstance(error, OSError):
        text = f"{error.filename or 'a file'}: {error.strerror or error}"
    elif isinstance(error, MemoryError):
        text = "memory ran out: close other programs or use a smaller --working-size"
    else:
        text = f"something unexpected went wrong ({type(error).__name__}: {error}); run again with --debug for details"
    return " ".join(text.split())
