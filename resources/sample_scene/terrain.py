"""The mountains' height field: how it is raised, eroded and read."""

from __future__ import annotations

import math

import cv2
import numpy as np

from sample_scene.noise import fbm2, noise2, ridged2, smooth
from sample_scene.numeric import F32, F64, jit

CELL = 4.0  # metres per height field cell
GRID = 2560
GRID_X0 = -GRID * CELL / 2.0


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
