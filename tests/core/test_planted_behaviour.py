"""What is planted in the sample shop is found by the named queries, and nothing else."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.behaviour import seasons
from omni_core.segments import RFM_NAMES, Condition, Segment
from omni_core.workspace import Workspace

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
TRUTH = json.loads((FOLDER / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Workspace.open(tmp_path_factory.mktemp("sample"), timezone="Asia/Shanghai") as ws:
        for name in ("products", "customers", "events", "orders"):
            assert ws.import_file(FOLDER / f"{name}.csv").status == "imported"
        yield ws


def test_every_cart_left_and_recovered_is_found_and_no_other(shop):
    carts = shop.query("carts").set_index("fate")["carts"]
    truth = TRUTH["carts"]
    assert carts["sold"] == truth["bought_within_1_hour"]
    assert carts["recovered"] == truth["recovered_within_72_hours"]
    assert carts["left"] + carts["open"] == truth["left"] - truth["recovered_within_72_hours"]
    # one by one, from the file, for the last month
    e = pd.read_csv(FOLDER / "events.csv", dtype=str, parse_dates=["time"])
    put = e[(e.event == "cart") & (e.time >= "2026-10-01")].sort_values("time")
    sold = e[e.event == "purchase"].rename(columns={"time": "at"}).sort_values("at")
    met = pd.merge_asof(put, sold[["customer_id", "product_id", "at"]], left_on="time",
                        right_on="at", by=["customer_id", "product_id"], direction="forward")
    late = ~(met["at"] - met["time"] <= pd.Timedelta(hours=1))
    wanted = met[late].sort_values("time").tail(900)
    found = shop.query("cart_list", start="2026-10-01")
    kept = found[found["put_at"] >= wanted["time"].min()]
    keys = ["user", "item", "put_at"]
    a = sorted(map(tuple, kept[keys].astype(str).to_numpy()))
    b = sorted(map(tuple, wanted[["customer_id", "product_id", "time"]].astype(str).to_numpy()))
    assert a == b
    back = (met["at"] - met["time"] <= pd.Timedelta(hours=72))[late]
    assert (kept["fate"] == "recovered").sum() == back.loc[wanted.index].sum()


def test_high_days_pay_days_and_the_quiet_week_are_found_and_named(shop):
    trend = shop.query("trend")
    found = seasons.peaks(trend)
    named = set(found["name"]) - {""}
    assert named == {"double11", "618", "womens_day"}
    top = found.loc[found["orders"].nlargest(2).index]
    assert [str(d.date()) for d in top["day"]] == list(TRUTH["calendar"]["online_orders_on"])
    # the 15th is planted too, but in these files chance explains what it brings
    assert set(seasons.pay_days(trend)["monthday"]) == {TRUTH["calendar"]["pay_days"][0]}
    first, low, usual, name = seasons.quiet_week(trend)
    assert name == "spring_festival" and low < 0.6 * usual
    assert "2026-02-10" <= str(first.date()) <= "2026-02-16"


def test_machines_are_found_and_nobody_else(shop):
    assert dict(shop.query("bots").itertuples(index=False)) == TRUTH["bots"]
    people = Segment((Condition("bot", "is", True),)).rest
    assert shop.query("summary", segment=people)["events"].iloc[0] == (
        shop.query("summary")["events"].iloc[0] - sum(TRUTH["bots"].values()))


def test_visits_are_those_of_a_pause_of_30_minutes(shop):
    assert shop.query("visits")["visits"].iloc[0] == TRUTH["sessions_30_minutes"]
    assert shop.query("visit_views").eval("views * visits").sum() == TRUTH["events"]["view"]
    assert shop.query("daily_views").eval("views * days").sum() == TRUTH["events"]["view"]
    halves = [shop.query("visits", start=a, end=b)["visits"].iloc[0]
              for a, b in ((None, "2026-03-01"), ("2026-03-01", None))]
    assert sum(halves) == TRUTH["sessions_30_minutes"]


def test_a_pause_of_more_than_30_minutes_begins_a_visit(tmp_path):
    times = {"a": ("10:00:00", "10:30:00", "10:59:00"), "b": ("10:00:00", "10:30:01", "11:30:00")}
    rows = "".join(f"{u},p1,view,2026-03-01 {t}\n" for u, at in times.items() for t in at)
    with Workspace.open(tmp_path) as ws:
        report = ws.import_file(data=f"user,item,event,time\n{rows}".encode(), name="log.csv")
        assert report.status == "imported"
        assert ws.query("visits")["visits"].iloc[0] == 1 + 3
        assert dict(ws.query("visit_views").itertuples(index=False)) == {1: 3, 3: 1}


def test_the_links_of_age_and_taste_are_shown(shop):
    tastes = shop.query("age_tastes")
    cells = {(r.band, r.category_en): r.lift for r in tastes.itertuples()}
    bands = {"16-24": ("under 18", "18-24"), "25-34": ("25-34",), "50+": ("55-64", "65+")}
    for planted in TRUTH["taste"]["by_age"]:
        lifts = [cells[band, planted["category_en"]] for band in bands[planted["group"]]
                 if (band, planted["category_en"]) in cells]
        assert max(lifts) > 1.3, planted
    # in the shares themselves: the cells of a band add up to its lines
    whole = tastes.groupby("band")["purchases"].sum()
    shares = tastes["purchases"] / tastes["band"].map(whole)
    mean = tastes.groupby("category")["purchases"].sum() / tastes["purchases"].sum()
    assert np.allclose(tastes["lift"], shares / tastes["category"].map(mean))


@pytest.mark.parametrize("day", ["2026-06-01", "2026-08-01", "2026-09-15"])
def test_customer_groups_are_ordered_by_what_they_order_next(shop, day):
    then = shop.query("rfm_people", end=day)
    later = shop.query("order_days", start=day).groupby("user")["orders"].sum()
    again = then["user"].map(later).fillna(0) > 0
    share, n = again.groupby(then["rfm"]).mean(), then["rfm"].value_counts()
    assert set(share.index) == set(RFM_NAMES) - {"none"}
    falling = [share[g] for g in RFM_NAMES if g != "none" and n[g] >= 100]  # fewer: chance
    assert pd.Series(falling).corr(pd.Series(range(len(falling))), "spearman") < -0.9
    assert share["champions"] == share.max() and share["lost"] <= 0.5 * share.mean()
    assert then.groupby("r")["rfm"].size().between(0.15 * len(then), 0.25 * len(then)).all()


def test_groups_as_of_a_day_know_nothing_later(shop):
    cut = shop.query("rfm_people", end="2026-06-01").set_index("user")
    known = shop.query("order_days", end="2026-06-01").groupby("user")["orders"].sum()
    assert cut["orders"].sort_index().equals(known.sort_index().rename("orders").astype("int64"))


def test_the_funnel_in_order_counts_who_went_through_it_in_order(shop):
    steps = shop.query("funnel_in_order").set_index("step")
    loose = shop.query("funnel").set_index("step")["shoppers"]
    assert (steps["shoppers"] <= loose).all() and steps["shoppers"]["view"] == loose["view"]
    e = pd.read_csv(FOLDER / "events.csv", dtype=str, parse_dates=["time"])
    dead = pd.read_csv(FOLDER / "orders.csv", dtype=str).query("status in ('unpaid', 'cancelled')")
    e = e[~e["order_id"].isin(set(dead["order_id"]))]
    first = e[e.event == "view"].groupby("customer_id")["time"].min()
    carts = e[(e.event == "cart") & (e["time"] >= e["customer_id"].map(first))]
    put = carts.groupby("customer_id")["time"].min()
    sold = e[(e.event == "purchase") & (e["time"] >= e["customer_id"].map(put))]
    bought = sold.groupby("customer_id")["time"].min()
    assert list(steps["shoppers"]) == [len(first), len(put), len(bought)]
    hours = (bought - put.reindex(bought.index)).dt.total_seconds().median() / 3600
    assert steps["hours"]["purchase"] == pytest.approx(hours, abs=0.01)
