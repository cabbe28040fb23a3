"""What the program does with files from elsewhere, kind by kind. Each raises `LacunaError` where a file is refused."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np

from app.errors import LacunaError
from app.imaging.files import SAVE_SUFFIXES, read_mask, read_photo, write_photo
from app.imaging.geometry import Extent
from app.imaging.photo_thumbnails import read_thumbnail
from app.imaging.save_options import Keep, SaveOptions
from app.imaging.screen import look_of
from tests.fuzzing.case import Kind
from tests.fuzzing.practice import do_harm
from tests.fuzzing.seeds import HEIGHT, WIDTH


class UnsavedError(Exception):
    """A photo that opened could not be saved, or not opened again."""


def open_file(kind: Kind, path: Path, limit: int) -> None:
    """Open `path`, photos and masks of at most `limit` pixels, and do with it what the program would."""
    match kind:
        case Kind.PHOTO:
            _photo(path, limit)
        case Kind.MASK:
            read_mask(path, Extent(WIDTH, HEIGHT))
        case Kind.WEIGHTS:
            from app.models.weights import load_network

            load_network(path.parent)
        case Kind.CHECKPOINT:
            from app.training.checkpoints import load_checkpoint

            load_checkpoint(path)
        case Kind.FEATURES:
            from app.models.features import load_extractor

            load_extractor(path)
        case Kind.PRACTICE:
            do_harm(path)
        case Kind.SESSION:
            from app.document.session_file import photo_paths, read_session, session_thumbnail

            with contextlib.suppress(LacunaError):
                session_thumbnail(path)
            photo_paths(path)
            read_session(path, pixel_limit=limit)


def _photo(path: Path, limit: int) -> None:
    with contextlib.suppress(LacunaError):
        read_thumbnail(path)
    photo = read_photo(path, pixel_limit=limit, for_editing=True)
    look_of(photo.metadata.icc_profile)(photo.pixels[:2, :2])
    pixels = photo.pixels.copy()
    pixels[0, 0] ^= 255
    suffix = path.suffix.lower() if path.suffix.lower() in SAVE_SUFFIXES else ".tif"
    out = path.with_name(f"saved{suffix}")
    try:
        write_photo(out, pixels, photo)
        again = read_photo(out, pixel_limit=limit)
        write_photo(out, pixels, photo, SaveOptions(keep=Keep.NO_PLACE))
    except LacunaError as error:
        raise UnsavedError(str(error)) from error
    if again.extent != photo.extent or not np.array_equal(again.pixels.shape, pixels.shape):
        raise UnsavedError(f"{photo.extent} became {again.extent}")
