"""Detail at native size for a hole that was solved smaller: the photograph's own texture on the guide's structure.

Transfer by bands. The guide says what is where and in which colour (the low band). For every pixel of the hole the
best matching known place is found at the guide's size, and what the photograph holds there *beyond* the low band, at
native size, is added: ``result = low[here] + gain * (photo[there] - low[there])``. Nothing is averaged, so nothing
blurs; pieces that share an offset are exact copies but for their colour.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt
from numba import njit

from app.imaging import correspondence
from app.imaging.arrays import Image
from app.imaging.correspondence import Field, Flags, Floats

_LEVELS = 32
"""Low bands are int16 in steps of 1/32 grey level, fine enough for a clear sky."""


def add_detail(photo: Image, hole: Flags, guide: Image, check: Callable[[], None] = lambda: None) -> Image:
    """Fill `hole` of `photo` at its own size with `guide`'s structure and the photograph's texture.

    `photo` is ``(H, W, 3)`` uint8, `hole` ``(H, W)`` bool, `guide` ``(h, w, 3)`` uint8: the same view, filled, with
    ``h <= H`` and ``w <= W``. What `photo` holds inside the hole does not matter. The result is a new array that
    equals `photo` outside the hole; equal arguments give equal results. `check` is called between steps and may
    raise to stop.
    """
    if not hole.any():
        return photo.copy()
    size = guide.shape[1], guide.shape[0]
    covered = _covered(hole, size)
    known = cv2.resize(photo, size, interpolation=cv2.INTER_AREA)
    view = np.where(covered[..., None], guide, known).astype(np.float32)
    sources = correspondence.sources_of(covered, correspondence.RADIUS + 1)
    result = photo.copy()
    if not sources.any():
        _fill_plainly(result, hole, _enlarged(view, hole.shape))
        return result
    check()
    wanted = np.asarray(cv2.dilate(covered.astype(np.uint8), np.ones((3, 3), np.uint8)), bool)
    energy = _energy(photo, _enlarged(view, hole.shape), size)
    expected = _expected(energy, covered)
    w = np.float32(EWEIGHT)
    field = _rough_field(view, w * expected, w * energy, covered, wanted, sources, check)
    softness = _softness(view, field, covered)
    if DEBUG:
        print("softness", softness)
    target = np.where(covered[..., None], view, _low_band(view, softness))
    target = _low_band(target, SIGMA)
    source = _low_band(view, float(np.hypot(softness, SIGMA)))
    low_source = _enlarged(source, hole.shape)
    check()
    w = np.float32(EWEIGHT if softness else ESHARP)
    tt = np.concatenate([target, (w * expected)[..., None]], 2) if w else target
    ss = np.concatenate([source, (w * energy)[..., None]], 2) if w else source
    if RIGOUR >= 0:
        field = correspondence.nearest_patches(
            tt, ss, wanted, sources, start=field, passes=int(FINE if softness == 0 else FINESOFT), check=check
        )
        field = correspondence.settle(
            field, tt, ss, view, wanted, sources, rigour=RIGOUR, passes=int(SETTLE), check=check
        )
    check()
    gain = np.exp(GAIN * (expected - energy[field[..., 0], field[..., 1]]))
    gain = cv2.GaussianBlur(np.where(wanted, gain, 0).astype(np.float32), (0, 0), GSIG) / np.maximum(
        cv2.GaussianBlur(wanted.astype(np.float32), (0, 0), GSIG), 1e-6
    )
    gain = np.clip(gain, 0.7, 1.8).astype(np.float32)
    low_target = _enlarged(target, hole.shape)
    _transfer(photo, hole, low_target, low_source, field, gain, result)
    if DEBUG:
        o = field - np.stack(np.mgrid[0 : field.shape[0], 0 : field.shape[1]], 2)
        ch = (np.diff(o, axis=1) != 0).any(2) & covered[:, 1:]
        print("boundary share", ch.sum() / covered.sum())
    if FADE > 0:
        _join(photo, hole, result, photo.shape[0] / guide.shape[0])
    return result


FADE = 1.5
FINESOFT = 0
HALF = 2.0
ESHARP = 5.0


def _rough_field(view, expected, energy, covered, wanted, sources, check):
    h, w = covered.shape
    size = (max(1, round(w / HALF)), max(1, round(h / HALF)))
    small = cv2.resize(view, size, interpolation=cv2.INTER_AREA)
    small = _low_band(small, 0.8)
    ts = np.dstack([small, cv2.resize(expected, size, interpolation=cv2.INTER_AREA)])
    ss = np.dstack([small, cv2.resize(energy, size, interpolation=cv2.INTER_AREA)])
    cov = _covered(covered, size)
    src = correspondence.sources_of(cov, correspondence.RADIUS)
    if not src.any() or min(size) < 16:
        rough = _low_band(view, 2.0)
        return correspondence.nearest_patches(rough, rough, wanted, sources, passes=int(ROUGH), check=check)
    wnt = cv2.dilate(cov.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    f = correspondence.nearest_patches(ts, ss, wnt, src, passes=6, check=check)
    f = correspondence.settle(f, ts, ss, small, wnt, src, rigour=RIGOUR, passes=int(SETTLE), check=check)
    yy, xx = np.mgrid[0:h, 0:w]
    j = np.minimum((yy * size[1] / h).astype(int), size[1] - 1)
    i = np.minimum((xx * size[0] / w).astype(int), size[0] - 1)
    off = f[j, i] - np.stack([j, i], 2)
    full = np.stack([yy + np.rint(off[..., 0] * h / size[1]), xx + np.rint(off[..., 1] * w / size[0])], 2).astype(
        np.int32
    )
    full[..., 0] = np.clip(full[..., 0], 0, h - 1)
    full[..., 1] = np.clip(full[..., 1], 0, w - 1)
    bad = wanted & ~sources[full[..., 0], full[..., 1]]
    _, labels = cv2.distanceTransformWithLabels(
        (~sources).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    place = np.zeros((labels.max() + 1, 2), np.int32)
    ys, xs = np.nonzero(sources)
    place[labels[ys, xs]] = np.stack([ys, xs], 1)
    full[bad] = place[labels[full[..., 0], full[..., 1]]][bad]
    full[~wanted] = np.stack([yy, xx], 2)[~wanted]
    return full


JS = 0.33


def _spread(values, weight):
    """pull-push"""
    if min(weight.shape) <= 2 or weight.min() > 0.999:
        n = np.maximum(weight, 1e-9)[..., None]
        return values / n
    h, w = weight.shape
    size = ((w + 1) // 2, (h + 1) // 2)
    small = _spread(
        cv2.resize(values, size, interpolation=cv2.INTER_AREA), cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    )
    big = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    k = np.minimum(weight * 1, 1)[..., None]
    own = values / np.maximum(weight, 1e-9)[..., None]
    return big + k * (own - big)


def _join(photo, hole, result, factor):
    from app.imaging.geometry import Rect, bounding_rect

    m = int(4 * factor) + 4
    r = bounding_rect(hole).grown(m).intersected(Rect.of_array(hole))
    h = hole[r.slices]
    res = result[r.slices]
    inside = h.astype(np.float32)
    outside = 1 - inside
    sg = max(0.8, JS * factor)
    img = res.astype(np.float32)
    bi = cv2.GaussianBlur(img * inside[..., None], (0, 0), sg)
    ni = cv2.GaussianBlur(inside, (0, 0), sg)
    bo = cv2.GaussianBlur(img * outside[..., None], (0, 0), sg)
    no = cv2.GaussianBlur(outside, (0, 0), sg)
    d = cv2.distanceTransform(h.astype(np.uint8), cv2.DIST_L2, 3)
    rim = ((d > 0) & (d <= 1.5)).astype(np.float32)
    jump = (bo / np.maximum(no, 1e-6)[..., None] - bi / np.maximum(ni, 1e-6)[..., None]) * rim[..., None]
    corr = _spread(jump, rim) * np.exp(-np.maximum(d - 1, 0) / (FADE * factor))[..., None]
    out = np.clip(np.rint(img + corr), 0, 255).astype(np.uint8)
    res[h] = out[h]


SIGMA = 0.0
RIGOUR = 8.0
EWEIGHT = 20.0
ROUGH = 4
FINE = 4
SETTLE = 8
GAIN = 0.4
GSIG = 3.0
DEBUG = 0


def _softness(view: Floats, field: Field, covered: Flags) -> float:
    """The sigma, in guide pixels, by which the filled part of `view` is blurred against what it matches."""
    deep = cv2.erode(covered.astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    if not deep.any():
        return 0.0
    edge = lambda a: np.abs(cv2.Laplacian(a, cv2.CV_32F)).mean(2)
    have = edge(view)[deep].mean()
    v, u = field[deep][:, 0], field[deep][:, 1]
    best = 0.0
    for sigma in (0, 0.5, 0.7, 0.85, 1, 1.2, 1.4, 1.7, 2.0, 2.5, 3.0):
        best = sigma
        if edge(_low_band(view, sigma))[v, u].mean() <= have * 1.15:
            break
    return best


def _energy(photo: Image, low: npt.NDArray[np.int16], size: tuple[int, int]) -> Floats:
    """log mean |high band|, at the guide's size."""
    grey = cv2.transform(photo, np.array([[0.3, 0.6, 0.1]]))
    glow = cv2.transform(low, np.array([[0.3, 0.6, 0.1]]))
    high = np.abs(grey.astype(np.int16) * 32 - glow)
    mean = cv2.resize(high, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 32
    return np.log(cv2.GaussianBlur(mean, (0, 0), 1.5) + 0.5).astype(np.float32)


def _expected(energy: Floats, covered: Flags) -> Floats:
    """energy outside, diffused inside"""
    near = cv2.dilate(covered.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0
    weight = (~near).astype(np.float32)
    filled = energy * weight
    total = np.zeros_like(energy)
    norm = np.zeros_like(energy)
    sigma = 3.0
    part = 1.0
    while sigma < 200:
        k = cv2.GaussianBlur(filled, (0, 0), sigma)
        n = cv2.GaussianBlur(weight, (0, 0), sigma)
        total += part * k
        norm += part * n
        sigma *= 2
        part *= 0.05
    return np.where(near, total / np.maximum(norm, 1e-9), energy).astype(np.float32)


def _covered(hole: Flags, size: tuple[int, int]) -> Flags:
    """The guide's pixels that any hole pixel falls on."""
    share = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    return np.asarray(share > 0, bool)


def _low_band(view: Floats, sigma: float) -> Floats:
    return view if sigma <= 0 else np.asarray(cv2.GaussianBlur(view, (0, 0), sigma), np.float32)


def _enlarged(view: Floats, shape: tuple[int, ...]) -> npt.NDArray[np.int16]:
    levels = np.rint(view * _LEVELS).astype(np.int16)
    return np.asarray(cv2.resize(levels, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.int16)


def _fill_plainly(result: Image, hole: Flags, enlarged: npt.NDArray[np.int16]) -> None:
    values = np.clip((enlarged[hole] + _LEVELS // 2) // _LEVELS, 0, 255)
    result[hole] = values.astype(np.uint8)


@njit(cache=True)
def _transfer(photo, hole, low, low_source, field, gain, result):  # type: ignore[no-untyped-def]
    """Write the hole's pixels into `result`, blending the four nearest offsets so that equal variance is kept."""
    height, width = hole.shape
    h, w = gain.shape
    fy, fx = height / h, width / w
    places = np.empty((4, 2), np.int64)
    weights = np.empty(4, np.float64)
    for y in range(height):
        gy = (y + 0.5) / fy - 0.5
        y0 = int(np.floor(gy))
        ty = gy - y0
        for x in range(width):
            if not hole[y, x]:
                continue
            gx = (x + 0.5) / fx - 0.5
            x0 = int(np.floor(gx))
            tx = gx - x0
            used = 0
            strength = 0.0
            for corner in range(4):
                cy, cx = corner // 2, corner % 2
                weight = (ty if cy else 1 - ty) * (tx if cx else 1 - tx)
                j, i = min(max(y0 + cy, 0), h - 1), min(max(x0 + cx, 0), w - 1)
                strength += weight * gain[j, i]
                v = int(np.rint(y + (field[j, i, 0] - j) * fy))
                u = int(np.rint(x + (field[j, i, 1] - i) * fx))
                v, u = min(max(v, 0), height - 1), min(max(u, 0), width - 1)
                found = False
                for k in range(used):
                    if places[k, 0] == v and places[k, 1] == u:
                        weights[k] += weight
                        found = True
                if not found:
                    places[used, 0], places[used, 1], weights[used] = v, u, weight
                    used += 1
            power = 0.0
            for k in range(used):
                weights[k] = weights[k] * weights[k] * (3 - 2 * weights[k])
            norm = 0.0
            for k in range(used):
                power += weights[k] * weights[k]
            norm = strength / np.sqrt(power)
            for channel in range(3):
                high = 0.0
                for k in range(used):
                    v, u = places[k, 0], places[k, 1]
                    high += weights[k] * (photo[v, u, channel] - low_source[v, u, channel] / 32.0)
                value = low[y, x, channel] / 32.0 + norm * high
                result[y, x, channel] = np.uint8(min(max(np.rint(value), 0), 255))
