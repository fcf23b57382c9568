"""Which kinds of event each shopper has with each item, and which shoppers are damped alike."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy import sparse

from omni_core.recommend.interactions import Interactions
from omni_core.recommend.types import Array


class Masks:
    """The cells of some kinds of event, and the mask of each; ``has`` is masks x kinds."""

    def __init__(self, train: Interactions, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        _user, _item, event, _ts = train.last
        bit = np.zeros(len(train.events), np.int64)
        for place, name in enumerate(kinds):
            bit[train.events.index(name)] = 1 << place
        cells = train.cells.sums(bit[event])
        found, mask = np.unique(cells[cells > 0], return_inverse=True)
        self.has = (found[:, None] >> np.arange(len(kinds)) & 1).astype(bool)
        kept = train.cells.matrix(cells.astype(float))
        self.shape, self.indptr, self.item = train.shape, kept.indptr, kept.indices
        self.mask = mask.astype(np.int32)
        self.user = np.repeat(
            np.arange(self.shape[0], dtype=np.int32), np.diff(kept.indptr))
        self.kinds_of_users, self.kind = self._alike(len(found))
        turned = sparse.csr_matrix(
            (np.arange(len(mask), dtype=np.int32), kept.indices, kept.indptr), self.shape).tocsc()
        self.of_item, self.cell = turned.indptr, turned.data  # the cells of each item

    def active(self, counted: tuple[str, ...]) -> Array:
        """Return which masks hold any of these kinds."""
        return np.asarray(self.has[:, [k in counted for k in self.kinds]].any(axis=1))

    @cached_property
    def _key(self) -> Array:
        return (self.item.astype(np.int64) * len(self.has) + self.mask).astype(np.min_scalar_type(
            -self.shape[1] * len(self.has)))

    def _alike(self, masks: int) -> tuple[Array, Array]:
        """Return kinds of user x masks: how many cells, and which kind each user is.

        Whatever is counted, users of a kind are damped alike, and there are far fewer kinds.
        """
        key = self.user.astype(np.int64) * masks + self.mask
        cells = np.bincount(key, minlength=self.shape[0] * masks).reshape(self.shape[0], masks)
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
        size = len(self.has)
        found = np.bincount(
            self._key, None if scale is None else np.repeat(scale[self.kind], np.diff(self.indptr)),
            minlength=self.shape[1] * size)
        return found.reshape(self.shape[1], size).astype(float)
