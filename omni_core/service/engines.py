"""The engines: each turns texts into scores per intent, and into vectors that can be compared.

``represent`` learns nothing and is done once per text; ``fit`` learns from a selection of it, so
that folds of a cross-validation share the dear part. Scores are whatever the engine finds
natural; ``calibration`` makes them probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core.service import encoder
from omni_core.service.intents import LABEL_PHRASES
from omni_core.service.words import words

Array = np.ndarray[Any, Any]
Progress = Callable[[float], None] | None
# Below about this many examples per intent n-grams only add noise to the sentence vectors.
_EXAMPLES_FOR_NGRAMS = 8


@dataclass(frozen=True, slots=True)
class Texts:
    """Normalised, masked texts and, for the semantic engine, their vectors (n, 512)."""

    texts: list[str]
    vectors: Array | None = None

    def take(self, rows: Array) -> Texts:
        """Return the rows chosen, in the order given."""
        vectors = None if self.vectors is None else self.vectors[rows]
        return Texts([self.texts[i] for i in rows], vectors)


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


def _linear_svc() -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1.0, tol=1e-2, random_state=0)  # finer tolerances gave the same answers


def _columns(scores: Array) -> Array:
    """Return one column per class also where scikit-learn gives a single one for two classes."""
    return np.column_stack([-scores, scores]) if scores.ndim == 1 else scores


class Tfidf:
    """Words (1-2) and characters (1-5) by TF-IDF, a linear support vector machine on top."""

    name = "tfidf"
    learns = True

    def represent(self, texts: Sequence[str], progress: Progress = None) -> Texts:
        """Keep the texts: there is nothing dear to prepare."""
        return Texts(list(texts))

    def _learn_features(self, x: Texts) -> Any:
        self._ngrams: tuple[Any, ...] = (
            _word_ngrams().fit(x.texts), _character_ngrams().fit(x.texts)
        )
        return self._features(x)

    def _features(self, x: Texts) -> Any:
        from scipy import sparse

        return sparse.hstack([part.transform(x.texts) for part in self._ngrams], format="csr")

    def fit(self, x: Texts, y: Array, labels: Sequence[str]) -> None:
        """Learn features and one separating plane per class; ``y`` indexes ``labels``."""
        self._model = _linear_svc().fit(self._learn_features(x), y)

    def vectors(self, x: Texts) -> Any:
        """Return the features of texts, rows of length 1 (zero when nothing is known)."""
        from sklearn.preprocessing import normalize

        return normalize(self._features(x))

    def scores(self, x: Texts) -> Array:
        """Return the distance of each text to each class's plane, shape (n, classes)."""
        return _columns(self._model.decision_function(self._features(x)))


class Semantic:
    """Sentence vectors, beside them character TF-IDF, a linear support vector machine on top."""

    name = "semantic"
    learns = True

    def represent(self, texts: Sequence[str], progress: Progress = None) -> Texts:
        """Encode the texts, the dear part."""
        return Texts(list(texts), encoder.encode(texts, progress))

    def _stack(self, x: Texts, ngrams: Any) -> Any:
        from scipy import sparse

        dense = sparse.csr_matrix(x.vectors)
        return sparse.hstack([dense, self._weight * ngrams], format="csr")

    def fit(self, x: Texts, y: Array, labels: Sequence[str]) -> None:
        """Learn the n-grams, unless examples are few, and one plane per class."""
        self._weight = 0.5 if len(y) >= _EXAMPLES_FOR_NGRAMS * len(labels) else 0.0
        if self._weight:
            self._ngrams = _character_ngrams()
            features = self._stack(x, self._ngrams.fit_transform(x.texts))
        else:
            features = x.vectors
        self._model = _linear_svc().fit(features, y)

    def vectors(self, x: Texts) -> Any:
        """Return the sentence vectors, rows of length 1."""
        return x.vectors

    def scores(self, x: Texts) -> Array:
        """Return the distance of each text to each class's plane, shape (n, classes)."""
        features = self._stack(x, self._ngrams.transform(x.texts)) if self._weight else x.vectors
        return _columns(self._model.decision_function(features))


class Bayes(Tfidf):
    """Multinomial naive Bayes over word and character counts (the articles' classifier)."""

    name = "bayes"

    def fit(self, x: Texts, y: Array, labels: Sequence[str]) -> None:
        """Count; ``y`` indexes ``labels``."""
        from sklearn.naive_bayes import MultinomialNB

        self._model = MultinomialNB(alpha=0.1).fit(self._learn_features(x), y)

    def scores(self, x: Texts) -> Array:
        """Return log prior plus log likelihood per class, shape (n, classes)."""
        return np.asarray(self._model.predict_joint_log_proba(self._features(x)))


class LabelCosine(Tfidf):
    """Cosine between a message and a phrase that names each intent: the articles' baseline.

    The articles compare with unsegmented Chinese labels, where every similarity is exactly 0 and
    the answer is the tie-break; here the phrases are segmented. It learns nothing from sentences.
    """

    name = "label_cosine"
    learns = False

    def fit(self, x: Texts, y: Array, labels: Sequence[str]) -> None:
        """Weigh the words of the label phrases; sentences are not used."""
        phrases = [LABEL_PHRASES.get(i, "" if i == "out_of_scope" else i.replace("_", " "))
                   for i in labels]
        self._ngrams = (_word_ngrams().set_params(ngram_range=(1, 1)).fit(phrases),)
        self._labels = self._features(Texts(phrases))

    def scores(self, x: Texts) -> Array:
        """Return the cosine of each text with each label phrase, shape (n, classes)."""
        return np.asarray((self.vectors(x) @ self._labels.T).todense())


ENGINES: dict[str, Callable[[], Tfidf | Semantic]] = {
    "semantic": Semantic, "tfidf": Tfidf, "bayes": Bayes, "label_cosine": LabelCosine,
}
