"""The pebbles: strewn over the shore and indexed by the ground's cells."""

from __future__ import annotations

import math

import numpy as np

from sample_scene.noise import fbm2
from sample_scene.numeric import F32, I32, jit
from sample_scene.shore import GROUND_STEP, STONE_CELL, STONE_NX, STONE_NZ, STONE_X0, STONE_Z0, bank, bed, survey


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
