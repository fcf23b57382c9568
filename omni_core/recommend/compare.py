"""Models side by side on the same shoppers, each against the bestsellers; and one by groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from omni_core.recommend.base import Model
from omni_core.recommend.evaluate import Evaluation, evaluate, interval, paired
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.popularity import Popularity

METRICS = ("ndcg", "recall", "hit_rate", "hit_rate_new", "hit_rate_resurfaced", "resurfaced",
           "coverage", "novelty")
COLUMNS = ("model", "metric", "value", "low", "high", "difference", "difference_low",
           "difference_high")
LENGTHS = (("0", 0, 0), ("1", 1, 1), ("2", 2, 2), ("3-5", 3, 5), ("6+", 6, np.inf))


def compare(
    models: Mapping[str, Model], test: Interactions, k: int = 10,
    exclude: Iterable[str] = ("purchase",), events: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Measure fitted models on the same test shoppers, with 95 % ranges.

    A frame of model, metric, value, low, high, and the difference to bestsellers of the same
    training data with its range, paired shopper by shopper (empty for coverage and novelty, which
    are no means over shoppers).
    """
    exclude, events = tuple(exclude), None if events is None else tuple(events)
    rows = []
    for name, model in models.items():
        mine = evaluate(model, test, (k,), exclude, events)
        base = Popularity(weights=model.params.weights).fit(model.train)
        rows += _rows(name, mine, evaluate(base, test, (k,), exclude, events), k)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(name: str, mine: Evaluation, base: Evaluation, k: int) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for metric in (f"{m}@{k}" for m in METRICS):
        row: dict[str, object] = {"model": name, "metric": metric, "value": mine[metric]}
        if metric in mine.per_user:
            own, gap = interval(mine.per_user[metric]), paired(mine, base, metric)
            row |= {"low": own.low, "high": own.high, "difference": gap.mean,
                    "difference_low": gap.low, "difference_high": gap.high}
        rows.append(row)
    return rows


def by_history(measured: Evaluation, metric: str) -> pd.DataFrame:
    """Return a metric by how many items a shopper had before: group, users, value, low, high."""
    n = measured.history
    return _groups(measured, metric, [
        (name, (n >= low) & (n <= high)) for name, low, high in LENGTHS])


def by_people(measured: Evaluation, metric: str, x: Interactions, column: str) -> pd.DataFrame:
    """Return a metric by "age_band" or "segment" as ``x`` knows them, "unknown" last.

    Empty where the data don't say.
    """
    if x.people is None or column not in x.people:
        return _groups(measured, metric, [])
    found = x.people[column].reindex(pd.Index(measured.shoppers)).to_numpy(dtype=object)
    missing = np.asarray(pd.isna(found))
    texts = np.array(["" if gone else str(v) for v, gone in zip(found, missing, strict=True)])
    names = sorted(set(texts[~missing]))
    return _groups(measured, metric, [
        *((name, ~missing & (texts == name)) for name in names), ("unknown", missing)])


def _groups(
    measured: Evaluation, metric: str, groups: list[tuple[str, Array]]
) -> pd.DataFrame:
    rows = []
    for name, inside in groups:
        if inside.any():
            r = interval(measured.per_user[metric][inside])
            rows.append({"group": name, "users": int(inside.sum()), "value": r.mean,
                         "low": r.low, "high": r.high})
    return pd.DataFrame(rows, columns=["group", "users", "value", "low", "high"])
