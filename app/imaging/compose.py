"""Bringing a filled region back into the photograph: colour matched to the ring, feathered inside the hole."""

from __future__ import annotations

import cv2
import numpy as np

from app.imaging.arrays import DeepImage, Hole, Image, Mask
from app.imaging.depth import fine_grain, from_levels, is_deep, levels_of, without_steps
from app.imaging.pull_push import spread


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


def in_depth_of(photo: DeepImage, made: Image, hole: Hole) -> DeepImage:
    """`made`, ``(h, w, 3)`` at 8 bits, in the size and depth of `photo` ``(H, W, 3)``, for its `hole` ``(H, W)``.

    At 16 bits gradients come without the steps of 8, and where `made` has the photograph's size, the fine noise that 8
    bits cannot hold goes on over them. Only the hole's pixels are of use.
    """
    height, width = hole.shape
    enlarges = made.shape != photo.shape
    if not is_deep(photo):
        return enlarged_image(made, width, height) if enlarges else made
    if enlarges:
        everywhere = np.ones(made.shape[:2], bool)
        small = without_steps(made, everywhere, made.astype(np.float32))
        enlarged = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
        return from_levels(np.asarray(enlarged, np.float32), photo)
    return from_levels(without_steps(made, hole, levels_of(photo)) + fine_grain(photo, hole), photo)


def matched_to_ring(made: Image, known: Image, hole: Hole, ring: int) -> Image:
    """`made` with its slow colour error taken out.

    A network's own picture covers the known pixels too; what it gets wrong in the ring of `ring` pixels round the
    hole is spread smoothly over the hole and subtracted there. Shapes ``(H, W, 3)`` and ``(H, W)``.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * ring + 1, 2 * ring + 1))
    near = cv2.dilate(hole.astype(np.uint8), kernel) > 0
    weights = (near & ~hole).astype(np.float32)
    error = known.astype(np.float32) - made.astype(np.float32)
    smooth = np.asarray(cv2.GaussianBlur(error * weights[..., None], (0, 0), ring / 2), np.float32)
    soft = np.asarray(cv2.GaussianBlur(weights, (0, 0), ring / 2), np.float32)
    smooth /= np.maximum(soft, 1e-3)[..., None]
    corrected = made.astype(np.float32) + spread(smooth, weights)
    return np.asarray(np.clip(np.rint(corrected), 0, 255), np.uint8)


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
