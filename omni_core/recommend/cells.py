"""Which shopper came to which item, by which kinds of event: one cell each, sorted.

A model's weights change at every move of a control, the cells never: a matrix for new weights is
one sum per cell, and no sorting. Matrices that only say where something is share their ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from omni_core.recommend.types import Array


@dataclass(frozen=True)
class Cells:
    """``indptr`` (users + 1) cuts cells into shoppers; cell c is about ``item[c]``.

    The rows ``first[c]`` to ``first[c + 1]`` of ``Interactions.last`` are its kinds of event,
    ``rows`` of them in all.
    """

    shape: tuple[int, int]
    indptr: Array
    item: Array
    first: Array
    rows: int

    @classmethod
    def of(cls, pair: Array, shape: tuple[int, int]) -> Cells:
        """Find the cells of rows whose ``user * items + item`` are sorted."""
        new = np.ones(len(pair), bool)
        new[1:] = pair[1:] != pair[:-1]
        first = np.flatnonzero(new).astype(np.int32)
        found, items = pair[first], max(shape[1], 1)
        indptr = np.searchsorted(found, np.arange(shape[0] + 1) * items).astype(np.int32)
        return cls(shape, indptr, (found % items).astype(np.int32), first, len(pair))

    def of_users(self, users: Array) -> tuple[Cells, Array]:
        """Return the cells of some users (codes), and their rows of ``Interactions.last``."""
        length = self.indptr[users + 1] - self.indptr[users]
        mine = spread(self.indptr[users], length)
        after = mine + 1
        last = after == len(self.first)
        size = np.where(last, self.rows, self.first[after - last]) - self.first[mine]
        cells = Cells(
            (len(users), self.shape[1]), np.r_[0, np.cumsum(length)].astype(np.int32),
            self.item[mine], np.cumsum(size) - size, int(size.sum()))
        return cells, spread(self.first[mine], size)

    def rows_of(self, user: int) -> slice:
        """Return the rows of ``Interactions.last`` about one user (code)."""
        start, stop = (
            int(self.first[c]) if c < len(self.first) else self.rows
            for c in self.indptr[[user, user + 1]])
        return slice(start, stop)

    def sums(self, value: Array) -> Array:
        """Add one value per row of ``Interactions.last`` up over each cell."""
        if len(self.first) == self.rows:  # each of one kind of event only
            return value
        return np.add.reduceat(value, self.first, dtype=value.dtype)

    def matrix(self, value: Array) -> sparse.csr_matrix:
        """Return users x items of one value per cell, without those that are not above 0."""
        return self._at(value > 0, value)

    def where(self, kept: Array) -> sparse.csr_matrix:
        """Return users x items: 1 (not to be written to) in each cell with a row that is kept."""
        keep = np.logical_or.reduceat(kept, self.first) if len(self.first) else kept[:0]
        return self._at(keep, None)

    def _at(self, keep: Array, value: Array | None) -> sparse.csr_matrix:
        item, indptr = self.item, self.indptr
        if not keep.all():
            item, indptr = item[keep], ends(keep)[indptr]
            value = None if value is None else value[keep]
        made = sparse.csr_matrix(
            (ones(len(item)) if value is None else value, item, indptr), shape=self.shape)
        made.has_sorted_indices = made.has_canonical_format = True
        return made


def spread(start: Array, length: Array) -> Array:
    """Return the numbers ``start[r] ... start[r] + length[r] - 1`` of all r, one after another."""
    total = np.cumsum(length)
    place = np.arange(int(total[-1]) if len(total) else 0, dtype=start.dtype)
    return place + np.repeat((start - (total - length)).astype(start.dtype), length)


def ends(lengths: Array) -> Array:
    """Return where each of several runs begins, and where the last ends."""
    made = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, dtype=np.int32, out=made[1:])
    return made


def ones(n: int) -> Array:
    """Return n ones of 32 bits that take no memory of their own, not to be written to."""
    global _ONES
    made = _ONES
    if len(made) < n:
        made = np.ones(n, np.float32)
        made.flags.writeable = False
        _ONES = made
    return made[:n]


_ONES = np.ones(0, np.float32)
