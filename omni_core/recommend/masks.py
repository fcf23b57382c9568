"""Which kinds of event each shopper has with each item, and which shoppers are damped alike."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import ends, ones
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.types import Array


class Masks:
    """The cells of some kinds of event, and the mask of each; ``has`` is masks x kinds."""

    def __init__(self, train: Interactions, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        bit = np.zeros(len(train.events), np.uint8 if len(kinds) <= 8 else np.int32)
        for place, name in enumerate(kinds):
            bit[train.events.index(name)] = 1 << place
        cells = train.cells.sums(bit[train.kind])
        kept = train.having(kinds)
        there = np.bincount(cells) > 0
        there[0] = False
        found = np.flatnonzero(there)
        self.has = (found[:, None] >> np.arange(len(kinds)) & 1).astype(bool)
        self.shape, self.indptr, self.item = train.shape, kept.indptr, kept.indices
        size = len(found)
        number = (np.cumsum(there) - 1).astype(np.min_scalar_type(size))
        self.mask = number[cells if len(cells) == kept.nnz else cells[cells > 0]]
        turned = sparse.csr_matrix(
            (ones(kept.nnz), self.item * np.int32(size) + self.mask, kept.indptr),
            (self.shape[0], self.shape[1] * size)).tocsc()
        # the users of each item with each mask: those of an item and of a mask stand together
        self.users, self.ends = turned.indices, turned.indptr
        self.kinds_of_users, self.kind = self._alike(size)

    def active(self, counted: tuple[str, ...]) -> Array:
        """Return which masks hold any of these kinds."""
        return np.asarray(self.has[:, [k in counted for k in self.kinds]].any(axis=1))

    @property
    def of_item(self) -> Array:
        """Where each item's users begin among ``users``."""
        return self.ends[:: len(self.has)]

    def _alike(self, masks: int) -> tuple[Array, Array]:
        """Return kinds of user x masks: how many cells, and which kind each user is.

        Whatever is counted, users of a kind are damped alike, and there are far fewer kinds.
        """
        cells = np.empty((self.shape[0], masks), np.int32)
        for mask in range(masks):
            cells[:, mask] = np.diff(ends(self.mask == mask)[self.indptr])
        kind = np.zeros(self.shape[0], np.int64)
        for column in cells.T:
            kind = np.unique(kind * (column.max(initial=0) + 1) + column, return_inverse=True)[1]
        first = np.unique(kind, return_index=True)[1]
        return cells[first], kind.astype(np.min_scalar_type(max(len(first) - 1, 0)))

    def goods(self, counted: tuple[str, ...]) -> Array:
        """Return how many items each kind of user has by these kinds of event."""
        return self.kinds_of_users @ self.active(counted)

    def by_item(self, scale: Array | None = None) -> Array:
        """Return items x masks: the number of cells, or the sum of ``scale`` (of a kind)."""
        shape = self.shape[1], len(self.has)
        if scale is None:
            return np.diff(self.ends).reshape(shape).astype(float)
        made = sparse.csr_matrix(
            (ones(len(self.users)), self.users, self.ends),
            shape=(shape[0] * shape[1], self.shape[0]))
        return np.asarray(made @ scale[self.kind]).reshape(shape)
