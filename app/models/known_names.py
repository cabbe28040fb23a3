"""What networks of others are called that are known here (see `known`). Loads nothing: the window starts with it."""

from __future__ import annotations

from enum import StrEnum

SAFE = ".safetensors"
"""How the names of files end that hold tensors and nothing else."""


class KnownNetwork(StrEnum):
    """Which of them; NONE is what is a program of its own."""

    NONE = ""
    LAMA = "lama"
    MIGAN = "migan"

    @property
    def label(self) -> str:
        """As its authors write it."""
        return {KnownNetwork.LAMA: "LaMa", KnownNetwork.MIGAN: "MI-GAN"}.get(self, "")
