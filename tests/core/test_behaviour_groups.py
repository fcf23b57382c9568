"""Two groups, high days, customer groups, cohorts and pauses: known answers on small frames."""

import tomllib
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.behaviour import compare, seasons, steps
from omni_core.charts import compare as charts
from omni_core.charts import theme
from omni_core.customers import cohorts, groups, lapsed
from omni_core.customers.history import History
from omni_core.i18n import use_language


def frame(**counts):
    return pd.DataFrame({"key": list(counts), "n": list(counts.values())})


def test_shares_are_of_each_group_and_a_hidden_count_is_hidden_in_both():
    table = compare.shares(frame(a=30, b=70), frame(b=5, c=5), "key", "n", str.upper)
    assert list(table["label"]) == ["A", "B", "C"]
    assert list(table["first_share"]) == [0.3, 0.7, 0]
    assert list(table["second_share"]) == [0, 0.5, 0.5]
    table = compare.shares(frame(a=30, b=np.nan, c=9), frame(a=5, b=5, c=5), "key", "n")
    assert table.loc[1, compare.COLUMNS[1:]].isna().all() and table.loc[0, "second"] == 5
    assert table.loc[0, "second_share"] == 0.5  # a share of all 15 would tell the count
    assert "nan" not in compare.sentence(table, ("x", "y"))


def test_a_pair_of_rankings_says_how_many_its_shares_are_of():
    table = compare.shares(
        frame(a=300, b=400, c=300), frame(a=500, b=400, c=100), "key", "n", most=2)
    assert list(table["label"]) == ["a", "b"] and table.loc[0, "first_share"] == 0.3
    said = compare.sentence(table, ("x", "y"))
    assert "30.0% of x (1,000) against 50.0% of y (1,000)" in said, said


def test_view_counts_of_two_groups_lie_in_doubling_ranges_in_order():
    first = pd.DataFrame({"views": [20], "visits": [4]})
    second = pd.DataFrame({"views": [1, 2, 5], "visits": [1, 2, 3]})
    table = compare.ranges(first, second, "visits")
    assert list(table["label"]) == ["1", "2–3", "4–7", "16–31"]
    assert list(table["second_share"]) == [1 / 6, 1 / 3, 0.5, 0]
    assert table.attrs["of"] == (4, 6)
    many = compare.ranges(first * [1, 100], second * [1, 100], "visits")
    assert "differ most at 16–31 views:" in compare.sentence(many, ("x", "y"))
    assert max(charts.pair(table, ("x", "y")).layout.yaxis.tickvals) == 1, "no share is above all"


def test_the_difference_of_two_rates_is_newcombes():
    # Newcombe (1998), table II, example (a): 56/70 against 48/80, method 10
    low, high = compare.difference(56, 70, 48, 80)
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


def test_groups_that_chance_could_have_made_cannot_be_told_apart():
    alike = compare.shares(frame(a=30, b=70), frame(a=33, b=67), "key", "n")
    assert "cannot be told apart" in compare.sentence(alike, ("x", "y"))
    apart = compare.shares(frame(a=300, b=700), frame(a=500, b=500), "key", "n")
    assert "They differ most at" in compare.sentence(apart, ("x", "y"))
    barely = compare.shares(frame(a=4000, b=10**8), frame(a=3500, b=10**8), "key", "n")
    said = compare.sentence(barely, ("x", "y"))
    assert "a gap of +0.0003 to +0.0007 points" in said, said
    empty = compare.shares(frame(a=3), frame().astype({"n": float}), "key", "n")
    assert "nothing to compare" in compare.sentence(empty, ("x", "y"))


@pytest.mark.parametrize("rows", [3, 24])
def test_however_many_rows_are_compared_chance_passes_for_a_difference_in_5_of_100(rows):
    draw = np.random.default_rng(0)
    keys = [str(k) for k in range(rows)]
    told = 0
    for _trial in range(200):
        one, two = (pd.DataFrame({"key": keys, "n": draw.multinomial(500, [1 / rows] * rows)})
                    for _group in range(2))
        table = compare.shares(one, two, "key", "n")
        told += "cannot be told apart" not in compare.sentence(table, ("A", "B"))
    assert told <= 15


def test_events_that_come_in_visits_tell_as_much_as_so_many_visits():
    draw = np.random.default_rng(0)

    def group():
        visits = draw.poisson(6, 168)  # alike in every hour of the week; ten events in each
        return pd.DataFrame({"weekday": np.repeat(range(1, 8), 24), "hour": list(range(24)) * 7,
                             "events": 10 * visits})

    told = sum("cannot be told apart" not in compare.sentence(
        compare.hours(group(), group()), ("A", "B")) for _trial in range(60))
    assert told <= 6


def test_named_days_fall_where_they_should():
    days = {code: at for at, code in seasons.marks(date(2025, 1, 1), date(2025, 12, 31))}
    assert days["black_friday"] == date(2025, 11, 28) and days["618"] == date(2025, 6, 18)
    assert days["spring_festival"] == date(2025, 1, 29) and days["double11"] == date(2025, 11, 11)
    november = seasons.marks(date(2026, 11, 1), date(2026, 11, 30))
    assert (date(2026, 11, 27), "black_friday") in november


def trend(orders, first="2025-06-02"):
    return pd.DataFrame({"day": pd.date_range(first, periods=len(orders)), "orders": orders})


def test_days_that_stand_out_are_found_and_named_and_chance_is_not():
    chance = np.random.default_rng(3)
    days = pd.date_range("2025-06-02", periods=400)
    week = np.where(days.day_of_week >= 5, 1.6, 1.0)
    flat = [len(seasons.peaks(trend(chance.poisson(12 * week)))) > 0 for _ in range(30)]
    assert sum(flat) <= 5  # 1.5 expected at 5 in 100
    orders = chance.poisson(12 * week)
    orders[days == "2025-11-11"] = 90
    orders[days == "2026-02-01"] = 70
    found = seasons.peaks(trend(orders)).set_index("day")["name"]
    assert found[pd.Timestamp("2025-11-11")] == "double11"
    assert found[pd.Timestamp("2026-02-01")] == ""
    assert "Double 11 (Nov 11, 2025): 90 orders" in seasons.sentence(trend(orders))
    with use_language("zh"):
        assert "双十一" in seasons.sentence(trend(orders))


def test_pay_days_are_found_and_one_sale_makes_none():
    chance = np.random.default_rng(4)
    days = pd.date_range("2025-01-01", periods=420)
    orders = chance.poisson(np.where(days.day == 10, 24, 14))
    assert list(seasons.pay_days(trend(orders, "2025-01-01"))["monthday"]) == [10]
    orders = chance.poisson(14, 420)
    orders[days == "2025-11-11"] = 300
    assert 11 not in set(seasons.pay_days(trend(orders, "2025-01-01"))["monthday"])


def test_ranks_and_moves():
    now = pd.DataFrame({"category": ["a", "b", "c"], "revenue": [5.0, 9.0, 1.0]})
    then = pd.DataFrame({"category": ["a", "b"], "revenue": [9.0, 5.0]})
    table = steps.ranks(now, then, "category", "revenue")
    assert list(table["category"]) == ["b", "a", "c"] and list(table["rank_before"])[:2] == [2, 1]
    moved = [steps.moved(r.rank, r.rank_before) for r in table.itertuples()]
    assert moved == ["▲1", "▼1", "new here"]
    assert "b won most places: from 2 to 1" in steps.risers(table, "category", "revenue")


def people(**rfm):
    return pd.DataFrame({"user": list(rfm), "rfm": list(rfm.values()), "revenue": 1.0, "orders": 1})


def test_movement_counts_everybody_once():
    now = people(a="champions", b="lost", c="new", d="loyal")
    then = people(a="loyal", b="lost", d="champions")
    table = groups.moves(now, then)
    assert table.to_numpy().sum() == len(now)
    assert table.loc["none", "new"] == table.loc["loyal", "champions"] == 1
    text = groups.moves_sentence(table, date(2026, 1, 1))
    assert "1 rose, 1 fell, 1 bought for the first time" in text
    sizes = groups.sizes(now, then).set_index("rfm")
    assert sizes["shoppers"].sum() == 4 and sizes.loc["loyal", "before"] == 1
    kept = groups.kept(then, pd.DataFrame({"user": ["a", "a", "z"]})).set_index("rfm")
    assert kept.loc["loyal", "share"] == 1 and kept.loc["lost", "share"] == 0
    one = groups.kept(people(a="loyal"), pd.DataFrame({"user": ["a"]}))
    said = groups.kept_sentence(one, date(2026, 1, 1))
    assert said.count("Loyal") == 1 and said.endswith("“Loyal”."), said


def test_what_the_data_do_not_reach_is_blank_and_not_0():
    table = pd.DataFrame(
        [("2026-01-01", 0, 4, 4, 1.0, 40.0, True), ("2026-01-01", 1, 4, 0, 0.0, 0.0, True),
         ("2026-01-01", 2, 4, 1, 0.25, 9.0, False), ("2026-02-01", 0, 2, 2, 1.0, 10.0, True),
         ("2026-02-01", 1, 2, 1, 0.5, 5.0, False)],
        columns=["cohort", "month", "shoppers", "active", "share", "revenue", "whole"])
    grid = cohorts.grid(table, "share")
    assert grid.iloc[0].tolist() == [0.0, 0.25] and np.isnan(grid.iloc[1, 1])
    assert cohorts.grid(table, "revenue").iloc[0, 0] == 10
    said = cohorts.sentence(table, "share", "CNY")
    assert "0.0% of 4 order in month 1" in said, "whole months only"


def test_silences_that_could_be_watched():
    rows = [("a", 0), ("a", 10), ("a", 60), ("b", 0), ("c", 95)]
    days = pd.DataFrame({"user": [u for u, _ in rows], "revenue": 1.0,
                         "day": [pd.Timestamp("2026-01-01") + pd.Timedelta(days=d)
                                 for _, d in rows]})
    history = History.from_frame(days)
    today = pd.Timestamp("2026-01-01") + pd.Timedelta(days=100)
    # 30 quiet days: a after day 10 (back after 50), a's last is too young, b for good, c too young
    assert lapsed.came_back(history, 30, today) == (2, 1)
    assert lapsed.pauses(history).suggested is None and lapsed.pauses(history).usual == 30


@pytest.mark.parametrize("hours", [0.5, 5.0, 100.0, float("nan")])
def test_spans_of_time_have_a_unit(hours):
    assert steps.hours_name(hours) == {0.5: "30 min", 5.0: "5 h", 100.0: "4.2 days"}.get(hours, "–")


def test_funnels_in_order_side_by_side_name_the_step_where_groups_differ_most():
    def went(*counts):
        n = pd.Series(counts, dtype=float)
        return pd.DataFrame({"step": ["view", "cart", "purchase"], "shoppers": n.astype(int),
                             "lost": 1 - n / n.shift(), "hours": [np.nan, 1.0, 2.0]})

    table = steps.by_group({"app": went(200, 100, 90), "shop": went(400, 240, 60),
                            "kiosk": went(20, 2, 1), "phone": went(30, 15, 9).iloc[:0]})
    assert list(table["group"]) == ["kiosk", "kiosk", "app", "app", "shop", "shop"]
    assert list(table["of"]) == [20, 2, 200, 100, 400, 240]
    said = steps.lost_by_group(table)
    assert said.startswith("Before “Bought” 75.0% (") and "of the 240 of “shop” are lost" in said
    assert "10.0% (" in said and "of the 100 of “app”" in said and "kiosk" not in said
    assert "nothing to compare" in steps.lost_by_group(table[table["group"] == "app"])


def test_a_hidden_cell_of_ages_by_gender_leaves_the_rest_of_that_gender():
    one = pd.DataFrame({"gender": ["female", "male", "male"], "band": ["18-24", "18-24", "65+"],
                        "shoppers": pd.array([60, 40, None], dtype="Int64")})
    two = one.assign(shoppers=pd.array([20, 80, 9], dtype="Int64"))
    table = compare.shares(steps.by_age_and_gender(one), steps.by_age_and_gender(two), "who",
                           "shoppers", steps.age_and_gender)
    assert list(table["label"]) == ["female, 18–24", "male, 18–24", "male, 65+"]
    assert list(table["first_share"][:2]) == [0.6, 0.4]
    assert table["second_share"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("page", theme.PAGES)
def test_a_saved_picture_has_the_pages_ground_and_words_that_can_be_read_on_it(page):
    told = tomllib.loads((Path(__file__).parents[2] / ".streamlit/config.toml").read_text("utf-8"))
    colours = told["theme"][page]
    paper, words, axis = theme.PAGES[page]
    assert (paper, words) == (colours["backgroundColor"], colours["textColor"])

    def light(colour):
        parts = [int(colour[n:n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    for colour in (words, axis):
        low, high = sorted((light(colour), light(paper)))
        assert (high + 0.05) / (low + 0.05) >= 4.5
    table = compare.shares(frame(a=3, b=7), frame(a=5, b=5), "key", "n")
    drawn = theme.on_page(charts.pair(table, ("x", "y")), page).layout
    assert (drawn.paper_bgcolor, drawn.font.color) == (paper, words)
    assert drawn.xaxis.tickfont.color == drawn.yaxis.tickfont.color == axis
