"""The settings on files: which photos are kept at hand, how they are saved, how copies are exported."""

from __future__ import annotations

from enum import StrEnum

from app.imaging.exporting import SizeKind
from app.imaging.files import PIXEL_LIMIT
from app.imaging.save_options import Chroma, Keep, TiffCompression
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Page, Setting


class WebpCoding(StrEnum):
    """Whether a WebP loses anything."""

    AS_SOURCE = "source"
    LOSSY = "lossy"
    LOSSLESS = "lossless"


def _chromas() -> tuple[Choice[Chroma], ...]:
    return (
        Choice(Chroma.FULL, tr("Full (4:4:4)")),
        Choice(Chroma.HALF, tr("Half (4:2:2)")),
        Choice(Chroma.QUARTER, tr("A quarter (4:2:0)")),
    )


def _webp_codings() -> tuple[Choice[WebpCoding], ...]:
    return (
        Choice(WebpCoding.AS_SOURCE, tr("As the source")),
        Choice(WebpCoding.LOSSY, tr("Smaller, by quality")),
        Choice(WebpCoding.LOSSLESS, tr("Lossless")),
    )


def _png_efforts() -> tuple[Choice[int], ...]:
    return Choice(-1, tr("Quick")), Choice(6, tr("Smaller")), Choice(9, tr("Smallest"))


def _tiff_compressions() -> tuple[Choice[TiffCompression], ...]:
    return (
        Choice(TiffCompression.AS_SOURCE, tr("As the source")),
        Choice(TiffCompression.NONE, tr("None")),
        Choice(TiffCompression.LZW, tr("LZW")),
        Choice(TiffCompression.DEFLATE, tr("Deflate (ZIP)")),
    )


def _kept() -> tuple[Choice[Keep], ...]:
    return (
        Choice(Keep.ALL, tr("All of it")),
        Choice(Keep.NO_PLACE, tr("All but the GPS position")),
        Choice(Keep.NOTHING, tr("Colour profile alone")),
    )


def _size_kinds() -> tuple[Choice[SizeKind], ...]:
    return (
        Choice(SizeKind.ORIGINAL, tr("Full size")),
        Choice(SizeKind.LONG_SIDE, tr("Longer side")),
        Choice(SizeKind.WIDTH, tr("Width")),
        Choice(SizeKind.HEIGHT, tr("Height")),
        Choice(SizeKind.MEGAPIXELS, tr("Megapixels")),
        Choice(SizeKind.PERCENT, tr("Per cent")),
    )


def _export_formats() -> tuple[Choice[str], ...]:
    return (
        Choice("", tr("As the photo")),
        *(Choice(suffix, name) for suffix, name in ((".jpg", "JPEG"), (".png", "PNG"), (".webp", "WebP"))),
        Choice(".tif", "TIFF"),
    )


FOLDER = Setting("files/folder", "")
RECENT: Setting[tuple[str, ...]] = Setting("files/recent", ())
RECENT_LIMIT = 10
FILMSTRIP = Setting(
    "files/filmstrip",
    True,
    name=mark("Filmstrip"),
    tip=mark("Show the open photos along the bottom of the window as soon as there are two."),
    page=Page.FILES,
)
MEMORY_SHARE = Setting(
    "files/memory_share",
    0.5,
    0.05,
    0.9,
    name=mark("Memory"),
    tip=mark(
        "How much of the machine's memory photos that are open but not shown may take. Beyond it, those without"
        " changes are let go and read again when they are shown. Changes are never let go."
    ),
    page=Page.FILES,
    percent=True,
)
PIXEL_LIMIT_MP = Setting(
    "files/pixel_limit",
    PIXEL_LIMIT // 1_000_000,
    10,
    4_000,
    name=mark("Largest photo"),
    tip=mark(
        "A small file can stand for more pixels than the memory holds. Photos beyond this size open only when"
        " you say so, each time."
    ),
    page=Page.FILES,
    unit=" MP",
    logarithmic=True,
)
JPEG_AS_SOURCE = Setting(
    "save/jpeg_as_source",
    True,
    name=mark("JPEG: as the source"),
    tip=mark(
        "Keeps every block of the camera's own picture data in which nothing was changed, and encodes the others as"
        " the camera did. What was no JPEG is written nearly without loss."
    ),
    page=Page.FILES,
)
JPEG_QUALITY = Setting(
    "save/jpeg_quality",
    92,
    1,
    100,
    name=mark("JPEG: quality"),
    tip=mark("Less makes the file smaller and the picture blocky. Encodes the whole picture anew."),
    page=Page.FILES,
    unit="",
)
JPEG_CHROMA = Setting(
    "save/jpeg_chroma",
    Chroma.FULL,
    name=mark("JPEG: colour"),
    tip=mark("How finely colour is kept. A quarter saves space; fine red and blue edges become softer."),
    page=Page.FILES,
    choices=_chromas,
)
WEBP_CODING = Setting(
    "save/webp_coding",
    WebpCoding.AS_SOURCE,
    name=mark("WebP: coding"),
    tip=mark("Lossless keeps every pixel and makes the file larger. What was no WebP is by itself written lossy."),
    page=Page.FILES,
    choices=_webp_codings,
)
WEBP_QUALITY = Setting(
    "save/webp_quality",
    90,
    1,
    100,
    name=mark("WebP: quality"),
    tip=mark("Less makes the file smaller and the picture softer. Used where the coding is by quality."),
    page=Page.FILES,
    unit="",
)
PNG_EFFORT = Setting(
    "save/png_effort",
    -1,
    name=mark("PNG: packing"),
    tip=mark("How long packing may take to make the file smaller. The pixels are the same."),
    page=Page.FILES,
    choices=_png_efforts,
)
TIFF_COMPRESSION = Setting(
    "save/tiff_compression",
    TiffCompression.AS_SOURCE,
    name=mark("TIFF: packing"),
    tip=mark("How the file is packed. The pixels are the same; LZW is read by every program."),
    page=Page.FILES,
    choices=_tiff_compressions,
)
KEEP = Setting(
    "save/keep",
    Keep.ALL,
    name=mark("Metadata"),
    tip=mark("How much of what the camera wrote besides the picture goes into the file. The picture is the same."),
    page=Page.FILES,
    choices=_kept,
)
SESSION_EMBED = Setting(
    "session/embed",
    False,
    name=mark("Session: with the photo"),
    tip=mark(
        "Puts the photo's own file, byte for byte, into a session when it is saved, so that the session alone is"
        " enough on another computer. Without it, the photo is looked for where it was and known again by its pixels."
    ),
    page=Page.FILES,
)
EXPORT_FORMAT = Setting(
    "export/format",
    "",
    name=mark("Format"),
    tip=mark("The kind of file the copy becomes."),
    choices=_export_formats,
)
EXPORT_KIND = Setting(
    "export/size_kind",
    SizeKind.LONG_SIDE,
    name=mark("Size by"),
    tip=mark("What the number below means. The photo's proportions are kept."),
    choices=_size_kinds,
)
EXPORT_PIXELS = Setting(
    "export/pixels",
    2048,
    1,
    30_000,
    name=mark("Pixels"),
    tip=mark("How long that side of the copy becomes."),
    logarithmic=True,
)
EXPORT_MEGAPIXELS = Setting(
    "export/megapixels",
    4,
    1,
    200,
    name=mark("Megapixels"),
    tip=mark("How many million pixels the copy has."),
    unit=" MP",
    logarithmic=True,
)
EXPORT_PERCENT = Setting(
    "export/percent",
    0.5,
    0.01,
    4,
    name=mark("Per cent"),
    tip=mark("Width and height of the copy, compared with the photo's."),
    percent=True,
    logarithmic=True,
)
EXPORT_ENLARGE = Setting(
    "export/enlarge",
    False,
    name=mark("May become larger than the photo"),
    tip=mark("Without this, a size beyond the photo's own makes a copy of the photo's own size."),
)
EXPORT_SHARPEN = Setting(
    "export/sharpen",
    False,
    name=mark("Sharpen a little"),
    tip=mark("Gives a smaller copy back the crispness that shrinking takes."),
)
