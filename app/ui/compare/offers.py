"""What can be compared: every coarse inpainter there is, and the results that each leads to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.inference.catalog import COARSE_INPAINTERS, CUSTOM
from app.inference.comparison import Method, method
from app.inference.own_models import own_models
from app.inference.request import InpaintOptions, Stage
from app.ui.language import tr
from app.ui.settings.declared import OWN_MODELS, RESULT_STAGE
from app.ui.settings.store import Settings

USUAL = frozenset({("lgnet", Stage.GLOBAL), ("exemplar", Stage.COARSE), ("patchmatch", Stage.COARSE),
                   ("telea", Stage.COARSE), ("telea", Stage.GLOBAL), ("lgnet", Stage.DETAIL)})  # fmt: skip
"""What is ticked at first."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A coarse inpainter that can be compared, unless there is a `reason` why not."""

    id: str
    """The same in every language."""
    label: str
    options: InpaintOptions
    """As the editor would run it."""
    reason: str = ""

    def method(self, wanted: Iterable[Stage]) -> Method:
        """What leads to the results `wanted`, one at least."""
        return method(self.label, self.options, tuple(wanted))


def offers(settings: Settings) -> list[Offer]:
    """All of them, in the catalog's order; the other options are those of the editor."""
    found = []
    for info in COARSE_INPAINTERS:
        reason = tr("Not installed: pip install the extra that brings “{}”, then restart.").format(info.package)
        found.append(Offer(info.name, tr(info.label), _options(settings, info.name), "" if info.installed else reason))
    return [*found, *_own_offers(settings)]


def _own_offers(settings: Settings) -> list[Offer]:
    """The user's own models, by their names."""
    options = _options(settings, CUSTOM.name)
    models = own_models(settings.get(OWN_MODELS))
    if not models:
        return [Offer(CUSTOM.name, tr(CUSTOM.label), options, tr("Add its file in the settings, under Fill."))]
    return [
        Offer(
            f"{CUSTOM.name} {each.name}",
            each.name,
            replace(options, coarse_file=each.file),
            "" if each.is_allowed else tr("Not allowed yet."),
        )
        for each in models
    ]


def _options(settings: Settings, coarse: str) -> InpaintOptions:
    built_on = settings.stage_of(settings.get(RESULT_STAGE), coarse)
    return replace(settings.run_options(), coarse=coarse, coarse_file=None, result_stage=built_on)
