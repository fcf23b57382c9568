"""The formula against a dense computation that shares no code with it, and known answers."""

import numpy as np
import pandas as pd
import pytest

from omni_core.recommend import MODELS, Interactions, evaluate, time_split
from tests.core.recommend_frames import shop

WEIGHTS = {"purchase": 1.0, "cart": 0.5, "view": 0.2}


def dense_weights(x, weights=WEIGHTS, half_life=None):
    w = np.zeros(x.shape)
    frame = x.frame().groupby(["user", "item", "event"], as_index=False)["ts"].max()
    for row in frame.itertuples():
        age = (x.ts.max() - np.datetime64(row.ts)) / np.timedelta64(1, "D")
        fade = 1.0 if half_life is None else 2 ** (-age / half_life)
        w[x.users.get_loc(row.user), x.items.get_loc(row.item)] += weights.get(row.event, 0) * fade
    return w


def dense_similarity(w, a, p, t, b, shrink, m):
    v = w * np.maximum((w > 0).sum(1), 1)[:, None] ** (-a / 2)
    q = (v**2).sum(0)
    n = (w > 0).sum(0)
    common = (w > 0).T.astype(float) @ (w > 0)
    s = (v.T @ v) / (np.outer(q**p, q**t) * (n + 1.0)[None, :] ** b + shrink)
    s[common < m] = 0
    np.fill_diagonal(s, 0)
    return s


def keep_best(s, k):
    for row in s:
        row[np.argsort(-row, kind="stable")[k:]] = 0
    return s


@pytest.mark.parametrize("a, p, t, b, shrink, m, k, half_life", [
    (0.0, 0.5, 0.5, 0.0, 0.0, 1, 40, None),  # cosine
    (0.0, 1.0, 0.0, 0.0, 0.0, 1, 40, None),  # conditional probability
    (1.0, 0.8, 0.2, 0.0, 0.0, 2, 7, None),
    (1.5, 0.6, 0.3, 0.4, 3.0, 3, 9, 45.0),
])
def test_scores_and_metrics_equal_brute_force(a, p, t, b, shrink, m, k, half_life):
    train, _, test = time_split(Interactions.from_frame(shop(3000, 80, 40)), test=0.2)
    model = MODELS["item_neighbours"](
        damping=a, norm_from=p, norm_to=t, popularity=b, shrink=shrink, min_common=m, k=k,
        half_life=half_life, weights=WEIGHTS,
    ).fit(train)
    s = keep_best(dense_similarity(dense_weights(train), a, p, t, b, shrink, m), k)
    scores = dense_weights(train, half_life=half_life) @ s
    got = model.recommend(train.users, n=len(train.items), exclude=())
    pivot = got.pivot(index="user", columns="item", values="score")
    mine = pivot.reindex(index=train.users, columns=train.items).to_numpy()
    np.testing.assert_allclose(mine, scores, rtol=1e-5, atol=1e-12)

    frame, past = test.frame(), train.frame()
    bought = past[past.event == "purchase"].groupby("user")["item"].agg(set)
    hits, gains, recall = [], [], []
    lists = model.recommend(test.users, n=20).groupby("user")["item"].agg(list)
    for user, items in frame.groupby("user")["item"]:
        relevant = set(items) - bought.get(user, set())
        if not relevant:
            continue
        found = [i in relevant for i in lists[user]]
        hits.append(any(found[:10]))
        ideal = sum(1 / np.log2(r + 2) for r in range(min(10, len(relevant))))
        gains.append(sum(f / np.log2(r + 2) for r, f in enumerate(found[:10])) / ideal)
        recall.append(sum(found[:20]) / len(relevant))
    measured = evaluate(model, test)
    assert measured["users"] == len(hits)
    assert measured["hit_rate@10"] == pytest.approx(np.mean(hits), abs=1e-12)
    assert measured["ndcg@10"] == pytest.approx(np.mean(gains), abs=1e-12)
    assert measured["recall@20"] == pytest.approx(np.mean(recall), abs=1e-12)
    top = [i for items in lists for i in items[:10]]
    assert measured["coverage@10"] == pytest.approx(len(set(top)) / len(train.items))
    share = past.groupby("item")["user"].nunique() / len(train.users)
    known = [lists[u][:10] for u in measured.shoppers]
    expected = np.mean([-np.log2(share[i]) for items in known for i in items])
    assert measured["novelty@10"] == pytest.approx(expected)


def as_weights(*vectors):
    """Make shoppers' numbers out of event weights: one kind of event per number."""
    rows = [
        (f"u{u}", f"item{i}", f"is{value}")
        for i, vector in enumerate(vectors) for u, value in enumerate(vector) if value
    ]
    x = Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item", "event"]))
    return x, {name: float(name[2:]) for name in x.events}


COSINE = {"damping": 0.0, "norm_from": 0.5, "norm_to": 0.5}


@pytest.mark.parametrize("first, second, right, claimed", [
    ((1, 2, 3, 0, 4), (1, 1, 0, 2, 3), 0.70711, 0.8165),
    ((1, 2, 0), (1, 1, 1), 0.77460, 0.9428),
    ((1, 2, 0), (0, 1, 2), 0.4, None),
    ((1, 2, 0), (2, 0, 1), 0.4, None),
])
def test_cosine_of_the_articles(first, second, right, claimed):
    """Two of the articles' cosines are wrong (a norm of sqrt 19 for sqrt 15); these are right."""
    x, weights = as_weights(first, second)
    got = MODELS["item_neighbours"](weights=weights, **COSINE).fit(x).similar_items("item0")
    assert got["score"][0] == pytest.approx(right, abs=5e-6)
    assert claimed is None or abs(got["score"][0] - claimed) > 0.1


def test_pearson_of_the_articles_changes_its_sign():
    """An article gives +.23 for (4,3,2,5,4), (5,4,3,2,3) (its mean of the first is wrong): -.23077.

    A pair that disagrees is nobody's neighbour, so the mirrored pair shows the value.
    """
    def alike(second):
        x, weights = as_weights((4, 3, 2, 5, 4), second)
        model = MODELS["item_neighbours"](weights=weights, similarity="pearson")
        return model.fit(x).similar_items("item0")

    assert not len(alike((5, 4, 3, 2, 3)))
    got = alike(tuple(7 - v for v in (5, 4, 3, 2, 3)))
    assert got["score"][0] == pytest.approx(0.23077, abs=5e-6)


def test_overlap_of_the_articles_is_a_third():
    """[1,2,0,3,0] and [0,1,2,0,3] share one item of three and three: overlap 1/3, not .5.

    As conditional probability the formula gives that third; Jaccard gives one of five.
    """
    x, _ = as_weights((1, 2, 0, 3, 0), (0, 1, 2, 0, 3))
    ones = dict.fromkeys(x.events, 1.0)
    share = {"damping": 0.0, "norm_from": 1.0, "norm_to": 0.0}
    got = MODELS["item_neighbours"](weights=ones, **share).fit(x).similar_items("item0")
    assert got["score"][0] == pytest.approx(1 / 3)
    jaccard = MODELS["item_neighbours"](weights=ones, similarity="jaccard")
    got = jaccard.fit(x).similar_items("item0")
    assert got["score"][0] == pytest.approx(1 / 5)


def test_loglikelihood_of_a_table_done_by_hand():
    """Shoppers 10 with both, 5 and 5 with one, 80 with neither: Dunning's G2 by its definition."""
    rows = [(u, "a") for u in range(15)] + [(u, "b") for u in range(10)]
    rows += [(u, "b") for u in range(15, 20)] + [(u, "c") for u in range(20, 100)]
    x = Interactions.from_frame(pd.DataFrame(rows, columns=["user", "item"]))
    table = np.array([[10, 5], [5, 80]])
    expected = table.sum(1, keepdims=True) @ table.sum(0, keepdims=True) / table.sum()
    g2 = 2 * (table * np.log(table / expected)).sum()
    got = MODELS["item_neighbours"](similarity="loglikelihood").fit(x).similar_items("a")
    assert got["item"].tolist() == ["b"]
    assert got["score"][0] == pytest.approx(g2)
