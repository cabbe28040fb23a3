"""How smooth a photograph of 60 megapixels is to work on, off screen: every figure beside the one it must reach."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from app.bench.options import BenchOptions
from app.bench.timing import Clock
from app.errors import LacunaError
from app.memory import peak_mb

SIZE, QUICK_SIZE = (9504, 6336), (900, 600)
VIEWS, QUICK_VIEWS = ((1600, 1000), (3840, 2160)), ((320, 200), (480, 270))


def measure_canvas(options: BenchOptions, clock: Clock = time.perf_counter) -> dict[str, Any]:
    """Rows of what was measured and what it must reach; see `rows.Row`.

    Raises `LacunaError` without PySide6.
    """
    if sys.platform.startswith("linux"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise LacunaError(f"the canvas needs PySide6, which does not load here ({error})") from error
    from app.bench.editing import editing_rows, opening_row
    from app.bench.keeping import keeping_rows
    from app.bench.painting import painting_rows
    from app.bench.presenting import presenting_rows
    from app.bench.workbench import Workbench

    _application = QApplication.instance() or QApplication(["bench"])
    size = QUICK_SIZE if options.quick else SIZE
    views = QUICK_VIEWS if options.quick else VIEWS
    bench = Workbench(*views[0], clock)
    rows = editing_rows(bench, size, options.quick)
    for view in views:
        rows += painting_rows(bench, view, options.quick)
        rows += presenting_rows(bench, view, options.quick)
    bench.resize(*views[0])
    rows += keeping_rows(bench, options.quick)
    rows.append(opening_row(bench, options.quick))
    bench.close()
    return {
        "megapixels": round(size[0] * size[1] / 1e6, 2),
        "rows": [row.to_json() for row in rows],
        "peak_memory_mb": peak_mb(),
    }
