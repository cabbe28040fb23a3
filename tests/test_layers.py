"""The layer rule, executable: a lower package never imports a higher one, and the heavy ones stay where they belong."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"

FORBIDDEN = {
    "imaging": {"torch", "safetensors", "PySide6", "qtawesome", "app.models", "app.inference", "app.batch",
                "app.document", "app.training", "app.ui", "app.cli"},
    "models": {"PySide6", "cv2", "PIL", "app.imaging", "app.inference", "app.document", "app.training", "app.ui",
               "app.cli"},
    "inference": {"PySide6", "app.batch", "app.document", "app.training", "app.ui", "app.cli"},
    "batch": {"torch", "PySide6", "app.models", "app.document", "app.training", "app.ui", "app.cli"},
    "document": {"torch", "PySide6", "app.models", "app.inference", "app.batch", "app.training", "app.ui", "app.cli"},
    "training": {"PySide6", "app.document", "app.ui", "app.cli"},
    "bench": {"app.training", "app.cli"},
    "ui": {"torch", "cv2", "app.models", "app.training", "app.cli"},
    "cli": set(),
}  # fmt: skip

ONE_MODULE_ONLY = {
    "QImage": {
        "qimages.py",
        "screen_tiles.py",
        "image_layer.py",
        "image_drawer.py",
        "mask_tint.py",
        "overlay.py",
        "preview_layer.py",
        "turning.py",
    },
    "QThread": {"jobs.py"},
    "threading": {"jobs.py", "crash.py", "ending.py"},
    "QSettings": {"store.py"},
}
"""Names that exactly one module of the window may import."""


def imports_of(path: Path) -> set[str]:
    """Every module and ``module.name`` a file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_package_has_a_rule():
    packages = {path.name for path in APP.iterdir() if (path / "__init__.py").exists()}
    assert packages == FORBIDDEN.keys()


@pytest.mark.parametrize("package", FORBIDDEN)
def test_no_package_reaches_up(package):
    for path in (APP / package).rglob("*.py"):
        for name in imports_of(path):
            broken = [bad for bad in FORBIDDEN[package] if name == bad or name.startswith(bad + ".")]
            assert not broken, f"{path.relative_to(APP.parent)} imports {name}"


@pytest.mark.parametrize("name", ONE_MODULE_ONLY)
def test_one_module_knows(name):
    users = {
        path.name
        for path in (APP / "ui").rglob("*.py")
        if any(imported == name or imported.endswith("." + name) for imported in imports_of(path))
    }
    assert users <= ONE_MODULE_ONLY[name], f"{name} is imported by {users}"


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("app.inference.engine", "PySide6"),
        ("app.document.document", "torch"),
        ("app.ui.app", "torch"),
        ("app.ui.app", "app.ui.panels.about"),
        ("app.ui.app", "app.ui.panels.settings_dialog"),
        ("app.cli.main", "torch"),
        ("app.cli.main", "PySide6"),
        ("app.cli.batch", "PySide6"),
        ("app.cli.batch", "torch"),
        ("app.batch.pipeline", "torch"),
        ("app.training.trainer", "PySide6"),
        ("app.training.native", "PySide6"),
        ("app.training.solvers", "numba"),
        ("app.batch.report", "torch"),
        ("app.batch.report", "PySide6"),
        ("app.batch.provenance", "torch"),
        ("app.bench.networks", "PySide6"),
        ("app.bench.networks", "numba"),
    ],
)
def test_importing_one_does_not_load_the_other(module, absent):
    code = f"import sys, {module}; sys.exit({absent!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=APP.parent, check=False).returncode == 0
