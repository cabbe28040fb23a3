"""The coarse inpainters: one small protocol, and those that are no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import cv2
import numpy as np

from app.errors import LacunaError
from app.imaging import biharmonic
from app.imaging.arrays import Hole, Image
from app.inference.catalog import COARSE_INPAINTERS, CUSTOM, OWN, coarse_info
from app.inference.request import Check, no_check
from app.words import Words

if TYPE_CHECKING:  # they load numba and torch
    from pathlib import Path

    import torch

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


@runtime_checkable
class ChoosingInpainter(Protocol):
    """One that copies known pixels, and can be told which of them not to."""

    def can_copy(self, unusable: Hole) -> bool:
        """Whether enough is left to copy from where the hole and what is avoided are `unusable` ``(H, W)``."""

    def fill_without(self, image: Image, hole: Hole, avoided: Hole, check: Check = no_check) -> CoarseFill:
        """As `CoarseInpainter.fill`, with nothing copied of what is `avoided` ``(H, W)`` and no hole.

        Only where it `can_copy` the rest.
        """


def filled_by(coarse: CoarseInpainter, image: Image, hole: Hole, avoided: Hole | None, check: Check) -> CoarseFill:
    """What `coarse` makes of `image`, without what is `avoided` where it can do that and enough else is known."""
    if avoided is None or not isinstance(coarse, ChoosingInpainter):
        return coarse.fill(image, hole, check)
    is_choice = bool(avoided.any()) and coarse.can_copy(hole | avoided)
    return coarse.fill_without(image, hole, avoided, check) if is_choice else coarse.fill(image, hole, check)


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


def _diffused(image: Image, hole: Hole) -> CoarseFill:
    """What stands in for those that copy where there is nothing to copy from."""
    return Diffusion(cv2.INPAINT_TELEA).fill(image, hole)


class Exemplar:
    """`app.imaging.exemplar`: copies the photograph's own texture and needs no further package.

    Deterministic; lets other threads run while it works; can be stopped after every round.
    """

    has_texture = True

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`. Where too little is known to copy from, diffusion fills the hole."""
        return self._filled(image, hole, None, check) if self.can_copy(hole) else _diffused(image, hole)

    def can_copy(self, unusable: Hole) -> bool:
        """See `ChoosingInpainter`."""
        from app.imaging import exemplar  # numba: only where it is used

        return exemplar.can_fill(unusable)

    def fill_without(self, image: Image, hole: Hole, avoided: Hole, check: Check = no_check) -> CoarseFill:
        """See `ChoosingInpainter`."""
        return self._filled(image, hole, avoided, check)

    def _filled(self, image: Image, hole: Hole, avoided: Hole | None, check: Check) -> CoarseFill:
        from app.imaging import exemplar

        done = exemplar.completed(image, hole, check, avoided=avoided, seed=self._seed)
        return CoarseFill(done.picture, done.matches)


class Criminisi:
    """`app.imaging.criminisi`: copies patches from the edge inwards.

    Deterministic; lets other threads run while it works; can be stopped every few tenths of a second.
    """

    has_texture = True

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`. Where too little is known to copy from, diffusion fills the hole."""
        return self._filled(image, hole, None, check) if self.can_copy(hole) else _diffused(image, hole)

    def can_copy(self, unusable: Hole) -> bool:
        """See `ChoosingInpainter`."""
        from app.imaging import criminisi  # numba: only where it is used

        return criminisi.can_fill(unusable)

    def fill_without(self, image: Image, hole: Hole, avoided: Hole, check: Check = no_check) -> CoarseFill:
        """See `ChoosingInpainter`."""
        return self._filled(image, hole, avoided, check)

    def _filled(self, image: Image, hole: Hole, avoided: Hole | None, check: Check) -> CoarseFill:
        from app.imaging import criminisi

        done = criminisi.completed(image, hole, check, avoided)
        return CoarseFill(done.picture, done.matches)


class Biharmonic:
    """`app.imaging.biharmonic`: smooth, without texture; can be stopped between the pieces of the hole."""

    has_texture = False

    def fill(self, image: Image, hole: Hole, check: Check = no_check) -> CoarseFill:
        """See `CoarseInpainter`."""
        return CoarseFill(biharmonic.completed(image, hole, check))


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
        return self._filled(image, hole, None)

    def can_copy(self, unusable: Hole) -> bool:
        """See `ChoosingInpainter`."""
        from app.imaging.correspondence import sources_of  # numba: only where it is used

        return bool(sources_of(unusable, PATCH_RADIUS).any())

    def fill_without(self, image: Image, hole: Hole, avoided: Hole, check: Check = no_check) -> CoarseFill:
        """See `ChoosingInpainter`, and `fill`."""
        return self._filled(image, hole, avoided)

    def _filled(self, image: Image, hole: Hole, avoided: Hole | None) -> CoarseFill:
        if min(image.shape[:2]) <= 2 * PATCH_RADIUS + 1:
            return _diffused(image, hole)
        import patchmatch

        if not patchmatch.patchmatch_available:
            raise LacunaError(Words("the library of PatchMatch does not load here: choose another coarse inpainter"))
        no_source = None if avoided is None else avoided.astype(np.uint8) * 255
        patchmatch.set_random_seed(_LIBRARY_SEED + self._seed)
        filled = patchmatch.inpaint(image, hole.astype(np.uint8) * 255, global_mask=no_source, patch_size=PATCH_RADIUS)
        return CoarseFill(np.where(hole[..., None], filled, image))


_SEEDED: Mapping[str, Callable[[int], CoarseInpainter]] = {"exemplar": Exemplar, "patchmatch": PatchMatch}

_UNSEEDED: Mapping[str, Callable[[], CoarseInpainter]] = {
    "criminisi": Criminisi,
    "biharmonic": Biharmonic,
    "telea": partial(Diffusion, cv2.INPAINT_TELEA),
    "ns": partial(Diffusion, cv2.INPAINT_NS),
}


def build_coarse(
    name: str,
    weights: Path | None = None,
    device: torch.device | None = None,
    *,
    full_precision: bool = False,
    seed: int = 0,
) -> CoarseInpainter | None:
    """The inpainter called `name`; None stands for LGNet's own. `LacunaError` where it is unknown or absent.

    A network is loaded from the folder `weights`, where that holds it, else the shipped one, onto `device` (None: the
    processor), and runs in float32 with `full_precision`; the others need none of these.

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
                "{label} is not installed here: pip install {package}, or choose another",
                label=info.label,
                package=info.distribution,
            )
        )
    if name == CUSTOM.name:
        raise LacunaError(Words("a model of your own needs its file, and your consent to run it: allow it first"))
    if name == OWN:
        return None
    if info.is_network:
        return _network(name, weights, device, full_precision=full_precision)
    return _SEEDED[name](seed) if name in _SEEDED else _UNSEEDED[name]()


def _network(name: str, weights: Path | None, device: torch.device | None, *, full_precision: bool) -> CoarseInpainter:
    import torch  # only where a network is used

    from app.inference.coarse_networks import CoarseNetwork
    from app.inference.weight_files import folder_of

    place = torch.device("cpu") if device is None else device
    return CoarseNetwork(name, folder_of(name, weights), place, full_precision=full_precision)
