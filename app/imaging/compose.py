"""Bringing a filled region back into the photograph: colour matched to the ring, feathered inside the hole."""

from __future__ import annotations

import cv2
import numpy as np

from app.imaging.arrays import DeepImage, Hole, Image, Mask, Picture
from app.imaging.depth import Floats, fine_grain, from_levels, is_deep, levels_of, rounded, smooth_levels, without_steps
from app.imaging.geometry import Rect
from app.imaging.local_mean import local_mean
from app.imaging.pull_push import spread
from app.imaging.surroundings import Surroundings, surroundings_of

_CAST_SIGMA = 5.0
"""Pixels: slower than this is colour, faster is texture."""
_EVEN = (1.0, 3.0)
"""Grey levels of unevenness up to which surroundings are flat, and from which on they are not."""
_MOST_PARTS = 32
"""More parts than this are specks, whose colour is right anyway."""


def shrunk_image(image: DeepImage, width: int, height: int) -> DeepImage:
    """`image` at a smaller size, each new pixel the mean of those it covers."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), image.dtype)


def enlarged_image(image: Image, width: int, height: int) -> Image:
    """`image` at a larger size, bicubic."""
    return np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def is_grey(image: DeepImage) -> bool:
    """True where every pixel has equal channels."""
    return bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all())


def grey_image(image: DeepImage) -> DeepImage:
    """`image` without its colour: three equal channels of its luma."""
    return np.asarray(cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB), image.dtype)


def in_depth_of(photo: DeepImage, made: Picture, hole: Hole) -> DeepImage:
    """`made`, ``(h, w, 3)``, in the size and depth of `photo` ``(H, W, 3)``, for its `hole` ``(H, W)``.

    At 16 bits gradients come without the steps of 8, and where `made` has the photograph's size, the fine noise that 8
    bits cannot hold goes on over them. Only the hole's pixels are of use.
    """
    height, width = hole.shape
    enlarges = made.shape != photo.shape
    if not is_deep(photo):
        image = rounded(made)
        return enlarged_image(image, width, height) if enlarges else image
    if enlarges:
        everywhere = np.ones(made.shape[:2], bool)
        small = smooth_levels(made, everywhere, made.astype(np.float32))
        enlarged = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        return from_levels(np.asarray(enlarged, np.float32), photo)
    return from_levels(smooth_levels(made, hole, levels_of(photo)) + fine_grain(photo, hole), photo)


def matched_to_ring(made: Image, known: Image, hole: Hole, ring: int) -> Image:
    """`made` with its slow colour error taken out.

    A network's own picture covers the known pixels too; what it gets wrong in the ring of `ring` pixels round the
    hole is spread smoothly over the hole and subtracted there. Shapes ``(H, W, 3)`` and ``(H, W)``.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    near = cv2.dilate(hole.astype(np.uint8), kernel) > 0
    around = near & ~hole
    error = local_mean(known.astype(np.float32) - made.astype(np.float32), around, ring / 2)
    corrected = made.astype(np.float32) + spread(error, around.astype(np.float32))
    return np.asarray(np.clip(np.rint(corrected), 0, 255), np.uint8)


def without_cast(made: Image, hole: Hole, ring: int, known: Floats | None = None) -> Floats:
    """`made` with its surroundings' slow colours in those parts of `hole` round which these are flat, as in skies.

    `made` ``(H, W, 3)`` is the photograph outside the hole ``(H, W)``; `known` ``(H, W, 3)`` holds it in grey levels
    where it is finer than 8 bits, and then the hole comes without the steps of 8. Each part of the hole is judged by
    the `ring` pixels round it: where their slow colours lie on a simple surface, the hole's follow it, and only its
    texture stays, no stronger than theirs; where they do not, nothing changes. Returns grey levels.
    """
    result = made.astype(np.float32) if known is None else without_steps(made, hole, known)
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(hole.astype(np.uint8), connectivity=8)
    for label in range(1, count if count <= _MOST_PARTS else 0):
        x, y, width, height = (int(value) for value in boxes[label][:4])
        area = Rect(x, y, width, height).grown(ring + 1).intersected(Rect.of_array(hole)).slices
        part = np.asarray(labels[area] == label)
        levels = result[area]
        around = surroundings_of(levels, part, ring, _CAST_SIGMA, hole[area])
        if around is None or around.unevenness >= _EVEN[1]:
            continue
        if known is None:
            levels = without_steps(made[area], part, levels)  # steps shifted by a slope would be ripples
        result[area][part] = _evened(levels, part, around)[part]
    return result


def cast_of(made: Image, hole: Hole, ring: int, known: Floats | None = None) -> Floats:
    """The slow part of what `without_cast` changes, ``(H, W, 3)`` in grey levels, for a larger version of `made`."""
    plain = made.astype(np.float32) if known is None else without_steps(made, hole, known)
    change = without_cast(made, hole, ring, known) - plain
    return local_mean(change, hole, _CAST_SIGMA) if change.any() else change


def _evened(levels: Floats, part: Hole, around: Surroundings) -> Floats:
    """`levels` with the surroundings' slow colours in `part`, the more the evener those are."""
    texture = levels - around.surface
    texture -= local_mean(texture, part, _CAST_SIGMA)
    strength = float(np.sqrt(np.mean(np.square(texture[part]))))
    texture *= np.float32(min(1.0, around.roughness / max(strength, 1e-3)))
    share = np.float32(_evenness(around.unevenness))
    return np.asarray(np.clip(levels + share * (around.surface + texture - levels), 0, 255), np.float32)


def _evenness(unevenness: float) -> float:
    """1 for surroundings as even as a sky, 0 for any with structure."""
    even, uneven = _EVEN
    return min(max((uneven - unevenness) / (uneven - even), 0.0), 1.0)


def with_texture_of(textured: Image, refined: Image, hole: Hole, sigma: float) -> Image:
    """`refined`'s structure and colour with `textured`'s fine grain: the two differ only in what is slow.

    Inside the hole the low band (Gaussian of `sigma` pixels, over the hole alone) comes from `refined`, the rest from
    `textured`; outside it both are the photograph, and so is the result. Shapes ``(H, W, 3)`` and ``(H, W)``.
    """
    inside = hole.astype(np.float32)
    change = (refined.astype(np.float32) - textured.astype(np.float32)) * inside[..., None]
    slow = np.asarray(cv2.GaussianBlur(change, (0, 0), sigma), np.float32)
    cover = np.asarray(cv2.GaussianBlur(inside, (0, 0), sigma), np.float32)
    mixed = textured.astype(np.float32) + slow / np.maximum(cover, 1e-3)[..., None]
    return np.where(hole[..., None], np.clip(np.rint(mixed), 0, 255).astype(np.uint8), textured)


def blended(image: DeepImage, made: DeepImage, feather: Mask) -> DeepImage:
    """`made` laid over `image` by the soft mask `feather`, 0…255; where it is 0 the image's bits stay.

    All arrays are of one size; `image` and `made` are ``(H, W, 3)`` of one depth.
    """
    opacity = feather.astype(np.float32)[..., None] / 255.0
    mixed = image.astype(np.float32) * (1 - opacity) + made.astype(np.float32) * opacity
    return np.where(feather[..., None] == 0, image, np.rint(mixed).astype(image.dtype))
