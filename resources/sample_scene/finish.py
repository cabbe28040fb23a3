"""From the scene's light to the two files: the camera, the brushed mask, the writing."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageCms

from sample_scene.numeric import F32, U8


def develop(light: F32) -> U8:
    """Expose, bloom, vignette, tone and grain the scene's light into an sRGB picture."""
    rows, cols = light.shape[:2]
    small = cv2.resize(light, (cols // 8, rows // 8), interpolation=cv2.INTER_AREA)
    bloom = 0.6 * cv2.GaussianBlur(small, (0, 0), 2.5) + 0.4 * cv2.GaussianBlur(small, (0, 0), 22.0)
    bloom = cv2.resize(bloom, (cols, rows), interpolation=cv2.INTER_CUBIC)
    light = 0.955 * light + 0.045 * bloom
    v, u = np.mgrid[0:rows, 0:cols].astype(np.float32)
    radius2 = ((u - cols / 2) ** 2 + (v - rows / 2) ** 2) / np.float32((cols / 2) ** 2 + (rows / 2) ** 2)
    light *= (1.0 / (1.0 + 0.42 * radius2) ** 1.5)[..., None]
    light *= np.array([1.03, 1.0, 1.09], np.float32) * np.float32(1.32)
    light = np.maximum(light, 0.0)
    # The photographer's choice: a little more colour before the curve.
    grey = (light @ np.array([0.2126, 0.7152, 0.0722], np.float32))[..., None]
    light = np.maximum(grey + 1.10 * (light - grey), 0.0)
    # Filmic curve with a soft toe and a long shoulder (Hable), white at 7.
    a, b, c, d, e, f, white = 0.22, 0.28, 0.10, 0.22, 0.010, 0.30, 7.0

    def curve(x: F32) -> F32:
        return np.asarray((x * (a * x + c * b) + d * e) / (x * (a * x + b) + d * f) - e / f, np.float32)

    toned = np.clip(curve(2.6 * light) / curve(np.full(1, white, np.float32)), 0.0, 1.0)
    picture = np.where(toned <= 0.0031308, 12.92 * toned, 1.055 * np.power(toned, 1.0 / 2.4) - 0.055)
    picture = picture.astype(np.float32)
    picture += 0.16 * (picture * picture * (3.0 - 2.0 * picture) - picture) * 2.0
    # A touch of capture sharpening, then the grain of a sensor at low sensitivity.
    picture += 0.35 * (picture - cv2.GaussianBlur(picture, (0, 0), 0.9))
    rng = np.random.default_rng(77)
    mono = rng.standard_normal((rows, cols, 1), np.float32)
    chroma = cv2.GaussianBlur(rng.standard_normal((rows, cols, 3), np.float32), (0, 0), 0.8)
    strength = 0.0045 + 0.0055 * (1.0 - np.clip(picture.mean(axis=2, keepdims=True), 0.0, 1.0))
    picture += strength * (0.85 * mono + 0.9 * chroma)
    return np.clip(picture * 255.0 + 0.5, 0, 255).astype(np.uint8)


def paint_mask(marks: F32) -> U8:
    """Turn the exact shares of the buoy and of its reflection into a mask as a hand would brush it."""
    rows, cols = marks.shape[:2]
    own = (marks[..., 0] > 0.0).astype(np.uint8)
    echo = (cv2.GaussianBlur(marks[..., 1], (0, 0), 5.0) > 0.06).astype(np.uint8)
    shape = cv2.morphologyEx(own | echo, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (61, 61)))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(shape)
    keep = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA])) if count > 1 else 0
    shape = (labels == keep).astype(np.uint8)
    away = cv2.distanceTransform(1 - shape, cv2.DIST_L2, 5)
    rng = np.random.default_rng(9)
    coarse = cv2.resize(rng.random((rows // 40, cols // 40), np.float32), (cols, rows), interpolation=cv2.INTER_CUBIC)
    mask = (away < 10.0 + 9.0 * coarse).astype(np.uint8) * 255
    return cv2.morphologyEx(mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (25, 25)))


def save(picture: U8, mask: U8, folder: Path) -> None:
    """Write the two files."""
    folder.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture)
    exif = Image.Exif()
    exif[0x010E] = "Alpine lake with a buoy: the sample picture of Lacuna, rendered"
    exif[0x0131] = "Lacuna render_sample.py"
    exif[0x013B] = "Lacuna project"
    exif[0x8298] = "MIT licence"
    exif[0x0112] = 1
    exif.get_ifd(0x8769)[0x9003] = "2025:10:12 17:21:00"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    dated = struct.pack(">6H", 2025, 10, 12, 17, 21, 0)  # instead of the moment of the run
    profile = profile[:24] + dated + profile[36:]
    path = folder / "sample.jpg"
    for quality in (90, 89, 88, 87, 86, 85):
        image.save(path, quality=quality, subsampling="4:2:0", optimize=True, exif=exif, icc_profile=profile)
        if path.stat().st_size <= 3_000_000:
            break
    Image.fromarray(mask).save(folder / "sample_mask.png", optimize=True)
