"""Fairness, coupons, comparison, permutation, sweeping, ad cards: closed forms and refusals."""

import numpy as np
import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.charts import adcard
from omni_core.errors import BadParameter, NotEnoughData
from omni_core.targeting import compare, coupons, creative, fairness, metrics, whole
from omni_core.targeting.audience import Audience
from omni_core.targeting.case import shop_case
from omni_core.targeting.compare import ARTICLES
from omni_core.targeting.creative import CHANNELS, Goods, card
from omni_core.targeting.evaluate import holdout, price_of_blindness, score_everyone
from omni_core.targeting.money import Money, Ranking
from omni_core.targeting.stack import stack
from tests.core.targeting_shop import CUSTOMERS, SENDS, grow, opened


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    ws = grow(tmp_path_factory.mktemp("grown"))
    yield ws
    ws.close()


@pytest.fixture(scope="module")
def rows(grown):
    return stack(grown, "responded:c4")


def test_precision_recall_f1_of_a_known_line():
    assert metrics.at_threshold([1, 1, 0, 1, 0], [0.9, 0.2, 0.8, 0.7, 0.1], 0.7) == pytest.approx(
        (2 / 3, 2 / 3, 2 / 3))
    precision, recall, f1 = metrics.at_threshold([1, 0], [0.1, 0.1], 0.5)
    assert np.isnan(precision) and (recall, f1) == (0, 0)


def test_the_choice_is_made_before_the_days_tested(grown, rows):
    found = compare.compare(grown, rows, kinds=("logistic", "tree"))
    assert set(found.p) == {"logistic", "tree", ARTICLES} and found.how == "time"
    held = holdout(grown, rows)
    assert np.array_equal(found.p["logistic"], held.p) and np.array_equal(found.p[ARTICLES],
                                                                         held.base_p)
    assert found.best == "logistic" and found.choice["logistic"] < found.choice["tree"]
    table = compare.table(found, 0.3).set_index("model")
    assert list(table.index) == ["logistic", "tree", ARTICLES]
    assert table.loc["logistic", "log_loss"] == pytest.approx(held.figures["log_loss"])
    # outcomes of the days tested have no say: turn them all round
    turned = rows.take(np.ones(len(rows.y), bool), np.where(
        rows.day >= np.datetime64(held.cut), 1 - rows.y, rows.y))
    again = compare.compare(grown, turned, kinds=("logistic", "tree"))
    assert again.choice == found.choice and again.best == found.best


def test_leaving_age_out_is_priced_on_the_same_people(grown, rows):
    seeing, blind = (shop_case(grown, rows, "logistic", b).held for b in (False, True))
    assert np.array_equal(seeing.base_p, blind.base_p)  # the bar to beat stays where it is
    assert not set(blind.inputs) & {"age", "age_band", "gender"}
    gap, low, high = price_of_blindness(seeing, blind)
    assert low <= gap <= high and abs(gap) < 0.05  # age says nothing here
    scores = score_everyone(grown, rows.without(rows.sensitive))
    assert "age" not in scores.x
    # whatever age people are, the blind score is the same
    older = scores.x.assign(age=90.0, gender="female")
    assert np.array_equal(scores.model.predict_proba(older), scores.p)


def test_shuffling_and_sweeping_find_what_matters(grown, rows):
    held = holdout(grown, rows)
    table = whole.permutation(held, repeats=2)
    known = table.set_index("input")
    assert table["drop"].iloc[0] > 0.01 and not set(table["input"]) & set(held.left_out)
    assert abs(known.loc["age", "drop"]) < 0.02  # planted: age says nothing
    assert (table["low"] <= table["drop"]).all() and (table["drop"] <= table["high"]).all()
    top = table["input"].iloc[0]
    swept = whole.partial_dependence(held, top)
    assert (np.diff(swept["value"]) > 0).all() and swept["people"].sum() == len(held.y)
    assert swept["response"].max() - swept["response"].min() > 0.02
    one = held.x.assign(**{top: float(swept["value"].iloc[0])})
    assert swept["response"].iloc[0] == pytest.approx(
        held.predict(one, np.arange(len(one))).mean())
    words = whole.partial_dependence(held, "gender")
    assert set(words["value"]) == {"female", "male"}


def people(groups, p):
    ranking = Ranking(p, [f"u{i:04}" for i in range(len(p))])
    listed = pd.DataFrame({"user": ranking.users, "score": ranking.p, "gender":
                           np.array(groups, object)[ranking.order]})
    return Audience(ranking, listed, len(p), 0, (), None)


def test_groups_are_judged_with_ranges_and_flagged_below_four_fifths():
    from tests.core.test_targeting_figures import held as blank

    rng = np.random.default_rng(0)
    n = 900
    groups = np.array(["female", "male", "other"], object)[
        np.r_[np.zeros(400, int), np.ones(450, int), np.full(50, 2)]]
    p = np.where(groups == "female", 0.6, 0.3) + 0.2 * rng.random(n)
    y = (rng.random(n) < p).astype(int)
    test = blank(0.6, 0.1)
    for name, value in (("p", p), ("y", y)):
        object.__setattr__(test, name, value)
    table = fairness.group_table(test, groups, 0.45).set_index("group")
    chosen = p >= 0.45
    assert table.loc["male", "selected"] == pytest.approx(chosen[groups == "male"].mean())
    assert table.loc["female", "tpr"] == 1 and table.loc["female", "selected"] == 1
    assert table.loc["male", "precision"] == pytest.approx(
        y[(groups == "male") & chosen].mean())
    assert list(table["enough"]) == [True, True, False]  # 50 people are too few, and are shown
    least, most, ratio = fairness.four_fifths(table.reset_index())
    assert (least, most) == ("male", "female") and ratio < 0.8
    assert fairness.four_fifths(table.reset_index().iloc[:1]) is None


def test_evening_out_takes_the_best_of_each_group_and_has_its_price():
    p = np.r_[np.linspace(0.9, 0.5, 60), np.linspace(0.4, 0.1, 40)]
    who = people(["a"] * 60 + ["b"] * 40, p)
    even = fairness.evened_out(who, 50, "gender", Money(margin=10, contact_cost=1))
    marked = who.people["gender"].to_numpy()[even.chosen]
    assert even.chosen.sum() == 50 and (marked == "a").sum() == 30 and even.moved == 20
    best_b = np.flatnonzero(who.people["gender"] == "b")[:20]
    assert even.chosen[best_b].all()
    lost = even.orders_now - even.orders
    assert lost > 0 and even.profit_now - even.profit == pytest.approx(10 * lost)
    assert np.isnan(fairness.evened_out(who, 7, "gender", None).profit)
    for reach in (0, 1, 33, 100):
        assert fairness.evened_out(who, reach, "gender", None).chosen.sum() == reach


def test_a_coupon_goes_where_it_can_bring_more_than_it_gives_away():
    money = Money(margin=50, coupon=10, contact_cost=1)
    plain, coupon = np.array([0.9, 0.02, 0.01, 0.5]), np.array([0.05, 0.3, 0.0, 0.3])
    most = coupons.most_it_brings(plain, coupon, money)
    # p1 (M - d) - p0 M - c, with p1 = p0 + pc
    assert most == pytest.approx((plain + coupon) * 40 - plain * 50 - 1)
    assert coupons.grouped(plain, coupon, money).tolist() == ["anyway", "needs", "quiet", "needs"]


@pytest.fixture(scope="module")
def couponed(tmp_path_factory):
    """200 who buy without and 200 who buy with a coupon, each for half a year."""
    rng = np.random.default_rng(3)
    head = "user,order,ts,total,coupon"
    lines = [f"u{i:03},o{i}-{day},{pd.Timestamp('2026-01-01 12:00') + pd.Timedelta(day, 'D')},50,"
             f"{'TEN' if i >= 200 and rng.random() < 0.9 else ''}"
             for i in range(400) for day in np.flatnonzero(rng.random(180) < 0.03)]
    ws = with_orders(tmp_path_factory.mktemp("coupons"), "\n".join([head, *lines]))
    yield ws
    ws.close()


def with_orders(folder, text):
    ws = Workspace.open(folder)
    assert ws.import_file(data=text.encode(), name="orders.csv").status == "imported"
    return ws


def test_who_uses_coupons_is_told_from_who_buys_anyway(couponed, grown):
    found = coupons.coupon_scores(couponed, 30)
    money = Money(margin=30, coupon=10, contact_cost=0.5)
    groups = coupons.grouped(found.plain, found.coupon, money)
    number = np.array([int(u[1:]) for u in found.user])
    assert (groups[number < 200] != "needs").mean() > 0.9
    assert (groups[number >= 200] == "needs").mean() > 0.9
    table = coupons.strategy(found, money).set_index("group")
    assert table["people"].sum() == len(found.user) and table["held"].sum() == len(found.y)
    assert table.loc["needs", "with_coupon"] > 5 * max(table.loc["anyway", "with_coupon"], 0.01)
    listed = coupons.people_of(found, money, "needs")
    assert len(listed) == table.loc["needs", "people"]
    assert listed["with_coupon"].is_monotonic_decreasing
    with pytest.raises(NotEnoughData) as caught:
        coupons.coupon_scores(grown, 30)
    assert "coupon" in str(caught.value)


def test_a_card_fills_its_holes_cuts_and_escapes():
    goods = (Goods("Tea <b>x</b>", "drinks", 20.0), Goods("Cup", "kitchen", None))
    shown = card(CHANNELS["email"], "New in {category}", "{name}, look: {product}, {price}", "Ann",
                 goods, "CNY")
    assert (shown.headline, shown.cut) == ("New in drinks", False)
    assert shown.body == "Ann, look: Tea <b>x</b>, ¥20"
    html = adcard.ad_card(shown, "CNY", "<i>u1</i>")
    assert "<b>x</b>" not in html and "&lt;b&gt;x" in html and "<i>" not in html
    nameless = card(CHANNELS["sms"], "x", "{name}, look: {product}", "", goods, "CNY")
    assert nameless.body == "Look: Tea <b>x</b>" and not nameless.cut
    tight = card(CHANNELS["wechat"], "a" * 30, "b", "", (), "CNY")
    assert tight.cut and len(tight.headline) == CHANNELS["wechat"].headline
    with pytest.raises(BadParameter) as caught:
        card(CHANNELS["sms"], "", "Hi {nmae}", "", (), "CNY")
    assert "{name}" in str(caught.value)
    assert creative.restricted(["Our new wine", "shoes"]) == ["alcohol and tobacco"]
    assert creative.restricted(["红酒", "奶粉"]) == [
        "alcohol and tobacco", "goods for babies and children"]
    assert not creative.restricted(["Tea & coffee", "文具"])


def test_goods_for_a_card_are_of_her_category_for_sale_and_new_to_her(tmp_path):
    events = "user,item,ts,event,order,quantity,amount\n" + "".join(
        f"u{i},p{p},2026-03-{1 + i:02} 10:00,purchase,o{i}{p},1,10\n"
        for i in range(8) for p in (1, 2, 3, 4) if p != 4 or i)
    products = ("item,name,category,price,stock\np1,Tea,drinks,20,5\np2,Cup,kitchen,50,5\n"
                "p3,Mate,drinks,30,0\np4,Cocoa,drinks,9,3\n")
    with opened(tmp_path, events, CUSTOMERS, SENDS, products) as ws:
        assert [g.name for g in creative.goods_for(ws, "u0")] == ["Cocoa"]  # bought the rest
        assert {g.name for g in creative.goods_for(ws, "nobody")} == {"Tea", "Cup", "Cocoa"}
