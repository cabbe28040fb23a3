"""Films as files: GIF and WebP through Pillow, MP4 (H.264) through PyAV's own encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import numpy as np
import PIL.Image
from PIL import GifImagePlugin

from app.atomic import replacing
from app.errors import LacunaError
from app.imaging.arrays import Image
from app.imaging.film import Film
from app.imaging.geometry import EMPTY, Rect, bounding_rect
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
_BT709, _LIMITED = 1, 1
"""What H.264 calls the primaries, the transfer and the matrix of HD television, and its range, 16…235. Players take
that for granted where nothing is said.
"""


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
        coded = stream.codec_context
        coded.color_primaries = coded.color_trc = coded.colorspace = _BT709
        coded.color_range = _LIMITED
        for picture in _evenly(film):
            check()
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture[:height, :width]), format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
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
    durations = _milliseconds(film)
    pictures = _Sequence(_checked(film, check), len(durations))
    pictures.save(file, "WEBP", save_all=True, duration=durations, loop=0, quality=_QUALITY, method=2)


class _Sequence(PIL.Image.Image):
    """Pictures of which one is there at a time: a list, and any other iterable, Pillow would hold whole."""

    def __init__(self, pictures: Iterator[Image], count: int) -> None:
        super().__init__()
        self.n_frames = count
        self._pictures, self._taken = pictures, 0
        self.seek(0)

    def seek(self, frame: int) -> None:
        """Go on to `frame`; those before are gone."""
        while self._taken <= frame:
            picture = PIL.Image.fromarray(next(self._pictures))
            self.im, self._mode, self._size = picture.im, picture.mode, picture.size
            self._taken += 1


def _write_gif(file: BinaryIO, film: Film, check: Check) -> None:
    """Frame by frame, and of each what changed: Pillow's own writer for several holds all of them."""
    for index, (frame, rect, milliseconds) in enumerate(_changes(film, check)):
        if index == 0:
            file.writelines(GifImagePlugin.getheader(frame, info={"loop": 0})[0])
        part = frame.crop((rect.x, rect.y, rect.right, rect.bottom))
        file.writelines(GifImagePlugin.getdata(part, (rect.x, rect.y), duration=milliseconds))
    file.write(b";")


def _changes(film: Film, check: Check) -> Iterator[tuple[PIL.Image.Image, Rect, int]]:
    """Each frame, where it differs from the one before, and milliseconds; some that do not differ are one.

    All have the same colours, or what does not change would flicker.
    """
    palette, changed, stays = _palette(film), EMPTY, 0
    last: PIL.Image.Image | None = None
    for picture, milliseconds in zip(_checked(film, check), _milliseconds(film), strict=True):
        frame = PIL.Image.fromarray(picture).quantize(palette=palette)
        differs = Rect.of_array(picture) if last is None else bounding_rect(np.asarray(frame) != np.asarray(last))
        if differs.is_empty:
            stays += milliseconds
            continue
        if last is not None:
            yield last, changed, stays
        last, changed, stays = frame, differs, milliseconds
    if last is not None:
        yield last, changed, stays


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
