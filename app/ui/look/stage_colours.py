"""The colours that stand for the stages: told apart by whoever sees colours otherwise, too (Okabe and Ito)."""

from __future__ import annotations

from app.inference.request import Stage

STAGE_COLOURS = {
    Stage.COARSE: "#e69f00",
    Stage.LOCAL: "#56b4e9",
    Stage.GLOBAL: "#009e73",
    Stage.DETAIL: "#cc79a7",
}
"""``#rrggbb``."""
