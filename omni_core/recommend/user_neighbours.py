"""User neighbours: "shoppers like her took this", by the one formula on the transposed matrix.

``s(u -> v)`` is the formula of ``item_neighbours`` with shoppers and items in each other's place;
her score of j is the sum over her k nearest shoppers v of s(u -> v) times v's weight with j. For
the general formula and Jaccard s is a sum over what both have, so the score can be taken apart by
her own history.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from omni_core import params
from omni_core.errors import NoTime
from omni_core.i18n import N_
from omni_core.recommend.additive import Additive
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.item_neighbours import ItemNeighbours, ItemNeighboursParameters


@dataclass(frozen=True, slots=True)
class UserNeighboursParameters(ItemNeighboursParameters):
    """Parameters of ``UserNeighbours``: those of the formula, said of shoppers."""

    k: int = params.field(
        100, low=1, high=1000, step=1, label=N_("Neighbours per shopper"),
        help=N_("How many shoppers like her may recommend what they took."),
    )
    damping: float = params.field(
        1.0, low=0.0, high=2.0, step=0.1, label=N_("Damping of common goods"),
        help=N_("Two shoppers who share a bestseller are hardly alike. 0: it counts in full."),
    )
    norm_from: float = params.field(
        0.5, low=0.0, high=1.0, step=0.05, label=N_("Damping of the shopper's own history"),
        help=N_("Scales all her scores alike: it matters only beside shrinkage."),
    )
    norm_to: float = params.field(
        0.5, low=0.0, high=1.0, step=0.05, label=N_("Damping of the neighbours' histories"),
        help=N_("How much less someone who took very many things counts as a neighbour."),
    )
    popularity: float = params.field(
        0.0, low=0.0, high=1.0, step=0.05, label=N_("Damping of heavy shoppers"),
        help=N_("Holds back neighbours with very many goods, beyond the norm."),
    )
    min_common: int = params.field(
        1, low=1, high=50, step=1, label=N_("Least common goods"),
        help=N_("Two shoppers are alike only when they share at least so many goods."),
    )


class UserNeighbours(Additive):
    """Recommends what the shoppers most like a user took."""

    name = "user_neighbours"
    label = N_("Shoppers alike")
    parameters = UserNeighboursParameters

    def _fit(self, train: Interactions) -> None:
        half_life = self.params.half_life
        if half_life is not None and train.ts is None:
            raise NoTime()
        self._taken = train.matrix(self._weights, half_life)  # what the neighbours bring
        plain = dataclasses.replace(self.params, half_life=None)
        self._near = ItemNeighbours(plain).fit(train.swapped)

    @property
    def _half_life(self) -> float | None:
        return None  # it is the neighbours' events that fade, not what likens her to them

    def _scores(self, users: Array) -> sparse.csr_matrix:
        return (self._near.neighbours(users) @ self._taken).tocsr()

    def _like(self, item: int) -> sparse.csr_matrix:
        """The goods of an item's shoppers and of those like them."""
        theirs = self._taken[:, [item]].T.tocsr()
        who = theirs.indices
        found = (theirs @ self._taken).tolil()
        if len(who):
            found = (found + theirs[:, who] @ self._scores(who)).tolil()
        found[0, item] = 0.0
        return found.tocsr()

    def _links(self, user: int, history: Array, item: int) -> Array:
        near, mine, theirs, rate = self._likeness(user)
        rate = rate * self._taken[near][:, [item]].toarray().ravel()
        total = mine.multiply(rate @ theirs).toarray().ravel()[history]
        return total / self._weighed(self.train)[user].toarray().ravel()[history]

    def _unit(self, user: int, item: int) -> Array:
        near, mine, theirs, rate = self._likeness(user)
        rate = rate * theirs[:, [item]].toarray().ravel() * mine[0, item]
        return (rate @ self._taken[near]) / self._weighed(self.train)[user, item]

    def _likeness(self, user: int) -> tuple[Array, Any, Any, Array]:
        """Return her neighbours, her row and theirs, and similarity per product of the rows."""
        sums = self._near.shared.across  # users x items: similarity is a multiple of its products
        near = self._near.neighbours(np.array([user]))
        mine, theirs = sums[user], sums[near.indices]
        return near.indices, mine, theirs, near.data / (theirs @ mine.T).toarray().ravel()
