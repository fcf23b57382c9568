"""Why an item is on a shopper's list, with counts as proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core.errors import NotAdditive
from omni_core.recommend.base import Model
from omni_core.recommend.interactions import Array


@dataclass(frozen=True)
class Reason:
    """The strongest part of a score: what she did with which item, and whom that item led here.

    ``share`` of the score comes from ``because`` (all kinds of event with it); ``both`` of its
    ``base`` shoppers also have the recommended item, by the kind ``by`` ("purchase" or None: any).
    Without ``because`` the item is there for its popularity: ``base`` is its number of shoppers.
    """

    item: Any
    because: Any | None
    event: str
    when: Any | None
    share: float
    both: int
    base: int
    by: str | None


def reasons(model: Model, user: Any, items: Iterable[Any]) -> list[Reason]:
    """Return the strongest reason for each item of a user's list."""
    return [_reason(model, user, item) for item in items]


def _reason(model: Model, user: Any, item: Any) -> Reason:
    train = model.train
    bought = "purchase" if "purchase" in train.present else None
    own = len(_shoppers(model, item, bought)) if bought else 0
    popular = Reason(
        item, None, "", None, 0.0, 0, own or len(_shoppers(model, item, None)),
        bought if own else None,
    )
    try:
        parts = model.explain(user, item)
    except NotAdditive:
        return popular
    if parts.empty:
        return popular
    total = parts["contribution"].sum()
    first = parts.iloc[0]
    because = first["because_item"]
    same = parts["because_item"] == because
    kind = bought
    base = _shoppers(model, because, kind)
    both = np.intersect1d(base, _shoppers(model, item, kind), assume_unique=True)
    if kind and not len(both):  # only looked at together so far
        kind, base = None, _shoppers(model, because, None)
        both = np.intersect1d(base, _shoppers(model, item, None), assume_unique=True)
    return Reason(
        item, because, str(first["event"]), _when(model, user, because, str(first["event"])),
        float(parts.loc[same, "contribution"].sum() / total), len(both), len(base), kind,
    )


def _shoppers(model: Model, item: Any, kind: str | None) -> Array:
    """Return the codes of the users who have the item by a kind of event (None: any)."""
    train = model.train
    kinds = train.present if kind is None else (kind,)
    across = train.remember(("across", kinds), lambda: train.having(kinds).T.tocsr())
    code = int(train.item_codes([item])[0])
    return across.indices[across.indptr[code] : across.indptr[code + 1]]


def _when(model: Model, user: Any, item: Any, event: str) -> Any | None:
    train = model.train
    owner, items, events, ts = train.last
    if ts is None:
        return None
    code, wanted = int(train.codes_of([user])[0]), int(train.item_codes([item])[0])
    rows = slice(*np.searchsorted(owner, [code, code + 1]))
    place = (items[rows] == wanted) & (events[rows] == train.events.index(event))
    return ts[rows][place][0]
