"""BMP: holds pixels and a resolution, nothing else."""

from __future__ import annotations

import io
from typing import BinaryIO

from PIL.Image import Image
from PIL.ImageFile import ImageFile

from app.imaging.photo import Metadata


def read(image: ImageFile, file: BinaryIO) -> Metadata:
    """The metadata of an opened BMP."""
    return Metadata("BMP", image.mode, dpi=image.info.get("dpi"))


def encode(image: Image, metadata: Metadata) -> bytes:
    """`image` (``RGB`` or ``L``) as a BMP."""
    out = io.BytesIO()
    image.save(out, "BMP", **({"dpi": metadata.dpi} if metadata.dpi else {}))
    return out.getvalue()
