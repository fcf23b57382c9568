"""The contract over every model, and properties any recommender owes its user."""

import numpy as np
import pandas as pd
import pytest

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, evaluate, time_split
from tests.core.recommend_frames import checkerboard, shop

NEIGHBOURS = [
    {"similarity": s} for s in ("general", "jaccard", "pearson", "loglikelihood")
] + [
    {"damping": 0.0, "norm_from": 0.5, "norm_to": 0.5},
    {"k": 12, "shrink": 2.0, "popularity": 0.3},
]
ALL = [pytest.param(name, {}, id=name) for name in MODELS]
PERSONAL = [pytest.param("item_neighbours", kw, id=str(kw)) for kw in NEIGHBOURS]


@pytest.mark.parametrize("name, fields", PERSONAL)
def test_the_checkerboard_is_completed(name, fields):
    model = MODELS[name](**fields).fit(Interactions.from_frame(checkerboard()))
    for u in range(24):
        (only,) = model.recommend([f"u{u:02}"], n=1)["item"]
        assert only == f"i{u:02}"
        like = model.similar_items(f"i{u:02}", n=5)["item"]
        assert len(like) and all(int(i[1:]) % 2 == u % 2 for i in like)


@pytest.mark.parametrize("name, fields", ALL)
def test_every_model_keeps_the_contract(name, fields):
    frame = shop()
    x = Interactions.from_frame(frame)
    model = MODELS[name](**fields).fit(x)
    users = [*x.users[:7], "nobody"]
    got = model.recommend(users, n=6)
    assert list(got.columns) == ["user", "item", "rank", "score"]
    assert set(got["user"]) == set(users)
    purchases = frame[frame.event == "purchase"]
    bought = set(zip(purchases["user"], purchases["item"], strict=True))
    for user, part in got.groupby("user", sort=False):
        assert list(part["rank"]) == list(range(1, len(part) + 1))
        assert part["score"].is_monotonic_decreasing
        assert part["item"].is_unique
        assert not any((user, item) in bought for item in part["item"])
    popular = MODELS["popularity"](weights=model.params.weights).fit(x).recommend(["nobody"], n=6)
    pd.testing.assert_frame_equal(
        got[got.user == "nobody"].reset_index(drop=True), popular, check_exact=True
    )
    everything = model.recommend(users[:1], n=len(x.items), exclude=())
    assert set(everything["item"]) == set(x.items)
    less = model.recommend(users, n=6, without=[got["item"][0]])
    assert got["item"][0] not in set(less["item"]) and len(less) == len(got)


@pytest.mark.parametrize("name, fields", ALL + PERSONAL)
def test_the_order_of_rows_and_the_scale_of_weights_change_nothing(name, fields):
    frame = shop()
    first = MODELS[name](**fields).fit(Interactions.from_frame(frame))
    users = list(first.train.users)
    shuffled = Interactions.from_frame(frame.sample(frac=1, random_state=1))
    second = MODELS[name](**fields).fit(shuffled).recommend(users)
    pd.testing.assert_frame_equal(first.recommend(users), second, check_exact=True)
    if fields.get("shrink"):
        return  # an absolute amount: it does feel the scale
    double = {event: 2 * weight for event, weight in first.params.weights}
    third = MODELS[name](**fields, weights=double).fit(shuffled).recommend(users)
    assert list(third["item"]) == list(second["item"])


@pytest.mark.parametrize("name, fields", PERSONAL)
@pytest.mark.parametrize("half_life", [None, 30.0])
def test_explanations_add_up_to_the_score(name, fields, half_life):
    x = Interactions.from_frame(shop())
    model = MODELS[name](**fields, half_life=half_life).fit(x)
    got = model.recommend(x.users[:10], n=8, exclude=())
    for row in got.itertuples():
        why = model.explain(row.user, row.item)
        assert list(why.columns) == ["because_item", "event", "contribution"]
        assert abs(why["contribution"].sum() - row.score) <= 1e-9
        assert row.item not in set(why["because_item"])


@pytest.mark.parametrize("name", list(MODELS))
def test_an_event_after_the_cut_changes_nothing(name):
    frame = shop()
    late = frame["ts"].max() + pd.Timedelta(days=1)
    train, _, test = time_split(Interactions.from_frame(frame))
    more = pd.concat([
        frame[frame.ts < test.ts.min()],
        pd.DataFrame({"user": "u1", "item": "new", "event": "purchase", "ts": [late] * 400}),
    ])
    cut = test.ts.min()
    known = Interactions.from_frame(more)
    again = known.where(known.ts < train.ts.max() + np.timedelta64(1, "us"))
    assert cut > train.ts.max()
    lists = [MODELS[name]().fit(x).recommend(train.users) for x in (train, again)]
    pd.testing.assert_frame_equal(*lists, check_exact=True)
    assert "new" not in set(again.items)


def test_a_weight_of_zero_is_as_if_the_event_were_not_there():
    frame = shop()
    without = Interactions.from_frame(frame[frame.event != "view"])
    x = Interactions.from_frame(frame)
    for fields in NEIGHBOURS:
        weights = {"purchase": 1.0, "cart": 0.5, "view": 0.0}
        a = MODELS["item_neighbours"](**fields, weights=weights).fit(x)
        b = MODELS["item_neighbours"](**fields, weights=weights).fit(without)
        if fields.get("similarity") in ("pearson", "loglikelihood"):
            continue  # these also count the shoppers who did nothing that weighs
        pd.testing.assert_frame_equal(
            a.recommend(without.users), b.recommend(without.users), check_exact=True
        )


def test_popularity_has_no_because_and_says_so():
    model = MODELS["popularity"]().fit(Interactions.from_frame(shop()))
    with pytest.raises(OmniError) as caught:
        model.explain("u1", "p3")
    assert caught.value.code == "not_additive"
    with pytest.raises(OmniError) as caught:
        MODELS["item_neighbours"]().fit(model.train).explain("nobody", "p3")
    assert caught.value.code == "not_additive"


def test_popularity_of_a_window_forgets_the_rest():
    frame = pd.DataFrame({
        "user": list("abcde"), "item": ["old"] * 3 + ["new"] * 2,
        "ts": pd.to_datetime(["2025-01-01"] * 3 + ["2025-06-01"] * 2),
    })
    x = Interactions.from_frame(frame)
    assert MODELS["popularity"]().fit(x).recommend(["z"], n=1)["item"][0] == "old"
    assert MODELS["popularity"](window=30).fit(x).recommend(["z"])["item"].tolist() == ["new"]


@pytest.mark.parametrize("fields, code", [
    ({"k": 0}, "bad_parameter"), ({"k": 10.5}, "bad_parameter"),
    ({"norm_to": float("nan")}, "bad_parameter"),
    ({"weights": {"purchase": -1}}, "bad_parameter"), ({"similarity": "cosin"}, "bad_parameter"),
    ({"dampng": 1}, "unknown_name"), ({"weights": {"view": 1}}, "no_weighted_events"),
    ({"half_life": 30}, "no_time"),
])
def test_an_impossible_request_has_a_code(fields, code):
    x = Interactions.from_frame(pd.DataFrame({"user": ["a", "b"], "item": ["x", "x"]}))
    with pytest.raises(OmniError) as caught:
        MODELS["item_neighbours"](**fields).fit(x)
    assert caught.value.code == code


@pytest.mark.parametrize("name", list(MODELS))
def test_unfitted_and_empty_say_so(name):
    with pytest.raises(OmniError) as caught:
        MODELS[name]().recommend(["a"])
    assert caught.value.code == "not_fitted"
    empty = Interactions.from_frame(pd.DataFrame({"user": [], "item": []}))
    with pytest.raises(OmniError) as caught:
        MODELS[name]().fit(empty)
    assert caught.value.code == "not_enough_data"
    fitted = MODELS[name]().fit(Interactions.from_frame(shop()))
    nothing = evaluate(fitted, empty)
    assert nothing["users"] == 0 and np.isnan(nothing["ndcg@10"])
    with pytest.raises(OmniError) as caught:
        fitted.similar_items("no such item")
    assert caught.value.code == "unknown_id"
