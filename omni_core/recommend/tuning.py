"""Item neighbours while a control is moved: the same lists, from pairs that were summed before.

The rows of the items that some shoppers have are kept as ``PairSums``; a move weighs their
segments, divides by the norms and keeps the k best, block by block in two threads. What the sums
don't hold (fewer common shoppers than they kept, a kind of event that they don't know, other
items) is worked out as ``ItemNeighbours`` does, so the lists are exact whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.errors import NoTime
from omni_core.recommend import similarity as alike
from omni_core.recommend.base import WEIGHTS
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.item_neighbours import ItemNeighbours
from omni_core.recommend.pair_sums import PairSums, Part
from omni_core.recommend.topn import THREADS
from omni_core.recommend.types import Array, Progress

_BLOCK = 60_000  # pairs that fit the second-level cache with what is made of them


class Tuner:
    """Pairs for the items of ``users`` (ids), of the kinds of event that have a weight."""

    def __init__(
        self, train: Interactions, users: Iterable[Any], most: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        known = {name for name, _weight in WEIGHTS}
        self.train = train
        kinds = tuple(k for k in train.present if k in known) or train.present[:1]
        codes = train.codes_of(users)
        items = np.unique(train.having(kinds)[codes[codes >= 0]].indices)
        self.pairs = PairSums(train, kinds, items, most, progress)
        self.blocks = [b for part in self.pairs.parts for b in _cut(part)]

    def model(self, **fields: Any) -> TunedNeighbours:
        """Return item neighbours fitted on the training data, tuned by these pairs."""
        return TunedNeighbours(self, **fields).fit(self.train)


class TunedNeighbours(ItemNeighbours):
    """``ItemNeighbours`` whose lists come from a tuner where it holds what they need."""

    def __init__(self, tuner: Tuner, **fields: Any) -> None:
        super().__init__(**fields)
        self._tuner = tuner

    def _fit(self, train: Interactions) -> None:
        pairs, p = self._tuner.pairs, self.params
        counted = tuple(n for n, w in p.weights if w > 0 and n in train.present)
        self._held = (
            p.similarity != "pearson" and p.min_common >= pairs.least
            and set(counted) <= set(pairs.masks.kinds))
        if not self._held:
            super()._fit(train)
            return
        if p.half_life is not None and train.ts is None:
            raise NoTime()
        self._forget()
        self._counted = counted
        self._lists_of_rows: sparse.csr_matrix | None = None

    def neighbours(self, items: Array) -> sparse.csr_matrix:
        """Return the lists of some items, by code: len(items) x all items, columns sorted."""
        place = self._tuner.pairs.place[items]
        if not self._held:
            return super().neighbours(items)
        if (place < 0).any():
            self._held = False
            super()._fit(self.train)
            return super().neighbours(items)
        if self._lists_of_rows is None:
            self._lists_of_rows = self._work_out()
        return self._lists_of_rows[place]

    def _brought(self, users: Array) -> sparse.csr_matrix:
        if not self._held:
            return super()._brought(users)
        return self.train.matrix(self._weights, self._half_life, users)

    def _unit(self, user: int, item: int) -> Array:
        if not self._held or self._tuner.pairs.place[item] < 0:
            return super()._unit(user, item)
        return self.neighbours(np.array([item])).toarray().ravel()  # any one row is at hand

    def _work_out(self) -> sparse.csr_matrix:
        move = _Move(self._tuner.pairs, self.params, self._counted, self.train)
        with ThreadPoolExecutor(THREADS) as pool:
            if self.params.similarity == "general":  # before two blocks of a part ask for them
                list(pool.map(move.ready, self._tuner.pairs.parts))
            found = list(pool.map(lambda block: move.best(block), self._tuner.blocks))
        size = np.concatenate([f[0] for f in found]) if found else np.zeros(0, int)
        item = np.concatenate([f[1] for f in found]) if found else np.zeros(0, np.int32)
        value = np.concatenate([f[2] for f in found]) if found else np.zeros(0)
        made = sparse.csr_matrix(
            (value.astype(float), item, np.r_[0, np.cumsum(size)].astype(np.int32)),
            shape=(len(size), len(self.train.items)))
        made.has_sorted_indices = made.has_canonical_format = True
        return made


class _Move:
    """One setting: what its weights and norms are for each combination, row and column."""

    def __init__(
        self, pairs: PairSums, p: Any, counted: tuple[str, ...], train: Interactions
    ) -> None:
        self.pairs, self.p, self.users = pairs, p, len(train.users)
        masks = pairs.masks
        weights = dict(p.weights)
        worth = masks.has @ np.array([weights.get(k, 0.0) for k in masks.kinds])
        on = masks.active(counted)
        self.all_count = bool(on.all())
        self.on = np.outer(on, on).ravel().astype(np.int32)
        self.worth = np.outer(worth, worth).ravel().astype(np.float32)
        damping = p.damping if p.similarity == "general" else 0.0
        self.key = counted, damping
        def norms() -> tuple[Array, Array, Array]:
            scale = masks.scale(counted, damping)
            return scale, masks.by_item(scale if damping else None), masks.by_item(None) @ on

        self.scale, square, self.shoppers = train.remember(
            ("norms", masks.kinds, counted, damping), norms)
        q = np.maximum(square @ worth**2, 0.0)
        q[q == 0] = 1.0
        self.left = (q**p.norm_from).astype(np.float32)
        self.right = (q**p.norm_to * (self.shoppers + 1.0) ** p.popularity).astype(np.float32)
        self.damped = ((self.shoppers + 1.0) ** p.popularity).astype(np.float32)

    def ready(self, part: Part) -> Array:
        """Return a part's damped sums, summed now if they weren't."""
        return self.pairs.sums(part, self.key, self.scale)

    def best(self, block: Block) -> tuple[Array, Array, Array]:
        """Return the k best of a block's rows: how many of each, items, values."""
        part, first, last = block.part, block.first, block.last
        p, (start, stop) = self.p, part.pair[[first, last]]
        item, length = part.item[start:stop], block.length
        if start == stop:
            return length, item, np.empty(0, np.float32)
        edges = part.segment[start : stop + 1]
        rows = part.rows[first:last]
        common = self._common(part, start, stop)
        if p.similarity == "general":
            value = _added(self.ready(part), part.combo, edges, self.worth)
            if p.shrink:
                left = np.repeat(self.left[rows], length)
                value /= left * self.right[item] + np.float32(p.shrink)
            else:
                value /= self.right[item]
        else:
            value = self._counting(rows, item, length, common)
        if common is not None and (p.min_common > self.pairs.least or not self.all_count):
            value[common < p.min_common] = 0.0
        size, item, value = _kept(item, value, block, p.k)
        if p.similarity == "general" and not p.shrink:  # the order of a row is without it, too
            value /= np.repeat(self.left[rows], size)
        return size, item, value

    def _common(self, part: Part, start: int, stop: int) -> Array | None:
        p = self.p
        if not self.all_count:
            return _added(part.count, part.combo, part.segment[start : stop + 1], self.on)
        if p.similarity == "general" and p.min_common <= self.pairs.least:
            return None  # all pairs that were kept have enough
        return part.common[start:stop]

    def _counting(self, rows: Array, item: Array, length: Array, common: Array | None) -> Array:
        """Return a similarity that is a function of counts of shoppers."""
        assert common is not None
        made = sparse.csr_matrix(
            (common.astype(float), item, np.r_[0, np.cumsum(length)]),
            shape=(len(rows), len(self.shoppers)))
        if self.p.similarity == "jaccard":
            value = alike.jaccard(made, rows, self.shoppers)
        else:
            value = alike.loglikelihood(made, rows, self.shoppers, self.users)
        if self.p.shrink:
            value = value * common / (common + self.p.shrink)
        return (value / self.damped[item]).astype(np.float32)


def _added(values: Array, combo: Array, edges: Array, worth: Array) -> Array:
    """Weigh segments by their combinations and add them up over each pair between the edges."""
    begin, end = edges[0], edges[-1]
    return sparse.csr_matrix(
        (values[begin:end], combo[begin:end], edges - begin), shape=(len(edges) - 1, len(worth))
    ) @ worth


@dataclass
class Block:
    """Rows ``first`` ... ``last`` of a part, and where their pairs lie in a table of even rows."""

    part: Part
    first: int
    last: int

    @cached_property
    def ends(self) -> Array:
        """Where each row's pairs begin, and the last one's end, among the block's."""
        return self.part.pair[self.first : self.last + 1] - self.part.pair[self.first]

    @cached_property
    def length(self) -> Array:
        """The pairs of each row."""
        return np.diff(self.ends)

    @cached_property
    def place(self) -> Array:
        """The place of each pair in a table of rows of the longest one's width."""
        width = int(self.length.max())
        shift = (np.arange(len(self.length)) * width - self.ends[:-1]).astype(np.int32)
        return np.arange(self.ends[-1], dtype=np.int32) + np.repeat(shift, self.length)


def _kept(item: Array, value: Array, block: Block, k: int) -> tuple[Array, Array, Array]:
    """Keep the k largest positive values of each row; among equals the lower item."""
    length, ends = block.length, block.ends
    width = int(length.max())
    keep = value > 0
    if width > k:
        table = np.zeros((len(length), width), np.float32)
        table.ravel()[block.place] = value
        table.partition(width - k, axis=1)
        limit = table[:, width - k]
        keep &= value >= np.repeat(limit, length)
        size = np.diff(np.r_[0, np.cumsum(keep)][ends])
        for r in np.flatnonzero(size > k):  # several at the limit: the first stay
            part = slice(ends[r], ends[r + 1])
            tied = keep[part] & (value[part] == limit[r])
            room = k - int((keep[part] & ~tied).sum())
            keep[part] &= ~tied | (np.cumsum(tied) <= room)
    total = np.r_[0, np.cumsum(keep)][ends]
    return np.diff(total), item[keep], value[keep]


def _cut(part: Part) -> list[Block]:
    """Cut a part into runs of rows of about ``_BLOCK`` pairs."""
    run = part.pair[1:] // _BLOCK
    edges = [0, *(np.flatnonzero(np.diff(run)) + 1).tolist(), len(part.rows)]
    return [Block(part, a, b) for a, b in zip(edges, edges[1:], strict=False) if a < b]
