"""The sample shop: its files agree with each other, and what its README says is planted is there.

Everything is found from the CSVs with plain pandas, not with the code that made them.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from omni_core.columns import SYNONYMS, TABLES, normalise_header

FOLDER = Path(__file__).resolve().parents[2] / "sample_data"
NAMES = ("customers", "products", "events", "orders", "sends", "reviews")
ONLINE = ("website", "app", "social")


@cache
def read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))


@cache
def events() -> pd.DataFrame:
    return read("events").assign(t=lambda e: pd.to_datetime(e.time))


def lines() -> pd.DataFrame:
    e = events()
    return e[e.event == "purchase"]


def cents(column: pd.Series) -> pd.Series:
    return column.map(lambda x: int(Decimal(x) * 100))


def bots() -> set[str]:
    n = events().groupby(["customer_id", "event"]).size().unstack(fill_value=0)
    return set(n.index[(n.view > 800) & (n.cart == 0) & (n.purchase == 0)])


# sizes and agreement -----------------------------------------------------------------------------
def test_sizes(truth: dict) -> None:
    assert {name: len(read(name)) for name in NAMES} == truth["rows"]
    assert len(read("customers")) == 4000
    assert (len(read("products")), read("products").category.nunique()) == (400, 12)
    assert 108_000 <= len(events()) <= 112_000
    assert len(read("reviews")) == 600
    assert set(events().event) == {"view", "search", "cart", "favourite", "purchase"}
    assert set(events().channel) == {*ONLINE, "shop"}
    days = events().time.str[:10]
    assert (days.min(), days.max()) == (
        "2025-09-01",
        "2026-10-31",
    ) and events().t.is_monotonic_increasing
    # what is made of the sentences, to save the first training its wait, is no data of the shop
    made = {".pyc", ".npz"}
    whole = sum(p.stat().st_size for p in FOLDER.rglob("*") if p.is_file() and p.suffix not in made)
    assert whole < 10_000_000


def test_headers_are_in_the_vocabulary() -> None:
    for name in NAMES:
        known = {s for role in TABLES[name].roles for s in SYNONYMS[role]}
        unknown = [h for h in read(name).columns if normalise_header(h) not in known]
        assert unknown == (["review_id"] if name == "reviews" else [])


def test_ids_refer_to_each_other() -> None:
    people, goods = set(read("customers").customer_id), set(read("products").product_id)
    for name in ("events", "orders", "sends", "reviews"):
        assert set(read(name).customer_id) <= people
    assert set(events().product_id) - {""} <= goods and set(read("reviews").product_id) <= goods
    assert (events().product_id == "").equals(events().event == "search")
    assert (
        read("orders").order_id.is_unique and read("orders").order_id.str.fullmatch(r"\d{18}").all()
    )
    assert set(lines().order_id) == set(read("orders").order_id)
    bought = set(zip(lines().customer_id, lines().product_id, strict=True))
    reviewed = zip(read("reviews").customer_id, read("reviews").product_id, strict=True)
    assert set(reviewed) <= bought


def test_orders_reconcile_with_their_lines_to_the_cent(truth: dict) -> None:
    o = read("orders").set_index("order_id")
    total, shipping, discount, refund = (
        cents(o[c]) for c in ("total", "shipping", "discount", "refund_amount")
    )
    goods = cents(lines().amount).groupby(lines().order_id).sum().reindex(o.index)
    assert (total == goods - discount + shipping).all()
    assert (refund <= goods - discount).all() and (discount >= 0).all()
    heads = (
        lines().groupby("order_id")[["time", "customer_id", "channel"]].agg(["first", "nunique"])
    )
    assert (heads.xs("nunique", axis=1, level=1) == 1).all(axis=None)
    assert (heads["time", "first"].reindex(o.index) == o.created_at).all()
    assert set(o.status) == {"completed", "paid", "refunded", "cancelled", "unpaid"}
    dead = o.status.isin(["cancelled", "unpaid"])
    assert (refund[dead] == 0).all() and (refund[o.status == "refunded"] > 0).all()
    kept = (total - shipping - refund)[~dead].sum() / 100
    assert kept == pytest.approx(truth["orders"]["revenue"])
    assert 0.03 < (refund > 0).mean() < 0.12


def test_purchases_follow_interest_online_and_not_at_the_counter() -> None:
    e = events()
    shop = e[e.channel == "shop"]
    assert set(shop.event) == {"purchase"} and shop.t.dt.hour.between(10, 21).all()
    first = {
        k: e[e.event == k].groupby(["customer_id", "product_id"]).t.min() for k in ("view", "cart")
    }
    online = lines()[lines().channel != "shop"].set_index(["customer_id", "product_id"]).t
    for kind, least in (("view", 0.97), ("cart", 0.90)):
        before = first[kind].reindex(online.index)
        assert (before.to_numpy() <= online.to_numpy()).mean() > least
    registered = e.customer_id.map(read("customers").set_index("customer_id").registered_at)
    assert (e.time >= registered).all()


# people ------------------------------------------------------------------------------------------
def test_ages_have_gaps_and_a_shape(truth: dict) -> None:
    c = read("customers")
    counts = {
        "empty": (c.age == "").sum(),
        "zero": (c.age == "0").sum(),
        "nines": (c.age == "999").sum(),
    }
    assert counts == truth["ages"]
    assert 0.12 < counts["empty"] / len(c) < 0.19 and counts["zero"] > 20 and counts["nines"] > 5
    age = pd.to_numeric(c.age).where(lambda a: a.between(1, 120)).dropna()
    shares = age.groupby(
        pd.cut(age, [0, 25, 35, 50, 121], right=False), observed=True
    ).size() / len(age)
    assert shares.idxmax() == pd.Interval(25, 35, closed="left") and shares.min() > 0.05
    filled = c[c.birthday != ""]
    born = pd.to_datetime(filled.birthday)
    years = (pd.Timestamp("2026-10-31") - born).dt.days / 365.2425
    assert ((years - pd.to_numeric(filled.age)).between(-0.1, 1.1)).all()
    assert 0.3 < (c.registered_at >= "2025-09-01").mean() < 0.6


def test_taste_follows_age_and_channel(truth: dict) -> None:
    b = lines().merge(read("products")[["product_id", "category_en"]], on="product_id")
    people = read("customers")[["customer_id", "age", "channel"]]
    b = b.merge(people, on="customer_id", suffixes=("", "_first"))
    age = pd.to_numeric(b.age)
    band = pd.cut(
        age.where(age.between(1, 120)),
        [0, 25, 35, 50, 121],
        right=False,
        labels=["16-24", "25-34", "35-49", "50+"],
    )
    whole = b.category_en.value_counts(normalize=True)

    def lift(mask: pd.Series, category: str) -> float:
        return (b.category_en[mask] == category).mean() / whole[category]

    for r in truth["taste"]["by_age"]:
        assert lift(band == r["group"], r["category_en"]) == pytest.approx(r["lift"], abs=1e-3)
    for r in truth["taste"]["by_channel"]:
        assert lift(b.channel_first == r["group"], r["category_en"]) == pytest.approx(
            r["lift"], abs=1e-3
        )
    assert lift(band == "16-24", "Stationery & gadgets") > 1.6
    assert lift(band == "50+", "Tea & coffee") > 1.8 > 0.8 > lift(band == "16-24", "Tea & coffee")
    assert lift(band == "25-34", "Mother & baby") > 1.4
    assert lift(b.channel_first == "social", "Beauty") > 1.5
    assert lift(b.channel_first == "shop", "Tea & coffee") > 1.6


def test_bots_look_and_never_buy(truth: dict) -> None:
    found = bots()
    assert found == set(truth["bots"]) and len(found) >= 3
    share = events().customer_id.isin(found).sum() / len(events())
    assert 0.03 < share < 0.10
    hours = events()[events().customer_id.isin(found)].groupby("customer_id").size()
    assert hours.max() > 2000


# calendar ----------------------------------------------------------------------------------------
def test_peaks_pay_days_and_the_quiet_week(truth: dict) -> None:
    o = read("orders")
    day = o[o.channel != "shop"].created_at.str[:10].value_counts()
    day = day.reindex(pd.date_range("2025-09-01", "2026-10-31").strftime("%Y-%m-%d"), fill_value=0)
    median = day.median()
    assert day["2025-11-11"] == day.max() > 4 * median and day["2026-06-18"] > 3 * median
    assert day["2026-02-14":"2026-02-20"].mean() < 0.8 * day["2026-01-25":"2026-02-07"].mean()
    quiet = day[~day.index.str[5:7].isin(["11", "12", "06", "02"])]
    paid = quiet.index.str[8:10].isin(["10", "15"])
    after = quiet.index.str[8:10].isin(["11", "16"])
    ratio = quiet[paid].mean() / quiet[~paid & ~after].mean()
    assert ratio == pytest.approx(truth["calendar"]["pay_day_ratio_in_quiet_months"], abs=1e-3)
    assert ratio > 1.2


def test_hours_and_weekdays_are_people_s() -> None:
    e = events()[~events().customer_id.isin(bots())]
    views = e[e.event == "view"]
    by_hour = views.t.dt.hour.value_counts(normalize=True)
    assert by_hour.loc[[20, 21, 22]].sum() > 0.22 and by_hour.loc[[3, 4, 5]].sum() < 0.02
    assert by_hour[12] > by_hour[10]  # lunch
    weekday = views.groupby([views.channel, views.t.dt.hour]).size()
    assert weekday["app"].idxmax() in (20, 21, 22) and weekday["website"].idxmax() in (20, 21)
    shop = read("orders")[read("orders").channel == "shop"]
    saturday = pd.to_datetime(shop.created_at).dt.day_of_week >= 5
    assert saturday.mean() > 0.36  # two sevenths were .29


def test_goods_have_seasons(truth: dict) -> None:
    season, b = truth["calendar"]["seasons"], lines()
    month = b.time.str[5:7]
    for goods, months, least in (
        ("summer_goods", ("05", "06", "07", "08"), 1.5),
        ("winter_goods", ("11", "12", "01"), 1.6),
        ("spring_festival_goods", ("01", "02"), 3.0),
        ("mid_autumn_goods", ("09", "10"), 2.0),
    ):
        inside = month.isin(months)
        assert inside[b.product_id.isin(season[goods])].mean() > least * inside.mean(), goods


# goods -------------------------------------------------------------------------------------------
def test_the_tail_is_long_and_the_range_moves(truth: dict) -> None:
    sold = lines().product_id.value_counts()
    top = sold.head(80).sum() / len(lines())
    assert top == pytest.approx(truth["popularity"]["top_80_goods_share_of_lines"], abs=1e-3)
    assert 0.5 < top < 0.7 and sold.median() < 0.15 * sold.max()
    p = read("products")
    assert set(p.product_id[p["stock"] == "0"]) == set(truth["goods"]["sold_out"])
    assert 20 <= len(truth["goods"]["sold_out"]) <= 60
    assert (pd.to_numeric(p.cost) < pd.to_numeric(p.price)).all()
    assert p.name.is_unique and p.name_en.is_unique
    first = events()[events().product_id != ""].groupby("product_id").time.min().str[:10]
    new = truth["goods"]["new_in_the_period"]
    assert (
        first.loc[list(new)].to_dict() == new and sum(d >= "2026-08-01" for d in new.values()) >= 15
    )
    last = (
        events()[events().product_id.isin(truth["goods"]["withdrawn"])]
        .groupby("product_id")
        .time.max()
    )
    assert (last < "2026-10-20").all() and len(last) >= 10


def test_pairs_are_bought_together(truth: dict) -> None:
    baskets = lines().groupby("product_id").order_id.apply(set)
    orders = lines().order_id.nunique()
    assert len(truth["pairs"]) >= 15
    for r in truth["pairs"]:
        one, two = baskets[r["first"]], baskets[r["second"]]
        assert len(one & two) == r["orders_with_both"]
        assert len(one & two) * orders / (len(one) * len(two)) > 8
    assert max(r["orders_with_both"] for r in truth["pairs"]) >= 20


def test_what_is_used_up_is_bought_again_and_the_rest_is_not() -> None:
    b = lines().merge(read("products")[["product_id", "category_en"]], on="product_id")
    again = b.duplicated(["customer_id", "product_id"]).groupby(b.category_en).mean()
    assert again["Tea & coffee"] > 0.15 and again["Women's clothing"] < 0.08
    assert 0.08 < b.duplicated(["customer_id", "product_id"]).mean() < 0.25
    two = read("orders").customer_id.value_counts()
    assert (two > 1).sum() > 1000 and 10 < two.max() < 60


# sessions, carts ---------------------------------------------------------------------------------
def test_sessions(truth: dict) -> None:
    e = events().sort_values(["customer_id", "t"], kind="stable")
    new = (e.customer_id != e.customer_id.shift()) | (e.t.diff() > pd.Timedelta(minutes=30))
    assert new.sum() == truth["sessions_30_minutes"]
    person = ~e.customer_id.isin(bots())
    size = new[person].cumsum().value_counts()
    assert 3 < size.mean() < 9 and size.median() >= 2


def test_carts_are_left_and_recovered(truth: dict) -> None:
    e = events()
    carts = e[e.event == "cart"].sort_values("t")[["customer_id", "product_id", "t"]]
    buys = lines()[["customer_id", "product_id", "t"]].rename(columns={"t": "bought"})
    m = pd.merge_asof(
        carts,
        buys.sort_values("bought"),
        left_on="t",
        right_on="bought",
        direction="forward",
        by=["customer_id", "product_id"],
    )
    hours = (m.bought - m.t).dt.total_seconds() / 3600
    left = ~(hours <= 1)
    back = (hours > 1) & (hours <= 72)
    assert int(left.sum()) == truth["carts"]["left"]
    assert int(back.sum()) == truth["carts"]["recovered_within_72_hours"]
    assert 0.45 < left.mean() < 0.75 and 0.15 < back.sum() / left.sum() < 0.4


# campaigns ---------------------------------------------------------------------------------------
def test_outcomes_are_what_the_orders_say() -> None:
    s, o = read("sends").reset_index(), read("orders")
    kept = o[~o.status.isin(["cancelled", "unpaid"])].copy()
    kept["net"] = cents(kept.total) - cents(kept.shipping) - cents(kept.refund_amount)
    kept["at"] = pd.to_datetime(kept.created_at)
    kept = kept[kept.net > 0]
    s["from"] = pd.to_datetime(s.sent_at)
    m = s.merge(kept[["customer_id", "at", "net", "created_at"]], on="customer_id")
    m = m[(m["at"] >= m["from"]) & (m["at"] < m["from"] + pd.Timedelta(days=14))]
    assert (
        m.groupby("index").net.sum().reindex(s["index"], fill_value=0) == cents(s.outcome)
    ).all()
    first = m.groupby("index").created_at.min().reindex(s["index"], fill_value="")
    assert (first.to_numpy() == s.responded_at.to_numpy()).all()


def test_the_campaigns_allow_a_split_by_time(truth: dict) -> None:
    s = read("sends")
    when = s.groupby("campaign").sent_at.min().sort_values()
    assert len(when) == 5 and list(when.index[-2:]) == ["autumn-2026", "member-day-2026"]
    for name, part in s.groupby("campaign"):
        assert len(part) > 900 and part.customer_id.is_unique
        treated = part[part.arm != "control"]
        assert 0.05 < (treated.responded_at != "").mean() < 0.25, name
        assert ("control" in set(part.arm)) == truth["campaigns"]["all"][name]["randomised"]
    consent = read("customers").set_index("customer_id")
    for arm in ("sms", "email"):
        assert (s[s.arm == arm].customer_id.map(consent[f"consent_{arm}"]) == "yes").all()


def test_the_experiment_works_for_some_and_not_in_the_shop(truth: dict) -> None:
    s = read("sends")
    x = s[s.campaign == "autumn-2026"].merge(read("customers"), on="customer_id")
    x["r"] = x.responded_at != ""
    assert abs((x.arm == "sms").mean() - 0.5) < 0.03

    def effect(part: pd.DataFrame) -> tuple[float, float]:
        a, b = part.r[part.arm == "sms"], part.r[part.arm == "control"]
        se = np.sqrt(a.mean() * (1 - a.mean()) / len(a) + b.mean() * (1 - b.mean()) / len(b))
        return a.mean() - b.mean(), se

    for name, r in truth["campaigns"]["experiment"]["realised"].items():
        diff, se = effect(x if name == "all" else x[x.channel == name])
        assert diff == pytest.approx(r["difference"], abs=1e-3)
        if name == "shop":
            assert abs(diff) < 2 * se and abs(diff) < 0.03
        else:
            assert diff > 2 * se and diff > 0.02
    # arms were alike before: a coin decided
    before = lines()[lines().time < "2026-09-01"].customer_id.value_counts()
    n = x.customer_id.map(before).fillna(0)
    a, b = n[x.arm == "sms"], n[x.arm == "control"]
    assert abs(a.mean() - b.mean()) < 3 * np.sqrt(a.var() / len(a) + b.var() / len(b))


# texts -------------------------------------------------------------------------------------------
def test_reviews_sound_different() -> None:
    r = read("reviews")
    stars = r.stars.value_counts(normalize=True)
    assert set(stars.index) == set("12345") and stars["5"] > stars["4"] > stars["3"] > stars["1"]
    assert r.text.nunique() > 520 and r.text.value_counts().max() <= 12
    english = r.text.str.fullmatch(r"[\x00-\x7f👍]+")
    assert 0.2 < english.mean() < 0.4
    openings = r.text.str[:4].value_counts()
    assert len(openings) > 150 and openings.max() < 40
    length = r.text.str.len()
    assert length.min() < 5 and length.max() > 90


def test_queries_are_typed_words() -> None:
    q = events()[events().event == "search"]["query"]
    assert (q != "").all() and q.nunique() > 200
    assert (events()[events().event != "search"]["query"] == "").all()


# the other files ---------------------------------------------------------------------------------
def test_the_dirty_twin(truth: dict) -> None:
    facts = truth["dirty"]
    raw = (FOLDER / "orders_dirty_gbk.csv").read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    text = raw.decode("gbk").split("\r\n")
    assert text.pop() == "" and not any("\n" in t for t in text)
    assert "叶子" in text[0] and text[1].startswith("订单编号,买家会员名,标题")
    assert text[-1].startswith("合计,") and 300 <= len(text) - 3 <= 1000
    assert all(t.startswith('="26') and t[20:22] == '",' for t in text[2:-1])
    rows = list(csv.reader(text[2:]))
    body = pd.DataFrame(rows[:-1], columns=text[1].split(","))
    assert len(body) == facts["order_rows"]
    for b in facts["bad_cells"]:
        assert body[b["column"]][b["line"] - 3] == b["value"]
    times = pd.to_datetime(body["订单创建时间"].str.replace("/", "-"), errors="coerce")
    assert times.isna().sum() == 2
    plain = body["金额"].str.replace("￥", "").str.replace(",", "")
    amount = pd.to_numeric(plain, errors="coerce")
    lost = sum(b["amount"] for b in facts["bad_cells"] if b["kind"] == "no_amount")
    printed = float(rows[-1][6].replace("￥", "").replace(",", ""))
    assert amount.sum() + lost == pytest.approx(printed) and printed == facts["total_as_printed"]
    assert body["金额"].str.contains(",").sum() >= 1 and "," in rows[-1][6]
    assert (amount < 0).sum() == facts["refund_rows"] > 5
    # the same orders as in the clean files
    number = body["订单编号"].str.strip('="')
    assert set(number) <= set(read("orders").order_id)
    assert set(body["商品编号"]) <= set(read("products").product_id)
    bought = (amount > 0) & ~number.isin(number[amount.isna()])
    mine = cents(amount[bought].map("{:.2f}".format)).groupby(number[bought]).sum()
    clean = cents(lines().amount).groupby(lines().order_id).sum().reindex(mine.index)
    assert len(mine) == facts["orders"] - 1 and (clean == mine).all()


def test_people_in_the_articles_shape(truth: dict) -> None:
    people = pd.read_csv(FOLDER / "people.csv")
    assert list(people.columns) == ["user_id", "age", "rating", "browsing_count"]
    assert len(people) == 200 and people.user_id.is_unique
    facts = truth["people"]
    assert people.age.isna().sum() == facts["ages_empty"] > 5
    assert (people.age == 0).sum() == facts["ages_zero"] > 0
    assert (people.age == 999).sum() == facts["ages_999"] > 0
    assert people.rating.between(1, 5).all()
    assert people.browsing_count.skew() > 1


@pytest.mark.slow
def test_the_script_makes_the_same_bytes(tmp_path: Path) -> None:
    script = FOLDER / "make_sample.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, timeout=300)
    made = sorted(p.name for p in tmp_path.iterdir())
    assert len(made) == 9
    for name in made:
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes(), name
