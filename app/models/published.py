"""How the tensors of the authors' checkpoints are named, as tables from their names to ours."""

from __future__ import annotations

from itertools import pairwise

from app.models.config import PAPER

_LEVELS = PAPER.levels
_CONV = ("weight",)
_BIASED = ("weight", "bias")
_NORM = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")


def rename_table(stage: str) -> dict[str, str]:
    """Published tensor name → our tensor name, for the stage ``coarse``, ``local`` or ``global``."""
    modules = {"coarse": _nested_unet, "local": _residual, "global": _flat_unet}[stage]()
    return {f"{theirs}.{leaf}": f"{ours}.{leaf}" for theirs, ours, leaves in modules for leaf in leaves}


Module = tuple[str, str, tuple[str, ...]]


def _nested_unet() -> list[Module]:
    """G1 nests from the outermost level inwards: each level's sequence holds the next one."""
    modules: list[Module] = [("model.model.0", "downs.0.conv", _CONV)]
    prefix = "model.model.1.model."
    for level in range(1, _LEVELS - 1):
        up = f"ups.{_LEVELS - 1 - level}"
        modules += [(f"{prefix}1", f"downs.{level}.conv", _CONV), (f"{prefix}2", f"downs.{level}.norm", _NORM)]
        modules += [(f"{prefix}5", f"{up}.conv", _CONV), (f"{prefix}6", f"{up}.norm", _NORM)]
        prefix += "3.model."
    modules.append((f"{prefix}1", f"downs.{_LEVELS - 1}.conv", _CONV))
    modules += [(f"{prefix}3", "ups.0.conv", _CONV), (f"{prefix}4", "ups.0.norm", _NORM)]
    modules.append(("model.model.3", f"ups.{_LEVELS - 1}.conv", _BIASED))
    return modules


def _flat_unet() -> list[Module]:
    """G3 numbers its sequences: model1…model8 go down, the end of model8 and model9…model15 come up."""
    modules: list[Module] = [("model1.0", "downs.0.conv", _CONV)]
    for level in range(2, _LEVELS):
        modules += [(f"model{level}.1", f"downs.{level - 1}.conv", _CONV)]
        modules += [(f"model{level}.2", f"downs.{level - 1}.norm", _NORM)]
    modules += [(f"model{_LEVELS}.1", f"downs.{_LEVELS - 1}.conv", _CONV)]
    modules += [(f"model{_LEVELS}.3", "ups.0.conv", _CONV), (f"model{_LEVELS}.4", "ups.0.norm", _NORM)]
    for up in range(1, _LEVELS - 1):
        modules += [(f"model{_LEVELS + up}.1", f"ups.{up}.conv", _CONV)]
        modules += [(f"model{_LEVELS + up}.2", f"ups.{up}.norm", _NORM)]
    modules.append((f"model{2 * _LEVELS - 1}.1", f"ups.{_LEVELS - 1}.conv", _BIASED))
    for side, level in ((16, 4), (32, 3), (64, 2)):
        modules.append((f"att_{side}.combiner", f"attentions.{level}.combiner", _BIASED))
    return modules


def _residual() -> list[Module]:
    """G2 is one sequence; its convolutions and norms follow each other in ours as in theirs."""
    ours = ["stem.1", "stem.2", "downs.0", "downs.1", "downs.3", "downs.4"]
    theirs = [1, 2, 4, 5, 7, 8]
    modules: list[Module] = []
    for (their_conv, our_conv), (their_norm, our_norm) in _paired(list(zip(theirs, ours, strict=True))):
        modules += [(f"model.{their_conv}", our_conv, _CONV), (f"model.{their_norm}", our_norm, _NORM)]
    for block in range(PAPER.residual_blocks):
        theirs_prefix, ours_prefix = f"model.{10 + block}.conv_block", f"blocks.{block}.block"
        for conv in (1, 5):
            modules.append((f"{theirs_prefix}.{conv}", f"{ours_prefix}.{conv}", _CONV))
            modules.append((f"{theirs_prefix}.{conv + 1}", f"{ours_prefix}.{conv + 1}", _NORM))
    for their_up, our_up in ((14, 0), (17, 3)):
        modules += [(f"model.{their_up}", f"ups.{our_up}", _CONV)]
        modules += [(f"model.{their_up + 1}", f"ups.{our_up + 1}", _NORM)]
    modules.append(("model.21", "head.1", _BIASED))
    return modules


def _paired(items: list[tuple[int, str]]) -> list[tuple[tuple[int, str], tuple[int, str]]]:
    return list(pairwise(items))[::2]
