"""Opening an image file with Pillow, so that everything that can be wrong with it ends as one clear sentence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import PIL.Image
from PIL import UnidentifiedImageError
from PIL.ImageFile import ImageFile

from app.errors import LacunaError
from app.imaging.formats import heif, pillow, raw, tiff
from app.imaging.geometry import Extent
from app.words import Words

PIXEL_LIMIT = 179_000_000
"""More pixels than this open only when asked for, unless another limit is given: a small file can hold more than the
memory does."""
BYTES_PER_PIXEL = 12
"""What a photo of 8 bits per channel takes while it is open, about: as opened, as edited, as shown."""

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
def opened(path: Path, formats: Sequence[str], *, limit: int | None, lazily: bool = False) -> Iterator[Opened]:
    """Open and decode `path`; `lazily` leaves the pixels of a TIFF to `Opened.load`.

    Raises `LacunaError` where there is no such file, where it is no image of one of `formats` (Pillow's names), and
    where it is damaged; `HugeImageError` where it has more than `limit` pixels, None being no limit.
    """
    pillow.take_over()
    with opened_file(path) as file:
        _check_kind(path, file)
        _check_samples(path, file)
        with _identified(path, file, formats) as image:
            check_size(path, Extent(image.width, image.height), limit)
            yield Opened(image, file, _decode(path, image, lazily and image.format == "TIFF"))


@contextlib.contextmanager
def opened_file(path: Path) -> Iterator[BinaryIO]:
    """`path` open for reading; `LacunaError` where that fails or it is empty."""
    if path.is_dir():
        raise LacunaError(Words("{path} is a folder: open an image in it", path=path))
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise LacunaError(Words("{path} does not exist: check the name and the folder", path=path)) from error
    except OSError as error:
        raise LacunaError(
            Words("{path} cannot be read ({strerror}): check its permissions", path=path, strerror=error.strerror)
        ) from error
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
        raise _damaged(path) from error


def check_size(path: Path, extent: Extent, limit: int | None) -> None:
    """Refuse an image of `extent` that has more than `limit` pixels; None lets every size pass."""
    width, height = extent
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


def _decode(path: Path, image: ImageFile, only_count: bool) -> int:
    """Load the pixels of the first picture; return how many pictures there are."""
    with told_as_damage(path, silently=image.format == "TIFF"):
        frames = getattr(image, "n_frames", 1)  # only some formats have it; a loaded TIFF would lose its pixels
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
        raise _damaged(path) from error


def _damaged(path: Path) -> LacunaError:
    return LacunaError(
        Words("{name} is damaged or cut short and cannot be decoded: restore it from a copy", name=path.name)
    )


def _too_large(path: Path) -> LacunaError:
    return LacunaError(
        Words("{name} does not fit into memory: close other programs or use a smaller image", name=path.name)
    )
