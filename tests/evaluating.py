"""A sample for tests of the evaluation."""

import numpy as np

from app.training.evaluate import Sample


def sample(seed=0, side=64, name="one.png"):
    """Random pixels with a hole in their upper half."""
    rng = np.random.default_rng(seed)
    hole = np.zeros((side, side), bool)
    hole[10:30, 20:50] = True
    return Sample(name, rng.integers(0, 256, (side, side, 3), dtype=np.uint8), hole, 1)
