"""A process that opens files: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback
import warnings
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from app.errors import LacunaError
from app.memory import current_mb, forget_peak, peak_mb
from tests.fuzzing.case import Fault, Kind
from tests.fuzzing.openers import UnsavedError, open_file

_LONGEST = 600
"""Letters of a sentence."""


def main() -> None:
    """Serve until the input ends. What libraries print goes to the file named by the first argument."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    printed = Path(sys.argv[1]).open("w+b", buffering=0)  # noqa: SIM115 - for as long as the process lives
    for descriptor in (1, 2):
        os.dup2(printed.fileno(), descriptor)
    warnings.simplefilter("default")
    _serve(answers, printed)


def _serve(answers: TextIO, printed: BinaryIO) -> None:
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)
        path = Path(order["path"])
        gc.collect()
        before = current_mb() or 0.0
        forget_peak()
        began = time.process_time()
        answer = _opened(Kind(order["kind"]), path, order["limit"])
        answer |= {"seconds": time.process_time() - began, "megabytes": (peak_mb() or 0.0) - before}
        sys.stdout.flush()
        sys.stderr.flush()
        if printed.tell():
            printed.seek(0)
            answer["faults"].append(Fault.PRINTED)
            answer["details"] += printed.read().decode(errors="replace")[:2000]
            printed.seek(0)
            printed.truncate()
        if not path.exists():
            gc.freeze()  # the libraries are loaded now: what they hold need not be gone through for every file
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _opened(kind: Kind, path: Path, limit: int) -> dict[str, Any]:
    answer: dict[str, Any] = {"opened": False, "text": "", "faults": [], "details": ""}
    try:
        open_file(kind, path, limit)
        answer["opened"] = True
    except LacunaError as error:
        answer["text"] = str(error)
        if not _is_sentence(str(error)):
            answer["faults"].append(Fault.ERROR)
    except UnsavedError as error:
        answer |= {"opened": True, "faults": [Fault.UNSAVED], "details": str(error)}
    except Exception:  # what must not come
        answer |= {"faults": [Fault.ERROR], "details": traceback.format_exc()[-3000:]}
    return answer


def _is_sentence(text: str) -> bool:
    return bool(text) and "\n" not in text and len(text) <= _LONGEST and text.isprintable()


if __name__ == "__main__":
    main()
