"""Render the sample picture that ships with the program, from nothing but mathematics.

The picture is an alpine lake late on an autumn afternoon, with a red and white buoy in the water that begs to be
removed.  Nothing in it was photographed: the mountains are an eroded height field, the sky is single scattering in a
clear atmosphere, the forest is a few thousand needles per tree, the pebbles are traced one by one, and the lake
reflects all of them.  The same run always gives the same picture.

Usage: ``python resources/render_sample.py OUT_FOLDER`` writes ``sample.jpg`` and ``sample_mask.png`` (255 = fill).

The scene's parts are the modules of ``sample_scene``; its axes are told in ``sample_scene/world.py``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from sample_scene.far import render_far
from sample_scene.finish import develop, paint_mask, save
from sample_scene.grass import render_grass
from sample_scene.lake import render_near
from sample_scene.pebbles import make_stones
from sample_scene.progress import clock
from sample_scene.sky import sky_ambient, sun_colour
from sample_scene.waves import ripples
from sample_scene.world import HEIGHT, HORIZON, MARGIN, SCENE_H, WIDTH


def main() -> int:
    """Render everything into the folder named on the command line."""
    if len(sys.argv) != 2:
        print("usage: python render_sample.py OUT_FOLDER", file=sys.stderr)
        return 2
    cv2.setNumThreads(1)
    sun = np.array(sun_colour(), np.float32)
    ambient = np.array(sky_ambient(), np.float32)
    scene, zmap, sky = render_far(sun, ambient)
    image = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    image[:SCENE_H] = scene[:, MARGIN : MARGIN + WIDTH, :3]
    marks = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    near = make_stones()
    clock(f"{len(near[0])} pebbles")
    render_near(image, marks, scene, zmap, sky, ripples(44), *near, sun, ambient, int(HORIZON), HEIGHT)
    clock("lake and shore")
    render_grass(image, sun, ambient)
    clock("grass")
    save(develop(image), paint_mask(marks), Path(sys.argv[1]))
    clock("written")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
