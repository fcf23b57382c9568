"""The engines: each turns texts into scores per intent, and tells which sentences are alike.

``represent`` and ``features`` don't know the labels and are done once per text; ``learn`` is
repeated for each fold of a cross-validation. Scores are whatever the engine finds natural;
``calibration`` makes them probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core.service import encoder
from omni_core.service.intents import LABEL_PHRASES, OUT_OF_SCOPE
from omni_core.service.nearest import Nearest
from omni_core.service.words import words

Array = np.ndarray[Any, Any]
Progress = Callable[[float], None] | None
# Below about this many examples per intent n-grams only add noise to the sentence vectors.
_EXAMPLES_FOR_NGRAMS = 8
_NGRAM_WEIGHT = 0.7
# From so many texts on the vectors are taken along their strongest directions only, and the planes
# see the strongest half of these: half the time to learn, and no difference in what is right that
# could be told from chance.
_MANY, _DIRECTIONS, _FOR_PLANES = 1000, 256, 128
# What the likeness to an intent's nearest sentence weighs beside the distance to its plane. A plane
# goes on for ever; only nearness tells that a message is like nothing the bot has learnt. Of few
# sentences the nearest is often near by chance.
_NEAREST_WEIGHT, _NEAREST_WHEN_FEW = 4.0, 2.0


@dataclass(frozen=True, slots=True)
class Texts:
    """Normalised, masked texts and, for the semantic engine, their vectors (n, 512)."""

    texts: list[str]
    vectors: Array | None = None


def _word_ngrams() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        tokenizer=words, token_pattern=None, lowercase=False, ngram_range=(1, 2), sublinear_tf=True
    )


def _character_ngrams() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        analyzer="char_wb", lowercase=False, ngram_range=(1, 5), sublinear_tf=True
    )


def _linear_svc(rows: int) -> Any:
    from sklearn.svm import LinearSVC

    # with many rows a coarse solution gave the same answers in half the time; with few it did not
    return LinearSVC(C=1.0, tol=0.3 if rows >= _MANY else 0.01, random_state=0)


def _columns(scores: Array) -> Array:
    """Return one column per class also where scikit-learn gives a single one for two classes."""
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


def _forget(features: Any, held: Array, blocks: Sequence[tuple[int, float]]) -> Any:
    """Return the held rows without n-grams that no other row has, each block at its length again.

    A new message is weighed by the n-grams that are known; without this the held-out rows would
    look less sure than it does, and the temperature would come out wrong. ``blocks``: width and
    length of each run of columns, length 0 for one that stays as it is.
    """
    from scipy import sparse
    from sklearn.preprocessing import normalize

    rows, parts, start = features[held], [], 0
    known = np.asarray(features.getnnz(axis=0) > rows.getnnz(axis=0), dtype=float)
    for width, length in blocks:
        part = rows[:, start : start + width]
        if length:
            part = length * normalize(part @ sparse.diags(known[start : start + width]))
        parts.append(part)
        start += width
    return sparse.hstack(parts, format="csr")


def _side_by_side(dense: Array, weight: float, beside: Any) -> Any:
    """Return [dense | weight * beside] as one sparse matrix, without the copies of stacking."""
    from scipy import sparse

    rows, width = dense.shape
    widths = np.column_stack([np.full(rows, width), np.diff(beside.indptr)]).ravel()
    ours = np.repeat(np.tile([True, False], rows), widths)
    data, columns = np.empty(len(ours)), np.empty(len(ours), dtype=np.int32)
    data[ours], columns[ours] = dense.ravel(), np.tile(np.arange(width, dtype=np.int32), rows)
    data[~ours], columns[~ours] = weight * beside.data, beside.indices + width
    return sparse.csr_matrix((data, columns, beside.indptr + width * np.arange(rows + 1)),
                             shape=(rows, width + beside.shape[1]))


@dataclass(frozen=True, slots=True)
class _Features:
    """Texts as the semantic engine weighs them: their vectors, and what the planes see."""

    dense: Array
    seen: Any

    def __getitem__(self, rows: Array) -> _Features:
        return _Features(self.dense[rows], self.seen[rows])


class Engine:
    """What all engines share: represent, learn features, learn a model over them, score."""

    name = ""
    _prepared: tuple[Texts, Any] | None = None  # the training sentences' features, cut once

    def done(self) -> None:
        """Forget what was kept for the training only."""
        self._prepared = None

    def held_out(self, features: Any, held: Array) -> Any:
        """Return the held rows as ``features`` would give them, had it seen the others only."""
        return features[held]

    def represent(self, texts: Sequence[str], progress: Progress = None) -> Texts:
        """Return the texts as the engine takes them."""
        return Texts(list(texts))

    def prepare(self, x: Texts, labels: Sequence[str]) -> None:
        """Learn the features (never from which label a text has)."""
        raise NotImplementedError

    def features(self, x: Texts) -> Any:
        """Return the features of texts, a matrix of n rows."""
        raise NotImplementedError

    def learn(self, features: Any, y: Array) -> None:
        """Learn to tell the classes apart; ``y`` indexes the labels."""
        raise NotImplementedError

    def score(self, features: Any) -> Array:
        """Return a score per class, shape (n, classes)."""
        raise NotImplementedError

    def remember(self, features: Any) -> None:
        """Keep what ``likeness`` compares with."""

    def likeness(self, x: Texts) -> Array:
        """Return how like one text is to each sentence learnt from, at most 1, shape (n,)."""
        raise NotImplementedError


class Tfidf(Engine):
    """Words (1-2) and characters (1-5) by TF-IDF, a linear support vector machine on top."""

    name = "tfidf"

    def prepare(self, x: Texts, labels: Sequence[str]) -> None:
        """Learn which n-grams there are and how rare each is."""
        from scipy import sparse

        self._ngrams: tuple[Any, ...] = (_word_ngrams(), _character_ngrams())
        parts = [part.fit_transform(x.texts) for part in self._ngrams]
        self._prepared = x, sparse.hstack(parts, format="csr")

    def features(self, x: Texts) -> Any:
        """Return the TF-IDF weights, sparse."""
        from scipy import sparse

        if self._prepared is not None and x is self._prepared[0]:
            return self._prepared[1]
        return sparse.hstack([part.transform(x.texts) for part in self._ngrams], format="csr")

    def held_out(self, features: Any, held: Array) -> Any:
        """Return the held rows without what only they have."""
        blocks = [(len(part.vocabulary_), 1.0) for part in self._ngrams]
        return _forget(features, held, blocks)

    def learn(self, features: Any, y: Array) -> None:
        """Learn one separating plane per class."""
        self._model = _linear_svc(features.shape[0]).fit(features, y)

    def score(self, features: Any) -> Array:
        """Return the distance to each class's plane."""
        return _columns(self._model.decision_function(features))

    def remember(self, features: Any) -> None:
        """Keep the features, rows of length 1 (zero when nothing is known)."""
        from sklearn.preprocessing import normalize

        self._learnt = normalize(features)

    def likeness(self, x: Texts) -> Array:
        """Return the cosine with each sentence's features."""
        from sklearn.preprocessing import normalize

        return np.asarray((self._learnt @ normalize(self.features(x)).T).todense()).ravel()


class Bayes(Tfidf):
    """Multinomial naive Bayes over the same features (the articles' classifier)."""

    name = "bayes"

    def learn(self, features: Any, y: Array) -> None:
        """Count."""
        from sklearn.naive_bayes import MultinomialNB

        self._model = MultinomialNB(alpha=0.1).fit(features, y)

    def score(self, features: Any) -> Array:
        """Return log prior plus log likelihood per class."""
        return np.asarray(self._model.predict_joint_log_proba(features))


class LabelCosine(Tfidf):
    """Cosine between a message and a phrase that names each intent: the articles' baseline.

    The articles compare with unsegmented Chinese labels, where every similarity is exactly 0 and
    the answer is the tie-break; here the phrases are segmented. It learns nothing from sentences.
    """

    name = "label_cosine"

    def prepare(self, x: Texts, labels: Sequence[str]) -> None:
        """Weigh the words of the label phrases; sentences are not used."""
        phrases = [
            LABEL_PHRASES.get(i, "" if i == OUT_OF_SCOPE else i.replace("_", " ")) for i in labels
        ]
        self._ngrams = (_word_ngrams().set_params(ngram_range=(1, 1)).fit(phrases),)
        self._labels = self.features(Texts(phrases))

    def held_out(self, features: Any, held: Array) -> Any:
        """Return the held rows: nothing was learnt from any of them."""
        return features[held]

    def learn(self, features: Any, y: Array) -> None:
        """Learn nothing."""

    def score(self, features: Any) -> Array:
        """Return the cosine with each label phrase."""
        return np.asarray((features @ self._labels.T).todense())


def _vectors(x: Texts) -> Array:
    assert x.vectors is not None  # Semantic.represent makes them
    return x.vectors


class Semantic(Engine):
    """Sentence vectors and character TF-IDF under a linear support vector machine, and nearness."""

    name = "semantic"

    def represent(self, texts: Sequence[str], progress: Progress = None) -> Texts:
        """Encode the texts, the dear part."""
        return Texts(list(texts), encoder.encode(texts, progress))

    def prepare(self, x: Texts, labels: Sequence[str]) -> None:
        """Learn the n-grams, unless examples are few, and the directions of the vectors."""
        vectors = _vectors(x)
        self._directions: Array | None = None
        if len(x.texts) >= _MANY:
            self._directions = np.linalg.eigh(vectors.T @ vectors)[1][:, -_DIRECTIONS:]
        enough = len(x.texts) >= _EXAMPLES_FOR_NGRAMS * len(labels)
        self._ngrams = _character_ngrams() if enough else None
        if self._ngrams is not None and len(x.texts) >= _MANY:
            self._ngrams.set_params(min_df=2)  # what one text alone has can't be told from chance
        if self._ngrams is not None:
            self._prepared = x, self._beside(x, self._ngrams.fit_transform(x.texts))

    def features(self, x: Texts) -> Any:
        """Return the vectors, and beside their strongest directions the weighted n-grams."""
        if self._prepared is not None and x is self._prepared[0]:
            return self._prepared[1]
        if self._ngrams is None:
            dense = self._dense(x)
            return _Features(dense, dense)
        return self._beside(x, self._ngrams.transform(x.texts))

    def _dense(self, x: Texts) -> Array:
        vectors = _vectors(x)
        return vectors if self._directions is None else vectors @ self._directions

    def _beside(self, x: Texts, ngrams: Any) -> _Features:
        dense = self._dense(x)
        strongest = dense if self._directions is None else dense[:, -_FOR_PLANES:]
        return _Features(dense, _side_by_side(strongest, _NGRAM_WEIGHT, ngrams))

    def held_out(self, features: Any, held: Array) -> Any:
        """Return the held rows without n-grams that only they have."""
        if self._ngrams is None:
            return features[held]
        width = len(self._ngrams.vocabulary_)
        blocks = [(features.seen.shape[1] - width, 0.0), (width, _NGRAM_WEIGHT)]
        return _Features(features.dense[held], _forget(features.seen, held, blocks))

    def learn(self, features: Any, y: Array) -> None:
        """Learn one separating plane per class, and where its sentences lie."""
        self._model = _linear_svc(len(y)).fit(features.seen, y)
        self._nearest = Nearest(features.dense, y)

    def score(self, features: Any) -> Array:
        """Return the distance to each class's plane and the likeness to its nearest sentence."""
        planes = _columns(self._model.decision_function(features.seen))
        weight = _NEAREST_WHEN_FEW if self._ngrams is None else _NEAREST_WEIGHT
        return np.asarray(planes + weight * self._nearest.score(features.dense))

    def likeness(self, x: Texts) -> Array:
        """Return the cosine with each sentence's vector, along the directions kept."""
        return self._nearest.likeness(self._dense(x))


ENGINES: dict[str, type[Engine]] = {e.name: e for e in (Semantic, Tfidf, Bayes, LabelCosine)}
