"""The mountains as the camera sees them: shadows, what hides what, haze and light."""

from __future__ import annotations

import math

from sample_scene.noise import fbm2, noise2, noise3, smooth
from sample_scene.numeric import F32, jit
from sample_scene.terrain import CELL, GRID_X0, ground_at, land
from sample_scene.world import CENTRE, EYE, FOCAL, HORIZON, MARGIN, SUN_X, SUN_Y, SUN_Z


@jit
def cast_shadows(h: F32, out: F32) -> None:
    """Sunlight reaching each second grid cell, 0 to 1, softened by the sun's width."""
    n = out.shape[0]
    level = math.hypot(SUN_X, SUN_Z)
    sx, sz, rise = SUN_X / level, SUN_Z / level, SUN_Y / level
    for j in range(n):
        for i in range(n):
            x, z = GRID_X0 + i * CELL * 2.0, j * CELL * 2.0
            y = ground_at(h, x, z) + 2.0
            clear, t = 1.0, 12.0
            while t < 5200.0 and clear > 0.0:
                px, pz = x + sx * t, z + sz * t
                if pz < 0.0 or px < GRID_X0:
                    break
                gap = y + rise * t - ground_at(h, px, pz)
                clear = min(clear, 0.5 + gap / (0.011 * t + 3.0))
                if y + rise * t > 1900.0:
                    break
                t += 7.0 + 0.012 * t
            out[j, i] = max(0.0, clear)


@jit
def trace_land(h: F32, depth: F32) -> None:
    """March every column of the far scene outwards (at twice the resolution) and note the distance seen."""
    rows, cols = depth.shape[0], depth.shape[1]
    for c in range(cols):
        slope = ((c + 0.5) / 2.0 - MARGIN - CENTRE) / FOCAL
        top = rows
        z = 260.0
        last_z, last_row, seen = z, float(rows), False
        while z < 10200.0 and top > 0:
            y = land(h, slope * z, z)
            if y > 0.0:
                row = 2.0 * (HORIZON - FOCAL * (y - EYE) / z)
                first = max(math.ceil(row - 0.5), 0)
                if first < top:
                    for r in range(first, top):
                        part = 1.0
                        if seen and last_row > row:
                            part = min(1.0, max(0.0, (last_row - (r + 0.5)) / (last_row - row)))
                        depth[r, c] = last_z + part * (z - last_z) if seen else z
                    top = first
                    seen = True
                else:
                    seen = row < top + 1.0
                last_row = row
            else:
                last_row = 2.0 * (HORIZON + FOCAL * EYE / z)
                top = min(top, max(math.ceil(last_row - 0.5), 0))
                seen = True
            last_z = z
            z *= 1.00038


@jit
def haze_mix(y: float, z: float) -> tuple[float, float, float]:
    """Share of a far thing's light that reaches the camera (red, green, blue)."""
    low = max(y, 1.0)
    thick = z * (1.0 - math.exp(-low / 420.0)) / (low / 420.0)
    clear = z * (1.0 - math.exp(-low / 8000.0)) / (low / 8000.0)
    return (
        math.exp(-1.1e-5 * clear - 3.3e-5 * thick),
        math.exp(-2.0e-5 * clear - 3.7e-5 * thick),
        math.exp(-4.0e-5 * clear - 4.4e-5 * thick),
    )


@jit
def shade_land(h: F32, shadow: F32, depth: F32, out: F32, sun: F32, ambient: F32, haze: F32) -> None:
    """Colour the land of the far scene, adding up two by two samples to a pixel."""
    rows, cols = depth.shape[0], depth.shape[1]
    for r in range(rows):
        for c in range(cols):
            z = depth[r, c]
            if z <= 0.0:
                continue
            x = ((c + 0.5) / 2.0 - MARGIN - CENTRE) / FOCAL * z
            e = max(0.8, 0.0006 * z)
            y = land(h, x, z)
            nx = (land(h, x - e, z) - land(h, x + e, z)) / (2.0 * e)
            nz = (land(h, x, z - e) - land(h, x, z + e)) / (2.0 * e)
            broad = 1.0 / math.sqrt(
                1.0
                + ((ground_at(h, x - 9.0, z) - ground_at(h, x + 9.0, z)) / 18.0) ** 2
                + ((ground_at(h, x, z - 9.0) - ground_at(h, x, z + 9.0)) / 18.0) ** 2
            )
            size = math.sqrt(nx * nx + 1.0 + nz * nz)
            nx, ny, nz = nx / size, 1.0 / size, nz / size
            # Cracks and ledges: noise in space, so that the steepest faces are not drawn out.
            craggy = smooth(0.93, 0.70, broad) * smooth(3.0, 60.0, y)
            crack = 0.0
            if craggy > 0.0:
                for octave in range(3):
                    scale = (1.0 / 26.0, 1.0 / 9.0, 1.0 / 3.2)[octave]
                    amp = (5.2, 2.3, 0.9)[octave] * craggy
                    qx, qy, qz = x * scale, y * scale * 1.25 + 0.2 * x * scale, z * scale
                    here = abs(noise3(qx, qy, qz, 261 + octave))
                    nx -= amp * scale / 0.1 * (abs(noise3(qx + 0.1, qy, qz, 261 + octave)) - here)
                    ny -= amp * scale / 0.1 * (abs(noise3(qx, qy + 0.1, qz, 261 + octave)) - here)
                    nz -= amp * scale / 0.1 * (abs(noise3(qx, qy, qz + 0.1, 261 + octave)) - here)
                    crack += here
                size = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz)
                nx, ny, nz = nx * size, ny * size, nz * size
            patch = fbm2(x / 95.0, z / 95.0, 5, 251)
            fine = noise2(x / 3.1, z / 3.1 + y / 4.0, 253) + 0.6 * noise2(x / 1.3, z / 1.3 + y / 1.7, 254)
            # Rock, in beds that dip a little to the right.
            bed = noise2((y + 0.16 * x + 0.06 * z) / 34.0 + 0.6 * patch, 0.7, 255)
            thin = noise2((y + 0.16 * x + 0.06 * z) / 9.0 + 0.5 * patch, 2.7, 256)
            tone = 0.185 * (1.0 + 0.30 * bed + 0.22 * thin + 0.28 * patch + 0.18 * fine) * (0.72 + 0.30 * crack)
            rust = smooth(0.0, 0.5, bed + patch)
            red, green, blue = tone * (1.04 + 0.10 * rust), tone * 0.98, tone * (0.93 - 0.12 * rust)
            # Scree under the walls.
            scree = smooth(0.62, 0.78, broad) * smooth(180.0, 420.0, y + 120.0 * patch)
            red += scree * (0.235 * (1.0 + 0.2 * fine) - red)
            green += scree * (0.222 * (1.0 + 0.2 * fine) - green)
            blue += scree * (0.200 * (1.0 + 0.2 * fine) - blue)
            # Autumn meadow, dry towards its upper edge.
            grass = smooth(0.66, 0.80, broad + 0.10 * patch) * (1.0 - smooth(480.0, 760.0, y + 260.0 * patch))
            dry = min(1.0, max(0.0, 0.35 + y / 700.0 + 1.3 * patch + 0.3 * fine))
            mottle = 1.0 + 0.35 * fine + 0.3 * patch
            red += grass * ((0.050 + 0.085 * dry) * mottle - red)
            green += grass * ((0.068 + 0.040 * dry) * mottle - green)
            blue += grass * ((0.020 + 0.014 * dry) * mottle - blue)
            # Pebbles along the shore.
            shore = 1.0 - smooth(0.5, 1.7, y + 0.6 * fine)
            red += shore * (0.24 - red)
            green += shore * (0.23 - green)
            blue += shore * (0.21 - blue)
            # Snow on what is high, not too steep, and turned from the sun.
            turn = nx * SUN_X + nz * SUN_Z
            line = y + 260.0 * patch - 170.0 * turn + 40.0 * fine
            snow = smooth(600.0, 760.0, line) * smooth(0.53, 0.64, 0.7 * broad + 0.3 * ny + 0.04 * fine)
            red += snow * (0.80 - red)
            green += snow * (0.81 - green)
            blue += snow * (0.84 - blue)
            gx = min(max((x - GRID_X0) / (2.0 * CELL), 0.0), shadow.shape[1] - 1.001)
            gz = min(z / (2.0 * CELL), shadow.shape[0] - 1.001)
            i, j = int(gx), int(gz)
            fx, fz = gx - i, gz - j
            lit = (shadow[j, i] * (1.0 - fx) + shadow[j, i + 1] * fx) * (1.0 - fz)
            lit += (shadow[j + 1, i] * (1.0 - fx) + shadow[j + 1, i + 1] * fx) * fz
            facing = max(0.0, nx * SUN_X + ny * SUN_Y + nz * SUN_Z) * lit
            open_sky = (0.35 + 0.65 * ny) * (0.65 + 0.35 * broad)
            keep = haze_mix(y, z)
            for k in range(3):
                albedo = red if k == 0 else (green if k == 1 else blue)
                bounce = 0.10 * sun[k] * 0.3 * (1.0 - 0.5 * ny)
                light = albedo / math.pi * (sun[k] * facing + ambient[k] * open_sky + bounce)
                out[r // 2, c // 2, k] += 0.25 * (light * keep[k] + haze[k] * (1.0 - keep[k]))
            out[r // 2, c // 2, 3] += 0.25
