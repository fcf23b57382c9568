"""Finding settings: what is tried, that it can be stopped, and that the test is looked at once."""

import numpy as np
import pandas as pd
import pytest

from omni_core import OmniError
from omni_core.recommend import MODELS, Interactions, evaluate, search, time_split, together
from omni_core.recommend.search import draws, find_settings
from omni_core.recommend.worth import suggested_weights
from tests.core.recommend_frames import shop
from tests.core.test_recommend_models import NAMES


@pytest.fixture(scope="module")
def parts():
    return time_split(Interactions.from_frame(shop(3000, 120, 40)), 0.15, 0.15)


def test_the_best_point_on_validation_is_chosen_and_tested_once(parts, monkeypatch):
    train, validation, test = parts
    told, asked = [], []
    measure = search.evaluate
    monkeypatch.setattr(search, "evaluate", lambda *a: asked.append(a[1]) or measure(*a))
    found = find_settings("item_neighbours", train, validation, test, tries=8, seed=3,
                          progress=lambda done, tries, point: told.append((done, tries, point)))
    assert [(d, t) for d, t, _p in told] == [(i, 8) for i in range(1, 9)]
    assert [p for *_rest, p in told] == list(found.points) and found.complete
    assert sum(a is test for a in asked) == 1 and sum(a is validation for a in asked) == 8
    values = [p.value.mean for p in found.points]
    assert found.best.value.mean == max(values) > values[0]
    assert found.gain.mean == pytest.approx(max(values) - values[0])
    assert found.points[0].fields == {}
    assert found.points[1].fields == {"weights": suggested_weights(train)}
    model = MODELS["item_neighbours"](**found.chosen.fields).fit(together(train, validation))
    assert found.test == evaluate(model, test, (10,))
    again = find_settings("item_neighbours", train, validation, tries=8, seed=3)
    assert again.points == found.points and again.test is None
    bought = find_settings("popularity", train, validation, tries=1, events=("purchase",),
                           exclude=())
    assert bought.chosen.value.mean == measure(
        MODELS["popularity"]().fit(train), validation, (10,), (), ("purchase",))["ndcg@10"]


def drifting():
    """A shop whose goods change every month: bestsellers of long ago sell no more."""
    rng = np.random.default_rng(4)
    day = np.sort(rng.integers(0, 300, 6000))
    item = day // 30 * 10 + rng.zipf(1.5, 6000) % 10
    return Interactions.from_frame(pd.DataFrame({
        "user": rng.integers(0, 800, 6000), "item": item,
        "ts": pd.Timestamp("2025-01-01") + pd.to_timedelta(day, unit="D")}))


def test_the_standard_setting_stays_unless_the_lead_is_beyond_chance(parts):
    train, validation, test = time_split(drifting())
    found = find_settings("popularity", train, validation, test, tries=12)
    assert found.gain.low > 0 and found.chosen is found.best
    assert found.chosen.fields["window"] < 200
    assert found.test["ndcg@10"] > evaluate(
        MODELS["popularity"]().fit(together(train, validation)), test, (10,))["ndcg@10"]
    few = find_settings("item_neighbours", parts[0], parts[1].where(parts[1].user < 12), tries=12)
    assert few.gain.mean > 0 >= few.gain.low  # somewhat better, on a dozen shoppers
    assert few.chosen is few.points[0] and few.best is not few.chosen


def test_it_stops_when_told_and_leaves_the_test_alone(parts):
    train, validation, test = parts
    left = iter([False, False, True])
    found = find_settings("ease", train, validation, test, tries=30, cancelled=lambda: next(left))
    assert len(found.points) == 3 and not found.complete and found.test is None
    assert found.chosen in found.points


@pytest.mark.parametrize("name", NAMES)
def test_every_point_of_every_model_is_a_setting_it_takes(parts, name):
    train = parts[0]
    made = draws(name, train, {}, 60, 1)
    assert len(made) == 59
    for fields in made:
        MODELS[name](**fields)
        assert fields["weights"]["purchase"] == 1 and max(fields["weights"].values()) == 1
    fixed = {"weights": {"purchase": 1.0}}
    assert all(f["weights"] == fixed["weights"] for f in draws(name, train, fixed, 9, 1))
    timeless = Interactions.from_frame(train.frame().drop(columns="ts"))
    assert not any(f.get("half_life") for f in draws(name, timeless, {}, 30, 1))
    assert all(f.get("scope", "all") == "all" for f in draws(name, timeless, {}, 30, 1))


def test_the_points_cover_the_ranges():
    x = Interactions.from_frame(shop())
    made = draws("item_neighbours", x, {}, 400, 2)[1:]
    k = np.array([f["k"] for f in made])
    assert k.min() < 5 and k.max() > 500 and 20 < np.median(k) < 60  # by order of magnitude
    shrink = np.array([f["shrink"] for f in made])
    assert 0.4 < (shrink == 0).mean() < 0.6 and shrink.max() > 300
    damping = [f["damping"] for f in made]
    assert min(damping) < 0.2 and max(damping) > 1.8
    assert {f["similarity"] for f in made} == {"general", "jaccard", "pearson", "loglikelihood"}
    assert any(f["half_life"] is None for f in made) and any(f["half_life"] for f in made)


@pytest.mark.parametrize("fields, code", [
    ({"model": "nearest"}, "unknown_name"), ({"tries": 0}, "bad_parameter"),
    ({"metric": "coverage@10"}, "bad_parameter"), ({"metric": "ndcg"}, "bad_parameter"),
    ({"fixed": {"size": 3}}, "unknown_name"),
])
def test_an_impossible_search_has_a_code(parts, fields, code):
    asked = {"model": "item_neighbours", "train": parts[0], "validation": parts[1]} | fields
    with pytest.raises(OmniError) as caught:
        find_settings(**asked)
    assert caught.value.code == code
    if code == "bad_parameter":
        empty = Interactions.from_frame(pd.DataFrame({"user": [], "item": []}))
        with pytest.raises(OmniError) as caught:
            find_settings("popularity", parts[0], empty)
        assert caught.value.code == "not_enough_data"
