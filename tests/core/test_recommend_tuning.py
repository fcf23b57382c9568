"""A move of a control against a dense computation, whatever way the pairs were summed."""

import numpy as np
import pytest

from omni_core import OmniError
from omni_core.recommend import (
    MODELS,
    Interactions,
    evaluate,
    pair_blocks,
    pair_sums,
    time_split,
    topn,
    tuning,
)
from omni_core.recommend.tuning import Tuner
from tests.core.recommend_frames import checkerboard, shop
from tests.core.test_recommend_formula import dense_similarity, dense_weights, keep_best

WEIGHTS = [
    {"purchase": 1.0, "cart": 0.5, "view": 0.2},
    {"purchase": 1.0, "cart": 0.5, "view": 0.0},
    {"purchase": 0.0, "cart": 3.0, "view": 0.7},
    {"purchase": 1.0, "cart": 0.0, "view": 0.0},
]
SETTINGS = [
    dict(damping=0.0, norm_from=0.5, norm_to=0.5, popularity=0.0, shrink=0.0, min_common=1, k=40),
    dict(damping=1.0, norm_from=0.8, norm_to=0.2, popularity=0.0, shrink=0.0, min_common=2, k=7),
    dict(damping=1.5, norm_from=0.6, norm_to=0.3, popularity=0.4, shrink=3.0, min_common=3, k=9),
]


@pytest.fixture(scope="module")
def parts():
    return time_split(Interactions.from_frame(shop(3000, 80, 40)), test=0.2)


@pytest.fixture(params=["listed", "dense", "built anew"])
def tuner(request, parts, monkeypatch):
    monkeypatch.setattr(pair_sums, "_CHUNK", 2000)  # several parts
    monkeypatch.setattr(pair_blocks, "CELLS", 100)  # and several blocks in each
    monkeypatch.setattr(pair_sums, "_DENSE", 0 if request.param == "dense" else 1e9)
    if request.param == "built anew":
        monkeypatch.setattr(pair_sums, "MOST_LISTED", 100)
    made = Tuner(parts[0], parts[0].users)
    assert made.pairs.dense == (request.param == "dense")
    assert made.pairs.listed == (request.param == "listed") and len(made.pairs.blocks) > 1
    return made


def test_any_weights_and_norms_equal_brute_force(parts, tuner):
    train, _, test = parts
    for weights in WEIGHTS:
        w = dense_weights(train, weights)
        for fields in SETTINGS:
            a, p, t, b, shrink, m, k = fields.values()
            s = keep_best(dense_similarity(w, a, p, t, b, shrink, m), k)
            model = tuner.model(weights=weights, **fields)
            lists = model.neighbours(np.arange(len(train.items)))
            np.testing.assert_allclose(lists.toarray(), s, rtol=1e-5, atol=1e-9)
            got = model.recommend(train.users, n=len(train.items), exclude=())
            got = got.pivot(index="user", columns="item", values="score")
            got = got.reindex(index=train.users, columns=train.items).to_numpy()
            np.testing.assert_allclose(got, w @ s, rtol=1e-5, atol=1e-9)
            plain = MODELS["item_neighbours"](weights=weights, **fields).fit(train)
            mine, theirs = evaluate(model, test), evaluate(plain, test)
            assert mine == pytest.approx(theirs, abs=1e-5)


@pytest.mark.parametrize("fields", [
    {"similarity": "jaccard"}, {"similarity": "loglikelihood", "shrink": 4.0},
    {"similarity": "pearson"}, {"half_life": 30.0}, {"min_common": 1, "k": 3},
    {"similarity": "jaccard", "popularity": 0.5, "min_common": 3},
])
@pytest.mark.parametrize("weights", WEIGHTS[:2])
def test_every_other_setting_equals_the_model(parts, tuner, fields, weights):
    train, _, test = parts
    fields = {"min_common": 2} | fields | {"weights": weights}
    mine, plain = tuner.model(**fields), MODELS["item_neighbours"](**fields).fit(train)
    every = np.arange(len(train.items))
    np.testing.assert_allclose(
        mine.neighbours(every).toarray(), plain.neighbours(every).toarray(), rtol=1e-4, atol=1e-5)
    assert evaluate(mine, test) == pytest.approx(evaluate(plain, test), abs=1e-5)


def test_what_was_not_kept_is_worked_out_exactly(parts, monkeypatch):
    """Fewer common shoppers than the budget let it keep, or other items."""
    train = parts[0]
    tight = Tuner(train, train.users, most=500)
    assert tight.pairs.least > 1 and tight.pairs.count <= 500
    monkeypatch.setattr(pair_sums, "MOST_PAIRS", 500)
    monkeypatch.setattr(pair_sums, "_EACH", 2)
    assert abs(tuning.least_common(train, train.users) - Tuner(train, train.users).pairs.least) <= 1
    few = Tuner(train, train.users[:1])
    every = np.arange(len(train.items))
    for tuner, fields in (
        (tight, {"min_common": tight.pairs.least}), (tight, {"min_common": 1}),
        (few, {"min_common": 2}), (tight, {"weights": {"purchase": 1.0}, "min_common": 9}),
    ):
        plain = MODELS["item_neighbours"](**fields).fit(train).neighbours(every)
        np.testing.assert_allclose(
            tuner.model(**fields).neighbours(every).toarray(), plain.toarray(), rtol=1e-5)
    with pytest.raises(OmniError) as caught:
        tight.model(weights=dict.fromkeys(train.events, 0.0))
    assert caught.value.code == "no_weighted_events"


def test_it_tells_how_far_it_is_and_stops_when_told(parts, monkeypatch):
    monkeypatch.setattr(pair_sums, "_CHUNK", 2000)
    told = []
    Tuner(parts[0], parts[0].users, progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 2

    class Stopped(Exception):
        pass

    def stop(_share):
        raise Stopped

    with pytest.raises(Stopped):
        Tuner(parts[0], parts[0].users, progress=stop)


@pytest.mark.skipif(not topn.compiled(), reason="sparse-dot-topn is not installed")
@pytest.mark.parametrize("frame", [shop(3000, 80, 40), checkerboard()])
def test_without_the_compiled_part_the_lists_are_the_same(frame, monkeypatch):
    """Goods of few shoppers tie often: the lower id wins on both paths."""
    train = Interactions.from_frame(frame)
    fields = [{"k": 5}, {"k": 5, "damping": 0.0, "norm_to": 0.5}, {"k": 30, "min_common": 2}]
    lists = {}
    for path in ("compiled", "scipy"):
        if path == "scipy":
            monkeypatch.setattr(topn, "_compiled", None)
        lists[path] = [
            MODELS["item_neighbours"](**f).fit(train).top(
                np.arange(len(train.users)), 8, ("purchase",), [train.items[3]]) for f in fields]
    for mine, theirs in zip(*lists.values(), strict=True):
        np.testing.assert_array_equal(mine[0], theirs[0])
        np.testing.assert_allclose(mine[1], theirs[1], rtol=1e-12)
        assert 3 not in mine[0] and (mine[0] >= 0).any()
