"""Finds every place in a source file that writes to the disk, by its syntax tree.

What goes into a stream that is known to be none of the disk's, or the atomic writer's, is no write: a name bound by
``with replacing(…) as name``, ``io.BytesIO()``, or a parameter whose annotation is a stream's. Making folders, locks
and links is not looked for, nor is deleting.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WRITES = _words(
    """
    os.replace os.rename os.renames os.truncate os.ftruncate os.mknod os.sendfile os.copy_file_range
    shutil.copy shutil.copy2 shutil.copyfile shutil.copytree shutil.move shutil.make_archive shutil.unpack_archive
    tempfile.NamedTemporaryFile tempfile.TemporaryFile tempfile.SpooledTemporaryFile tempfile.TemporaryDirectory
    tempfile.mkstemp tempfile.mkdtemp
    cv2.imwrite cv2.imwritemulti cv2.VideoWriter cv2.FileStorage
    numpy.memmap numpy.lib.format.open_memmap tifffile.memmap
    sqlite3.connect dbm.open shelve.open
    urllib.request.urlretrieve torch.hub.download_url_to_file torch.hub.load_state_dict_from_url
    logging.FileHandler logging.handlers.RotatingFileHandler logging.handlers.TimedRotatingFileHandler
    logging.handlers.WatchedFileHandler
    pathlib.Path.write_text pathlib.Path.write_bytes pathlib.Path.touch pathlib.Path.rename pathlib.Path.replace
    """
)
"""Functions that write whatever they are given; not even handed on by name."""

_TO_FIRST = _words(
    """
    numpy.save numpy.savez numpy.savez_compressed numpy.savetxt
    tifffile.imwrite tifffile.TiffWriter imageio.imwrite imageio.v3.imwrite
    """
)
_TO_SECOND = _words(
    """
    torch.save torch.jit.save torch.onnx.export onnx.save onnx.save_model
    safetensors.torch.save_file safetensors.numpy.save_file shutil.copyfileobj
    """
)
"""Functions that write to the argument in that place, unless it is a stream."""

_OPENERS = {
    "open": 1, "io.open": 1, "codecs.open": 1, "os.fdopen": 1, "io.FileIO": 1,
    "gzip.open": 1, "bz2.open": 1, "lzma.open": 1, "gzip.GzipFile": 1, "bz2.BZ2File": 1, "lzma.LZMAFile": 1,
    "zipfile.ZipFile": 1, "tarfile.open": 1, "tarfile.TarFile": 1,
}  # fmt: skip
"""Where their mode stands."""

_CLASSES = _words(
    """
    QSaveFile QFile QTemporaryFile QTemporaryDir QSettings QImageWriter QPdfWriter QPrinter QSvgGenerator
    QMediaRecorder SummaryWriter FileHandler RotatingFileHandler
    """
)
_METHODS = _words(
    """
    write_text write_bytes touch rename savefig tofile save_file imwrite write_dct write_spatial extractall
    """
)
"""Whatever they are called on."""

_OWN = frozenset(
    {"self", "files", "_files", "file", "sessions", "_sessions", "recorder", "_recorder", "painter", "painting"}
)
"""Receivers whose `save` is the program's own verb, or puts a painter's state aside."""

_STREAMS = ("BinaryIO", "BytesIO", "StringIO", "TextIO", "IO[", "FileIO", "TarFile", "ZipFile")
_MAKERS = frozenset({"replacing", "app.atomic.replacing", "io.BytesIO", "io.StringIO", "app.scratch.scratch_stream"})
_LONGEST_MODE = len("w:bz2")
_READ_FLAGS = frozenset({"O_RDONLY", "O_DIRECTORY", "O_CLOEXEC", "O_NOFOLLOW", "O_PATH", "O_BINARY", "O_NONBLOCK"})


@dataclass(frozen=True, slots=True)
class Write:
    """A place that writes."""

    line: int
    call: str
    """By what, such as ``shutil.copy`` or ``.write_text``."""


def writes_in(source: str) -> list[Write]:
    """All places in `source`, by line."""
    tree = ast.parse(source)
    return sorted(_Finder(tree).found(), key=lambda write: (write.line, write.call))


def writes_of(path: Path) -> list[Write]:
    """All places in the file at `path`."""
    return writes_in(path.read_text(encoding="utf-8"))


class _Finder:
    def __init__(self, tree: ast.AST) -> None:
        self._tree = tree
        self._names = _imported(tree)
        self._called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        self._streams: frozenset[str] = frozenset()
        """Names that are streams in the function that is looked at."""

    def found(self) -> Iterator[Write]:
        yield from self._found_in(self._tree)

    def _found_in(self, node: ast.AST) -> Iterator[Write]:
        outside = self._streams
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            self._streams = outside | frozenset(self._bound_streams(node))
        what = self._what(node)
        if what and isinstance(node, ast.expr):
            yield Write(node.lineno, what)
        for child in ast.iter_child_nodes(node):
            yield from self._found_in(child)
        self._streams = outside

    def _what(self, node: ast.AST) -> str:
        if isinstance(node, ast.Call):
            return self._written_by(node)
        if isinstance(node, ast.Attribute | ast.Name) and id(node) not in self._called:
            name = self._name_of(node)
            return name if name in _WRITES | _TO_FIRST | _TO_SECOND and name.rpartition(".")[2].islower() else ""
        return ""

    def _bound_streams(self, scope: ast.AST) -> Iterator[str]:
        """What is bound to a stream in `scope`, functions in it left out."""
        for node in _within(scope):
            match node:
                case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
                    for target, value in zip(names, values, strict=False):
                        if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                            yield from (target.id,) if self._name_of(value.func) in _MAKERS else ()
                case ast.arg(arg=name, annotation=ast.expr() as annotation):
                    if any(stream in ast.unparse(annotation) for stream in _STREAMS):
                        yield name
                case (
                    ast.withitem(context_expr=ast.Call(func=maker), optional_vars=ast.Name(id=name))
                    | ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=maker))
                ):
                    if self._name_of(maker) in _MAKERS:
                        yield name

    def _written_by(self, call: ast.Call) -> str:
        """By what `call` writes; empty where it doesn't."""
        name = self._name_of(call.func)
        if name in _WRITES or name.rpartition(".")[2] in _CLASSES:
            return name
        if name in _TO_FIRST or name in _TO_SECOND:
            return "" if self._is_stream(call, 0 if name in _TO_FIRST else 1) else name
        if name in _OPENERS:
            return name if _writes_in_mode(call, _OPENERS[name]) and not self._is_stream(call, 0) else ""
        if name == "os.open":
            return "" if _only_reads(call) else name
        if name.startswith(("app.", "dataclasses.", "copy.", "PIL.Image.open")):
            return ""
        return self._method(call) if isinstance(call.func, ast.Attribute) else ""

    def _method(self, call: ast.Call) -> str:
        assert isinstance(call.func, ast.Attribute)
        method = call.func.attr
        is_write = {
            "open": lambda: _writes_in_mode(call, 0, of_method=True) or _writes_in_mode(call, 1, of_method=True),
            "replace": lambda: len(call.args) == 1 and not call.keywords,
            "save": lambda: self._saves(call),
        }.get(method, lambda: method in _METHODS)
        return f".{method}" if is_write() else ""

    def _saves(self, call: ast.Call) -> bool:
        assert isinstance(call.func, ast.Attribute)
        receiver = call.func.value
        own = receiver.attr if isinstance(receiver, ast.Attribute) else getattr(receiver, "id", "")
        return bool(call.args or call.keywords) and own not in _OWN and not self._is_stream(call, 0)

    def _is_stream(self, call: ast.Call, place: int) -> bool:
        if len(call.args) <= place:
            return False
        target = call.args[place]
        if isinstance(target, ast.Call):
            return self._name_of(target.func) in _MAKERS
        return isinstance(target, ast.Name) and target.id in self._streams

    def _name_of(self, node: ast.AST) -> str:
        """The dotted name behind an expression, by what was imported; empty where it is no name."""
        if isinstance(node, ast.Name):
            return self._names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            before = self._name_of(node.value)
            return f"{before}.{node.attr}" if before else ""
        return ""


def _imported(tree: ast.AST) -> dict[str, str]:
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                names[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return names


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(scope):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _within(node)


def _writes_in_mode(call: ast.Call, place: int, *, of_method: bool = False) -> bool:
    """True where the mode, in that place or by its name, writes, or is not known; a method's may stand elsewhere."""
    given = next((each.value for each in call.keywords if each.arg == "mode"), None)
    if given is None and len(call.args) > place:
        given = call.args[place]
    if isinstance(given, ast.Constant):
        return isinstance(given.value, str) and len(given.value) <= _LONGEST_MODE and bool({*"wax+"} & {*given.value})
    return given is not None and (not of_method or getattr(given, "id", "") == "mode")


def _only_reads(call: ast.Call) -> bool:
    flags = [node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute) and node.attr.startswith("O_")]
    return bool(flags) and set(flags) <= _READ_FLAGS
