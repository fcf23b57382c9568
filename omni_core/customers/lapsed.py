"""Who has stayed away longer than buyers do, and how often such a pause ended by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from omni_core.customers.history import History
from omni_core.i18n import _, number, percent
from omni_core.metrics import wilson
from omni_core.segments import Condition, Segment

LEAST, MOST = 7, 730  # days


@dataclass(frozen=True, slots=True)
class Pauses:
    """Pauses between two purchase days of a buyer.

    usual: the median; long: nine of ten are shorter. ``suggested``: the days from which a pause
    is called long; None with fewer than 30 pauses.
    """

    count: int
    usual: float
    long: float

    @property
    def suggested(self) -> int | None:
        """The days after which somebody counts as lapsed."""
        return int(np.clip(self.long, LEAST, MOST)) if self.count >= 30 else None


def pauses(history: History) -> Pauses:
    """Measure the pauses of all buyers."""
    gaps = _gaps(history)
    if not len(gaps):
        return Pauses(0, float("nan"), float("nan"))
    return Pauses(len(gaps), float(np.median(gaps)), float(np.quantile(gaps, 0.9)))


def _gaps(history: History) -> np.ndarray:
    days = history.days
    gap = days.groupby("user")["day"].diff().dt.days
    return gap.dropna().to_numpy(float)


def came_back(history: History, days: int, today: pd.Timestamp) -> tuple[int, int]:
    """Return of how many pauses of ``days``, how many ended in the ``days`` after that.

    Only of those that could be watched for so long.
    """
    table = history.days.sort_values(["user", "day"])
    following = table.groupby("user")["day"].shift(-1)
    watched = table["day"] + pd.Timedelta(days=2 * days) <= today
    gap = (following - table["day"]).dt.days.fillna(np.inf)
    silent = watched & (gap >= days)
    return int(silent.sum()), int((silent & (gap < 2 * days)).sum())


def segment(days: int) -> Segment:
    """Return the buyers of twice and more whose last order is ``days`` ago or longer."""
    return Segment((Condition("orders", "at_least", 2),
                    Condition("days_since_order", "at_least", days)))


def sentence(found: Pauses, days: int, people: int, watched: int, back: int) -> str:
    """Say who is lapsed and how many of such in the past came back by themselves."""
    text = _("{n} customers with two orders or more have not ordered for {days} days.").format(
        n=number(people), days=number(days))
    if found.count:
        text += _(" Half of all pauses between two orders last {usual} days or less, nine of ten "
                  "{long} or less (n = {n}).").format(
            usual=number(found.usual), long=number(found.long), n=number(found.count))
    if watched:
        low, high = wilson(back, watched)
        text += _(" Of {n} such silences in the past, {share} (likely {low}–{high}) ended by "
                  "themselves within {days} more days: count a win-back against that.").format(
            n=number(watched), share=percent(back / watched), low=percent(low),
            high=percent(high), days=number(days))
    return text
