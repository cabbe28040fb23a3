"""The scene's axes, the camera and the sun."""

from __future__ import annotations

import math

# World axes: x to the right, y up, z away from the camera, in metres; the lake's surface is y = 0. The camera looks
# along +z and its horizon is shifted instead of tilted, so every picture column is one vertical plane of the world.

WIDTH, HEIGHT = 3600, 2400
HORIZON = 1090.0  # picture row of the horizon
CENTRE = WIDTH / 2.0
FOCAL = 3400.0  # pixels
EYE = 2.2  # camera height over the lake
MARGIN = 160  # extra columns each side, seen only in the lake
SCENE_W = WIDTH + 2 * MARGIN
SCENE_H = int(HORIZON) + 40  # rows of the far scene: from the frame's top to a little under the horizon
SKY_STEP = 3  # the sky is rendered at a third of the picture's resolution
SKY_ABOVE = 1800  # sky rows over the frame's top, seen only in the lake

SUN_ELEVATION, SUN_AZIMUTH = math.radians(13.0), math.radians(-112.0)  # azimuth from +z towards +x
SUN_X = math.cos(SUN_ELEVATION) * math.sin(SUN_AZIMUTH)
SUN_Y = math.sin(SUN_ELEVATION)
SUN_Z = math.cos(SUN_ELEVATION) * math.cos(SUN_AZIMUTH)
SUN_POWER = 10.0
