"""Models with a closed form against dense computations that share no code with them."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omni_core.recommend import MODELS, Interactions
from tests.core.recommend_frames import shop
from tests.core.test_recommend_formula import (
    WEIGHTS,
    dense_similarity,
    dense_weights,
    keep_best,
)
from tests.core.test_recommend_models import needs_extra


def table(model):
    """Users x items scores as ``recommend`` gives them; 0 where an item is only a filler."""
    x = model.train
    got = model.recommend(x.users, n=len(x.items), exclude=())
    pivot = got.pivot(index="user", columns="item", values="score")
    return pivot.reindex(index=x.users, columns=x.items).to_numpy()


def ease(w, l2):
    p = np.linalg.inv(w.T @ w + l2 * np.eye(w.shape[1]))
    b = np.eye(w.shape[1]) - p / np.diag(p)
    return w @ b


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5), st.sampled_from(list(WEIGHTS))),
                min_size=1, max_size=60), st.floats(1, 500))
def test_ease_equals_its_formula(rows, l2):
    x = Interactions.from_frame(
        pd.DataFrame(rows, columns=["user", "item", "event"]).assign(ts=pd.Timestamp("2025-01-01")))
    w = dense_weights(x)
    w /= max(WEIGHTS[event] for event in x.present)
    got = table(MODELS["ease"](weights=WEIGHTS, l2=l2).fit(x))
    np.testing.assert_allclose(got, np.maximum(ease(w, l2), 0), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("a, p, t, b, shrink, m, k, half_life", [
    (0.0, 0.5, 0.5, 0.0, 0.0, 1, 80, None),  # cosine
    (0.0, 1.0, 0.0, 0.0, 0.0, 1, 80, None),  # conditional probability
    (1.2, 0.7, 0.3, 0.4, 2.0, 3, 9, 45.0),
])
def test_user_neighbours_are_the_formula_on_the_transpose(a, p, t, b, shrink, m, k, half_life):
    x = Interactions.from_frame(shop(3000, 80, 40))
    s = keep_best(dense_similarity(dense_weights(x).T, a, p, t, b, shrink, m), k)
    model = MODELS["user_neighbours"](
        weights=WEIGHTS, damping=a, norm_from=p, norm_to=t, popularity=b, shrink=shrink,
        min_common=m, k=k, half_life=half_life).fit(x)
    np.testing.assert_allclose(
        table(model), s @ dense_weights(x, half_life=half_life), rtol=1e-5, atol=1e-12)


def test_content_is_the_cosine_of_tf_idf():
    titles = ["red cup cup", "red kettle", "blue cup", "blue tea", "green tea green", "mat"]
    brands = ["North", None, "North", "South", "South", "South"]
    ids = [f"i{n}" for n in range(6)]
    rows = [(f"u{n % 4}", ids[n % 6]) for n in range(8)] + [("u0", "i3")]
    frame = pd.DataFrame(rows, columns=["user", "item"])
    x = Interactions.from_frame(
        frame, items=pd.DataFrame({"item": ids, "title": titles, "brand": brands}))
    bags = [Counter(t.split() + ([b.upper()] if b else []))
            for t, b in zip(titles, brands, strict=True)]
    words = sorted(set().union(*bags))
    idf = [math.log(7 / (1 + sum(w in bag for bag in bags))) + 1 for w in words]
    v = np.array([[bag[w] * f for w, f in zip(words, idf, strict=True)] for bag in bags])
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    s = v @ v.T
    np.fill_diagonal(s, 0)
    for k in (6, 2):
        kept = keep_best(s.copy(), k)
        w = pd.crosstab(frame["user"], frame["item"]).clip(upper=1).to_numpy(float)
        got = table(MODELS["content"](weights={"purchase": 1.0}, k=k).fit(x))
        np.testing.assert_allclose(got, w @ kept, rtol=1e-9, atol=1e-12)


@needs_extra
def test_als_solves_each_shopper_exactly():
    x = Interactions.from_frame(shop())
    model = MODELS["als"](weights=WEIGHTS, factors=8, l2=0.7, alpha=5.0).fit(x)
    y, w = model._y, dense_weights(x)
    for user, got in zip(w, table(model), strict=True):
        c = np.where(user > 0, 1 + 5.0 * user, 1.0)
        system = y.T @ (c[:, None] * y) + 0.7 * np.eye(8)
        taste = np.linalg.solve(system, y.T @ (c * (user > 0)))
        np.testing.assert_allclose(got, np.maximum(y @ taste, 0), rtol=1e-5, atol=1e-9)


def test_a_hybrid_adds_reciprocal_ranks():
    x = Interactions.from_frame(shop())
    parts = {"ease": 1.0, "user_neighbours": 0.4}
    expected = np.zeros(x.shape)
    for name, weight in parts.items():
        scores = table(MODELS[name]().fit(x))
        rank = np.argsort(np.argsort(-scores, axis=1, kind="stable"), axis=1) + 1
        expected += np.where(scores > 0, weight / (20 + rank), 0)
    got = table(MODELS["hybrid"](parts=parts).fit(x))
    np.testing.assert_allclose(got, expected, rtol=1e-12)
