"""The ladder for shoppers and goods with little behind them, around any method.

A shopper's list comes from the first rung that has something for her: her own history, what she
clicks right now (the links of a click's item, nothing is fitted again), the bestsellers of her
segment, the bestsellers of all; and it is said which. A product with n < ``enough`` shoppers
borrows from the products most like it in content: its score is ``n / (n + c)`` of its own and
``c / (n + c)`` of their average.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core import params
from omni_core.errors import NotAdditive
from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.additive import gathered
from omni_core.recommend.base import Model, Weights
from omni_core.recommend.content import nearest, vectors
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.lists import dropped, ranked
from omni_core.recommend.popularity import Popularity

ROUTES = ("history", "session", "segment", "bestsellers")
Clicks = Mapping[Any, Sequence[Any]]
_FADE = 0.5  # a click tells half of what the one after it tells
_PRICE_BANDS = 5


@dataclass(frozen=True, slots=True)
class LadderParameters:
    """Parameters of ``Ladder``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    window: float | None = fields.window(90.0)
    enough: int = params.field(
        5, low=0, high=50, step=1, label=N_("New until so many shoppers"),
        help=N_("A product with fewer shoppers borrows from products like it. 0: none borrows."),
    )
    c: float = params.field(
        3.0, low=0.1, high=50.0, step=0.5, label=N_("Say of the products like it"),
        help=N_("With so many shoppers of its own, a new product still borrows half."),
    )
    like: int = params.field(
        5, low=1, high=50, step=1, label=N_("Products to borrow from"),
        help=N_("Over how many products most like it a new product takes the average."),
    )

    def __post_init__(self) -> None:
        fields.check(self, "enough", "like")


class Ladder(Model):
    """A method with the rungs below it: ``Ladder(method, **fields).fit(train)``.

    Where goods are described, fit it on ``train.stocked()``, so that it knows those without events.
    """

    name = "ladder"
    label = N_("With help for the new")
    parameters = LadderParameters

    def __init__(self, method: Model, **fields: Any) -> None:
        super().__init__(**{"weights": method.params.weights} | fields)
        self.method = method

    def routed(
        self, users: Iterable[Any], n: int = 20, exclude: Iterable[str] = ("purchase",),
        without: Iterable[Any] = (), clicks: Clicks | None = None,
        segments: Mapping[Any, str] | None = None,
    ) -> pd.DataFrame:
        """Return lists as ``recommend`` does, with the ``route`` that served each shopper.

        ``clicks`` are what shoppers, known or not, click right now, oldest first; they serve those
        whose history leads to nothing. Clicked items that the data don't know tell nothing, and
        what was clicked is not shown. ``segments`` says the segment of shoppers of whom the data
        don't.
        """
        users, exclude, without = list(users), tuple(exclude), tuple(without)
        codes = self.train.codes_of(users)
        items, scores = self.top(codes, n, exclude, without)
        members = self._members(users, segments or {})
        routes = np.full(len(users), "bestsellers", dtype=object)
        rungs: dict[int, tuple[sparse.csr_matrix, Array]] = {}  # row: scores, what was clicked
        for row, user in enumerate(users):
            clicked = self._known((clicks or {}).get(user, ()))
            if self.personal and codes[row] >= 0 and (scores[row] > 0).any():
                routes[row] = "history"
            elif self.personal and len(clicked):
                routes[row], rungs[row] = "session", (self._session(clicked), clicked)
            elif members[row] >= 0 and self._segments is not None:
                found = self._segments._scores(members[[row]])
                routes[row], rungs[row] = "segment", (found, clicked)
        if rungs:
            rows = np.array(list(rungs))
            items[rows], scores[rows] = self._served(
                list(rungs.values()), codes[rows], n, exclude, without)
        lists = self._frame(users, items, scores)
        return lists.assign(route=routes[np.nonzero(items >= 0)[0]])

    def explain(self, user: Any, item: Any) -> pd.DataFrame:
        """Take a score apart; what a product borrowed, by what it was borrowed from."""
        code, mine = self._item(item), self.train.codes_of([user])
        if mine[0] < 0:
            raise NotAdditive()
        own, lent = self.method._scores(mine), self._lent[:, [code]].tocoo()
        return gathered(
            self.method.explain(user, self.train.items[source]).assign(
                contribution=lambda part, share=share: part["contribution"] * share)
            for source, share in zip(lent.row, lent.data, strict=True) if own[0, source] > 0
        )

    def _fit(self, train: Interactions) -> None:
        p = self.params
        self.method.fit(train, self._tell)
        self.personal = self.method.personal
        self._sold = Popularity(weights=p.weights, window=p.window).fit(train)
        self._segments: Popularity | None = None
        if train.about_users("segment") is not None:
            self._segments = Popularity(
                weights=p.weights, window=p.window, scope="segment").fit(train)
        self._lent = lent(train, p.enough, p.c, p.like)

    def _scores(self, users: Array) -> sparse.csr_matrix:
        return (self.method._scores(users) @ self._lent).tocsr()

    def _like(self, item: int) -> sparse.csr_matrix:
        return self.method._like(item)

    def _popularity(self) -> Array:
        return self._sold._popularity()

    def _known(self, items: Sequence[Any]) -> Array:
        codes = self.train.item_codes(items) if len(items) else np.empty(0, np.int64)
        return codes[codes >= 0]

    def _members(self, users: list[Any], told: Mapping[Any, str]) -> Array:
        """Return the code of some shopper of each one's segment that has a list; -1 for none."""
        if self._segments is None or self.train.people is None:
            return np.full(len(users), -1)
        first: dict[str, int] = {}
        known = self.train.about_users("segment")
        for code in np.flatnonzero(self._segments.of_her_own):
            first.setdefault(str(known[code]), int(code))  # type: ignore[index]
        hers = self.train.people["segment"].reindex(pd.Index(users, dtype=object).infer_objects())
        return np.array([first.get(str(told.get(user, s)), -1)
                         for user, s in zip(users, hers, strict=True)], dtype=np.int64)

    def _session(self, clicked: Array) -> sparse.csr_matrix:
        """Return 1 x items: the links of what was clicked, the last click counting most."""
        steps = len(clicked) - 1 - np.arange(len(clicked))
        total = sparse.csr_matrix((1, len(self.train.items)))
        for code, step in zip(clicked, steps, strict=True):
            total = total + self._like(int(code)) * _FADE**step
        return total.tocsr()

    def _served(
        self, rungs: list[tuple[sparse.csr_matrix, Array]], users: Array, n: int,
        exclude: tuple[str, ...], without: tuple[Any, ...],
    ) -> tuple[Array, Array]:
        """Return lists by given scores, filled with bestsellers at score 0."""
        owned, blocked = self._left_out(exclude, without)
        known = sparse.diags_array((users >= 0).astype(float)).tocsr() @ owned[np.maximum(users, 0)]
        count = [len(clicked) for _found, clicked in rungs]
        place = np.repeat(np.arange(len(rungs)), count), np.concatenate([c for _f, c in rungs])
        hers = (known + sparse.csr_matrix((np.ones(sum(count)), place), shape=known.shape)).tocsr()
        found = sparse.vstack([scores for scores, _clicked in rungs], format="csr")
        items, scores = ranked(dropped(found, hers, blocked), n)
        short = items < 0
        self._fill(items, scores, np.arange(len(rungs)), hers, blocked)
        scores[short] = 0.0
        return items, scores


class Rungs:
    """A fitted ladder as ``evaluate`` asks a model: who is unknown is served by the rungs, too.

    ``asked`` are the events that it will be measured on. It answers once, in their order.
    """

    def __init__(self, ladder: Ladder, asked: Interactions) -> None:
        self.train, self._ladder = ladder.train, ladder
        self._new = iter(np.asarray(asked.users)[ladder.train.codes_of(asked.users) < 0])

    def top(
        self, users: Array, n: int, exclude: Iterable[str] = (), without: Iterable[Any] = ()
    ) -> tuple[Array, Array]:
        """Return item codes and scores for user codes, as ``Model.top`` does."""
        known = self.train.users
        ids = [known[code] if code >= 0 else next(self._new) for code in users]
        found = self._ladder.routed(ids, n, exclude, without)
        items, scores = np.full((len(ids), n), -1, dtype=np.int64), np.zeros((len(ids), n))
        row = pd.Index(ids).get_indexer(pd.Index(found["user"]))
        place = row, found["rank"].to_numpy() - 1
        items[place] = self.train.item_codes(found["item"])
        scores[place] = found["score"]
        return items, scores


def share_by_route(lists: pd.DataFrame) -> pd.DataFrame:
    """Return how many shoppers of ``routed`` lists each route served: route, shoppers, share."""
    count = lists.drop_duplicates("user")["route"].value_counts().reindex(
        list(ROUTES), fill_value=0)
    return pd.DataFrame({
        "route": list(ROUTES), "shoppers": count.to_numpy(int),
        "share": count.to_numpy(float) / max(int(count.sum()), 1),
    })


def lent(train: Interactions, enough: int, c: float, like: int) -> sparse.csr_matrix:
    """Return items x items: what share of a product's score (a column) comes from which (a row)."""
    n = train.shoppers.astype(float)
    keep = np.ones(len(n))
    if train.goods is None or not enough:
        return sparse.diags_array(keep).tocsr()
    new, old = np.flatnonzero(n < enough), np.flatnonzero(n >= enough)
    told = vectors(train, _PRICE_BANDS)
    near = nearest(told[new], told[old], like)
    count = np.diff(near.indptr)
    borrows = new[count > 0]
    keep[borrows] = n[borrows] / (n[borrows] + c)
    column = np.repeat(new, count)
    share = np.repeat(c / (n[new] + c) / np.maximum(count, 1), count)
    borrowed = sparse.csr_matrix((share, (old[near.indices], column)), shape=(len(n), len(n)))
    return (sparse.diags_array(keep) + borrowed).tocsr()
