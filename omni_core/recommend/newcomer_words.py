"""What the recommend page says of those without a past: the ladder, new goods, goods alike."""

from __future__ import annotations

from typing import Any

import pandas as pd

from omni_core.i18n import N_, _, ngettext, number, percent
from omni_core.recommend.names import Names
from omni_core.recommend.quality import history_name

ROUTES = {
    "history": N_("From the shopper's own history"),
    "session": N_("From what is being clicked right now"),
    "segment": N_("Bestsellers of the segment"), "bestsellers": N_("Bestsellers of all shoppers"),
}


def routes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rungs of the ladder as shown: route, shoppers, share."""
    return rows.assign(route=[_(ROUTES[name]) for name in rows["route"]])


def routes_words(rows: pd.DataFrame) -> str:
    """Say how many shoppers are served from their own history, and how the rest are."""
    share = rows.set_index("route")["share"]
    return _(
        "{own} of {n} shoppers get a list from their own history; {segment} the bestsellers of "
        "their segment, {rest} those of all."
    ).format(own=percent(share["history"], 0), n=number(rows["shoppers"].sum()),
             segment=percent(share["segment"], 0), rest=percent(share["bestsellers"], 0))


def cold_words(found: pd.DataFrame) -> str:
    """Say what the lists are worth to those without a history."""
    first = found.iloc[0] if len(found) else None
    if first is None or first["group"] != history_name("0"):
        return _("Every held-out shopper had a history.")
    return _(
        "Of {n} held-out shoppers who were new, {share} found something among their ten."
    ).format(n=number(first["users"]), share=percent(first["value"]))


def fresh_words(fresh: pd.DataFrame, item: Any, own: float, names: Names) -> str:
    """Say what share of a new product's score is its own, and how many such goods there are."""
    n = int(fresh.loc[fresh["item"] == item, "shoppers"].iloc[0])
    return ngettext(
        "{count} goods borrow. “{name}” has {n} shopper: {own} of its score is its own, the rest "
        "comes from the goods most like it.",
        "{count} goods borrow. “{name}” has {n} shoppers: {own} of its score is its own, the rest "
        "comes from the goods most like it.", n,
    ).format(count=number(len(fresh)), name=names.of(item), n=number(n), own=percent(own, 0))


def lent_table(rows: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return what a product borrows from, as shown: name, category, share."""
    return pd.DataFrame({
        "name": [names.of(i) for i in rows["item"]],
        "category": [names.category(i) for i in rows["item"]], "share": rows["share"]})


def alike_table(rows: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Return goods alike as shown: rank, name, category, how many have both, score."""
    words = [
        _("{both} of its {base} buyers").format(both=number(r.both), base=number(r.base)) if r.by
        else _("{both} of its {base} shoppers").format(both=number(r.both), base=number(r.base))
        for r in rows.itertuples()]
    return pd.DataFrame({
        "rank": rows["rank"], "name": [names.of(i) for i in rows["item"]],
        "category": [names.category(i) for i in rows["item"]], "both": words,
        "score": rows["score"].round(6)})
