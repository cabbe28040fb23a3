"""Opening an image file with Pillow, so that everything that can be wrong with it ends as one clear sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import PIL.Image
from PIL import UnidentifiedImageError
from PIL.ImageFile import ImageFile

from app.errors import LacunaError, read_failure
from app.imaging.formats import heif, pillow, raw, sanity, tiff
from app.imaging.geometry import Extent
from app.words import Words

PIXEL_LIMIT = 179_000_000
"""More pixels than this open only when asked for, unless another limit is given: a small file can hold more than the
memory does."""
BYTES_PER_PIXEL = 12
"""What a photo of 8 bits per channel takes while it is open, about: as opened, as edited, as shown."""

_MAX_SIDE = 1_000_000
"""Pixels; decoders take memory and time by the row and by the column."""
_TALKATIVE = frozenset({"TIFF"})
"""Formats whose decoders write on stderr."""
_SAMPLE_KINDS = {2: Words("signed integer"), 3: Words("floating-point")}
"""By TIFF's sample format."""


class HugeImageError(LacunaError):
    """An image of more pixels than are allowed; the one error that asking again with ``allow_huge`` overcomes."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open image file whose first picture is decoded, in the form the file holds it."""

    image: ImageFile
    file: BinaryIO
    frames: int
    """Pictures in the file: pages, frames of an animation."""

    def load(self, path: Path) -> None:
        """Decode the pixels now where they are not yet; `LacunaError` where the file is damaged."""
        with told_as_damage(path):
            self.image.load()


@contextlib.contextmanager
def opened(
    path: Path, formats: Sequence[str], check: Callable[[Extent], None], *, lazily: bool = False
) -> Iterator[Opened]:
    """Open and decode `path`; `lazily` leaves the pixels of a TIFF to `Opened.load`.

    `check` is called with the size, as stored, before any pixel is decoded, and raises what it has against it.

    Raises `LacunaError` where there is no such file, where it is no image of one of `formats` (Pillow's names), and
    where it is damaged.
    """
    with identified(path, formats, check) as (image, file):
        yield Opened(image, file, _decode(path, file, image, lazily and image.format == "TIFF"))


@contextlib.contextmanager
def identified(
    path: Path, formats: Sequence[str], check: Callable[[Extent], None]
) -> Iterator[tuple[ImageFile, BinaryIO]]:
    """`path`, of which only the header was read; raises as `opened` does, apart from damage further on."""
    pillow.take_over()
    with opened_file(path) as file:
        _check_kind(path, file)
        _check_structure(path, file)
        _check_samples(path, file)
        with _identified(path, file, formats) as image:
            check(Extent(image.width, image.height))
            yield image, file


@contextlib.contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """`path` open for reading; `LacunaError` where that fails or it is empty."""
    try:
        if path.is_dir():
            raise LacunaError(Words("{path} is a folder: open an image in it", path=path))
        if path.exists() and not path.is_file():  # which would be waited for
            raise LacunaError(Words("{path} is a pipe or a device: open a file", path=path))
        file = path.open("rb")
    except FileNotFoundError as error:
        raise LacunaError(Words("{path} does not exist: check the name and the folder", path=path)) from error
    except OSError as error:
        raise read_failure(error, path) from error
    with file:
        if not file.read(1):
            raise LacunaError(Words("{name} is empty (0 bytes): restore it from a copy", name=path.name))
        file.seek(0)
        yield file


def _check_kind(path: Path, file: BinaryIO) -> None:
    """Refuse what needs an extra that is not installed, and raw files, of which Pillow would open the thumbnail."""
    if path.suffix.lower() in raw.SUFFIXES:
        raise LacunaError(Words("{name} is a camera raw file: develop it to TIFF or JPEG first", name=path.name))
    kind = heif.kind_of(file.read(12))
    file.seek(0)
    if kind and not heif.can_open(kind):
        raise LacunaError(
            Words(
                "{name} is {kind}, which needs the extra heif (pip install 'lacuna[heif]'): install it, or"
                " convert the file to JPEG first",
                name=path.name,
                kind=kind,
            )
        )


def _check_structure(path: Path, file: BinaryIO) -> None:
    try:
        sanity.check(file)
    except MemoryError as error:
        raise _too_large(path) from error
    except sanity.AbsurdError as error:
        raise LacunaError(
            Words("{name} is built as no camera or program builds a file: do not trust it", name=path.name)
        ) from error


def _check_samples(path: Path, file: BinaryIO) -> None:
    """Refuse the TIFFs that Pillow would either not know or clip."""
    sample_format, bits = tiff.sample_format(file)
    file.seek(0)
    kind = _SAMPLE_KINDS.get(sample_format, Words("{bits}-bit", bits=bits))
    if sample_format in _SAMPLE_KINDS or bits > 16:
        raise LacunaError(
            Words(
                "{name} is a {kind} TIFF, which is not supported: convert it to 16 or 8 bits first",
                name=path.name,
                kind=kind,
            )
        )


def _identified(path: Path, file: BinaryIO, formats: Sequence[str]) -> ImageFile:
    try:
        PIL.Image.init()
        return PIL.Image.open(file, formats=[name for name in formats if name in PIL.Image.OPEN])
    except UnidentifiedImageError as error:
        raise LacunaError(
            Words("{name} is damaged or not an image of a known kind: use JPEG, PNG, WebP, TIFF or BMP", name=path.name)
        ) from error
    except MemoryError as error:
        raise _too_large(path) from error
    except Exception as error:  # Pillow's parsers raise whatever they trip over
        raise _reason(path, error) from error


def pixels_allowed(*, allow_huge: bool, pixel_limit: int | None) -> int | None:
    """How many pixels a file may have that opens: `pixel_limit`, `PIXEL_LIMIT` where there is none; None lets all."""
    if allow_huge:
        return None
    return PIXEL_LIMIT if pixel_limit is None else pixel_limit


def check_size(path: Path, extent: Extent, *, limit: int | None) -> None:
    """Refuse an image of `extent` that has more than `limit` pixels; None lets every size pass."""
    width, height = extent
    if max(extent) > _MAX_SIDE or min(extent) < 1:
        raise LacunaError(
            Words(
                "{name} is said to be {width}×{height} pixels, which no photograph is",
                name=path.name,
                width=width,
                height=height,
            )
        )
    if limit is not None and width * height > limit:
        raise HugeImageError(
            Words(
                "{name} has {megapixels:,.4g} megapixels ({width}×{height}) and would take about {gigabytes:.2g} GB of"
                " memory, more than the {limit:,.4g} megapixels that open unasked: allow huge images if you trust"
                " the file",
                name=path.name,
                megapixels=width * height / 1e6,
                width=width,
                height=height,
                gigabytes=width * height * BYTES_PER_PIXEL / 1e9,
                limit=limit / 1e6,
            )
        )


def _decode(path: Path, file: BinaryIO, image: ImageFile, only_count: bool) -> int:
    """Load the pixels of the first picture; return how many pictures there are."""
    with told_as_damage(path, silently=image.format in _TALKATIVE):
        # Only some formats have it; of a TIFF Pillow would read every directory.
        frames = tiff.pages(file) if image.format == "TIFF" else getattr(image, "n_frames", 1)
        if not only_count:
            image.load()
        return int(frames)


@contextlib.contextmanager
def told_as_damage(path: Path, *, silently: bool = True) -> Iterator[None]:
    """Whatever a decoder of `path` raises becomes a sentence; `silently` keeps it from writing on stderr."""
    try:
        with pillow.silent() if silently else contextlib.nullcontext():
            yield
    except LacunaError:
        raise
    except MemoryError as error:
        raise _too_large(path) from error
    except Exception as error:  # decoders raise whatever they trip over
        raise _reason(path, error) from error


def _reason(path: Path, error: Exception) -> LacunaError:
    if "PngImagePlugin.MAX_TEXT" in str(error):
        return LacunaError(
            Words(
                "{name} holds more text than is safe to unpack: save it without its metadata in the program that"
                " made it",
                name=path.name,
            )
        )
    return _damaged(path)


def _damaged(path: Path) -> LacunaError:
    return LacunaError(
        Words("{name} is damaged or cut short and cannot be decoded: restore it from a copy", name=path.name)
    )


def _too_large(path: Path) -> LacunaError:
    return LacunaError(
        Words("{name} does not fit into memory: close other programs or use a smaller image", name=path.name)
    )
