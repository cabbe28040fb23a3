"""The buoy: its shape, where a ray hits it and the light from there."""

from __future__ import annotations

import math

from sample_scene.noise import fbm3, noise2, noise3, smooth
from sample_scene.numeric import F32, jit
from sample_scene.world import SUN_X, SUN_Y, SUN_Z

BUOY_X, BUOY_Z = 2.55, 12.4
BUOY_TILT = math.radians(5.0)


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
