"""Days that stand out, and what they are called: festivals, sales days, pay-days."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import pandas as pd

from omni_core import lunar
from omni_core.i18n import N_, _, change, day, gap, ngettext, number

NEAR = 3  # days: a sale begins before its day and ends after it
_WINDOW = 29  # days in which a usual day is looked for
# (month, day): those that fall on the same day every year
_FIXED = {
    "new_year": (1, 1), "valentine": (2, 14), "womens_day": (3, 8), "labour_day": (5, 1),
    "520": (5, 20), "618": (6, 18), "99": (9, 9), "national_day": (10, 1), "double11": (11, 11),
    "double12": (12, 12), "christmas": (12, 25),
}
_LUNAR = {"spring_festival": "spring", "mid_autumn": "autumn"}  # code: one of ``lunar.FESTIVALS``
NAMES = {
    "new_year": N_("New Year"), "valentine": N_("Valentine's Day"), "womens_day": N_("8 March"),
    "labour_day": N_("Labour Day"), "520": N_("20 May"), "618": N_("618"),
    "99": N_("9 September sale"), "national_day": N_("National Day"),
    "double11": N_("Double 11"), "double12": N_("Double 12"), "christmas": N_("Christmas"),
    "black_friday": N_("Black Friday"), "spring_festival": N_("Spring Festival"),
    "mid_autumn": N_("Mid-Autumn Festival"),
}
# those that shops make much of; the rest are named where they bring something
LOUD = ("double11", "black_friday", "double12", "spring_festival", "womens_day", "618",
        "mid_autumn")


def marks(first: date, last: date) -> list[tuple[date, str]]:
    """Return the named days from ``first`` to ``last`` in order, with their codes."""
    found = []
    for year in range(first.year, last.year + 1):
        days = {code: date(year, *at) for code, at in _FIXED.items()}
        days |= {code: at for code, festival in _LUNAR.items()
                 if (at := lunar.day(festival, year)) is not None}
        opens = date(year, 11, 1)  # the Friday after November's fourth Thursday
        days["black_friday"] = opens + timedelta(days=(3 - opens.weekday()) % 7 + 22)
        found += [(at, code) for code, at in days.items() if first <= at <= last]
    return sorted(found)


def whole_days(trend: pd.DataFrame, by: str = "orders") -> pd.Series:
    """Return the daily ``trend`` as a series over every day from its first to its last."""
    daily = trend.assign(day=pd.to_datetime(trend["day"])).groupby("day")[by].sum().astype(float)
    return daily.reindex(pd.date_range(daily.index.min(), daily.index.max()), fill_value=0.0)


def usual(daily: pd.Series) -> pd.Series:
    """Return what each day would be without its occasion: the weeks around it, and its weekday."""
    around = daily.rolling(_WINDOW, center=True, min_periods=min(7, len(daily))).median()
    around = around.clip(lower=0.5)
    weekday = daily.index.day_of_week
    ratio = (daily / around).groupby(weekday).median()
    ratio = ratio / ratio.mean() if ratio.mean() > 0 else ratio * 0 + 1
    return around * np.maximum(ratio.reindex(weekday).to_numpy(), 0.1)


def _scatter(daily: pd.Series, expected: pd.Series) -> float:
    """How much more than chance alone usual days scatter (1 and up), whatever the peaks do."""
    squares = (daily - expected) ** 2 / expected
    return max(1.0, float(squares.median()) / 0.4549)  # the median of chi-square with 1 degree


def peaks(trend: pd.DataFrame) -> pd.DataFrame:
    """Return the days that stand out: day (the highest of its run), orders, usual, days, name.

    A day counts when its orders pass what the days around it lead to expect by more than chance
    and their usual scatter allow, at 5 in 100 over all days. ``name`` is a code of ``NAMES`` within
    ``NEAR`` days of the run, or "".
    """
    columns = ["day", "orders", "usual", "days", "name"]
    if len(trend) < 28:
        return pd.DataFrame(columns=columns)
    daily = whole_days(trend)
    expected = usual(daily)
    bound = NormalDist().inv_cdf(1 - 0.05 / len(daily))
    scatter = _scatter(daily, expected)
    high = daily > expected + bound * np.sqrt(expected * scatter) + bound
    runs = (~high).cumsum()[high]
    named = marks(daily.index[0].date() - timedelta(days=NEAR),
                  daily.index[-1].date() + timedelta(days=NEAR))
    rows = []
    for _run, part in daily[high].groupby(runs):
        top = part.idxmax()
        low, up = part.index[0].date(), part.index[-1].date()
        near = [(abs((at - top.date()).days), code) for at, code in named
                if low - timedelta(days=NEAR) <= at <= up + timedelta(days=NEAR)]
        rows.append((top, part[top], expected[top], len(part), min(near)[1] if near else ""))
    return pd.DataFrame(rows, columns=columns)


def by_monthday(trend: pd.DataFrame) -> pd.DataFrame:
    """Return each day of the month against a usual day: monthday, orders, ratio, score, months.

    What a single day brings beyond chance counts no further, so that one sale makes no rule.
    ``score``: how many standard deviations above usual, with the scatter of usual days.
    """
    daily = whole_days(trend)
    expected = usual(daily)
    spread = np.sqrt(expected * _scatter(daily, expected))
    capped = daily.clip(upper=expected + 3 * spread)
    sums = pd.DataFrame({"capped": capped, "usual": expected, "spread": spread**2,
                         "orders": daily, "months": 1}).groupby(daily.index.day).sum()
    ratio = sums["capped"] / sums["usual"]
    ratio /= ratio.median() or 1.0  # "usual" is a median and lies a little low
    return pd.DataFrame({
        "monthday": sums.index, "orders": sums["orders"], "ratio": ratio,
        "score": (ratio - 1) * sums["usual"] / np.sqrt(sums["spread"]), "months": sums["months"],
    }).reset_index(drop=True)


def pay_days(trend: pd.DataFrame) -> pd.DataFrame:
    """Return the days of the month that bring more in any month, beyond chance: a part of
    ``by_monthday``. Empty for fewer than four months: one good day would make a rule.
    """
    table = by_monthday(trend) if len(trend) >= 120 else pd.DataFrame(
        columns=["monthday", "orders", "ratio", "score", "months"])
    sure = (table["score"] > NormalDist().inv_cdf(1 - 0.05 / 31)) & (table["months"] >= 4)
    return table[sure].reset_index(drop=True)


def quiet_week(trend: pd.DataFrame) -> tuple[pd.Timestamp, float, float, str] | None:
    """Return the week with the fewest orders, if chance doesn't explain it.

    Its first day, orders a day, what a usual day has, and the code of an occasion in it or "".
    """
    if len(trend) < 28:
        return None
    daily = whole_days(trend)
    week = daily.rolling(7).sum().dropna()
    end, low, middle = week.idxmin(), float(week.min()), float(daily.median())
    bound = NormalDist().inv_cdf(1 - 0.05 / len(week))
    spread = np.sqrt(7 * middle * _scatter(daily, usual(daily)))
    if low >= 7 * middle - bound * spread:
        return None
    first = end - timedelta(days=6)
    inside = [code for at, code in marks(first.date(), end.date())]
    return first, low / 7, middle, next((c for c in inside if c in LOUD), "")


def name(code: str) -> str:
    """Return what an occasion is called."""
    return _(NAMES[code]) if code in NAMES else ""


def sentence(trend: pd.DataFrame) -> str:
    """Say which days stand out, and which days of the month do in any month."""
    if len(trend) < 28:
        return _("Fewer than 28 days with orders: too few to tell a high day from chance.")
    found = peaks(trend)
    parts = []
    for peak in found.sort_values("orders", ascending=False).head(3).itertuples():
        words = (_("{name} ({day}): {orders} orders, {usual} on a usual day there") if peak.name
                 else _("{day}: {orders} orders, {usual} on a usual day there"))
        parts.append(words.format(
            name=name(peak.name), day=day(peak.day.date()), orders=number(peak.orders),
            usual=number(peak.usual, 0 if peak.usual >= 10 else 1)))
    text = _("Days that stand out: {days}.").format(days=_("; ").join(parts)) if parts else _(
        "No day stands out beyond chance.")
    if len(found) > len(parts):
        more = len(found) - len(parts)
        text += ngettext(" {n} more day is in the table.", " {n} more days are in the table.",
                         more).format(n=number(more))
    quiet = quiet_week(trend)
    if quiet is not None:
        first, low, middle, code = quiet
        text += _(
            " Quietest: the week from {day}{name}, {low} orders a day against {usual}."
        ).format(
            day=day(first.date()), name=f" ({name(code)})" if code else "", low=number(low, 1),
            usual=number(middle, 1))
    return text if pay_days(trend).empty else text + gap() + monthly(trend)


def monthly(trend: pd.DataFrame) -> str:
    """Say which days of the month bring more in any month, beyond chance."""
    found = pay_days(trend)
    if found.empty:
        return _("No day of the month brings more than the others beyond chance.")
    return _("In any month more comes on: {days}.").format(days=_("; ").join(
        _("day {day} ({share})").format(day=int(m.monthday), share=change(m.ratio - 1))
        for m in found.itertuples()))


def readable(found: pd.DataFrame) -> pd.DataFrame:
    """Return ``peaks`` with the names of the occasions in words."""
    return found.assign(name=[name(str(code)) for code in found["name"]])
