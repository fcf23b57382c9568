"""What a model is tried on, and what it may have learned before: rolling origins.

The latest campaigns (or windows of days) are foreseen one after the other, each by a model that has
seen only what was known before it was sent: earlier rows, with the answers given by then (Tashman
2000, "Out-of-sample tests of forecasting accuracy"). Their scores are judged together. One campaign
alone has too few answers to carry a verdict, and before each a shop learns anew as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import TooFewOutcomes
from omni_core.targeting.alarms import NEED_POSITIVES
from omni_core.targeting.model import ResponseModel
from omni_core.targeting.stack import Stack, hashed
from omni_core.targeting.targets import moment

if TYPE_CHECKING:
    import pandas as pd

MOST_ORIGINS = 6    # models fitted for a trial; more campaigns than that share one
_SHARE = 0.25       # of the rows that are tried on, at least
_LEAST = 10         # of each outcome, on either side of a cut


@dataclass(frozen=True)
class Split:
    """Which rows are learned from and which are tried on, and the outcomes to learn from."""

    how: str  # "time" | "shoppers"
    cut: date | None
    train: NDArray[np.bool_]
    test: NDArray[np.bool_]
    y_train: NDArray[np.int64]


def split(ws: Any, rows: Stack) -> Split:
    """Cut a stack in time: the latest days are tried on, with what was known before all of them.

    They hold a quarter of the rows and 50 of either outcome, where as many are known before them;
    else a quarter and 10. Where even that is not to be had (one campaign only), shoppers are
    divided by a hash of their id instead: ``how`` is "shoppers" and says nothing about how the
    score lasts. Raises ``TooFewOutcomes``.
    """
    for need in (NEED_POSITIVES, _LEAST):
        for day in np.unique(rows.day)[:0:-1]:
            test = rows.day >= day
            if test.mean() >= _SHARE and _both(rows.y[test], need):
                part = _before(ws, rows, day, test)
                if _both(part.y_train, need):
                    return part
                break
    test = hashed(rows.user, "test") < 1 / 3
    if not (_both(rows.y[test], _LEAST) and _both(rows.y[~test], _LEAST)):
        rarer = int(min(rows.y.sum(), len(rows.y) - rows.y.sum()))
        raise TooFewOutcomes(need=3 * _LEAST, have=rarer)
    return Split("shoppers", None, ~test, test, rows.y[~test])


def origins(ws: Any, rows: Stack) -> tuple[Split, ...]:
    """Return the same days one after the other, each with what was known before it.

    More than six are grouped, to about as many rows each; a group is foreseen from before its first
    day. People divided at random are one origin. Raises ``TooFewOutcomes``.
    """
    whole = split(ws, rows)
    if whole.how != "time":
        return (whole,)
    days, counts = np.unique(rows.day[whole.test], return_counts=True)
    group = np.arange(len(days))
    if len(days) > MOST_ORIGINS:
        group = (MOST_ORIGINS * (np.cumsum(counts) - counts)) // counts.sum()
    parts = []
    for one in np.unique(group):
        mine = days[group == one]
        test = (rows.day >= mine[0]) & (rows.day <= mine[-1])
        parts.append(_before(ws, rows, mine[0], test))
    return tuple(parts)


def tried(parts: Sequence[Split]) -> NDArray[np.bool_]:
    """Return which rows are tried on at any of the origins."""
    return np.logical_or.reduce([part.test for part in parts])


def foreseen(
    parts: Sequence[Split], x: pd.DataFrame, labels: Sequence[NDArray[np.int64]],
    kind: str = "logistic", known_after: Sequence[str] = (),
) -> tuple[NDArray[np.float64], tuple[ResponseModel, ...]]:
    """Return the probabilities of the rows tried on, in their order, and each origin's model.

    ``labels``: the outcomes to learn from at each origin. Raises what ``ResponseModel.fit`` does.
    """
    out, models = np.zeros(len(x)), []
    for part, y in zip(parts, labels, strict=True):
        model = ResponseModel(kind, known_after).fit(x[part.train], y)
        out[part.test] = model.predict_proba(x[part.test])
        models.append(model)
    return out[tried(parts)], tuple(models)


def _before(ws: Any, rows: Stack, day: np.datetime64, test: NDArray[np.bool_]) -> Split:
    """Return an origin: rows of days before ``day`` with what had been answered by then."""
    cut, train = day.astype(object), rows.day < day
    answered = rows.known_by < np.datetime64(moment(ws, cut), "us")
    # A file that only says "answered" gives no moment; the answer counts as given in time.
    y = (rows.y * (answered | np.isnat(rows.known_by)))[train]
    return Split("time", cut, train, test, y.astype(np.int64))


def _both(y: NDArray[np.int64], need: int) -> bool:
    return need <= int(y.sum()) <= len(y) - need
