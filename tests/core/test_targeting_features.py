"""Features as of a day: nothing dated later can change them; targets, stacks and time splits."""

import datetime as dt
import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from omni_core import Workspace
from omni_core.errors import BadTarget, SentBefore, TargetNotOver, TooShortHistory, UnknownName
from omni_core.i18n import use_language
from omni_core.segments import Condition, Segment
from omni_core.targeting import (
    build_features,
    campaigns,
    contacts,
    handover,
    people_words,
    words,
)
from omni_core.targeting.audience import audience, breakdown, chosen
from omni_core.targeting.case import people_of
from omni_core.targeting.evaluate import Scores, holdout, score_everyone
from omni_core.targeting.features import FEATURES
from omni_core.targeting.origins import MOST_ORIGINS, foreseen, origins, split, tried
from omni_core.targeting.outcomes import ask_again, explain, unread
from omni_core.targeting.shop_money import shop_money
from omni_core.targeting.stack import choices, stack
from tests.core.targeting_shop import CUSTOMERS, EVENTS, SENDS, grow, opened

AS_OF = dt.date(2026, 3, 10)
LATER = {
    "a": """ann,p1,2026-03-10 00:00:00,purchase,o3,1,20.00,app
zoe,p1,2026-03-12 00:00:00,view,,,,shop
ann,p1,2026-04-30 00:00:00,view,,,,app
""",
    "b": """bob,p1,2026-03-10 00:00:01,purchase,o4,9,999.00,social
ann,p2,2026-03-15 10:00:00,refund,o2,2,100.00,website
yan,p1,2026-04-30 00:00:00,view,,,,shop
""",
}
LATER_CUSTOMERS = {"a": "new,20,男,2026-03-10,yes\n", "b": "new,70,女,2026-04-01,no\n"}
LATER_SENDS = {"a": "may,ann,2026-05-01 10:00:00,sms,\n", "b": "may,bob,2026-03-11 10:00:00,sms,\n"}


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """Two shops with the same past and another future."""
    made = [
        opened(tmp_path_factory.mktemp(v), EVENTS + LATER[v], CUSTOMERS + LATER_CUSTOMERS[v],
               SENDS + LATER_SENDS[v])
        for v in "ab"
    ]
    yield made
    for ws in made:
        ws.close()


def as_bytes(frame):
    out = io.BytesIO()
    frame.to_pickle(out)
    return out.getvalue() + repr(frame.dtypes).encode()


@pytest.mark.parametrize("target", [
    None, "buys_within:30", "buys_category:30:drinks", "lapses_within:30", "responded:spring"])
def test_what_comes_later_changes_no_byte(shops, target):
    (x, y), (other, after) = (build_features(ws, AS_OF, target) for ws in shops)
    assert as_bytes(x) == as_bytes(other)
    assert x.columns.tolist() == [f.name for f in FEATURES] and x.index.name == "user"
    if target == "buys_within:30":
        assert y.to_dict() == {"ann": 1, "bob": 0, "cat": 0}
        assert after.to_dict() == {"ann": 0, "bob": 1, "cat": 0}
    if target == "buys_category:30:drinks":
        assert y.to_dict() == {"ann": 1, "bob": 0, "cat": 0}
        assert after["bob"] == 1
    if target == "lapses_within:30":  # only ann bought in the 30 days before
        assert y.to_dict() == {"ann": 0} and after.to_dict() == {"ann": 1}
    if target == "responded:spring":  # cat is in the control group, ghost was never seen before
        assert y.to_dict() == after.to_dict() == {"ann": 1, "bob": 0, "ghost": 0}


def test_known_features_of_a_known_past(shops):
    x, _ = build_features(shops[0], AS_OF, None)
    assert x.index.tolist() == ["ann", "bob", "cat"]  # zoe, new and ghost come later
    ann, bob, cat = x.loc["ann"], x.loc["bob"], x.loc["cat"]
    assert (ann.orders_28, ann.orders_all, ann.spend_28, ann.spend_all) == (1, 2, 120, 140)
    assert (ann.average_order, ann.days_between_orders, ann.days_since_purchase) == (70, 55, 8)
    assert (ann.sends_all, ann.answers_all, ann.days_since_send) == (1, 1, 36)
    assert (ann.top_category, ann.categories_all, ann.top_channel) == ("drinks", 2, "app")
    assert (ann.views_28, ann.views_84, ann.active_days_84, ann.products_84) == (0, 1, 2, 2)
    assert (ann.channels_all, ann.top_channel_share) == (2, 0.5)
    assert (ann.categories_28, ann.usual_hour) == (2, (10 + 10 + 9 + 9) / 4)
    assert (bob.days_since_visit, bob.views_28, bob.carts_28, bob.orders_all) == (0, 1, 1, 0)
    assert np.isnan(bob.days_since_purchase) and np.isnan(bob.age) and bob.gender == "male"
    assert (cat.days_since_joining, cat.age) == (37, 44) and np.isnan(cat.days_since_visit)


def test_an_hour_is_the_shop_s_hour(shops):
    moment = dt.datetime(2026, 3, 9, 15, 59, 59, tzinfo=dt.UTC)  # one second before AS_OF there
    early, _ = build_features(shops[0], moment, None)
    late, _ = build_features(shops[0], AS_OF, None)
    assert early.loc["bob", "carts_28"] == 0 and late.loc["bob", "carts_28"] == 1


def test_impossible_targets_have_codes(shops):
    for text in ("responded", "responded:", "buys_within:0", "buys_within:400", "clicks:3", "",
                 "lapses_within:x", "lapses_within:30:a", "buys_category:30", "buys_category:30:"):
        with pytest.raises(BadTarget):
            build_features(shops[0], AS_OF, text)
    with pytest.raises(UnknownName):
        build_features(shops[0], AS_OF, "responded:sprang")
    with pytest.raises(UnknownName):
        build_features(shops[0], AS_OF, "buys_category:30:cofee")
    with pytest.raises(SentBefore):
        build_features(shops[0], dt.date(2026, 3, 12), "responded:spring")
    with pytest.raises(TargetNotOver) as caught:
        build_features(shops[0], dt.date(2026, 4, 15), "buys_within:30")
    assert caught.value.values["last"] == dt.date(2026, 5, 1)
    with pytest.raises(TooShortHistory):
        stack(shops[0], "responded:jan")


def test_campaigns_leave_the_control_group_out(shops):
    found = campaigns(shops[0]).set_index("campaign")
    assert found.loc["spring", ["people", "answers", "held_back"]].tolist() == [3, 1, 1]
    assert found.loc["spring", "day"] == AS_OF and not found["early"].any()
    x, y = build_features(shops[0], None, "responded:spring")  # as of its first send
    assert y.sum() == 1 and x.loc["ann", "sends_all"] == 1


@pytest.mark.parametrize("language", ("en", "zh"))
def test_an_answer_before_its_message_is_not_counted_and_told(tmp_path, language):
    dates = [f"e{i},{d},2026-0{2 + i % 3}-10 10:00,sms,{a}\n" for i in range(3) for d, a in (
        ("ann", "2026-01-01 10:00"), ("bob", f"2026-0{2 + i % 3}-12 10:00"))]
    head = SENDS.splitlines()[0] + "\n"
    with opened(tmp_path, EVENTS, CUSTOMERS, head + "".join(dates)) as ws:
        known = campaigns(ws)
        assert known["answers"].tolist() == known["early"].tolist() == [1, 1, 1]
        rows = stack(ws, "responded:e2")
        assert rows.y.sum() == len(set(rows.name))
        with use_language(language):
            said = words.answer_words("responded:e2", known, rows)
        assert str(len(set(rows.name))) in said
        assert ("dated before" if language == "en" else "早于") in said


@pytest.mark.parametrize("language", ("en", "zh"))
def test_without_a_consent_column_it_says_so(tmp_path, language):
    with opened(tmp_path, EVENTS, "user,age\nann,31\nbob,40\n", SENDS) as ws:
        x, _ = build_features(ws, AS_OF, None)
        scores = Scores(AS_OF, x.index.to_numpy(object), np.full(len(x), 0.5), x, None)
        held = SimpleNamespace(y=np.array([1, 0]), p=np.array([0.5, 0.5]))
        who = audience(people_of(ws), scores, held)
        with use_language(language):
            said = people_words.consent_words(who, scores)
            warned = people_words.handover_warnings(
                handover.handover(who.people["user"], contacts.kept(ws, ["ann"]), "google"), who)
        assert who.consent is None and len(who.people) == len(x)
        assert ("no consent column" if language == "en" else "没有") in said
        assert any(("law" if language == "en" else "违法") in w for w in warned)


def test_money_begins_at_what_the_shop_measured_and_is_empty_elsewhere(shops, tmp_path):
    shop = shop_money(shops[0])  # orders of 20, 120 and 20; goods 20 - 8, 100 - 40, 20 - 8, 20 - 8
    assert (shop.orders, shop.mean_value) == (3, pytest.approx(160 / 3))
    assert shop.margin_share == pytest.approx(0.6)
    assert shop.start == {"margin": 32.0, "coupon": 0.0, "contact_cost": None, "budget": None}
    with opened(tmp_path, EVENTS, CUSTOMERS, SENDS, "item,name\np1,Tea\np2,Cup\n") as ws:
        assert shop_money(ws).start["margin"] is None and shop_money(ws).orders == 2


def test_orders_are_the_ones_of_every_other_page(tmp_path):
    more = """eve,p1,2026-02-01 10:00:00,purchase,free,1,0.00,app
eve,p2,2026-02-03 10:00:00,refund,back,1,15.00,app
eve,p2,2026-02-04 10:00:00,purchase,kept,1,50.00,app
eve,p2,2026-02-05 10:00:00,refund,kept,1,50.00,app
"""
    with opened(tmp_path, EVENTS + more, CUSTOMERS, SENDS) as ws:
        whole, shop = ws.query("summary").iloc[0], shop_money(ws)
        assert shop.orders == whole.orders == 4  # o1, o2, one for nothing, one sent back whole
        assert shop.mean_value == pytest.approx(whole.revenue / whole.orders)


def test_purchases_of_a_log_without_a_sum_lower_no_average(tmp_path):
    with opened(tmp_path, EVENTS, CUSTOMERS, SENDS) as ws:
        before = shop_money(ws)
        log = "user,item,event,time\n" + "".join(
            f"guest{n},p1,purchase,2026-03-0{n} 10:00:00\n" for n in range(1, 6))
        assert ws.import_file(data=log.encode(), name="log.csv").status == "imported"
        after = shop_money(ws)
    assert (after.orders, after.mean_value) == (before.orders, before.mean_value)


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    ws = grow(tmp_path_factory.mktemp("grown"))
    yield ws
    ws.close()


def test_a_split_in_time_learns_only_from_what_had_happened(grown):
    rows = stack(grown, "responded:c4")
    assert sorted(set(rows.name)) == ["c0", "c1", "c2", "c3", "c4"] and rows.recipients == 400
    parts = split(grown, rows)
    assert parts.how == "time" and parts.cut == dt.date(2026, 5, 11)
    assert set(rows.name[parts.test]) == {"c3", "c4"}
    assert rows.day[parts.train].max() < rows.day[parts.test].min()
    # were the answers to c2 given after the cut, they would not be learned from
    late = rows.known_by.copy()
    late[rows.name == "c2"] += np.timedelta64(60, "D")
    object.__setattr__(rows, "known_by", late)
    again = split(grown, rows)
    assert again.y_train[rows.name[again.train] == "c2"].sum() == 0 < parts.y_train.sum()


def test_each_campaign_is_foreseen_from_what_was_known_before_it(grown):
    rows = stack(grown, "responded:c4")
    parts = origins(grown, rows)
    assert [set(rows.name[part.test]) for part in parts] == [{"c3"}, {"c4"}]
    assert [set(rows.name[part.train]) for part in parts] == [{"c0", "c1", "c2"},
                                                              {"c0", "c1", "c2", "c3"}]
    held = holdout(grown, rows)
    assert held.names == ("c3", "c4") and len(held.y) == tried(parts).sum() == 800
    assert held.trained_positives == parts[0].y_train.sum() < parts[1].y_train.sum()
    # neither its own answers nor, for c3, those of c4 have a say in what is foreseen
    for name in ("c3", "c4"):
        turned = rows.take(rows.day == rows.day, np.where(rows.name == name, 1 - rows.y, rows.y))
        again = origins(grown, turned)
        p, _ = foreseen(again, turned.x, [part.y_train for part in again])
        mine = rows.name[tried(parts)] == name
        assert np.array_equal(p[mine], held.p[mine]) and (name == "c4") == np.array_equal(p, held.p)
    # every row is judged by the model that had not seen it
    assert np.array_equal(held.predict(held.x, np.arange(800)), held.p)
    assert not np.array_equal(held.models[1].predict_proba(held.x), held.p)


def test_many_days_share_origins_and_few_answers_reach_further_back(grown):
    rows = stack(grown, "responded:c4")
    days = np.datetime64("2026-01-01") + np.arange(len(rows.y)) // 50 * np.timedelta64(1, "D")
    object.__setattr__(rows, "day", days)
    object.__setattr__(rows, "known_by", np.full(len(rows.y), np.datetime64("NaT"), "M8[us]"))
    parts = origins(grown, rows)
    assert len(parts) == MOST_ORIGINS and sum(part.test.sum() for part in parts) == 500
    assert all(rows.day[part.train].max() < rows.day[part.test].min() for part in parts)
    # twelve answers in the last days are no verdict: earlier days are tried on as well
    rare = rows.take(days == days, rows.y * (days < days[-500]))
    rare.y[-12:] = 1
    assert rare.y[split(grown, rare).test].sum() >= 50 < split(grown, rare).y_train.sum()


def test_windows_do_not_overlap_and_their_outcomes_are_over(grown):
    rows = stack(grown, "buys_within:30")
    days = np.unique(rows.day)
    assert len(days) >= 4 and (np.diff(days) == np.timedelta64(30, "D")).all()
    parts = split(grown, rows)
    over = rows.day[parts.train] + np.timedelta64(30, "D")
    assert parts.how == "time" and (over <= np.datetime64(parts.cut)).all()
    assert np.array_equal(parts.y_train, rows.y[parts.train])


def test_a_bargain_is_below_what_others_paid(tmp_path):
    rows = [f"u{i},p1,2026-01-0{i} 10:00:00,purchase,o{i},{n},{paid}"
            for i, (n, paid) in enumerate([(1, 10), (1, 10), (2, 20), (1, 8.8), (2, 17.6)], 1)]
    head = "user,item,ts,event,order,quantity,amount\n"
    with opened(tmp_path, head + "\n".join(rows), CUSTOMERS, SENDS) as ws:
        x, _ = build_features(ws, AS_OF, None)  # 66.4 for 7: 9.49 each
        assert x["bargain_share"].dropna().tolist() == [0, 0, 0, 0, 0]
        ws.import_file(data=(head + "u6,p1,2026-01-06 10:00:00,purchase,o6,1,5.0").encode(),
                       name="more.csv")
        x, _ = build_features(ws, AS_OF, None)  # 71.4 for 8: 8.93 each
        assert x["bargain_share"].dropna().sum() == x.loc["u6", "bargain_share"] == 1
        assert x.loc["u6", "price_level"] == pytest.approx(5 / (71.4 / 8), abs=1e-4)


def test_behaviour_beats_the_baseline_and_shoppers_are_split_where_time_cannot_be(grown):
    held = holdout(grown, stack(grown, "responded:c4"))
    assert held.how == "time" and held.figures["auc"] > 0.65
    assert held.gap_low > 0 and held.baseline["auc"] < 0.58
    assert held.figures["auc_low"] < held.figures["auc"] < held.figures["auc_high"]
    assert held.left_out["city"] == "constant" and held.alarms == ()
    alone = holdout(grown, stack(grown, "responded:c0"))
    assert (alone.how, alone.cut) == ("shoppers", None)


def test_the_audience_honours_consent_and_keeps_its_order(grown):
    rows = stack(grown, "responded:c4")
    scores, held = score_everyone(grown, rows), holdout(grown, rows)
    who = audience(people_of(grown), scores, held)
    assert (who.consent, who.known, who.unconsented) == ("consent_email", 400, 266)
    assert {int(u[2:]) % 3 for u in who.people["user"]} == {0}
    listed = chosen(who, 50)
    assert listed.columns.tolist() == ["user", "score"] and len(listed) == 50
    ordered = listed.sort_values(["score", "user"], ascending=[False, True], kind="stable")
    assert ordered["user"].tolist() == listed["user"].tolist()
    table = breakdown(who, 50, "gender")
    assert table["shoppers"].sum() == 134 and table["chosen"].sum() == 50
    assert (table["low"] <= table["share"]).all() and (table["share"] <= table["high"]).all()
    with pytest.raises(UnknownName):
        audience(people_of(grown), scores, held, "consent_sms")


def test_a_saved_segment_narrows_the_audience_and_nothing_else(grown):
    rows = stack(grown, "responded:c4")
    scores, held = score_everyone(grown, rows), holdout(grown, rows)
    whole = audience(people_of(grown), scores, held)
    buyers = Segment((Condition("orders", "at_least", 5),))
    inside = set(people_of(grown, buyers).index)
    assert len(inside) == grown.query("segment_size", segment=buyers)["shoppers"].item()
    who = audience(people_of(grown), scores, held, among=inside)
    assert who.people["user"].tolist() == [u for u in whole.people["user"] if u in inside]
    assert 0 < len(who.people) < len(whole.people) == len(who.people) + who.elsewhere
    rest = audience(people_of(grown), scores, held, among=people_of(grown, buyers.rest).index)
    assert len(rest.people) == who.elsewhere and (who.known, who.unconsented) == (400, 266)
    assert whole.elsewhere is None and not len(
        audience(people_of(grown), scores, held, among=()).people)


@pytest.fixture(scope="module")
def undated(tmp_path_factory):
    """300 shoppers who buy by chance, 320 in a customer file; 18 of the others have no date."""
    rng = np.random.default_rng(2)
    events, people = [EVENTS.splitlines()[0]], [CUSTOMERS.splitlines()[0]]
    start = dt.datetime(2026, 1, 1, 12)
    for i in range(320):
        joined = {318: "2026-02-01", 319: "2027-01-01"}.get(i, "")
        people.append(f"u{i:03},{rng.integers(18, 70)},女,{joined},")
        for day in np.flatnonzero(rng.random(180) < (0.01 if i < 300 else 0)):
            t = start + dt.timedelta(days=int(day))
            events.append(f"u{i:03},p1,{t},purchase,o{i}-{day},1,20.00,app")
    ws = Workspace.open(tmp_path_factory.mktemp("undated"))
    for name, lines in {"events": events, "customers": people}.items():
        assert ws.import_file(data="\n".join(lines).encode(), name=f"{name}.csv").accepted
    yield ws
    ws.close()


def test_everyone_in_the_customer_file_may_be_contacted(undated):
    rows = stack(undated, "buys_within:30")
    scores, held = score_everyone(undated, rows), holdout(undated, rows)
    seen = set(undated.query("buyers", category=None, as_of=dt.datetime(2025, 1, 1),
                             until=dt.datetime(2027, 1, 1))["user"])
    assert set(scores.user) == {f"u{i:03}" for i in range(319)} and len(seen) < 300
    assert scores.silent == 318 - len(seen)  # u318 has a date
    who = audience(people_of(undated), scores, held)
    assert (who.known, who.later) == (319, 1)
    said = people_words.consent_words(who, scores)
    assert "319" in said and f"{scores.silent} of the known" in said and "1 customer who" in said
    # learned from are only those known on the day: a purchase, or a date of joining, before it
    for day in np.unique(rows.day):
        before = set(undated.query("buyers", category=None, as_of=dt.datetime(2025, 1, 1),
                                   until=day.astype(object))["user"])
        assert set(rows.user[rows.day == day]) - {"u318"} == {
            u for u in before if u in set(rows.user[rows.day == day])}
        assert before <= set(rows.user[rows.day == day])
    # nothing was ever done by them: no likelier than the usual buyer
    done = np.isin(scores.user, list(seen))
    assert scores.p[~done].max() <= np.median(scores.p[done])


def test_chance_is_called_chance(undated):
    held = holdout(undated, stack(undated, "buys_within:30"))
    assert held.random and held.figures["positives"] > 50
    colour, why = words.gate(held)
    assert colour == "orange" and "random choice" in why


def test_words_of_an_outcome_count_as_none_until_they_are_explained(tmp_path):
    sends = """campaign,user,sent_at,arm,responded_at,outcome
spring,ann,2026-03-10 10:00:00,sms,,Opened
spring,bob,2026-03-10 10:00:00,sms,,opened
spring,cat,2026-03-10 10:00:00,sms,,a|b
spring,dan,2026-03-10 10:00:00,sms,,未使用
spring,eve,2026-03-10 10:00:00,sms,,已使用
spring,fay,2026-03-10 10:00:00,sms,2026-03-11 10:00:00,clicked
"""
    with opened(tmp_path, EVENTS, CUSTOMERS, sends) as ws:
        assert unread(ws).values.tolist() == [["opened", 2], ["a|b", 1]]  # fay answered anyway
        assert campaigns(ws)["answers"].tolist() == [2]  # eve and fay
        said = words.unread_words(unread(ws), 1)
        assert "“opened” (2 messages)" in said and "1 more word" in said and "a|b" not in said
        before = ws.revision
        explain(ws, ["opened", "a|b"], ["a|b"])
        assert not len(unread(ws)) and ws.revision != before  # what was made of it is made anew
        assert campaigns(ws)["answers"].tolist() == [3]
        _, y = build_features(ws, None, "responded:spring")
        assert y[["cat", "eve", "fay"]].all() and y.sum() == 3
        explain(ws, ["opened", "a|b"], ["opened"])
        assert campaigns(ws)["answers"].tolist() == [4]
        ask_again(ws)
        assert len(unread(ws)) == 2 and campaigns(ws)["answers"].tolist() == [2]


def test_choices_offer_what_the_data_can_answer(grown, shops):
    offered, _ = choices(grown)
    assert offered[0] == "responded:c4"
    assert offered[5:] == ["buys_within:30", "lapses_within:60", "buys_category:30:drinks"]
    assert choices(shops[0])[0][:2] == ["responded:spring", "buys_within:30"]  # jan: too early
    assert isinstance(choices(grown)[1], pd.DataFrame)
