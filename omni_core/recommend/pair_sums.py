"""What two items have in common, in parts that any weights of events are put together from.

A cell (a shopper and an item) has one mask: the kinds of event she has with the item. For some
items, every pair with at least ``least`` common shoppers is kept as its segments: one for each
combination of two masks, with the number of its shoppers and the sum of their damping
``d_u^(-damping)``. A similarity for any weights is then a sum over a pair's segments, about two of
them on sparse data, and nothing is multiplied again. Where they fit, the shoppers themselves are
kept, too, so that another damping is a sum over them. ``least`` is the smallest number that keeps
the pairs within the budget. What two items share is the same from either: it is kept once, with the
one whose row comes first, and the tables of the rows (``pair_blocks``) point to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import ends, spread
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.masks import Masks
from omni_core.recommend.pair_blocks import Block, blocks
from omni_core.recommend.pair_part import Part, kept
from omni_core.recommend.topn import THREADS
from omni_core.recommend.types import Array, Progress, silent

MOST_PAIRS = 12_000_000  # counted from either item: some 15 bytes each
MOST_LISTED = 80_000_000  # shoppers of pairs, 2 bytes each: beyond, another damping is built anew
_CHUNK = 1_000_000  # products at a time: some 60 MB while they are sorted
_DENSE = 2  # shoppers for each possible segment, from which on these are looked at one and all
_EACH = 40  # every so many rows tell how many pairs there will be
_MARGIN = 1.15


class PairSums:
    """The pairs of ``rows`` (item codes) with all items; see the module."""

    def __init__(
        self, train: Interactions, kinds: tuple[str, ...], rows: Array,
        most: int | None = None, progress: Progress | None = None, only_least: bool = False,
    ) -> None:
        """``only_least``: no pairs, but the ``least`` that they would be kept with."""
        self.masks = m = train.remember(("masks", kinds), lambda: Masks(train, kinds))
        self._made: dict[type, list[tuple[sparse.csr_matrix, sparse.csr_matrix]]] = {}
        self._weighed: dict[Any, Array] = {}
        self._common: dict[Any, Array] = {}
        parts: list[Part] = []
        self.place = np.full(m.shape[1], -1, np.int32)  # where each item's row is
        most, tell = MOST_PAIRS if most is None else most, progress or silent
        lengths = np.diff(m.indptr).astype(np.int64)
        load = np.bincount(m.item, np.repeat(lengths, lengths), minlength=m.shape[1])
        rows = rows[np.argsort(load[rows], kind="stable")]  # rows of like length side by side
        self._rank = np.full(m.shape[1], len(rows), np.int32)  # the first of two keeps the pair
        self._rank[rows] = np.arange(len(rows))
        self._many = len(rows)
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
            while sum(p.seen for p in parts) > (most if least == 1 else _MARGIN * most):
                self.least += 1
                parts = [p.atleast(self.least) for p in parts]
            if keeps and sum(len(p.who) for p in parts if p.who is not None) > MOST_LISTED:
                keeps, parts = False, [p.unlisted() for p in parts]
            tell((done + 1) / len(chunks))
        self.listed = keeps and not self.dense  # another damping is a sum over shoppers kept
        self.count = sum(p.seen for p in parts)  # pairs, counted from either item that has a row
        sides = [(p.pair, p.item) for p in parts]
        before = ends(np.array([len(p.item) for p in parts], int))
        number = np.empty(before[-1], np.int32)
        for place, first in enumerate(before[:-1]):
            parts[place], went = self._ordered(parts[place])
            np.add(went, first, out=number[first : first + len(went)])
        self.parts = parts
        self.blocks: list[Block] = blocks(rows, sides, number, m.shape[1]) if sides else []
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
        seen = np.bincount(part.common, 1.0 + part.both)
        pairs = len(rows) / len(some) * np.cumsum(seen[::-1])[::-1]
        return max(1, int(np.argmax(np.r_[pairs, 0] <= most)))

    def _ordered(self, part: Part) -> tuple[Part, Array]:
        """Order the pairs of a part (not of dense data: there one is like the other)."""
        if self.dense:
            return part, np.arange(len(part.item), dtype=np.int32)
        return part.ordered()

    def weighed(
        self, key: tuple[tuple[str, ...], float], scale: Array, weights: Any, worth: Array,
        on: Array, least: int = 0,
    ) -> Array:
        """Return the weighed damped sum of each pair, and a 0; those of the last are kept.

        ``key`` is what the damping depends on, ``scale`` that of each kind of user; ``worth`` is
        what the combinations weigh, and ``weights`` what that depends on. 0 for a pair with fewer
        than ``least`` shoppers in the combinations that are ``on``.
        """
        def make() -> Array:
            made = self._over(
                lambda part: part.over(self._sums(part, key, scale), worth), np.float32)
            if least:
                made *= self.common(on) >= least
            return made

        return kept(self._weighed, (key, weights, least), make, 1)

    def common(self, on: Array) -> Array:
        """Return the shoppers of each pair in the combinations that are ``on``, and a 0."""
        return kept(self._common, on.tobytes(), lambda: self._over(
            lambda part: part.over(part.count.astype(np.int32), on), np.int32), 1)

    def _over(self, work: Callable[[Part], Array], kind: type) -> Array:
        """Work something out for each pair, part by part in two threads."""
        stops = ends(np.array([len(p.segment) - 1 for p in self.parts], int))
        made = np.zeros(stops[-1] + 1, kind)  # a table's empty cells point to the last

        def one(place: int) -> None:
            made[stops[place] : stops[place + 1]] = work(self.parts[place])

        if len(self.parts) > 1:
            with ThreadPoolExecutor(THREADS) as pool:
                list(pool.map(one, range(len(self.parts))))
        elif self.parts:
            one(0)
        return made

    def _sums(self, part: Part, key: tuple[tuple[str, ...], float], scale: Array) -> Array:
        """Return a part's damped sums, one per segment, keeping those of the last damping."""
        _counted, damping = key
        if damping == 0.0:
            return part.sums(((), 0.0), lambda: part.count.astype(np.float32))
        if part.who is not None:
            return part.sums(key, lambda: part.damped(scale.astype(np.float32)))
        if self.dense:
            return part.sums(key, lambda: self._dense_sums(part, scale))
        return part.sums(key, lambda: self._ordered(self._listing(part.rows).atleast(
            self.least))[0].damped(scale.astype(np.float32)))  # again: too many to keep

    def _listing(self, rows: Array) -> Part:
        """Write down each product, and sort by pair and combination: for sparse data."""
        m, size = self.masks, len(self.masks.has)
        many = np.diff(m.ends)[spread(rows * size, np.full(len(rows), size))].reshape(-1, size)
        user = m.users[spread(m.of_item[rows], many.sum(axis=1, dtype=m.ends.dtype))]
        length = m.indptr[user + 1] - m.indptr[user]
        stops = ends(length)[ends(many.sum(axis=1))]
        other = spread(m.indptr[user], length)
        item = m.item[other]
        mine = self._rank[item] > np.repeat(self._rank[rows], np.diff(stops))
        mask = np.repeat(np.tile(np.arange(size, dtype=np.int32), len(rows)), many.ravel())
        first, second = np.repeat(mask, length)[mine], m.mask[other[mine]]
        key = item[mine] * np.int32(size * size)  # which of the two is whose makes no difference
        key += np.minimum(first, second) * np.int32(size) + np.maximum(first, second)
        width = m.shape[1] * size * size
        listed = sparse.csr_matrix(
            (np.repeat(m.kind[user], length)[mine], key, ends(mine)[stops]),
            shape=(len(rows), width)).tocsc().tocsr()
        key, who, stops = listed.indices, listed.data, listed.indptr
        new = np.ones(len(key), bool)
        new[1:] = key[1:] != key[:-1]
        new[stops[:-1][stops[:-1] < len(key)]] = True
        start = np.flatnonzero(new)
        row_of = np.searchsorted(start, stops)  # where each row begins among segments
        return self._part(rows, key[start], row_of, np.diff(np.r_[start, len(key)]), who)

    def _product(self, rows: Array) -> Part:
        """Multiply, and look at each possible segment: for dense data."""
        size = len(self.masks.has)
        found = np.zeros((len(rows), self.masks.shape[1], size * size), np.float32)
        for combo, product in self._products(rows, None):
            found[:, :, combo] += product.toarray()
        found[self._rank <= self._rank[rows][:, None]] = 0.0
        row, key = np.nonzero(found.reshape(len(rows), -1))
        # combinations are the last axis: keys come sorted by item, then combination
        count = found.reshape(len(rows), -1)[row, key]
        return self._part(rows, key, np.searchsorted(row, np.arange(len(rows) + 1)),
                          np.rint(count).astype(np.int32), None)

    def _part(
        self, rows: Array, key: Array, row_of: Array, count: Array, who: Array | None
    ) -> Part:
        """Cut sorted segments into pairs; ``row_of`` says where each row begins among them."""
        combos = len(self.masks.has) ** 2
        item, combo = np.divmod(key, combos)
        new = np.ones(len(item), bool)
        new[1:] = item[1:] != item[:-1]
        new[row_of[:-1][row_of[:-1] < len(item)]] = True
        segment = np.r_[np.flatnonzero(new), len(item)].astype(np.int32)
        item = item[segment[:-1]]
        return Part(
            rows, np.searchsorted(segment, row_of).astype(np.int32),
            item.astype(np.min_scalar_type(self.masks.shape[1])),
            self._rank[item] < self._many, segment,
            combo.astype(np.min_scalar_type(combos - 1)),
            count.astype(np.min_scalar_type(int(count.max(initial=1)))), who)

    def _dense_sums(self, part: Part, scale: Array) -> Array:
        made = np.zeros(len(part.combo))
        size = np.diff(part.segment)
        row = np.repeat(np.repeat(np.arange(len(part.rows)), np.diff(part.pair)), size)
        item = np.repeat(part.item, size)
        for combo, product in self._products(part.rows, scale):
            mine = part.combo == combo
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
