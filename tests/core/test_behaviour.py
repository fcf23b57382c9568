"""Sentences and reshapings: known answers on frames small enough to check by eye."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from omni_core.behaviour import facts, sentences, shape
from omni_core.charts import behaviour as charts
from omni_core.charts.theme import ticks
from omni_core.i18n import change, money, number, percent, use_language
from omni_core.metrics import wilson


def bands(**shoppers):
    total = sum(shoppers.values())
    return pd.DataFrame(
        [{"band": b.replace("_", "-"), "shoppers": n, "share": n / total}
         for b, n in shoppers.items()]
    )


def test_ages_name_the_largest_known_band_and_the_unknown_apart():
    frame = bands(**{"18-24": 40, "25-34": 60, "unknown": 100})
    text = sentences.ages(frame)
    assert "25–34: 60% of the 100" in text and "100 more (50% of all)" in text
    with use_language("zh"):
        assert "占 100 位已知年龄顾客的 60%" in sentences.ages(frame)


def test_unknown_ages_never_win():
    text = sentences.ages(bands(**{"18-24": 5, "unknown": 500}))
    assert "18–24: 100% of the 5" in text and "hint only" in text


def test_browsing_counts_the_median_and_the_busiest_tenth():
    # 90 shoppers with one view, 10 with 91 each: 90 + 910 = 1,000 views
    frame = pd.DataFrame({"views": [1, 91], "shoppers": [90, 10]})
    text = sentences.browsing(frame)
    assert "100 shoppers who browsed have a view count of 1 or less" in text
    assert "busiest tenth made 91% of all views" in text
    assert "as given by your file" in sentences.browsing(frame.assign(given=True))


def test_the_busiest_tenth_cuts_through_a_group_of_equals():
    frame = pd.DataFrame({"views": [2], "shoppers": [100]})
    assert "made 10% of all views" in sentences.browsing(frame)


def test_funnel_gives_each_step_and_the_range_of_the_whole():
    frame = pd.DataFrame({
        "step": ["view", "cart", "purchase"], "shoppers": [1000, 400, 100],
        "share_of_previous": [None, 0.4, 0.25],
    })
    text = sentences.funnel(frame)
    assert "400 (40.0%)" in text and "100 (25.0%)" in text
    assert "10.0% (likely 8.3%–12.0%)" in text


def test_funnel_claims_no_share_above_one():
    frame = pd.DataFrame({
        "step": ["view", "cart", "purchase"], "shoppers": [10, 0, 40],
        "share_of_previous": [None, 0.0, None],
    })
    assert "%" not in sentences.funnel(frame)


def test_funnel_counts_who_bought_without_the_steps():
    frame = pd.DataFrame({
        "step": ["view", "purchase"], "shoppers": [100, 40], "share_of_previous": [None, 0.4],
    })
    assert "more bought" not in sentences.funnel(frame, 40)
    assert "23 more bought without all these steps" in sentences.funnel(frame, 63)
    assert "more bought" not in sentences.funnel(frame.tail(1), 63), "no steps, nothing skipped"


def test_wilson_is_the_textbook_range():
    low, high = wilson(8, 10)  # Wilson's interval for 8 of 10 at z = 1.96
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) == (0.0, 1.0)


def test_weeks_sum_to_the_trend_and_know_which_are_whole():
    days = pd.date_range("2026-01-07", "2026-01-20")  # Wednesday to Tuesday of the week after next
    frame = pd.DataFrame({"day": days, "orders": 1, "revenue": 2.0, "shoppers": 1})
    weeks = shape.by_week(frame.drop(index=5))  # a day without orders is a day all the same
    assert list(weeks["days"]) == [5, 7, 2]
    assert weeks["revenue"].sum() == 26.0
    assert weeks["week"].iloc[0] == pd.Timestamp("2026-01-05")


@pytest.mark.parametrize("doubling", [False, True])
@pytest.mark.parametrize("views", [[0, 1, 2, 3, 1000], [5], [1, 1000], list(range(1, 400))])
def test_view_ranges_lose_nobody_and_leave_no_gap(views, doubling):
    frame = pd.DataFrame({"views": views, "shoppers": range(1, len(views) + 1)})
    bins = shape.bin_views(frame, doubling=doubling)
    assert bins["shoppers"].sum() == frame["shoppers"].sum()
    assert (bins["low"].iloc[1:].to_numpy() == bins["high"].iloc[:-1].to_numpy() + 1).all()


def test_doubling_ranges_are_powers_of_two():
    frame = pd.DataFrame({"views": range(0, 9), "shoppers": [1] * 9})
    bins = shape.bin_views(frame, doubling=True)
    assert list(bins["low"]) == [0, 1, 2, 4, 8] and list(bins["shoppers"]) == [1, 1, 2, 4, 1]


def test_the_period_before_is_as_long():
    assert shape.window_before(date(2026, 3, 1), date(2026, 3, 31), None) == (
        date(2026, 1, 30), date(2026, 3, 1))
    assert shape.window_before(date(2026, 3, 2), None, date(2026, 3, 31)) == (
        date(2026, 1, 31), date(2026, 3, 2))
    assert shape.window_before(None, date(2026, 3, 31), date(2026, 3, 31)) is None


def test_week_grid_has_every_hour():
    grid = shape.week_grid(pd.DataFrame({"weekday": [7], "hour": [23], "events": [4]}))
    assert grid.shape == (7, 24) and grid.loc[7, 23] == 4 and grid.to_numpy().sum() == 4


def week(counts):
    return pd.DataFrame([
        {"weekday": d + 1, "hour": h, "events": int(n)}
        for (d, h), n in np.ndenumerate(np.asarray(counts).reshape(7, 24))
    ])


@pytest.mark.parametrize("visit", [1, 12])
@pytest.mark.parametrize("mean", [3, 40, 2000])
def test_flat_hours_have_no_peak_even_when_events_come_in_visits(mean, visit):
    chance = np.random.default_rng(5)
    claimed = sum(
        shape.peak(shape.week_grid(week(chance.poisson(mean, 168) * visit))) is not None
        for _ in range(60)
    )
    assert claimed <= 8  # three expected at 5 in 100


def test_an_hour_that_stands_out_is_named():
    counts = np.random.default_rng(5).poisson(40, 168)
    assert "No clear peak" in sentences.hours(week(counts), "Asia/Shanghai")
    counts[24 + 9] = 120
    assert shape.peak(shape.week_grid(week(counts))) == (2, 9)
    assert "Tue, 9:00 to 10:00" in sentences.hours(week(counts), "Asia/Shanghai")
    days = np.tile(np.r_[np.full(18, 20), np.full(6, 60)], 7)  # every evening alike
    assert shape.peak(shape.week_grid(week(days)))[1] >= 18


def test_the_colours_of_the_hours_begin_at_0():
    heat = charts.hours(week(np.full(168, 1000))).data[0]
    assert (heat.zmin, heat.zmax) == (0, 1000)


def test_a_channel_that_everybody_uses_has_all_shoppers():
    frame = pd.DataFrame(
        {"channel": ["APP", "web"], "shoppers": [900, 450], "revenue": [30.0, 10.0]})
    revenue, shoppers = charts.channels(frame, "CNY", 900).data
    assert list(shoppers.y) == [1.0, 0.5] and list(revenue.y) == [0.75, 0.25]
    assert facts.overlapping(frame, 900) and not facts.overlapping(frame, 1350)
    without = frame.assign(revenue=0.0)
    assert [bar.name for bar in charts.channels(without, "CNY", 900).data] == ["Share of shoppers"]
    assert "No channel has revenue" in sentences.channels(without, "CNY")


def test_without_revenue_nothing_is_ranked_by_it():
    top = pd.DataFrame({
        "item": ["a", "b"], "name": ["Cup", "Pot"], "views": [50, 9], "purchases": [3, 7],
        "revenue": [0.0, 0.0],
    })
    text = sentences.products(top, "CNY")
    assert "Pot is bought most: 7 purchases" in text and "¥" not in text
    assert facts.telling(top, ["revenue", "purchases", "views"]) == ["purchases", "views"]
    days = pd.DataFrame({"day": pd.date_range("2026-01-05", periods=70), "orders": 2,
                         "revenue": 0.0, "shoppers": 2})
    assert sentences.trend(days, "CNY").startswith("140 orders in this period; no revenue")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_yuan_have_one_sign(language):
    with use_language(language):
        assert money(1370253.4, "CNY", 0) == "¥1,370,253" and money(-5, "CNY") == "-¥5.00"
        assert "$" in money(5, "USD")


def test_axis_marks_are_round_and_speak_the_language():
    assert ticks([61_000])["ticktext"] == ["0", "20K", "40K", "60K", "80K"]
    with use_language("zh"):
        assert ticks([61_000])["ticktext"] == ["0", "2万", "4万", "6万", "8万"]
    assert ticks([2])["tickvals"] == [0, 1, 2] and ticks([0.0])["tickvals"] == [0]
    assert ticks([-30, 90])["tickvals"][0] <= -30


@pytest.mark.parametrize("shown", [number(-0.3), percent(-0.0004), money(-0.3, "CNY", 0),
                                   money(-0.001, "")])
def test_what_is_shown_as_a_zero_has_no_sign(shown):
    assert "-" not in shown and "0" in shown
    assert number(-0.3, 1) == "-0.3" and money(-1.2, "CNY", 0) == "-¥1"
    assert [change(v) for v in (0.12, -0.002, 0.002, -0.05)] == ["+12%", "0%", "0%", "-5%"]
