"""The border (what comes in), the cut in time, and the ranges."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, evaluate, interval, paired, time_split
from omni_core.recommend.lists import best_of_rows, ranked
from tests.core.recommend_frames import shop


@pytest.mark.parametrize("frame, code", [
    ({"user": ["a"]}, "missing_columns"),
    ({"user": ["a", None], "item": ["x", "y"]}, "bad_interactions"),
    ({"user": ["a"], "item": ["x"], "event": [None]}, "bad_interactions"),
    ({"user": ["a"], "item": ["x"], "ts": ["soon"]}, "bad_interactions"),
    ({"user": ["a"], "item": ["x"], "value": ["dear"]}, "bad_interactions"),
])
def test_bad_rows_stop_at_the_border(frame, code):
    with pytest.raises(OmniError) as caught:
        Interactions.from_frame(pd.DataFrame(frame))
    assert caught.value.code == code
    assert str(caught.value)


def test_ids_come_back_as_they_were_given():
    frame = pd.DataFrame({"user": [7, 7, 9, 9], "item": [1.5, 2.5, 1.5, 3.5]})
    got = MODELS["item_neighbours"]().fit(Interactions.from_frame(frame)).recommend([7, 9, 11])
    assert got["user"].tolist()[0] == 7 and got["item"].tolist()[0] == 3.5
    text = frame.astype({"user": str}).assign(item=["001", "01", "001", "1"])
    got = MODELS["item_neighbours"]().fit(Interactions.from_frame(text)).recommend("7")
    assert got["item"].tolist() == ["1"]
    mixed = Interactions.from_frame(pd.DataFrame({"user": [1, "1"], "item": ["a", "b"]}))
    assert len(mixed.users) == 2


def test_times_of_every_kind_mean_the_same_moment():
    moments = pd.to_datetime(["2025-05-03 10:00", "2025-05-04 10:00"])
    kinds = [
        moments, moments.tz_localize("UTC").tz_convert("Asia/Shanghai"),
        ["2025-05-03 10:00", "2025-05-04 10:00"], [1746266400, 1746352800],
    ]
    for ts in kinds:
        frame = pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"], "ts": ts})
        x = Interactions.from_frame(frame)
        assert (x.ts == moments.to_numpy()).all()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=2, max_size=80).filter(lambda m: len(set(m)) > 1),
    st.floats(0, 0.4), st.floats(0, 0.4),
)
def test_the_cut_is_one_moment_for_all(minutes, validation, test):
    ts = pd.Timestamp("2025-01-01") + pd.to_timedelta(minutes, unit="min")
    frame = pd.DataFrame({"user": "u", "item": [f"i{m}" for m in minutes], "ts": ts})
    x = Interactions.from_frame(frame)
    parts = time_split(x, validation=validation, test=test)
    assert sum(map(len, parts)) == len(x)
    times = [p.ts for p in parts if len(p)]
    assert all(a.max() < b.min() for a, b in zip(times, times[1:], strict=False))
    assert set(parts[0].items) == {f"i{m}" for m, t in zip(minutes, ts, strict=True)
                                   if len(parts[0]) and t <= parts[0].ts.max()}


def test_the_shares_are_kept_and_no_time_is_said():
    train, validation, test = time_split(Interactions.from_frame(shop()), validation=0.2, test=0.1)
    assert (len(train), len(validation), len(test)) == (1050, 300, 150)
    for frame in (shop().drop(columns="ts"), shop().assign(ts=pd.Timestamp("2025-01-01"))):
        with pytest.raises(OmniError) as caught:
            time_split(Interactions.from_frame(frame))
        assert caught.value.code == "no_time"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.integers(-1, 4), min_size=6, max_size=6), min_size=1, max_size=6),
       st.integers(1, 7))
def test_best_of_rows_equals_sorting(rows, k):
    dense = np.array(rows, dtype=float)
    got = best_of_rows(sparse.csr_matrix(dense), k).toarray()
    for mine, row in zip(got, dense, strict=True):
        order = [i for i in np.argsort(-row, kind="stable")[:k] if row[i] > 0]
        expected = np.zeros(6)
        expected[order] = row[order]
        assert (mine == expected).all()


@pytest.mark.parametrize("n", [1, 3, 9])
def test_ranked_equals_sorting_in_rows_of_any_length(n):
    """Long rows are cut by a limit first; ties, values that are not above 0, columns unsorted."""
    rng, lengths = np.random.default_rng(n), [0, 200, 3, 61, 0, 500, 500, 0]
    columns = [rng.permutation(500)[:length] for length in lengths]
    values = [rng.integers(-3, 9 if len(c) < 400 else 60, len(c)).astype(float) for c in columns]
    matrix = sparse.csr_matrix(
        (np.concatenate(values), np.concatenate(columns), np.r_[0, np.cumsum(lengths)]),
        shape=(len(lengths), 500))
    items, scores = ranked(matrix, n)
    for row, (column, value) in enumerate(zip(columns, values, strict=True)):
        best = sorted((-v, c) for v, c in zip(value, column, strict=True) if v > 0)[:n]
        assert items[row].tolist() == [c for _v, c in best] + [-1] * (n - len(best))
        assert scores[row].tolist() == [-v for v, _c in best] + [0] * (n - len(best))


def test_unknown_shoppers_are_counted_and_served():
    train = Interactions.from_frame(pd.DataFrame({
        "user": list("aabbcc"), "item": ["x", "y", "x", "z", "x", "y"]}))
    test = Interactions.from_frame(pd.DataFrame({
        "user": ["a", "a", "new"], "item": ["x", "z", "x"]}))
    got = evaluate(MODELS["item_neighbours"]().fit(train), test, k=(1, 2))
    # a has x already, so only z counts, and z is hers; the newcomer is shown x first
    assert got["users"] == 2 and got["unknown_users"] == 1 and got.few
    assert got["hit_rate@1"] == 1.0 and got["recall@2"] == 1.0
    again = evaluate(MODELS["item_neighbours"]().fit(train), test, k=(2,), exclude=())
    assert again["ndcg@2"] < 1.0  # x counts again, and x -> x is no recommendation
    assert set(got) >= {"ndcg@1", "novelty@2", "coverage@2", "recall@1"}


def test_a_range_holds_the_mean_and_pairs_are_narrower():
    rng = np.random.default_rng(0)
    x = Interactions.from_frame(shop(4000, 300, 60))
    train, _, test = time_split(x)
    models = [MODELS[n]().fit(train) for n in ("item_neighbours", "popularity")]
    first, second = (evaluate(m, test) for m in models)
    r = interval(first.per_user["hit_rate@10"])
    assert r.low < first["hit_rate@10"] < r.high
    assert r == interval(first.per_user["hit_rate@10"])
    same = paired(first, first, "ndcg@10")
    assert (same.mean, same.low, same.high) == (0.0, 0.0, 0.0)
    difference = paired(first, second, "ndcg@10")
    assert difference.mean == pytest.approx(first["ndcg@10"] - second["ndcg@10"])
    wide = interval((rng.random(200) < 0.3).astype(float))
    assert 0.10 < wide.high - wide.low < 0.16  # 2 * 1.96 * sqrt(.3 * .7 / 200) = .127
    with pytest.raises(OmniError):
        paired(first, evaluate(models[0], test.where(test.user < 20)), "ndcg@10")
