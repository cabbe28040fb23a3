"""What a hole can look like: the original, a stage of the results shown, or the result of another run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.inference.request import Stage, StageResult
from app.ui.language import tr
from app.ui.session.next_step import stage_to_take
from app.ui.session.runs import Runs
from app.ui.session.variants import Variant
from app.ui.stages.panes import Pane


@dataclass(frozen=True, slots=True)
class Version:
    """One of them."""

    pane: Pane
    name: str = ""
    """The letter of a variant other than the one that is shown, whichever that is; empty: of that."""

    @property
    def words(self) -> str:
        """Its name on the screen."""
        return tr("{name} · {stage}").format(name=self.name, stage=self.pane.title) if self.name else self.pane.title


ORIGINAL = Version(Pane.ORIGINAL)
Pair = tuple[Version, Version]


def versions_of(runs: Runs, *preferred: Stage) -> tuple[Version, ...]:
    """All there are to compare: of the variant shown every stage, of others the one of `preferred` that comes first."""
    own = (Version(Pane.of(stage)) for stage in Stage if stage in runs.results)
    others = ((each, stage_to_take(each.results, *preferred)) for each in runs.variants if each is not runs.shown)
    return (ORIGINAL, *own, *(Version(Pane.of(stage), each.name) for each, stage in others if stage is not None))


def pairs_of(versions: Sequence[Version]) -> tuple[Pair, ...]:
    """The pairs worth a look, in this order: each stage with the one before it, the first with the last, and the
    original with the last."""
    own = [each for each in versions if not each.name]
    pairs = list(pairwise(own))
    if len(own) > 3:
        pairs.append((own[1], own[-1]))
    if len(own) > 2:
        pairs.append((own[0], own[-1]))
    return tuple(pairs)


def first_pair(versions: Sequence[Version], looked_at: Pane | None) -> Pair | None:
    """What to begin with: the stage that is looked at with the one before it, else the first stage with the last."""
    own = [each for each in versions if not each.name]
    if len(own) < 2:
        return None
    at = next((index for index, each in enumerate(own) if index and each.pane is looked_at), None)
    return (own[at - 1], own[at]) if at is not None else (own[1] if len(own) > 2 else own[0], own[-1])


def is_there(version: Version, runs: Runs) -> bool:
    """Whether there is something to compare of `version`, be it one that `versions_of` offers or not."""
    if version == ORIGINAL:
        return True
    is_named_twice = bool(version.name) and variant_of(version, runs) is runs.shown
    return not is_named_twice and result_of(version, runs) is not None


def named_anew(pair: Pair, before: str, shown: str) -> Pair:
    """`pair`, with the same results in it, where `shown` is looked at instead of the variant `before`: letters."""
    first, second = (
        each if each == ORIGINAL else Version(each.pane, "" if each.name == shown else each.name or before)
        for each in pair
    )
    return first, second


def variant_of(version: Version, runs: Runs) -> Variant | None:
    """The variant that `version` is of; None where there is none such."""
    if not version.name:
        return runs.shown
    return next((each for each in runs.variants if each.name == version.name), None)


def result_of(version: Version, runs: Runs) -> StageResult | None:
    """The result of `version`; None for the original, and as long as there is none."""
    variant, stage = variant_of(version, runs), version.pane.stage
    return None if variant is None or stage is None else variant.results.get(stage)
