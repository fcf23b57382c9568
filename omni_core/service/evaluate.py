"""How good a classifier is on sentences it has not seen, and what a threshold costs in work.

A *result* is a frame with one row per held-out message: text, language, truth, and the columns of
``decide.summarise``. It is made once per training; thresholds only read it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from omni_core.metrics import wilson
from omni_core.service.answering import Own
from omni_core.service.classifier import IntentClassifier
from omni_core.service.decide import routes, summarise
from omni_core.service.intents import OUT_OF_SCOPE
from omni_core.service.sentences import language_of

_BINS = 10
_STEPS = 21  # thresholds of the curve: 0, 0.05 ... 1


def _result(
    classifier: IntentClassifier, texts: pd.Series, truth: pd.Series, p: np.ndarray
) -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts.to_numpy(), "truth": truth.to_numpy()})
    frame.insert(1, "language", [language_of(t) for t in frame["text"]])
    return pd.concat([frame, summarise(p, classifier.classes_)], axis=1)


def on_sentences(
    classifier: IntentClassifier, sentences: pd.DataFrame,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return the result on sentences (columns text, intent) kept apart from training.

    ``truth`` is "" where nobody said the intent.
    """
    p = classifier.predict_proba(sentences["text"], progress)
    return _result(classifier, sentences["text"], sentences["intent"], p)


def held_out(classifier: IntentClassifier, only: np.ndarray | None = None) -> pd.DataFrame:
    """Return the result on the training sentences by cross-validation.

    Each sentence is judged by an engine fitted without its fold and without any that reads the
    same; the temperature, a single number, is the one of all folds together. ``only``: a mask over
    ``sentences_`` (her own, say).
    """
    rows = classifier.held_out_rows_
    keep = np.ones(len(rows), dtype=bool) if only is None else np.asarray(only)[rows]
    return _result(
        classifier, pd.Series([classifier.sentences_[i] for i in rows[keep]], dtype=object),
        pd.Series([classifier.intents_[i] for i in rows[keep]], dtype=object),
        classifier.held_out_proba_[keep],
    )


def accuracy(result: pd.DataFrame) -> tuple[float, float, float]:
    """Return the share whose likeliest intent is right, and its range (95 in 100, Wilson)."""
    n, right = len(result), int((result["truth"] == result["intent"]).sum())
    return (right / n if n else float("nan"), *wilson(right, n))


def calibration_error(result: pd.DataFrame) -> float:
    """Return the expected calibration error: |right - confidence| over ten bins, by size.

    Source: Guo et al. (2017), "On Calibration of Modern Neural Networks".
    """
    if result.empty:
        return float("nan")
    confidence = result["confidence"].astype(float)
    right = (result["truth"] == result["intent"]).astype(float)
    gaps = (right - confidence).groupby(_bins(result)).sum().abs()
    return float(gaps.sum() / len(result))


def _bins(result: pd.DataFrame) -> pd.Series:
    """Return the number of the bin that each message's confidence is in."""
    return np.minimum((result["confidence"].astype(float) * _BINS).astype(int), _BINS - 1)


def workload(
    result: pd.DataFrame, threshold: float, margin: float, own: Own | None = None
) -> dict[str, float]:
    """Return what a threshold means in work, over the messages of a result.

    Keys: messages; answered, asked, passed (numbers); answered_share; right (of those answered),
    right_share with right_low and right_high; foreign (out of scope), foreign_answered.
    ``own``: her replies by intent; where the bot has no words, nothing is answered.
    """
    route = routes(result, threshold, margin, own)
    answered = route == "answer"
    right = int((answered & (result["truth"] == result["intent"])).sum())
    foreign = result["truth"] == OUT_OF_SCOPE
    n, k = len(result), int(answered.sum())
    low, high = wilson(right, k)
    return {
        "messages": n,
        "answered": k,
        "asked": int((route == "clarify").sum()),
        "passed": int((route == "person").sum()),
        "answered_share": k / n if n else float("nan"),
        "right": right,
        "right_share": right / k if k else float("nan"),
        "right_low": low,
        "right_high": high,
        "foreign": int(foreign.sum()),
        "foreign_answered": int((foreign & answered).sum()),
    }


def silent(result: pd.DataFrame, threshold: float, margin: float, own: Own) -> pd.DataFrame:
    """Return intent, messages: sure enough to be answered, and passed on for want of a reply."""
    sure = routes(result, threshold, margin) == "answer"
    lost = result[sure & (routes(result, threshold, margin, own) != "answer")]
    return lost.groupby("intent").size().sort_values(
        ascending=False, kind="stable").reset_index(name="messages")


def by_language(
    result: pd.DataFrame, threshold: float, margin: float, own: Own | None = None
) -> pd.DataFrame:
    """Return ``workload`` and accuracy for each language and for both, one row each."""
    groups = [("all", result)]
    groups += [(str(code), part) for code, part in result.groupby("language", sort=True)]
    if len(groups) == 2:
        groups = groups[1:]  # one language only: a second line would repeat the first
    rows = []
    for code, part in groups:
        share, low, high = accuracy(part)
        best = {"language": code, "accuracy": share, "accuracy_low": low, "accuracy_high": high}
        rows.append(best | workload(part, threshold, margin, own))
    return pd.DataFrame(rows)


def workload_curve(
    result: pd.DataFrame, margin: float, own: Own | None = None
) -> pd.DataFrame:
    """Return ``workload`` for thresholds from 0 to 1, one row each, with ``threshold``."""
    return pd.DataFrame([
        {"threshold": t, **workload(result, float(t), margin, own)}
        for t in np.linspace(0, 1, _STEPS)
    ])


def errors(
    result: pd.DataFrame, threshold: float, margin: float, own: Own | None = None
) -> pd.DataFrame:
    """Return the messages whose likeliest intent is wrong, the surest mistakes first.

    Columns: text, truth, intent, confidence, route.
    """
    wrong = result[result["truth"] != result["intent"]]
    wrong = wrong.assign(route=routes(wrong, threshold, margin, own))
    wrong = wrong.sort_values("confidence", ascending=False, kind="stable")
    return wrong[["text", "truth", "intent", "confidence", "route"]].reset_index(drop=True)


def on_her_messages(classifier: IntentClassifier, own: pd.DataFrame) -> pd.DataFrame:
    """Return the result on her labelled messages (text, intent), those it learnt from held out.

    A message of the training set is judged by the engine that learnt without its fold.
    """
    place = {(classifier.sentences_[i], classifier.intents_[i]): k
             for k, i in enumerate(classifier.held_out_rows_)}
    p = classifier.predict_proba(own["text"])
    for row, pair in enumerate(zip(own["text"], own["intent"], strict=True)):
        if pair in place:
            p[row] = classifier.held_out_proba_[place[pair]]
    return _result(classifier, own["text"], own["intent"], p)


def suggested(curve: pd.DataFrame, goal: float) -> float | None:
    """Return the lowest threshold of a curve at which ``goal`` of the answers is right, or None."""
    good = curve[(curve["answered"] > 0) & (curve["right_share"] >= goal)]
    return None if good.empty else float(good["threshold"].iloc[0])


def confidence_histogram(result: pd.DataFrame) -> pd.DataFrame:
    """Return confidence (lower edge of a tenth), right, wrong: how sure it was of each."""
    bins, right = _bins(result), result["truth"] == result["intent"]
    return pd.DataFrame({
        "from_confidence": np.arange(_BINS) / _BINS,
        "right_count": [int((right & (bins == b)).sum()) for b in range(_BINS)],
        "wrong_count": [int((~right & (bins == b)).sum()) for b in range(_BINS)],
    })


def confusion(result: pd.DataFrame) -> pd.DataFrame:
    """Return how often each true intent (rows) was taken for each (columns), by id."""
    if result.empty:
        return pd.DataFrame()
    names = sorted({*result["truth"], *result["intent"]})
    table = pd.crosstab(result["truth"], result["intent"])
    return table.reindex(index=names, columns=names, fill_value=0)


def confused_pairs(result: pd.DataFrame, most: int = 30) -> pd.DataFrame:
    """Return truth, intent, messages: which intents are taken for which, most often first."""
    wrong = result[result["truth"] != result["intent"]]
    pairs = wrong.groupby(["truth", "intent"]).size().reset_index(name="messages")
    return pairs.sort_values(["messages", "truth", "intent"], ascending=[False, True, True],
                             ignore_index=True).head(most)


def decided(
    classifier: IntentClassifier, result: pd.DataFrame, own: Own | None = None
) -> pd.DataFrame:
    """Return a result with ``route``: what happens to each message under the classifier's settings.

    The route is the cheap part: another threshold needs no message read anew.
    """
    return result.assign(route=routes(result, classifier.threshold, classifier.margin, own))


def judged(decisions: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of ``decided`` whose right intent is known."""
    return decisions[decisions["truth"] != ""].reset_index(drop=True)
