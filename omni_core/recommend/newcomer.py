"""Someone who has just come: what she can click, and what the ladder then shows her."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from omni_core.recommend.base import Model
from omni_core.recommend.cold import Ladder, share_by_route
from omni_core.recommend.desk import Desk, Served
from omni_core.recommend.distinct import one_each
from omni_core.recommend.interactions import Interactions
from omni_core.recommend.reasons import clicked, reasons, shared
from omni_core.recommend.task import Task

_AT_ONCE = 2000  # shoppers
_WINDOW = 300  # goods to click: the best known ones
_NOBODY = "\0new"  # an id that no shop has


def by_shoppers(x: Interactions) -> list[Any]:
    """Return all goods, those of most shoppers first."""
    return list(x.items.take(np.lexsort((np.arange(len(x.items)), -x.shoppers))))


def windows(x: Interactions) -> list[Any]:
    """Return the goods that a new shopper would meet first: those of most shoppers."""
    return by_shoppers(x)[:_WINDOW]


def ladder(desk: Desk, task: Task) -> Ladder:
    """Return a setting's method on the ladder, whether the setting asks for it or not."""
    made = desk.live(task.model, task.fields, task.ladder or {})
    assert isinstance(made, Ladder)
    return made


def rungs(desk: Desk, task: Task) -> Ladder:
    """Return a setting's method on the rungs for new shoppers alone: no goods borrow."""
    made = desk.live(task.model, task.fields, {"enough": 0})
    assert isinstance(made, Ladder)
    return made


def routes(made: Ladder, desk: Desk) -> pd.DataFrame:
    """Return which rung serves how many: all shoppers known to the shop, also those who only came.

    A frame of route, shoppers, share.
    """
    people = desk.all.people
    users = list(desk.all.users if people is None else people.index.union(desk.all.users))
    parts = [share_by_route(made.routed(users[start : start + _AT_ONCE], 1, ())) for start in
             range(0, len(users), _AT_ONCE)]
    total = sum(part["shoppers"] for part in parts)
    return parts[0].assign(shoppers=total, share=total / max(int(total.sum()), 1))


def fresh(made: Ladder) -> pd.DataFrame:
    """Return the goods that borrow, with how many shoppers each has: item, shoppers; new first."""
    n, borrows = made.train.shoppers, made._lent.diagonal() < 1
    rows = pd.DataFrame({"item": list(made.train.items), "shoppers": n})[borrows]
    return rows.sort_values("shoppers", kind="stable", ignore_index=True)


def lenders(made: Ladder, item: Any) -> pd.DataFrame:
    """Return what a product's score is made of: item, share; itself among them, largest first."""
    column = made._lent[:, [made._item(item)]].tocoo()
    rows = pd.DataFrame({"item": made.train.items.take(column.row), "share": column.data})
    return rows.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def own_share(made: Ladder, item: Any) -> float:
    """Return what share of a product's score is its own."""
    return float(made._lent[made._item(item), made._item(item)])


def alike(model: Model, item: Any, n: int = 10) -> pd.DataFrame:
    """Return the goods most like one: item, rank, score, both, base, by (see ``shared``)."""
    found = model.similar_items(item, n)
    proof = [shared(model, item, other) for other in found["item"]]
    return found.assign(both=[p[0] for p in proof], base=[p[1] for p in proof],
                        by=[p[2] for p in proof])


def segments(x: Interactions) -> list[str]:
    """Return the names of the shop's segments; empty where the data don't say."""
    known = x.about_users("segment")
    return [] if known is None else sorted({str(s) for s in known if s is not None})


def serve(
    ladder: Ladder, clicks: Sequence[Any], segment: str | None, n: int,
    without: Iterable[Any] = (),
) -> Served:
    """Return the list of a shopper without a history who clicked these, the last one last."""
    found, left = one_each(lambda m: ladder.routed(
        [_NOBODY], m, (), tuple(without), clicks={_NOBODY: clicks},
        segments={} if segment is None else {_NOBODY: segment}), ladder.train, n, (), clicks)
    items = tuple(found["item"])
    told = clicked(ladder, clicks, items) if clicks else reasons(ladder, _NOBODY, items)
    return Served(items, tuple(found["score"]), tuple(told), str(found["route"].iloc[0])
                  if len(found) else None, tuple(left["item"]))
