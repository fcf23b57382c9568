"""EASE: the linear model that predicts each item from all others, in closed form.

``B = I - P diag(1 / diag P)`` with ``P = (X'X + l2 I)^-1``: the weights that best rebuild the
shoppers' rows from themselves with nothing on the diagonal. Source: Steck 2019, "Embarrassingly
Shallow Autoencoders for Sparse Data".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import lapack
from threadpoolctl import threadpool_limits

from omni_core import params
from omni_core.errors import BadParameter, TooManyItems
from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.additive import Additive, scaled
from omni_core.recommend.base import Weights
from omni_core.recommend.interactions import Array, Interactions

MOST_ITEMS = 5000  # items x items in memory twice over, and an inverse that takes their cube
_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class EaseParameters:
    """Parameters of ``Ease``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    l2: float = params.field(
        100.0, low=1.0, high=10_000.0, step=1.0, label=N_("Caution"),
        help=N_("Small: trusts every coincidence. Large: only what many shoppers confirm."),
    )
    half_life: float | None = fields.half_life()

    def __post_init__(self) -> None:
        fields.check(self)


class Ease(Additive):
    """Recommends what a shopper's own items together predict; best on small, dense catalogues."""

    name = "ease"
    label = N_("Linear model (EASE)")
    parameters = EaseParameters

    @property
    def _weights(self) -> dict[str, float]:
        return scaled(dict(self.params.weights), self.train)

    def _fit(self, train: Interactions) -> None:
        size = len(train.items)
        if size > MOST_ITEMS:
            raise TooManyItems(size, MOST_ITEMS)
        self._profile = self._aged(train)
        x = self._weighed(train).astype(np.float32)
        gram = np.empty((size, size), np.float32)
        for start in range(0, size, _COLUMNS):  # all at once as a sparse matrix takes twice as much
            gram[:, start : start + _COLUMNS] = (x.T @ x[:, start : start + _COLUMNS]).toarray()
        gram[np.diag_indices(size)] += np.float32(self.params.l2)
        links = _inverse(gram)
        if links is None:  # rounding ate a caution that is tiny beside the number of shoppers
            raise BadParameter("l2", self.params.l2, f"> {self.params.l2:g}")
        links /= -np.diag(links).copy()
        np.fill_diagonal(links, 0.0)
        self._b = links

    def _scores(self, users: Array) -> sparse.csr_matrix:
        profile = self._profile[users]
        touched = np.flatnonzero(np.bincount(profile.indices, minlength=profile.shape[1]))
        found = profile[:, touched] @ self._b[touched].astype(float)
        return sparse.csr_matrix(np.maximum(found, 0.0))

    def _like(self, item: int) -> sparse.csr_matrix:
        return sparse.csr_matrix(np.maximum(self._b[[item]].astype(float), 0.0))

    def _links(self, user: int, history: Array, item: int) -> Array:
        return self._b[history, item].astype(float)

    def _unit(self, user: int, item: int) -> Array:
        return self._b[item].astype(float)


def _inverse(gram: Array) -> Array | None:
    """Return the inverse of a symmetric float32 matrix, overwriting it; None if not positive."""
    with threadpool_limits(1):
        root, failed = lapack.spotrf(gram.T, lower=1, overwrite_a=1)
        if failed:
            return None
        made, failed = lapack.spotri(root, lower=1, overwrite_c=1)
    made = np.tril(made)
    return None if failed else made + np.tril(made, -1).T
