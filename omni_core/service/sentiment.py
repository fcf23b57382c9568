"""How content reviews are, by product and month, with the sentences behind each figure.

With enough of her own stars the model learns from them: characters (1-3) by TF-IDF and logistic
regression. Before that it starts from a small set of written sentences. It says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from omni_core.metrics import wilson
from omni_core.sample import SOURCE, NoSample
from omni_core.service import encoder
from omni_core.service.normal_form import normalise

POSITIVE, NEGATIVE = "positive", "negative"
ENOUGH, ENOUGH_EACH = 200, 40  # reviews with a clear star, and of the rarer kind
_GOOD, _BAD = 4.0, 2.0  # stars from which, and up to which, a review is clearly one or the other
_UNSURE = 0.15  # within this of one half a review is called mixed
_FOLDS = 5
_MOST_ENCODED = 5_000  # above it reviews are read by their characters: seconds, not minutes


@dataclass(frozen=True)
class Mood:
    """A model that tells content from discontent.

    ``source``: "own" (her stars) or "written" (the shipped sentences); ``learnt``: how many;
    ``accuracy`` with its range: on reviews it had not seen, by her stars (NaN where there are
    none with a clear star); ``judged``: on how many.
    """

    source: str
    learnt: int
    accuracy: float
    low: float
    high: float
    judged: int
    baseline: float
    _vectorizer: Any = field(repr=False, default=None)
    _model: Any = field(repr=False, default=None)
    _held_out: dict[str, float] = field(repr=False, default_factory=dict)

    def positive(self, texts: Sequence[str]) -> np.ndarray:
        """Return the probability that each text is content, shape (n,).

        A review that it learnt from is read by a model that had not seen it: else its own stars
        would speak for it, and stars that contradict their words could not be found.
        """
        if not len(texts):
            return np.zeros(0)
        clean = [normalise(t) for t in texts]
        p = self._model.predict_proba(_features(self._vectorizer, clean))[:, 1]
        return np.array([self._held_out.get(t, q) for t, q in zip(clean, p, strict=True)])


def learn(reviews: pd.DataFrame) -> Mood:
    """Return the model for reviews (columns text, stars); her stars teach it if there are enough.

    Raises ``NoSample`` when they are not and the shipped sentences are missing.
    """
    clear = reviews[(reviews["stars"] >= _GOOD) | (reviews["stars"] <= _BAD)]
    y = (clear["stars"] >= _GOOD).to_numpy()
    baseline = max(y.mean(), 1 - y.mean()) if len(y) else float("nan")
    if len(y) >= ENOUGH and min(y.sum(), (~y).sum()) >= ENOUGH_EACH:
        clean = [normalise(t) for t in clear["text"]]
        p = _held_out(clean, y)
        right = int(((p >= 0.5) == y).sum())
        low, high = wilson(right, len(y))
        vectorizer, model = _fit(clean, y, dense=False)
        seen = dict(zip(clean, map(float, p), strict=True))
        return Mood("own", len(y), right / len(y), low, high, len(y), baseline, vectorizer, model,
                    seen)
    path = SOURCE / "moods.csv"
    if not path.is_file():
        raise NoSample(str(SOURCE))
    written = pd.read_csv(path, dtype=str)
    vectorizer, model = _fit([normalise(t) for t in written["text"]],
                             (written["mood"] == POSITIVE).to_numpy(),
                             dense=encoder.available() and len(reviews) <= _MOST_ENCODED)
    mood = Mood("written", len(written), float("nan"), float("nan"), float("nan"), len(y), baseline,
                vectorizer, model)
    if not len(y):
        return mood
    right = int(((mood.positive(clear["text"].tolist()) >= 0.5) == y).sum())
    low, high = wilson(right, len(y))
    return replace(mood, accuracy=right / len(y), low=low, high=high)


def _features(vectorizer: Any, clean: Sequence[str]) -> Any:
    return encoder.encode(clean) if vectorizer is None else vectorizer.transform(clean)


def _fit(clean: Sequence[str], y: np.ndarray, dense: bool) -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    vectorizer = None if dense else TfidfVectorizer(
        analyzer="char", ngram_range=(1, 3), sublinear_tf=True, lowercase=False)
    features = encoder.encode(clean) if vectorizer is None else vectorizer.fit_transform(clean)
    with threadpool_limits(1):
        model = LogisticRegression(
            C=10.0, max_iter=300, class_weight="balanced").fit(features, y)
    return vectorizer, model


def _held_out(clean: Sequence[str], y: np.ndarray) -> np.ndarray:
    """Return each text's probability by a model that has seen neither it nor a copy of it."""
    forms = np.unique(clean, return_inverse=True)[1]
    fold = np.random.default_rng(0).permutation(forms.max() + 1)[forms] % _FOLDS
    said = np.full(len(y), 0.5)
    for k in range(_FOLDS):
        train, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if len(held) and len(set(y[train])) == 2:
            vectorizer, model = _fit([clean[int(i)] for i in train], y[train], dense=False)
            found = model.predict_proba(_features(vectorizer, [clean[int(i)] for i in held]))
            said[held] = found[:, 1]
    return said


def read(mood: Mood, reviews: pd.DataFrame) -> pd.DataFrame:
    """Return reviews with ``positive`` (a probability) and ``mood``: positive, negative or mixed.

    ``contradicts`` marks those whose stars say clearly otherwise than their words.
    """
    p = mood.positive(reviews["text"].tolist())
    said = np.where(p >= 0.5 + _UNSURE, POSITIVE, np.where(p <= 0.5 - _UNSURE, NEGATIVE, "mixed"))
    stars = reviews["stars"].to_numpy(dtype=float)
    against = ((said == POSITIVE) & (stars <= _BAD)) | ((said == NEGATIVE) & (stars >= _GOOD))
    return reviews.assign(positive=p, mood=said, contradicts=against)


def summarise(read_reviews: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return one row per value of ``by`` ("item" or "month"): reviews, content, low, high, ...

    Columns: by, reviews, positive, negative, mixed (numbers), content (share of positive among
    all) with its range low and high, stars (mean). Months in order, products by reviews.
    """
    rows = []
    for value, part in read_reviews.groupby(by, sort=True, dropna=True):
        n, k = len(part), int((part["mood"] == POSITIVE).sum())
        low, high = wilson(k, n)
        rows.append((value, n, k, int((part["mood"] == NEGATIVE).sum()),
                     int((part["mood"] == "mixed").sum()), k / n, low, high,
                     float(part["stars"].mean())))
    table = pd.DataFrame(rows, columns=[by, "reviews", "positive", "negative", "mixed", "content",
                                        "low", "high", "stars"])
    if by == "month":
        return table
    return table.sort_values(["reviews", by], ascending=[False, True], ignore_index=True)


def behind(
    read_reviews: pd.DataFrame, item: str | None = None, month: str | None = None,
    kind: str = "all",
) -> pd.DataFrame:
    """Return the reviews behind a figure, the clearest first.

    ``month`` as "2026-03"; ``kind``: "all", a mood, or "contradicts".
    """
    part = read_reviews
    if item is not None:
        part = part[part["item"].astype(str) == item]
    if month is not None:
        part = part[part["month"].astype(str).str[:7] == month]
    if kind == "contradicts":
        part = part[part["contradicts"]]
    elif kind != "all":
        part = part[part["mood"] == kind]
    return part.sort_values("positive", ascending=kind != POSITIVE, kind="stable",
                            ignore_index=True)
