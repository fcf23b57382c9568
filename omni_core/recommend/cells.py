"""Which shopper came to which item, by which kinds of event: one cell each, sorted.

A model's weights change at every move of a control, the cells never: a matrix for new weights is
one sum per cell, and no sorting.
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
    def of(cls, user: Array, item: Array, shape: tuple[int, int]) -> Cells:
        """Find the cells of rows sorted by user and item."""
        new = np.ones(len(user), bool)
        new[1:] = (user[1:] != user[:-1]) | (item[1:] != item[:-1])
        first = np.flatnonzero(new).astype(np.int32)
        indptr = np.searchsorted(user[first], np.arange(shape[0] + 1)).astype(np.int32)
        return cls(shape, indptr, item[first].astype(np.int32), first, len(user))

    def of_users(self, users: Array) -> tuple[Cells, Array]:
        """Return the cells of some users (codes), and their rows of ``Interactions.last``."""
        length = self.indptr[users + 1] - self.indptr[users]
        mine = spread(self.indptr[users], length)
        end = np.r_[self.first[1:], self.rows]
        size = end[mine] - self.first[mine]
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
        return np.add.reduceat(value, self.first) if len(self.first) else value[:0]

    def matrix(self, value: Array) -> sparse.csr_matrix:
        """Return users x items of one value per cell, without those that are not above 0."""
        keep, item, indptr = value > 0, self.item, self.indptr
        if not keep.all():
            value, item = value[keep], item[keep]
            indptr = np.r_[0, np.cumsum(keep)].astype(np.int32)[indptr]
        made = sparse.csr_matrix((value, item, indptr), shape=self.shape)
        made.has_sorted_indices = made.has_canonical_format = True
        return made


def spread(start: Array, length: Array) -> Array:
    """Return the numbers ``start[r] ... start[r] + length[r] - 1`` of all r, one after another."""
    total = np.cumsum(length)
    place = np.arange(int(total[-1]) if len(total) else 0, dtype=start.dtype)
    return place + np.repeat((start - (total - length)).astype(start.dtype), length)
