"""Render the sample picture that ships with the program, from nothing but mathematics.

The picture is an alpine lake late on an autumn afternoon, with a red and white buoy in the water that begs to be
removed.  Nothing in it was photographed: the mountains are an eroded height field, the sky is single scattering in a
clear atmosphere, the forest is a few thousand needles per tree, the pebbles are traced one by one, and the lake
reflects all of them.  The same run always gives the same picture.

Usage: ``python resources/render_sample.py OUT_FOLDER`` writes ``sample.jpg`` and ``sample_mask.png`` (255 = fill).

World axes: x to the right, y up, z away from the camera, in metres; the lake's surface is y = 0.  The camera looks
along +z and its horizon is shifted instead of tilted, so every picture column is one vertical plane of the world.
"""

from __future__ import annotations

import math
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import cv2
import numba
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]
Function = TypeVar("Function", bound=Callable[..., Any])

WIDTH, HEIGHT = 3600, 2400
HORIZON = 1090.0  # picture row of the horizon
CENTRE = WIDTH / 2.0
FOCAL = 3400.0  # pixels
EYE = 2.2  # camera height over the lake
MARGIN = 160  # extra columns each side, seen only in the lake
SCENE_W = WIDTH + 2 * MARGIN
SCENE_H = int(HORIZON) + 40  # rows of the far scene: from the frame's top to a little under the horizon
SKY_STEP = 3  # the sky is rendered at a third of the picture's resolution
SKY_ABOVE = 1800  # sky rows over the frame's top, seen only in the lake

SUN_ELEVATION, SUN_AZIMUTH = math.radians(13.0), math.radians(-112.0)  # azimuth from +z towards +x
SUN_X = math.cos(SUN_ELEVATION) * math.sin(SUN_AZIMUTH)
SUN_Y = math.sin(SUN_ELEVATION)
SUN_Z = math.cos(SUN_ELEVATION) * math.cos(SUN_AZIMUTH)
SUN_POWER = 10.0

CELL = 4.0  # metres per height field cell
GRID = 2560
GRID_X0 = -GRID * CELL / 2.0

STONE_CELL = 0.08  # metres per cell of the pebbles' search grid
STONE_X0, STONE_Z0, STONE_NX, STONE_NZ = -9.6, 2.4, 240, 190
GROUND_STEP = 0.02  # metres per cell of the near ground's table

BUOY_X, BUOY_Z = 2.55, 12.4
BUOY_TILT = math.radians(5.0)

_ANGLES = np.arange(16) * (math.pi / 8.0) + 0.19
GRADIENTS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)


def jit(function: Function) -> Function:
    """Compile a function when it is first called."""
    return cast(Function, numba.njit(fastmath=True, nogil=True)(function))


# ---------------------------------------------------------------------------------------------------------------------
# Noise


@jit
def lattice(x: int, y: int, z: int) -> int:
    """Hash a lattice point to 32 bits."""
    h = (x * 374761393 + y * 668265263 + z * 2246822519 + 1013904223) & 0xFFFFFFFF
    h = ((h ^ (h >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
    return h ^ (h >> 16)


@jit
def unit(x: int, y: int, z: int) -> float:
    """Hash a lattice point to [0, 1)."""
    return lattice(x, y, z) / 4294967296.0


@jit
def noise2(x: float, y: float, seed: int) -> float:
    """Gradient noise of the plane, about -0.7 to 0.7."""
    xi, yi = math.floor(x), math.floor(y)
    fx, fy = x - xi, y - yi
    ix, iy = int(xi), int(yi)
    u = fx * fx * fx * (fx * (fx * 6.0 - 15.0) + 10.0)
    v = fy * fy * fy * (fy * (fy * 6.0 - 15.0) + 10.0)
    a = lattice(ix, iy, seed) & 15
    b = lattice(ix + 1, iy, seed) & 15
    c = lattice(ix, iy + 1, seed) & 15
    d = lattice(ix + 1, iy + 1, seed) & 15
    na = GRADIENTS[a, 0] * fx + GRADIENTS[a, 1] * fy
    nb = GRADIENTS[b, 0] * (fx - 1.0) + GRADIENTS[b, 1] * fy
    nc = GRADIENTS[c, 0] * fx + GRADIENTS[c, 1] * (fy - 1.0)
    nd = GRADIENTS[d, 0] * (fx - 1.0) + GRADIENTS[d, 1] * (fy - 1.0)
    top = na + u * (nb - na)
    return top + v * (nc + u * (nd - nc) - top)


@jit
def fbm2(x: float, y: float, octaves: int, seed: int) -> float:
    """Sum of octaves of gradient noise, each turned against the last."""
    total, gain = 0.0, 1.0
    for i in range(octaves):
        total += gain * noise2(x, y, seed + i)
        x, y = 1.62 * x - 1.21 * y + 17.3, 1.21 * x + 1.62 * y - 9.1
        gain *= 0.5
    return total


@jit
def ridged2(x: float, y: float, octaves: int, seed: int) -> float:
    """Ridged multifractal noise, about 0 to 1: sharp crests, detail only where it is high."""
    total, gain, weight = 0.0, 0.5, 1.0
    for i in range(octaves):
        n = 1.0 - abs(noise2(x, y, seed + i)) * 1.9
        n = n * n * weight
        weight = min(1.0, max(0.0, n * 1.7))
        total += gain * n
        x, y = 1.66 * x - 1.17 * y + 31.7, 1.17 * x + 1.66 * y + 5.3
        gain *= 0.52
    return total


@jit
def noise3(x: float, y: float, z: float, seed: int) -> float:
    """Value noise of space, -1 to 1."""
    xi, yi, zi = math.floor(x), math.floor(y), math.floor(z)
    u, v, w = x - xi, y - yi, z - zi
    ix, iy, iz = int(xi), int(yi), int(zi) + seed * 7919
    u = u * u * u * (u * (u * 6.0 - 15.0) + 10.0)
    v = v * v * v * (v * (v * 6.0 - 15.0) + 10.0)
    w = w * w * w * (w * (w * 6.0 - 15.0) + 10.0)
    a = unit(ix, iy, iz)
    b = unit(ix, iy + 1, iz)
    c = unit(ix, iy, iz + 1)
    d = unit(ix, iy + 1, iz + 1)
    a += u * (unit(ix + 1, iy, iz) - a)
    b += u * (unit(ix + 1, iy + 1, iz) - b)
    c += u * (unit(ix + 1, iy, iz + 1) - c)
    d += u * (unit(ix + 1, iy + 1, iz + 1) - d)
    a += v * (b - a)
    c += v * (d - c)
    return 2.0 * (a + w * (c - a)) - 1.0


@jit
def fbm3(x: float, y: float, z: float, octaves: int, seed: int) -> float:
    """Sum of octaves of value noise of space."""
    total, gain = 0.0, 0.5
    for i in range(octaves):
        total += gain * noise3(x, y, z, seed + i)
        x, y, z = 1.6 * x + 1.2 * z + 3.7, 2.03 * y + 8.1, 1.6 * z - 1.2 * x + 5.9
        gain *= 0.5
    return total


@jit
def smooth(a: float, b: float, x: float) -> float:
    """Hermite step from 0 at a to 1 at b."""
    t = min(1.0, max(0.0, (x - a) / (b - a)))
    return t * t * (3.0 - 2.0 * t)


# ---------------------------------------------------------------------------------------------------------------------
# Atmosphere


@jit
def optical_depth(y: float, slope: float) -> tuple[float, float]:
    """Metres of sea level air and of haze from height y up along a direction with the given upward slope (a sine)."""
    air, haze, reach = 0.0, 0.0, 0.0
    for i in range(10):
        step = 900.0 * 1.75**i
        mid = reach + 0.5 * step
        h = math.sqrt((6371e3 + y) ** 2 + mid * mid + 2.0 * (6371e3 + y) * mid * slope) - 6371e3
        air += step * math.exp(-h / 8000.0)
        haze += step * math.exp(-h / 1300.0)
        reach += step
    return air, haze


@jit
def sky_radiance(dx: float, dy: float, dz: float) -> tuple[float, float, float]:
    """Single scattering of sunlight along a direction, with a share for the scattering that follows it."""
    cosine = dx * SUN_X + dy * SUN_Y + dz * SUN_Z
    rayleigh = 0.0596831 * (1.0 + cosine * cosine)
    g = 0.72
    mie = 0.0795775 * (1.0 - g * g) / (1.0 + g * g - 2.0 * g * cosine) ** 1.5
    red, green, blue = 0.0, 0.0, 0.0
    air, haze, reach = 0.0, 0.0, 0.0
    dy = max(dy, 0.0)
    for i in range(14):
        step = 500.0 * 1.5**i
        mid = reach + 0.5 * step
        h = math.sqrt(6371e3**2 + mid * mid + 2.0 * 6371e3 * mid * dy) - 6371e3
        here_air, here_haze = step * math.exp(-h / 8000.0), step * math.exp(-h / 1300.0)
        sun_air, sun_haze = optical_depth(h, SUN_Y)
        a, m = air + 0.5 * here_air + sun_air, haze + 0.5 * here_haze + sun_haze
        extra = 0.7 * 0.0796 * math.exp(-2e-5 * (air + haze))
        dust = 7e-6 * here_haze * (mie + extra)
        red += (5.8e-6 * here_air * (rayleigh + extra) + dust) * math.exp(-5.8e-6 * a - 8e-6 * m - 0.6e-6 * a)
        green += (13.5e-6 * here_air * (rayleigh + extra) + dust) * math.exp(-13.5e-6 * a - 8e-6 * m - 1.6e-6 * a)
        blue += (33.1e-6 * here_air * (rayleigh + extra) + dust) * math.exp(-33.1e-6 * a - 8e-6 * m)
        air += here_air
        haze += here_haze
        reach += step
    return red * SUN_POWER, green * SUN_POWER, blue * SUN_POWER


@jit
def cloud_density(x: float, y: float, z: float, octaves: int) -> float:
    """Density of the cumulus layer at a point (metres), 0 outside."""
    rise = (y - 2300.0) / 1000.0
    if rise <= 0.0 or rise >= 1.0:
        return 0.0
    cover = fbm2(x / 5200.0 + 3.1, z / 5200.0 + 0.4, 2, 401)
    shape = min(1.0, rise * 7.0) * (1.0 - rise) ** 0.6
    n = fbm3(x / 1150.0, y / 800.0, z / 1150.0, octaves, 31)
    return max(0.0, n * 1.05 + 0.75 * cover - 0.30 + 0.42 * shape - 0.34)


@jit
def render_sky(
    out: F32, ambient_r: float, ambient_g: float, ambient_b: float, sun_r: float, sun_g: float, sun_b: float
) -> None:
    """Fill the low resolution sky: clear air, high thin cirrus, and a layer of cumulus lit by the sun."""
    rows, cols = out.shape[0], out.shape[1]
    for r in range(rows):
        for c in range(cols):
            px = (c + 0.5) * SKY_STEP - MARGIN - CENTRE
            py = HORIZON - ((r + 0.5) * SKY_STEP - SKY_ABOVE)
            length = math.sqrt(px * px + py * py + FOCAL * FOCAL)
            dx, dy, dz = px / length, max(py / length, 0.001), FOCAL / length
            red, green, blue = sky_radiance(dx, dy, dz)
            cosine = dx * SUN_X + dy * SUN_Y + dz * SUN_Z
            phase = 0.75 + 0.25 * cosine * cosine
            # Cirrus: a sheet of combed noise at nine kilometres.
            reach = 9000.0 / (dy + 0.02)
            x, z = dx * reach, dz * reach
            warp = fbm2(x / 21000.0, z / 21000.0, 3, 71)
            comb = fbm2((0.85 * x + 0.5 * z) / 26000.0 + 0.9 * warp, (0.85 * z - 0.5 * x) / 5200.0 + 1.5 * warp, 6, 83)
            veil = max(0.0, comb + 0.45 * warp + 0.04) ** 1.5 * 0.75 * smooth(0.02, 0.12, dy)
            veil = 1.0 - math.exp(-veil)
            red += veil * (sun_r * 0.15 * phase + ambient_r * 0.12 - red * 0.75)
            green += veil * (sun_g * 0.15 * phase + ambient_g * 0.12 - green * 0.75)
            blue += veil * (sun_b * 0.15 * phase + ambient_b * 0.12 - blue * 0.75)
            # Cumulus.
            if dy > 0.045:
                start = 2300.0 / dy
                end = min(3300.0 / dy, 34000.0)
                if start < end:
                    steps = 44
                    size = (end - start) / steps
                    through, lit_r, lit_g, lit_b = 1.0, 0.0, 0.0, 0.0
                    jitter = unit(c, r, 5)
                    for i in range(steps):
                        t = start + (i + jitter) * size
                        x, y, z = dx * t, dy * t, dz * t
                        d = cloud_density(x, y, z, 6)
                        if d > 0.0:
                            shade = 0.0
                            for k in range(4):
                                s = 60.0 * 2.1**k
                                shade += (
                                    60.0 * 1.1**k * 1.6 * cloud_density(x + SUN_X * s, y + SUN_Y * s, z + SUN_Z * s, 4)
                                )
                            light = math.exp(-0.020 * shade) * 0.75 + 0.25 * math.exp(-0.004 * shade)
                            height = 0.45 + 0.55 * (y - 2300.0) / 1000.0
                            a = 1.0 - math.exp(-d * 0.011 * min(size, 220.0))
                            w = a * through
                            lit_r += w * (sun_r * 0.25 * light * phase + ambient_r * 0.24 * height)
                            lit_g += w * (sun_g * 0.25 * light * phase + ambient_g * 0.24 * height)
                            lit_b += w * (sun_b * 0.25 * light * phase + ambient_b * 0.24 * height)
                            through *= 1.0 - a
                            if through < 0.01:
                                break
                    far = math.exp(-start / 26000.0) * smooth(0.045, 0.09, dy)
                    w = (1.0 - through) * far
                    red += far * lit_r - w * red
                    green += far * lit_g - w * green
                    blue += far * lit_b - w * blue
            out[r, c, 0], out[r, c, 1], out[r, c, 2] = red, green, blue


def sun_colour() -> tuple[float, float, float]:
    """Irradiance of the sun on a surface facing it at lake level."""
    air, haze = optical_depth(0.0, SUN_Y)
    depth = [6.4e-6 * air + 8e-6 * haze, 15.1e-6 * air + 8e-6 * haze, 33.1e-6 * air + 8e-6 * haze]
    red, green, blue = (SUN_POWER * math.exp(-d) for d in depth)
    return red, green, blue


def sky_ambient() -> tuple[float, float, float]:
    """Irradiance of the open sky on level ground."""
    total = np.zeros(3)
    for i in range(8):
        sine = (i + 0.5) / 8.0
        for k in range(16):
            a = k * math.pi / 8.0
            level = math.sqrt(1.0 - sine * sine)
            total += np.array(sky_radiance(level * math.sin(a), sine, level * math.cos(a))) * sine
    red, green, blue = (total * (2.0 * math.pi / 128.0)).tolist()
    return red, green, blue


# ---------------------------------------------------------------------------------------------------------------------
# Mountains


@jit
def lake_distance(x: float, z: float) -> float:
    """Rough distance outside (positive) or inside (negative) the lake's shore, in metres."""
    z_far = 640.0 + 60.0 * math.sin(x / 170.0 + 0.6) + 70.0 * fbm2(x / 260.0, 3.3, 3, 11)
    across = x - 30.0
    side = 560.0 + 60.0 * fbm2(z / 200.0, 7.7, 3, 13)
    d = max(z - z_far, abs(across) - side)
    # A wooded point reaching in from the left, and a smaller one from the right.
    tip = math.hypot((x + 300.0) / 185.0, (z - 385.0 - 0.10 * x) / 36.0)
    point = (1.0 - tip) * 36.0 + 14.0 * fbm2(x / 60.0, z / 60.0, 3, 17)
    tip = math.hypot((x - 420.0) / 170.0, (z - 590.0) / 40.0)
    other = (1.0 - tip) * 34.0 + 12.0 * fbm2(x / 60.0, z / 60.0, 3, 19)
    return max(d, max(point, other))


@jit
def raw_terrain(out: F32, peaks: F64) -> None:
    """Fill the height field before erosion."""
    n = out.shape[0]
    for j in range(n):
        z = j * CELL
        for i in range(n):
            x = GRID_X0 + i * CELL
            wx = x + 260.0 * fbm2(x / 1500.0, z / 1500.0, 4, 101)
            wz = z + 260.0 * fbm2(x / 1500.0 + 9.0, z / 1500.0, 4, 131)
            hull = 0.0
            for k in range(peaks.shape[0]):
                r = math.hypot(wx - peaks[k, 0], wz - peaks[k, 1]) / peaks[k, 3]
                hull += (peaks[k, 2] * math.exp(-1.15 * r * (r + 0.35) / (1.0 + 0.25 * r))) ** 3.0
            hull = hull ** (1.0 / 3.0)
            ridge = ridged2(wx / 1700.0 + 0.35, wz / 1700.0 + 0.8, 9, 151)
            rough = ridged2(wx / 520.0 + 4.0, wz / 520.0, 7, 171)
            floor = 18.0 + max(0.0, z - 800.0) * 0.022 + 26.0 * fbm2(x / 420.0, z / 420.0, 6, 191)
            h = hull * (0.46 + 0.60 * ridge) + hull * 0.14 * (rough - 0.5) + max(2.0, floor)
            d = lake_distance(x, z)
            out[j, i] = h * smooth(-5.0, 330.0, d) + min(d, 40.0) * 0.10 + 1.2 * fbm2(x / 30.0, z / 30.0, 3, 211)


@jit
def erode(h: F32, drops: int, seed: int) -> None:
    """Let rain drops run down the height field, carrying soil from the steep to the flat."""
    n = h.shape[0]
    np.random.seed(seed)
    for _ in range(drops):
        x = np.random.random() * (n - 8) + 4.0
        z = np.random.random() * (n - 8) + 4.0
        vx, vz, speed, water, soil = 0.0, 0.0, 1.0, 1.0, 0.0
        for _step in range(56):
            i, j = int(x), int(z)
            fx, fz = x - i, z - j
            a, b, c, d = h[j, i], h[j, i + 1], h[j + 1, i], h[j + 1, i + 1]
            gx = (b - a) * (1.0 - fz) + (d - c) * fz
            gz = (c - a) * (1.0 - fx) + (d - b) * fx
            here = (a * (1.0 - fx) + b * fx) * (1.0 - fz) + (c * (1.0 - fx) + d * fx) * fz
            if here < 1.0:
                break
            vx = vx * 0.06 - gx * 0.94
            vz = vz * 0.06 - gz * 0.94
            size = math.hypot(vx, vz)
            if size < 1e-6:
                break
            vx /= size
            vz /= size
            x += vx
            z += vz
            if x < 3.0 or z < 3.0 or x > n - 5 or z > n - 5:
                break
            i2, j2 = int(x), int(z)
            ux, uz = x - i2, z - j2
            there = (h[j2, i2] * (1.0 - ux) + h[j2, i2 + 1] * ux) * (1.0 - uz)
            there += (h[j2 + 1, i2] * (1.0 - ux) + h[j2 + 1, i2 + 1] * ux) * uz
            fall = here - there
            room = max(fall, 0.04) * speed * water * 1.3
            if fall < 0.0 or soil > room:
                give = min(soil, -fall) if fall < 0.0 else (soil - room) * 0.25
                soil -= give
                h[j, i] += give * (1.0 - fx) * (1.0 - fz)
                h[j, i + 1] += give * fx * (1.0 - fz)
                h[j + 1, i] += give * (1.0 - fx) * fz
                h[j + 1, i + 1] += give * fx * fz
            else:
                take = min((room - soil) * 0.22, fall * 0.6)
                soil += take
                for q in range(-1, 3):
                    for p in range(-1, 3):
                        near = max(0.0, 1.9 - math.hypot(p - fx, q - fz))
                        h[j + q, i + p] -= take * near / 11.4
            speed = min(5.0, math.sqrt(max(0.05, speed * speed + fall * 0.25)))
            water *= 0.978


@jit
def settle(h: F32, limit: float, rounds: int) -> None:
    """Let whatever is steeper than `limit` slide down to the neighbouring cells."""
    n = h.shape[0]
    for turn in range(rounds):
        for q in range(1, n - 1):
            j = q if turn % 2 == 0 else n - 1 - q
            for i in range(1, n - 1):
                here = h[j, i]
                for k in range(4):
                    dj, di = (-1, 1, 0, 0)[k], (0, 0, -1, 1)[k]
                    over = here - h[j + dj, i + di] - limit
                    if over > 0.0:
                        h[j + dj, i + di] += 0.22 * over
                        here -= 0.22 * over
                h[j, i] = here


@jit
def ground_at(h: F32, x: float, z: float) -> float:
    """Bilinear height of the grid."""
    gx = min(max((x - GRID_X0) / CELL, 0.0), GRID - 1.001)
    gz = min(max(z / CELL, 0.0), GRID - 1.001)
    i, j = int(gx), int(gz)
    fx, fz = gx - i, gz - j
    top = h[j, i] + fx * (h[j, i + 1] - h[j, i])
    return top + fz * (h[j + 1, i] + fx * (h[j + 1, i + 1] - h[j + 1, i]) - top)


@jit
def land(h: F32, x: float, z: float) -> float:
    """Height of the land with the rock detail finer than the grid."""
    y = ground_at(h, x, z)
    rough = smooth(8.0, 420.0, y)
    if rough > 0.0:
        a = abs(noise2(x / 23.0, z / 23.0, 231))
        b = abs(noise2(x / 9.7 + 3.0, z / 9.7 + y / 30.0, 232))
        c = noise2(x / 4.1, z / 4.1 + y / 11.0, 233)
        y += rough * (7.0 * (0.3 - a) + 3.6 * (0.3 - b) + 1.3 * c)
    return y


@jit
def cast_shadows(h: F32, out: F32) -> None:
    """Sunlight reaching each second grid cell, 0 to 1, softened by the sun's width."""
    n = out.shape[0]
    level = math.hypot(SUN_X, SUN_Z)
    sx, sz, rise = SUN_X / level, SUN_Z / level, SUN_Y / level
    for j in range(n):
        for i in range(n):
            x, z = GRID_X0 + i * CELL * 2.0, j * CELL * 2.0
            y = ground_at(h, x, z) + 2.0
            clear, t = 1.0, 12.0
            while t < 5200.0 and clear > 0.0:
                px, pz = x + sx * t, z + sz * t
                if pz < 0.0 or px < GRID_X0:
                    break
                gap = y + rise * t - ground_at(h, px, pz)
                clear = min(clear, 0.5 + gap / (0.011 * t + 3.0))
                if y + rise * t > 1900.0:
                    break
                t += 7.0 + 0.012 * t
            out[j, i] = max(0.0, clear)


@jit
def trace_land(h: F32, depth: F32) -> None:
    """March every column of the far scene outwards (at twice the resolution) and note the distance seen."""
    rows, cols = depth.shape[0], depth.shape[1]
    for c in range(cols):
        slope = ((c + 0.5) / 2.0 - MARGIN - CENTRE) / FOCAL
        top = rows
        z = 260.0
        last_z, last_row, seen = z, float(rows), False
        while z < 10200.0 and top > 0:
            y = land(h, slope * z, z)
            if y > 0.0:
                row = 2.0 * (HORIZON - FOCAL * (y - EYE) / z)
                first = max(math.ceil(row - 0.5), 0)
                if first < top:
                    for r in range(first, top):
                        part = 1.0
                        if seen and last_row > row:
                            part = min(1.0, max(0.0, (last_row - (r + 0.5)) / (last_row - row)))
                        depth[r, c] = last_z + part * (z - last_z) if seen else z
                    top = first
                    seen = True
                else:
                    seen = row < top + 1.0
                last_row = row
            else:
                last_row = 2.0 * (HORIZON + FOCAL * EYE / z)
                top = min(top, max(math.ceil(last_row - 0.5), 0))
                seen = True
            last_z = z
            z *= 1.00038


@jit
def haze_mix(y: float, z: float) -> tuple[float, float, float]:
    """Share of a far thing's light that reaches the camera (red, green, blue)."""
    low = max(y, 1.0)
    thick = z * (1.0 - math.exp(-low / 420.0)) / (low / 420.0)
    clear = z * (1.0 - math.exp(-low / 8000.0)) / (low / 8000.0)
    return (
        math.exp(-1.1e-5 * clear - 3.3e-5 * thick),
        math.exp(-2.0e-5 * clear - 3.7e-5 * thick),
        math.exp(-4.0e-5 * clear - 4.4e-5 * thick),
    )


@jit
def shade_land(h: F32, shadow: F32, depth: F32, out: F32, sun: F32, ambient: F32, haze: F32) -> None:
    """Colour the land of the far scene, adding up two by two samples to a pixel."""
    rows, cols = depth.shape[0], depth.shape[1]
    for r in range(rows):
        for c in range(cols):
            z = depth[r, c]
            if z <= 0.0:
                continue
            x = ((c + 0.5) / 2.0 - MARGIN - CENTRE) / FOCAL * z
            e = max(0.8, 0.0006 * z)
            y = land(h, x, z)
            nx = (land(h, x - e, z) - land(h, x + e, z)) / (2.0 * e)
            nz = (land(h, x, z - e) - land(h, x, z + e)) / (2.0 * e)
            broad = 1.0 / math.sqrt(
                1.0
                + ((ground_at(h, x - 9.0, z) - ground_at(h, x + 9.0, z)) / 18.0) ** 2
                + ((ground_at(h, x, z - 9.0) - ground_at(h, x, z + 9.0)) / 18.0) ** 2
            )
            size = math.sqrt(nx * nx + 1.0 + nz * nz)
            nx, ny, nz = nx / size, 1.0 / size, nz / size
            # Cracks and ledges: noise in space, so that the steepest faces are not drawn out.
            craggy = smooth(0.93, 0.70, broad) * smooth(3.0, 60.0, y)
            crack = 0.0
            if craggy > 0.0:
                for octave in range(3):
                    scale = (1.0 / 26.0, 1.0 / 9.0, 1.0 / 3.2)[octave]
                    amp = (5.2, 2.3, 0.9)[octave] * craggy
                    qx, qy, qz = x * scale, y * scale * 1.25 + 0.2 * x * scale, z * scale
                    here = abs(noise3(qx, qy, qz, 261 + octave))
                    nx -= amp * scale / 0.1 * (abs(noise3(qx + 0.1, qy, qz, 261 + octave)) - here)
                    ny -= amp * scale / 0.1 * (abs(noise3(qx, qy + 0.1, qz, 261 + octave)) - here)
                    nz -= amp * scale / 0.1 * (abs(noise3(qx, qy, qz + 0.1, 261 + octave)) - here)
                    crack += here
                size = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz)
                nx, ny, nz = nx * size, ny * size, nz * size
            patch = fbm2(x / 95.0, z / 95.0, 5, 251)
            fine = noise2(x / 3.1, z / 3.1 + y / 4.0, 253) + 0.6 * noise2(x / 1.3, z / 1.3 + y / 1.7, 254)
            # Rock, in beds that dip a little to the right.
            bed = noise2((y + 0.16 * x + 0.06 * z) / 34.0 + 0.6 * patch, 0.7, 255)
            thin = noise2((y + 0.16 * x + 0.06 * z) / 9.0 + 0.5 * patch, 2.7, 256)
            tone = 0.185 * (1.0 + 0.30 * bed + 0.22 * thin + 0.28 * patch + 0.18 * fine) * (0.72 + 0.30 * crack)
            rust = smooth(0.0, 0.5, bed + patch)
            red, green, blue = tone * (1.04 + 0.10 * rust), tone * 0.98, tone * (0.93 - 0.12 * rust)
            # Scree under the walls.
            scree = smooth(0.62, 0.78, broad) * smooth(180.0, 420.0, y + 120.0 * patch)
            red += scree * (0.235 * (1.0 + 0.2 * fine) - red)
            green += scree * (0.222 * (1.0 + 0.2 * fine) - green)
            blue += scree * (0.200 * (1.0 + 0.2 * fine) - blue)
            # Autumn meadow, dry towards its upper edge.
            grass = smooth(0.66, 0.80, broad + 0.10 * patch) * (1.0 - smooth(480.0, 760.0, y + 260.0 * patch))
            dry = min(1.0, max(0.0, 0.35 + y / 700.0 + 1.3 * patch + 0.3 * fine))
            mottle = 1.0 + 0.35 * fine + 0.3 * patch
            red += grass * ((0.050 + 0.085 * dry) * mottle - red)
            green += grass * ((0.068 + 0.040 * dry) * mottle - green)
            blue += grass * ((0.020 + 0.014 * dry) * mottle - blue)
            # Pebbles along the shore.
            shore = 1.0 - smooth(0.5, 1.7, y + 0.6 * fine)
            red += shore * (0.24 - red)
            green += shore * (0.23 - green)
            blue += shore * (0.21 - blue)
            # Snow on what is high, not too steep, and turned from the sun.
            turn = nx * SUN_X + nz * SUN_Z
            line = y + 260.0 * patch - 170.0 * turn + 40.0 * fine
            snow = smooth(600.0, 760.0, line) * smooth(0.53, 0.64, 0.7 * broad + 0.3 * ny + 0.04 * fine)
            red += snow * (0.80 - red)
            green += snow * (0.81 - green)
            blue += snow * (0.84 - blue)
            gx = min(max((x - GRID_X0) / (2.0 * CELL), 0.0), shadow.shape[1] - 1.001)
            gz = min(z / (2.0 * CELL), shadow.shape[0] - 1.001)
            i, j = int(gx), int(gz)
            fx, fz = gx - i, gz - j
            lit = (shadow[j, i] * (1.0 - fx) + shadow[j, i + 1] * fx) * (1.0 - fz)
            lit += (shadow[j + 1, i] * (1.0 - fx) + shadow[j + 1, i + 1] * fx) * fz
            facing = max(0.0, nx * SUN_X + ny * SUN_Y + nz * SUN_Z) * lit
            open_sky = (0.35 + 0.65 * ny) * (0.65 + 0.35 * broad)
            keep = haze_mix(y, z)
            for k in range(3):
                albedo = red if k == 0 else (green if k == 1 else blue)
                bounce = 0.10 * sun[k] * 0.3 * (1.0 - 0.5 * ny)
                light = albedo / math.pi * (sun[k] * facing + ambient[k] * open_sky + bounce)
                out[r // 2, c // 2, k] += 0.25 * (light * keep[k] + haze[k] * (1.0 - keep[k]))
            out[r // 2, c // 2, 3] += 0.25


# ---------------------------------------------------------------------------------------------------------------------
# Forest


def conifer(rng: np.random.Generator, slender: float) -> F32:
    """Draw one conifer, lit from the sun's side: rows by columns of (sunlit, skylit, cover)."""
    rows, cols, fine = 576, 224, 2
    canvas = np.zeros((rows * fine, cols * fine, 3), np.float32)
    tall = rows * 0.97
    needles: list[tuple[float, float, float, float, float, float, float]] = []
    lean = rng.normal(0.0, 0.012)
    y = 0.015
    while y < 0.97:
        spread = slender * (y**0.80) * (1.0 + 0.12 * math.sin(9.0 * y + rng.random()))
        for _ in range(int(rng.integers(5, 9))):
            turn = rng.random() * 2.0 * math.pi
            length = spread * rng.uniform(0.55, 1.15)
            if y > 0.2 and rng.random() < 0.12:
                length *= 0.4
            droop = rng.uniform(0.05, 0.45)
            count = max(5, int(length * 330))
            s = np.sqrt(rng.random(count))
            side = rng.normal(0.0, 0.17, count) * length * (0.25 + s) * 0.6
            px = math.cos(turn) * s * length - math.sin(turn) * side
            pz = math.sin(turn) * s * length + math.cos(turn) * side
            py = y + length * droop * s * s - 0.06 * length * s + np.abs(rng.normal(0.0, 0.012, count))
            for a, b, d, q in zip(px, py, pz, s, strict=True):
                out = (a * SUN_X + d * SUN_Z) / (spread + 1e-6)
                lit = float(np.clip(0.42 + 0.62 * out + 0.22 * (q - 0.5) + rng.normal(0.0, 0.13), 0.0, 1.2))
                sky = float(np.clip(0.25 + 0.75 * q * (1.0 - 0.45 * y) - 0.12 * d / (spread + 1e-6), 0.05, 1.0))
                swing = rng.normal(0.0, 0.006)
                needles.append(
                    (float(d), float(a) + lean * (1.0 - float(b)), float(b), lit, sky, swing, rng.uniform(0.003, 0.011))
                )
        y += rng.uniform(0.010, 0.020) * (0.7 + 0.8 * y)
    base = (int((0.5 * cols) * fine * 8), int((rows - 1) * fine * 8))
    cv2.line(canvas, base, (int(0.5 * cols * fine * 8), int(rows * 0.3 * fine * 8)), (0.25, 0.2, 1.0), 4, cv2.LINE_8, 3)
    needles.sort(reverse=True)
    unit_px = tall * fine * 8.0
    for _, a, b, lit, sky, swing, long in needles:
        u, v = cols * fine * 4.0 + a * unit_px, rows * fine * 0.02 * 8.0 + b * unit_px
        end = (int(u + swing * unit_px), int(v + long * unit_px))
        cv2.line(canvas, (int(u), int(v)), end, (lit, sky, 1.0), 2, cv2.LINE_8, 3)
    canvas[..., :2] *= canvas[..., 2:]
    return cv2.resize(canvas, (cols, rows), interpolation=cv2.INTER_AREA).astype(np.float32)


@jit
def scatter_trees(h: F32, limit: int) -> F32:
    """Choose where trees stand: (x, y, z, height, kind, tint, light) for each, unsorted."""
    trees = np.zeros((limit, 7), np.float32)
    count = 0
    np.random.seed(8)
    z = 290.0
    while z < 3600.0 and count < limit - 1:
        gap = 4.0 + 0.0011 * z
        reach = (CENTRE + MARGIN) / FOCAL * z + 20.0
        x = -reach
        while x < reach and count < limit - 1:
            px, pz = x + (np.random.random() - 0.5) * gap * 1.6, z + (np.random.random() - 0.5) * gap * 1.6
            x += gap
            y = ground_at(h, px, pz)
            if y < 0.9:
                continue
            e = 6.0
            gx = (ground_at(h, px + e, pz) - ground_at(h, px - e, pz)) / (2.0 * e)
            gz = (ground_at(h, px, pz + e) - ground_at(h, px, pz - e)) / (2.0 * e)
            steep = math.hypot(gx, gz)
            stand = fbm2(px / 210.0, pz / 210.0, 4, 301)
            clearing = fbm2(px / 60.0, pz / 60.0, 3, 303)
            chance = 0.95 + 1.9 * stand + 1.3 * clearing - smooth(0.75, 1.15, steep)
            chance -= 1.8 * smooth(220.0, 560.0, y + 150.0 * stand)
            if np.random.random() > chance:
                continue
            vigour = 1.0 - 0.55 * smooth(150.0, 520.0, y)
            trees[count, 0], trees[count, 1], trees[count, 2] = px, y - 0.6, pz
            trees[count, 3] = (6.0 + 21.0 * np.random.random() ** 0.8) * vigour * (0.8 + 0.4 * smooth(-0.2, 0.3, stand))
            larch = 0.03 + 1.1 * fbm2(px / 130.0, pz / 130.0, 4, 305) + 0.25 * smooth(80.0, 330.0, y)
            trees[count, 4] = 1.0 if np.random.random() < larch else 0.0
            trees[count, 5] = np.random.random()
            trees[count, 6] = np.random.random()
            count += 1
        z += gap
    return trees[:count]


@jit
def draw_trees(
    trees: F32,
    sprites: F32,
    sizes: F32,
    shadow: F32,
    depth: F32,
    image: F32,
    zmap: F32,
    sun: F32,
    ambient: F32,
    haze: F32,
) -> None:
    """Paint the trees, far to near, over the far scene wherever the land does not hide them."""
    rows, cols = image.shape[0], image.shape[1]
    kinds = sprites.shape[0]
    for t in range(trees.shape[0]):
        x, y, z, tall = trees[t, 0], trees[t, 1], trees[t, 2], trees[t, 3]
        foot = HORIZON - FOCAL * (y - EYE) / z
        px_tall = FOCAL * tall / z
        px_wide = px_tall * sprites.shape[3] / sprites.shape[2]
        mid = CENTRE + MARGIN + FOCAL * x / z
        level = 0
        while level < sprites.shape[1] - 1 and sizes[level + 1, 0] >= px_tall * 0.8:
            level += 1
        sh, sw = sizes[level, 0], sizes[level, 1]
        kind = int(trees[t, 6] * kinds) % kinds
        flip_tone = 0.85 + 0.3 * trees[t, 5]
        gx = min(max((x - GRID_X0) / (2.0 * CELL), 0.0), shadow.shape[1] - 1.0)
        lit_here = shadow[int(min(z / (2.0 * CELL), shadow.shape[0] - 1.0)), int(gx)]
        if trees[t, 4] > 0.5:
            red, green, blue = 0.25 + 0.10 * trees[t, 5], 0.145 + 0.055 * trees[t, 5], 0.026
        else:
            red, green, blue = 0.040 + 0.022 * trees[t, 5], 0.056 + 0.018 * trees[t, 5], 0.022
        keep = haze_mix(y + 0.5 * tall, z)
        r0, r1 = max(int(foot - px_tall), 0), min(int(foot) + 1, rows - 1)
        c0, c1 = max(int(mid - 0.5 * px_wide), 0), min(int(mid + 0.5 * px_wide) + 1, cols - 1)
        for r in range(r0, r1 + 1):
            v = ((r + 0.5) - (foot - px_tall)) / px_tall
            if v <= 0.0 or v >= 1.0:
                continue
            sv = min(max(v * sh - 0.5, 0.0), sh - 1.001)
            j = int(sv)
            fv = sv - j
            low = smooth(1.1, 0.15, v)
            for c in range(c0, c1 + 1):
                u = ((c + 0.5) - (mid - 0.5 * px_wide)) / px_wide
                if u <= 0.0 or u >= 1.0:
                    continue
                seen = 0.0
                for q in range(2):
                    for p in range(2):
                        d = depth[2 * r + q, 2 * c + p]
                        if d <= 0.0 or d > z - 9.0:
                            seen += 0.25
                if seen <= 0.0:
                    continue
                su = min(max(u * sw - 0.5, 0.0), sw - 1.001)
                i = int(su)
                fu = su - i
                w00, w10 = (1.0 - fu) * (1.0 - fv), fu * (1.0 - fv)
                w01, w11 = (1.0 - fu) * fv, fu * fv
                s = sprites[kind, level]
                cover = s[j, i, 2] * w00 + s[j, i + 1, 2] * w10 + s[j + 1, i, 2] * w01 + s[j + 1, i + 1, 2] * w11
                if cover < 0.004:
                    continue
                direct = s[j, i, 0] * w00 + s[j, i + 1, 0] * w10 + s[j + 1, i, 0] * w01 + s[j + 1, i + 1, 0] * w11
                open_sky = s[j, i, 1] * w00 + s[j, i + 1, 1] * w10 + s[j + 1, i, 1] * w01 + s[j + 1, i + 1, 1] * w11
                direct, open_sky = direct / cover, open_sky / cover
                cover *= seen
                for k in range(3):
                    albedo = (red if k == 0 else (green if k == 1 else blue)) * flip_tone
                    light = (
                        albedo
                        / math.pi
                        * (
                            sun[k] * 1.15 * direct * lit_here * (0.15 + 0.85 * low)
                            + ambient[k] * 0.75 * open_sky * (0.25 + 0.75 * low)
                        )
                    )
                    light = light * keep[k] + haze[k] * (1.0 - keep[k])
                    image[r, c, k] += cover * (light - image[r, c, k])
                image[r, c, 3] += cover * (1.0 - image[r, c, 3])
                if cover > 0.4:
                    zmap[r, c] = z


# ---------------------------------------------------------------------------------------------------------------------
# Near shore: ground, pebbles


@jit
def shore_line(x: float) -> float:
    """How far away the near shore lies in the picture's column through x at the shore."""
    return 8.1 - 0.24 * x + 0.035 * x * x * (1.0 if x < 0 else 0.2) + 0.55 * fbm2(x / 2.6, 0.5, 3, 501)


@jit
def bank(x: float, z: float) -> float:
    """How much a spot belongs to the grassy bank at the lower left, 0 to 1."""
    edge = (-x - 1.15) * 0.95 - (z - 5.2) * 0.42 + 0.55 * fbm2(x / 0.9, z / 0.9, 3, 511)
    edge -= 0.9 * max(0.0, z - 7.8)
    return smooth(-0.05, 0.45, edge)


@jit
def bed(x: float, z: float) -> float:
    """Height of the near ground without its pebbles."""
    inside = shore_line(x) - z
    y = 0.10 * inside if inside > 0.0 else 0.12 * inside
    y = max(y, -2.2) + 0.045 * fbm2(x / 0.8, z / 0.8, 4, 521)
    return y + 0.16 * bank(x, z)


@jit
def survey(out: F32) -> None:
    """Tabulate the near ground: its height and how grassy it is, every GROUND_STEP metres."""
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            x, z = STONE_X0 + i * GROUND_STEP, STONE_Z0 + j * GROUND_STEP
            out[j, i, 0], out[j, i, 1] = bed(x, z), bank(x, z)


@jit
def surveyed(ground: F32, x: float, z: float, k: int) -> float:
    """Bilinear height (k = 0) or grassiness (k = 1) of the near ground."""
    gx = min(max((x - STONE_X0) / GROUND_STEP, 0.0), ground.shape[1] - 1.001)
    gz = min(max((z - STONE_Z0) / GROUND_STEP, 0.0), ground.shape[0] - 1.001)
    i, j = int(gx), int(gz)
    fx, fz = gx - i, gz - j
    top = ground[j, i, k] + fx * (ground[j, i + 1, k] - ground[j, i, k])
    return top + fz * (ground[j + 1, i, k] + fx * (ground[j + 1, i + 1, k] - ground[j + 1, i, k]) - top)


@jit
def place_stones(limit: int) -> F32:
    """Strew the pebbles: centre (3), matrix to the unit ball (9), three cutting planes (12), reach (1), tint (3)."""
    stones = np.zeros((limit, 28), np.float32)
    count = 0
    np.random.seed(21)
    for size_class in range(4):
        low, high = (0.20, 0.085, 0.034, 0.012)[size_class], (0.46, 0.20, 0.085, 0.034)[size_class]
        gap = (1.25, 0.30, 0.092, 0.036)[size_class]
        z = STONE_Z0 + 0.6
        while z < STONE_Z0 + STONE_NZ * STONE_CELL - 0.6:
            reach = min(0.56 * z + 0.7, -STONE_X0 - 0.6)
            x = -reach
            while x < reach and count < limit - 1:
                px = x + (np.random.random() - 0.5) * gap * 1.5
                pz = z + (np.random.random() - 0.5) * gap * 1.5
                x += gap
                heap = fbm2(px / 1.1, pz / 1.1, 3, 531 + size_class)
                if np.random.random() > 0.92 + (1.9 if size_class < 2 else 0.9) * heap - (
                    0.25 if size_class < 2 else 0.0
                ):
                    continue
                ground = bed(px, pz)
                if ground < (-1.1 if size_class < 3 else -0.55):
                    continue
                if bank(px, pz) > 0.35 + 0.4 * np.random.random():
                    continue
                if size_class == 0 and abs(px) < 0.25 * pz and pz < 6.5:
                    continue
                mean = low + (high - low) * np.random.random() ** 2.2
                a = mean * (0.75 + 0.5 * np.random.random())
                b = mean * (0.38 + 0.35 * np.random.random())
                c = mean * (0.6 + 0.4 * np.random.random())
                yaw, roll, pitch = np.random.random() * 6.2832, np.random.normal(0.0, 0.22), np.random.normal(0.0, 0.22)
                cy, sy, cr, sr = math.cos(yaw), math.sin(yaw), math.cos(roll), math.sin(roll)
                cp, sp = math.cos(pitch), math.sin(pitch)
                s = stones[count]
                s[0], s[1], s[2] = px, ground + b * (0.05 + 0.5 * np.random.random()), pz
                if size_class == 0:
                    s[1] = ground + 0.1 * b
                # Rows: the ball's axes in the world, each divided by its radius.
                s[3], s[4], s[5] = cy * cr / a, sr / a, sy * cr / a
                s[6], s[7], s[8] = (-cy * sr * cp + sy * sp) / b, cr * cp / b, (-sy * sr * cp - cy * sp) / b
                s[9], s[10], s[11] = (-cy * sr * sp - sy * cp) / c, cr * sp / c, (-sy * sr * sp + cy * cp) / c
                angular = np.random.random() < (0.9 if size_class < 2 else 0.6)
                for k in range(3):
                    u, w = 2.0 * np.random.random() - 1.0, np.random.random() * 6.2832
                    level = math.sqrt(1.0 - u * u)
                    s[12 + 4 * k], s[13 + 4 * k], s[14 + 4 * k] = level * math.cos(w), abs(u), level * math.sin(w)
                    s[15 + 4 * k] = 0.52 + 0.4 * np.random.random() if angular else 2.0
                s[24] = max(a, max(b, c))
                pick, tone = np.random.random(), 0.65 + 0.7 * np.random.random()
                if pick < 0.50:
                    s[25], s[26], s[27] = 0.185 * tone, 0.180 * tone, 0.172 * tone
                elif pick < 0.72:
                    s[25], s[26], s[27] = 0.245 * tone, 0.215 * tone, 0.178 * tone
                elif pick < 0.84:
                    s[25], s[26], s[27] = 0.100 * tone, 0.102 * tone, 0.106 * tone
                elif pick < 0.93:
                    s[25], s[26], s[27] = 0.215 * tone, 0.150 * tone, 0.108 * tone
                else:
                    s[25], s[26], s[27] = 0.40 * tone, 0.385 * tone, 0.355 * tone
                count += 1
            z += gap
    return stones[:count]


@jit
def index_stones(stones: F32, starts: I32, tops: F32, fill: bool, items: I32) -> None:
    """Count (fill false) or list (fill true) the pebbles that touch each cell of the search grid."""
    for s in range(stones.shape[0]):
        x, y, z, reach = stones[s, 0], stones[s, 1], stones[s, 2], stones[s, 24]
        i0 = max(int((x - reach - STONE_X0) / STONE_CELL), 0)
        i1 = min(int((x + reach - STONE_X0) / STONE_CELL), STONE_NX - 1)
        j0 = max(int((z - reach - STONE_Z0) / STONE_CELL), 0)
        j1 = min(int((z + reach - STONE_Z0) / STONE_CELL), STONE_NZ - 1)
        # The height of the ellipsoid's top: its support in the up direction.
        m = stones[s]
        det = (
            m[3] * (m[7] * m[11] - m[8] * m[10])
            - m[4] * (m[6] * m[11] - m[8] * m[9])
            + m[5] * (m[6] * m[10] - m[7] * m[9])
        )
        u = (m[8] * m[9] - m[6] * m[11]) / det
        v = (m[3] * m[11] - m[5] * m[9]) / det
        w = (m[5] * m[6] - m[3] * m[8]) / det
        top = y + math.sqrt(u * u + v * v + w * w)
        for j in range(j0, j1 + 1):
            for i in range(i0, i1 + 1):
                cell = j * STONE_NX + i
                if fill:
                    items[starts[cell]] = s
                    starts[cell] += 1
                else:
                    starts[cell + 1] += 1
                    tops[cell] = max(tops[cell], top)


@jit
def hit_stones(
    ox: float,
    oy: float,
    oz: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
    stones: F32,
    starts: I32,
    items: I32,
    tops: F32,
    ground: F32,
    solid: bool,
) -> tuple[float, int]:
    """First pebble along a ray: (distance, pebble), pebble -1 for bare ground and -2 for nothing."""
    best, which = far, -2
    tiny = 1e-9
    if abs(dx) < tiny:
        dx = tiny
    if abs(dz) < tiny:
        dz = tiny
    x1, z1 = STONE_X0 + STONE_NX * STONE_CELL, STONE_Z0 + STONE_NZ * STONE_CELL
    ta, tb = (STONE_X0 - ox) / dx, (x1 - ox) / dx
    tc, td = (STONE_Z0 - oz) / dz, (z1 - oz) / dz
    t = max(max(min(ta, tb), min(tc, td)), 1e-4)
    end = min(min(max(ta, tb), max(tc, td)), far)
    if dy < 0.0 and oy > 0.75:
        t = max(t, (0.75 - oy) / dy)
    elif dy > 0.0:
        end = min(end, (0.75 - oy) / dy)
    if t >= end:
        return best, which
    i = min(max(int((ox + dx * t - STONE_X0) / STONE_CELL), 0), STONE_NX - 1)
    j = min(max(int((oz + dz * t - STONE_Z0) / STONE_CELL), 0), STONE_NZ - 1)
    si, sj = (1 if dx > 0.0 else -1), (1 if dz > 0.0 else -1)
    step_x, step_z = abs(STONE_CELL / dx), abs(STONE_CELL / dz)
    next_x = (STONE_X0 + (i + (1 if dx > 0.0 else 0)) * STONE_CELL - ox) / dx
    next_z = (STONE_Z0 + (j + (1 if dz > 0.0 else 0)) * STONE_CELL - oz) / dz
    while t < end and t < best:
        leave = min(next_x, next_z)
        y_in, y_out = oy + dy * t, oy + dy * min(leave, end)
        cell = j * STONE_NX + i
        if min(y_in, y_out) < tops[cell]:
            for q in range(starts[cell], starts[cell + 1]):
                s = items[q]
                m = stones[s]
                px, py, pz = ox - m[0], oy - m[1], oz - m[2]
                ax, bx = m[3] * px + m[4] * py + m[5] * pz, m[3] * dx + m[4] * dy + m[5] * dz
                ay, by = m[6] * px + m[7] * py + m[8] * pz, m[6] * dx + m[7] * dy + m[8] * dz
                az, bz = m[9] * px + m[10] * py + m[11] * pz, m[9] * dx + m[10] * dy + m[11] * dz
                bb = bx * bx + by * by + bz * bz
                ab = ax * bx + ay * by + az * bz
                disc = ab * ab - bb * (ax * ax + ay * ay + az * az - 1.0)
                if disc <= 0.0:
                    continue
                root = math.sqrt(disc)
                enter, exit_ = (-ab - root) / bb, (-ab + root) / bb
                for k in range(3):
                    offset = m[15 + 4 * k]
                    if offset < 1.0:
                        nd = m[12 + 4 * k] * bx + m[13 + 4 * k] * by + m[14 + 4 * k] * bz
                        no = offset - (m[12 + 4 * k] * ax + m[13 + 4 * k] * ay + m[14 + 4 * k] * az)
                        if nd < 0.0:
                            enter = max(enter, no / nd)
                        elif nd > 0.0:
                            exit_ = min(exit_, no / nd)
                if enter < exit_ and enter > 1e-4 and enter < best:
                    best, which = enter, s
        if solid and best > leave:
            gx, gz = ox + dx * min(leave, end), oz + dz * min(leave, end)
            if y_out < surveyed(ground, gx, gz, 0):
                lo, hi = t, min(leave, end)
                for _ in range(6):
                    half = 0.5 * (lo + hi)
                    if oy + dy * half < surveyed(ground, ox + dx * half, oz + dz * half, 0):
                        hi = half
                    else:
                        lo = half
                return hi, -1
        t = leave
        if next_x < next_z:
            next_x += step_x
            i += si
            if i < 0 or i >= STONE_NX:
                break
        else:
            next_z += step_z
            j += sj
            if j < 0 or j >= STONE_NZ:
                break
    return best, which


@jit
def stone_light(
    x: float,
    y: float,
    z: float,
    which: int,
    dx: float,
    dy: float,
    dz: float,
    pixel: float,
    key: int,
    stones: F32,
    starts: I32,
    items: I32,
    tops: F32,
    ground: F32,
    sun: F32,
    ambient: F32,
) -> tuple[float, float, float]:
    """Light from a point on a pebble or on the ground towards the ray that found it."""
    if which >= 0:
        m = stones[which]
        px, py, pz = x - m[0], y - m[1], z - m[2]
        ax = m[3] * px + m[4] * py + m[5] * pz
        ay = m[6] * px + m[7] * py + m[8] * pz
        az = m[9] * px + m[10] * py + m[11] * pz
        inner = ax * ax + ay * ay + az * az
        ux, uy, uz = ax, ay, az
        for k in range(3):
            if m[15 + 4 * k] < 1.0:
                near = m[12 + 4 * k] * ax + m[13 + 4 * k] * ay + m[14 + 4 * k] * az - m[15 + 4 * k]
                if near > -0.05:
                    w = smooth(0.0, 0.28, 1.0 - inner) * smooth(-0.05, 0.0, near) * 0.92
                    ux += w * (m[12 + 4 * k] - ux)
                    uy += w * (m[13 + 4 * k] - uy)
                    uz += w * (m[14 + 4 * k] - uz)
        nx = m[3] * ux + m[6] * uy + m[9] * uz
        ny = m[4] * ux + m[7] * uy + m[10] * uz
        nz = m[5] * ux + m[8] * uy + m[11] * uz
        red, green, blue = m[25], m[26], m[27]
        seed = 600 + which % 997
        scale = 0.35 + 2.2 * m[24]
        ox, oy, oz = ax * m[24] + which * 1.37, ay * m[24], az * m[24]
    else:
        e = 0.02
        nx, nz = surveyed(ground, x - e, z, 0) - surveyed(ground, x + e, z, 0), surveyed(ground, x, z - e, 0)
        nx, ny, nz = nx, 2.0 * e, nz - surveyed(ground, x, z + e, 0)
        soil = surveyed(ground, x, z, 1)
        red, green, blue = 0.16 - 0.08 * soil, 0.142 - 0.082 * soil, 0.118 - 0.083 * soil
        seed, scale = 599, 0.5
        ox, oy, oz = x, y, z
    size = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx * size, ny * size, nz * size
    # Grain of the stone: the same noise roughens the normal and stains the colour.
    e = 0.0008
    for octave in range(3):
        freq = (70.0, 210.0, 620.0)[octave] / (0.6 + scale)
        if pixel * freq > 0.9:
            break
        fade = 1.0 - smooth(0.3, 0.9, pixel * freq)
        amp = (0.0021, 0.0010, 0.00045)[octave] * (0.6 + scale) * fade
        if which < 0:
            amp *= 1.6
        base = noise3(ox * freq, oy * freq, oz * freq, seed + octave)
        nx -= amp / e * 0.5 * (noise3((ox + e) * freq, oy * freq, oz * freq, seed + octave) - base)
        ny -= amp / e * 0.5 * (noise3(ox * freq, (oy + e) * freq, oz * freq, seed + octave) - base)
        nz -= amp / e * 0.5 * (noise3(ox * freq, oy * freq, (oz + e) * freq, seed + octave) - base)
        stain = 1.0 + (0.16, 0.18, 0.26)[octave] * base * fade
        red, green, blue = red * stain, green * stain, blue * stain
    size = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz)
    nx, ny, nz = nx * size, ny * size, nz * size
    if which >= 0:
        blot = fbm3(ox * 14.0, oy * 14.0, oz * 14.0, 3, 641)
        red, green, blue = red * (1.0 + 0.45 * blot), green * (1.0 + 0.40 * blot), blue * (1.0 + 0.36 * blot)
        if which % 19 == 0:  # quartz veins
            vein = abs(noise3(ox * 9.0 + 0.4 * blot, oy * 16.0 + 0.6 * blot, oz * 9.0, 651))
            streak = smooth(0.06, 0.01, vein) * 0.55
            red, green, blue = (
                red + streak * (0.46 - red),
                green + streak * (0.44 - green),
                blue + streak * (0.41 - blue),
            )
        if stones[which, 24] > 0.13 and y > 0.13:  # lichen
            film = smooth(0.18, 0.34, fbm3(x * 23.0, y * 23.0, z * 23.0, 4, 661)) * smooth(0.2, 0.7, ny) * 0.75
            red, green, blue = red + film * (0.30 - red), green + film * (0.29 - green), blue + film * (0.19 - blue)
    # Wet, and so darker and glossy, just over the water and under it.
    wet = smooth(0.075, 0.02, y + 0.03 * noise2(x * 3.0, z * 3.0, 671))
    if y < -0.02:  # a brown film of algae grows on what lies under water
        algae = 0.45 + 0.3 * noise2(x * 2.0, z * 2.0, 673)
        red, green, blue = red * (1.0 - 0.25 * algae), green * (1.0 - 0.30 * algae), blue * (1.0 - 0.62 * algae)
    red, green, blue = red * (1.0 - 0.52 * wet), green * (1.0 - 0.54 * wet), blue * (1.0 - 0.56 * wet)
    facing = nx * SUN_X + ny * SUN_Y + nz * SUN_Z
    lit = 0.0
    qx, qy, qz = x + nx * 0.0015, y + ny * 0.0015, z + nz * 0.0015
    if facing > 0.0:
        wobble = 0.006
        sx = SUN_X + wobble * (unit(key, 1, 7) - 0.5)
        sy = SUN_Y + wobble * (unit(key, 2, 7) - 0.5)
        sz = SUN_Z + wobble * (unit(key, 3, 7) - 0.5)
        _, blocker = hit_stones(qx, qy, qz, sx, sy, sz, 3.0, stones, starts, items, tops, ground, False)
        lit = facing if blocker == -2 else 0.0
    # One ray spread over the sky for open shade.
    u, w = unit(key, 4, 7), unit(key, 5, 7) * 6.2832
    rise, level = math.sqrt(1.0 - u), math.sqrt(u)
    tx, ty, tz = nx + level * math.cos(w), ny + rise * 0.9, nz + level * math.sin(w)
    size = 1.0 / math.sqrt(tx * tx + ty * ty + tz * tz + 1e-9)
    tx, ty, tz = tx * size, ty * size, tz * size
    open_sky = 1.0
    if ty < 0.0:
        open_sky = 0.12
    else:
        _, blocker = hit_stones(qx, qy, qz, tx, ty, tz, 0.6, stones, starts, items, tops, ground, False)
        if blocker != -2:
            open_sky = 0.14
    # Gloss of wet stone: a lobe about the sun's mirror direction, plus the sky at grazing angles.
    rx = dx - 2.0 * (dx * nx + dy * ny + dz * nz) * nx
    ry = dy - 2.0 * (dx * nx + dy * ny + dz * nz) * ny
    rz = dz - 2.0 * (dx * nx + dy * ny + dz * nz) * nz
    sheen = 0.0
    if y > -0.01:
        graze = 1.0 - max(0.0, -(dx * nx + dy * ny + dz * nz))
        fresnel = 0.03 + 0.5 * graze**5
        lobe = max(0.0, rx * SUN_X + ry * SUN_Y + rz * SUN_Z) ** (14.0 + 160.0 * wet)
        sheen = (lobe * fresnel * (0.5 + 7.0 * wet)) * (1.0 if lit > 0.0 else 0.0)
    sky = (0.02 + 0.10 * wet) * open_sky * max(0.0, ry) * 0.35
    warm = 0.10 * (1.0 - 0.5 * ny)  # light thrown back by the sunlit beach
    out_r = (
        red / math.pi * (sun[0] * lit + ambient[0] * open_sky + sun[0] * 0.25 * warm)
        + sheen * sun[0]
        + sky * ambient[0]
    )
    out_g = (
        green / math.pi * (sun[1] * lit + ambient[1] * open_sky + sun[1] * 0.22 * warm)
        + sheen * sun[1]
        + sky * ambient[1]
    )
    out_b = (
        blue / math.pi * (sun[2] * lit + ambient[2] * open_sky + sun[2] * 0.20 * warm)
        + sheen * sun[2]
        + sky * ambient[2]
    )
    return out_r, out_g, out_b


# ---------------------------------------------------------------------------------------------------------------------
# The buoy


@jit
def buoy_field(x: float, y: float, z: float) -> float:
    """Distance to the buoy from a point in its own axes (y along its mast, origin at the waterline)."""
    r = math.hypot(x, z)
    # Float: a flattened ball; above it a tapering tower with rounded rim; then a short mast and a ring.
    k = math.sqrt((r / 0.43) ** 2 + ((y - 0.05) / 0.26) ** 2)
    ball = (k - 1.0) * 0.26
    rib = math.hypot(r - 0.425, y - 0.05) - 0.028
    ball = min(ball, rib)
    rise = min(max((y - 0.20) / 0.58, 0.0), 1.0)
    radius = 0.285 - 0.155 * rise
    qx, qy = r - radius, abs(y - 0.49) - 0.29
    tower = min(max(qx, qy), 0.0) + math.hypot(max(qx, 0.0), max(qy, 0.0)) - 0.02
    blend = max(0.07 - abs(ball - tower), 0.0)
    d = min(ball, tower) - blend * blend / 0.28
    band = max(abs(y - 0.795) - 0.018, r - 0.165)
    mast = max(abs(y - 0.86) - 0.06, r - 0.028)
    ring = math.hypot(math.hypot(x, y - 0.965) - 0.062, z) - 0.014
    return 0.85 * min(min(d, band), min(mast, ring))


@jit
def to_buoy(x: float, y: float, z: float) -> tuple[float, float, float]:
    """Turn a vector of the world into the buoy's axes."""
    c, s = math.cos(BUOY_TILT), math.sin(BUOY_TILT)
    x, y = c * x - s * y, s * x + c * y
    c, s = math.cos(0.5 * BUOY_TILT), math.sin(-0.5 * BUOY_TILT)
    y, z = c * y - s * z, s * y + c * z
    c, s = math.cos(0.7), math.sin(0.7)
    return c * x - s * z, y, s * x + c * z


@jit
def hit_buoy(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> float:
    """Distance along a ray to the buoy, negative for a miss."""
    px, py, pz = ox - BUOY_X, oy - 0.42, oz - BUOY_Z
    b = px * dx + py * dy + pz * dz
    disc = b * b - (px * px + py * py + pz * pz - 0.76**2)
    if disc <= 0.0:
        return -1.0
    root = math.sqrt(disc)
    t, end = max(-b - root, 0.001), -b + root
    lx, ly, lz = to_buoy(ox - BUOY_X, oy, oz - BUOY_Z)
    ux, uy, uz = to_buoy(dx, dy, dz)
    for _ in range(90):
        if t > end:
            return -1.0
        d = buoy_field(lx + ux * t, ly + uy * t, lz + uz * t)
        if d < 0.0007:
            return t
        t += max(d, 0.0005)
    return -1.0


@jit
def buoy_light(
    x: float, y: float, z: float, dx: float, dy: float, dz: float, sun: F32, ambient: F32
) -> tuple[float, float, float]:
    """Light from a point of the buoy towards the ray that found it."""
    lx, ly, lz = to_buoy(x - BUOY_X, y, z - BUOY_Z)
    e = 0.0015
    base = buoy_field(lx, ly, lz)
    gx = buoy_field(lx + e, ly, lz) - base
    gy = buoy_field(lx, ly + e, lz) - base
    gz = buoy_field(lx, ly, lz + e) - base
    # The axes are orthonormal, so the way back is the transpose: turn each world axis and project.
    ax, ay, az = to_buoy(1.0, 0.0, 0.0)
    bx, by, bz = to_buoy(0.0, 1.0, 0.0)
    cx, cy, cz = to_buoy(0.0, 0.0, 1.0)
    nx, ny, nz = gx * ax + gy * ay + gz * az, gx * bx + gy * by + gz * bz, gx * cx + gy * cy + gz * cz
    size = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-18)
    nx, ny, nz = nx * size, ny * size, nz * size
    wear = fbm3(lx * 9.0, ly * 9.0, lz * 9.0, 4, 701)
    speck = noise3(lx * 120.0, ly * 120.0, lz * 120.0, 709)
    red, green, blue = 0.50, 0.030, 0.020
    if 0.385 + 0.004 * wear < ly < 0.625 + 0.004 * wear:
        red, green, blue = 0.62, 0.60, 0.56
    if ly > 0.815:
        red, green, blue = 0.20, 0.20, 0.20
    fade = 0.10 + 0.16 * max(0.0, wear)
    red, green, blue = red + fade * (0.40 - red), green + fade * (0.22 - green), blue + fade * (0.18 - blue)
    angle = math.atan2(lx, lz)
    run = smooth(0.05, 0.45, noise2(angle * 9.0, ly * 1.3, 711)) * 0.4 * smooth(0.66, 0.25, ly)  # streaks of dirt
    grime = min(0.9, run + smooth(0.10, 0.34, wear) * 0.35)
    red, green, blue = red + grime * (0.16 - red), green + grime * (0.12 - green), blue + grime * (0.085 - blue)
    slime = smooth(0.085, 0.03, y + 0.03 * wear)
    red, green, blue = red + slime * (0.035 - red), green + slime * (0.042 - green), blue + slime * (0.018 - blue)
    stain = 1.0 + 0.05 * speck
    facing = max(0.0, nx * SUN_X + ny * SUN_Y + nz * SUN_Z)
    if facing > 0.0 and hit_buoy(x + nx * 0.006, y + ny * 0.006, z + nz * 0.006, SUN_X, SUN_Y, SUN_Z) > 0.0:
        facing = 0.0
    near = min(1.0, max(0.0, buoy_field(lx + 0.09 * gx * size, ly + 0.09 * gy * size, lz + 0.09 * gz * size) / 0.07))
    sky = (0.55 + 0.45 * ny) * (0.35 + 0.65 * near)
    dot = dx * nx + dy * ny + dz * nz
    rx, ry, rz = dx - 2.0 * dot * nx, dy - 2.0 * dot * ny, dz - 2.0 * dot * nz
    fresnel = 0.04 + 0.6 * (1.0 - max(0.0, -dot)) ** 5
    lobe = max(0.0, rx * SUN_X + ry * SUN_Y + rz * SUN_Z)
    shine = fresnel * (1.6 * lobe**28 + 9.0 * lobe**260 * (0.4 + 0.6 * (1.0 - grime))) if facing > 0.0 else 0.0
    mirror = fresnel * (0.25 + 0.25 * max(0.0, ry)) * near * 0.45
    glow = 0.06 * (1.0 - ny)  # the lake's own light from below
    return (
        red * stain / math.pi * (sun[0] * facing + ambient[0] * sky + sun[0] * 0.5 * glow)
        + shine * sun[0]
        + mirror * ambient[0],
        green * stain / math.pi * (sun[1] * facing + ambient[1] * sky + sun[1] * 0.6 * glow)
        + shine * sun[1]
        + mirror * ambient[1],
        blue * stain / math.pi * (sun[2] * facing + ambient[2] * sky + sun[2] * 0.6 * glow)
        + shine * sun[2]
        + mirror * ambient[2],
    )


# ---------------------------------------------------------------------------------------------------------------------
# The lake


def ripples(count: int) -> F32:
    """Make wave components: (turns per metre 2, phase, slope 2, curvature), of many lengths, about the breeze."""
    rng = np.random.default_rng(33)
    waves = np.zeros((count, 6), np.float32)
    for i in range(count):
        length = 0.10 * (48.0 ** ((i + rng.random()) / count))
        heading = math.radians(20.0) + rng.normal(0.0, 0.62)
        slope = 0.0105 * (1.0 if length < 1.2 else (1.2 / length) ** 0.6) * rng.uniform(0.6, 1.4)
        slope *= min(1.0, (length / 0.16) ** 0.8)
        x, z = math.cos(heading), math.sin(heading)
        waves[i] = (x / length, z / length, rng.random(), slope * x, slope * z, slope / length)
    return waves


@jit
def breeze(x: float, z: float) -> float:
    """How much the breeze ruffles a spot of the lake: it comes in lanes and drops towards the shore."""
    wind = 0.62 + 0.75 * fbm2(x / 11.0 + 2.0, z / 34.0, 3, 801) + 0.5 * fbm2(x / 2.7, z / 5.0, 2, 805)
    shelter = smooth(-0.2, 3.2, z - shore_line(x))
    return max(0.16, wind) * (0.25 + 0.75 * shelter) * (1.0 + 0.25 * smooth(25.0, 260.0, z))


@jit
def sine(turns: float) -> float:
    """Sine of an angle given in turns, near enough for water."""
    t = turns - math.floor(turns) - 0.5
    y = 16.0 * t * abs(t) - 8.0 * t
    return y + 0.225 * (y * abs(y) - y)


@jit
def wave_slope(x: float, z: float, waves: F32) -> tuple[float, float]:
    """Slope of the lake's surface along x and z, for a breeze of 1."""
    sx, sz = 0.0, 0.0
    for i in range(waves.shape[0]):
        s = sine(waves[i, 0] * x + waves[i, 1] * z + waves[i, 2])
        sx += s * waves[i, 3]
        sz += s * waves[i, 4]
    return sx, sz


@jit
def wave_lens(x: float, z: float, waves: F32) -> float:
    """Curvature of the lake's surface, for a breeze of 1."""
    curve = 0.0
    for i in range(waves.shape[0]):
        curve += waves[i, 5] * sine(waves[i, 0] * x + waves[i, 1] * z + waves[i, 2] + 0.25)
    return 6.2832 * curve


@jit
def sample3(image: F32, row: float, col: float, k: int) -> float:
    """Bilinear value of one channel, clamped to the image."""
    row = min(max(row - 0.5, 0.0), image.shape[0] - 1.001)
    col = min(max(col - 0.5, 0.0), image.shape[1] - 1.001)
    j, i = int(row), int(col)
    fv, fu = row - j, col - i
    top = image[j, i, k] + fu * (image[j, i + 1, k] - image[j, i, k])
    low = image[j + 1, i, k] + fu * (image[j + 1, i + 1, k] - image[j + 1, i, k])
    return top + fv * (low - top)


@jit
def render_near(
    image: F32,
    marks: F32,
    scene: F32,
    zmap: F32,
    sky: F32,
    waves: F32,
    stones: F32,
    starts: I32,
    items: I32,
    tops: F32,
    ground: F32,
    sun: F32,
    ambient: F32,
    first: int,
    last: int,
) -> None:
    """Render the rows under the horizon: lake, shore, buoy.

    `marks` receives the share of each pixel that shows the buoy (0) or its reflection (1), and the distance
    of the solid ground seen there (2).
    """
    for r in range(first, last):
        down = r + 0.5 - HORIZON
        spp = 6 if down > 480.0 else (10 if down > 300.0 else (20 if down > 60.0 else 40))
        for c in range(image.shape[1]):
            total_r, total_g, total_b = 0.0, 0.0, 0.0
            own, echo, solid = 0.0, 0.0, 0.0
            away = EYE * FOCAL / down
            wind = breeze((c + 0.5 - CENTRE) / FOCAL * away, away)
            cover = 1.0
            if r < SCENE_H:
                cover = 1.0 - scene[r, c + MARGIN, 3]
            if cover <= 0.003:
                continue
            for n in range(spp):
                key = (r * 3600 + c) * 64 + n
                ju = (n + 0.5) / spp
                jv = (n * 0.6180339887 + unit(key, 9, 1)) % 1.0
                ju = (ju + unit(r, c, 2)) % 1.0
                dx, dy = (c + ju - CENTRE) / FOCAL, -(r + jv - HORIZON) / FOCAL
                if dy > -2e-4:
                    dy = -2e-4
                size = 1.0 / math.sqrt(dx * dx + dy * dy + 1.0)
                dx, dy, dz = dx * size, dy * size, size
                t_lake = -EYE / dy
                t_stone, which = 1e9, -2
                if t_lake * dz < 19.0:
                    t_stone, which = hit_stones(
                        0.0, EYE, 0.0, dx, dy, dz, t_lake, stones, starts, items, tops, ground, True
                    )
                t_buoy = -1.0
                if abs(c - CENTRE - FOCAL * BUOY_X / BUOY_Z) < 260.0 and t_lake * dz < 40.0:
                    t_buoy = hit_buoy(0.0, EYE, 0.0, dx, dy, dz)
                if 0.0 < t_buoy < t_lake:
                    x, y, z = dx * t_buoy, EYE + dy * t_buoy, dz * t_buoy
                    red, green, blue = buoy_light(x, y, z, dx, dy, dz, sun, ambient)
                    total_r, total_g, total_b = total_r + red, total_g + green, total_b + blue
                    own += 1.0
                    continue
                if which > -2:
                    x, y, z = dx * t_stone, EYE + dy * t_stone, dz * t_stone
                    red, green, blue = stone_light(
                        x,
                        y,
                        z,
                        which,
                        dx,
                        dy,
                        dz,
                        t_stone / FOCAL,
                        key,
                        stones,
                        starts,
                        items,
                        tops,
                        ground,
                        sun,
                        ambient,
                    )
                    total_r, total_g, total_b = total_r + red, total_g + green, total_b + blue
                    solid += 1.0
                    continue
                x, z = dx * t_lake, dz * t_lake
                sx, sz = wave_slope(x, z, waves)
                sx, sz = sx * wind, sz * wind
                nx, ny, nz = -sx, 1.0, -sz
                size = 1.0 / math.sqrt(nx * nx + 1.0 + nz * nz)
                nx, ny, nz = nx * size, ny * size, nz * size
                dot = dx * nx + dy * ny + dz * nz
                if dot > -0.004:
                    dot = -0.004
                rx, ry, rz = dx - 2.0 * dot * nx, dy - 2.0 * dot * ny, dz - 2.0 * dot * nz
                if ry < 0.002:
                    ry = 0.002 + 0.3 * (0.002 - ry)
                cosine = -dot
                # Fresnel's equations for water.
                under = math.sqrt(1.0 - (1.0 - cosine * cosine) / 1.777)
                a = (cosine - 1.333 * under) / (cosine + 1.333 * under)
                b = (1.333 * cosine - under) / (1.333 * cosine + under)
                mirror = 0.5 * (a * a + b * b)
                # What the surface mirrors.
                seen_r, seen_g, seen_b, found = 0.0, 0.0, 0.0, False
                t = hit_buoy(x, 0.001, z, rx, ry, rz) if z < BUOY_Z + 0.8 else -1.0
                if t > 0.0:
                    seen_r, seen_g, seen_b = buoy_light(x + rx * t, ry * t, z + rz * t, rx, ry, rz, sun, ambient)
                    found = True
                    echo += 1.0
                elif z < 14.0 and ry < 0.5 and surveyed(ground, x, z, 0) > -0.7:
                    t, hit = hit_stones(x, 0.001, z, rx, ry, rz, 4.0, stones, starts, items, tops, ground, False)
                    if hit >= 0:
                        seen_r, seen_g, seen_b = stone_light(
                            x + rx * t,
                            ry * t,
                            z + rz * t,
                            hit,
                            rx,
                            ry,
                            rz,
                            t_lake / FOCAL,
                            key,
                            stones,
                            starts,
                            items,
                            tops,
                            ground,
                            sun,
                            ambient,
                        )
                        found = True
                if not found and rz > 0.05:
                    climb, turn = ry / rz, rx / rz
                    row, col = HORIZON - FOCAL * climb, CENTRE + MARGIN + FOCAL * turn
                    for _ in range(3):
                        if row <= 0.0:
                            break
                        jr = min(max(int(row), 0), SCENE_H - 1)
                        jc = min(max(int(col), 0), SCENE_W - 1)
                        far = zmap[jr, jc]
                        if far <= z:
                            far = 12000.0 if far <= 0.0 else z + 1.0
                        row = HORIZON - FOCAL * (climb * (far - z) - EYE) / far
                        col = CENTRE + MARGIN + FOCAL * (x + turn * (far - z)) / far
                    if row > 0.5:
                        row = min(row, HORIZON - 1.0)
                        seen_r = sample3(scene, row, col, 0)
                        seen_g = sample3(scene, row, col, 1)
                        seen_b = sample3(scene, row, col, 2)
                    else:
                        sr, sc = (row + SKY_ABOVE) / SKY_STEP, col / SKY_STEP
                        seen_r, seen_g, seen_b = (
                            sample3(sky, sr, sc, 0),
                            sample3(sky, sr, sc, 1),
                            sample3(sky, sr, sc, 2),
                        )
                # What comes up through the surface.
                eta = 1.0 / 1.333
                tx = eta * dx + (eta * cosine - under) * nx
                ty = eta * dy + (eta * cosine - under) * ny
                tz = eta * dz + (eta * cosine - under) * nz
                shaded = 0.0
                close = abs(x - BUOY_X) < 7.0 and abs(z - BUOY_Z) < 5.0
                if close and hit_buoy(x, 0.001, z, SUN_X, SUN_Y, SUN_Z) > 0.0:
                    shaded = 1.0
                day = 1.0 - 0.8 * shaded
                deep_r = 0.0035 * (sun[0] * 0.25 * day + ambient[0])
                deep_g = 0.0140 * (sun[1] * 0.25 * day + ambient[1])
                deep_b = 0.0125 * (sun[2] * 0.25 * day + ambient[2])
                up_r, up_g, up_b = deep_r, deep_g, deep_b
                if z < 17.0 and surveyed(ground, x, z, 0) > -1.25:
                    t, hit = hit_stones(x, -0.001, z, tx, ty, tz, 6.0, stones, starts, items, tops, ground, True)
                    if hit > -2:
                        depth = -ty * t
                        bx, by, bz = x + tx * t, ty * t, z + tz * t
                        up_r, up_g, up_b = stone_light(
                            bx,
                            by,
                            bz,
                            hit,
                            tx,
                            ty,
                            tz,
                            t_lake / FOCAL,
                            key,
                            stones,
                            starts,
                            items,
                            tops,
                            ground,
                            sun,
                            ambient,
                        )
                        # Ripples gather the light on the bed.
                        enter_x, enter_z = bx + SUN_X * depth * 0.95, bz + SUN_Z * depth * 0.95
                        lens = wind * wave_lens(enter_x, enter_z, waves)
                        gain = 0.8 / max(0.35, 1.0 + min(2.0, 5.0 * depth) * 0.12 * lens)
                        path = t + depth * 1.4
                        cr, cg, cb = math.exp(-1.05 * path), math.exp(-0.42 * path), math.exp(-0.50 * path)
                        up_r = up_r * gain * cr + deep_r * (1.0 - cr)
                        up_g = up_g * gain * cg + deep_g * (1.0 - cg)
                        up_b = up_b * gain * cb + deep_b * (1.0 - cb)
                total_r += mirror * seen_r + (1.0 - mirror) * up_r
                total_g += mirror * seen_g + (1.0 - mirror) * up_g
                total_b += mirror * seen_b + (1.0 - mirror) * up_b
            share = cover / spp
            image[r, c, 0] = image[r, c, 0] * (1.0 - cover) + total_r * share
            image[r, c, 1] = image[r, c, 1] * (1.0 - cover) + total_g * share
            image[r, c, 2] = image[r, c, 2] * (1.0 - cover) + total_b * share
            marks[r, c, 0], marks[r, c, 1], marks[r, c, 2] = own / spp, echo / spp, solid / spp


# ---------------------------------------------------------------------------------------------------------------------
# Grass


@jit
def place_blades(limit: int) -> F32:
    """Grow the grass: root (3), length, lean (2), bend, half width, tint, dryness, shelter for each blade."""
    blades = np.zeros((limit, 11), np.float32)
    count = 0
    np.random.seed(44)
    while count < limit:
        z = 3.4 + 8.0 * np.random.random() ** 1.2
        x = -0.62 * z + np.random.random() * (0.62 * z + 3.2)
        tuft_x, tuft_z = x, z
        soil = bank(x, z)
        lone = np.random.random() < 0.012 and bed(x, z) > 0.10 and fbm2(x / 1.3, z / 1.3, 2, 911) > 0.10
        if bed(x, z) < 0.02 or (not lone and np.random.random() > soil):
            continue
        blade_count = 4 + int(np.random.random() * 26)
        vigour = (0.55 + 0.6 * np.random.random()) * (0.75 + 0.9 * fbm2(x / 0.7, z / 0.7, 2, 913))
        if lone:
            blade_count, vigour = 16, 0.5
        dryness = 0.42 + 1.3 * fbm2(x / 0.8, z / 0.8, 3, 915)
        for _ in range(blade_count):
            if count >= limit:
                break
            spread = 0.03 + 0.02 * np.random.random()
            b = blades[count]
            px, pz = np.random.normal(0.0, spread), np.random.normal(0.0, spread)
            b[0], b[2] = tuft_x + px, tuft_z + pz
            b[1] = bed(b[0], b[2]) - 0.01
            if b[2] < 3.3:
                continue
            b[3] = vigour * (0.10 + 0.24 * np.random.random() ** 0.8)
            b[4] = px * 4.5 + np.random.normal(0.05, 0.22)
            b[5] = pz * 4.5 + np.random.normal(0.0, 0.22)
            b[6] = np.random.random() ** 1.7
            b[7] = 0.0008 + 0.0014 * np.random.random()
            b[8] = np.random.random()
            b[9] = min(1.0, max(0.0, dryness + np.random.normal(0.0, 0.25)))
            b[10] = np.random.random()
            count += 1
    return blades[:count]


@jit
def blade_point(b: F32, s: float) -> tuple[float, float, float]:
    """Point of a blade at parameter s: it rises from its root and bows over towards its lean."""
    out = s * (0.35 + 0.65 * s)
    sag = b[6] * s * s * s * 0.55
    return b[0] + b[3] * b[4] * out * (1.0 + b[6]), b[1] + b[3] * (s - sag), b[2] + b[3] * b[5] * out * (1.0 + b[6])


@jit
def stroke(
    target: F32,
    mode: int,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    w0: float,
    w1: float,
    red: float,
    green: float,
    blue: float,
) -> None:
    """Paint one tapered, antialiased piece of a blade: a colour (mode 0) or a shadow (mode 1) on the target."""
    reach = max(w0, w1) + 1.0
    r0, r1 = max(int(min(y0, y1) - reach), 0), min(int(max(y0, y1) + reach), target.shape[0] - 1)
    c0, c1 = max(int(min(x0, x1) - reach), 0), min(int(max(x0, x1) + reach), target.shape[1] - 1)
    ex, ey = x1 - x0, y1 - y0
    length2 = ex * ex + ey * ey + 1e-9
    length = math.sqrt(length2)
    for r in range(r0, r1 + 1):
        for c in range(c0, c1 + 1):
            px, py = c + 0.5 - x0, r + 0.5 - y0
            t = (px * ex + py * ey) / length2
            if t < 0.0 or t >= 1.0:
                continue
            off = (px * ey - py * ex) / length
            w = w0 + t * (w1 - w0)
            cover = min(1.0, w + 0.5 - abs(off)) * min(1.0, 2.0 * w)
            if cover <= 0.0:
                continue
            if mode == 1:
                target[r, c, 0] = max(target[r, c, 0], cover * red)
            else:
                shade = 1.0 + 0.16 * off / (w + 0.3)  # the blade's fold
                target[r, c, 0] += cover * (red * shade - target[r, c, 0])
                target[r, c, 1] += cover * (green * shade - target[r, c, 1])
                target[r, c, 2] += cover * (blue * shade - target[r, c, 2])


@jit
def draw_blades(blades: F32, image: F32, dark: F32, sun: F32, ambient: F32, shadows: bool) -> None:
    """Paint the blades' shadows on the ground, or the blades themselves (they come sorted far to near)."""
    pieces = 11
    for n in range(blades.shape[0]):
        b = blades[n]
        last_x, last_y, last_w = 0.0, 0.0, 0.0
        tall = b[3]
        soil = bank(b[0], b[2])
        hollow = fbm2(b[0] / 0.36, b[2] / 0.36, 3, 921)
        for i in range(pieces + 1):
            s = i / pieces
            x, y, z = blade_point(b, s)
            if shadows:
                lift = max(0.0, y - bed(x, z) - 0.015)
                x, z = x - SUN_X / SUN_Y * lift, z - SUN_Z / SUN_Y * lift
                y = bed(x, z) + 0.015
            if z < 1.0:
                break
            px, py = CENTRE + FOCAL * x / z, HORIZON - FOCAL * (y - EYE) / z
            w = FOCAL * b[7] / z * (1.0 - s**2.2) + 0.12
            if i > 0:
                if shadows:
                    if y > -0.02:
                        stroke(dark, 1, last_x, last_y, px, py, last_w + 0.8, w + 0.8, 0.55 * (1.0 - 0.6 * s), 0.0, 0.0)
                else:
                    mid = s - 0.5 / pieces
                    height = mid * tall
                    dense = 0.25 + 0.75 * soil
                    shade = max(0.0, 0.05 + 0.10 * b[10] + 0.22 * hollow)
                    lit = (1.0 - dense) + dense * smooth(shade, shade + 0.07 + 0.08 * b[10], height)
                    facing = 0.20 + 0.55 * b[10] + 0.30 * b[6] * mid
                    open_sky = (1.0 - dense * 0.8) + dense * 0.8 * smooth(0.0, 0.22, height)
                    dry = min(1.0, b[9] + 0.25 * mid * mid)
                    red = 0.055 + 0.215 * dry
                    green = 0.088 + 0.098 * dry
                    blue = 0.026 + 0.078 * dry
                    tone = (0.75 + 0.5 * b[8]) / math.pi
                    light_r = red * tone * (sun[0] * lit * facing + ambient[0] * open_sky)
                    light_g = green * tone * (sun[1] * lit * facing + ambient[1] * open_sky)
                    light_b = blue * tone * (sun[2] * lit * facing + ambient[2] * open_sky)
                    stroke(image, 0, last_x, last_y, px, py, last_w, w, light_r, light_g, light_b)
            last_x, last_y, last_w = px, py, w


# ---------------------------------------------------------------------------------------------------------------------
# Stages


def make_terrain() -> F32:
    """Build and erode the height field."""
    peaks = np.array(
        [  # x, z, height, radius
            (560.0, 5300.0, 1480.0, 1750.0),
            (-720.0, 6000.0, 1330.0, 1550.0),
            (1750.0, 5200.0, 1080.0, 1250.0),
            (-1850.0, 5600.0, 1130.0, 1350.0),
            (-1700.0, 2700.0, 760.0, 980.0),
            (1650.0, 2500.0, 640.0, 900.0),
            (-3300.0, 4300.0, 1100.0, 1400.0),
            (3100.0, 4200.0, 1150.0, 1300.0),
            (-2600.0, 8400.0, 1650.0, 1600.0),
            (-300.0, 9200.0, 1500.0, 1700.0),
            (2500.0, 8800.0, 1700.0, 1700.0),
            (1000.0, 3500.0, 340.0, 620.0),
            (-700.0, 3300.0, 300.0, 620.0),
        ],
        np.float64,
    )
    h = np.zeros((GRID, GRID), np.float32)
    raw_terrain(h, peaks)
    half = cv2.resize(h, (GRID // 2, GRID // 2), interpolation=cv2.INTER_AREA)
    before = half.copy()
    scaled = half / np.float32(2.0 * CELL)
    erode(scaled, 420000, 3)
    change = cv2.GaussianBlur(scaled * np.float32(2.0 * CELL) - before, (0, 0), 0.6)
    h += cv2.resize(change, (GRID, GRID), interpolation=cv2.INTER_CUBIC)
    h /= np.float32(CELL)
    erode(h, 900000, 4)
    settle(h, 1.45, 24)
    h *= np.float32(CELL)
    return h


def make_sprites() -> tuple[F32, F32]:
    """Draw the conifers and their smaller copies: (tree, level, row, column, channel) and the levels' sizes."""
    rng = np.random.default_rng(5)
    trees = [conifer(rng, slender) for slender in (0.115, 0.135, 0.15, 0.165, 0.18, 0.14, 0.125, 0.155)]
    rows, cols = trees[0].shape[:2]
    levels = 6
    sprites = np.zeros((len(trees), levels, rows, cols, 3), np.float32)
    sizes = np.zeros((levels, 2), np.float32)
    for i, tree in enumerate(trees):
        for level in range(levels):
            sh, sw = rows >> level, cols >> level
            small = cv2.resize(tree, (sw, sh), interpolation=cv2.INTER_AREA)
            sprites[i, level, :sh, :sw] = small
            sizes[level] = (sh, sw)
    return sprites, sizes


def make_stones() -> tuple[F32, I32, I32, F32, F32]:
    """Strew the pebbles and index them by ground cell: pebbles, cells' starts, items, cells' tops, ground."""
    scale = round(STONE_CELL / GROUND_STEP)
    ground = np.zeros((STONE_NZ * scale + 1, STONE_NX * scale + 1, 2), np.float32)
    survey(ground)
    stones = place_stones(700000)
    cells = STONE_NX * STONE_NZ
    counts = np.zeros(cells + 1, np.int32)
    tops = np.zeros(cells, np.float32)
    for j in range(STONE_NZ):
        for i in range(STONE_NX):
            x, z = STONE_X0 + (i + 0.5) * STONE_CELL, STONE_Z0 + (j + 0.5) * STONE_CELL
            tops[j * STONE_NX + i] = bed(x, z) + 0.02
    index_stones(stones, counts, tops, False, np.zeros(1, np.int32))
    starts = np.cumsum(counts).astype(np.int32)
    items = np.zeros(int(starts[-1]), np.int32)
    index_stones(stones, starts[:-1].copy(), tops, True, items)
    return stones, starts, items, tops, ground


def render_far(sun: F32, ambient: F32) -> tuple[F32, F32, F32]:
    """Render what lies beyond the lake: scene (red, green, blue, land cover), distance, low resolution sky."""
    sky_rows = (SKY_ABOVE + SCENE_H) // SKY_STEP + 1
    sky = np.zeros((sky_rows, SCENE_W // SKY_STEP + 1, 3), np.float32)
    render_sky(sky, *(float(v) for v in ambient), *(float(v) for v in sun))
    clock("sky")
    h = make_terrain()
    clock("terrain")
    shadow = np.zeros((GRID // 2, GRID // 2), np.float32)
    cast_shadows(h, shadow)
    clock("shadows")
    depth = np.zeros((2 * SCENE_H, 2 * SCENE_W), np.float32)
    trace_land(h, depth)
    clock("land seen")
    horizon_row = (SKY_ABOVE + int(HORIZON)) // SKY_STEP - 12
    haze = (0.80 * sky[horizon_row - 60 : horizon_row].mean(axis=(0, 1))).astype(np.float32)
    land_image = np.zeros((SCENE_H, SCENE_W, 4), np.float32)
    shade_land(h, shadow, depth, land_image, sun, ambient, haze)
    clock("land lit")
    big = cv2.resize(sky, (sky.shape[1] * SKY_STEP, sky.shape[0] * SKY_STEP), interpolation=cv2.INTER_CUBIC)
    big = big[SKY_ABOVE : SKY_ABOVE + SCENE_H, :SCENE_W]
    land_image[..., :3] += big * (1.0 - land_image[..., 3:])
    zmap = np.ascontiguousarray(depth[::2, ::2])
    trees = scatter_trees(h, 400000)
    trees = np.ascontiguousarray(trees[np.argsort(-trees[:, 2], kind="stable")])
    sprites, sizes = make_sprites()
    clock(f"{len(trees)} trees")
    draw_trees(trees, sprites, sizes, shadow, depth, land_image, zmap, sun, ambient, haze)
    clock("forest")
    return land_image, zmap, sky


def render_grass(image: F32, sun: F32, ambient: F32) -> None:
    """Grow the grass on the near bank."""
    blades = place_blades(60000)
    blades = np.ascontiguousarray(blades[np.argsort(-blades[:, 2], kind="stable")])
    dark = np.zeros((*image.shape[:2], 1), np.float32)
    draw_blades(blades, image, dark, sun, ambient, True)
    soft = cv2.GaussianBlur(dark[..., 0], (0, 0), 2.6)[..., None]
    image *= 1.0 - 0.62 * soft * np.array([1.0, 0.97, 0.88], np.float32)
    draw_blades(blades, image, dark, sun, ambient, False)


def develop(light: F32) -> U8:
    """Expose, bloom, vignette, tone and grain the scene's light into an sRGB picture."""
    rows, cols = light.shape[:2]
    small = cv2.resize(light, (cols // 8, rows // 8), interpolation=cv2.INTER_AREA)
    bloom = 0.6 * cv2.GaussianBlur(small, (0, 0), 2.5) + 0.4 * cv2.GaussianBlur(small, (0, 0), 22.0)
    bloom = cv2.resize(bloom, (cols, rows), interpolation=cv2.INTER_CUBIC)
    light = 0.955 * light + 0.045 * bloom
    v, u = np.mgrid[0:rows, 0:cols].astype(np.float32)
    radius2 = ((u - cols / 2) ** 2 + (v - rows / 2) ** 2) / np.float32((cols / 2) ** 2 + (rows / 2) ** 2)
    light *= (1.0 / (1.0 + 0.42 * radius2) ** 1.5)[..., None]
    light *= np.array([1.03, 1.0, 1.09], np.float32) * np.float32(1.32)
    light = np.maximum(light, 0.0)
    # The photographer's choice: a little more colour before the curve.
    grey = (light @ np.array([0.2126, 0.7152, 0.0722], np.float32))[..., None]
    light = np.maximum(grey + 1.10 * (light - grey), 0.0)
    # Filmic curve with a soft toe and a long shoulder (Hable), white at 7.
    a, b, c, d, e, f, white = 0.22, 0.28, 0.10, 0.22, 0.010, 0.30, 7.0

    def curve(x: F32) -> F32:
        return np.asarray((x * (a * x + c * b) + d * e) / (x * (a * x + b) + d * f) - e / f, np.float32)

    toned = np.clip(curve(2.6 * light) / curve(np.full(1, white, np.float32)), 0.0, 1.0)
    picture = np.where(toned <= 0.0031308, 12.92 * toned, 1.055 * np.power(toned, 1.0 / 2.4) - 0.055)
    picture = picture.astype(np.float32)
    picture += 0.16 * (picture * picture * (3.0 - 2.0 * picture) - picture) * 2.0
    # A touch of capture sharpening, then the grain of a sensor at low sensitivity.
    picture += 0.35 * (picture - cv2.GaussianBlur(picture, (0, 0), 0.9))
    rng = np.random.default_rng(77)
    mono = rng.standard_normal((rows, cols, 1), np.float32)
    chroma = cv2.GaussianBlur(rng.standard_normal((rows, cols, 3), np.float32), (0, 0), 0.8)
    strength = 0.0045 + 0.0055 * (1.0 - np.clip(picture.mean(axis=2, keepdims=True), 0.0, 1.0))
    picture += strength * (0.85 * mono + 0.9 * chroma)
    return np.clip(picture * 255.0 + 0.5, 0, 255).astype(np.uint8)


def paint_mask(marks: F32) -> U8:
    """Turn the exact shares of the buoy and of its reflection into a mask as a hand would brush it."""
    rows, cols = marks.shape[:2]
    own = (marks[..., 0] > 0.0).astype(np.uint8)
    echo = (cv2.GaussianBlur(marks[..., 1], (0, 0), 5.0) > 0.06).astype(np.uint8)
    shape = cv2.morphologyEx(own | echo, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (61, 61)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(shape)
    keep = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if count > 1 else 0
    shape = (labels == keep).astype(np.uint8)
    away = cv2.distanceTransform(1 - shape, cv2.DIST_L2, 5)
    rng = np.random.default_rng(9)
    coarse = cv2.resize(rng.random((rows // 40, cols // 40), np.float32), (cols, rows), interpolation=cv2.INTER_CUBIC)
    mask = (away < 10.0 + 9.0 * coarse).astype(np.uint8) * 255
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25)))


STARTED = time.monotonic()


def clock(stage: str) -> None:
    """Say which stage has just ended."""
    print(f"{time.monotonic() - STARTED:6.1f} s  {stage}", flush=True)


def save(picture: U8, mask: U8, folder: Path) -> None:
    """Write the two files."""
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture)
    exif = Image.Exif()
    exif[0x010E] = "Alpine lake with a buoy: the sample picture of Lacuna, rendered"
    exif[0x0131] = "Lacuna render_sample.py"
    exif[0x013B] = "Lacuna project"
    exif[0x8298] = "MIT licence"
    exif[0x0112] = 1
    exif.get_ifd(0x8769)[0x9003] = "2025:10:12 17:21:00"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    dated = struct.pack(">6H", 2025, 10, 12, 17, 21, 0)  # instead of the moment of the run
    profile = profile[:24] + dated + profile[36:]
    path = folder / "sample.jpg"
    for quality in (90, 89, 88, 87, 86, 85):
        image.save(path, quality=quality, subsampling="4:2:0", optimize=True, exif=exif, icc_profile=profile)
        if path.stat().st_size <= 3_000_000:
            break
    Image.fromarray(mask).save(folder / "sample_mask.png", optimize=True)


def main() -> int:
    """Render everything into the folder named on the command line."""
    if len(sys.argv) != 2:
        print("usage: python render_sample.py OUT_FOLDER", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    sun = np.array(sun_colour(), np.float32)
    ambient = np.array(sky_ambient(), np.float32)
    scene, zmap, sky = render_far(sun, ambient)
    image = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    image[:SCENE_H] = scene[:, MARGIN : MARGIN + WIDTH, :3]
    marks = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    near = make_stones()
    clock(f"{len(near[0])} pebbles")
    render_near(image, marks, scene, zmap, sky, ripples(44), *near, sun, ambient, int(HORIZON), HEIGHT)
    clock("lake and shore")
    render_grass(image, sun, ambient)
    clock("grass")
    save(develop(image), paint_mask(marks), Path(sys.argv[1]))
    clock("written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
