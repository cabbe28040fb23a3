"""Where the global stage looked: its attention in one region, kept so that any pixel can be asked about. No torch.

A probe holds the queries and keys of the attended levels as the network had them. One question is one row of its
attention, ``softmax(keys · query)``: the same numbers as in the run, in O(N).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.imaging.arrays import Hole
from app.imaging.geometry import Point, Rect
from app.imaging.heat import widened
from app.imaging.mirrored import folded, mirrored_places

Floats = npt.NDArray[np.float32]

ALL_LEVELS = 0
"""Stands for the levels together: the mean of what they look at."""

_SPOTS, _LEAST_SHARE, _REACH = 3, 0.01, 0.04
"""The strongest places shown, the least share of each, and how far what belongs to one reaches, in shares of the
region's longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class AttendedLevel:
    """The attention of one decoder map, whose sides are those of what the network saw over 2^`level`."""

    level: int
    rows: int
    columns: int
    queries: Floats
    """``(rows * columns, C)``, row by row."""
    keys: Floats
    """The same for what is looked at."""
    allowed: npt.NDArray[np.int64] | None = None
    """The positions that may be looked at; None stands for all."""

    def looks_at(self, row: int, column: int) -> Floats:
        """How much one position looks at each, ``(rows, columns)``: shares that sum to 1."""
        query = self.queries[row * self.columns + column]
        scores = self.keys @ query
        if self.allowed is not None:
            scores = scores[self.allowed]
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        everywhere = np.zeros(self.rows * self.columns, np.float32)
        everywhere[slice(None) if self.allowed is None else self.allowed] = shares
        return everywhere.reshape(self.rows, self.columns)

    @property
    def nbytes(self) -> int:
        """Memory it takes."""
        return self.queries.nbytes + self.keys.nbytes


@dataclass(frozen=True, slots=True)
class Spot:
    """One of the places looked at most."""

    point: Point
    """Image pixels."""
    share: float
    """Of the attention, 0…1, with what is close by."""


@dataclass(frozen=True, slots=True, eq=False)
class AttentionMap:
    """Where one place of the hole looks."""

    rect: Rect
    """The region, image pixels: what the network saw."""
    heat: Floats
    """``(rows, columns)``: the share of the attention at what is known in each cell; cells begin at the region's
    corner."""
    known: Floats
    """``(rows, columns)``: the known share of each cell."""
    cell: tuple[float, float]
    """Width and height of a cell, image pixels; the last ones may reach beyond the region."""
    asked: tuple[float, float, float, float]
    """The place that looks: left, top, width, height, image pixels."""
    in_hole: float
    """The share, 0…1, that stays within the hole."""
    spots: tuple[Spot, ...]
    """The strongest known places, the strongest first."""

    @property
    def at_known(self) -> float:
        """The share, 0…1, that goes to what is known."""
        return 1 - self.in_hole


@dataclass(frozen=True, eq=False)
class AttentionProbe:
    """The attention of one region of a run. Mirrored margins count as what they mirror."""

    rect: Rect
    """The region, image pixels."""
    hole: Hole
    """``(h, w)``, as the network saw it, without margins."""
    levels: tuple[AttendedLevel, ...]
    """The finest first."""

    @property
    def nbytes(self) -> int:
        """Memory it takes, about."""
        return sum(level.nbytes for level in self.levels)

    def at(self, point: Point, level: int) -> AttentionMap:
        """Where the image's pixel at `point`, in the region, looks; `level` is one of `levels`, or `ALL_LEVELS`."""
        chosen = [each for each in self.levels if level in (each.level, ALL_LEVELS)]
        step = 1 << min(each.level for each in chosen)
        heats, stays = [], 0.0
        for each in chosen:
            shares = each.looks_at(*self._cell(point, 1 << each.level))
            known = shares * self._known(1 << each.level)
            stays += float(shares.sum() - known.sum()) / len(chosen)
            heats.append(self._folded(known, 1 << each.level, step) / len(chosen))
        heat = np.asarray(np.sum(heats, axis=0), np.float32)
        across, down = self._scale
        cell = step * across, step * down
        known = self._inside(self._known(step), step) / self._inside(np.ones_like(self._known(step)), step)
        return AttentionMap(self.rect, heat, known, cell, self._place(point, step), stays, self._spots(heat, cell))

    @cached_property
    def _scale(self) -> tuple[float, float]:
        """Image pixels per pixel the network saw, across and down."""
        height, width = self.hole.shape
        return self.rect.width / width, self.rect.height / height

    def _known(self, side: int) -> Floats:
        """The known share of each square of `side` pixels, margins included."""
        if side not in self._known_shares:
            first = self.levels[0]
            height, width = first.rows << first.level, first.columns << first.level
            known = ~self.hole[mirrored_places(self.hole.shape[0], height)]
            known = known[:, mirrored_places(self.hole.shape[1], width)]
            squares = known.reshape(height // side, side, width // side, side)
            self._known_shares[side] = squares.mean(axis=(1, 3), dtype=np.float32)
        return self._known_shares[side]

    @cached_property
    def _known_shares(self) -> dict[int, Floats]:
        return {}

    def _cell(self, point: Point, side: int) -> tuple[int, int]:
        height, width = self.hole.shape
        across, down = self._scale
        x = min(max(int((point.x - self.rect.x) / across), 0), width - 1)
        y = min(max(int((point.y - self.rect.y) / down), 0), height - 1)
        return y // side, x // side

    def _place(self, point: Point, side: int) -> tuple[float, float, float, float]:
        (row, column), (across, down) = self._cell(point, side), self._scale
        width, height = side * across, side * down
        return self.rect.x + column * width, self.rect.y + row * height, width, height

    def _folded(self, shares: Floats, side: int, step: int) -> Floats:
        """`shares` of what is known in positions of `side` as those of cells of `step` in the region itself."""
        times = side // step
        known, all_known = self._known(step), np.maximum(self._known(side), np.float32(1e-6)) * times**2
        return self._inside(_repeated(shares / all_known, times) * known, step)

    def _inside(self, cells: Floats, side: int) -> Floats:
        """`cells` of `side`, those of the margins added to what they mirror."""
        height, width = self.hole.shape
        rows, columns = folded(height, cells.shape[0], side), folded(width, cells.shape[1], side)
        return np.asarray(rows @ cells @ columns.T, np.float32)

    def _spots(self, heat: Floats, cell: tuple[float, float]) -> tuple[Spot, ...]:
        left, spots = heat.copy(), list[Spot]()
        apart = max(round(_REACH * max(heat.shape)), 1)
        is_peak = heat >= widened(heat, apart)
        while len(spots) < _SPOTS:
            peaks = left * is_peak
            row, column = (int(each) for each in np.unravel_index(int(peaks.argmax()), peaks.shape))
            near = slice(max(row - apart, 0), row + apart + 1), slice(max(column - apart, 0), column + apart + 1)
            share = float(left[near].sum())
            if share < _LEAST_SHARE or not peaks[row, column]:
                break
            x = min(self.rect.x + (column + 0.5) * cell[0], self.rect.right - 1)
            y = min(self.rect.y + (row + 0.5) * cell[1], self.rect.bottom - 1)
            spots.append(Spot(Point(x, y), share))
            left[near] = 0
        return tuple(sorted(spots, key=lambda spot: -spot.share))


def _repeated(values: Floats, times: int) -> Floats:
    return values if times == 1 else values.repeat(times, axis=0).repeat(times, axis=1)
