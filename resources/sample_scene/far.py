"""The far scene, stage by stage: sky, mountains and forest."""

from __future__ import annotations

import cv2
import numpy as np

from sample_scene.forest import draw_trees, make_sprites, scatter_trees
from sample_scene.mountains import cast_shadows, shade_land, trace_land
from sample_scene.numeric import F32
from sample_scene.progress import clock
from sample_scene.sky import render_sky
from sample_scene.terrain import GRID, make_terrain
from sample_scene.world import HORIZON, SCENE_H, SCENE_W, SKY_ABOVE, SKY_STEP


def render_far(sun: F32, ambient: F32) -> tuple[F32, F32, F32]:
    """Render what lies beyond the lake: scene (red, green, blue, land cover), distance, low resolution sky."""
    sky_rows = (SKY_ABOVE + SCENE_H) // SKY_STEP + 1
    sky = np.zeros((sky_rows, SCENE_W // SKY_STEP + 1, 3), np.float32)
    render_sky(sky, *(float(v) for v in ambient), *(float(v) for v in sun))
    clock("sky")
    h = make_terrain()
    clock("terrain")
    shadow = np.zeros((GRID // 2, GRID // 2), np.float32)
    cast_shadows(h, shadow)
    clock("shadows")
    depth = np.zeros((2 * SCENE_H, 2 * SCENE_W), np.float32)
    trace_land(h, depth)
    clock("land seen")
    horizon_row = (SKY_ABOVE + int(HORIZON)) // SKY_STEP - 12
    haze = (0.80 * sky[horizon_row - 60 : horizon_row].mean(axis=(0, 1))).astype(np.float32)
    land_image = np.zeros((SCENE_H, SCENE_W, 4), np.float32)
    shade_land(h, shadow, depth, land_image, sun, ambient, haze)
    clock("land lit")
    big = cv2.resize(sky, (sky.shape[1] * SKY_STEP, sky.shape[0] * SKY_STEP), interpolation=cv2.INTER_CUBIC)
    big = big[SKY_ABOVE : SKY_ABOVE + SCENE_H, :SCENE_W]
    land_image[..., :3] += big * (1.0 - land_image[..., 3:])
    zmap = np.ascontiguousarray(depth[::2, ::2])
    trees = scatter_trees(h, 400000)
    trees = np.ascontiguousarray(trees[np.argsort(-trees[:, 2], kind="stable")])
    sprites, sizes = make_sprites()
    clock(f"{len(trees)} trees")
    draw_trees(trees, sprites, sizes, shadow, depth, land_image, zmap, sun, ambient, haze)
    clock("forest")
    return land_image, zmap, sky
