"""What each buyer is likely to bring in the time ahead, and how far the past bears that out.

A model where there are enough buyers and days, else a table of what buyers like her did before,
else nothing, with the reason. Every forecast is checked on the last part of the past, which it has
not seen, beside two plain ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from omni_core.customers.history import WEEK, History, Summary
from omni_core.customers.repeat_purchase import RepeatPurchase
from omni_core.customers.spend import Spend
from omni_core.errors import NoConvergence
from omni_core.i18n import N_
from omni_core.params import field, validate

LEAST_BUYERS, LEAST_DAYS = 500, 180  # for the model; fewer, and its parameters swing
STEP = 4  # weeks between two discountings
YEAR = 52  # weeks
GROUPS = 5  # 0, 1, 2, 3, 4 and more repeats


@dataclass(frozen=True, slots=True)
class ValueSettings:
    """How far to look ahead and what money later is worth now."""

    weeks: int = field(
        26, low=4, high=104, step=2, unit=N_("weeks"), label=N_("Look ahead"),
        help=N_("The time in which her purchases are counted."))
    discount: float = field(
        0.1, low=0.0, high=0.5, step=0.01, label=N_("Discount a year"),
        help=N_("0.1: an amount a year from now counts as if it were a tenth smaller."))
    margin: float = field(
        1.0, low=0.01, high=1.0, step=0.01, label=N_("Your share of revenue"),
        help=N_("What is left of an amount after the goods are paid for; 1 counts revenue."))

    def __post_init__(self) -> None:
        validate(self)


@dataclass(frozen=True, slots=True)
class Check:
    """The last ``weeks`` of the past, foreseen without them.

    actual, predicted: purchases of all buyers; error: mean absolute error a buyer; by_rate: that of
    "she goes on as before" (purchases over weeks); by_zero: of "nobody comes back"; groups: frame
    repeats, buyers, actual, predicted (means a buyer).
    """

    weeks: int
    buyers: int
    actual: float
    predicted: float
    error: float
    by_rate: float
    by_zero: float
    groups: pd.DataFrame


@dataclass(frozen=True, slots=True)
class Value:
    """The forecast for every buyer: method "model", "table" or "none".

    people: frame user, repeats, purchases (expected), spend, value, alive (NaN from the table);
    ``why`` says why it isn't the model: "few_buyers", "few_days", "no_convergence", or "".
    """

    method: str
    why: str
    buyers: int
    days: int
    people: pd.DataFrame
    check: Check | None = None
    repeat: RepeatPurchase | None = None
    spend: Spend | None = None


def today(history: History) -> pd.Timestamp:
    """Return the last day with an order, or the present day where rows lie in the future."""
    return min(history.last, pd.Timestamp.now().normalize())


def forecast(history: History, settings: ValueSettings, today: pd.Timestamp) -> Value:
    """Foresee the purchases and the money of every buyer after ``today``, a day."""
    seen = history.until(today)
    days = int((today - history.first).days) + 1 if len(seen) else 0
    why = ("few_buyers" if len(seen) < LEAST_BUYERS else "few_days" if days < LEAST_DAYS else "")
    if not why:
        try:
            model = RepeatPurchase.fit(seen)
            spend = _spend(seen)
            return Value("model", "", len(seen), days, _people(seen, model, spend, settings),
                         _checked(history, settings, today), model, spend)
        except NoConvergence:
            why = "no_convergence"
    span = min(settings.weeks, days // (2 * int(WEEK)))
    if span < STEP or len(seen) < 30:
        empty = pd.DataFrame(columns=["user", "repeats", "purchases", "spend", "value", "alive"])
        return Value("none", why, len(seen), days, empty)
    rate = _table_rate(history, seen, today, span)
    amount = _amount(seen, _spend(seen))
    purchases = rate * settings.weeks
    people = pd.DataFrame({
        "user": seen.users, "repeats": seen.repeats, "purchases": purchases, "spend": amount,
        "value": purchases * amount * settings.margin * _discounted(settings), "alive": np.nan})
    return Value("table", why, len(seen), days, _ordered(people))


def _people(
    seen: Summary, model: RepeatPurchase, spend: Spend | None, settings: ValueSettings
) -> pd.DataFrame:
    purchases = model.expected(seen, settings.weeks)
    worth, before = np.zeros(len(seen)), np.zeros(len(seen))
    for week in [*range(STEP, settings.weeks, STEP), settings.weeks]:
        now = purchases if week == settings.weeks else model.expected(seen, week)
        worth += np.maximum(now - before, 0.0) / (1.0 + settings.discount) ** (week / YEAR)
        before = now
    amount = _amount(seen, spend)
    return _ordered(pd.DataFrame({
        "user": seen.users, "repeats": seen.repeats, "purchases": purchases, "spend": amount,
        "value": worth * amount * settings.margin, "alive": model.alive(seen)}))


def _ordered(people: pd.DataFrame) -> pd.DataFrame:
    # by what is expected, never by the chance to be one still: that is 1 for all who bought once
    return people.sort_values(
        ["value", "purchases", "user"], ascending=[False, False, True], ignore_index=True)


def _spend(seen: Summary) -> Spend | None:
    try:
        return Spend.fit(seen)
    except NoConvergence:
        return None


def _amount(seen: Summary, spend: Spend | None) -> np.ndarray:
    """The mean amount expected of each: by the model, else everybody's mean repeat purchase."""
    if spend is not None:
        return spend.expected(seen)
    known = seen.spend[np.nan_to_num(seen.spend) > 0]
    return np.full(len(seen), known.mean() if len(known) else np.nan)


def _discounted(settings: ValueSettings) -> float:
    ends = np.linspace(STEP, settings.weeks, max(1, settings.weeks // STEP))
    return float(np.mean((1.0 + settings.discount) ** (-ends / YEAR)))


def _checked(history: History, settings: ValueSettings, today: pd.Timestamp) -> Check | None:
    """Foresee the last weeks from those before; None where they would leave too little."""
    span = int((today - history.first).days / WEEK)
    weeks = min(settings.weeks, span // 3)
    cut = today - pd.Timedelta(weeks=weeks)
    seen = history.until(cut)
    if weeks < STEP or len(seen) < LEAST_BUYERS // 2:
        return None
    try:
        model = RepeatPurchase.fit(seen)
    except NoConvergence:
        return None
    told = model.expected(seen, weeks)
    came = history.between(cut, today, seen.users)
    rate = np.where(seen.age > 0, seen.repeats / np.where(seen.age > 0, seen.age, 1.0), 0.0) * weeks
    groups = pd.DataFrame({
        "repeats": np.minimum(seen.repeats, GROUPS - 1).astype(int), "actual": came,
        "predicted": told}).groupby("repeats", as_index=False).agg(
            buyers=("actual", "size"), actual=("actual", "mean"), predicted=("predicted", "mean"))
    return Check(weeks, len(seen), float(came.sum()), float(told.sum()),
                 float(np.abs(came - told).mean()), float(np.abs(came - rate).mean()),
                 float(came.mean()), groups)


def _table_rate(history: History, seen: Summary, today: pd.Timestamp, weeks: int) -> np.ndarray:
    """Purchases a week of buyers like her (how often, how long ago) in the last ``weeks``."""
    cut = today - pd.Timedelta(weeks=weeks)
    then = history.until(cut)
    if not len(then):
        return np.zeros(len(seen))
    came = history.between(cut, today, then.users)
    edges = np.quantile(then.age - then.last, [1 / 3, 2 / 3])

    def cell(s: Summary) -> np.ndarray:
        return np.minimum(s.repeats, 2) * 3 + np.searchsorted(edges, s.age - s.last)

    overall = came.mean()
    table = pd.DataFrame({"cell": cell(then), "came": came}).groupby("cell")["came"].agg(
        ["sum", "size"])
    # a cell of few buyers leans on the mean of all: as if ten more had been average
    mean = (table["sum"] + 10 * overall) / (table["size"] + 10)
    return mean.reindex(cell(seen), fill_value=overall).to_numpy() / weeks
