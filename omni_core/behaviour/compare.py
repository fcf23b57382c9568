"""Two groups side by side: shares of each, the largest gap, and whether chance explains it."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from statistics import NormalDist
from typing import Any

import pandas as pd

from omni_core.behaviour.labels import hour_name
from omni_core.behaviour.shape import bin_views, counted, scatter, week_grid
from omni_core.i18n import _, number, percent
from omni_core.metrics import wilson

COLUMNS = ["label", "first", "second", "first_share", "second_share"]


def shares(
    first: pd.DataFrame, second: pd.DataFrame, key: str, count: str,
    label: Callable[[Any], Any] = str, *, of: tuple[float, float] | None = None, most: int = 0,
    words: str = "{label}",
) -> pd.DataFrame:
    """Return both groups' counts by ``key`` and their shares: label, first, second, *_share.

    The order is the first frame's, keys of the second alone come after. ``of``: what the shares are
    of, where it isn't the sum (people who may count in several rows). ``most``: only so many rows,
    those with most in both. A hidden count stays empty in both groups, and out of both sums, which
    would tell it. ``words``: what a label is put into in a
    sentence, where it says too little alone. ``attrs["of"]`` of the result: what the shares of each
    group are of.
    """
    a = first.dropna(subset=[key]).set_index(key)[count]
    b = second.dropna(subset=[key]).set_index(key)[count]
    keys = list(dict.fromkeys([*a.index, *b.index]))
    one = a.groupby(level=0).sum(min_count=1).reindex(keys).astype(float)
    two = b.groupby(level=0).sum(min_count=1).reindex(keys).astype(float)
    hidden = a[a.isna()].index.union(b[b.isna()].index)
    one, two = (t.fillna(0.0).mask(t.index.isin(hidden)) for t in (one, two))
    whole = of or (float(one.sum()), float(two.sum()))
    table = pd.DataFrame({
        "label": [label(k) for k in keys], "first": one.to_numpy(), "second": two.to_numpy(),
        "first_share": (one / whole[0] if whole[0] else one * float("nan")).to_numpy(),
        "second_share": (two / whole[1] if whole[1] else two * float("nan")).to_numpy()})
    if most and len(table) > most:
        best = (table["first_share"] + table["second_share"]).nlargest(most).index
        table = table.loc[sorted(best)]
    table = table.reset_index(drop=True)
    table.attrs |= {"of": whole, "words": words}
    return table


def ranges(first: pd.DataFrame, second: pd.DataFrame, count: str) -> pd.DataFrame:
    """Return ``shares`` of both groups' view counts in ranges each twice as wide as the last."""
    a, b = (bin_views(counted(t, count), doubling=True) for t in (first, second))
    table = shares(a, b, "low", "shoppers", int, words=_("{label} views")).sort_values(
        "label", ignore_index=True)
    return table.assign(label=[_range(low) for low in table["label"]])


def hours(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Return ``shares`` of both groups' events by hour of the day (``hour_by_weekday``).

    ``attrs["scatter"]``: by how much each group's events scatter more than single ones would.
    """
    table = shares(first, second, "hour", "events", hour_name)
    table.attrs["scatter"] = tuple(scatter(week_grid(t)) for t in (first, second))
    return table


def _range(low: int) -> str:
    return number(low) if low < 2 else f"{number(low)}–{number(2 * low - 1)}"


def difference(
    k1: float, n1: float, k2: float, n2: float, z: float = 1.96
) -> tuple[float, float]:
    """Return the range of the difference of two rates, by default 95 in 100.

    Source: Newcombe, "Interval estimation for the difference between independent proportions"
    (1998), method 10.
    """
    p1, p2 = k1 / n1, k2 / n2
    (l1, u1), (l2, u2) = wilson(k1, n1, z), wilson(k2, n2, z)
    low = p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2)
    high = p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)
    return low, high


def sentence(table: pd.DataFrame, names: tuple[str, str]) -> str:
    """Say where two groups (``shares``) differ most beyond chance, or that it can't be told.

    The ranges hold in 95 of 100 cases for all rows together (Bonferroni): of a dozen rows one would
    else stand out by chance every other time.
    """
    known = table.dropna(subset=["first_share", "second_share"])
    n1, n2 = table.attrs["of"]
    s1, s2 = table.attrs.get("scatter", (1.0, 1.0))  # so many events tell as much as a single one
    if known.empty or not n1 or not n2:
        return _("There is nothing to compare: one of the two groups is empty here.")
    best, z = None, NormalDist().inv_cdf(1 - 0.05 / (2 * len(known)))
    for row in known.itertuples():
        low, high = difference(
            min(row.first, n1) / s1, n1 / s1, min(row.second, n2) / s2, n2 / s2, z)
        sure = max(low, -high)  # how far from 0 the nearer end lies
        if best is None or sure > best[0]:
            best = (sure, row, low, high)
    assert best is not None
    sure, row, low, high = best
    if sure <= 0:
        return _(
            "With your data {a} ({n}) and {b} ({m}) cannot be told apart here."
        ).format(a=names[0], b=names[1], n=number(n1), m=number(n2))
    return _(
        "They differ most at {label}: {share} of {a} ({n}) against {other} of {b} ({m}), a gap of "
        "{low} to {high} points."
    ).format(
        label=table.attrs["words"].format(label=row.label),
        share=percent(row.first_share), other=percent(row.second_share),
        a=names[0], b=names[1], n=number(n1), m=number(n2),
        **_points(low, high))


def _points(low: float, high: float) -> dict[str, str]:
    """Return both ends of a gap that isn't 0, with as many places as show that it isn't."""
    places = next(n for n in range(1, 9) if n == 8 or round(100 * low, n) and round(100 * high, n))
    return {name: f"{100 * end:+.{places}f}" for name, end in (("low", low), ("high", high))}


def by_choice(table: pd.DataFrame, names: tuple[str, str]) -> str:
    """Say that two groups (``shares``) were chosen by what is shown: a difference is no finding."""
    n1, n2 = table.attrs["of"]
    return _(
        "{a} ({n}) and {b} ({m}) are chosen by what this chart shows, so their difference here is "
        "no finding."
    ).format(a=names[0], b=names[1], n=number(n1), m=number(n2))


def totals(
    names: tuple[str, str], first: float, second: float, shown: Callable[[float], str]
) -> str:
    """Say two totals side by side, and what one is of the other."""
    text = _("{a}: {x}; {b}: {y}.").format(
        a=names[0], b=names[1], x=shown(first), y=shown(second))
    if second > 0:
        text += _(" That is {share} of it.").format(share=percent(first / second, 0))
    return text


def named(table: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """Return the table for eyes and files, its columns under the names of the groups."""
    a, b = names if names[0] != names[1] else (names[0], names[1] + " (2)")
    shown = pd.DataFrame({_("Compared"): table["label"]})
    for side, name in (("first", a), ("second", b)):
        shown[name] = table[side].astype("Int64")
        shown[_("{name}, share in %").format(name=name)] = (100 * table[f"{side}_share"]).round(2)
    return shown
