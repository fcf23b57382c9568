"""What shops really hand in: every model answers, or says in a sentence why it can't."""

import numpy as np
import pandas as pd
import pytest

from omni_core import OmniError
from omni_core.recommend import (
    MODELS,
    Interactions,
    cut,
    evaluate,
    interval,
    moves,
    settings,
    time_split,
)
from omni_core.recommend import desk as desks
from tests.core.recommend_frames import shop
from tests.core.test_recommend_models import NAMES, needs_extra

EXCLUDE = ("purchase",)
FIELDS = settings.fields("item_neighbours")
SMALL = {
    "one shopper": pd.DataFrame({"user": "a", "item": ["x", "y", "z"]}),
    "one item": pd.DataFrame({"user": ["a", "b", "c"], "item": "x"}),
    "one event": pd.DataFrame({"user": ["a"], "item": ["x"]}),
    "everyone has everything": pd.DataFrame({"user": list("aabb"), "item": list("xyxy")}),
}


@pytest.mark.parametrize("frame", SMALL.values(), ids=SMALL)
@pytest.mark.parametrize("name", NAMES)
def test_a_shop_hardly_begun_gets_lists_without_what_was_bought(name, frame):
    x = Interactions.from_frame(frame)
    model = MODELS[name]().fit(x)
    bought = set(zip(frame["user"], frame["item"], strict=True))
    got = model.recommend([*x.users, "nobody"], n=5)
    assert not bought & set(zip(got["user"], got["item"], strict=True))
    assert set(got.loc[got["user"] == "nobody", "item"]) == set(x.items)
    everything = model.recommend(x.users, n=5, exclude=())
    assert len(everything) == len(x.users) * len(x.items) and np.isfinite(everything["score"]).all()
    with pytest.raises(OmniError) as caught:
        time_split(x)
    assert caught.value.code == "no_time"


@pytest.mark.parametrize("name", NAMES)
def test_all_weights_zero_is_a_sentence(name):
    with pytest.raises(OmniError) as caught:
        MODELS[name](weights=dict.fromkeys(("view", "cart", "purchase"), 0.0)).fit(
            Interactions.from_frame(shop()))
    assert caught.value.code == "no_weighted_events" and "purchase" in str(caught.value)
    desk = desks.prepare(shop())
    zero = FIELDS | {"weights": dict.fromkeys(("view", "cart", "purchase"), 0.0)}
    for ask in (lambda: desk.measure("item_neighbours", zero, EXCLUDE),
                lambda: desk.serve("item_neighbours", zero, "u1", 5, EXCLUDE)):
        with pytest.raises(OmniError) as caught:
            ask()
        assert caught.value.code == "no_weighted_events"


@pytest.mark.parametrize("name", NAMES)
def test_goods_sold_out_everywhere_are_on_no_list(name):
    x = Interactions.from_frame(shop())
    model = MODELS[name]().fit(x)
    gone = list(x.items[:3])
    got = model.recommend([*x.users, "nobody"], n=10, without=[*gone, "never heard of"])
    assert not set(got["item"]) & set(gone) and len(got) == 10 * (len(x.users) + 1)
    assert not len(model.recommend(x.users, n=10, without=x.items))


def test_without_a_column_of_shoppers_it_says_which_is_missing():
    with pytest.raises(OmniError) as caught:
        Interactions.from_frame(shop().drop(columns="user"))
    assert caught.value.code == "missing_columns" and "user" in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_ratings_instead_of_events_are_taken_for_what_was_chosen(name):
    """A rating goes along as a value; that she rated it is what tells, and lists come out."""
    frame = shop().drop(columns=["event"]).assign(value=lambda f: np.arange(len(f)) % 5 + 1)
    rated = MODELS[name]().fit(Interactions.from_frame(frame))
    plain = MODELS[name]().fit(Interactions.from_frame(frame.drop(columns="value")))
    users = rated.train.users
    pd.testing.assert_frame_equal(rated.recommend(users), plain.recommend(users), check_exact=True)
    named = Interactions.from_frame(frame.assign(event="rating"))
    with pytest.raises(OmniError) as caught:
        MODELS[name]().fit(named)
    assert caught.value.code == "no_weighted_events" and "rating" in str(caught.value)
    assert len(MODELS[name](weights={"rating": 1.0}).fit(named).recommend(users)) == len(users) * 20


@pytest.mark.parametrize("name", ["item_neighbours", "content", "popularity"])
def test_ids_that_are_numbers_in_one_table_and_texts_in_another_still_meet(name):
    frame = shop()
    frame["item"] = frame["item"].str[1:].astype(int)
    frame["user"] = frame["user"].str[1:].astype(int)
    goods = pd.DataFrame({"item": frame["item"].unique()})
    goods["category"] = np.where(goods["item"] % 2 == 0, "even", "odd")
    people = pd.DataFrame({"user": frame["user"].unique(), "segment": "all"})
    same = Interactions.from_frame(frame, items=goods, users=people)
    mixed = Interactions.from_frame(frame, items=goods.astype(str), users=people.astype(str))
    assert list(mixed.about_items("category")) == list(same.about_items("category"))
    assert set(mixed.about_users("segment")) == {"all"}
    assert len(mixed.stocked().items) == len(same.items)
    lists = [MODELS[name]().fit(x).recommend(x.users) for x in (same, mixed)]
    pd.testing.assert_frame_equal(*lists, check_exact=True)
    texts = Interactions.from_frame(frame.astype({"item": str, "user": str}), goods, people)
    assert set(texts.about_items("category")) == {"even", "odd"}
    assert set(texts.about_users("segment")) == {"all"}


def test_few_held_out_shoppers_mean_a_wide_range_and_a_word():
    desk = desks.prepare(shop(6000, 1500, 60), shoppers=49)
    mine = desk.measure("item_neighbours", FIELDS, EXCLUDE)
    base = desk.measure("popularity", {"weights": FIELDS["weights"]}, EXCLUDE)
    assert mine.few and 30 < mine["users"] < 50
    assert moves.verdict(mine, base).word == "few"
    many = desks.prepare(shop(6000, 1500, 60)).measure("item_neighbours", FIELDS, EXCLUDE)
    ranges = [interval(e.per_user["hit_rate@10"]) for e in (mine, many)]
    assert ranges[0].high - ranges[0].low > 1.5 * (ranges[1].high - ranges[1].low)


def test_data_without_time_can_not_be_tuned_but_served():
    desk = desks.prepare(shop().drop(columns="ts"))
    assert not desk.testable and len(desk.serve("item_neighbours", FIELDS, "u1", 5, EXCLUDE).items)
    for ask in (desk.tuner, lambda: desk.measure("item_neighbours", FIELDS, EXCLUDE),
                lambda: desk.serve("item_neighbours", FIELDS | {"half_life": 30.0}, "u1", 5, ())):
        with pytest.raises(OmniError) as caught:
            ask()
        assert caught.value.code == "no_time"
    parts = cut(Interactions.from_frame(shop().drop(columns="ts")))
    assert parts.warning and evaluate(MODELS["ease"]().fit(parts.train), parts.test)["users"] > 30


@needs_extra
def test_a_shopper_nobody_knows_is_served_the_same_by_all():
    desk = desks.prepare(shop())
    served = {name: desk.serve(name, settings.fields(name), "nobody", 6, EXCLUDE)
              for name in MODELS}
    assert len({s.items for s in served.values()}) == 1
    assert all(r.because is None for s in served.values() for r in s.reasons)


def test_an_event_after_the_cut_changes_neither_lists_nor_measure():
    """Of the desk: what lies after the validation period can't reach the tuned model."""
    frame = shop(4000, 300, 60)
    desk = desks.prepare(frame)
    after = frame["ts"] > desk.period[1]
    changed = frame.copy()
    changed.loc[after, "item"] = changed.loc[after, "item"].sample(frac=1, random_state=1).values
    changed.loc[after, "user"] = "u7"
    other = desks.prepare(changed)
    for fields in (FIELDS, FIELDS | {"damping": 0.4, "k": 5}):
        first, second = (d.measure("item_neighbours", fields, EXCLUDE) for d in (desk, other))
        assert first == second and first["users"] > 50
    items = np.arange(len(desk.train.items))
    lists = [d.tuner().model(**FIELDS).neighbours(items) for d in (desk, other)]
    assert (lists[0] != lists[1]).nnz == 0
    within = frame.copy()  # the same change before the cut is felt
    within.loc[~after, "user"] = "u7"
    assert desks.prepare(within).measure("item_neighbours", FIELDS, EXCLUDE) != first


def test_the_order_of_rows_and_doubled_weights_change_nothing_for_the_tuned():
    frame = shop(4000, 300, 60)
    desk, mixed = desks.prepare(frame), desks.prepare(frame.sample(frac=1, random_state=3))
    double = FIELDS | {"weights": {k: 2 * w for k, w in FIELDS["weights"].items()}}
    first = desk.measure("item_neighbours", FIELDS, EXCLUDE)
    assert first == mixed.measure("item_neighbours", FIELDS, EXCLUDE)
    assert first == desk.measure("item_neighbours", double, EXCLUDE)
    served = [d.serve("item_neighbours", f, "u5", 10, EXCLUDE).items
              for d, f in ((desk, FIELDS), (mixed, FIELDS), (desk, double))]
    assert served[0] == served[1] == served[2]


def test_what_is_served_adds_up_and_is_the_library_s_list():
    frame = shop(4000, 300, 60)
    desk = desks.prepare(frame)
    for fields in (FIELDS, FIELDS | {"half_life": 40.0, "shrink": 2.0},
                   FIELDS | {"weights": {"purchase": 1.0, "view": 0.0}}):
        served = desk.serve("item_neighbours", fields, "u5", 10, EXCLUDE)
        plain = MODELS["item_neighbours"](**fields).fit(desk.all).recommend(["u5"], 10, EXCLUDE)
        assert list(served.items) == list(plain["item"])
        np.testing.assert_allclose(served.scores, plain["score"], rtol=1e-5)
        tuned = desk._hers("u5").model(**fields)
        for item, score in zip(served.items, served.scores, strict=True):
            assert abs(tuned.explain("u5", item)["contribution"].sum() - score) <= 1e-9
