"""Everything under the horizon, ray by ray: the lake and what it mirrors, the shore, the buoy."""

from __future__ import annotations

import math

from sample_scene.buoy import BUOY_X, BUOY_Z, buoy_light, hit_buoy
from sample_scene.noise import unit
from sample_scene.numeric import F32, I32, jit
from sample_scene.pebble_light import hit_stones, stone_light
from sample_scene.shore import surveyed
from sample_scene.waves import breeze, wave_lens, wave_slope
from sample_scene.world import (
    CENTRE,
    EYE,
    FOCAL,
    HORIZON,
    MARGIN,
    SCENE_H,
    SCENE_W,
    SKY_ABOVE,
    SKY_STEP,
    SUN_X,
    SUN_Y,
    SUN_Z,
)


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
