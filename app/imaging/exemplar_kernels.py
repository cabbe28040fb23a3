"""The compiled inner loops of `app.imaging.exemplar`; nothing else calls them.

`image` ``(h, w, 3)`` float32 holds the known colours, `holes` ``(n, 2)`` the pixels to fill, `field` the matches of the
`wanted` pixels, whose patches of ``2 * reach + 1`` pixels on a side all know their colour for the pixels they cover.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from app.imaging.patch_kernels import add_share, compiled


@compiled
def first_on_grid(least: int, stride: int) -> int:
    """The smallest multiple of `stride` that is not below `least` nor below 0."""
    return (max(0, least) + stride - 1) // stride * stride


@compiled
def blend_votes(
    image: Any, result: Any, holes: Any, wanted: Any, field: Any, weights: Any, reach: int, stride: int
) -> None:
    """Write into the pixels `holes` of `result` the weighted mean of what the patches over them say.

    Patches lie at the `wanted` ones among multiples of `stride`.
    """
    height, width = wanted.shape
    for i in range(len(holes)):
        y, x = holes[i]
        red = green = blue = total = np.float32(0)
        for ny in range(first_on_grid(y - reach, stride), min(height, y + reach + 1), stride):
            for nx in range(first_on_grid(x - reach, stride), min(width, x + reach + 1), stride):
                if wanted[ny, nx]:
                    weight = weights[ny, nx]
                    v, u = np.uint64(field[ny, nx, 0] + y - ny), np.uint64(field[ny, nx, 1] + x - nx)
                    red += weight * image[v, u, 0]
                    green += weight * image[v, u, 1]
                    blue += weight * image[v, u, 2]
                    total += weight
        result[y, x, 0], result[y, x, 1], result[y, x, 2] = red / total, green / total, blue / total


@compiled
def strongest_votes(holes: Any, wanted: Any, field: Any, weights: Any, reach: int, stride: int, matches: Any) -> None:
    """Write into the pixels `holes` of `matches` ``(h, w, 2)`` the place that most of the patches name, by weight."""
    height, width = wanted.shape
    most = (2 * reach // stride + 1) ** 2
    places, shares = np.empty((most, 2), np.int64), np.empty(most, np.float32)
    for i in range(len(holes)):
        y, x = holes[i]
        count = 0
        for ny in range(first_on_grid(y - reach, stride), min(height, y + reach + 1), stride):
            for nx in range(first_on_grid(x - reach, stride), min(width, x + reach + 1), stride):
                if not wanted[ny, nx]:
                    continue
                v, u = field[ny, nx, 0] + y - ny, field[ny, nx, 1] + x - nx
                count = add_share(places, shares, count, v, u, weights[ny, nx])
        best = np.argmax(shares[:count])
        matches[y, x, 0], matches[y, x, 1] = places[best]


@compiled
def steps_at_seams(image: Any, result: Any, hole: Any, holes: Any, matches: Any, numbers: Any, shown: Any) -> Any:
    """How far the differences of neighbours in `result` are from those in the places they are copied from.

    ``(n, 3)``: summed over a pixel's four neighbours, whose `numbers` ``(n, 4)`` are also written: their rows in
    `holes`, -1 for a known pixel, -2 outside. A difference well above `shown` grey levels is an edge, and counts less.
    """
    height, width = hole.shape
    rows = np.full((height, width), -1, np.int64)
    for i in range(len(holes)):
        rows[holes[i, 0], holes[i, 1]] = i
    sums = np.zeros((len(holes), 3), np.float32)
    step = np.empty(3, np.float32)
    for i in range(len(holes)):
        y, x = holes[i]
        v, u = matches[i]
        for k in range(4):
            dy, dx = (k == 0) - (k == 1), (k == 2) - (k == 3)
            ny, nx = y + dy, x + dx
            if not (0 <= ny < height and 0 <= nx < width):
                numbers[i, k] = -2
                continue
            j = numbers[i, k] = rows[ny, nx]
            a, b = v + dy, u + dx
            ours = 0 <= a < height and 0 <= b < width and not hole[a, b]
            p, q = (matches[j, 0], matches[j, 1]) if j >= 0 else (ny, nx)
            c, d = p - dy, q - dx
            theirs = j >= 0 and 0 <= c < height and 0 <= d < width and not hole[c, d]
            if not ours and not theirs:
                continue
            square = np.float32(0)
            for channel in range(3):
                wanted = np.float32(0)
                if ours:
                    wanted += image[v, u, channel] - image[a, b, channel]
                if theirs:
                    wanted += image[c, d, channel] - image[p, q, channel]
                if ours and theirs:
                    wanted *= np.float32(0.5)
                step[channel] = wanted - (result[y, x, channel] - result[ny, nx, channel])
                square += step[channel] * step[channel]
            share = np.exp(-square / (3 * shown * shown))
            for channel in range(3):
                sums[i, channel] += share * step[channel]
    return sums


@compiled
def relaxed(sums: Any, numbers: Any, hold: Any, sweeps: int) -> Any:
    """The correction ``(n, 3)`` that takes out the steps of `steps_at_seams`, 0 at known pixels.

    Poisson's equation by successive over-relaxation; `hold` keeps the correction from running far.
    """
    correction = np.zeros_like(sums)
    haste = np.float32(1.9)
    for sweep in range(sweeps):
        for k in range(len(sums)):
            i = k if sweep % 2 == 0 else len(sums) - 1 - k
            red, green, blue = sums[i, 0], sums[i, 1], sums[i, 2]
            share = hold
            for side in range(4):
                j = numbers[i, side]
                if j >= -1:
                    share += np.float32(1)
                if j >= 0:
                    red += correction[j, 0]
                    green += correction[j, 1]
                    blue += correction[j, 2]
            correction[i, 0] += haste * (red / share - correction[i, 0])
            correction[i, 1] += haste * (green / share - correction[i, 1])
            correction[i, 2] += haste * (blue / share - correction[i, 2])
    return correction
