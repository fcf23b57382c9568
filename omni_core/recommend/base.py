"""The contract every recommender keeps: fit, recommend, explain, similar_items."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core.errors import (
    BadParameter,
    NotAdditive,
    NotEnoughData,
    NotFitted,
    NoWeightedEvents,
    UnknownId,
    UnknownName,
)
from omni_core.i18n import N_
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.lists import dropped, ranked
from omni_core.recommend.types import Progress, silent

_CELLS = 20_000_000  # users x items looked at at once: bounds memory, whatever the catalogue
Weights = tuple[tuple[str, float], ...]
# A purchase tells most; the others are worth what 2 carts, 2 favourites, 5 views per purchase say.
WEIGHTS: Weights = (("cart", 0.5), ("favourite", 0.5), ("purchase", 1.0), ("view", 0.2))


def frozen_weights(weights: Mapping[str, float] | Weights) -> Weights:
    """Return event weights as sorted pairs; raises ``BadParameter`` below zero or not finite."""
    pairs = dict(weights)
    for name, value in pairs.items():
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not 0 <= value < float("inf"):
            raise BadParameter(f"weights[{name}]", value, "≥ 0")
    return tuple(sorted((str(name), float(value)) for name, value in pairs.items()))


class Model(ABC):
    """A recommender: ``Model(**fields of its parameter class).fit(train)``, then ask it."""

    name: ClassVar[str]
    label: ClassVar[str]
    parameters: ClassVar[type[Any]]
    personal: bool = True  # False: everyone gets the popular items

    def __init__(self, params: Any = None, **fields: Any) -> None:
        known = [f.name for f in dataclasses.fields(self.parameters)]
        for field in fields:
            if field not in known:
                raise UnknownName(N_("parameter"), field, known)
        self.params = params if params is not None else self.parameters(**fields)
        self._train: Interactions | None = None

    @property
    def train(self) -> Interactions:
        """The interactions the model was fitted on; raises ``NotFitted``."""
        if self._train is None:
            raise NotFitted()
        return self._train

    def fit(self, train: Interactions, progress: Progress | None = None) -> Self:
        """Learn from the interactions; raises ``NotEnoughData``, ``NoWeightedEvents``.

        ``progress`` is told a share of 1 by methods that take long; what it raises ends the fit.
        """
        if not len(train):
            raise NotEnoughData(N_("events"), 1, 0)
        weights = dict(self.params.weights)
        if not any(weights.get(name, 0.0) > 0 for name in train.present):
            raise NoWeightedEvents(train.present)
        self._train, self._tell = train, progress or silent
        self._fit(train)
        return self

    def recommend(
        self,
        users: Iterable[Any],
        n: int = 20,
        exclude: Iterable[str] = ("purchase",),
        without: Iterable[Any] = (),
    ) -> pd.DataFrame:
        """Return each user's best ``n`` items: a frame of user, item, rank (from 1), score.

        Items the user already has by an event named in ``exclude`` are left out, and the items in
        ``without`` (sold out, say) for everyone. Unknown users get the popular items, scored by
        their popularity; a known user's list that ends early is filled with popular items at
        score 0, so that a score is always what ``explain`` adds up to.
        """
        train = self.train
        if n < 1:
            raise BadParameter("n", n, "≥ 1")
        users = [users] if np.isscalar(users) else list(users)
        return self._frame(users, *self.top(train.codes_of(users), n, exclude, without))

    def top(
        self, users: Array, n: int, exclude: Iterable[str] = (), without: Iterable[Any] = ()
    ) -> tuple[Array, Array]:
        """Return item codes and scores, both users x n, for user codes; -1 pads short lists."""
        owned, blocked = self._left_out(exclude, without)
        items = np.full((len(users), n), -1, dtype=np.int64)
        scores = np.zeros((len(users), n))
        if self.personal:
            known = np.flatnonzero(users >= 0)
            step = self._at_once
            for rows in (known[i : i + step] for i in range(0, len(known), step)):
                items[rows], scores[rows] = self._best(users[rows], n, owned, blocked)
        self._fill(items, scores, users, owned, blocked)
        return items, scores

    @property
    def _at_once(self) -> int:
        """How many users' lists are made at a time."""
        return max(1, _CELLS // max(len(self.train.items), 1))

    def _best(
        self, users: Array, n: int, owned: sparse.csr_matrix, blocked: Array
    ) -> tuple[Array, Array]:
        """Return the best items of known users and their scores, padded with -1 and 0."""
        return ranked(dropped(self._scores(users), owned[users], blocked), n)

    def _frame(self, users: list[Any], items: Array, scores: Array) -> pd.DataFrame:
        row, column = np.nonzero(items >= 0)
        return pd.DataFrame({
            "user": pd.Index(users, dtype=object).infer_objects().take(row),
            "item": self.train.items.take(items[row, column]),
            "rank": column + 1,
            "score": scores[row, column],
        })

    def _left_out(
        self, exclude: Iterable[str], without: Iterable[Any]
    ) -> tuple[sparse.csr_matrix, Array]:
        """Return what each user has of the excluded kinds, and which items nobody is shown."""
        blocked = np.zeros(len(self.train.items), bool)
        codes = self.train.item_codes(without)
        blocked[codes[codes >= 0]] = True
        return self.train.having(exclude), blocked

    def explain(self, user: Any, item: Any) -> pd.DataFrame:
        """Take a score apart: a frame of because_item, event, contribution, adding up to it.

        Raises ``NotAdditive`` where the score is no such sum: a model without it, a user whom the
        model does not know; ``UnknownId`` for an item that it does not know.
        """
        self._item(item)
        raise NotAdditive()

    def similar_items(self, item: Any, n: int = 20) -> pd.DataFrame:
        """Return the items most like one: a frame of item, rank, score; raises ``UnknownId``."""
        code = self._item(item)
        items, scores = ranked(self._like(code), n)
        length = int((items[0] >= 0).sum())
        return pd.DataFrame({
            "item": self.train.items.take(items[0, :length]),
            "rank": np.arange(1, length + 1),
            "score": scores[0, :length],
        })

    @abstractmethod
    def _fit(self, train: Interactions) -> None: ...

    @abstractmethod
    def _scores(self, users: Array) -> sparse.csr_matrix:
        """Return users x items scores (what is not positive is no recommendation)."""

    @abstractmethod
    def _like(self, item: int) -> sparse.csr_matrix:
        """Return 1 x items similarities of one item."""

    def _popularity(self) -> Array:
        """Return each item's popularity score: the sum of its shoppers' weights."""
        weights = dict(self.params.weights)
        counts = self.train.remember(("counts",), lambda: np.array([
            np.bincount(self.train.having([k]).indices, minlength=len(self.train.items))
            for k in self.train.events]))
        return np.array([weights.get(k, 0.0) for k in self.train.events]) @ counts

    def _item(self, item: Any) -> int:
        code = int(self.train.item_codes([item])[0])
        if code < 0:
            raise UnknownId("item", item)
        return code

    def _fill(
        self, items: Array, scores: Array, users: Array, owned: sparse.csr_matrix, blocked: Array
    ) -> None:
        if (items[:, -1] >= 0).all():
            return
        popularity = self._popularity()
        order = np.argsort(-popularity, kind="stable")
        order = order[(popularity[order] > 0) & ~blocked[order]]
        n = items.shape[1]
        taken = np.zeros(len(popularity), bool)
        for row in np.flatnonzero(items[:, -1] < 0):
            user = users[row]
            have = items[row][items[row] >= 0]
            mine = owned.indices[owned.indptr[user] : owned.indptr[user + 1]] if user >= 0 else have
            taken[mine] = taken[have] = True
            head = order[: n + len(mine) + len(have)]
            more = head[~taken[head]][: n - len(have)]
            taken[mine] = taken[have] = False
            items[row, len(have) : len(have) + len(more)] = more
            if user < 0 or not self.personal:
                scores[row, len(have) : len(have) + len(more)] = popularity[more]
