"""The settings on what is saved for talks and papers: films and strips of the stages."""

from __future__ import annotations

from enum import StrEnum

from app.imaging.film import Transition
from app.ui.language import mark, tr
from app.ui.settings.setting import Choice, Setting


class TalkPart(StrEnum):
    """Which part of the photo is shown."""

    HOLE = "hole"
    """What lies round the hole."""
    SEEN = "seen"
    """What is seen in the window."""
    WHOLE = "whole"


class StripForm(StrEnum):
    """How the pictures of a strip stand."""

    ROW = "row"
    TWO_ROWS = "two_rows"
    COLUMN = "column"


def _parts() -> tuple[Choice[TalkPart], ...]:
    return (
        Choice(TalkPart.HOLE, tr("Round the hole")),
        Choice(TalkPart.SEEN, tr("What is seen in the window")),
        Choice(TalkPart.WHOLE, tr("The whole photo")),
    )


def _film_formats() -> tuple[Choice[str], ...]:
    return Choice(".mp4", "MP4"), Choice(".webp", "WebP"), Choice(".gif", "GIF")


def _transitions() -> tuple[Choice[Transition], ...]:
    return (
        Choice(Transition.WIPE, tr("Wipe")),
        Choice(Transition.FADE, tr("Fade")),
        Choice(Transition.CUT, tr("Cut")),
    )


def _strip_formats() -> tuple[Choice[str], ...]:
    return Choice(".png", "PNG"), Choice(".pdf", "PDF")


def _strip_forms() -> tuple[Choice[StripForm], ...]:
    return (
        Choice(StripForm.ROW, tr("In one row")),
        Choice(StripForm.TWO_ROWS, tr("In two rows")),
        Choice(StripForm.COLUMN, tr("One below the other")),
    )


TALK_PART = Setting(
    "talk/part",
    TalkPart.HOLE,
    name=mark("Shows"),
    tip=mark("Which part of the photo all its pictures show."),
    choices=_parts,
)
FILM_FORMAT = Setting(
    "talk/film_format",
    ".mp4",
    name=mark("Format"),
    tip=mark("MP4 is for slides, WebP and GIF play by themselves on web pages; a GIF has 256 colours."),
    choices=_film_formats,
)
FILM_SIDE = Setting(
    "talk/film_side",
    1280,
    200,
    3840,
    name=mark("Longer side"),
    tip=mark("How many pixels the longer side of the film has. What is smaller is enlarged."),
    logarithmic=True,
)
FILM_TRANSITION = Setting(
    "talk/film_transition",
    Transition.WIPE,
    name=mark("Transition"),
    tip=mark("How one stage becomes the next."),
    choices=_transitions,
)
FILM_HOLD = Setting(
    "talk/film_hold",
    2,
    1,
    20,
    name=mark("Each stage stays"),
    tip=mark("Seconds for which each stage is seen; the last one is seen twice as long."),
    unit=" s",
)
TALK_LABELS = Setting(
    "talk/labels",
    True,
    name=mark("Labels"),
    tip=mark("Write into the picture which stage it is."),
)
STRIP_FORMAT = Setting(
    "talk/strip_format",
    ".png",
    name=mark("Format"),
    tip=mark("A PDF keeps its letters as letters and the pictures without loss."),
    choices=_strip_formats,
)
STRIP_FORM = Setting(
    "talk/strip_form",
    StripForm.ROW,
    name=mark("Pictures"),
    tip=mark("How the pictures of the stages stand beside each other."),
    choices=_strip_forms,
)
STRIP_LETTERS = Setting(
    "talk/strip_letters",
    True,
    name=mark("Letters"),
    tip=mark("Number the pictures (a), (b), (c), as figures in papers do."),
)
