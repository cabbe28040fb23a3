"""The atmosphere: clear air, cirrus and cumulus, and the colours of sun and sky."""

from __future__ import annotations

import math

import numpy as np

from sample_scene.noise import fbm2, fbm3, smooth, unit
from sample_scene.numeric import F32, jit
from sample_scene.world import CENTRE, FOCAL, HORIZON, MARGIN, SKY_ABOVE, SKY_STEP, SUN_POWER, SUN_X, SUN_Y, SUN_Z


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
