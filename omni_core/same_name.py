"""When two goods have the same name: one answer for the lists and for what is said of the shop."""

from __future__ import annotations

import unicodedata

import pandas as pd


def same_name(name: str) -> str:
    """Return a name as it is compared: without spaces, full or half width, in any case."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def shared_names(goods: pd.DataFrame) -> pd.DataFrame:
    """Return one row of goods (item, name): names, how many stand under several ids; name, ids.

    ``name`` is the one that stands under most, ``ids`` two of its ids as a text; both may be empty.
    """
    one = goods.assign(one=[same_name(n) for n in goods["name"]])
    several = one[(one["one"] != "") & one.duplicated("one", keep=False)].groupby("one").agg(
        n=("item", "size"), name=("name", "min"), first=("item", "min"), last=("item", "max"))
    most = several.reset_index().sort_values(["n", "one"]).tail(1)
    return pd.DataFrame({
        "names": [len(several)], "name": [*most["name"], ""][:1],
        "ids": [*(most["first"] + ", " + most["last"]), ""][:1]})
