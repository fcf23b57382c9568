"""What two items have in common, in parts that any weights of events are put together from.

A cell (a shopper and an item) has one mask: the kinds of event she has with the item. For some
items, every pair with at least ``least`` common shoppers is kept as its segments: one for each
combination of two masks, with the number of its shoppers and the sum of their damping
``d_u^(-damping)``. A similarity for any weights is then a sum over a pair's segments, about two of
them on sparse data, and nothing is multiplied again. Where they fit, the shoppers themselves are
kept, too, so that another damping is a sum over them. ``least`` is the smallest number that keeps
the pairs within the budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import spread
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.masks import Masks
from omni_core.recommend.pair_blocks import Block, cut
from omni_core.recommend.types import Array, Progress, silent

MOST_PAIRS = 12_000_000  # some 20 bytes each
MOST_LISTED = 80_000_000  # shoppers of pairs, 2 bytes each: beyond, another damping is built anew
_CHUNK = 1_000_000  # products at a time: some 60 MB while they are sorted
_DENSE = 2  # shoppers for each possible segment, from which on these are looked at one and all
_EACH = 40  # every so many rows tell how many pairs there will be
_MARGIN = 1.15


@dataclass
class Part:
    """Some rows of the pairs, one after another: ``rows`` holds item codes.

    ``pair[r]`` is where row r begins among ``item``; ``segment[p]`` where pair p begins among
    ``combo`` and ``count``, the kinds of whose shoppers (see ``Masks``) follow one another in
    ``who``. The last entries of ``pair`` and ``segment`` are where the last one ends.
    """

    rows: Array
    pair: Array
    item: Array
    segment: Array
    combo: Array
    count: Array
    who: Array | None

    @cached_property
    def common(self) -> Array:
        """The common shoppers of each pair."""
        if not len(self.item):
            return self.item
        return np.add.reduceat(self.count, self.segment[:-1], dtype=np.int32)

    def atleast(self, least: int) -> Part:
        """Keep the pairs of two items with so many common shoppers."""
        keep = (self.common >= least) & (np.repeat(self.rows, np.diff(self.pair)) != self.item)
        size = np.diff(self.segment)
        kept = np.repeat(keep, size)
        return Part(
            self.rows, _ends(keep)[self.pair], self.item[keep], _ends(size[keep]),
            self.combo[kept], self.count[kept],
            None if self.who is None else self.who[np.repeat(kept, self.count)])

    def unlisted(self) -> Part:
        """Forget the shoppers."""
        return replace(self, who=None)

    def blocks(self) -> list[Block]:
        """Lay the pairs out as tables of even rows."""
        return cut(
            self.rows, self.pair, self.item, self.segment, self.combo, self.count, self.who)


class PairSums:
    """The pairs of ``rows`` (item codes) with all items; see the module."""

    def __init__(
        self, train: Interactions, kinds: tuple[str, ...], rows: Array,
        most: int | None = None, progress: Progress | None = None, only_least: bool = False,
    ) -> None:
        """``only_least``: no pairs, but the ``least`` that they would be kept with."""
        self.masks = m = train.remember(("masks", kinds), lambda: Masks(train, kinds))
        self._made: dict[type, list[tuple[sparse.csr_matrix, sparse.csr_matrix]]] = {}
        parts: list[Part] = []
        self.place = np.full(m.shape[1], -1, np.int32)  # where each item's row is
        most, tell = MOST_PAIRS if most is None else most, progress or silent
        lengths = np.diff(m.indptr).astype(np.int64)
        load = np.bincount(m.item, lengths[m.user], minlength=m.shape[1])
        rows = rows[np.argsort(load[rows], kind="stable")]  # rows of like length side by side
        total = float(load[rows].sum())
        step = float(m.shape[1]) * len(m.has) ** 2  # possible segments of a row
        self.dense = total > _DENSE * step * len(rows)
        if not self.dense:
            step = 0.0
        run = np.cumsum(np.maximum(load[rows], step) + 1) // _CHUNK
        make = self._product if self.dense else self._listing
        self.least = least = self._guess(rows, load, most) if total > most else 1
        if only_least:
            return
        keeps = True
        chunks = np.split(rows, np.flatnonzero(np.diff(run)) + 1) if len(rows) else []
        for done, some in enumerate(chunks):
            part = make(some).atleast(self.least)
            parts.append(part if keeps else part.unlisted())
            # a guess made of some rows is kept to, though there are a few more pairs than it says
            while sum(len(p.item) for p in parts) > (most if least == 1 else _MARGIN * most):
                self.least += 1
                parts = [p.atleast(self.least) for p in parts]
            if keeps and sum(len(p.who) for p in parts if p.who is not None) > MOST_LISTED:
                keeps, parts = False, [p.unlisted() for p in parts]
            tell((done + 1) / len(chunks))
        self.listed = keeps and not self.dense  # another damping is a sum over shoppers kept
        self.blocks: list[Block] = []
        parts.reverse()
        while parts:  # one at a time, so that no two copies of all are in memory
            self.blocks += parts.pop().blocks()
        self.rows = np.concatenate([b.rows for b in self.blocks]) if self.blocks else rows
        self.place[self.rows] = np.arange(len(rows))

    def _guess(self, rows: Array, load: Array, most: int) -> int:
        """Return the least number of common shoppers that will do, by the pairs of some rows."""
        some = rows[_EACH // 2 :: _EACH]
        while len(some) > 1 and load[some].sum() > _CHUNK:
            some = some[::2]
        if not len(some):
            return 1
        part = (self._product if self.dense else self._listing)(some)
        pairs = len(rows) / len(some) * np.cumsum(np.bincount(part.common)[::-1])[::-1]
        return max(1, int(np.argmax(np.r_[pairs, 0] <= most)))

    @property
    def count(self) -> int:
        """How many pairs are kept."""
        return sum(int(b.filled.sum()) for b in self.blocks)

    def sums(self, block: Block, key: tuple[tuple[str, ...], float], scale: Array) -> Array:
        """Return a block's damped sums, one per segment, keeping those of the last few dampings."""
        counted, damping = key
        if damping == 0.0:
            return block.sums(((), 0.0), lambda: block.count.astype(np.float32))
        if block.who is not None:
            return block.sums(key, lambda: block.damped(scale.astype(np.float32)))
        if self.dense:
            return block.sums(key, lambda: self._dense_sums(block, scale))
        return block.sums(key, lambda: self._anew(block, scale))

    def _anew(self, block: Block, scale: Array) -> Array:
        """List the shoppers of a block's pairs again, which were too many to keep."""
        (again,) = self._listing(block.rows).atleast(self.least).blocks()
        return again.damped(scale.astype(np.float32))

    def _listing(self, rows: Array) -> Part:
        """Write down each product, and sort by pair and combination: for sparse data."""
        m, size = self.masks, len(self.masks.has)
        cells = m.cell[spread(m.of_item[rows], m.of_item[rows + 1] - m.of_item[rows])]
        user = m.user[cells]
        length = m.indptr[user + 1] - m.indptr[user]
        other = spread(m.indptr[user], length)
        first, second = np.repeat(m.mask[cells], length), m.mask[other]
        key = m.item[other] * np.int32(size * size)  # which of the two is whose makes no difference
        key += np.minimum(first, second) * np.int32(size) + np.maximum(first, second)
        width = m.shape[1] * size * size
        ends = np.r_[0, np.cumsum(length)][np.r_[
            0, np.cumsum(m.of_item[rows + 1] - m.of_item[rows])]]
        listed = sparse.csr_matrix(
            (np.repeat(m.kind[user], length), key, ends), shape=(len(rows), width)).tocsc().tocsr()
        key, who, ends = listed.indices, listed.data, listed.indptr
        new = np.ones(len(key), bool)
        new[1:] = key[1:] != key[:-1]
        new[ends[:-1][ends[:-1] < len(key)]] = True
        start = np.flatnonzero(new)
        row_of = np.searchsorted(start, ends)  # where each row begins among segments
        return _part(rows, key[start], row_of, np.diff(np.r_[start, len(key)]), size, who)

    def _product(self, rows: Array) -> Part:
        """Multiply, and look at each possible segment: for dense data."""
        size = len(self.masks.has)
        found = np.zeros((len(rows), self.masks.shape[1], size * size), np.float32)
        for combo, product in self._products(rows, None):
            found[:, :, combo] += product.toarray()
        row, key = np.nonzero(found.reshape(len(rows), -1))
        # combinations are the last axis: keys come sorted by item, then combination
        count = found.reshape(len(rows), -1)[row, key]
        return _part(rows, key, np.searchsorted(row, np.arange(len(rows) + 1)),
                     np.rint(count).astype(np.int32), size, None)

    def _dense_sums(self, block: Block, scale: Array) -> Array:
        made = np.zeros(len(block.combo))
        size = np.diff(block.segment)
        row = np.repeat(np.repeat(np.arange(len(block.rows)), block.item.shape[1]), size)
        item = np.repeat(block.item.ravel(), size)
        for combo, product in self._products(block.rows, scale):
            mine = block.combo == combo
            made[mine] += product.toarray()[row[mine], item[mine]]
        return made.astype(np.float32)

    def _products(
        self, rows: Array, scale: Array | None
    ) -> Iterator[tuple[int, sparse.csr_matrix]]:
        """Yield each combination of masks with its rows x items sums over all users."""
        # counts are whole numbers, which 32 bits hold exactly; what is damped is no whole number
        tables = self._tables(np.float32 if scale is None else np.float64)
        size = len(tables)
        for first in range(size):
            across = tables[first][1][rows]
            if scale is not None:
                across.data = scale[self.masks.kind[across.indices]]
            for second in range(size):
                yield min(first, second) * size + max(first, second), across @ tables[second][0]

    def _tables(self, kind: type) -> list[tuple[sparse.csr_matrix, sparse.csr_matrix]]:
        """Return which cells have each mask, users x items and turned; kept for the next rows."""
        if kind not in self._made:
            m = self.masks
            self._made.clear()
            found = []
            for mask in range(len(m.has)):
                mine = m.mask == mask
                table = sparse.csr_matrix(
                    (np.ones(int(mine.sum()), kind), m.item[mine],
                     np.r_[0, np.cumsum(mine)][m.indptr]), shape=m.shape)
                found.append((table, table.T.tocsr()))
            self._made[kind] = found
        return self._made[kind]


def _part(
    rows: Array, key: Array, row_of: Array, count: Array, size: int, who: Array | None
) -> Part:
    """Cut sorted segments into pairs; ``row_of`` says where each row begins among them."""
    item, combo = np.divmod(key, size * size)
    new = np.ones(len(item), bool)
    new[1:] = item[1:] != item[:-1]
    new[row_of[:-1][row_of[:-1] < len(item)]] = True
    segment = np.r_[np.flatnonzero(new), len(item)].astype(np.int32)
    return Part(
        rows, np.searchsorted(segment, row_of).astype(np.int32),
        item[segment[:-1]].astype(np.int32), segment,
        combo.astype(np.min_scalar_type(size * size - 1)),
        count.astype(np.min_scalar_type(int(count.max(initial=1)))), who)


def _ends(lengths: Array) -> Array:
    """Return where each of several runs begins, and where the last ends."""
    return np.r_[0, np.cumsum(lengths)].astype(np.int32)
