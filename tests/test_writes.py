"""Every write of the program goes through the atomic writer: any other is found here."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.writes import Write, writes_in, writes_of

ROOT = Path(__file__).parents[1]

ALLOWED: dict[str, tuple[set[str], str]] = {
    "app/atomic.py": ({".open", ".replace"}, "the atomic writer itself"),
    "app/appending.py": ({".open"}, "what only grows: a journal's last line may be cut short, the others never"),
    "app/scratch.py": (
        {".write_bytes", "tempfile.TemporaryDirectory", "tempfile.TemporaryFile"},
        "what a library needs for a moment; nobody misses it after a crash",
    ),
    "app/document/recovery/kept_photo.py": ({"os.ftruncate"}, "the atomic writer's own file, begun anew"),
    "app/memory.py": ({".write_text"}, "a switch of the kernel under /proc, no file"),
    "app/imaging/formats/pillow.py": ({".open", ".save"}, "the null device; into an array"),
    "app/imaging/formats/jpeg_blocks.py": ({".write_dct"}, "into a scratch file"),
    "app/imaging/twins.py": ({"io.FileIO", ".save"}, "into memory that has no name on the disk"),
    "app/imaging/film_files.py": ({".open"}, "the encoder, into the atomic writer's file"),
    "app/ui/stages/talk_pages.py": ({"PySide6.QtGui.QPdfWriter"}, "into memory"),
    "app/ui/session/crash.py": ({"logging.handlers.RotatingFileHandler"}, "the log, which rotates by itself"),
    "app/ui/settings/store.py": ({"PySide6.QtCore.QSettings"}, "the settings, which Qt replaces whole"),
    "app/training/recorder.py": (
        {"torch.utils.tensorboard.SummaryWriter"},
        "TensorBoard's own log of a training run",
    ),
    "app/training/checkpoints.py": ({".rename"}, "a whole folder takes the place of another"),
    **dict.fromkeys(
        ("app/bench/batch.py", "app/bench/files.py", "app/bench/removal.py", "app/bench/editing.py"),
        ({"tempfile.TemporaryDirectory"}, "a measurement's own folder"),
    ),
}
"""Who may write otherwise, by what, and why."""


def _sources() -> list[Path]:
    return [ROOT / "main.py", *sorted((ROOT / "app").rglob("*.py"))]


def test_nobody_writes_but_the_atomic_writer() -> None:
    others = []
    for path in _sources():
        name = path.relative_to(ROOT).as_posix()
        allowed, _ = ALLOWED.get(name, (set(), ""))
        others += [f"{name}:{write.line}: {write.call}" for write in writes_of(path) if write.call not in allowed]
    assert not others, "use app.atomic, app.appending or app.scratch"


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_still_needed(name: str) -> None:
    assert ALLOWED[name][0] == {write.call for write in writes_of(ROOT / name)}


FOUND = """
open(path, "w")
open(path, mode="ab")
open(path, "r+b")
open(path, mode)
import io; io.open(path, "x")
import io; io.FileIO(path, "w")
import codecs; codecs.open(path, "w", "utf-8")
path.open("w", encoding="utf-8")
path.open("xb")
path.open(mode="a")
path.open(mode)
path.write_text("x")
path.write_bytes(b"x")
path.touch()
path.rename(other)
path.replace(other)
from pathlib import Path; Path("a").write_text("x")
from pathlib import Path; list(map(Path.touch, paths))
import os; os.replace(a, b)
import os; os.rename(a, b)
import os as system; system.truncate(path, 0)
from os import replace; replace(a, b)
import os; os.open(path, os.O_WRONLY | os.O_CREAT)
import os; os.open(path, flags)
import os; os.fdopen(number, "wb")
import shutil; shutil.copy(a, b)
import shutil; shutil.copy2(a, b)
import shutil; shutil.copyfile(a, b)
import shutil; shutil.copytree(a, b)
import shutil; shutil.move(a, b)
from shutil import move as take; take(a, b)
from functools import partial; import shutil; partial(shutil.move, a, b)
import tempfile; tempfile.NamedTemporaryFile()
import tempfile; tempfile.mkstemp()
import tempfile; tempfile.mkdtemp()
import numpy as np; np.save(path, array)
import numpy as np; np.savez_compressed(path, a=array)
import numpy as np; np.savetxt("a.txt", array)
import numpy as np; np.memmap(path, mode="w+")
from functools import partial; import numpy as np; partial(np.save, path)
array.tofile(path)
import cv2; cv2.imwrite("a.png", array)
import cv2; cv2.VideoWriter("a.mp4", 0, 25, size)
import tifffile; tifffile.imwrite(path, array)
import tifffile; tifffile.TiffWriter(path)
image.save(path)
image.save("a.png", "PNG")
self.pixmap.save(str(path))
from PySide6.QtGui import QImage; QImage(4, 4).save("a.png")
figure.savefig("a.png")
from PySide6.QtCore import QSaveFile; QSaveFile("a")
from PySide6.QtCore import QFile; QFile("a")
from PySide6 import QtCore; QtCore.QFile("a")
from PySide6.QtCore import QSettings; QSettings()
from PySide6.QtGui import QPdfWriter; QPdfWriter("a.pdf")
import torch; torch.save(state, path)
import torch; torch.save(state, f=path)
import torch; torch.onnx.export(network, path)
from safetensors.torch import save_file; save_file(state, path)
import zipfile; zipfile.ZipFile(path, "w")
from zipfile import ZipFile; ZipFile(path, mode="a")
import tarfile; tarfile.open(path, "w:gz")
import gzip; gzip.open(path, "wt")
archive.extractall(folder)
import sqlite3; sqlite3.connect("a.db")
import logging; logging.FileHandler("a.log")
from logging.handlers import RotatingFileHandler; RotatingFileHandler("a.log")
from torch.utils.tensorboard import SummaryWriter; SummaryWriter("runs")
import csv; csv.writer(open("a.csv", "w", newline=""))
import json; json.dump(values, path.open("w"))
import urllib.request; urllib.request.urlretrieve(url, path)
""".strip().splitlines()

NOT_FOUND = """
open(path)
open(path, "rb")
path.open("rb")
path.open(encoding="utf-8")
self.files.open(path)
from PIL import Image; Image.open(file, formats=["JPEG"])
text.replace("a", "b")
import dataclasses; dataclasses.replace(value, a=1)
from dataclasses import replace; replace(value, a=1)
moment.replace(microsecond=0)
painter.save()
self.recorder.save(rect)
import os; os.open(folder, os.O_RDONLY)
import zipfile; zipfile.ZipFile(path)
import io; import numpy as np; out = io.BytesIO(); np.save(out, array)
import io; import tifffile; out = io.BytesIO(); tifffile.imwrite(out, array)
from app.atomic import write_text; write_text(path, "x")
from app import atomic; atomic.write_bytes(path, b"x")
def write(out: BinaryIO) -> None: image.save(out, "PNG")
def write(out: BinaryIO) -> None: torch.save(state, out)
""".strip().splitlines()


@pytest.mark.parametrize("snippet", FOUND)
def test_it_finds(snippet: str) -> None:
    assert len(writes_in(snippet)) == 1


@pytest.mark.parametrize("snippet", NOT_FOUND)
def test_it_leaves_in_peace(snippet: str) -> None:
    assert writes_in(snippet) == []


def test_it_says_where_and_sees_the_atomic_writers_stream() -> None:
    source = textwrap.dedent(
        """
        from zipfile import ZipFile
        from app.atomic import replacing

        def pack(path):
            with replacing(path) as file, ZipFile(file, "w") as archive:
                archive.writestr("a", "b")
            with open(path, "w") as file:
                file.write("x")
        """
    )
    assert writes_in(source) == [Write(8, "open")]
