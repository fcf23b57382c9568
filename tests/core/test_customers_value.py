"""Repeat purchase, spend and value: the published answers, and what happens below the gates."""

import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.customers.history import History, Summary
from omni_core.customers.repeat_purchase import RepeatPurchase
from omni_core.customers.spend import Spend
from omni_core.customers.value import ValueSettings, forecast
from omni_core.errors import NoConvergence

SHARED = Path(os.environ.get("OMNI_SHARED", Path(__file__).parents[2].parent / "shared"))
CDNOW = SHARED / "data" / "targeting" / "CDNOW_sample.txt"
CUT, END = pd.Timestamp("1997-09-30"), pd.Timestamp("1998-06-30")


@cache
def cdnow() -> History:
    if not CDNOW.exists():
        pytest.skip("the CDNOW sample is not beside the checkout")
    rows = pd.read_csv(CDNOW, sep=r"\s+", header=None,
                       names=["user", "sample", "day", "discs", "revenue"], dtype={"day": str})
    return History.from_frame(rows.assign(day=pd.to_datetime(rows["day"])))


def shop(buyers, days, seed=1, leaves=0.15):
    """Buyers who come at rates of their own and leave after some purchase."""
    chance, start = np.random.default_rng(seed), pd.Timestamp("2025-01-01")
    rows = []
    for user in range(buyers):
        day, gap = int(chance.integers(0, days // 2)), chance.gamma(2.0, 20.0) + 3
        while day < days:
            rows.append((user, start + pd.Timedelta(days=day), 20.0 + user % 7))
            if chance.random() < leaves:
                break
            day += 1 + int(chance.exponential(gap))
    return History.from_frame(pd.DataFrame(rows, columns=["user", "day", "revenue"]))


def test_the_published_fit_of_repeat_purchase_is_found():
    seen = cdnow().until(CUT)
    assert (len(seen), int(seen.repeats.sum())) == (2357, 2457)
    model = RepeatPurchase.fit(seen)
    assert [model.r, model.alpha, model.a, model.b] == pytest.approx(
        [0.2426, 4.414, 0.793, 2.426], rel=0.01)
    assert model.log_likelihood == pytest.approx(-9582.43, abs=0.05)


def test_the_published_fit_of_spend_is_found():
    spend = Spend.fit(cdnow().until(CUT))
    assert spend.buyers == 946
    assert [spend.p, spend.q, spend.v] == pytest.approx([6.25, 3.744, 15.44], rel=0.01)


def test_the_holdout_is_foreseen_and_ranked_by_purchases_not_by_being_alive():
    seen = cdnow().until(CUT)
    came = cdnow().between(CUT, END, seen.users)
    model = RepeatPurchase.fit(seen)
    told = model.expected(seen, 39)
    assert came.sum() == 1882 and told.sum() == pytest.approx(1653, rel=0.01)
    assert np.abs(came - told).mean() <= 0.79
    again = came > 0

    def ranked(score):  # the chance that one who came again is ranked before one who did not
        place = pd.Series(score).rank().to_numpy()
        n = again.sum()
        return (place[again].sum() - n * (n + 1) / 2) / (n * (~again).sum())

    assert ranked(told) > 0.75 > 0.5 > ranked(model.alive(seen))
    made = forecast(cdnow(), ValueSettings(weeks=39), CUT)
    assert made.people["value"].is_monotonic_decreasing
    assert made.people.set_index("user")["purchases"].to_dict() == pytest.approx(
        dict(zip(seen.users, told, strict=True)))


def test_the_check_foresees_the_last_third_and_beats_going_on_as_before():
    check = forecast(cdnow(), ValueSettings(weeks=39), END).check
    assert check.weeks == 25 and check.buyers == 2357
    assert check.predicted == pytest.approx(check.actual, rel=0.05)
    assert check.error < 0.9 * check.by_rate
    assert check.groups["predicted"].is_monotonic_increasing
    assert check.groups["buyers"].sum() == 2357


def test_expected_purchases_agree_with_a_simulation():
    model = RepeatPurchase(0.8, 6.0, 1.2, 3.5, 0.0)
    chance, n, age, ahead = np.random.default_rng(2), 30_000, 30.0, 20.0
    rate, leave = chance.gamma(0.8, 1 / 6.0, n), chance.beta(1.2, 3.5, n)
    x, last, later, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool)
    clock = np.zeros(n)
    for _step in range(120):
        clock = np.where(alive, clock + chance.exponential(1 / rate), np.inf)
        early, soon = clock <= age, (clock > age) & (clock <= age + ahead)
        x, last = x + early, np.where(early, clock, last)
        later += soon
        alive &= (early | soon) & (chance.random(n) >= leave)
    told = model.expected(Summary(np.arange(n), x, last, np.full(n, age), x * np.nan), ahead)
    for times in range(4):
        assert told[x == times].mean() == pytest.approx(later[x == times].mean(), rel=0.06)


def test_later_purchases_change_nothing_before_the_day():
    whole = shop(80, 300)
    day = pd.Timestamp("2025-06-01")
    cut = History(whole.days[whole.days["day"] <= day])
    a, b = whole.until(day), cut.until(day)
    assert all(np.array_equal(getattr(a, f), getattr(b, f), equal_nan=f == "spend")
               for f in ("users", "repeats", "last", "age", "spend"))


def test_baskets_of_one_day_are_one_purchase():
    rows = pd.DataFrame({"user": ["a"] * 3, "day": pd.to_datetime(
        ["2025-01-01 09:00", "2025-01-01 20:00", "2025-01-15 09:00"]), "revenue": [5.0, 6.0, 7.0]})
    seen = History.from_frame(rows).until(pd.Timestamp("2025-01-29"))
    assert (seen.repeats[0], seen.last[0], seen.age[0], seen.spend[0]) == (1, 2, 4, 7)


@pytest.mark.parametrize(("buyers", "days", "method", "why"), [
    (600, 300, "model", ""), (200, 300, "table", "few_buyers"), (600, 120, "table", "few_days"),
    (12, 300, "none", "few_buyers"), (600, 20, "none", "few_days")])
def test_below_the_gates_a_table_and_then_nothing(buyers, days, method, why):
    history = shop(buyers, days)
    made = forecast(history, ValueSettings(weeks=8), history.last)
    assert (made.method, made.why) == (method, why)
    if method == "none":
        assert made.people.empty
        return
    assert len(made.people) == made.buyers and (made.people["purchases"] >= 0).all()
    best, rest = made.people.iloc[: buyers // 4], made.people.iloc[buyers // 2:]
    assert best["purchases"].mean() > rest["purchases"].mean()


def test_nobody_leaving_is_noticed_and_breaks_no_forecast():
    history = shop(520, 250, leaves=0.0)
    made = forecast(history, ValueSettings(weeks=26), history.last)
    assert made.repeat is not None and made.repeat.nobody_leaves
    assert np.isfinite(made.people["purchases"]).all()
    assert made.people["purchases"].sum() == pytest.approx(
        made.people["repeats"].sum() / 250 * 7 * 26, rel=0.5)


def test_one_amount_for_all_still_has_a_value():
    history = shop(520, 250)
    same = History(history.days.assign(revenue=9.9))
    people = forecast(same, ValueSettings(weeks=26, discount=0.0), same.last).people
    assert np.allclose(people["value"], people["purchases"] * 9.9, rtol=0.05)
    free = History(history.days.assign(revenue=0.0))
    assert forecast(free, ValueSettings(), free.last).people["value"].isna().all()


def test_a_later_amount_counts_less_and_a_margin_scales():
    history = shop(520, 250)
    whole = forecast(history, ValueSettings(weeks=52, discount=0.0), history.last).people
    less = forecast(history, ValueSettings(weeks=52, discount=0.3, margin=0.5), history.last).people
    assert 0.5 * 0.76 < less["value"].sum() / whole["value"].sum() < 0.5


def test_no_purchases_no_fit():
    none = Summary(np.arange(9), np.zeros(9), np.zeros(9), np.full(9, 9.0), np.full(9, np.nan))
    with pytest.raises(NoConvergence):
        Spend.fit(none)
