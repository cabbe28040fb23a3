"""The lake's surface: ripples and the breeze that raises them."""

from __future__ import annotations

import math

import numpy as np

from sample_scene.noise import fbm2, smooth
from sample_scene.numeric import F32, jit
from sample_scene.shore import shore_line


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
