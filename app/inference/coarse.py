"""The coarse inpainters that are no network: one small protocol, four implementations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import cv2
import numpy as np

from app.errors import LacunaError
from app.imaging.arrays import Hole, Image
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM, coarse_info
from app.inference.request import Check, no_check
from app.words import Words

if TYPE_CHECKING:  # it loads numba
    from app.imaging.correspondence import Field

PATCH_RADIUS = 7
"""PatchMatch compares patches of 15×15 pixels, the best of the sizes tried on photographs."""

_LIBRARY_SEED = 1212
"""From which PatchMatch starts where nobody says otherwise."""

DIFFUSION_RADIUS = 5.0


@dataclass(frozen=True, slots=True)
class CoarseFill:
    """What a coarse inpainter made of a picture."""

    picture: Image
    """``(H, W, 3)`` uint8: the hole made new, the other pixels as they were."""
    matches: Field | None = None
    """``(H, W, 2)``: the known pixel of which each hole pixel is a copy, where the method knows."""


class CoarseInpainter(Protocol):
    """Fills the hole of a whole picture in one go."""

    @property
    def has_texture(self) -> bool:
        """True where results are made of the photograph's own texture, which refinement must not blur away."""

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """Make the pixels of `hole` ``(H, W)`` in `image` ``(H, W, 3)`` uint8 new.

        `check` is called on this thread as often as the method allows, and what it raises ends the work.
        """


class Diffusion:
    """OpenCV's two diffusion methods: smooth, without texture, too quick to be interrupted."""

    has_texture = False

    def __init__(self, method: int, radius: float = DIFFUSION_RADIUS) -> None:
        self._method = method
        self._radius = radius

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`."""
        filled = cv2.inpaint(image, hole.astype(np.uint8), self._radius, self._method)
        return CoarseFill(np.asarray(filled, np.uint8))


class Exemplar:
    """`app.imaging.exemplar`: copies the photograph's own texture and needs no further package.

    Deterministic; lets other threads run while it works; can be stopped after every round.
    """

    has_texture = True

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`. Where too little is known to copy from, diffusion fills the hole."""
        from app.imaging import exemplar  # numba: only where it is used

        if not exemplar.can_fill(hole):
            return Diffusion(cv2.INPAINT_TELEA).fill(image, hole)
        done = exemplar.completed(image, hole, check, seed=self._seed)
        return CoarseFill(done.picture, done.matches)


class PatchMatch:
    """Barnes et al. 2009 through PyPatchMatch: copies the photograph's own texture.

    Deterministic: every call starts from the library's own seed, or one that follows it. Lets other threads run while
    it works. The library cannot be interrupted: who cancels waits for the fills under way.
    """

    has_texture = True

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`. Pictures too small for a patch are filled by diffusion."""
        if min(image.shape[:2]) <= 2 * PATCH_RADIUS + 1:
            return Diffusion(cv2.INPAINT_TELEA).fill(image, hole)
        import patchmatch

        if not patchmatch.patchmatch_available:
            raise LacunaError(Words("the library of PatchMatch does not load here: choose another coarse inpainter"))
        patchmatch.set_random_seed(_LIBRARY_SEED + self._seed)
        filled = patchmatch.inpaint(image, hole.astype(np.uint8) * 255, patch_size=PATCH_RADIUS)
        return CoarseFill(np.where(hole[..., None], filled, image))


def build_coarse(name: str, seed: int = 0) -> CoarseInpainter | None:
    """The inpainter called `name`; None stands for the coarse network. `LacunaError` where it is unknown or absent.

    `seed` is that of `InpaintOptions`.

    A model of the user's own is no name's affair: see `app.inference.user_models`.
    """
    try:
        info = coarse_info(name)
    except KeyError:
        names = ", ".join(info.name for info in COARSE_INPAINTERS)
        raise LacunaError(
            Words("no coarse inpainter is called {name}: choose one of {names}", name=name, names=names)
        ) from None
    if not info.installed:
        raise LacunaError(
            Words(
                "{label} is not installed here: pip install py{package}, or choose another",
                label=info.label,
                package=info.package,
            )
        )
    if name == CUSTOM.name:
        raise LacunaError(Words("a model of your own needs its file, and your consent to run it: allow it first"))
    if name == "lgnet":
        return None
    if name == "exemplar":
        return Exemplar(seed)
    if name == "patchmatch":
        return PatchMatch(seed)
    return Diffusion({"telea": cv2.INPAINT_TELEA, "ns": cv2.INPAINT_NS}[name])
