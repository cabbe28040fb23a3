"""Hashed lattices, the noises over them, and the smooth step."""

from __future__ import annotations

import math

import numpy as np

from sample_scene.numeric import jit

_ANGLES = np.arange(16) * (math.pi / 8.0) + 0.19
GRADIENTS = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)


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
