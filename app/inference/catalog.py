"""Which coarse inpainters there are and which of them work on this machine. Loads no torch."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from app.inference.request import AUTO_COARSE, InpaintOptions, Stage
from app.words import mark


@dataclass(frozen=True, slots=True)
class CoarseInfo:
    """One coarse inpainter as menus and the `models` command list it."""

    name: str
    """The word `--coarse` takes."""
    label: str
    """The words a menu shows."""
    source: str
    licence: str
    package: str | None = None
    """The importable module it needs, if any."""
    is_fine: bool = False
    """It works at up to `FINER` times the working size, where its own result is what is wanted."""
    best_stage: Stage = Stage.GLOBAL
    """The stage that looks best with the shipped weights, as measured on held-out photographs (see the model card)."""

    is_seeded: bool = False
    """Its result depends on `InpaintOptions.seed`."""

    @property
    def installed(self) -> bool:
        """True where it can run here."""
        return self.package is None or find_spec(self.package) is not None


COARSE_INPAINTERS = (
    CoarseInfo("lgnet", "LGNet", "Quan et al., IEEE TIP 2022; trained by this project", "MIT"),
    CoarseInfo(
        "exemplar",
        mark("Exemplar (patches of the photo)"),
        "after Wexler et al., PAMI 2007, and Barnes et al., SIGGRAPH 2009; written for this project",
        "MIT",
        is_fine=True,
        best_stage=Stage.COARSE,
        is_seeded=True,
    ),
    CoarseInfo(
        "patchmatch",
        "PatchMatch",
        "Barnes et al., SIGGRAPH 2009; PyPatchMatch",
        "MIT",
        "patchmatch",
        best_stage=Stage.COARSE,
        is_seeded=True,
    ),
    CoarseInfo("telea", mark("Telea fast marching"), "Telea, J. Graphics Tools 2004; OpenCV", "Apache-2.0"),
    CoarseInfo("ns", "Navier–Stokes", "Bertalmio et al., CVPR 2001; OpenCV", "Apache-2.0"),
)

CUSTOM = CoarseInfo(
    "custom",
    mark("Your own model"),
    "a TorchScript or ONNX file of your own: --coarse-file FILE --allow-model-code",
    "its own",
    best_stage=Stage.COARSE,
)
"""Not one of `COARSE_INPAINTERS`: it can run only where the user allowed its file (`InpaintOptions.coarse_file`)."""

PREFERENCE = ("lgnet", "exemplar", "telea")
"""What `auto` takes: the first that is installed."""

FINER = 3
"""Times the working size: the longest side, of what is cut out round a hole, at which texture is copied."""


def coarse_info(name: str) -> CoarseInfo:
    """The entry called `name`; KeyError where there is none."""
    return {info.name: info for info in (*COARSE_INPAINTERS, CUSTOM)}[name]


def best_stage(name: str) -> Stage:
    """The stage to take by default when the coarse inpainter is `name` (`auto` included)."""
    return coarse_info(actual_name(name)).best_stage


def solving_side(options: InpaintOptions) -> int:
    """The longest side, in pixels, at which a region gets the structure of its result."""
    fine = actual_name(options.coarse) in {info.name for info in COARSE_INPAINTERS if info.is_fine}
    return options.working_size * (FINER if fine and options.built_on is Stage.COARSE else 1)


def actual_name(name: str) -> str:
    """`name`, or where it is `auto` what that stands for here."""
    return preferred_coarse() if name == AUTO_COARSE else name


def preferred_coarse() -> str:
    """The name of the best coarse inpainter that is installed."""
    return next(name for name in PREFERENCE if coarse_info(name).installed)
