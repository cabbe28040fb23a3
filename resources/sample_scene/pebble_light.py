"""The pebbles and the ground under a ray: what it hits and the light from there."""

from __future__ import annotations

import math

from sample_scene.noise import fbm3, noise2, noise3, smooth, unit
from sample_scene.numeric import F32, I32, jit
from sample_scene.shore import STONE_CELL, STONE_NX, STONE_NZ, STONE_X0, STONE_Z0, surveyed
from sample_scene.world import SUN_X, SUN_Y, SUN_Z


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
