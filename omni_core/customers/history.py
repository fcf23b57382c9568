"""Who bought on which days: the summaries that models of repeat purchase are fitted on.

Orders of one day are one purchase, as in the literature: a second basket on the same day is no
decision to come back. Time is counted in weeks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

WEEK = 7.0  # days


@dataclass(frozen=True, slots=True)
class Summary:
    """One entry a buyer, in the order of ``users``; arrays of floats, (n,).

    repeats: purchases after the first (x); last: weeks from the first to the last (t_x); age:
    weeks from the first to the day of the summary (T); spend: mean amount of a repeat purchase,
    NaN where there is none.
    """

    users: np.ndarray
    repeats: np.ndarray
    last: np.ndarray
    age: np.ndarray
    spend: np.ndarray

    def __len__(self) -> int:
        return len(self.users)


@dataclass(frozen=True, slots=True)
class History:
    """Purchases by buyer and day (query "order_days": user, day, orders, revenue)."""

    days: pd.DataFrame

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> History:
        """Take the rows of "order_days", or any frame with user, day and revenue."""
        days = frame.assign(day=pd.to_datetime(frame["day"]).dt.normalize())
        days = days.groupby(["user", "day"], as_index=False, sort=True)["revenue"].sum()
        return cls(days)

    @property
    def first(self) -> pd.Timestamp:
        """The day of the first purchase on record."""
        return self.days["day"].min()

    @property
    def last(self) -> pd.Timestamp:
        """The day of the last purchase on record."""
        return self.days["day"].max()

    def until(self, day: pd.Timestamp) -> Summary:
        """Summarise what was known at the end of ``day``; later purchases change nothing."""
        known = self.days[self.days["day"] <= day]
        buyer = known.groupby("user", sort=True)
        first, last, times = buyer["day"].min(), buyer["day"].max(), buyer.size()
        opening = buyer["revenue"].first()  # rows are sorted by day
        repeats = (times - 1).to_numpy(float)
        with np.errstate(invalid="ignore"):
            spend = (buyer["revenue"].sum() - opening).to_numpy(float) / np.where(
                repeats > 0, repeats, np.nan)
        return Summary(
            times.index.to_numpy(), repeats, (last - first).dt.days.to_numpy(float) / WEEK,
            (day - first).dt.days.to_numpy(float) / WEEK, spend)

    def between(self, after: pd.Timestamp, until: pd.Timestamp, users: np.ndarray) -> np.ndarray:
        """Count each user's purchase days later than ``after``, up to and with ``until``: (n,)."""
        later = self.days[(self.days["day"] > after) & (self.days["day"] <= until)]
        return later.groupby("user").size().reindex(users, fill_value=0).to_numpy(float)
