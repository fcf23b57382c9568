"""Item neighbours: "who took this took that too", with every knob of the one formula.

``s(i -> j) = sum_u v_ui v_uj / (q_i^norm_from q_j^norm_to (n_j + 1)^popularity + shrink)`` with
``v_ui = w_ui d_u^(-damping / 2)``, kept for the k best j of each i that have at least
``min_common`` shoppers in common. A shopper's score of j is the sum over her history of her
weight with i, halved for every half-life since, times s(i -> j): so it can be taken apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from omni_core import params
from omni_core.errors import NotAdditive
from omni_core.i18n import N_
from omni_core.recommend import fields, topn
from omni_core.recommend import similarity as alike
from omni_core.recommend.additive import Lists
from omni_core.recommend.base import Weights
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.lists import best_of_rows
from omni_core.recommend.pairs import Pairs, damped, presence

SIMILARITIES = (N_("general"), N_("jaccard"), N_("pearson"), N_("loglikelihood"))


@dataclass(frozen=True, slots=True)
class ItemNeighboursParameters:
    """Parameters of ``ItemNeighbours``; ``damping`` and the norms belong to the general formula."""

    weights: Mapping[str, float] | Weights = fields.weights()
    k: int = fields.neighbours()
    damping: float = params.field(
        1.0, low=0.0, high=2.0, step=0.1, label=N_("Damping of heavy shoppers"),
        help=N_(
            "Someone who bought half the shop tells little about what goes with what. "
            "0: everyone counts the same; 1: a shopper's say is shared among all her products."
        ),
    )
    norm_from: float = params.field(
        0.8, low=0.0, high=1.0, step=0.05, label=N_("Damping of bestsellers in the history"),
        help=N_("How much less a popular product in the history tells."),
    )
    norm_to: float = params.field(
        0.2, low=0.0, high=1.0, step=0.05, label=N_("Bestsellers or discoveries"),
        help=N_("0 favours bestsellers; higher values favour products off the beaten track."),
    )
    popularity: float = params.field(
        0.0, low=0.0, high=1.0, step=0.05, label=N_("Damping of bestsellers"),
        help=N_("Holds back products that very many shoppers have, beyond the norm."),
    )
    shrink: float = params.field(
        0.0, low=0.0, high=1000.0, step=1.0, label=N_("Shrinkage"),
        help=N_("Trusts similarities that rest on few shoppers less."),
    )
    min_common: int = params.field(
        1, low=1, high=50, step=1, label=N_("Least common shoppers"),
        help=N_("Two products are similar only when at least so many shoppers have both."),
    )
    half_life: float | None = fields.half_life()
    similarity: str = params.field(
        "general", choices=SIMILARITIES, label=N_("Similarity"),
        help=N_("The formula that says how alike two products' shoppers are."),
    )

    def __post_init__(self) -> None:
        fields.check(self, "k", "min_common")


class ItemNeighbours(Lists):
    """Recommends what the shoppers of a user's items also took."""

    name = "item_neighbours"
    label = N_("Item neighbours")
    parameters = ItemNeighboursParameters

    def _fit(self, train: Interactions) -> None:
        p = self.params
        self._profile, weighed = self._aged(train), self._weighed(train)
        damping = p.damping if p.similarity == "general" else 0.0
        counted = tuple(name for name, weight in p.weights if weight > 0)
        had: Pairs = train.remember(("had", counted), lambda: Pairs(presence(weighed)))
        self._had = had
        self._pairs: Pairs = train.remember(
            ("pairs", p.weights, damping), lambda: Pairs(damped(weighed, damping), had))
        self._forget()

    @property
    def shared(self) -> Pairs:
        """The sums that a similarity is a multiple of; raises ``NotAdditive`` where it is none."""
        if self.params.similarity == "general":
            return self._pairs
        if self.params.similarity == "jaccard":
            return self._had
        raise NotAdditive()

    def _before_all(self) -> None:
        if self._while_multiplying:
            return
        if self.params.similarity in ("general", "pearson"):
            self._pairs.keep()
        if self._counts_needed:
            self._had.keep()

    @property
    def _while_multiplying(self) -> bool:
        """Whether the best are found while multiplying: the norms are factors of row and column."""
        p = self.params
        return topn.compiled() and p.similarity == "general" and not p.shrink and p.min_common == 1

    @property
    def _counts_needed(self) -> bool:
        p = self.params
        return p.min_common > 1 or p.similarity in ("jaccard", "loglikelihood") or (
            p.similarity == "pearson" and p.shrink > 0
        )

    def _lists(self, items: Array) -> sparse.csr_matrix:
        if self._while_multiplying and len(items) == len(self.train.items):
            p = self.params
            left, right = alike.norms(
                self._pairs, self._had.count, p.norm_from, p.norm_to, p.popularity)
            best = topn.best_others(self._pairs.across, self._pairs.values, 1 / right, items, p.k)
            best.data /= np.repeat(left, np.diff(best.indptr))
            return best
        blocks = [self._longest(rows) for rows in self._had.blocks(items)]
        return sparse.vstack(blocks, format="csr")

    def _longest(self, items: Array) -> sparse.csr_matrix:
        p = self.params
        common: Any = self._had.rows(items) if self._counts_needed else None
        rows, value = self._alike(items, common)
        if p.min_common > 1:
            value = np.where(common.data >= p.min_common, value, 0.0)
        itself = np.repeat(items, np.diff(rows.indptr)) == rows.indices
        value[itself] = 0.0
        return best_of_rows(
            sparse.csr_matrix((value, rows.indices, rows.indptr), shape=rows.shape), p.k
        )

    def _alike(self, items: Array, common: Any) -> tuple[sparse.csr_matrix, Array]:
        """Return the pairs of some items with all, and the similarity of each stored pair."""
        p, shoppers = self.params, self._had.count
        if p.similarity == "general":
            rows = self._pairs.rows(items)
            return rows, alike.general(
                rows, items, self._pairs, shoppers, p.norm_from, p.norm_to, p.popularity, p.shrink
            )
        rows = common
        if p.similarity == "pearson":
            rows = self._pairs.rows(items)
            value = alike.pearson(rows, items, self._pairs)
        elif p.similarity == "jaccard":
            value = alike.jaccard(rows, items, shoppers)
        else:
            value = alike.loglikelihood(rows, items, shoppers, len(self.train.users))
        # these are no quotients of sums: shrinkage and damping multiply
        if p.shrink:
            value = value * common.data / (common.data + p.shrink)
        return rows, value / (shoppers[rows.indices] + 1.0) ** p.popularity
