"""Times and figures as captions and the table write them."""

from __future__ import annotations

from dataclasses import dataclass

from app.inference.comparison import Figures
from app.ui.language import tr
from app.ui.numbers import decimal, duration
from app.ui.session.comparison_parts import Entry

NONE = "—"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of figures."""

    key: str
    """In a table that is saved."""
    title: str
    tip: str
    digits: int
    best: int
    """1 where more is better, -1 where less is; 0 where 1.0 is best."""

    def value(self, entry: Entry) -> float | None:
        """What `entry` has; None where it was not measured."""
        if self.key == "seconds":
            return entry.seconds
        return None if entry.figures is None else figure(entry.figures, self.key)

    def words(self, entry: Entry) -> str:
        """The same, written."""
        value = self.value(entry)
        return NONE if value is None else decimal(value, self.digits)

    def badness(self, value: float) -> float:
        """Less is better."""
        return abs(value - 1) if self.best == 0 else -self.best * value


def figure(figures: Figures, key: str) -> float | None:
    """One of the `figures` by its key."""
    if key == "sharpness":
        return figures.sharpness
    if key == "feature_distance":
        return figures.distance
    fidelity = figures.fidelity
    return None if fidelity is None else {"psnr_db": fidelity.psnr, "ssim": fidelity.ssim, "l1": fidelity.l1}[key]


def measures() -> tuple[Measure, ...]:
    """All columns, in their order; texts are translated."""
    how = tr(
        "Choose the perceptual network's file on the page of choices, or under Settings ▸ Fill, and compare again."
    )
    distance = tr("How far the features of the filling are from the truth's, in SqueezeNet; less is better.")
    return (
        Measure("seconds", tr("Seconds"), tr("Time of all stages that lead to the result."), 2, -1),
        Measure("psnr_db", tr("PSNR, dB"), tr("Over the hole; more is nearer to the truth. Favours smears."), 2, 1),
        Measure("ssim", tr("SSIM"), tr("Structural similarity over the hole; 1 is the truth."), 3, 1),
        Measure("l1", tr("L1"), tr("Mean difference over the hole, as a share of the range; less is better."), 4, -1),
        Measure("feature_distance", tr("Feature distance"), f"{distance} {how}", 3, -1),
        Measure(
            "sharpness",
            tr("Sharpness"),
            tr("Fine contrast in the hole over that of the ring round it; 1 is as sharp as its surroundings."),
            2,
            0,
        ),
    )


def caption_words(entry: Entry) -> str:
    """Time and figures on one line, those alone that there are."""
    if entry.seconds is None:
        return entry.words
    parts = [duration(entry.seconds), *_fidelity(entry.figures)]
    return " · ".join(parts)


def caption_tip(entry: Entry) -> str:
    """All that is known of a result, a line each."""
    values = [f"{each.title}: {each.words(entry)}" for each in measures() if each.value(entry) is not None]
    return "\n".join((entry.title, *values, *entry.notices, *([entry.words] if entry.words else [])))


def _fidelity(figures: Figures | None) -> list[str]:
    if figures is None or figures.fidelity is None:
        return []
    parts = [
        tr("{} dB").format(decimal(figures.fidelity.psnr, 2)),
        tr("SSIM {}").format(decimal(figures.fidelity.ssim, 3)),
    ]
    if figures.distance is not None:
        parts.append(tr("FD {}").format(decimal(figures.distance, 3)))
    return parts
