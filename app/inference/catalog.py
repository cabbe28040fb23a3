"""Which coarse inpainters there are and which of them work on this machine. Loads no torch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from importlib.util import find_spec

from app.inference.request import AUTO_COARSE, InpaintOptions, Stage
from app.models.known_names import KnownNetwork
from app.words import mark


class CoarseKind(Enum):
    """What a coarse inpainter makes its filling of; the values are the headings of lists."""

    NETWORK = mark("Networks")
    COPIES = mark("Patches of the photo")
    DIFFUSION = mark("Smooth surfaces")
    OWN = mark("Your own")


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
    is_network: bool = False
    """A network of ours beside LGNet, trained by the same trainer; its weights travel with the program."""
    best_stage: Stage = Stage.GLOBAL
    """The stage that looks best with the shipped weights, as measured on held-out photographs (see the model card)."""
    kind: CoarseKind = CoarseKind.NETWORK
    about: str = ""
    """How it works, after whom, and what it is good at: one line."""
    distribution: str | None = None
    """What brings `package`, by the name under which it is installed."""
    is_seeded: bool = False
    """Its result depends on `InpaintOptions.seed`."""

    @property
    def installed(self) -> bool:
        """True where it can run here."""
        return self.package is None or find_spec(self.package) is not None


OWN = "lgnet"
"""The coarse inpainter that is LGNet's own first stage."""

COARSE_INPAINTERS = (
    CoarseInfo(
        OWN,
        "LGNet",
        "Quan et al., IEEE TIP 2022; trained by this project",
        "MIT",
        about=mark("The coarse network of LGNet (Quan et al. 2022): right in colour and structure, and soft."),
    ),
    CoarseInfo(
        "context-encoder",
        mark("Context encoder"),
        "after Pathak et al., CVPR 2016; trained by this project",
        "MIT",
        is_network=True,
        about=mark("Sees the whole picture at once (after Pathak et al. 2016): large shapes, very soft."),
    ),
    CoarseInfo(
        "contextual-attention",
        mark("Contextual attention"),
        "after Yu et al., CVPR 2018; trained by this project",
        "MIT",
        is_network=True,
        about=mark("Rebuilds features in the hole from known patches (after Yu et al. 2018): small, and soft."),
    ),
    CoarseInfo(
        "exemplar",
        mark("Exemplar (patches of the photo)"),
        "after Wexler et al., PAMI 2007, and Barnes et al., SIGGRAPH 2009; written for this project",
        "MIT",
        is_fine=True,
        best_stage=Stage.COARSE,
        kind=CoarseKind.COPIES,
        about=mark("Copies patches, coarse to fine (after Wexler et al. 2007): sharp texture in holes of any size."),
        is_seeded=True,
    ),
    CoarseInfo(
        "patchmatch",
        "PatchMatch",
        "Barnes et al., SIGGRAPH 2009; PyPatchMatch",
        "MIT",
        "patchmatch",
        best_stage=Stage.COARSE,
        kind=CoarseKind.COPIES,
        about=mark("Copies patches (Barnes et al. 2009, PyPatchMatch): sharp texture in small and middling holes."),
        distribution="pypatchmatch",
        is_seeded=True,
    ),
    CoarseInfo(
        "criminisi",
        "Criminisi",
        "Criminisi et al., IEEE TIP 2004; written for this project",
        "MIT",
        kind=CoarseKind.COPIES,
        about=mark(
            "Copies patches from the edge inwards, lines first (Criminisi et al. 2004): edges that run into the hole."
        ),
    ),
    CoarseInfo(
        "biharmonic",
        mark("Biharmonic"),
        "Damelin and Hoang, Int. J. Math. Math. Sci. 2018; scikit-image",
        "BSD-3-Clause",
        "skimage",
        kind=CoarseKind.DIFFUSION,
        about=mark("Goes on with the slopes at the edge (Damelin and Hoang 2018): thin strokes and soft gradients."),
        distribution="scikit-image",
    ),
    CoarseInfo(
        "telea",
        mark("Telea fast marching"),
        "Telea, J. Graphics Tools 2004; OpenCV",
        "Apache-2.0",
        kind=CoarseKind.DIFFUSION,
        about=mark("Means of what is near, from the edge inwards (Telea 2004): scratches and small spots, at once."),
    ),
    CoarseInfo(
        "ns",
        "Navier–Stokes",
        "Bertalmio et al., CVPR 2001; OpenCV",
        "Apache-2.0",
        kind=CoarseKind.DIFFUSION,
        about=mark("Carries lines of equal brightness on (Bertalmio et al. 2001): scratches and wires, at once."),
    ),
)

NETWORKS = frozenset(info.name for info in COARSE_INPAINTERS if info.is_network)
"""The names of those, which are also what the kinds of network are called."""

CUSTOM = CoarseInfo(
    "custom",
    mark("Your own model"),
    "a file of your own, weights of LaMa or MI-GAN, TorchScript or ONNX: --coarse-file FILE --allow-model-code",
    "its own",
    best_stage=Stage.COARSE,
    kind=CoarseKind.OWN,
    about=mark("The file that is chosen and allowed in the settings."),
)
"""Not one of `COARSE_INPAINTERS`: it can run only where the user allowed its file (`InpaintOptions.coarse_file`)."""

PREFERENCE = ("lgnet", "exemplar", "telea")
"""What `auto` takes: the first that is installed."""

LAMA_SIDE = 1024
"""Pixels, longest side at which LaMa works by itself: its memory and time grow with the area, 1.1 GB here."""

FINER = 3
"""Times the working size: the longest side, of what is cut out round a hole, at which texture is copied."""


def coarse_info(name: str) -> CoarseInfo:
    """The entry called `name`; KeyError where there is none."""
    return {info.name: info for info in (*COARSE_INPAINTERS, CUSTOM)}[name]


def listed_coarse() -> tuple[CoarseInfo, ...]:
    """All there are to choose from, those of a kind together, in the order of the kinds."""
    order = list(CoarseKind)
    return tuple(sorted((*COARSE_INPAINTERS, CUSTOM), key=lambda info: order.index(info.kind)))


def best_stage(name: str) -> Stage:
    """The stage to take by default when the coarse inpainter is `name` (`auto` included)."""
    return coarse_info(actual_name(name)).best_stage


def solving_side(options: InpaintOptions) -> int:
    """The longest side, in pixels, at which a region gets the structure of its result."""
    own = options.coarse_file
    if options.built_on is not Stage.COARSE:
        return options.working_size
    if actual_name(options.coarse) in {info.name for info in COARSE_INPAINTERS if info.is_fine}:
        return options.working_size * FINER
    if options.coarse == CUSTOM.name and own is not None and own.network is KnownNetwork.LAMA:
        return max(options.working_size, min(options.working_size * FINER, LAMA_SIDE))
    return options.working_size


def gives_texture(options: InpaintOptions) -> bool:
    """What the coarse inpainter of `options` makes is real texture, as it says itself once it is there."""
    own, info = options.coarse_file, coarse_info(actual_name(options.coarse))
    is_known = own is not None and own.network is not KnownNetwork.NONE
    return is_known if info is CUSTOM else info.kind is CoarseKind.COPIES


def actual_name(name: str) -> str:
    """`name`, or where it is `auto` what that stands for here."""
    return preferred_coarse() if name == AUTO_COARSE else name


def preferred_coarse() -> str:
    """The name of the best coarse inpainter that is installed."""
    return next(name for name in PREFERENCE if coarse_info(name).installed)
