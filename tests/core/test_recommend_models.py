"""The contract over every model, and properties any recommender owes its user."""

import dataclasses
import sys
from importlib.util import find_spec

import numpy as np
import pandas as pd
import pytest

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, ease, evaluate, time_split
from tests.core.recommend_frames import checkerboard, shop

NEIGHBOURS = [
    {"similarity": s} for s in ("general", "jaccard", "pearson", "loglikelihood")
] + [
    {"damping": 0.0, "norm_from": 0.5, "norm_to": 0.5},
    {"k": 12, "shrink": 2.0, "popularity": 0.3},
]
needs_extra = pytest.mark.skipif(
    find_spec("implicit") is None, reason='the extra "als" is not installed')


def case(name, fields=None):
    marks = [needs_extra] if name == "als" else []
    return pytest.param(name, fields or {}, id=f"{name} {fields or ''}".strip(), marks=marks)


NAMES = [pytest.param(*c.values[:1], id=c.id, marks=c.marks) for c in map(case, MODELS)]
ALL = [case(name) for name in MODELS]
ADDITIVE = [case("item_neighbours", f) for f in NEIGHBOURS] + [
    case("user_neighbours", f) for f in NEIGHBOURS if f.get("similarity", "") in (
        "", "general", "jaccard")
] + [
    case("content"), case("ease"), case("ease", {"l2": 1.0}), case("als"), case("hybrid"),
    case("hybrid", {"parts": {"ease": 1.0, "user_neighbours": 0.5}, "smoothing": 0.0}),
]
PERSONAL = ADDITIVE + [
    case("user_neighbours", {"similarity": "pearson"}), case("neural"), case("als", {"seed": 5}),
    case("popularity", {"scope": "category"}),
]
MIXED = [
    case("popularity", {"scope": "segment"}),
    case("hybrid", {"parts": {"neural": 1.0, "popularity": 0.1}}),
]


def described(frame):
    """Read a frame of events with goods of two kinds and shoppers of two segments."""
    items = pd.DataFrame({"item": frame["item"].unique()})
    even = items["item"].str[1:].astype(int) % 2 == 0
    items["title"] = np.where(even, "Blue kettle " + items["item"], "红色茶杯 " + items["item"])
    items["category"] = np.where(even, "kitchen", "tea")
    users = pd.DataFrame({"user": frame["user"].unique()})
    users["segment"] = np.where(users["user"].str[1:].astype(int) % 2 == 0, "even", "odd")
    return Interactions.from_frame(frame, items=items, users=users)


@pytest.mark.parametrize("name, fields", [*PERSONAL, MIXED[0]])
def test_the_checkerboard_is_completed(name, fields):
    model = MODELS[name](**fields).fit(described(checkerboard()))
    for u in range(24):
        (only,) = model.recommend([f"u{u:02}"], n=1)["item"]
        assert only == f"i{u:02}"
        like = model.similar_items(f"i{u:02}", n=5)["item"]
        if name != "popularity":  # which likens nothing
            assert len(like) and all(int(i[1:]) % 2 == u % 2 for i in like)


@pytest.mark.parametrize("name, fields", ALL + MIXED)
def test_every_model_keeps_the_contract(name, fields):
    frame = shop()
    x = described(frame)
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


@pytest.mark.parametrize("name, fields", ALL + PERSONAL + MIXED)
def test_the_order_of_rows_and_the_scale_of_weights_change_nothing(name, fields):
    frame = shop()
    first = MODELS[name](**fields).fit(described(frame))
    users = list(first.train.users)
    shuffled = described(frame.sample(frac=1, random_state=1))
    second = MODELS[name](**fields).fit(shuffled).recommend(users)
    pd.testing.assert_frame_equal(first.recommend(users), second, check_exact=True)
    if fields.get("shrink"):
        return  # an absolute amount: it does feel the scale
    double = {event: 2 * weight for event, weight in first.params.weights}
    third = MODELS[name](**fields, weights=double).fit(shuffled).recommend(users)
    assert list(third["item"]) == list(second["item"])


@pytest.mark.parametrize("half_life", [None, 30.0])
@pytest.mark.parametrize("name, fields", ADDITIVE)
def test_explanations_add_up_to_the_score(name, fields, half_life):
    x = described(shop())
    if half_life is not None:
        if "half_life" not in {f.name for f in dataclasses.fields(MODELS[name].parameters)}:
            return
        fields = fields | {"half_life": half_life}
    model = MODELS[name](**fields).fit(x)
    got = model.recommend(x.users[:10], n=8, exclude=())
    assert (got["score"] > 0).mean() > 0.5
    for row in got.itertuples():
        why = model.explain(row.user, row.item)
        assert list(why.columns) == ["because_item", "event", "contribution"]
        assert abs(why["contribution"].sum() - row.score) <= 1e-9
        history = set(zip(x.frame()["user"], x.frame()["item"], x.frame()["event"], strict=True))
        told = zip(why["because_item"], why["event"], strict=True)
        assert all((row.user, item, event) in history for item, event in told)
        if name == "item_neighbours":
            assert row.item not in set(why["because_item"])


@pytest.mark.parametrize("name", NAMES)
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
            a.recommend(without.users), b.recommend(without.users), rtol=1e-12
        )


@pytest.mark.parametrize("name, fields", [
    case("popularity"), case("popularity", {"scope": "segment"}), case("neural"),
    case("user_neighbours", {"similarity": "loglikelihood"}),
    case("hybrid", {"parts": {"item_neighbours": 1.0, "neural": 1.0}}),
])
def test_what_is_no_sum_over_her_history_says_so(name, fields):
    model = MODELS[name](**fields).fit(described(shop()))
    with pytest.raises(OmniError) as caught:
        model.explain("u1", model.recommend(["u1"])["item"][0])
    assert caught.value.code == "not_additive"


def test_a_shopper_whom_the_model_does_not_know_has_no_because():
    for name in ("item_neighbours", "user_neighbours", "ease", "hybrid"):
        with pytest.raises(OmniError) as caught:
            MODELS[name]().fit(Interactions.from_frame(shop())).explain("nobody", "p3")
        assert caught.value.code == "not_additive"


def test_popularity_of_a_window_forgets_the_rest():
    frame = pd.DataFrame({
        "user": list("abcde"), "item": ["old"] * 3 + ["new"] * 2,
        "ts": pd.to_datetime(["2025-01-01"] * 3 + ["2025-06-01"] * 2),
    })
    x = Interactions.from_frame(frame)
    assert MODELS["popularity"]().fit(x).recommend(["z"], n=1)["item"][0] == "old"
    assert MODELS["popularity"](window=30).fit(x).recommend(["z"])["item"].tolist() == ["new"]


def test_popularity_of_her_segment_and_of_the_categories_she_shops():
    frame = pd.DataFrame([
        ("a", "x"), ("b", "x"), ("c", "x"), ("c", "y"), ("d", "y"), ("d", "z"), ("e", "w"),
        ("f", "v"),
    ], columns=["user", "item"])
    people = pd.DataFrame({"user": list("abcdez"), "segment": list("mmnnno"),
                           "age_band": ["18-24", None, "18-24", None, "25-34", None]})
    goods = pd.DataFrame({"item": list("xyzwv"), "category": ["k", "l", "l", "k", None]})
    x = Interactions.from_frame(frame, items=goods, users=people)

    def lists(scope, user, **more):
        model = MODELS["popularity"](scope=scope).fit(x)
        return list(model.recommend([user], exclude=(), **more)["item"])

    assert lists("segment", "e")[:1] == ["y"] and lists("segment", "a")[:1] == ["x"]
    assert lists("segment", "f") == lists("all", "f")  # of whom no segment is known
    assert lists("age_band", "e")[:1] == ["w"] and set(lists("age_band", "e")) == set("vwxyz")
    # e shops category k: x three times, w once; d category l; f none that is known
    assert lists("category", "e", n=2) == ["x", "w"] and lists("category", "d", n=2) == ["y", "z"]
    assert lists("category", "f") == lists("all", "f")
    with pytest.raises(OmniError) as caught:
        MODELS["popularity"](scope="segment").fit(Interactions.from_frame(frame))
    assert caught.value.code == "not_described" and "segments" in str(caught.value)


def test_content_recommends_goods_that_nobody_came_to_yet():
    frame = pd.DataFrame({"user": list("ab"), "item": ["t1", "k1"]})
    goods = pd.DataFrame({
        "item": ["t1", "t2", "k1", "k2", "?"],
        "title": ["青花茶杯", "白瓷茶杯 large", "Steel kettle", "Copper KETTLE", None],
        "price": [30, 32, 300, 320, None],
    })
    x = Interactions.from_frame(frame, items=goods)
    assert len(x.items) == 2 and list(x.stocked().items) == ["?", "k1", "k2", "t1", "t2"]
    model = MODELS["content"]().fit(x.stocked())
    assert list(model.recommend(["a"])["item"])[0] == "t2"
    assert list(model.recommend(["b"])["item"])[0] == "k2"
    assert list(model.similar_items("k2", n=1)["item"]) == ["k1"]
    assert not len(model.similar_items("?"))
    lost = MODELS["content"]().fit(x.where(x.user == 0))  # what is known goes along
    assert list(lost.train.about_items("title")) == ["青花茶杯"]


def test_ease_refuses_a_catalogue_too_large_for_it(monkeypatch):
    monkeypatch.setattr("omni_core.recommend.ease.MOST_ITEMS", 39)
    with pytest.raises(OmniError) as caught:
        MODELS["ease"]().fit(Interactions.from_frame(shop()))
    assert caught.value.code == "too_many_items" and caught.value.values["most"] == 39


def test_ease_says_when_rounding_eats_its_caution(monkeypatch):
    monkeypatch.setattr("omni_core.recommend.ease._inverse", lambda gram: None)
    with pytest.raises(OmniError) as caught:
        MODELS["ease"](l2=3.0).fit(Interactions.from_frame(shop()))
    assert caught.value.code == "bad_parameter" and "l2 = 3.0" in str(caught.value)
    monkeypatch.undo()
    assert ease._inverse(np.float32([[1, 2], [2, 1]])) is None
    np.testing.assert_allclose(
        ease._inverse(np.float32([[2, 1], [1, 2]])), [[2 / 3, -1 / 3], [-1 / 3, 2 / 3]], rtol=1e-6)


def test_als_without_its_extra_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "implicit.cpu.als", None)
    with pytest.raises(OmniError) as caught:
        MODELS["als"]().fit(Interactions.from_frame(shop()))
    assert caught.value.code == "not_installed" and ".[als]" in str(caught.value)


@pytest.mark.parametrize("fields, code", [
    ({"parts": {"ease": 1}}, "bad_parameter"),
    ({"parts": {"ease": 1, "content": 0}}, "bad_parameter"),
    ({"parts": {"ease": 1, "eese": 1}}, "unknown_name"),
    ({"settings": {"hybrid": {}}}, "unknown_name"),
])
def test_a_hybrid_has_two_parts_that_exist(fields, code):
    with pytest.raises(OmniError) as caught:
        MODELS["hybrid"](**fields)
    assert caught.value.code == code


def test_a_hybrid_gives_its_parts_their_settings_and_follows_the_heavier():
    x = Interactions.from_frame(shop())
    alone = MODELS["item_neighbours"](k=5, half_life=60).fit(x)
    model = MODELS["hybrid"](
        parts={"item_neighbours": 1.0, "ease": 1e-9},
        settings={"item_neighbours": {"k": 5, "half_life": 60}}).fit(x)
    mine, theirs = (m.recommend(x.users, n=3) for m in (model, alone))
    real = (theirs["score"] > 0).to_numpy()
    assert real.mean() > 0.9 and (mine["item"] == theirs["item"]).to_numpy()[real].all()


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


@pytest.mark.parametrize("name", NAMES)
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
