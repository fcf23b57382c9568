"""Matrix factorisation of implicit feedback by alternating least squares (optional extra).

A shopper's vector is solved anew from the items' vectors, ``x_u = (Y'Y + Y'(C - 1)Y + l2 I)^-1
Y'C p``, so her score of j, ``y_j' x_u``, is a sum over her history and can be taken apart. Source:
Hu, Koren, Volinsky 2008, "Collaborative Filtering for Implicit Feedback Datasets".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from omni_core import params
from omni_core.errors import NotInstalled
from omni_core.i18n import N_
from omni_core.recommend import fields, similarity
from omni_core.recommend.additive import Additive, scaled
from omni_core.recommend.base import Weights
from omni_core.recommend.interactions import Array, Interactions

EXTRA = 'pip install -c constraints.txt -e ".[als]"'


@dataclass(frozen=True, slots=True)
class AlsParameters:
    """Parameters of ``Als``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    factors: int = params.field(
        64, low=2, high=256, step=2, label=N_("Factors"),
        help=N_("How many hidden tastes describe a shopper and a product."),
    )
    l2: float = params.field(
        1.0, low=0.001, high=1000.0, step=0.1, label=N_("Caution"),
        help=N_("Small: trusts every coincidence. Large: only what many shoppers confirm."),
    )
    alpha: float = params.field(
        10.0, low=0.1, high=200.0, step=0.5, label=N_("Trust in what was done"),
        help=N_("How much surer an event is than the absence of one."),
    )
    rounds: int = params.field(
        15, low=1, high=100, step=1, label=N_("Rounds"),
        help=N_("How often shoppers and products are fitted to each other in turn."),
    )
    seed: int = fields.seed()

    def __post_init__(self) -> None:
        fields.check(self, "factors", "rounds", "seed")


class Als(Additive):
    """Recommends by hidden tastes that shoppers and products share; needs the extra ``als``."""

    name = "als"
    label = N_("Matrix factorisation (ALS)")
    parameters = AlsParameters

    @property
    def _weights(self) -> dict[str, float]:
        return scaled(dict(self.params.weights), self.train)

    def _fit(self, train: Interactions) -> None:
        try:
            from implicit.cpu.als import AlternatingLeastSquares
        except ImportError:
            raise NotInstalled(EXTRA) from None
        p = self.params
        sure = self._weighed(train).copy()
        sure.data = 1.0 + p.alpha * sure.data
        self._sure = sure
        with threadpool_limits(1):  # with two, its many small products take five times as long
            learner = AlternatingLeastSquares(
                factors=p.factors, regularization=p.l2, iterations=p.rounds,
                random_state=p.seed, num_threads=1,
            )
            learner.fit(
                sure.astype(np.float32), show_progress=False,
                callback=lambda done, _seconds, _loss: self._tell((done + 1) / p.rounds),
            )
            self._y = np.asarray(learner.item_factors, dtype=float)
            self._yy = self._y.T @ self._y + p.l2 * np.eye(self._y.shape[1])

    def _scores(self, users: Array) -> sparse.csr_matrix:
        with threadpool_limits(1):
            tastes = np.array([self._taste(u) for u in users]).reshape(-1, self._y.shape[1])
            return sparse.csr_matrix(np.maximum(tastes @ self._y.T, 0.0))

    def _like(self, item: int) -> sparse.csr_matrix:
        return similarity.cosines(self._y, item)

    def _links(self, user: int, history: Array, item: int) -> Array:
        with threadpool_limits(1):
            link = self._y[history] @ np.linalg.solve(self._system(user), self._y[item])
        return link * self._rate(user)[history]

    def _unit(self, user: int, item: int) -> Array:
        with threadpool_limits(1):
            link = self._y @ np.linalg.solve(self._system(user), self._y[item])
        return link * self._rate(user)[item]

    def _rate(self, user: int) -> Array:
        """Return how sure one unit of her weight makes each item of her history; 0 for others."""
        sure = self._sure[user].toarray().ravel()
        told = self._weighed(self.train)[user].toarray().ravel()
        return np.divide(sure, told, out=np.zeros_like(sure), where=told > 0)

    def _taste(self, user: int) -> Array:
        rows = slice(self._sure.indptr[user], self._sure.indptr[user + 1])
        told = self._sure.data[rows] @ self._y[self._sure.indices[rows]]
        return np.linalg.solve(self._system(user), told)

    def _system(self, user: int) -> Array:
        rows = slice(self._sure.indptr[user], self._sure.indptr[user + 1])
        y = self._y[self._sure.indices[rows]]
        return self._yy + (y.T * (self._sure.data[rows] - 1.0)) @ y
