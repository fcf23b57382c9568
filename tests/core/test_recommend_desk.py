"""What the recommend page stands on: the desk, the marks, the reasons, the queries."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from omni_core.behaviour import sentences
from omni_core.i18n import use_language
from omni_core.recommend import (
    MODELS,
    Interactions,
    evaluate,
    interval,
    moves,
    quality,
    settings,
    wording,
)
from omni_core.recommend import desk as desks
from omni_core.recommend.evaluate import Evaluation, Range
from omni_core.recommend.moves import Duel, Verdict
from omni_core.recommend.names import Names
from omni_core.recommend.reasons import reasons
from omni_core.recommend.task import Task
from omni_core.same_name import shared_names
from omni_core.workspace import Workspace
from tests.core.recommend_frames import shop


def test_goods_that_became_busy_later_stay_out_of_the_past():
    frame = shop(2000)
    late = frame["ts"].max() + pd.Timedelta(days=1)
    fad = pd.DataFrame({"user": [f"u{i}" for i in range(60)], "item": "fad", "event": "purchase",
                        "ts": late})
    desk = desks.prepare(pd.concat([frame, fad]), most=5)
    assert len(desk.all.items) == len(desk.train.items) == 5
    assert "fad" in desk.all.items and "fad" not in desk.earlier.items
    past = frame[frame["ts"] <= desk.train.ts.max()]
    most = past.groupby("item")["user"].nunique().nlargest(5, keep="all")
    assert set(desk.train.items) <= set(most.index)
    assert desk.train.ts.max() < desk.period[0] <= desk.period[1] < desk.last_period[0]
    assert desk.left_out == frame["item"].nunique() + 1 - 5


def test_the_desk_measures_purchases_of_the_validation_period_only():
    desk = desks.prepare(shop(4000, 300, 60))
    assert desk.events == ("purchase",) and set(desk.validation.present) == {"purchase"}
    fields = settings.fields("item_neighbours")
    measured = desk.measure("item_neighbours", fields, ("purchase",))
    model = MODELS["item_neighbours"](**fields).fit(desk.train)
    assert measured == evaluate(model, desk.validation, k=desks.CUTS)
    final = desk.measure("item_neighbours", fields, ("purchase",), final=True)
    assert desk.earlier.ts.max() < desk.test.ts.min() and final["users"]


def evaluation(hits):
    hits = np.array(hits, dtype=float)
    return Evaluation(
        {"hit_rate@10": hits.mean(), "users": len(hits)}, {"hit_rate@10": hits},
        np.arange(len(hits)),
    )


@pytest.mark.parametrize("mine, base, word", [
    ([1, 1, 0, 1] * 50, [0, 1, 0, 0] * 50, "better"),
    ([0, 1, 0, 0] * 50, [1, 1, 0, 1] * 50, "worse"),
    ([1, 0, 0, 1, 0] * 40 + [1], [0, 1, 0, 1, 0] * 40 + [0], "same"),
    ([1, 1, 0, 1] * 5, [0, 1, 0, 0] * 5, "few"),
])
def test_the_verdict_follows_the_range(mine, base, word):
    found = moves.verdict(evaluation(mine), evaluation(base))
    assert found.word == word
    assert found.difference.low <= found.difference.mean <= found.difference.high
    for language in ("en", "zh"):
        with use_language(language):
            assert "{" not in quality.verdict(found)


def test_the_page_remembers_the_setting_before_and_forgets_it_with_the_shopper():
    memory = {}

    def show(subject, setting):
        state = moves.Shown((subject,), setting, (setting,), None)
        earlier = moves.before(memory, state)
        return earlier and earlier.setting

    assert show("ann", "a") is None
    assert show("ann", "b") == "a"
    assert show("ann", "b") == "a"  # a rerun for another reason
    assert show("ann", "c") == "b"
    assert show("bob", "c") is None
    assert show("bob", "a") == "c"


def test_places_say_where_each_item_was():
    marks = [wording.moved(p) for p in moves.places("cabx", [4, 3, 2, 1], ("a", "b", "c", "d"))]
    assert marks == ["▲ 2", "▼ 1", "▼ 1", "new"]
    assert [wording.moved(p) for p in moves.places("ab", [2, 1], None)] == ["", ""]


def test_a_reason_counts_buyers_who_can_be_recounted():
    frame = shop(3000, 80, 30)
    x = Interactions.from_frame(frame)
    model = MODELS["item_neighbours"](min_common=2).fit(x)
    items = model.recommend("u5", 8)["item"]
    bought = frame[frame.event == "purchase"].groupby("item")["user"].agg(set)
    told = [r for r in reasons(model, "u5", items) if r.because is not None]
    assert len(told) >= 3  # what fills the list up is a bestseller, without a because
    for reason in told:
        parts = model.explain("u5", reason.item)
        totals = parts.groupby("because_item")["contribution"].sum()
        assert reason.share == pytest.approx(totals[reason.because] / totals.sum())
        assert reason.by == "purchase" and reason.base == len(bought[reason.because])
        assert reason.both == len(bought[reason.because] & bought[reason.item])
        hers = frame[(frame.user == "u5") & (frame.item == reason.because)]
        assert reason.when == hers[hers.event == reason.event]["ts"].max()
    (popular,) = reasons(model, "nobody", items[:1])
    assert popular.because is None and popular.base == len(bought[popular.item])


def test_the_suggested_worth_is_counted_from_the_data():
    rows = [("a", f"i{i}", "view") for i in range(10)] + [("a", "i1", "purchase")]
    rows += [("a", "i1", "cart"), ("a", "i2", "cart"), ("b", "i3", "purchase")]
    x = Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item", "event"]))
    assert settings.suggested_worth(x) == {"view": 10.0, "cart": 2.0}
    only = Interactions.from_frame(pd.DataFrame({"user": ["a"], "item": ["x"]}))
    assert settings.suggested_worth(only) == {}
    assert "bought one of every 10 products they viewed, one of every 2 they put in" in (
        wording.worth(settings.suggested_worth(x), x.present))


def test_a_suggestion_fits_its_slider_and_never_means_nothing():
    found = settings.on_the_slider({"view": 6.9, "cart": 0.1, "favourite": 300.0})
    assert found == {"view": 7.0, "cart": 0.5, "favourite": 20.0}
    settings.Worth(**found)


def test_a_product_has_no_more_neighbours_than_there_are_others():
    for goods, most in ((40, 39), (5000, 1000), (1, 2)):
        x = Interactions.from_frame(
            pd.DataFrame({"user": "a", "item": [f"i{i}" for i in range(goods)]}))
        assert settings.highest("item_neighbours", x) == {"k": most}


def test_settings_say_weights_in_her_words():
    assert settings.Worth(view=4, cart=0).weights() == {
        "purchase": 1.0, "view": 0.25, "cart": 0.0, "favourite": 0.5}
    for name in MODELS:
        MODELS[name](**settings.fields(name, view=4))
        for values in settings.presets(name).values():
            MODELS[name](**settings.fields(name) | values)
    assert set(settings.leave_out(("purchase",))) == {"bought", "nothing"}
    assert settings.leave_out(("cart", "purchase", "view"))["seen"] == ("cart", "purchase", "view")


@pytest.mark.parametrize("goods, offered, first", [
    ((400, 400, 12), ["item", "category"], "item"),
    ((68_000, 2_200, 300), ["item", "name", "category"], "name"),
    ((9_000, 9_000, 0), ["item"], "item"),
])
def test_levels_worth_offering(goods, offered, first):
    rows = pd.DataFrame({"level": ["item", "name", "category"], "goods": goods})
    assert wording.levels(rows, 5000) == (offered, first)


def test_the_trust_lamp_turns_with_the_number_tested():
    desk = desks.prepare(shop())
    assert [quality.lamp(desk, n)[0] for n in (0, 49, 50, 199, 200)] == [
        "red", "red", "orange", "orange", "green"]


EVENTS = """user_id,item_id,event,time
u1,A,view,2026-01-01 10:00
u1,A,purchase,2026-01-02 10:00
u1,B,view,2026-01-03 10:00
u1,B,view,2026-01-03 11:00
u2,C,click,2026-01-04 10:00
u2,,search,2026-01-04 10:00
u3,A,refund,2026-01-05 10:00
"""
PRODUCTS = """item_id,name,name_en,category,price,stock
A,茶,Tea,饮,10,3
B,茶,Tea,饮,12,0
C,杯,Cup,器,5,
D,壶,Pot,器,50,1
"""


@pytest.fixture
def ws(tmp_path):
    with Workspace.open(tmp_path / "shop", timezone="UTC") as workspace:
        for name, text in (("products", PRODUCTS), ("events", EVENTS)):
            workspace.import_file(data=text.encode(), name=f"{name}.csv")
        yield workspace


@pytest.mark.parametrize("level, expected", [
    ("item", [("u1", "A", "purchase"), ("u1", "A", "view"), ("u1", "B", "view"),
              ("u1", "B", "view"), ("u2", "C", "view")]),
    ("name", [("u1", "茶", "purchase"), ("u1", "茶", "view"), ("u1", "茶", "view"),
              ("u1", "茶", "view"), ("u2", "杯", "view")]),
    ("category", [("u1", "饮", "purchase"), ("u1", "饮", "view"), ("u1", "饮", "view"),
                  ("u1", "饮", "view"), ("u2", "器", "view")]),
])
def test_interactions_at_each_level(ws, level, expected):
    catalogue = ws.query("catalogue", level=level).set_index("item")["id"]
    people = ws.query("shopper_names").set_index("user")["id"]
    rows = ws.query("interactions", level=level)
    columns = rows["user"].map(people), rows["item"].map(catalogue), rows["event"].astype(str)
    assert sorted(zip(*columns, strict=True)) == expected
    assert catalogue.is_unique and len(catalogue) == {"item": 4, "name": 3, "category": 2}[level]
    u1 = people[people == "u1"].index[0]
    past = ws.query("shopper_history", user=int(u1), level=level)
    assert past["times"].sum() == 4 and set(past["item"]) == set(rows[rows.user == u1]["item"])
    assert len(ws.query("interactions", level=level, start="2026-01-03", end="2026-01-04")) == 2


def test_names_follow_the_language_and_sold_out_is_known(ws):
    names = Names(ws.query("catalogue", level="item"))
    key = {names.value(i, "id"): i for i in names._rows}
    for language, word in (("en", "Tea"), ("zh", "茶")):
        with use_language(language):
            assert names.of(key["A"]) == word
    assert names.sold_out() == (key["B"],)  # C's stock is not known


def test_shoppers_are_found_by_a_part_of_the_id_whatever_its_signs(ws):
    assert ws.query("shoppers", search="U1")["id"].tolist() == ["u1"]
    assert ws.query("shoppers", search="%").empty
    assert ws.query("shoppers", search=None)["id"].tolist() == ["u1", "u2"]
    assert set(ws.query("telling_shoppers")["id"]) == {"u1", "u2"}
    assert ws.query("goods_levels")["goods"].tolist() == [3, 2, 2]


def test_a_group_of_few_is_not_named():
    found = pd.DataFrame({"group": ["a", "b", "c"], "users": [10, 30, 90], "value": [.9, .2, .5]})
    said = quality.groups_words(found)
    assert "“c”: 50% of 90" in said and "“b”: 20% of 30" in said
    assert "30 shoppers or more" in quality.groups_words(found[:2])


def test_a_range_of_nobody_is_nothing():
    assert np.isnan(interval(np.array([])).mean)


def test_few_shoppers_are_a_hint_and_luck_as_good_is_said():
    gap = Range(-0.163, -0.302, -0.047)
    said = quality.verdict(Verdict("few", gap, 43))
    assert said.startswith("Only 43 shoppers") and "-16.3 points" in said and "told" not in said
    assert quality.beneath_chance({"hit_rate@10": 0.581}, {"hit_rate@10": 0.698}).startswith(
        "Ten goods at random would be found as often (69.8%)")
    assert quality.beneath_chance({"hit_rate@10": 0.7}, {"hit_rate@10": 0.698}) == ""
    even = Verdict("same", Range(-1e-5, -0.01, 0.01), 90)
    assert "+0.000" in quality.duel(Duel(0, 9, 0, even, ()))


@pytest.mark.parametrize("ladder", [None, {}])
def test_a_list_names_a_product_once_and_never_what_was_bought_under_its_other_id(ladder):
    frame = shop(2000)
    items = pd.DataFrame({"item": sorted(set(frame["item"]))})
    items["name"] = [("Ｔea  Cup", "tea cup")[i % 2] + str(i // 2) for i in range(len(items))]
    desk = desks.prepare(frame, items=items)
    name = dict(zip(items["item"], [n.replace("Ｔ", "t").replace(" ", "") for n in items["name"]],
                    strict=True))
    fields, n = settings.fields("item_neighbours"), 8
    task = Task(fields=fields, n=n, ladder=ladder)
    whole = pd.concat(task.lists(desk.live("item_neighbours", fields, ladder), ())).groupby("user")
    left = 0
    for user in desk.all.users[:20]:
        served = desk.serve("item_neighbours", fields, user, n, ("purchase",), ladder=ladder)
        bought = set(frame.query("user == @user and event == 'purchase'")["item"])
        named = [name[i].lower() for i in served.items]
        had = {name[i].lower() for i in bought}
        assert len(set(named)) == len(named) == min(n, len(items) // 2 - len(had))
        assert not had & set(named) and not bought & set(served.same_name)
        assert {name[i].lower() for i in served.same_name} <= had | set(named)
        left += len(served.same_name)
        assert tuple(whole.get_group(user)["item"]) == served.items
        assert [r.rank for r in served.reasons] == [*range(1, len(named) + 1)]
    served = desk.serve("item_neighbours", fields, user, 99, ("purchase",), ladder=ladder)
    assert {*served.items, *served.same_name} == set(desk.all.items) - bought
    assert left and "2 products are" in wording.same_name(replace(served, same_name=("a", "b")))


def test_names_that_stand_under_several_ids_are_told(ws):
    def told():
        return shared_names(ws.query("seen_names"))

    assert told()["names"].tolist() == [1]  # A and B, both 茶; D: nobody came
    # full width, a ligature, a number in a circle: as the lists of goods see them
    ws.import_file(data=PRODUCTS.replace("C,杯", "C,Ｔ ﬁ杯①").replace("D,壶", "D,tFI杯1").encode(),
                   name="more.csv")
    ws.import_file(data=(EVENTS.splitlines()[0] + "\nu3,D,purchase,2026-01-05\n").encode(),
                   name="more_events.csv")
    found = told()
    assert found.values.tolist() == [[2, "茶", "A, B"]]
    assert "“茶”: A, B" in sentences.shared_names(found)
    assert not sentences.shared_names(found.assign(names=0))


def test_small_words_say_what_is_so():
    hits = np.array([1.0, 0.0, 1.0])
    names = [row[0] for row in (*quality.FIGURES, *quality.MORE)]
    same = Evaluation({n: 0.5 for n in names} | {"users": 3}, {"hit_rate@10": hits}, np.arange(3))
    told = quality.table(same, same, same)["difference"]
    assert "no difference" in set(told) and not told.str.contains("0.0").any()
    assert "1,061 ratings are held" in wording.learns(1061)
    assert "rating" not in wording.learns(0)
