"""What a measure is made of: new or shown again, by whom, cut how, against what."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, compare, cut, evaluate, leave_last, time_split
from omni_core.recommend.compare import by_history, by_people
from omni_core.recommend.worth import suggested_weights
from tests.core.recommend_frames import shop


def test_what_is_shown_again_is_kept_apart_from_what_is_new():
    train, _, test = time_split(Interactions.from_frame(shop(3000, 80, 40)), test=0.2)
    model = MODELS["item_neighbours"]().fit(train)
    got = evaluate(model, test, k=(5,))
    had = train.frame().groupby("user")["item"].agg(set)
    bought = train.only(["purchase"]).frame().groupby("user")["item"].agg(set)
    later = test.frame().groupby("user")["item"].agg(set)
    lists = model.recommend(got.shoppers, n=5).groupby("user")["item"].agg(list)
    rows = []
    for user in got.shoppers:
        known, relevant = had.get(user, set()), later[user] - bought.get(user, set())
        hits = set(lists[user]) & relevant
        rows.append((np.mean([i in known for i in lists[user]]), bool(hits & known),
                     bool(hits - known), len(known)))
    again, hit_again, hit_new, length = map(np.array, zip(*rows, strict=True))
    assert hit_again.mean() > 0 and hit_new.mean() > 0  # the shop has both
    np.testing.assert_allclose(got.per_user["resurfaced@5"], again)
    np.testing.assert_array_equal(got.per_user["hit_rate_resurfaced@5"], hit_again)
    np.testing.assert_array_equal(got.per_user["hit_rate_new@5"], hit_new)
    np.testing.assert_array_equal(got.history, length)
    assert got["resurfaced@5"] == pytest.approx(again.mean())
    none = evaluate(model, test, k=(5,), exclude=train.events)
    assert none["resurfaced@5"] == 0 == none["hit_rate_resurfaced@5"]


def test_by_length_of_history_and_by_kind_of_shopper():
    frame = shop(1200, 80, 40)
    people = pd.DataFrame({"user": [f"u{i}" for i in range(70)],
                           "segment": ["new", "old", None, "old", "new"] * 14})
    train, _, test = time_split(Interactions.from_frame(frame, users=people), 0.1, 0.4)
    newcomers = pd.DataFrame({"user": ["x", "x", "y"], "item": ["p1", "p2", "p3"]})
    test = Interactions.from_frame(pd.concat([test.frame(), newcomers.assign(
        event="purchase", ts=test.ts.max())]))
    got = evaluate(MODELS["item_neighbours"]().fit(train), test)
    rows = by_history(got, "hit_rate@10").set_index("group")
    lengths = train.frame().groupby("user")["item"].nunique()
    n = np.array([lengths.get(u, 0) for u in got.shoppers])
    for name, inside in (("0", n == 0), ("1", n == 1), ("2", n == 2),
                         ("3-5", (n > 2) & (n < 6)), ("6+", n > 5)):
        assert rows["users"].get(name, 0) == inside.sum()
        if inside.any():
            assert rows["value"][name] == got.per_user["hit_rate@10"][inside].mean()
    assert rows["users"].sum() == got["users"] and rows["users"]["0"] >= 2
    rows = by_people(got, "ndcg@10", train, "segment")
    known = people.dropna().set_index("user")["segment"]
    groups = pd.Series([known.get(u, "unknown") for u in got.shoppers])
    assert list(rows["group"]) == ["new", "old", "unknown"]
    assert list(rows["users"]) == [(groups == g).sum() for g in rows["group"]]
    assert rows["value"][1] == pytest.approx(got.per_user["ndcg@10"][groups == "old"].mean())
    assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    assert not len(by_people(got, "ndcg@10", train, "age_band"))


def test_models_side_by_side_are_paired_with_the_bestsellers():
    train, _, test = time_split(Interactions.from_frame(shop(4000, 300, 60)))
    models = {name: MODELS[name]().fit(train) for name in ("popularity", "ease")}
    rows = compare(models, test, k=5).set_index(["model", "metric"])
    same = rows.loc["popularity"].loc[["ndcg@5", "hit_rate@5", "recall@5"]]
    assert (same[["difference", "difference_low", "difference_high"]] == 0).all(axis=None)
    gap = rows.loc[("ease", "ndcg@5")]
    assert gap["difference"] == pytest.approx(
        gap["value"] - rows.loc[("popularity", "ndcg@5"), "value"])
    assert gap["difference_low"] < gap["difference"] < gap["difference_high"]
    assert np.isnan(rows.loc[("ease", "coverage@5"), "difference"])
    assert rows.loc[("ease", "coverage@5"), "value"] > rows.loc[
        ("popularity", "coverage@5"), "value"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(0, 9),
                          st.sampled_from(["view", "purchase"])), min_size=1, max_size=40))
def test_leave_last_keeps_what_came_before_and_asks_for_the_last(rows):
    frame = pd.DataFrame(rows, columns=["user", "item", "day", "event"])
    frame["ts"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(frame["day"], unit="D")
    train, test = leave_last(Interactions.from_frame(frame), events=["purchase"])
    before, after = train.frame(), test.frame()
    for user, hers in frame.groupby("user"):
        last = hers[hers.event == "purchase"]["ts"].max()
        mine, asked = before[before.user == user], after[after.user == user]
        if pd.isna(last) or not (hers.ts < last).any():
            assert len(mine) == len(hers) and not len(asked)
        else:
            assert len(mine) == (hers.ts < last).sum() and (mine.ts < last).all()
            final = hers[(hers.ts == last) & (hers.event == "purchase")]
            assert sorted(asked["item"]) == sorted(final["item"])


def test_data_without_time_are_parted_by_chance_and_it_is_said():
    frame = shop()
    timed = cut(Interactions.from_frame(frame))
    assert timed.by == "time" and timed.warning is None
    assert len(timed.train) == len(time_split(Interactions.from_frame(frame))[0])
    plain = frame.drop(columns="ts")
    parts = cut(Interactions.from_frame(plain), 0.2, 0.2)
    assert parts.by == "chance" and "no time" in parts.warning
    again = cut(Interactions.from_frame(plain.sample(frac=1, random_state=2)), 0.2, 0.2)
    pairs = [{(u, i) for u, i, _ in p.frame().itertuples(index=False, name=None)}
             for p in (parts.train, parts.validation, parts.test)]
    assert not pairs[0] & pairs[1] and not pairs[0] & pairs[2] and not pairs[1] & pairs[2]
    assert sum(map(len, pairs)) == len(plain.drop_duplicates(["user", "item"]))
    assert len(again.test) == len(parts.test)
    assert len(pairs[2]) / sum(map(len, pairs)) == pytest.approx(0.2, abs=0.05)
    with pytest.raises(OmniError) as caught:
        leave_last(Interactions.from_frame(plain))
    assert caught.value.code == "no_time"


def test_the_worth_of_an_event_is_how_often_a_purchase_follows():
    rows = [
        ("a", "x", "view", 1), ("a", "x", "purchase", 2), ("a", "x", "view", 3),  # followed
        ("a", "y", "purchase", 1), ("a", "y", "view", 2),  # looked at after it was bought
        ("b", "x", "view", 1), ("b", "z", "view", 1),
        ("b", "z", "cart", 2), ("b", "z", "purchase", 2),  # at one moment: followed
        ("c", "z", "favourite", 1),
    ]
    frame = pd.DataFrame(rows, columns=["user", "item", "event", "day"])
    frame["ts"] = pd.Timestamp("2025-01-01") + pd.to_timedelta(frame["day"], unit="D")
    x = Interactions.from_frame(frame)
    assert suggested_weights(x) == {"purchase": 1.0, "view": 0.5, "cart": 1.0}
    plain = Interactions.from_frame(frame.drop(columns="ts"))
    assert suggested_weights(plain)["view"] == 0.75
    assert suggested_weights(x.only(["view"])) == {}
