"""The conifers: drawn once as sprites, strewn over the land, painted far to near."""

from __future__ import annotations

import math

import cv2
import numpy as np

from sample_scene.mountains import haze_mix
from sample_scene.noise import fbm2, smooth
from sample_scene.numeric import F32, jit
from sample_scene.terrain import CELL, GRID_X0, ground_at
from sample_scene.world import CENTRE, EYE, FOCAL, HORIZON, MARGIN, SUN_X, SUN_Z


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
