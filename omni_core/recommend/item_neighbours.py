"""Item neighbours: "who took this took that too", with every knob of the one formula.

``s(i -> j) = sum_u v_ui v_uj / (q_i^norm_from q_j^norm_to (n_j + 1)^popularity + shrink)`` with
``v_ui = w_ui d_u^(-damping / 2)``, kept for the k best j of each i that have at least
``min_common`` shoppers in common. A shopper's score of j is the sum over her history of her
weight with i, halved for every half-life since, times s(i -> j): so it can be taken apart.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core import params
from omni_core.errors import BadParameter, NotAdditive, NoTime
from omni_core.i18n import N_
from omni_core.recommend import similarity as alike
from omni_core.recommend.base import WEIGHTS, Model, Weights, frozen_weights
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.lists import best_of_rows
from omni_core.recommend.pairs import Pairs, damped, presence

SIMILARITIES = (N_("general"), N_("jaccard"), N_("pearson"), N_("loglikelihood"))


@dataclass(frozen=True, slots=True)
class ItemNeighboursParameters:
    """Parameters of ``ItemNeighbours``; ``damping`` and the norms belong to the general formula."""

    weights: Mapping[str, float] | Weights = params.field(
        WEIGHTS, label=N_("Worth of an event"),
        help=N_("How much each kind of event tells of a shopper's taste; 0 ignores it."),
    )
    k: int = params.field(
        100, low=1, high=1000, step=1, label=N_("Neighbours per product"),
        help=N_("How many similar products each product may recommend. Few: safe and narrow."),
    )
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
    half_life: float | None = params.field(
        None, low=1, high=730, step=1, unit=N_("days"), optional=True, label=N_("Half-life"),
        help=N_("After so many days an event in the history counts half. Off: it never fades."),
    )
    similarity: str = params.field(
        "general", choices=SIMILARITIES, label=N_("Similarity"),
        help=N_("The formula that says how alike two products' shoppers are."),
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", frozen_weights(self.weights))
        for name in ("k", "min_common"):
            try:
                object.__setattr__(self, name, operator.index(getattr(self, name)))
            except TypeError:
                raise BadParameter(name, getattr(self, name), "1, 2, 3 …") from None
        params.validate(self)


class ItemNeighbours(Model):
    """Recommends what the shoppers of a user's items also took."""

    name = "item_neighbours"
    label = N_("Item neighbours")
    parameters = ItemNeighboursParameters

    def _fit(self, train: Interactions) -> None:
        p = self.params
        weights = dict(p.weights)
        if p.half_life is not None and train.ts is None:
            raise NoTime()
        damping = p.damping if p.similarity == "general" else 0.0
        weighed = train.remember(("weighed", p.weights), lambda: train.matrix(weights))
        self._pairs: Pairs = train.remember(
            ("pairs", p.weights, damping), lambda: Pairs(damped(weighed, damping))
        )
        counted = tuple(name for name, weight in p.weights if weight > 0)
        self._had: Pairs = train.remember(
            ("had", counted), lambda: Pairs(presence(weighed))
        )
        self._profile = train.matrix(weights, p.half_life) if p.half_life else weighed
        self._all: sparse.csr_matrix | None = None
        self._few: tuple[bytes | None, Any] = (None, None)  # b"" is a key: nobody's items

    def neighbours(self, items: Array) -> sparse.csr_matrix:
        """Return the lists of some items, by code: len(items) x all items, at most k in a row."""
        if self._all is not None:
            return self._all[items]
        size = len(self.train.items)
        if 2 * len(items) < size:  # one shopper's list: her own rows are enough
            key = items.tobytes()
            if key != self._few[0]:
                self._few = key, self._lists(items)
            return self._few[1]
        if self.params.similarity in ("general", "pearson"):
            self._pairs.keep()
        if self._counts_needed:
            self._had.keep()
        self._all = self._lists(np.arange(size))
        return self._all[items]

    def explain(self, user: Any, item: Any) -> pd.DataFrame:
        """Take a score apart: a frame of because_item, event, contribution, adding up to it."""
        code = self._item(item)
        mine = int(self.train.codes_of([user])[0])
        if mine < 0:
            raise NotAdditive()
        history, event, value = self._history(mine)
        found, place = np.unique(history, return_inverse=True)
        links = self.neighbours(found)[:, [code]].toarray().ravel()
        share = value * links[place]
        keep = np.flatnonzero(share > 0)
        keep = keep[np.lexsort((history[keep], -share[keep]))]
        names = np.asarray(self.train.events, dtype=object)
        return pd.DataFrame({
            "because_item": self.train.items.take(history[keep]),
            "event": names[event[keep]],
            "contribution": share[keep],
        })

    def _history(self, user: int) -> tuple[Array, Array, Array]:
        """Return the item, kind of event and aged weight of each thing in a user's history."""
        owner, item, event, ts = self.train.last
        rows = slice(*np.searchsorted(owner, [user, user + 1]))
        weights = dict(self.params.weights)
        value = np.array([weights.get(name, 0.0) for name in self.train.events])[event[rows]]
        if self.params.half_life is not None and ts is not None:
            value = value * np.exp2(-self.train.age(ts[rows]) / self.params.half_life)
        told = value > 0
        return item[rows][told], event[rows][told], value[told]

    def _scores(self, users: Array) -> sparse.csr_matrix:
        profile = self._profile[users]
        touched = np.flatnonzero(np.bincount(profile.indices, minlength=profile.shape[1]))
        return (profile[:, touched] @ self.neighbours(touched)).tocsr()

    def _like(self, item: int) -> sparse.csr_matrix:
        return self.neighbours(np.array([item]))

    @property
    def _counts_needed(self) -> bool:
        p = self.params
        return p.min_common > 1 or p.similarity in ("jaccard", "loglikelihood") or (
            p.similarity == "pearson" and p.shrink > 0
        )

    def _lists(self, items: Array) -> sparse.csr_matrix:
        return sparse.vstack([self._best(rows) for rows in self._had.blocks(items)], format="csr")

    def _best(self, items: Array) -> sparse.csr_matrix:
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
