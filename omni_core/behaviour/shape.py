"""Small reshapings of query results: nothing here sees raw events."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import NormalDist

import pandas as pd

WEEKDAYS = range(1, 8)
HOURS = range(24)


def window_before(
    start: date | None, end: date | None, last: date | None
) -> tuple[date, date] | None:
    """Return the equally long period just before [start, end), or None when there is no start.

    ``end`` None means up to and with ``last``, the last day in the data.
    """
    stop = end or (last + timedelta(days=1) if last else None)
    if start is None or stop is None:
        return None
    length = stop - start
    return start - length, start


def week_grid(hours: pd.DataFrame) -> pd.DataFrame:
    """Return events as a 7 x 24 table (weekdays 1-7 down, hours 0-23 across), 0 where none."""
    grid = hours.pivot_table(index="weekday", columns="hour", values="events", aggfunc="sum")
    return grid.reindex(index=WEEKDAYS, columns=HOURS).fillna(0.0)


def scatter(grid: pd.DataFrame) -> float:
    """Return how much more than chance alone the cells of ``week_grid`` scatter: 1 and up.

    Events come in visits, so their counts scatter more than Poisson about "weekday times hour": the
    quasi-Poisson dispersion.
    """
    counts = grid.to_numpy(float)
    if not counts.any():
        return 1.0
    expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
    squares = (counts - expected)[expected > 0] ** 2 / expected[expected > 0]
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    return max(1.0, float(squares.sum()) / freedom)


def peak(grid: pd.DataFrame) -> tuple[int, int] | None:
    """Return (weekday, hour) of the busiest cell of ``week_grid``, None if chance explains it.

    The count must pass a Poisson bound on the mean of all cells (Byar's approximation), at 5 in
    100 over all the cells together, widened by their ``scatter``.
    """
    counts = grid.to_numpy(float)
    mean, most = counts.mean(), counts.max()
    if not most:
        return None
    more = scatter(grid)
    x, m = most / more, mean / more
    score = 3 * x**0.5 * (1 - 1 / (9 * x) - (m / x) ** (1 / 3))
    if score <= NormalDist().inv_cdf(1 - 0.05 / counts.size):
        return None
    weekday, hour = divmod(int(counts.argmax()), counts.shape[1])
    return int(grid.index[weekday]), int(grid.columns[hour])


def by_week(trend: pd.DataFrame) -> pd.DataFrame:
    """Return the daily trend summed by week: week (its Monday), orders, revenue, days.

    ``days`` counts the calendar days of the week inside the period, so that a part of a week at
    either end isn't read as a fall.
    """
    if trend.empty:
        return pd.DataFrame({"week": [], "orders": [], "revenue": [], "days": []})
    days = trend.assign(day=pd.to_datetime(trend["day"])).set_index("day").sort_index()
    days = days[["orders", "revenue"]].astype(float)
    days = days.reindex(pd.date_range(days.index[0], days.index[-1])).fillna(0.0)
    monday = days.index - pd.to_timedelta(days.index.day_of_week, unit="D")
    weeks = days.assign(days=1).groupby(monday).sum()
    weeks.index.name = "week"
    return weeks.reset_index()


def bin_ages(ages: pd.DataFrame) -> pd.DataFrame:
    """Return one row per year of age between the youngest and the oldest: age, shoppers.

    A year of which a count is hidden stays hidden (NaN).
    """
    known = ages.dropna(subset=["age"])
    if known.empty:
        return pd.DataFrame({"age": [], "shoppers": []})
    counts = known.assign(age=known["age"].astype(int)).groupby("age")["shoppers"]
    counts = counts.agg(lambda n: float("nan") if n.isna().any() else float(n.sum()))
    full = range(int(counts.index.min()), int(counts.index.max()) + 1)
    return counts.reindex(full, fill_value=0).rename_axis("age").reset_index()


def years_of(ages: pd.DataFrame, bands: pd.DataFrame) -> pd.DataFrame:
    """Return ``ages`` with every year hidden whose band is: else they would add up to it."""
    away = ages["band"].isin(set(bands.loc[bands["shoppers"].isna(), "band"]))
    if not away.any():
        return ages
    return ages.assign(shoppers=ages["shoppers"].astype("Int64").mask(away))


def bin_views(counts: pd.DataFrame, doubling: bool = False, bars: int = 30) -> pd.DataFrame:
    """Return shoppers per range of view counts: low, high (inclusive; NaN = and more), shoppers.

    Equal ranges up to the 97th percentile and one for the rest; or, ``doubling``, ranges each
    twice as wide as the one before (1, 2-3, 4-7, ...), in which a long tail stays visible.
    """
    empty = pd.DataFrame({"low": [], "high": [], "shoppers": []})
    table = counts[counts["shoppers"] > 0].sort_values("views")
    if table.empty:
        return empty
    views, shoppers = table["views"].astype(int), table["shoppers"]
    least, most = int(views.iloc[0]), int(views.iloc[-1])
    if doubling:
        lows = ([0] if least == 0 else []) + [2**k for k in range(most.bit_length())]
    else:
        reached = shoppers.cumsum() >= 0.97 * shoppers.sum()
        end = int(views[reached].iloc[0])
        width = max(1, -(-(end - least + 1) // bars))
        lows = list(range(least, end + 1, width))
        if lows[-1] + width <= most:
            lows.append(lows[-1] + width)
    highs = [float(low - 1) for low in lows[1:]]
    highs.append(float("nan") if not doubling and lows[-1] < most else float(most))
    place = pd.cut(views, [low - 1 for low in lows] + [most], labels=False)
    summed = shoppers.groupby(place).sum().reindex(range(len(lows)), fill_value=0)
    found = pd.DataFrame({"low": lows, "high": highs, "shoppers": summed.to_numpy()})
    return found.iloc[int((found["shoppers"] > 0).argmax()) :].reset_index(drop=True)


def weekly(trend: pd.DataFrame, by: str) -> pd.Series:
    """Return the daily trend's measure by week (its Monday), 0 where none."""
    if trend.empty:
        return pd.Series(dtype=float)
    return by_week(trend).set_index("week")[by].astype(float)


def week_bounds(weeks: pd.DataFrame) -> list[tuple[date, date]]:
    """Return the first and last day of each week of ``by_week``."""
    return [(w.date(), w.date() + timedelta(days=6)) for w in pd.to_datetime(weeks["week"])]


def by_month(trend: pd.DataFrame) -> pd.DataFrame:
    """Return orders by month of the year: month ("01" to "12"), orders."""
    if trend.empty:
        return pd.DataFrame({"month": pd.Series(dtype=object), "orders": pd.Series(dtype=float)})
    months = pd.to_datetime(trend["day"]).dt.strftime("%m")
    return trend.groupby(months)["orders"].sum().rename_axis("month").reset_index()


def counted(table: pd.DataFrame, count: str) -> pd.DataFrame:
    """Return any "how many have so many views" as ``browsing_counts`` has it: views, shoppers."""
    return table.rename(columns={count: "shoppers"})
