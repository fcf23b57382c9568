"""Sums over the shoppers that two items have in common: what every similarity is made of."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.recommend.interactions import Array

_KEEP = 12_000_000  # pairs kept in memory between moves; beyond it they are summed anew each time
_FEW = 300  # items of a shopper
_BLOCK = 4_000_000  # products of one block: bounds memory, whatever the catalogue


class Pairs:
    """The products ``sum_u v_ui v_uj`` of a matrix of users x items with positive values."""

    def __init__(self, values: sparse.csr_matrix, like: Pairs | None = None) -> None:
        """``like`` has values at the same places, so that they needn't be turned again."""
        self.values, self._like = values, like
        self._whole: sparse.csr_matrix | None = None
        self._last: tuple[bytes | None, Any] = (None, None)  # b"" is a key: nobody's items

    @cached_property
    def across(self) -> sparse.csr_matrix:
        """The matrix, items x users."""
        order = self._turned
        made = sparse.csr_matrix(
            (self.values.data[order.data], order.indices, order.indptr),
            shape=self.values.shape[::-1])
        made.has_sorted_indices = made.has_canonical_format = True
        return made

    @cached_property
    def _turned(self) -> sparse.csr_matrix:
        """Items x users: which of the values is at each place."""
        if self._like is not None:
            return self._like._turned
        v = self.values
        number = sparse.csr_matrix((np.arange(v.nnz, dtype=np.int32), v.indices, v.indptr), v.shape)
        return number.T.tocsr()

    @cached_property
    def load(self) -> Array:
        """How many products each item's row takes: the sum of its shoppers' numbers of items."""
        lengths = np.diff(self.values.indptr).astype(float)
        user = np.repeat(np.arange(len(lengths)), np.diff(self.values.indptr))
        return np.bincount(self.values.indices, lengths[user], minlength=self.values.shape[1])

    @cached_property
    def count(self) -> Array:
        """n: the shoppers of each item."""
        return np.bincount(self.values.indices, minlength=self.values.shape[1])

    @cached_property
    def total(self) -> Array:
        """The sum of each item's values."""
        return self._over_shoppers(self.values.data)

    @cached_property
    def square(self) -> Array:
        """q: the sum of each item's squared values."""
        return self._over_shoppers(self.values.data**2)

    def blocks(self, items: Array) -> Iterator[Array]:
        """Cut item codes into runs whose products fit into memory."""
        run = np.cumsum(self.load[items]) // _BLOCK
        yield from np.split(items, np.flatnonzero(np.diff(run)) + 1)

    def keep(self) -> None:
        """Sum all pairs now, if there can't be too many of them, so that ``rows`` is a look-up."""
        if self._whole is None:
            size = self.values.shape[1]
            if min(float(self.load.sum()), float(size) ** 2) <= _KEEP:
                self._whole = self._product(np.arange(size))

    def rows(self, items: Array) -> sparse.csr_matrix:
        """Return the sums of some items with all items: len(items) x items, columns sorted.

        Those of the few items asked for last are kept: a shopper's, while a control is moved.
        """
        if self._whole is not None:
            return self._whole[items]
        if len(items) > _FEW:
            return self._product(items)
        key = items.tobytes()
        if key != self._last[0]:
            self._last = key, self._product(items)
        return self._last[1]

    def _product(self, items: Array) -> sparse.csr_matrix:
        made = (self.across[items] @ self.values).tocsr()
        made.sort_indices()
        return made

    def _over_shoppers(self, data: Array) -> Array:
        return np.bincount(self.values.indices, data, minlength=self.values.shape[1])


def damped(weighed: sparse.csr_matrix, damping: float) -> sparse.csr_matrix:
    """Scale each shopper's row by d^(-damping / 2), d being the number of her items."""
    lengths = np.diff(weighed.indptr)
    scale = np.maximum(lengths, 1).astype(float) ** (-damping / 2)
    return sparse.csr_matrix(
        (weighed.data * np.repeat(scale, lengths), weighed.indices, weighed.indptr),
        shape=weighed.shape,
    )


def presence(weighed: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return 1 wherever the matrix has a value."""
    return sparse.csr_matrix(
        (np.ones_like(weighed.data), weighed.indices, weighed.indptr), shape=weighed.shape
    )
