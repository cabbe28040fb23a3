"""Films as files: GIF and WebP through Pillow, MP4 (H.264) through PyAV's own encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import numpy as np
import PIL.Image

from app.atomic import replacing
from app.errors import LacunaError
from app.imaging.arrays import Image
from app.imaging.film import Film
from app.words import Words

SUFFIXES = (".mp4", ".webp", ".gif")

_RATES = {".webp": 20, ".gif": 10}
"""Frames a second, where each costs many bytes."""

Check = Callable[[], None]
"""Called before each frame; what it raises ends the writing, and no file is there."""

_COLOURS = 256
_PALETTE_SIDE = 256
"""Pixels of a scene's longer side when colours are chosen."""
_QUALITY = 85
"""Of WebP, 0…100."""
_CONSTANT_RATE = "17"
"""Of H.264, 0…51; less is finer. Coarser ones show in skies on a projector."""


def rate_of(path: Path) -> int:
    """How many frames a second suit a film at `path`."""
    return _RATES.get(path.suffix.lower(), 30)


def write_film(path: Path, film: Film, check: Check = lambda: None) -> None:
    """Write `film` to `path`, whose suffix is one of `SUFFIXES`; it plays over and over where the format says so.

    Sides of an MP4 are even: a last odd row or column is left out. Raises `LacunaError` for another suffix and
    `WriteError`.
    """
    write = {".mp4": _write_mp4, ".webp": _write_webp, ".gif": _write_gif}.get(path.suffix.lower())
    if write is None:
        kinds = " ".join(SUFFIXES)
        raise LacunaError(Words("{file}: a film is one of {kinds}", file=path.name, kinds=kinds))
    with replacing(path) as file:
        write(file, film, check)


def _write_mp4(file: BinaryIO, film: Film, check: Check) -> None:
    import av

    height, width = (side - side % 2 for side in film.scenes[0].picture.shape[:2])
    with av.open(file, "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", film.rate, {"crf": _CONSTANT_RATE, "preset": "medium"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, film.rate)
        for picture in _evenly(film):
            check()
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _evenly(film: Film) -> Iterator[Image]:
    """The film's pictures at its rate, one as often as it takes."""
    shown = due = 0.0
    for frame in film.frames():
        due += frame.seconds * film.rate
        while round(due) > shown:
            shown += 1
            yield frame.picture


def _write_webp(file: BinaryIO, film: Film, check: Check) -> None:
    pictures = (PIL.Image.fromarray(picture) for picture in _checked(film, check))
    first = next(pictures)
    first.save(
        file,
        "WEBP",
        save_all=True,
        append_images=pictures,
        duration=_milliseconds(film),
        loop=0,
        quality=_QUALITY,
        method=2,
    )


def _write_gif(file: BinaryIO, film: Film, check: Check) -> None:
    """All frames have the same colours, or what does not change would flicker."""
    palette = _palette(film)
    pictures = (PIL.Image.fromarray(picture).quantize(palette=palette) for picture in _checked(film, check))
    first = next(pictures)
    first.save(file, "GIF", save_all=True, append_images=pictures, duration=_milliseconds(film), loop=0, optimize=False)


def _palette(film: Film) -> PIL.Image.Image:
    """The colours that serve all scenes best."""
    small = []
    for scene in film.scenes:
        picture = PIL.Image.fromarray(scene.picture)
        picture.thumbnail((_PALETTE_SIDE, _PALETTE_SIDE))
        small.append(np.asarray(picture))
    return PIL.Image.fromarray(np.concatenate(small)).quantize(_COLOURS, PIL.Image.Quantize.MEDIANCUT)


def _checked(film: Film, check: Check) -> Iterator[Image]:
    for frame in film.frames():
        check()
        yield frame.picture


def _milliseconds(film: Film) -> list[int]:
    """In tens, which is what a GIF can say; players show frames of less than 20 at a speed of their own."""
    return [max(round(seconds * 100), 2) * 10 for seconds in film.seconds]
