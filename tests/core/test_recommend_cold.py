"""The ladder: who is served by which rung, what a new product borrows, and that it is said."""

import numpy as np
import pandas as pd
import pytest

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, evaluate, time_split
from omni_core.recommend.cold import Ladder, lent, share_by_route
from tests.core.recommend_frames import checkerboard, shop


def board(**more):
    """The checkerboard, and shoppers of whom only the segment is known."""
    frame = checkerboard()
    people = pd.DataFrame({
        "user": [*(f"u{i:02}" for i in range(24)), "even", "odd", "far"],
        "segment": [*("even", "odd") * 12, "even", "odd", "moon"],
    })
    return Interactions.from_frame(frame, users=people, **more)


def test_each_shopper_is_served_by_the_first_rung_that_has_something():
    ladder = Ladder(MODELS["item_neighbours"]()).fit(board())
    users = ["odd", "u03", "far", "clicks", "nobody", "lost"]
    clicks = {"clicks": ["i02", "i04"], "u03": ["i02"], "lost": ["no such item"]}
    got = ladder.routed(users, n=4, clicks=clicks)
    route = got.drop_duplicates("user").set_index("user")["route"]
    assert list(route.index) == users
    assert dict(route) == {
        "odd": "segment", "u03": "history", "far": "bestsellers", "clicks": "session",
        "nobody": "bestsellers", "lost": "bestsellers"}
    lists = got.groupby("user")["item"].agg(list)
    assert all(int(i[1:]) % 2 == 1 for i in lists["odd"]) and lists["u03"][0] == "i03"
    assert all(int(i[1:]) % 2 == 0 for i in lists["clicks"])
    assert not {"i02", "i04"} & set(lists["clicks"])  # what she has just seen
    assert lists["nobody"] == lists["far"] == ["i00", "i01", "i02", "i03"]
    share = share_by_route(got).set_index("route")
    assert share["shoppers"].to_dict() == {
        "history": 1, "session": 1, "segment": 1, "bestsellers": 3}
    assert share["share"].sum() == pytest.approx(1)
    for _user, part in got.groupby("user"):
        assert part["score"].is_monotonic_decreasing and part["item"].is_unique
        assert list(part["rank"]) == [1, 2, 3, 4]


def test_the_last_click_tells_most_and_nothing_is_fitted_again(monkeypatch):
    ladder = Ladder(MODELS["ease"]()).fit(board())
    monkeypatch.setattr(type(ladder.method), "_fit", None)
    got = ladder.routed(["x", "y"], n=30, clicks={"x": ["i02", "i03"], "y": ["i03", "i02"]})
    lists = got[got.score > 0].groupby("user")["item"].agg(list)
    assert [int(i[1:]) % 2 for i in lists["x"][:8]] == [1] * 8
    assert [int(i[1:]) % 2 for i in lists["y"][:8]] == [0] * 8
    rows = got[got.user == "x"].set_index("item")["score"]
    one = {i: ladder.method.similar_items(i, 30).set_index("item")["score"] for i in ("i02", "i03")}
    assert rows["i05"] == pytest.approx(one["i03"]["i05"]) and rows["i04"] == pytest.approx(
        one["i02"]["i04"] / 2)


def test_what_is_left_out_stays_out_on_every_rung():
    x = board()
    ladder = Ladder(MODELS["item_neighbours"](weights={"purchase": 1.0, "view": 0.0})).fit(x)
    got = ladder.routed(
        ["even", "c", "n"], n=40, without=["i04", "i06"], clicks={"c": ["i02"]})
    assert not {"i04", "i06"} & set(got["item"])
    assert got.groupby("user").size().to_dict() == {"even": 22, "c": 21, "n": 22}
    frame = pd.concat([checkerboard(), pd.DataFrame({
        "user": ["looker"], "item": ["i08"], "event": ["view"], "ts": pd.Timestamp("2025-01-02")})])
    looker = Interactions.from_frame(
        frame.fillna({"event": "purchase"}), users=pd.DataFrame(
            {"user": ["looker", "u02"], "segment": ["even", "even"]}))
    ladder.fit(looker)  # her history weighs nothing, so her segment serves her
    got = ladder.routed(["looker"], n=40, exclude=("view",))
    assert set(got["route"]) == {"segment"} and "i08" not in set(got["item"])


def test_a_new_product_borrows_from_what_is_like_it_until_it_has_shoppers():
    frame = pd.DataFrame(
        [(f"u{u}", item) for u in range(6) for item in ("cup", "pot")]
        + [(f"u{u}", "mat") for u in range(5)] + [("u0", "fresh")], columns=["user", "item"])
    goods = pd.DataFrame({
        "item": ["cup", "pot", "mat", "fresh", "unseen", "odd"],
        "title": ["red tea cup", "blue tea cup", "yoga mat", "green tea cup", "yoga mat XL",
                  "zzz"]})
    x = Interactions.from_frame(frame, items=goods).stocked()
    share = pd.DataFrame(lent(x, 5, 3.0, 2).toarray(), x.items, x.items)
    assert share.loc["cup", "cup"] == 1 and share.loc["mat", "mat"] == 1  # five are enough
    assert share.loc["fresh", "fresh"] == pytest.approx(1 / 4)
    assert share.loc[["cup", "pot"], "fresh"].to_list() == pytest.approx([3 / 8, 3 / 8])
    assert share.loc["mat", "unseen"] == 1 and share.loc["unseen", "unseen"] == 0
    assert share.loc["odd", "odd"] == 1  # like nothing: nothing to borrow
    method = MODELS["item_neighbours"](damping=0.0)
    ladder = Ladder(method, enough=5, c=3.0, like=2).fit(x)
    own = method.recommend(["u5"], exclude=()).set_index("item")["score"]
    got = ladder.recommend(["u5"], exclude=()).set_index("item")["score"]
    assert got["unseen"] == pytest.approx(own["mat"]) and "unseen" not in own[own > 0]
    assert got["fresh"] == pytest.approx(own["fresh"] / 4 + 3 / 8 * (own["cup"] + own["pot"]))
    for item, score in got.items():
        assert abs(ladder.explain("u5", item)["contribution"].sum() - score) < 1e-9
    with pytest.raises(OmniError) as caught:
        ladder.explain("nobody", "cup")
    assert caught.value.code == "not_additive"


def test_the_ladder_is_measured_like_any_method():
    train, _, test = time_split(Interactions.from_frame(shop(3000, 80, 40)))
    method = MODELS["item_neighbours"]()
    ladder = Ladder(method, window=None).fit(train)
    assert evaluate(ladder, test) == evaluate(method, test)  # nobody described, nothing lent
    everyone = Ladder(MODELS["popularity"](), window=30).fit(train)
    got = everyone.routed([*train.users[:5], "new"], n=3)
    assert set(got["route"]) == {"bestsellers"}
    recent = MODELS["popularity"](window=30).fit(train).recommend(["new"], n=3)
    assert list(got[got.user == "new"]["item"]) == list(recent["item"])
    assert not len(everyone.routed([])) and not np.any(share_by_route(everyone.routed([]))["share"])


def test_a_segment_without_events_in_the_window_is_served_the_bestsellers():
    frame = pd.DataFrame({
        "user": list("abc"), "item": ["old", "old", "new"],
        "ts": pd.to_datetime(["2025-01-01", "2025-01-01", "2025-06-01"])})
    people = pd.DataFrame({"user": list("abcxy"), "segment": list("mmnmn")})
    x = Interactions.from_frame(frame, users=people)
    ladder = Ladder(MODELS["item_neighbours"](), window=30).fit(x)
    got = ladder.routed(["x", "y"])
    assert dict(zip(got["user"], got["route"], strict=True)) == {
        "x": "bestsellers", "y": "segment"}
