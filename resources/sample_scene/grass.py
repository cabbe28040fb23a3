"""The grass on the near bank."""

from __future__ import annotations

import math

import cv2
import numpy as np

from sample_scene.noise import fbm2, smooth
from sample_scene.numeric import F32, jit
from sample_scene.shore import bank, bed
from sample_scene.world import CENTRE, EYE, FOCAL, HORIZON, SUN_X, SUN_Y, SUN_Z


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


def render_grass(image: F32, sun: F32, ambient: F32) -> None:
    """Grow the grass on the near bank."""
    blades = place_blades(60000)
    blades = np.ascontiguousarray(blades[np.argsort(-blades[:, 2], kind="stable")])
    dark = np.zeros((*image.shape[:2], 1), np.float32)
    draw_blades(blades, image, dark, sun, ambient, True)
    soft = cv2.GaussianBlur(dark[..., 0], (0, 0), 2.6)[..., None]
    image *= 1.0 - 0.62 * soft * np.array([1.0, 0.97, 0.88], np.float32)
    draw_blades(blades, image, dark, sun, ambient, False)
