"""Pairs of items as tables of even rows: what a move goes through, block by block.

A row's pairs are its cells, and short rows end in empty ones, which have no segments. So the k best
of each row come from one partition of a table, and no cell has to be put in its place first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import spread
from omni_core.recommend.types import Array

CELLS = 60_000  # of a block: they fit the second-level cache with what is made of them
_LEAST = np.nextafter(np.float32(0), np.float32(1))  # above 0


@dataclass
class Block:
    """``item`` is rows x width: the other items of each of ``rows`` (codes), sorted, 0 where empty.

    ``segment`` (cells + 1) is where each cell's segments begin among ``combo`` and ``count``, whose
    shoppers (by kind) follow one another in ``who`` where they are kept. These three are by far the
    most, so of the smallest type that holds them. See ``PairSums``.
    """

    rows: Array
    item: Array
    filled: Array  # the pairs of each row
    segment: Array
    combo: Array
    count: Array
    who: Array | None
    _sums: dict[Any, Array] = field(default_factory=dict)
    _weighed: dict[Any, Array] = field(default_factory=dict)

    def sums(self, damps: Any, make: Any) -> Array:
        """Return one damped sum per segment; ``make()`` works them out where the damping moved."""
        return _kept(self._sums, damps, make, 1)

    def weighed(self, key: Any, make: Any) -> Array:
        """Return one weighed sum per cell, of the last two weights or what ``make()`` gives."""
        return _kept(self._weighed, key, make, 2)

    def damped(self, scale: Array) -> Array:
        """Add the scale of each segment's shoppers up; needs ``who``."""
        assert self.who is not None
        return _added(
            _ones(len(self.who)), self.who.astype(np.int32), _ends(self.count), scale)

    def over(self, values: Array, worth: Array) -> Array:
        """Weigh one value per segment by its combination and add up: rows x width."""
        return _added(
            values, self.combo.astype(np.int32), self.segment, worth).reshape(self.item.shape)

    def best(self, value: Array, k: int) -> tuple[Array, Array, Array]:
        """Return how many of the k largest positive values each row has, their items, and them.

        Among equals the lower item.
        """
        rows, width = value.shape
        limit = np.full(rows, _LEAST)
        if width > k:
            limit = np.maximum(np.partition(value, width - k, axis=1)[:, width - k], _LEAST)
        flat = np.flatnonzero(value >= limit[:, None])
        ends = np.searchsorted(flat, np.arange(rows + 1) * width)
        found = value.ravel()[flat]
        if len(flat) > rows * k or (np.diff(ends) > k).any():  # several at the limit
            keep = np.ones(len(flat), bool)
            for r in np.flatnonzero(np.diff(ends) > k):
                part = slice(ends[r], ends[r + 1])
                tied = found[part] == limit[r]
                room = k - int((~tied).sum())
                keep[part] = ~tied | (np.cumsum(tied) <= room)
            flat, found = flat[keep], found[keep]
            ends = np.searchsorted(flat, np.arange(rows + 1) * width)
        return np.diff(ends), self.item.ravel()[flat], found


def cut(
    rows: Array, pair: Array, item: Array, segment: Array, combo: Array, count: Array,
    who: Array | None,
) -> list[Block]:
    """Cut the pairs of some rows, as ``Part`` has them, into blocks of rows of like length."""
    length = np.diff(pair)
    order = np.argsort(length, kind="stable")
    sizes, shoppers = np.diff(segment), None if who is None else _ends(count)
    blocks, start = [], 0
    while start < len(rows):
        # so many rows that the table, as wide as the last of them, has no more cells than it may
        many = np.arange(1, min(len(rows) - start, CELLS) + 1)
        stop = start + max(1, int(np.searchsorted(
            length[order[start : start + len(many)]] * many, CELLS, "right")))
        mine = order[start:stop]
        width = max(1, int(length[mine[-1]]))
        pairs = spread(pair[mine], length[mine])
        place = spread(np.arange(len(mine)) * width, length[mine])
        table = np.zeros(len(mine) * width, np.int32)
        size = np.zeros(len(mine) * width, np.int32)
        table[place], size[place] = item[pairs], sizes[pairs]
        runs = spread(segment[pairs], sizes[pairs])
        blocks.append(Block(
            rows[mine], table.reshape(-1, width), length[mine], _ends(size), combo[runs],
            count[runs], None if who is None or shoppers is None
            else who[spread(shoppers[runs], count[runs].astype(np.int64))]))
        start = stop
    return blocks


def _kept(memory: dict[Any, Array], key: Any, make: Any, most: int) -> Array:
    made = memory.pop(key, None)
    if made is None:
        made = make()
    memory[key] = made
    while len(memory) > most:
        memory.pop(next(iter(memory)), None)
    return made


def _added(values: Array, column: Array, ends: Array, worth: Array) -> Array:
    """Add ``values * worth[column]`` up over each run between the ends."""
    return np.asarray(sparse.csr_matrix(
        (values, column, ends), shape=(len(ends) - 1, len(worth))) @ worth)


def _ones(n: int) -> Array:
    """Return n ones of 32 bits that take no memory of their own."""
    global _ONES
    if len(_ONES) < n:
        _ONES = np.ones(n, np.float32)
    return _ONES[:n]


_ONES = np.ones(0, np.float32)


def _ends(lengths: Array) -> Array:
    """Return where each of several runs begins, and where the last ends."""
    made = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, dtype=np.int32, out=made[1:])
    return made
