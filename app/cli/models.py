"""`lacuna models`: which coarse inpainters and weights there are, from where and under what licence."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.options import add_device
from app.cli.output import note, print_json
from app.errors import LacunaError
from app.inference.allowed import allowed_file
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM, OWN, CoarseInfo, coarse_info
from app.inference.own_models import model_name
from app.models.weights import find_weights


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--weights", type=Path, metavar="DIR", help="also look at this folder of weights")
    parser.add_argument(
        "--coarse-file",
        type=Path,
        metavar="FILE",
        action="append",
        help="also list this model of your own, unrun; may be given several times",
    )
    add_device(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the list."""
    from app.inference.device import choose_device, device_label

    device = device_label(choose_device(arguments.device))
    models = [_coarse_row(info) for info in COARSE_INPAINTERS if info.name != OWN and not info.is_network]
    models += [_custom_row(path) for path in arguments.coarse_file or [None]]
    for kind in (info.name for info in COARSE_INPAINTERS if info.name == OWN or info.is_network):
        models += _shipped_rows(kind, device)
    if arguments.weights:
        models += _weight_rows(arguments.weights, device)
    if arguments.json:
        print_json({"models": models})
        return 0
    for row in models:
        state = "" if row["installed"] else "  (not installed)"
        size = f"{row['size'] / 1e6:.1f} MB" if row["size"] else "–"
        print(f"{row['name']:<28}{size:>9}  {row['licence']:<14}{row['device']:<8}{row['source']}{state}")
    return 0


def _coarse_row(info: CoarseInfo) -> dict[str, Any]:
    return {
        "name": info.name,
        "kind": "coarse",
        "label": info.label,
        "installed": info.installed,
        "file": None,
        "sha256": None,
        "licence": info.licence,
        "source": info.source,
        "size": None,
        "device": "cpu",
    }


def _custom_row(path: Path | None) -> dict[str, Any]:
    """The user's own file, of which nothing is run; without one, that there may be one."""
    row = _coarse_row(CUSTOM)
    if path is None:
        return row | {"installed": False}
    file = allowed_file(path)
    details = {"file": str(file.path), "sha256": file.sha256, "size": path.stat().st_size}
    return row | details | {"label": model_name(file), "source": f"{model_name(file)}; made by others"}


def _shipped_rows(kind: str, device: str) -> list[dict[str, Any]]:
    """The weights of the network `kind` that come with the program; where they are gone, a row that says so."""
    from app.inference.weight_files import folder_of

    try:
        return _weight_rows(folder_of(kind, None), device)
    except LacunaError as error:
        note(str(error))
        return [_coarse_row(coarse_info(kind)) | {"installed": False}]


def _weight_rows(folder: Path, device: str) -> list[dict[str, Any]]:
    """The network as a coarse inpainter, and each stage's file with its hash and size."""
    found = find_weights(folder)
    shared = {
        "kind": "weights",
        "installed": True,
        "licence": str(found.card.get("licence", "unknown")),
        "source": str(found.card.get("source", "unknown")),
        "device": device,
    }
    kind, label = found.config.kind, coarse_info(found.config.kind).label
    rows = []
    for file in found.files:
        name = kind if file.stage == "coarse" else f"{kind}-{file.stage}"
        details = {"label": f"{label} {file.stage} ({found.name})", "file": str(file.path), "sha256": file.sha256()}
        rows.append({"name": name, **shared, **details, "size": file.path.stat().st_size})
    return rows
