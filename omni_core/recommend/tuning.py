"""Item neighbours while a control is moved: the same lists, from pairs that were summed before.

The rows of the items that some shoppers have are kept as ``PairSums``; a move weighs the segments
of each pair (or takes the sums of the last weights), and then goes through the rows, block by block
in two threads: divides by the norms and keeps the k best. What the sums don't hold (fewer common
shoppers than they kept, a kind of event that they don't know, other items) is worked out as
``ItemNeighbours`` does, so the lists are exact whatever is asked.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.errors import NoTime
from omni_core.recommend import similarity as alike
from omni_core.recommend.base import WEIGHTS
from omni_core.recommend.cells import ends
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.item_neighbours import ItemNeighbours
from omni_core.recommend.pair_blocks import Block
from omni_core.recommend.pair_sums import PairSums
from omni_core.recommend.topn import THREADS
from omni_core.recommend.types import Array, Progress

_RUN = 4  # blocks that a thread takes at a time


class Tuner:
    """Pairs for the items of ``users`` (ids), of the kinds of event that have a weight."""

    def __init__(
        self, train: Interactions, users: Iterable[Any], most: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.train = train
        self.pairs = PairSums(train, *_needed(train, users), most, progress)

    def model(self, **fields: Any) -> TunedNeighbours:
        """Return item neighbours fitted on the training data, tuned by these pairs."""
        return TunedNeighbours(self, **fields).fit(self.train)


def least_common(train: Interactions, users: Iterable[Any]) -> int:
    """Return with how many common shoppers at least a ``Tuner`` will keep pairs, by some rows."""
    return PairSums(train, *_needed(train, users), only_least=True).least


def _needed(train: Interactions, users: Iterable[Any]) -> tuple[tuple[str, ...], Array]:
    """Return the kinds of event that have a weight, and the items that some users have by them."""
    known = {name for name, _weight in WEIGHTS}
    kinds = tuple(k for k in train.present if k in known) or train.present[:1]
    codes = train.codes_of(users)
    return kinds, np.unique(train.having(kinds)[codes[codes >= 0]].indices)


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
        if self._held and (place < 0).any():
            self._held = False
            super()._fit(self.train)
        return self._every[place] if self._held else super().neighbours(items)

    @property
    def _every(self) -> sparse.csr_matrix:
        """The lists of all rows of the pairs, in their order."""
        if self._lists_of_rows is None:
            self._lists_of_rows = self._work_out()
        return self._lists_of_rows

    def _reached(self, users: Array) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        if self._held:
            profile = self._brought(users)
            place = self._tuner.pairs.place[profile.indices]
            if (place >= 0).all():  # no list has to be moved for it
                lists = self._every
                return sparse.csr_matrix(
                    (profile.data, place, profile.indptr),
                    shape=(len(users), lists.shape[0])), lists
        return super()._reached(users)

    def _brought(self, users: Array) -> sparse.csr_matrix:
        if not self._held:
            return super()._brought(users)
        return self.train.matrix(self._weights, self._half_life, users)

    def _unit(self, user: int, item: int) -> Array:
        if not self._held or self._tuner.pairs.place[item] < 0:
            return super()._unit(user, item)
        lists, row = self._every, int(self._tuner.pairs.place[item])  # any one row is at hand
        mine, found = slice(*lists.indptr[row : row + 2]), np.zeros(lists.shape[1])
        found[lists.indices[mine]] = lists.data[mine]
        return found

    def _work_out(self) -> sparse.csr_matrix:
        move = _Move(self._tuner.pairs, self.params, self._counted, self.train)
        blocks = self._tuner.pairs.blocks
        runs = [blocks[i : i + _RUN] for i in range(0, len(blocks), _RUN)]
        if len(runs) < THREADS + 1:
            found = [_joined(move, run) for run in runs]
        else:
            with ThreadPoolExecutor(THREADS) as pool:
                found = list(pool.map(lambda run: _joined(move, run), runs))
        found.append((np.zeros(0, int), np.zeros(0, np.int32), np.zeros(0)))  # there may be none
        sizes, items, values = zip(*found, strict=True)
        size = np.concatenate(sizes)
        item = np.concatenate(items, dtype=np.int32, casting="unsafe")
        value = np.concatenate(values, dtype=float)
        made = sparse.csr_matrix(
            (value, item, ends(size)), shape=(len(size), len(self.train.items)))
        made.has_sorted_indices = made.has_canonical_format = True
        return made


def _joined(move: _Move, run: list[Block]) -> tuple[Array, Array, Array]:
    """Return the k best of several blocks; of small types, for all runs wait for one another."""
    size, item, value = zip(*(move.best(block) for block in run), strict=True)
    return np.concatenate(size), np.concatenate(item), np.concatenate(value)


class _Move:
    """One setting: what its weights and norms are for each combination, row and column."""

    def __init__(
        self, pairs: PairSums, p: Any, counted: tuple[str, ...], train: Interactions
    ) -> None:
        self.p, self.users = p, len(train.users)
        masks = pairs.masks
        weights = dict(p.weights)
        worth = masks.has @ np.array([weights.get(k, 0.0) for k in masks.kinds])
        on = masks.active(counted)
        damping = p.damping if p.similarity == "general" else 0.0

        def counts() -> tuple[Array, Array, Array]:
            cells = masks.by_item()
            return np.maximum(masks.goods(counted), 1.0), cells, cells @ on

        def norms() -> tuple[Array, Array]:
            scale = goods**-damping
            return scale, masks.by_item(scale) if damping else cells

        goods, cells, self.shoppers = train.remember(
            ("counts of goods", masks.kinds, counted), counts)
        scale, square = train.remember(("norms", masks.kinds, counted, damping), norms)
        q = np.maximum(square @ worth**2, 0.0)
        q[q == 0] = 1.0
        self.left = (q**p.norm_from).astype(np.float32)
        self.right = (q**p.norm_to * (self.shoppers + 1.0) ** p.popularity).astype(np.float32)
        self.damped = ((self.shoppers + 1.0) ** p.popularity).astype(np.float32)
        both = np.outer(on, on).ravel().astype(np.int32)
        least = p.min_common if p.min_common > pairs.least or not on.all() else 0
        if p.similarity == "general":
            self.sums = pairs.weighed(
                (counted, damping), scale, tuple(worth), np.outer(worth, worth).ravel().astype(
                    np.float32), both, least)
        else:
            common = pairs.common(both)
            self.common = np.where(common < least, 0, common) if least else common

    def best(self, block: Block) -> tuple[Array, Array, Array]:
        """Return the k best of a block's rows: how many of each, items, values."""
        p, rows = self.p, block.rows
        if p.similarity == "general":
            value = self.sums.take(block.pair, mode="clip")
            below = self.right.take(block.item, mode="clip")
            if p.shrink:
                below *= self.left[rows][:, None]
                below += np.float32(p.shrink)
            value /= below
        else:
            value = self._counting(rows, block.item, self.common.take(block.pair, mode="clip"))
        size, item, value = block.best(value, p.k)
        if p.similarity == "general" and not p.shrink:  # the order of a row is without it, too
            value /= np.repeat(self.left[rows], size)
        return size, item, value

    def _counting(self, rows: Array, item: Array, common: Array) -> Array:
        """Return a similarity that is a function of counts of shoppers."""
        made = sparse.csr_matrix(
            (common.astype(float).ravel(), item.ravel(), np.arange(len(rows) + 1) * item.shape[1]),
            shape=(len(rows), len(self.shoppers)))
        if self.p.similarity == "jaccard":
            value = alike.jaccard(made, rows, self.shoppers)
        else:
            value = alike.loglikelihood(made, rows, self.shoppers, self.users)
        if self.p.shrink:
            value = value * made.data / (made.data + self.p.shrink)
        return (value / self.damped[made.indices]).astype(np.float32).reshape(item.shape)
