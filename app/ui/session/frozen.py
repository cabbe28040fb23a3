"""Requests for the engine, made of the document as it is: with copies of their own. For the pool, while it is lent."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from app.document.document import Document
from app.imaging import masks
from app.imaging.arrays import Mask
from app.imaging.geometry import Rect
from app.inference.candidates import candidates
from app.inference.request import InpaintOptions, InpaintRequest


class Frozen(NamedTuple):
    """Requests, and the state of the picture they belong to."""

    requests: tuple[InpaintRequest, ...]
    state: int


def frozen_request(options: InpaintOptions, contexts: tuple[Rect, ...], document: Document) -> Frozen | None:
    """One request; None where nothing is hole."""
    mask = document.mask.copy()
    if masks.hole_rect(mask).is_empty:
        return None
    document.remember_mask(mask)
    image, avoid = document.image.copy(), frozen_avoid(document)
    request = InpaintRequest(image, mask, options, document.image_revision, contexts, avoid)
    return Frozen((request,), document.picture_state)


def frozen_avoid(document: Document) -> Mask | None:
    """A copy of what is not to be used; None where nothing is marked."""
    is_marked = document.avoid_revision > 0 and not masks.hole_rect(document.avoid).is_empty
    return document.avoid.copy() if is_marked else None


def several(
    options: InpaintOptions,
    number: int,
    there: tuple[InpaintOptions, ...],
    contexts: tuple[Rect, ...],
    document: Document,
) -> Frozen | None:
    """Requests of the ways to fill the hole that are not `there` yet; they share their copies.

    None where nothing is hole.
    """
    frozen = frozen_request(options, contexts, document)
    if frozen is None:
        return None
    (request,) = frozen.requests
    ways = candidates(options, number, request.mask, contexts, there)
    return frozen._replace(requests=tuple(replace(request, options=way) for way in ways))
