"""Lists on which no product stands twice under two ids: goods of one name count as one there.

A shop that sells in several places has a number for a product in each. What is learnt and what is
measured stays by id; only a list that is shown or saved names a product once, and leaves out what
has the name of something its shopper has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from omni_core.recommend.interactions import Interactions
from omni_core.recommend.types import Array
from omni_core.same_name import same_name


def one_each(
    ask: Callable[[int], pd.DataFrame], train: Interactions, n: int, exclude: Iterable[str],
    clicked: Iterable[Any] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return each user's best ``n`` of different names, and what is left out above the last.

    ``ask(m)`` gives lists of ``m`` as ``Model.recommend`` does. Left out is what has the name of an
    item higher up, of one the user has by a kind of event in ``exclude``, or of one ``clicked``.
    """
    names = _shared(train)
    if not len(names):
        found = ask(n)
        return found, found[:0]
    hers, wanted = train.having(exclude), n
    told = names[codes[codes >= 0]] if len(codes := train.item_codes(clicked)) else codes
    while True:
        wanted = min(2 * wanted, len(train.items))
        found = ask(wanted)
        name = names[train.item_codes(found["item"])]
        again = (name >= 0) & (found.assign(name=name).duplicated(["user", "name"]).to_numpy()
                               | np.isin(name, told[told >= 0]))
        user, place = np.unique(train.codes_of(found["user"]), return_inverse=True)
        known = np.flatnonzero(user >= 0)
        owned = hers[user[known]]
        had = np.repeat(known, np.diff(owned.indptr)) * len(names) + names[owned.indices]
        had = had[names[owned.indices] >= 0]
        again |= (name >= 0) & np.isin(place * len(names) + name, had)
        kept = found[~again]
        kept = kept.assign(rank=kept.groupby("user", sort=False).cumcount() + 1)
        lists = kept[kept["rank"] <= n]
        full = lists.groupby("user").size().reindex(found["user"].unique(), fill_value=0) >= n
        whole = found.groupby("user").size() < wanted  # there are no more to ask for
        if wanted == len(train.items) or (full | whole.reindex(full.index)).all():
            break
    last = found.loc[lists.index].groupby("user")["rank"].max()
    last = last[full.reindex(last.index)]  # of a list that ends early, all that is left out counts
    left = found[again]
    left = left[left["rank"] < left["user"].map(last).fillna(np.inf)]
    return lists.reset_index(drop=True), left.reset_index(drop=True)


def _shared(train: Interactions) -> Array:
    """Return the number of each item's name by code, -1 for one of its own; empty if all are."""
    def make() -> Array:
        titles = train.about_items("title")
        if titles is None:
            return np.empty(0, np.int64)
        made = pd.Series([same_name(t) or None if isinstance(t, str) else None for t in titles])
        codes = pd.factorize(made)[0]
        count = np.bincount(codes[codes >= 0], minlength=1)
        codes = np.where((codes >= 0) & (count[codes] > 1), codes, -1)
        return codes if (codes >= 0).any() else codes[:0]

    return np.asarray(train.remember(("shared names",), make))
