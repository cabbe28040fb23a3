"""The near shore's ground without its pebbles."""

from __future__ import annotations

from sample_scene.noise import fbm2, smooth
from sample_scene.numeric import F32, jit

STONE_CELL = 0.08  # metres per cell of the pebbles' search grid
STONE_X0, STONE_Z0, STONE_NX, STONE_NZ = -9.6, 2.4, 240, 190
GROUND_STEP = 0.02  # metres per cell of the near ground's table


@jit
def shore_line(x: float) -> float:
    """How far away the near shore lies in the picture's column through x at the shore."""
    return 8.1 - 0.24 * x + 0.035 * x * x * (1.0 if x < 0 else 0.2) + 0.55 * fbm2(x / 2.6, 0.5, 3, 501)


@jit
def bank(x: float, z: float) -> float:
    """How much a spot belongs to the grassy bank at the lower left, 0 to 1."""
    edge = (-x - 1.15) * 0.95 - (z - 5.2) * 0.42 + 0.55 * fbm2(x / 0.9, z / 0.9, 3, 511)
    edge -= 0.9 * max(0.0, z - 7.8)
    return smooth(-0.05, 0.45, edge)


@jit
def bed(x: float, z: float) -> float:
    """Height of the near ground without its pebbles."""
    inside = shore_line(x) - z
    y = 0.10 * inside if inside > 0.0 else 0.12 * inside
    y = max(y, -2.2) + 0.045 * fbm2(x / 0.8, z / 0.8, 4, 521)
    return y + 0.16 * bank(x, z)


@jit
def survey(out: F32) -> None:
    """Tabulate the near ground: its height and how grassy it is, every GROUND_STEP metres."""
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            x, z = STONE_X0 + i * GROUND_STEP, STONE_Z0 + j * GROUND_STEP
            out[j, i, 0], out[j, i, 1] = bed(x, z), bank(x, z)


@jit
def surveyed(ground: F32, x: float, z: float, k: int) -> float:
    """Bilinear height (k = 0) or grassiness (k = 1) of the near ground."""
    gx = min(max((x - STONE_X0) / GROUND_STEP, 0.0), ground.shape[1] - 1.001)
    gz = min(max((z - STONE_Z0) / GROUND_STEP, 0.0), ground.shape[0] - 1.001)
    i, j = int(gx), int(gz)
    fx, fz = gx - i, gz - j
    top = ground[j, i, k] + fx * (ground[j, i + 1, k] - ground[j, i, k])
    return top + fz * (ground[j + 1, i, k] + fx * (ground[j + 1, i + 1, k] - ground[j + 1, i, k]) - top)
