"""What everyone gets: the baseline that any personal list has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core import params
from omni_core.errors import NotDescribed
from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.base import Model, Weights
from omni_core.recommend.interactions import Array, Interactions

SCOPES = (N_("all"), N_("segment"), N_("age_band"), N_("category"))
_NEEDS = {
    "segment": N_("segments of the shoppers"), "age_band": N_("age bands of the shoppers"),
    "category": N_("categories of the goods"),
}


@dataclass(frozen=True, slots=True)
class PopularityParameters:
    """Parameters of ``Popularity``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    window: float | None = fields.window(None)
    scope: str = params.field(
        "all", choices=SCOPES, label=N_("Bestsellers among"),
        help=N_("All shoppers, those of her segment or age band, or in the categories she shops."),
    )

    def __post_init__(self) -> None:
        fields.check(self)


class Popularity(Model):
    """Items by the sum of their shoppers' event weights: for all, or within the ``scope``.

    Raises ``NotDescribed`` when the data don't say what the scope needs. A shopper of whom it is
    not known, or whose segment came to nothing in the window, gets the list of all.
    """

    name = "popularity"
    label = N_("Bestsellers")
    parameters = PopularityParameters
    personal = False

    def _fit(self, train: Interactions) -> None:
        self._recent = recent(train, self.params.window)
        self._sold = self._weigh(self._recent)
        scope = self.params.scope
        self.personal = scope != "all"
        if scope == "category":
            self._of_categories(train)
        elif self.personal:
            self._of_groups(train, scope)

    def _popularity(self) -> Array:
        if self._recent is self.train:
            return super()._popularity()
        sold = self._sold
        return np.bincount(sold.indices, sold.data, minlength=sold.shape[1])

    def _scores(self, users: Array) -> sparse.csr_matrix:
        if not self.personal:
            return sparse.csr_matrix((len(users), len(self.train.items)))
        return (self._share[users] @ self._by_group).tocsr()

    def _like(self, item: int) -> sparse.csr_matrix:
        """Popularity likens nothing: the other items in order of popularity."""
        found = self._popularity()
        found[item] = 0.0
        return sparse.csr_matrix(found[None, :])

    def _weigh(self, part: Interactions) -> sparse.csr_matrix:
        """Return the weights of a part of the training data: all its users x all its items."""
        made = part.matrix(dict(self.params.weights)).tocoo()
        rows, columns = self.train.codes_of(part.users), self.train.item_codes(part.items)
        return sparse.csr_matrix(
            (made.data, (rows[made.row], columns[made.col])), shape=self.train.shape
        )

    def _of_groups(self, train: Interactions, scope: str) -> None:
        known = train.about_users(scope)
        if known is None:
            raise NotDescribed(_NEEDS[scope])
        member = _members(known)
        sold = (member.T @ self._sold).tocsr()
        idle = member @ (np.diff(sold.indptr) > 0).astype(float) == 0
        self.of_her_own = ~idle  # by user: whether her group has a list of its own
        everyone = sparse.csr_matrix(self._popularity()[None, :])
        self._by_group = sparse.vstack([sold, everyone], format="csr")
        self._share = sparse.hstack([member, sparse.csr_matrix(idle[:, None] * 1.0)], format="csr")

    def _of_categories(self, train: Interactions) -> None:
        known = train.about_items("category")
        if known is None:
            raise NotDescribed(_NEEDS["category"])
        member = _members(known)
        hers = (train.matrix(dict(self.params.weights)) @ member).tocsr()
        total = np.asarray(hers.sum(axis=1)).ravel()
        self._share = sparse.diags_array(1 / np.where(total > 0, total, 1.0)).tocsr() @ hers
        self._by_group = (member.T @ sparse.diags_array(self._popularity())).tocsr()


def recent(train: Interactions, window: float | None) -> Interactions:
    """Return the events of the last ``window`` days; all of them without times or window."""
    if window is None or train.ts is None:
        return train
    return train.where(train.age(train.ts) < window)


def _members(known: Array) -> sparse.csr_matrix:
    """Return rows x groups: 1 where a row is known to belong to a group."""
    codes, groups = pd.factorize(pd.Series(known, dtype=object).astype(str).where(
        pd.notna(known)), sort=True)
    row = np.flatnonzero(codes >= 0)
    return sparse.csr_matrix(
        (np.ones(len(row)), (row, codes[row])), shape=(len(known), len(groups))
    )
