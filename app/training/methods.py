"""The inpainting methods that `evaluate` compares, as data: what each starts from and which stages it runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.errors import LacunaError
from app.inference.catalog import COARSE_INPAINTERS
from app.inference.coarse import build_coarse
from app.inference.request import Stage

LGNET = "lgnet"
REFINED = "+refine"


@dataclass(frozen=True, slots=True)
class Method:
    """Its result is that of `last_stage` on top of the coarse inpainter `coarse`, without the `skipped` refinements."""

    name: str
    coarse: str
    last_stage: Stage
    skipped: frozenset[Stage] = frozenset()

    @property
    def needs_networks(self) -> bool:
        """False for another coarse inpainter by itself."""
        return self.coarse == LGNET or self.last_stage is not Stage.COARSE


_NETWORKS = (
    Method("lgnet-coarse", LGNET, Stage.COARSE),
    Method("lgnet-local", LGNET, Stage.LOCAL),
    Method("lgnet", LGNET, Stage.GLOBAL),
    Method("lgnet-nolocal", LGNET, Stage.GLOBAL, frozenset({Stage.LOCAL})),
    Method("lgnet-noglobal", LGNET, Stage.LOCAL),
)
"""The stages, and the ablations. Without the global stage, which comes last, what is left is `lgnet-local`: the same
picture under the name that stands beside `lgnet-nolocal`."""

_FOREIGN = tuple(info.name for info in COARSE_INPAINTERS if info.name != LGNET)

METHODS = {
    method.name: method
    for method in (
        *_NETWORKS,
        *(Method(name, name, Stage.COARSE) for name in _FOREIGN),
        *(Method(name + REFINED, name, Stage.GLOBAL) for name in _FOREIGN),
    )
}


def find_methods(names: str, weights: Path | None = None) -> tuple[Method, ...]:
    """The methods, with these `weights` or the shipped ones, that `names` lists with commas, each once, in its order.

    Raises `LacunaError` where a name is unknown, or its coarse inpainter is not installed, or there is none.
    """
    wanted = list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    if not wanted:
        raise LacunaError(f"no method is named: choose from {', '.join(METHODS)}")
    for name in wanted:
        if name not in METHODS:
            raise LacunaError(f"no method is called {name}: choose from {', '.join(METHODS)}")
        build_coarse(METHODS[name].coarse, weights)
    return tuple(METHODS[name] for name in wanted)


COMPARED = (
    ("lgnet-local", "lgnet-coarse"),
    ("lgnet", "lgnet-local"),
    ("lgnet", "lgnet-coarse"),
    ("lgnet", "lgnet-nolocal"),
    ("lgnet", "lgnet-noglobal"),
    *((name + REFINED, name) for name in _FOREIGN),
    *(("lgnet", name) for name in _FOREIGN),
)
"""What a comparison is to show: the first method gains over the second."""
