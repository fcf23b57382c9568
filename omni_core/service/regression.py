"""What a retraining changed: the sentences that flipped, those that broke first, and per intent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from omni_core.service.classifier import IntentClassifier
from omni_core.service.normal_form import normalise

KINDS = ("broken", "mended", "moved", "unjudged")


@dataclass(frozen=True)
class Regression:
    """``flips``: kind, text, truth ("" unknown), before, after, p_before, p_after, seen.

    kind: "broken" (was right, is wrong), "mended", "moved" (wrong before and after), "unjudged"
    (nobody has said what is right). ``seen``: the new training set holds the sentence.
    ``by_intent``: intent, messages, before, after (numbers right).
    """

    flips: pd.DataFrame
    by_intent: pd.DataFrame

    def count(self, kind: str) -> int:
        """Return how many sentences flipped in one way."""
        return int((self.flips["kind"] == kind).sum())


def compare(
    old: IntentClassifier, new: IntentClassifier, judged: pd.DataFrame,
    unlabelled: Sequence[str] = (),
) -> Regression:
    """Return what changed from one training to the next.

    ``judged``: sentences with their right intent (text, intent): the test sentences, and those of
    the old training set. The engine alone is asked about sentences that were learnt: their exact
    match would hide what happened around them. ``unlabelled``: messages seen by the bot. Raises
    ``NotFitted``.
    """
    frame = pd.concat([
        judged[["text", "intent"]].astype(str),
        pd.DataFrame({"text": list(unlabelled), "intent": ""}, dtype=object),
    ], ignore_index=True).drop_duplicates(["text", "intent"], ignore_index=True)
    texts = frame["text"].tolist()
    clean = [normalise(t) for t in texts]
    answers = []
    for clf in (old, new):
        p = clf.engine_proba(clean)
        best = p.argmax(axis=1) if len(p) else np.array([], dtype=int)
        answers.append((clf.classes_[best], p[np.arange(len(p)), best]))
    (before, p_before), (after, p_after) = answers
    table = frame.assign(before=before, after=after, p_before=p_before, p_after=p_after)
    learnt = {normalise(t) for t in new.sentences_}
    table["seen"] = [c in learnt for c in clean]
    table["kind"] = [_kind(*row) for row in zip(
        table["intent"], table["before"], table["after"], strict=True)]
    known = table[table["intent"] != ""]
    flips = table[table["before"] != table["after"]].copy()
    flips["order"] = [KINDS.index(k) for k in flips["kind"]]
    flips = flips.sort_values(["order", "p_after"], ascending=[True, False], kind="stable")
    flips = flips.rename(columns={"intent": "truth"})
    return Regression(
        flips[["kind", "text", "truth", "before", "after", "p_before", "p_after", "seen"]]
        .reset_index(drop=True),
        _by_intent(known))


def _kind(truth: str, before: str, after: str) -> str:
    if not truth:
        return "unjudged"
    if before == truth:
        return "broken"
    return "mended" if after == truth else "moved"


def _by_intent(known: pd.DataFrame) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    for intent, part in known.groupby("intent", sort=True):
        rows.append((intent, len(part), int((part["before"] == intent).sum()),
                     int((part["after"] == intent).sum())))
    table = pd.DataFrame(rows, columns=["intent", "messages", "before", "after"])
    change = (table["after"] - table["before"]).to_numpy()
    return table.iloc[np.argsort(change, kind="stable")].reset_index(drop=True)
